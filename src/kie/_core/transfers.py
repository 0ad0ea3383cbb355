"""Core: the progress of uploads and downloads. May import only `_core`."""

from __future__ import annotations

from collections.abc import Callable
from typing import BinaryIO, Literal, TypeAlias

import attrs

STEP = 256 * 1024
"""The number of bytes between two reports on a transfer."""


@attrs.frozen(kw_only=True)
class Transfer:
    """The progress of one upload or download."""

    name: str
    """The name of the file."""
    direction: Literal["upload", "download"]
    """`upload` or `download`."""
    done: int
    """Bytes transferred so far. It decreases if a transfer starts again."""
    total: int | None
    """Size of the whole file in bytes; None if the server does not say."""


OnTransfer: TypeAlias = Callable[[Transfer], object]
Moved: TypeAlias = Callable[[int, int | None], object]
"""Called with the bytes so far and in total."""


class ProgressReporter:
    """Reports on the transfer of one file: on the first piece, after every 256 KB, and on the last piece."""

    def __init__(self, on_transfer: OnTransfer, name: str, direction: Literal["upload", "download"]) -> None:
        self._on_transfer = on_transfer
        self._name = name
        self._direction: Literal["upload", "download"] = direction
        self._last: int | None = None

    def __call__(self, done: int, total: int | None) -> None:
        """Report the progress, if it is time."""
        last = self._last
        if done == last or (last is not None and last < done < last + STEP and done != total):
            return
        self._last = done
        self._on_transfer(Transfer(name=self._name, direction=self._direction, done=done, total=total))


class Counted:
    """A file that reports how far it has been read."""

    def __init__(self, file: BinaryIO, moved: Moved, total: int | None) -> None:
        self._file = file
        self._moved = moved
        self._total = total
        self.seek, self.tell, self.close = file.seek, file.tell, file.close

    def read(self, size: int = -1) -> bytes:
        """Read that many bytes at most."""
        piece = self._file.read(size)
        if piece:
            self._moved(self._file.tell(), self._total)
        return piece
