"""Library: detects a C2PA manifest in a file, at the place where the file's format keeps one. May import nothing of
ours.

The places are those that the C2PA specification (Embedding manifests into assets) names. Only headers are read: the
code walks a file from part to part, and never searches the content of a part.
"""

from __future__ import annotations

import os
import struct
from collections.abc import Callable, Iterator
from typing import BinaryIO
from uuid import UUID

_STORE = UUID("63327061-0011-0010-8000-00AA00389B71").bytes
"""The type of a JUMBF box that is a manifest store."""
_BOX = UUID("D8FEC3D6-1B0E-483C-9297-5828877EC481").bytes
"""The type of the box of MP4 and its relatives that holds one."""
_TIFF_TAG = 0xCD41
_MIME_TYPES = (b"application/c2pa", b"application/x-c2pa-manifest-store")
_MOST_PARTS = 100_000
"""The most parts of a file that are walked."""
_MOST_OF_A_TAG = 64 * 1024**2
"""The most bytes of an ID3 tag that are walked."""


def has_manifest(file: BinaryIO) -> bool:
    """Whether a file holds a C2PA manifest. The manifest is not validated.

    Args:
        file: The open file. Its position is changed.

    Returns:
        Whether there is one where JPEG, PNG, GIF, TIFF, JPEG XL, RIFF (WebP, WAV, AVI), the relatives of MP4 (MOV, M4A,
        HEIC, AVIF) and ID3 (MP3) keep it.

    Raises:
        OSError: The file cannot be read.
    """
    size = file.seek(0, os.SEEK_END)
    walk = _walk_of(_read(file, 0, 12))
    return walk is not None and any(found for found, _ in zip(walk(file, size), range(_MOST_PARTS), strict=False))


def _walk_of(head: bytes) -> Callable[[BinaryIO, int], Iterator[bool]] | None:
    """Get the walker for a file that begins with these bytes.

    A walker yields, for each part, whether it is a manifest.
    """
    if head[4:8] == b"ftyp" or head == b"\0\0\0\x0cJXL \r\n\x87\n":
        return _boxes
    for start, walk in _WALKS.items():
        if head.startswith(start):
            return walk
    return None


def _read(file: BinaryIO, position: int, count: int) -> bytes:
    file.seek(position)
    return file.read(count)


def _is_store(box: bytes) -> bool:
    """Whether a JUMBF box that begins with these bytes is a manifest store, by the type or label in its description."""
    start = 16 if box[:4] == b"\0\0\0\1" else 8
    description = box[start:]
    return (
        box[4:8] == b"jumb"
        and description[4:8] == b"jumd"
        and (description[8:24] == _STORE or description[25:30] == b"c2pa\0")
    )


def _jpeg(file: BinaryIO, size: int) -> Iterator[bool]:
    """Walk the segments before the picture. A manifest is JUMBF in `APP11`: `JP`, two numbers, then the box."""
    position = 2
    while position + 4 <= size:
        head = _read(file, position, 4)
        if head[0] != 0xFF or head[1] in (0xDA, 0xD9):
            return
        length = int.from_bytes(head[2:], "big")
        content = _read(file, position + 4, min(64, max(0, length - 2))) if head[1] == 0xEB else b""
        yield content[:2] == b"JP" and _is_store(content[8:])
        if head[1] == 0xFF:  # a fill byte
            position += 1
        elif head[1] == 0x01 or 0xD0 <= head[1] <= 0xD8:  # markers without a length
            position += 2
        else:
            position += 2 + max(2, length)


def _png(file: BinaryIO, size: int) -> Iterator[bool]:
    position = 8
    while position + 8 <= size:
        length, name = struct.unpack(">I4s", _read(file, position, 8))
        yield name == b"caBX"
        if name == b"IEND":
            return
        position += 12 + length


def _riff(file: BinaryIO, size: int) -> Iterator[bool]:
    position = 12
    while position + 8 <= size:
        name, length = struct.unpack("<4sI", _read(file, position, 8))
        yield name == b"C2PA"
        position += 8 + length + length % 2


