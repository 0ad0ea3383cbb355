"""Agents: paths below one folder, the only ones that an agent may name. May import `_core`."""

from __future__ import annotations

import os
import stat
from pathlib import Path, PureWindowsPath

from kie._core.errors import ConfigError
from kie._core.file_name_template import RESERVED

_REFUSED = frozenset('<>:"|?*{}\\')
"""What no path of an agent holds: drives and streams of Windows, its separators, and the braces of templates."""


class Outside(ConfigError):
    """A path that leads out of the root, or to what is not a plain file or folder."""

    def __init__(self, text: str, what: str, why: str) -> None:
        super().__init__(
            f"{text!r:.200} cannot be used as a {what}: {why}. Give a relative path below the root, with / between "
            "names and without '..'"
        )


class Root:
    """A folder, and the paths below it. Links are followed first: one that leads out of the folder is refused.

    Args:
        folder: The folder. It has to exist.

    Raises:
        ConfigError: It is not a folder.
    """

    path: Path
    """The folder, without links."""

    def __init__(self, folder: str | os.PathLike[str]) -> None:
        self.path = Path(os.path.realpath(os.path.expanduser(folder)))
        if not self.path.is_dir():
            raise ConfigError(f"the root {self.path} is not a folder: make it, or name another with --root DIR")

    def file(self, text: str) -> Path:
        """Find a file that is to be read.

        Args:
            text: Its path below the root.

        Returns:
            The path, without links.

        Raises:
            Outside: It is not a regular file below the root.
        """
        found = self._below(text, "file")
        try:
            mode = os.stat(found).st_mode
        except (OSError, ValueError):
            raise Outside(text, "file", "there is no such file") from None
        if not stat.S_ISREG(mode):
            raise Outside(text, "file", "it is not a regular file")
        return found

    def folder(self, text: str) -> Path:
        """Find a folder that is to be written to, and make it if need be.

        Args:
            text: Its path below the root; `.` for the root itself.

        Returns:
            The path, without links.

        Raises:
            Outside: It leads out of the root, or something else than a folder is in its place.
        """
        found = self._below(text, "folder")
        try:
            found.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise Outside(text, "folder", f"it cannot be made ({error.strerror})") from None
        return found

    def shown(self, path: Path) -> str:
        """A path as an agent names it.

        Args:
            path: A path below the root.

        Returns:
            The path from the root on, with `/` between names.
        """
        return path.relative_to(self.path).as_posix()

    def _below(self, text: str, what: str) -> Path:
        parts = text.split("/")
        if not text or not text.isprintable():
            raise Outside(text, what, "it is empty or contains characters that cannot be printed")
        if text.startswith(("/", "~")) or PureWindowsPath(text).drive or PureWindowsPath(text).root:
            raise Outside(text, what, "it is absolute")
        if ".." in parts or set(text) & _REFUSED:
            raise Outside(text, what, "it contains '..' or a character that is not allowed here")
        if any(RESERVED.fullmatch(part) for part in parts):
            raise Outside(text, what, "it is a device name")
        found = Path(os.path.realpath(self.path / text))
        if not found.is_relative_to(self.path):
            raise Outside(text, what, "a link in it leads out of the root")
        return found
