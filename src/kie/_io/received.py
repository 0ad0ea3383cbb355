"""IO: checks a downloaded file: its format by content, and whether it is complete. May import `_core`."""

from __future__ import annotations

import json
import os
import re
import struct
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import PurePosixPath
from typing import BinaryIO
from urllib.parse import unquote, urlsplit

import filetype

MEDIA = ("image", "video", "audio")

_HEAD = 8192
_TAIL = 64 * 1024
_MAX_JSON = 32 * 1024 * 1024
_NAMES = {"midi": "mid", "apng": "png", "m4v": "mp4"}
_ARCHIVES = frozenset({"zip", "pdf"})
_TEXTS = frozenset({"json", "txt", "srt", "vtt", "csv", "svg"})
_TEXT_TYPES = re.compile(r"text/|application/(json|xml|xhtml)|.*\+(json|xml)", re.IGNORECASE)
_MARKUP = re.compile(rb"(?:\xef\xbb\xbf)?\s*<(?:[!?]|[a-zA-Z][\w:.-]*[\s/>])")


class Unfit(Exception):
    """The download is not the requested file. The text says why."""


def extension_of(file: BinaryIO, url: str, kind: str, content_type: str, *, framed: bool) -> str:
    """The extension for a downloaded file, such as `.png`. The content decides, never the server.

    Args:
        file: The whole file. Its position may change.
        url: The URL of the file. Its extension says whether a text is acceptable.
        kind: What the model makes: `image`, `video`, `audio`, or anything else if that is not known.
        content_type: The media type that the server named.
        framed: Whether the protocol marks the end of the body. If not, the content has to.

    Raises:
        Unfit: The file is empty, cut off, an error page, or something else that no model makes.
    """
    size = file.seek(0, os.SEEK_END)
    if size == 0:
        raise Unfit("the server sent an empty file")
    head = _read(file, 0, _HEAD)
    hint = PurePosixPath(unquote(urlsplit(url).path)).suffix.lower().lstrip(".")
    found = format_of(head)
    whole: bool | None
    if found is None and _is_text(head, content_type):
        found, whole = _text(file, size, head, hint, kind), True
    elif found is None:
        claimed = content_type.partition("/")[0].strip().lower()
        if claimed not in MEDIA and (kind in MEDIA or hint not in ("", "bin")):
            raise Unfit(f"the server sent something that is not {_a(kind)}")
        found, whole = "bin", None
    else:
        whole = _ENDS[found](file, size) if found in _ENDS else None
    if whole is False:
        raise Unfit("the file is cut off: its end is missing")
    if whole is None and not framed:
        raise Unfit("the server did not say how long the file is, so it may be cut off")
    return f".{found}"


def _a(kind: str) -> str:
    return {"image": "an image", "video": "a video", "audio": "sound"}.get(kind, "the file")


def _read(file: BinaryIO, start: int, count: int) -> bytes:
    file.seek(max(0, start))
    return file.read(count)


def format_of(head: bytes) -> str | None:
    """The extension of media by their first bytes; None if unknown. Raises `Unfit` for programs and the like."""
    if head.startswith(b"glTF"):
        return "glb"
    guess = filetype.guess(head)
    if guess is None and head[4:8] == b"ftyp":  # a brand that `filetype` does not know
        return "mp4"
    if guess is None:  # untagged MPEG audio, of a layer or version that `filetype` does not know
        return "mp3" if len(head) > 3 and head[0] == 0xFF and head[1] & 0xE6 in (0xE2, 0xE4) else None
    name = str(guess.extension)
    if name not in _ARCHIVES and str(guess.mime).partition("/")[0] not in MEDIA:
        raise Unfit(f"the server sent a file of type {guess.mime}, which no model makes")
    return _NAMES.get(name, name)


# texts


def _is_text(head: bytes, content_type: str) -> bool:
    """Whether it is markup or JSON, or the server says that it is text."""
    start = head.removeprefix(b"\xef\xbb\xbf").lstrip()
    return bool(_MARKUP.match(head)) or start[:1] in (b"{", b"[") or bool(_TEXT_TYPES.match(content_type.strip()))


