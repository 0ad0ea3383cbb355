"""Library: where originals lie besides the library's own folder. May import nothing of ours."""

from __future__ import annotations

from pathlib import Path
from typing import BinaryIO, Protocol


class Store(Protocol):
    """Keeps files elsewhere, such as a bucket of S3 or R2. A local folder is built in: it needs no store."""

    def put(self, name: str, path: Path) -> None:
        """Keep the content of a file under a name, completely or not at all.

        The same name always comes with the same content.

        Args:
            name: The name, with `/` between its parts, such as `2026/11/26/abc/original/0.png`.
            path: The file.
        """
        ...

    def open(self, name: str) -> BinaryIO:
        """Open what was kept under a name. Raise `FileNotFoundError` if there is nothing.

        Args:
            name: The name.

        Returns:
            The content, from its beginning.
        """
        ...

    def delete(self, name: str) -> None:
        """Delete what was kept under a name, if there is anything.

        Args:
            name: The name.
        """
        ...
