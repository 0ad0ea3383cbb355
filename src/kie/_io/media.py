"""IO: users' local media: what they are, and the bytes that are sent. May import `_core`.

What was inspected is what is sent. A path, or an open file that can be opened a second time, is read from disk twice,
and an error if it has changed in between. Of everything else a copy is made once: of a file from where it stands, and
it is put back there.
"""

from __future__ import annotations

import io
import mimetypes
import os
import stat
import threading
import time
import weakref
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from inspect import iscoroutinefunction
from tempfile import SpooledTemporaryFile, gettempdir
from typing import Any, BinaryIO, cast

import attrs

from kie._core.call import FilePart
from kie._core.errors import MediaRejected
from kie._core.file_names import NO_FORMAT, fitted, printable
from kie._core.issues import Issue
from kie._core.media import ACCEPTED, decoded, is_array, is_picture, stream_of
from kie._core.media_rules import MediaFacts
from kie._flow.effects import Inspected
from kie._io.pictures import encoded, picture_of

IN_MEMORY = 4 * 1024**2
"""Bytes of a stream that are copied into memory; a longer copy is a temporary file."""
MOST_OF_A_STREAM = 512 * 1024**2
"""Bytes that are copied of a stream whose media rule states no bound. The largest that any rule states is 500 MiB."""
DECODING = 10.0
"""Seconds that the look for sides and duration may take."""

_READ_IT = "read it yourself and pass the bytes"
_HEAD = 8192
_PIECE = 1024**2
_FORMATS = {"jpg": "jpeg", "tif": "tiff", "m4v": "mp4"}
_DEMUXERS = {
    **dict.fromkeys(("mp4", "mov", "m4a", "3gp"), "mov"),
    **dict.fromkeys(("mkv", "webm"), "matroska"),
    **{name: name for name in ("mp3", "wav", "flac", "ogg", "aac", "aiff", "amr", "avi", "flv")},
    **{"wmv": "asf", "mpg": "mpeg"},
}
"""FFmpeg's name of the format that was found. It may not look for one itself: a manifest would make it fetch URLs."""


class Unreadable(Exception):
    """Local media cannot be read, for a reason that the user can do something about."""


@attrs.frozen(eq=False)
class _Content:
    """The bytes of local media. `cut` says that there are more than `size`."""

    size: int
    open: Callable[[], BinaryIO]
    cut: bool = False


def inspect(media: object, *, max_bytes: int | None = None, formats: tuple[str, ...] = ()) -> Inspected:
    """Read what local media are: format by content, size; sides and duration with the `media` extra.

    Args:
        media: Local media, or a data URL.
        max_bytes: How much of a stream is read, at most; None where no rule states a bound.
        formats: The formats of which an image in memory is given one; none where every format will do.

    Returns:
        The facts, and the file to send. What cannot be read has no file, and its facts say why.
    """
    name = media_name(media)
    try:
        content = _content(media, name, MOST_OF_A_STREAM if max_bytes is None else max_bytes, formats)
        if content.cut and max_bytes is None:
            raise Unreadable(
                f"it has more than {content.size:,} bytes, or no end; pass the path of a file of that size"
            )
        if content.size == 0:
            raise Unreadable("it is empty")
        with content.open() as file:
            kind, content_type = sniff(file.read(_HEAD))
        seen = {} if content.cut else _decode(content, kind, content_type or "")
    except MediaRejected as fault:
        return _unreadable(name, fault.issues[0].message)
    except (Unreadable, OSError, ValueError) as fault:
        return _unreadable(name, _reason(fault))
    name = name or ("upload.bin" if kind == NO_FORMAT else f"upload.{kind}")
    content_type = content_type or _stated_type(media, name)
    facts = MediaFacts(name=name, content_type=content_type, format=kind, size=content.size, cut=content.cut, **seen)
    return Inspected(facts, FilePart(fitted(name, kind), content_type, content.open))


def _unreadable(name: str, why: str) -> Inspected:
    facts = MediaFacts(name=name or "upload", content_type="", format=None, size=None, unreadable=why)
    return Inspected(facts, None)


def _reason(error: Exception) -> str:
    return error.strerror if isinstance(error, OSError) and error.strerror else str(error) or type(error).__name__


def sniff(head: bytes) -> tuple[str, str | None]:
    """Format and media type by the first bytes of a file."""
    import filetype

    guess = filetype.guess(head)
    if guess is None:
        return NO_FORMAT, None
    extension = str(guess.extension)
    return _FORMATS.get(extension, extension), str(guess.mime)


