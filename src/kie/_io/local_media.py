"""IO: inspects users' local media, and makes sure that exactly these bytes are sent. May import `_core`, `_flow`."""

from __future__ import annotations

import io
import logging
import mimetypes
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Any, BinaryIO, cast

from kie._core.call import FilePart
from kie._core.errors import MediaRejected
from kie._core.file_names import NO_FORMAT, fitted, printable
from kie._core.media import ACCEPTED, decoded, is_array, is_picture, stream_of
from kie._core.media_rules import MediaFacts
from kie._flow.effects import Inspected
from kie._io.content import Content, PositionReader, Unreadable, in_memory, on_disk, reason_of
from kie._io.pictures import encoded, picture_of
from kie._io.streams import LOCKS, READ_IT, of_stream

MOST_OF_A_STREAM = 512 * 1024**2
"""The most bytes to copy from a stream if its media rule has no bound. The largest bound of any rule is 500 MiB."""
DECODING = 10.0
"""The most seconds for finding sides and duration."""

_HEAD = 8192
_WIDTH, _HEIGHT, _ORIENTATION = 0x0100, 0x0101, 0x0112
_LYING = (5, 6, 7, 8)
"""Values of EXIF's orientation for images that are stored with a quarter turn."""
_FORMATS = {"jpg": "jpeg", "tif": "tiff", "m4v": "mp4"}
logging.getLogger("libav").addHandler(logging.NullHandler())  # older PyAV prints every fault in a file to stderr
DEMUXERS = {
    **dict.fromkeys(("mp4", "mov", "m4a", "3gp"), "mov"),
    **dict.fromkeys(("mkv", "webm"), "matroska"),
    **{name: name for name in ("mp3", "wav", "flac", "ogg", "aac", "aiff", "amr", "avi", "flv")},
    **{"wmv": "asf", "mpg": "mpeg"},
}
"""FFmpeg's names of formats. It must not detect them itself, since a manifest would make it fetch URLs."""


def inspect(media: object, *, max_bytes: int | None = None, formats: tuple[str, ...] = ()) -> Inspected:
    """Inspect local media: format (from the content) and size; with the `media` extra also sides and duration.

    Args:
        media: Local media, or a data URL.
        max_bytes: How much of a stream to read at most; None if no rule has a bound.
        formats: The formats to choose from for an image in memory; empty if every format is accepted.

    Returns:
        The facts, and the file to send. Unreadable media have no file, and their facts say why.
    """
    name = ""
    try:
        name = media_name(media)
        content = _content(media, name, MOST_OF_A_STREAM if max_bytes is None else max_bytes, formats)
        if content.cut and max_bytes is None:
            raise Unreadable(
                f"it has more than {content.size:,} bytes, or no end; pass a file of that size by its path"
            )
        if content.size == 0:
            raise Unreadable("it is empty")
        with content.open() as file:
            kind, content_type = sniff(file.read(_HEAD))
        seen = {} if content.cut else sides_and_duration(content, kind, content_type or "")
    except MediaRejected as fault:
        return _unreadable(name, fault.issues[0].message)
    except (Unreadable, OSError) as fault:
        return _unreadable(name, reason_of(fault))
    except Exception as fault:  # the user's object may raise anything when its path or name is read
        return _unreadable(name, f"it cannot be read: {reason_of(fault)}; {READ_IT}")
    name = name or ("upload.bin" if kind == NO_FORMAT else f"upload.{kind}")
    content_type = content_type or stated_type(media, name)
    facts = MediaFacts(name=name, content_type=content_type, format=kind, size=content.size, cut=content.cut, **seen)
    return Inspected(facts, FilePart(fitted(name, kind), content_type=content_type, open=content.open))


def _unreadable(name: str, why: str) -> Inspected:
    facts = MediaFacts(name=name or "upload", content_type="", format=None, size=None, unreadable=why)
    return Inspected(facts, None)


def sniff(head: bytes) -> tuple[str, str | None]:
    """Detect format and media type from the first bytes of a file."""
    import filetype

    guess = filetype.guess(head)
    if guess is None:
        return NO_FORMAT, None
    extension = str(guess.extension)
    return _FORMATS.get(extension, extension), str(guess.mime)