def _text(file: BinaryIO, size: int, head: bytes, hint: str, kind: str) -> str:
    """The extension of a text, if the URL has a matching one. Raises `Unfit` for an error page."""
    if _MARKUP.match(head):
        if re.search(rb"<svg[\s>]", head) and not re.search(rb"<html[\s>]", head, re.IGNORECASE):
            if not re.search(rb"</svg\s*>|/>\s*$", _read(file, size - _TAIL, _TAIL)):
                raise Unfit("the file is cut off: its end is missing")
            return "svg"
        raise Unfit(f"the server sent a web page or XML, not {_a(kind)}")
    if kind in MEDIA or hint not in _TEXTS - {"svg"}:
        raise Unfit(f"the server sent text, not {_a(kind)}")
    if hint == "json" and size <= _MAX_JSON:
        try:
            json.loads(_read(file, 0, size))
        except (ValueError, RecursionError):
            raise Unfit("the server sent what is not JSON, or is cut off") from None
    return hint


# ends: True if a file is complete, False if it is cut off, None if its format does not tell


def _marked(mark: bytes, file: BinaryIO, size: int) -> bool:
    return mark in _read(file, size - _TAIL, _TAIL)


def _riff(file: BinaryIO, size: int) -> bool | None:
    stated = int.from_bytes(_read(file, 4, 4), "little")
    return None if stated in (0, 0xFFFFFFFF) else size >= stated + 8


def _aiff(file: BinaryIO, size: int) -> bool:
    return size >= int.from_bytes(_read(file, 4, 4), "big") + 8


def _glb(file: BinaryIO, size: int) -> bool:
    return size >= int.from_bytes(_read(file, 8, 4), "little")


def _ogg(file: BinaryIO, size: int) -> bool:
    page = _read(file, size - _TAIL, _TAIL).rpartition(b"OggS")
    return bool(page[1]) and len(page[2]) > 1 and bool(page[2][1] & 4)


def _boxes(file: BinaryIO, size: int) -> bool | None:
    """Check MP4 and its relatives: boxes, each with a stated length; `moov` or `meta` describes the content."""
    names = []
    position = 0
    while position + 8 <= size:
        length, name, long = struct.unpack(">I4sQ", _read(file, position, 16).ljust(16, b"\0"))
        if length == 1:
            length = long
        elif length == 0:
            return None
        if length < 8:
            break
        names.append(name)
        position += length
    return position <= size and bool({b"moov", b"meta"} & set(names))


def _numbers(file: BinaryIO, position: int) -> Iterator[tuple[int, int]]:
    """Yield EBML numbers at a position, each with its length in bytes: first an id, then a size."""
    for _ in range(2):
        length = 9 - int.from_bytes(_read(file, position, 1), "big").bit_length()
        yield int.from_bytes(_read(file, position, length), "big"), length
        position += length


def _ebml(file: BinaryIO, size: int) -> bool | None:
    """Check WebM and Matroska: a header and a segment, each with a stated length."""
    position = 0
    for _ in range(2):
        (_, id_length), (stated, length) = _numbers(file, position)
        stated &= (1 << 7 * length) - 1
        if stated == (1 << 7 * length) - 1:
            return None
        position += id_length + length + stated
        if position > size:
            return False
    return True


_ENDS: dict[str, Callable[[BinaryIO, int], bool | None]] = {
    "png": partial(_marked, b"IEND\xaeB`\x82"),
    "jpg": partial(_marked, b"\xff\xd9"),
    "gif": lambda file, size: _read(file, size - _TAIL, _TAIL).rstrip(b"\0").endswith(b";"),
    **dict.fromkeys(("webp", "wav", "avi"), _riff),
    **dict.fromkeys(("mp4", "mov", "m4a", "3gp", "heic", "avif"), _boxes),
    **dict.fromkeys(("webm", "mkv"), _ebml),
    "aiff": _aiff,
    "glb": _glb,
    "ogg": _ogg,
    "pdf": partial(_marked, b"%%EOF"),
    "zip": partial(_marked, b"PK\x05\x06"),
}