def _stated_type(media: object, name: str) -> str:
    """The media type of what no format was found in: as stated, unless its content would have shown that format."""
    import filetype

    stated = decoded(media)[0] if isinstance(media, str) else mimetypes.guess_type(name)[0]
    known = {kind.mime for kind in filetype.types} | {"audio/wav", "audio/mp4", "video/mp4"}
    return "application/octet-stream" if stated is None or stated in known or "/" not in stated else stated


def media_name(media: object) -> str:
    """The name of local media; an empty text for what has none."""
    if isinstance(media, os.PathLike):
        return printable(os.fsdecode(media))
    name = getattr(media, "name" if stream_of(media) is media else "filename", None)
    return printable(name) if isinstance(name, str) else ""


# the bytes


def _content(media: object, name: str, limit: int, formats: tuple[str, ...]) -> _Content:
    """The bytes of local media. Raises `Unreadable`, `OSError` or `ValueError`."""
    if isinstance(media, str):
        return _in_memory(decoded(media)[1])
    if isinstance(media, (bytes, bytearray, memoryview)):
        return _in_memory(bytes(media))
    if isinstance(media, os.PathLike):
        return _on_disk(os.fspath(media), name)
    if is_picture(media) or is_array(media):
        with _LOCKS.holding(media):
            try:
                return _in_memory(encoded(picture_of(media), formats))
            except Exception as error:
                raise Unreadable(f"it cannot be encoded: {_reason(error)}") from error
    stream = stream_of(media)
    if stream is None:
        raise Unreadable(f"it is of type {type(media).__name__}; {ACCEPTED}")
    if isinstance(stream, io.TextIOBase):
        raise Unreadable("it is open as text; open it with mode 'rb'")
    with _LOCKS.holding(stream):
        return _of_stream(stream, name, limit)


def _in_memory(data: bytes) -> _Content:
    return _Content(len(data), lambda: io.BytesIO(data))


def _on_disk(path: str | bytes, name: str, start: int = 0) -> _Content:
    """The bytes of a regular file, from a place to its end. They are read again when they are sent."""
    with _open_regular(path) as file:
        stamp = _stamp(file)
    size = max(0, stamp[2] - start)

    def changed() -> MediaRejected:
        shown = name or os.fsdecode(path)
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

        return cast(BinaryIO, _Reader(size, read, file.close))

    return _Content(size, opened)


def _open_regular(path: str | bytes) -> BinaryIO:
    """Open a file that has an end. To open a pipe would wait for its writer."""
    descriptor = os.open(path, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0))
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


class _Reader(io.RawIOBase):
    """Bytes that something else gives by their position. It has no descriptor: HTTP libraries believe its size."""

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


# streams


def _of_stream(stream: Any, name: str, limit: int) -> _Content:
    """The bytes of an open file, from where it stands to its end; it is put back there."""
    if iscoroutinefunction(stream.read):
        raise Unreadable(f"its read() is async; {_READ_IT}")
    start = _position(stream)
    if start is None:
        return _READ_ONCE.content(stream, lambda: _copy(stream, limit))
    again = _second(stream, start, name)
    if again is not None:
        return again
    try:
        return _copy(stream, limit)
    finally:
        with _users_code():
            stream.seek(start)


def _position(stream: Any) -> int | None:
    """Where a stream stands; None if it cannot be put back there."""
    if getattr(stream, "closed", False) is True and hasattr(stream, "seek"):
        raise Unreadable("it is closed")
    try:
        return int(stream.tell()) if getattr(stream, "seekable", lambda: hasattr(stream, "seek"))() else None
    except Exception:
        return None


@contextmanager
def _users_code() -> Iterator[None]:
    """What a user's stream raises may be anything: `zlib.error`, `IncompleteRead` …"""
    try:
        yield
    except Exception as error:
        raise Unreadable(f"it cannot be read: {type(error).__name__}: {_reason(error)}; {_READ_IT}") from error


def _second(stream: Any, start: int, name: str) -> _Content | None:
    """The same file, opened a second time; None if that is not certainly the same bytes."""
    if (type(stream).__module__, type(stream).__name__) == ("tempfile", "_TemporaryFileWrapper"):
        stream = stream.file
    raw = stream.raw if type(stream) in {io.BufferedReader, io.BufferedRandom} else stream
    if type(raw) is not io.FileIO or not isinstance(raw.name, (str, bytes)):
        return None
    try:
        stream.flush()
        if os.path.samestat(os.fstat(raw.fileno()), os.stat(raw.name)):
            return _on_disk(os.path.abspath(raw.name), name, start)
    except (Unreadable, OSError):
        pass
    return None


