"""Core: media in requests. May import nothing of ours; what a schema says of media is in `core.media_rules`.

A `str` is always a URL and is sent unchanged; local media are a path, bytes or a binary file. A `str` is never a path,
so that text from strangers cannot make this package read files.
"""

from __future__ import annotations

from os import PathLike
from typing import TYPE_CHECKING, BinaryIO, TypeAlias

import attrs

if TYPE_CHECKING:
    from datetime import datetime


@attrs.frozen(kw_only=True)
class UploadedFile:
    """A file at Kie's upload host. `str(file)` is its URL.

    The service deletes uploads after 24 hours to 3 days (its sources disagree): upload shortly before use.
    """

    url: str
    """The URL of the file, for any media field."""
    name: str | None = None
    """The name that the host gave the file, if it reports one."""
    path: str | None = None
    """Where the host stores the file, if it reports that."""
    size: int | None = None
    """Size in bytes, if the host reports it."""
    content_type: str | None = None
    """The media type, such as `image/png`, if the host reports it."""
    uploaded_at: datetime | None = None
    """When the file was uploaded, if the host reports it."""

    def __str__(self) -> str:
        return self.url


LocalMedia: TypeAlias = PathLike[str] | bytes | BinaryIO
Media: TypeAlias = str | UploadedFile | PathLike[str] | bytes | BinaryIO
"""What a media field takes: a URL, an uploaded file, or local media that are uploaded on submission."""


def is_local(value: object) -> bool:
    """Whether a value is local media: a path, bytes, or something to read bytes from."""
    return isinstance(value, (bytes, bytearray, PathLike)) or callable(getattr(value, "read", None))
