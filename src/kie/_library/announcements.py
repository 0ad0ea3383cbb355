"""Library: which runs are being written, so that a process that is killed meanwhile loses none. May import nothing of
ours."""

from __future__ import annotations

import os
from collections.abc import Iterable
from contextlib import suppress

_SAFE = ("O_BINARY", "O_NONBLOCK", "O_NOFOLLOW")
"""A named pipe is not waited for, and nothing is written through a link."""
_FLAGS = os.O_RDWR | os.O_CREAT | sum(getattr(os, flag, 0) for flag in _SAFE)
_END = b"\0"
"""Stands on both sides of a folder's name, in which it cannot be; and where one was forgotten."""
_MOST = 64 * 1024
"""Bytes of a file that is kept when nothing is announced in it any more."""


class Announcements:
    """The folders of runs that are being written, or that the file of the index lacks.

    Whoever finds one while nobody writes reads its `run.json` again. They stand in one file, which is written over and
    over: to make and to remove a file for each write is slow.

    Args:
        path: The file.
    """

    def __init__(self, path: str) -> None:
        self.path = path

    def add(self, folder: str) -> None:
        """Announce a run, while nobody else writes. Raises `OSError`.

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
        """The folders that were announced and not forgotten."""
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
        """Forget runs that the index has taken up, while nobody else writes. If others were announced, all stay."""
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