def stated_type(media: object, name: str) -> str:
    """The stated media type of a file of unknown format, unless the content would have shown that type."""
    import filetype

    stated = decoded(media)[0] if isinstance(media, str) else mimetypes.guess_type(name)[0]
    known = {kind.mime for kind in filetype.types} | {"audio/wav", "audio/mp4", "video/mp4"}
    return "application/octet-stream" if stated is None or stated in known or "/" not in stated else stated


def media_name(media: object) -> str:
    """The name of local media; empty if they have none."""
    if isinstance(media, os.PathLike):
        return printable(os.fsdecode(media))
    name = getattr(media, "name" if stream_of(media) is media else "filename", None)
    return printable(name) if isinstance(name, str) else ""


def _content(media: object, name: str, limit: int, formats: tuple[str, ...]) -> Content:
    """Get the bytes of local media. Raises `Unreadable`, `OSError`, or anything that a user's object raises."""
    if isinstance(media, str):
        try:
            return in_memory(decoded(media)[1])
        except ValueError as fault:
            raise Unreadable(str(fault)) from None
    if isinstance(media, (bytes, bytearray, memoryview)):
        return in_memory(bytes(media))
    if isinstance(media, os.PathLike):
        return on_disk(os.path.abspath(media), name)
    if is_picture(media) or is_array(media):
        with LOCKS.holding(media):
            try:
                return in_memory(encoded(picture_of(media), formats))
            except Exception as error:
                raise Unreadable(f"it cannot be encoded: {reason_of(error)}") from error
    stream = stream_of(media)
    if stream is None:
        raise Unreadable(f"it is of type {type(media).__name__}; {ACCEPTED}")
    if isinstance(stream, io.TextIOBase):
        raise Unreadable("it is open as text; open it with mode 'rb'")
    with LOCKS.holding(stream):
        return of_stream(stream, name, limit)


def sides_and_duration(content: Content, kind: str, content_type: str) -> dict[str, Any]:
    """Find sides, duration and frame rate, if the `media` extra is installed and can read the file in time.

    The sides of an image are those when it is shown, after any rotation by EXIF.
    """
    if content_type.startswith("image/"):
        try:
            from PIL import Image
        except ImportError:
            return {}
        with suppress(Exception), content.open() as file, Image.open(file) as image:
            # Pillow would decode the whole PNG to find EXIF at its end
            exif = image.getexif() if image.format != "PNG" or "exif" in image.info else {}
            stored = getattr(image, "tag_v2", {})  # for a TIFF, which some versions of Pillow have rotated already
            sides = [stored.get(_WIDTH, image.width), stored.get(_HEIGHT, image.height)]
            if exif.get(_ORIENTATION) in _LYING:
                sides.reverse()
            return dict(zip(("width", "height"), sides, strict=True))
    elif kind in DEMUXERS:
        try:
            import av
        except ImportError:
            return {}
        with suppress(Exception), opened(content, kind) as container:
            return _of_container(container, av.time_base)
    return {}


@contextmanager
def opened(content: Content, kind: str, seconds: float = DECODING) -> Iterator[Any]:
    """Open a video or sound in PyAV, which can read only these bytes, and only for a limited time.

    Args:
        content: The bytes.
        kind: The format, as `sniff` names it.
        seconds: How long they may be read.

    Raises:
        ImportError: PyAV is not installed.
        KeyError: It is not a playable format.
        OSError: It cannot be read, or not in time.
    """
    import av

    only_these_bytes = {"protocol_whitelist": "none"}
    with (
        _in_time(content, seconds) as file,
        av.open(file, "r", timeout=DECODING, format=DEMUXERS[kind], options=only_these_bytes) as container,
    ):
        yield container


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
def _in_time(content: Content, seconds: float) -> Iterator[BinaryIO]:
    """Open the content for a decoder, and limit the time for reading."""
    end = time.monotonic() + seconds
    with content.open() as file:

        def read(position: int, count: int) -> bytes:
            if time.monotonic() > end:
                raise TimeoutError
            file.seek(position)
            return file.read(count)

        yield cast(BinaryIO, PositionReader(content.size, read, lambda: None))