def _boxes(file: BinaryIO, size: int) -> Iterator[bool]:
    """Walk the boxes of MP4 and its relatives. JPEG XL keeps its JUMBF box in the same kind of sequence."""
    position = 0
    while position + 8 <= size:
        head = _read(file, position, 64)
        length, name = struct.unpack(">I4s", head[:8])
        start = 8
        if length == 1:
            length, start = int.from_bytes(head[8:16], "big"), 16
        elif length == 0:
            length = size - position
        yield (name == b"uuid" and head[start : start + 16] == _BOX) or _is_store(head)
        if length < start:
            return
        position += length


def _tiff(file: BinaryIO, size: int) -> Iterator[bool]:
    """Walk the entries of each directory."""
    order = ">" if _read(file, 0, 2) == b"MM" else "<"
    (position,) = struct.unpack(f"{order}I", _read(file, 4, 4).ljust(4, b"\0"))
    while 8 <= position <= size - 2:
        (count,) = struct.unpack(f"{order}H", _read(file, position, 2))
        entries = file.read(12 * count + 4)
        yield False
        for start in range(0, min(12 * count, len(entries) - 1), 12):
            yield struct.unpack_from(f"{order}H", entries, start)[0] == _TIFF_TAG
        if len(entries) < 12 * count + 4:
            return
        (position,) = struct.unpack(f"{order}I", entries[-4:])


def _gif(file: BinaryIO, size: int) -> Iterator[bool]:
    """Walk the blocks (pictures, extensions): each is followed by pieces of at most 255 bytes, the last one empty."""
    head = _read(file, 0, 13)
    position = 13 + _table(head[10]) if len(head) == 13 else size
    while position < size:
        block = _read(file, position, 14)
        yield block == b"!\xff\x0bC2PA_GIF\x01\0\0"
        if block[:1] == b"!":
            position += 2
        elif block[:1] == b"," and len(block) > 9:
            position += 11 + _table(block[9])
        else:
            return
        while length := int.from_bytes(_read(file, position, 1), "big"):
            yield False
            position += 1 + length
        position += 1


def _table(flags: int) -> int:
    """The size of a colour table in bytes."""
    return 3 << (flags & 7) + 1 if flags & 0x80 else 0


def _id3(file: BinaryIO, size: int) -> Iterator[bool]:
    """Walk the frames of the tag. A manifest is an object in a `GEOB` frame, with a media type of its own."""
    head = _read(file, 0, 10).ljust(10, b"\0")
    version, end = head[3], min(size, 10 + min(_syncsafe(head[6:10]), _MOST_OF_A_TAG))
    name_length, head_length = (3, 6) if version == 2 else (4, 10)
    position = 10
    if head[5] & 0x40 and version > 2:  # an extended header
        stated = _read(file, position, 4)
        position += _syncsafe(stated) if version == 4 else 4 + int.from_bytes(stated, "big")
    while position + head_length <= end:
        frame = _read(file, position, head_length + 64)
        name, stated = frame[:name_length], frame[name_length : 2 * name_length]
        if not name.strip(b"\0"):
            return
        length = _syncsafe(stated) if version == 4 else int.from_bytes(stated, "big")
        media_type = frame[head_length + 1 :].partition(b"\0")[0]
        yield name in (b"GEOB", b"GEO") and media_type in _MIME_TYPES
        position += head_length + length


def _syncsafe(number: bytes) -> int:
    """Decode a number that has seven bits in each byte."""
    total = 0
    for byte in number:
        total = total << 7 | byte & 0x7F
    return total


_WALKS: dict[bytes, Callable[[BinaryIO, int], Iterator[bool]]] = {
    b"\xff\xd8": _jpeg,
    b"\x89PNG\r\n\x1a\n": _png,
    b"RIFF": _riff,
    b"II*\0": _tiff,
    b"MM\0*": _tiff,
    b"GIF8": _gif,
    b"ID3": _id3,
}
