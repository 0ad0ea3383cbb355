"""Core: media in requests. May import `later`. The rules for media in a schema are in `core.media_rules`.

A `str` is either a URL, which is sent unchanged, or a data URL. It is never a path, so that untrusted text cannot make
this package read files.
"""

from __future__ import annotations

import sys
from collections.abc import Mapping
from os import PathLike
from typing import IO, TYPE_CHECKING, BinaryIO, Protocol, TypeAlias, cast

import attrs

from kie._core.later import later
from kie._core.safe_text import attribute_of
from kie._core.tasks import HasRef

if TYPE_CHECKING:
    from datetime import datetime
else:
    datetime = later("datetime", "datetime")


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
    expires_at: datetime | None = None
    """When the host deletes the file, if it reports that. The vendor documents it; no recorded answer has it."""
    file_id: str | None = None
    """The host's id of the file, if it reports one. The vendor documents it; no recorded answer has it."""
    original_name: str | None = None
    """The name under which the file was sent, if the host reports it. The vendor documents it; no recorded answer has
    it."""

    def __str__(self) -> str:
        return self.url


class Readable(Protocol):
    """What bytes can be read from: an open binary file, a pipe, an HTTP answer, `gzip.open(...)`."""

    def read(self, size: int = ..., /) -> bytes:
        """Read that many bytes at most; nothing at the end."""
        ...


class HoldsFile(Protocol):
    """An uploaded file of a web framework, such as Starlette's `UploadFile`."""

    @property
    def filename(self) -> str | None:
        """The name that the browser gave."""
        ...

    @property
    def file(self) -> BinaryIO:
        """The open file."""
        ...


class Picture(Protocol):
    """A `PIL.Image.Image`."""

    @property
    def mode(self) -> str:
        """The kind of its pixels, such as `RGB`."""
        ...

    def save(self, fp: IO[bytes], format: str | None = None) -> None:
        """Encode it."""
        ...

    def convert(self, mode: str) -> Picture:
        """A copy with another kind of pixels."""
        ...


class PixelArray(Protocol):
    """A `numpy.ndarray` of `uint8`: height × width, or height × width × 3 (RGB) or 4 (RGBA)."""

    @property
    def __array_interface__(self) -> Mapping[str, object]:
        """Where its pixels are, and how they are arranged."""
        ...


Media: TypeAlias = (
    str
    | UploadedFile
    | HasRef
    | PathLike[str]
    | bytes
    | bytearray
    | memoryview
    | Readable
    | HoldsFile
    | Picture
    | PixelArray
)
"""What a media field takes: a URL, an uploaded file, a result or one of its assets, or local media that are uploaded on
submission."""

ACCEPTED = (
    "pass a URL, a data URL, a pathlib.Path, bytes, a file that is open in mode 'rb', a PIL image, a numpy array "
    "or a result"
)


def is_local(value: object) -> bool:
    """Whether a value is local media, other than a data URL."""
    return (
        isinstance(value, (bytes, bytearray, memoryview, PathLike))
        or stream_of(value) is not None
        or is_picture(value)
        or is_array(value)
    )


def is_data_url(text: str) -> bool:
    """Whether a text contains a file: `data:image/png;base64,…`."""
    return text[:5].lower() == "data:"


def stream_of(value: object) -> Readable | None:
    """The stream of a value that is an open file, or holds one like uploads of web frameworks; else None."""
    if isinstance(value, type) or hasattr(value, "ref"):  # an asset of a result has `read` as well
        return None
    held = attribute_of(value, "file")
    if callable(attribute_of(held, "read")) and attribute_of(value, "filename", held) is not held:
        return cast(Readable, held)
    return cast(Readable, value) if callable(attribute_of(value, "read")) else None


def is_picture(value: object) -> bool:
    """Whether a value is a PIL image. This does not import PIL: whoever has an image has imported it."""
    return isinstance(value, getattr(sys.modules.get("PIL.Image"), "Image", ()))


def is_array(value: object) -> bool:
    """Whether a value is a numpy array that may hold pixels. A one-dimensional array is treated as a list."""
    return isinstance(value, getattr(sys.modules.get("numpy"), "ndarray", ())) and getattr(value, "ndim", 0) > 1


def decoded(url: str) -> tuple[str, bytes]:
    """The media type and the bytes in a data URL (RFC 2397).

    Args:
        url: A text of which `is_data_url` is true.

    Returns:
        The media type that it states, and its content.

    Raises:
        ValueError: It is not a data URL, or its Base64 is damaged.
    """
    import base64
    from urllib.parse import unquote_to_bytes

    head, comma, data = url[5:].partition(",")
    if not comma:
        raise ValueError("the data URL has no comma before its content")
    content_type, *parameters = [part.strip().lower() for part in head.split(";")]
    content = unquote_to_bytes(data)
    if "base64" in parameters:
        try:
            content = base64.b64decode(b"".join(content.split()), validate=True)
        except ValueError as error:
            raise ValueError(f"the Base64 of the data URL is damaged: {error}") from None
    return content_type or "text/plain", content
