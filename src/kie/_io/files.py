"""IO: users' files: what local media are, how they are opened, how a download is written. May import `_core`."""

from __future__ import annotations

import io
import mimetypes
import os
import threading
import uuid
import zlib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from itertools import count
from pathlib import Path
from typing import Any, BinaryIO, cast

import attrs

from kie._core.call import FilePart, TransportError
from kie._core.errors import DownloadFailed
from kie._core.media_rules import MediaFacts
from kie._flow.effects import Fetch, Fetched
from kie._io.received import Unfit, extension_of
from kie._io.replacing import replace

NO_FORMAT = "of no known format"
_AS_TEXT = "it is open as text; open it with mode 'rb'"
_HEAD = 8192
_PIECE = 64 * 1024
_NAMES = {"jpg": "jpeg", "tif": "tiff", "m4v": "mp4"}


def inspect(media: object) -> MediaFacts:
    """Look at local media: name, size, format by content; sides and duration with the `media` extra.

    A stream that cannot be rewound is not read: only its name speaks.
    """
    name = media_name(media)
    guessed = mimetypes.guess_type(name)[0] or "application/octet-stream"
    if isinstance(media, io.TextIOBase):
        return _unreadable(name, _AS_TEXT)
    try:
        with _opened(media) as file:
            if file is None:
                return MediaFacts(name=name, content_type=guessed, format=None, size=None)
            start = file.tell()
            head = file.read(_HEAD)
            size = file.seek(0, os.SEEK_END) - start
            file.seek(start)
            if not isinstance(head, bytes):
                return _unreadable(name, _AS_TEXT)
            if size == 0:
                return _unreadable(name, "it is empty")
            kind, content_type = sniff(head)
            facts = MediaFacts(name=name, content_type=content_type or guessed, format=kind, size=size)
            # decoders rewind to the very beginning: in the middle of a stream they would see what stands before
            decoded = _decode(file, content_type or "") if start == 0 else {}
            file.seek(start)
            return attrs.evolve(facts, **decoded)
    except (OSError, ValueError) as error:
        reason = error.strerror if isinstance(error, OSError) and error.strerror else str(error)
        return _unreadable(name, reason)


def _unreadable(name: str, why: str) -> MediaFacts:
    return MediaFacts(name=name, content_type="", format=None, size=None, unreadable=why)


def sniff(head: bytes) -> tuple[str, str | None]:
    """Format and media type by the first bytes of a file."""
    import filetype

    guess = filetype.guess(head)
    if guess is None:
        return NO_FORMAT, None
    extension = str(guess.extension)
    return _NAMES.get(extension, extension), str(guess.mime)


def _decode(file: BinaryIO, content_type: str) -> dict[str, Any]:
    """Sides, duration and frame rate, as far as the `media` extra is installed and can read the file."""
    if content_type.startswith("image/"):
        try:
            from PIL import Image
        except ImportError:
            return {}
        with suppress(Exception), Image.open(file) as image:
            return {"width": image.width, "height": image.height}
        return {}
    if content_type.startswith(("video/", "audio/")):
        try:
            import av
        except ImportError:
            return {}
        with suppress(Exception), av.open(file, "r") as container:
            found: dict[str, Any] = {}
            if container.duration is not None:
                found["seconds"] = container.duration / av.time_base
            for stream in container.streams.video[:1]:
                found |= {"width": stream.width, "height": stream.height}
                if stream.average_rate:
                    found["fps"] = float(stream.average_rate)
            return found
    return {}


def media_name(media: object) -> str:
    """A file name for local media."""
    if isinstance(media, os.PathLike):
        return Path(media).name
    name = getattr(media, "name", None)
    if isinstance(name, str) and name:
        return Path(name).name
    if isinstance(media, (bytes, bytearray)):
        kind, _ = sniff(bytes(media[:_HEAD]))
        return "upload.bin" if kind == NO_FORMAT else f"upload.{kind}"
    return "upload.bin"