def _copy(stream: Any, limit: int) -> _Content:
    """A copy of what a stream still gives, up to a limit."""
    _refuse_device(stream)
    size = 0
    with ExitStack() as stack:
        copy = stack.enter_context(SpooledTemporaryFile(max_size=IN_MEMORY))
        while size <= limit and (piece := _read(stream, min(_PIECE, limit + 1 - size))):
            size += len(piece)
            try:
                copy.write(piece)
            except OSError as error:
                raise Unreadable(f"no copy fits into {gettempdir()} ({_reason(error)}); pass a path") from error
        stack.pop_all()
    lock = threading.Lock()

    def read(position: int, count: int) -> bytes:
        with lock:
            copy.seek(position)
            return copy.read(count)

    weakref.finalize(read, copy.close)
    kept = min(size, limit)
    return _Content(kept, lambda: cast(BinaryIO, _Reader(kept, read, lambda: None)), cut=size > limit)


def _refuse_device(stream: Any) -> None:
    try:
        mode = os.fstat(stream.fileno()).st_mode
    except Exception:  # it has no descriptor, or is not a file at all
        return
    if stat.S_ISCHR(mode) and not os.isatty(stream.fileno()):
        raise Unreadable("it is a device, which may have no end; read what you need and pass the bytes")


def _read(stream: Any, size: int) -> bytes:
    with _users_code():
        piece = stream.read(size)
    if isinstance(piece, (bytes, bytearray, memoryview)):
        return bytes(piece)
    if isinstance(piece, str):
        raise Unreadable("it gives text; open it with mode 'rb'")
    if piece is None:
        raise Unreadable(f"it does not block, and gives nothing yet; {_READ_IT}")
    getattr(piece, "close", lambda: None)()  # of a coroutine that nobody will await
    raise Unreadable(f"its read() gives a {type(piece).__name__}; {_READ_IT}")


class _ReadOnce:
    """What was read of streams that cannot be put back, for as long as they live: they may be used again."""

    def __init__(self) -> None:
        self._known: weakref.WeakKeyDictionary[object, _Content | str] = weakref.WeakKeyDictionary()

    def content(self, stream: object, copy: Callable[[], _Content]) -> _Content:
        known: _Content | str | None = None
        with suppress(TypeError):  # it cannot be referred to weakly
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
    """One lock for each object that is in use: two requests may not read one file at the same time."""

    def __init__(self) -> None:
        self.renew()

    def renew(self) -> None:
        """Forget what is held: after a fork, by threads that do not exist here."""
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
_LOCKS = _Locks()
if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_LOCKS.renew)


# what they are


def _decode(content: _Content, kind: str, content_type: str) -> dict[str, Any]:
    """Sides, duration and frame rate, as far as the `media` extra is installed and can read the file in time."""
    if content_type.startswith("image/"):
        try:
            from PIL import Image
        except ImportError:
            return {}
        with suppress(Exception), content.open() as file, Image.open(file) as image:
            return {"width": image.width, "height": image.height}
    elif kind in _DEMUXERS:
        try:
            import av
        except ImportError:
            return {}
        only_these_bytes = {"format": _DEMUXERS[kind], "options": {"protocol_whitelist": "none"}}
        with (
            suppress(Exception),
            _in_time(content) as file,
            av.open(file, "r", timeout=DECODING, **only_these_bytes) as container,
        ):
            return _of_container(container, av.time_base)
    return {}


def _of_container(container: Any, time_base: int) -> dict[str, Any]:
    found: dict[str, Any] = {}
    if container.duration is not None:
        found["seconds"] = container.duration / time_base
    for stream in container.streams.video[:1]:
        found |= {"width": stream.width, "height": stream.height}
        if stream.average_rate:
            found["fps"] = float(stream.average_rate)
    return found


@contextmanager
def _in_time(content: _Content) -> Iterator[BinaryIO]:
    """The content, for a decoder that may try for a while only."""
    end = time.monotonic() + DECODING
    with content.open() as file:

        def read(position: int, count: int) -> bytes:
            if time.monotonic() > end:
                raise TimeoutError
            file.seek(position)
            return file.read(count)

        yield cast(BinaryIO, _Reader(content.size, read, lambda: None))
