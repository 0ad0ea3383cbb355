"""IO: the bytes of users' open files, which are left as they were. May import `_core`.

A file that can be opened a second time is read from disk when it is sent. Any other stream is copied once from its
position, which is then restored.
"""

from __future__ import annotations

import io
import os
import stat
import threading
import weakref
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from inspect import iscoroutinefunction
from tempfile import SpooledTemporaryFile, gettempdir
from typing import Any, BinaryIO, cast

from kie._io.content import Content, PositionReader, Unreadable, on_disk, reason_of

IN_MEMORY = 4 * 1024**2
"""The most bytes of a stream to copy into memory. A longer copy goes to a temporary file."""

_PIECE = 1024**2
READ_IT = "read it yourself and pass the bytes"


def of_stream(stream: Any, name: str, limit: int) -> Content:
    """The bytes of an open file from its position to its end. The position is restored."""
    if iscoroutinefunction(stream.read):
        raise Unreadable(f"its read() is async; {READ_IT}")
    start = _position(stream)
    if start is None:
        return _READ_ONCE.content(stream, lambda: _copy(stream, limit))
    content = _second(stream, start, name)
    if content is None:
        try:
            content = _copy(stream, limit)
        finally:
            with _users_code():
                stream.seek(start)
    if content.size == 0 and start > 0:
        raise Unreadable(f"it is at its end, byte {start:,}; call seek(0) to send all of it")
    return content


def _position(stream: Any) -> int | None:
    """The position of a stream; None if it cannot be restored."""
    try:
        if getattr(stream, "closed", False) is True and hasattr(stream, "seek"):
            raise Unreadable("it is closed")
        return int(stream.tell()) if getattr(stream, "seekable", lambda: hasattr(stream, "seek"))() else None
    except Unreadable:
        raise
    except Exception:
        return None


@contextmanager
def _users_code() -> Iterator[None]:
    """Wrap code of a user's stream, which may raise anything: `zlib.error`, `IncompleteRead` …"""
    try:
        yield
    except Exception as error:
        raise Unreadable(f"it cannot be read: {reason_of(error)}; {READ_IT}") from error


def _second(stream: Any, start: int, name: str) -> Content | None:
    """Open the same file a second time; None if the bytes might differ."""
    if (type(stream).__module__, type(stream).__name__) == ("tempfile", "_TemporaryFileWrapper"):
        stream = stream.file
    raw = stream.raw if type(stream) in {io.BufferedReader, io.BufferedRandom} else stream
    if type(raw) is not io.FileIO or not isinstance(raw.name, (str, bytes)):
        return None
    try:
        stream.flush()
        if os.path.samestat(os.fstat(raw.fileno()), os.stat(raw.name)):
            return on_disk(os.path.abspath(raw.name), name, start)
    except (Unreadable, OSError):
        pass
    return None


def _copy(stream: Any, limit: int) -> Content:
    """Copy the rest of a stream, up to a limit."""
    _refuse_device(stream)
    size = 0
    with ExitStack() as stack:
        copy = stack.enter_context(SpooledTemporaryFile(max_size=IN_MEMORY))
        while size <= limit and (piece := _read(stream, min(_PIECE, limit + 1 - size))):
            size += len(piece)
            try:
                copy.write(piece)
            except OSError as error:
                raise Unreadable(f"no copy fits into {gettempdir()} ({reason_of(error)}); pass a path") from error
        stack.pop_all()
    lock = threading.Lock()

    def read(position: int, count: int) -> bytes:
        with lock:
            copy.seek(position)
            return copy.read(count)

    weakref.finalize(read, copy.close)
    kept = min(size, limit)
    return Content(kept, lambda: cast(BinaryIO, PositionReader(kept, read, lambda: None)), cut=size > limit)


def _refuse_device(stream: Any) -> None:
    try:
        mode = os.fstat(stream.fileno()).st_mode
    except Exception:  # the stream has no descriptor, or is not a file at all
        return
    if stat.S_ISCHR(mode) and not os.isatty(stream.fileno()):
        raise Unreadable("it is a device, which may have no end; read what you need and pass the bytes")


def _read(stream: Any, size: int) -> bytes:
    with _users_code():
        piece = stream.read(size)
    if isinstance(piece, (bytes, bytearray, memoryview)):
        return bytes(piece)
    if isinstance(piece, str):
        raise Unreadable("it is open as text; open it with mode 'rb'")
    if piece is None:
        raise Unreadable(f"it is non-blocking, and has nothing to read yet; {READ_IT}")
    getattr(piece, "close", lambda: None)()  # the coroutine will never be awaited
    raise Unreadable(f"its read() returns a {type(piece).__name__}; {READ_IT}")


class _ReadOnce:
    """Keeps copies of streams that cannot be rewound while the streams live, as they may be used again."""

    def __init__(self) -> None:
        self._known: weakref.WeakKeyDictionary[object, Content | str] = weakref.WeakKeyDictionary()

    def content(self, stream: object, copy: Callable[[], Content]) -> Content:
        known: Content | str | None = None
        with suppress(TypeError):  # it does not support weak references
            known = self._known.get(stream)
        if known is None:
            try:
                known = copy()
            except Unreadable as fault:
                known = str(fault)
            with suppress(TypeError):
                self._known[stream] = known
        if isinstance(known, str):
            raise Unreadable(known)
        return known


class _Locks:
    """One lock for each object in use, so that two requests never read one file at the same time."""

    def __init__(self) -> None:
        self.renew()

    def renew(self) -> None:
        """Forget held locks after a fork, because their threads do not exist here."""
        self._guard = threading.Lock()
        self._held: dict[int, tuple[threading.Lock, list[None]]] = {}

    @contextmanager
    def holding(self, thing: object) -> Iterator[None]:
        with self._guard:
            lock, users = self._held.setdefault(id(thing), (threading.Lock(), []))
            users.append(None)
        try:
            with lock:
                yield
        finally:
            with self._guard:
                users.pop()
                if not users:
                    self._held.pop(id(thing), None)


_READ_ONCE = _ReadOnce()
LOCKS = _Locks()
if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=LOCKS.renew)
