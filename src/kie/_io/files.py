"""IO: users' files: what local media are, how they are opened, how a download is written. May import `_core`."""

from __future__ import annotations

import io
import mimetypes
import os
import threading
import uuid
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any, BinaryIO, cast

import attrs

from kie._core.call import FilePart
from kie._core.errors import DownloadFailed
from kie._core.media_rules import MediaFacts

NO_FORMAT = "of no known format"
_AS_TEXT = "it is open as text; open it with mode 'rb'"
_HEAD = 8192
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

    def __init__(self, url: str, directory: str, limit: int) -> None:
        self.url = url
        self._limit = limit
        self._directory = directory
        self._temporary = os.path.join(directory, f".kie-{uuid.uuid4().hex}.part")
        self._file: BinaryIO | None = None
        self.size = 0

    def open(self) -> None:
        """Begin to write, in a folder that is made if need be. Raises `DownloadFailed`."""
        try:
            Path(self._directory).mkdir(parents=True, exist_ok=True)
            handle = os.open(self._temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o666)
        except OSError as error:
            reason = error.strerror or error
            raise DownloadFailed(self.url, f"cannot write into {self._directory}: {reason}") from error
        self._file = os.fdopen(handle, "wb")

    def write(self, chunk: bytes | bytearray) -> None:
        """Append a chunk. Raises `DownloadFailed` beyond the limit or when the disk is full."""
        self.size += len(chunk)
        if self.size > self._limit:
            raise DownloadFailed(self.url, f"it is larger than {self._limit:,} bytes (max_download)")
        try:
            cast("BinaryIO", self._file).write(chunk)
        except OSError as error:
            raise DownloadFailed(self.url, f"cannot write: {error.strerror or error}") from error

    def finish(self, chunk: bytes | bytearray, name: str) -> str:
        """Append the last chunk, and give the whole file its name."""
        self.write(chunk)
        return self.keep(name)

    def keep(self, name: str) -> str:
        """Give the whole file its name."""
        target = os.path.join(self._directory, name)
        try:
            cast("BinaryIO", self._file).close()
            os.replace(self._temporary, target)
        except OSError as error:
            raise DownloadFailed(self.url, f"cannot write {target}: {error.strerror or error}") from error
        return target

    def abandon(self) -> None:
        """Remove what was written while a thread may still be writing: it is told with its next chunk."""
        self._limit = -1
        with suppress(OSError):
            os.unlink(self._temporary)

    def discard(self) -> None:
        """Remove what was written, if it was not kept."""
        if self._file is None:
            return
        with suppress(OSError):
            self._file.close()
        with suppress(OSError):
            os.unlink(self._temporary)


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
