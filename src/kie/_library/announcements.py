"""Library: notes which runs are being written, so that none is lost if the process is killed. May import nothing of
ours."""

from __future__ import annotations

import os
from collections.abc import Iterable
from contextlib import suppress

_SAFE = ("O_BINARY", "O_NONBLOCK", "O_NOFOLLOW")
"""Flags that keep `open` from waiting for a named pipe and from following a link."""
_FLAGS = os.O_RDWR | os.O_CREAT | sum(getattr(os, flag, 0) for flag in _SAFE)
_END = b"\0"
"""Separates the names of folders, which cannot contain it, and overwrites names that were forgotten."""
_MOST = 64 * 1024
"""An empty announcement file larger than this is truncated instead of overwritten. In bytes."""


class Announcements:
    """The folders of runs that are being written, or that are not in the index file yet.

    A process that finds an announcement while nobody is writing reads that `run.json` again. All announcements share
    one file, which is overwritten in place: creating and deleting a file for each write would be slow.

    Args:
        path: The file.
    """

    def __init__(self, path: str) -> None:
        self.path = path

    def add(self, folder: str) -> None:
        """Announce a run. The caller holds the write lock. Raises `OSError`.

        Args:
            folder: The run's folder, below the root.
        """
        note = _END + os.fsencode(folder) + _END
        handle = os.open(self.path, _FLAGS, 0o600)
        try:
            content = _read(handle)
            if note in content:
                return
            free = not content.strip(_END) and len(content) >= len(note)
            os.lseek(handle, 0, os.SEEK_SET if free else os.SEEK_END)
            if os.write(handle, note) != len(note):
                raise OSError(f"{self.path} cannot hold more")
        finally:
            os.close(handle)

    def found(self) -> list[str]:
        """The folders that were announced and not forgotten since."""
        try:
            handle = os.open(self.path, _FLAGS & ~os.O_CREAT)
        except OSError:
            return []
        try:
            return [os.fsdecode(name) for name in dict.fromkeys(_read(handle).split(_END)) if name]
        except OSError:
            return []
        finally:
            os.close(handle)

    def forget(self, folders: Iterable[str]) -> None:
        """Forget runs that are in the index now.

        The caller holds the write lock. If other runs are announced, all stay.
        """
        with suppress(OSError):
            handle = os.open(self.path, _FLAGS, 0o600)
            try:
                content = _read(handle)
                if {*content.split(_END)} - {b"", *map(os.fsencode, folders)}:
                    return
                if len(content) > _MOST:
                    os.ftruncate(handle, 0)
                elif content.strip(_END):
                    os.lseek(handle, 0, os.SEEK_SET)
                    os.write(handle, bytes(len(content)))
            finally:
                os.close(handle)


def _read(handle: int) -> bytes:
    content = piece = os.read(handle, _MOST)
    while piece:
        content += (piece := os.read(handle, _MOST))
    return content