@contextmanager
def _opened(media: object) -> Iterator[BinaryIO | None]:
    if isinstance(media, (bytes, bytearray)):
        yield io.BytesIO(media)
    elif isinstance(media, os.PathLike):
        with Path(media).open("rb") as file:
            yield file
    else:
        stream = cast(BinaryIO, media)
        yield stream if _seekable(stream) else None


def _seekable(stream: BinaryIO) -> bool:
    try:
        return bool(stream.seekable())
    except AttributeError:
        return False


def part_of(media: object, name: str | None) -> FilePart:
    """Make local media ready for a multipart body."""
    shown = name or media_name(media)
    content_type = mimetypes.guess_type(shown)[0] or "application/octet-stream"
    if isinstance(media, (bytes, bytearray)):
        data = bytes(media)
        return FilePart(shown, content_type, lambda: io.BytesIO(data))
    if isinstance(media, os.PathLike):
        path = Path(media)
        return FilePart(shown, content_type, lambda: path.open("rb"))
    stream = cast(BinaryIO, media)
    if not _seekable(stream):
        return FilePart(shown, content_type, lambda: stream, repeatable=False, owned=False)
    start = stream.tell()

    def rewound() -> BinaryIO:
        stream.seek(start)
        return stream

    return FilePart(shown, content_type, rewound, owned=False)


class Download:
    """A file that appears under its name only when it is whole: written beside it, then renamed."""

    def __init__(self, fetch: Fetch, headers: Mapping[str, str], *, framed: bool) -> None:
        self.url = fetch.url
        self.size = 0
        self._fetch = fetch
        self._headers = headers
        self._framed = framed
        self._limit = fetch.max_bytes
        self._temporary = os.path.join(fetch.directory, f".kie-{uuid.uuid4().hex}.part")
        self._file: BinaryIO | None = None
        self._received = 0
        encoding = headers.get("content-encoding", "").strip().lower()
        self._gzip = _Gzip() if encoding in ("gzip", "x-gzip") else None
        self._unread = "" if self._gzip is not None or encoding in ("", "identity") else encoding

    def open(self) -> None:
        """Begin to write, in a folder that is made if need be. Raises `DownloadFailed`."""
        directory = self._fetch.directory
        try:
            Path(directory).mkdir(parents=True, exist_ok=True)
            self._file = open(self._temporary, "x+b")  # noqa: SIM115 - it stays open until `keep` or `discard`
        except (OSError, ValueError) as error:
            raise self._failed(f"cannot write into {directory}", error) from error

    def write(self, chunk: bytes | bytearray) -> None:
        """Append a chunk. Raises `DownloadFailed` beyond the limit or when the disk is full."""
        self._received += len(chunk)
        try:
            for piece in [chunk] if self._gzip is None else self._gzip.decoded(chunk):
                self.size += len(piece)
                if self.size > self._limit:
                    raise DownloadFailed(self.url, f"it is larger than {self._limit:,} bytes (max_download)")
                cast("BinaryIO", self._file).write(piece)
        except zlib.error as error:
            raise TransportError(f"its gzip encoding is broken: {error}", sent=None, local=True) from error
        except OSError as error:
            raise self._failed("cannot write", error) from error

    def finish(self, chunk: bytes | bytearray) -> Fetched:
        """Append the last chunk, and give the whole file its name."""
        self.write(chunk)
        return self.keep()

    def keep(self) -> Fetched:
        """Give the file its name, if it is whole and what was asked for. Raises `DownloadFailed` for a local reason."""
        file = cast("BinaryIO", self._file)
        try:
            suffix = self._judged(file)
            file.close()
            path = self._named(suffix)
        except Unfit as fault:
            return Fetched(200, self._headers, None, self.size, str(fault))
        except (OSError, ValueError) as error:
            raise self._failed(f"cannot write {self._fetch.stem} into {self._fetch.directory}", error) from error
        return Fetched(200, self._headers, path, self.size)

    def _judged(self, file: BinaryIO) -> str:
        """The extension of the file. Raises `Unfit`."""
        if self._unread:
            raise Unfit(f"the server encoded it as {self._unread!r}, which was not asked for")
        announced = self._headers.get("content-length", "").strip()
        if announced.isdecimal() and int(announced) != self._received:
            raise Unfit(f"{self._received:,} of {int(announced):,} bytes came")
        if self._gzip is not None and not self._gzip.ended:
            raise Unfit("the file is cut off: its gzip encoding has no end")
        framed = self._framed or self._gzip is not None
        fetch, content_type = self._fetch, self._headers.get("content-type", "")
        return extension_of(file, fetch.url, fetch.kind, content_type, framed=framed)

    def _named(self, suffix: str) -> str:
        """Move the file to its name, or to the next that is free, and return its path."""
        stem, directory = self._fetch.stem, self._fetch.directory
        stem = stem[: -len(suffix)] if stem.lower().endswith(suffix) and len(stem) > len(suffix) else stem
        target = os.path.join(directory, stem + suffix)
        if self._fetch.overwrite:
            replace(self._temporary, target)
            return target
        for number in count(2):
            if _moved(self._temporary, target):
                return target
            target = os.path.join(directory, f"{stem}-{number}{suffix}")
        raise AssertionError  # the numbers never end

    def _failed(self, what: str, error: Exception) -> DownloadFailed:
        return DownloadFailed(self.url, f"{what}: {getattr(error, 'strerror', None) or error}")

    def abandon(self) -> None:
        """Remove what was written while a thread may still be writing: it is told with its next chunk."""
        self._limit = -1
        with suppress(OSError):
            os.unlink(self._temporary)

    def discard(self) -> None:
        """Remove what was written, if it was not kept."""
        if self._file is None:  # it could not be opened: whatever has this name is not ours
            return
        with suppress(OSError):
            self._file.close()
        with suppress(OSError):
            os.unlink(self._temporary)


