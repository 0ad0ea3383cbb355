"""Library: reads the facts of a file on this machine. May import `_core`, `_io`."""

from __future__ import annotations

import hashlib
import os
import struct
from contextlib import suppress
from io import RawIOBase
from pathlib import Path
from typing import cast

import attrs

from kie._core.errors import MediaRejected
from kie._core.file_names import NO_FORMAT
from kie._io.content import Content, Unreadable, in_memory, on_disk, reason_of
from kie._io.local_media import sides_and_duration, sniff, stated_type
from kie._io.received import Unfit, format_of
from kie._library.c2pa import has_manifest
from kie._library.run import FileKind

_HEAD = 8192
_SMALL = 4 * 1024 * 1024
"""Files up to this many bytes are held in memory while they are read."""
_PROPER = {
    "audio/x-wav": "audio/wav",
    "audio/x-flac": "audio/flac",
    "audio/x-aiff": "audio/aiff",
    "video/x-m4v": "video/mp4",
}
_BY_CONTENT = {"mp4": "video/mp4", "mp3": "audio/mpeg", "glb": "model/gltf-binary"}
"""The media types of formats that our own reader knows, but not `filetype`."""


@attrs.frozen(kw_only=True)
class FileFacts:
    """The facts of a file.

    The fields are those of `RunFile`: `attrs.evolve(file, **attrs.asdict(facts))` fills them in.
    """

    kind: FileKind
    """Its kind, by its content."""
    mime: str
    """Its MIME type, by its content; by its name for formats that content does not show, such as JSON."""
    size: int
    """Bytes."""
    sha256: str
    """The SHA-256 of its content, in hex."""
    width: int | None = None
    """Pixels; None for what has no sides, or without the extra `media`."""
    height: int | None = None
    """Pixels; None for what has no sides, or without the extra `media`."""
    seconds: float | None = None
    """How long it plays; None for what does not, or without the extra `media`."""
    c2pa: bool = False
    """Whether it holds a C2PA manifest."""


def facts_of(path: str | os.PathLike[str]) -> FileFacts:
    """Read the facts of a file. A large one is read in parts, and never held in memory.

    Args:
        path: A regular file.

    Returns:
        The facts.

    Raises:
        OSError: The file is missing, unreadable, not a regular file, or changes while it is read.
    """
    try:
        content = _content(os.path.abspath(path), os.fspath(path))
        with content.open() as file:
            digest = hashlib.file_digest(cast("RawIOBase", file), "sha256").hexdigest()
        encoding, mime = format_and_type(content, Path(path))
        seen = sides_and_duration(content, encoding, mime)
        manifest = _has_manifest(content)
    except (Unreadable, MediaRejected) as fault:
        raise OSError(f"{os.fspath(path)}: {reason_of(fault)}") from fault
    kind: FileKind = "file"
    match mime.partition("/")[0]:
        case "image":
            kind = "image"
        case "audio":
            kind = "audio"
        case "video":  # sound only: the container states a duration, and has no pictures
            kind = "audio" if "seconds" in seen and "width" not in seen else "video"
    if kind == "audio":  # these are the sides of its cover
        seen = {name: value for name, value in seen.items() if name == "seconds"}
    measured = {name: seen[name] for name in ("width", "height", "seconds") if name in seen}
    return FileFacts(kind=kind, mime=mime, size=content.size, sha256=digest, c2pa=manifest, **measured)


def _content(path: str, name: str) -> Content:
    """Open the content of a file, which is read only once if it is small."""
    content = on_disk(path, name)
    if content.size > _SMALL:
        return content
    with content.open() as file:
        return in_memory(file.read(content.size))


def format_and_type(content: Content, path: Path) -> tuple[str, str]:
    """The format of a file, as `kie._io.local_media.sniff` names it, and its media type."""
    with content.open() as file:
        head = file.read(_HEAD)
    encoding, mime = sniff(head)
    if encoding == NO_FORMAT:
        with suppress(Unfit):
            encoding = format_of(head) or NO_FORMAT
        mime = _BY_CONTENT.get(encoding)
    if mime is None:
        mime = stated_type(path, path.name)
    return encoding, _PROPER.get(mime, mime)


def _has_manifest(content: Content) -> bool:
    with content.open() as file:
        try:
            return has_manifest(file)
        except (struct.error, IndexError, ValueError):  # it is truncated, or not what its first bytes suggest
            return False
