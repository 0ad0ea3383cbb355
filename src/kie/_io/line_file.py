"""IO: files of JSON Lines that several processes share, and that a crash may truncate. May import `_core`.

Lines are appended and forced to disk. Code that makes a decision from a file's content must hold the lock while it
reads.
"""

from __future__ import annotations

import contextlib
import json
import os
import stat
import sys
import tempfile
import threading
from collections.abc import Iterable, Iterator, Mapping
from importlib.util import find_spec
from io import FileIO
from pathlib import Path

import attrs

from kie._core.errors import ConfigError
from kie._core.json import JSON
from kie._io.replacing import replace
from kie._io.unusable import Unusable

_FLAGS = os.O_RDWR | os.O_APPEND | os.O_CREAT | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)
"""`O_NONBLOCK` makes opening a named pipe fail instead of wait."""


_PIECE = 1024**2
"""Bytes to write at a time, if there are many lines."""

_HELD: dict[str, LockedLines] = {}
"""By path, the files that this process has locked."""
if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_HELD.clear)


@attrs.frozen
class LineFile:
    """A file of JSON Lines. `what` is its name in error messages, `mode` its permissions when it is created."""

    path: Path
    what: str
    mode: int = 0o666

    def exists(self) -> bool:
        """Whether it exists. Raises `ConfigError` if it is not a file."""
        with self._named("read"):
            try:
                if not stat.S_ISREG(self.path.stat().st_mode):
                    raise ConfigError(f"{self.what} {self.path} is not a regular file")
            except FileNotFoundError:
                return False
        return True

    def read(self) -> bytes:
        """Read its whole content; empty if it does not exist. Raises `ConfigError`."""
        with self._named("read"):
            return self.path.read_bytes() if self.exists() else b""

    def pieces(self) -> Iterator[bytes]:
        """Yield its content line by line; nothing if it does not exist. Raises `ConfigError`."""
        with self._named("read"):
            if self.exists():
                with self.path.open("rb") as file:
                    yield from file

    @contextlib.contextmanager
    def locked(self, *, busy: str | None = None) -> Iterator[LockedLines]:
        """Lock the file against other processes and threads in the block. It is created if needed.

        With `busy`, do not wait: if another has the lock, raise a `ConfigError` with that message.
        """
        with self._named():
            real = os.path.realpath(self.path)
            other = _HELD.get(real)
            if other is not None and other.file.what != self.what:  # each would wait for the other forever
                raise ConfigError(f"{self.what} {self.path} is {other.file.what}, too: give each a file of its own")
            if other is not None and busy is None and other.owner == threading.get_ident():
                _release(other.lock)  # Ctrl-C came between two steps of Python's own, and the error keeps the block
            self.path.parent.mkdir(parents=True, exist_ok=True)
        lines = LockedLines(self)
        try:  # entered before locking: Ctrl-C may come between any two steps, and must not leave the lock held
            with self._named():
                self._acquire(lines, busy)
            _HELD[real] = lines
            yield lines
        finally:
            try:
                _unlocked(lines.lock)
            finally:
                lines.lock.close()  # no step of ours is between the block and this one
                if _HELD.get(real) is lines:
                    del _HELD[real]

    def open(self) -> int:
        """Open the file for appending. Raises `ConfigError` if it is not a file, or `OSError`."""
        handle = os.open(self.path, _FLAGS, self.mode)
        if not stat.S_ISREG(os.fstat(handle).st_mode):
            os.close(handle)
            raise ConfigError(f"{self.what} {self.path} is not a regular file")
        return handle

    def _acquire(self, lines: LockedLines, busy: str | None) -> None:
        """Take the lock of the file. If the file was replaced meanwhile, lock the new one."""
        if not _LOCKS_ITSELF:
            os.close(self.open())  # creates it, as locking does where the file itself is locked
        while True:
            handle = self.open() if _LOCKS_ITSELF else os.open(f"{self.path}.lock", os.O_RDWR | os.O_CREAT)
            lines.lock = FileIO(handle, "r+")
            try:
                lines.held = _lock(handle, wait=busy is None)
            except BlockingIOError as error:
                raise Unusable(busy or f"{self.what} {self.path} is locked") from error
            if not _LOCKS_ITSELF or _is_at(handle, self.path):
                return
            _release(lines.lock)

    @contextlib.contextmanager
    def _named(self, what_for: str = "written") -> Iterator[None]:
        try:
            yield
        except (OSError, ValueError) as error:  # ValueError: the path has a NUL, or half a surrogate pair
            why = getattr(error, "strerror", None) or error
            raise Unusable(f"{self.what} {self.path} cannot be {what_for}: {why}") from error


class NoLock:
    """Stands for the lock before it is taken."""

    def close(self) -> None:
        """Do nothing."""