class _Gzip:
    """Decodes gzip in pieces of bounded size, also of several members. `ended` says whether the last one is whole."""

    def __init__(self) -> None:
        self._member = zlib.decompressobj(wbits=31)
        self.ended = False

    def decoded(self, data: bytes | bytearray) -> Iterator[bytes]:
        more = bool(data)
        while more:
            if self.ended:
                self._member, self.ended = zlib.decompressobj(wbits=31), False
            piece = self._member.decompress(data, _PIECE)
            yield piece
            self.ended = self._member.eof
            data = self._member.unused_data if self.ended else self._member.unconsumed_tail
            more = bool(data) or (len(piece) == _PIECE and not self.ended)


def _moved(source: str, target: str) -> bool:
    """Give a file another name, unless something has it already, be it a folder or a broken link."""
    try:
        os.link(source, target)
    except FileExistsError:
        return False
    except OSError:  # a file system without hard links
        return _moved_into_reserved(source, target)
    os.unlink(source)
    return True


def _moved_into_reserved(source: str, target: str) -> bool:
    try:
        os.close(os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o666))
    except FileExistsError:
        return False
    try:
        replace(source, target)
    except BaseException:
        os.unlink(target)
        raise
    return True


class Downloads:
    """The downloads of one run over many flows. An interrupted run leaves no half file, whatever its threads do."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._open: set[Download] = set()
        self._abandoned = False

    def begin(self, download: Download) -> None:
        """Begin to write a file. Raises `DownloadFailed`, also if the run has ended."""
        with self._lock:
            if self._abandoned:
                raise DownloadFailed(download.url, "it was interrupted")
            download.open()
            self._open.add(download)

    def end(self, download: Download) -> None:
        """Remove what was written, if it was not kept."""
        with self._lock:
            self._open.discard(download)
        download.discard()

    def abandon(self) -> None:
        """End every download, and let none begin."""
        with self._lock:
            self._abandoned = True
            for download in self._open:
                download.abandon()
