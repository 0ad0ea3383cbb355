"""IO: bytes of media, which must not change between inspection and each upload. May import `_core`."""

from __future__ import annotations

import io
import os
import stat
from collections.abc import Callable
from typing import Any, BinaryIO, cast

import attrs

from kie._core.errors import MediaRejected
from kie._core.file_names import printable
from kie._core.issues import Issue
from kie._core.safe_text import described


class Unreadable(Exception):
    """Local media cannot be read, for a reason that the user can fix."""


@attrs.frozen(eq=False)
class Content:
    """The bytes of local media. If `cut` is set, there are more than `size`."""

    size: int
    open: Callable[[], BinaryIO]
    cut: bool = False


def reason_of(error: Exception) -> str:
    """Why something could not be read: the system's or our own message, or the type of any other error."""
    if isinstance(error, OSError) and error.strerror:
        return str(error.strerror)
    return str(error) if isinstance(error, Unreadable) else described(error)


def in_memory(data: bytes) -> Content:
    return Content(len(data), lambda: io.BytesIO(data))


def on_disk(path: str | bytes, name: str, start: int = 0) -> Content:
    """The bytes of a regular file, from a position to its end. They are read again for each upload."""
    with _open_regular(path) as file:
        stamp = _stamp(file)
    size = max(0, stamp[2] - start)

    def changed() -> MediaRejected:
        shown = name or printable(os.fsdecode(path))
        return MediaRejected(
            "upload", [Issue("media", "media", f"{shown}: it changed after it was checked; try again")]
        )

    def opened() -> BinaryIO:
        try:
            file = _open_regular(path)
        except (Unreadable, FileNotFoundError, NotADirectoryError):
            raise changed() from None
        if _stamp(file) != stamp:
            file.close()
            raise changed()

        def read(position: int, count: int) -> bytes:
            file.seek(start + position)
            piece = file.read(count)
            if len(piece) < count or (position + count == size and _stamp(file) != stamp):
                raise changed()
            return piece

        return cast(BinaryIO, PositionReader(size, read, file.close))

    return Content(size, opened)


def _open_regular(path: str | bytes) -> BinaryIO:
    """Open a regular file. Opening a pipe would wait for its writer."""
    try:
        descriptor = os.open(path, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0))
    except ValueError as error:  # the path has a NUL, or half of a surrogate pair
        raise Unreadable(f"its path cannot be used: {error}") from None
    mode = os.fstat(descriptor).st_mode
    if stat.S_ISREG(mode):
        return os.fdopen(descriptor, "rb")
    os.close(descriptor)
    if stat.S_ISDIR(mode):
        raise Unreadable("it is a folder")
    raise Unreadable("it is a pipe or a device, not a regular file; open it and pass the file, or its bytes")


def _stamp(file: BinaryIO) -> tuple[int, int, int, int]:
    found = os.fstat(file.fileno())
    return found.st_dev, found.st_ino, found.st_size, found.st_mtime_ns


class PositionReader(io.RawIOBase):
    """A reader over a source of bytes by position. It has no descriptor, so HTTP libraries trust its size."""

    def __init__(self, size: int, read_at: Callable[[int, int], bytes], close: Callable[[], object]) -> None:
        self._size, self._read_at, self._close, self._position = size, read_at, close, 0

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def seek(self, offset: int, whence: int = os.SEEK_SET) -> int:
        base = {os.SEEK_SET: 0, os.SEEK_CUR: self._position, os.SEEK_END: self._size}[whence]
        self._position = max(0, base + offset)
        return self._position

    def readinto(self, buffer: Any) -> int:
        count = min(len(buffer), max(0, self._size - self._position))
        if count:
            buffer[:count] = self._read_at(self._position, count)
            self._position += count
        return count

    def close(self) -> None:
        if not self.closed:
            self._close()
        super().close()