@attrs.define(eq=False)
class LockedLines:
    """A file of JSON Lines while it is locked."""

    file: LineFile
    lock: FileIO | NoLock = attrs.field(factory=NoLock)
    """Holds the lock. Closing it releases the lock."""
    held: bool = True
    """Whether others are kept out. Some network file systems do not support locks."""
    owner: int = attrs.field(factory=threading.get_ident)
    """The thread that has locked it."""

    def append(self, document: Mapping[str, JSON]) -> None:
        """Append a line and force it to disk. Raises `ConfigError`."""
        self.extend([line_of(document)])

    def extend(self, lines: Iterable[bytes]) -> None:
        """Append lines and force them to disk: all of them, or none if the disk is full. Raises `ConfigError`."""
        data = b"".join(lines)
        with self.file._named():
            handle = self.file.open()
            try:
                size = os.lseek(handle, 0, os.SEEK_END)
                try:
                    _write(handle, b"\n" + data if size and _half_written(handle) else data)
                    os.fsync(handle)
                except OSError:
                    with contextlib.suppress(OSError):
                        os.ftruncate(handle, size)
                    raise
            finally:
                os.close(handle)

    def replace(self, lines: Iterable[bytes]) -> None:
        """Replace all lines atomically: the file is either the old one or the new one.

        Raises `ConfigError`.
        """
        path = Path(os.path.realpath(self.file.path))  # so that a link stays a link
        with self.file._named():
            handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
            left: FileIO | NoLock = (new := FileIO(handle, "r+"))
            try:
                _write_all(handle, lines)
                os.fsync(handle)
                os.chmod(name, path.stat().st_mode & 0o777)
                if _LOCKS_ITSELF:
                    _lock(handle, wait=False)
                    replace(name, path)
                    self.lock, left = new, self.lock
                else:
                    new.close()
                    replace(name, path)
            except BaseException:
                Path(name).unlink(missing_ok=True)
                raise
            finally:
                _release(left)


def line_of(document: Mapping[str, JSON]) -> bytes:
    """Encode a document as a line."""
    return json.dumps(document, separators=(",", ":")).encode() + b"\n"


def parted(data: bytes) -> tuple[bytes, bytes]:
    """Split data into complete lines and the rest, which a crash cut off.

    A last line without its newline counts if it is a complete document. An editor, not a crash of ours, removed only
    the newline, and the line may record a payment.
    """
    end = data.rfind(b"\n") + 1
    try:
        if isinstance(json.loads(data[end:]), dict):
            end = len(data)
    except (ValueError, RecursionError):
        pass
    return data[:end], data[end:]


def _write(handle: int, data: bytes) -> None:
    while data:
        data = data[os.write(handle, data) :]


def _write_all(handle: int, lines: Iterable[bytes]) -> None:
    """Write lines without holding all of them in memory."""
    data = bytearray()
    for line in lines:
        data += line
        if len(data) >= _PIECE:
            _write(handle, bytes(data))
            data.clear()
    _write(handle, bytes(data))


def _half_written(handle: int) -> bool:
    """Whether a crash cut off the last line, so that the next one must not be appended directly."""
    os.lseek(handle, -1, os.SEEK_END)
    return os.read(handle, 1) != b"\n"


def _is_at(handle: int, path: Path) -> bool:
    try:
        return os.path.samestat(os.fstat(handle), os.stat(path))
    except FileNotFoundError:
        return False


def _release(lock: FileIO | NoLock) -> None:
    _unlocked(lock)
    lock.close()


def _unlocked(lock: FileIO | NoLock) -> None:
    """Unlock explicitly. A child that was forked meanwhile shares the descriptor, so closing is not enough."""
    if isinstance(lock, FileIO) and not lock.closed:
        with contextlib.suppress(OSError):
            _unlock(lock.fileno())


if sys.platform == "win32":  # an open file cannot be replaced there, so a separate file is locked
    import msvcrt

    _LOCKS_ITSELF = False

    def _lock(handle: int, *, wait: bool) -> bool:
        """Lock a descriptor. Raises `BlockingIOError` if another one has the lock and `wait` is false."""
        while True:
            os.lseek(handle, 0, os.SEEK_SET)
            try:
                msvcrt.locking(handle, msvcrt.LK_LOCK if wait else msvcrt.LK_NBLCK, 1)
                return True
            except OSError as error:  # LK_LOCK gives up after ten seconds
                if not wait:
                    raise BlockingIOError(error.errno, error.strerror) from error

    def _unlock(handle: int) -> None:
        os.lseek(handle, 0, os.SEEK_SET)
        msvcrt.locking(handle, msvcrt.LK_UNLCK, 1)

else:
    _LOCKS_ITSELF = find_spec("fcntl") is not None
    """False on WebAssembly, where there is no other process."""

    def _lock(handle: int, *, wait: bool) -> bool:
        """Lock a descriptor. Raises `BlockingIOError` if another one has the lock and `wait` is false.

        Some network file systems know no locks: the file is used without one there. Returns whether it is locked.
        """
        if _LOCKS_ITSELF:
            import fcntl

            try:
                fcntl.flock(handle, fcntl.LOCK_EX if wait else fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                raise
            except OSError:
                return False
        return True

    def _unlock(handle: int) -> None:
        if _LOCKS_ITSELF:
            import fcntl

            fcntl.flock(handle, fcntl.LOCK_UN)
