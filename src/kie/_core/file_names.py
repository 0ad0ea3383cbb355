"""Core: names of files, for uploads and for users' paths. May import only `_core`."""

from __future__ import annotations

import re
from collections.abc import Mapping
from os import PathLike, fspath

from kie._core.errors import ConfigError
from kie._core.safe_text import described, kind_of, repr_of

LONGEST = 255
"""The most bytes in a file name: the limit of most file systems."""

NO_FORMAT = "of no known format"

_OTHERS: Mapping[str, tuple[str, ...]] = {
    "jpeg": ("jpg", "jpeg", "jpe", "jfif"),
    "tiff": ("tif", "tiff"),
    "mp4": ("mp4", "m4v"),
    "mov": ("mov", "qt"),
    "heic": ("heic", "heif"),
    "ogg": ("ogg", "oga", "opus"),
    "aiff": ("aiff", "aif"),
    "mpg": ("mpg", "mpeg"),
    "midi": ("midi", "mid"),
    "apng": ("png", "apng"),
}
_MEDIA = frozenset(
    [
        *"png gif webp bmp avif svg ico psd jxr mp3 wav aac m4a flac amr weba mkv webm avi wmv flv 3gp".split(),
        *(extension for extensions in _OTHERS.values() for extension in extensions),
    ]
)

EXTENSIONS = _MEDIA | frozenset("json txt srt vtt csv zip pdf glb mid bin".split())
"""Extensions that mark a user's text as the name of a file, not of a folder."""


def same_format(one: str, other: str) -> bool:
    """Whether two extensions mean the same format, such as `.jpg` and `.JPEG`."""
    pair = {one.lower().lstrip("."), other.lower().lstrip(".")}
    return len(pair) == 1 or any(pair <= {*names} for names in _OTHERS.values())


def path_of(name: str, value: object, *, empty: bool = True) -> str:
    """Read the path that a user passes as the argument `name`, in any path-like object. Raises `ConfigError`.

    With `empty`, an empty path means the current folder.
    """
    if not isinstance(value, (str, PathLike)):
        raise ConfigError(f"{name} must be a path, not {repr_of(value)}")
    try:
        path = fspath(value)
    except Exception as error:
        raise ConfigError(f"{name} is {kind_of(value)} that gives no path ({described(error)})") from error
    if not isinstance(path, str):
        raise ConfigError(f"{name} must be a path as text, not {path!r}")
    if not path and not empty:
        raise ConfigError(f"{name} cannot be an empty path: name a file or a folder, or leave it out")
    return path


def printable(name: str) -> str:
    """The last part of any system's path, safe for terminals and headers: `../a\\nb` becomes `a_b`."""
    last = re.split(r"[/\\]", name)[-1]
    return "".join(character if character.isprintable() else "_" for character in last)


def fitted(name: str, format: str) -> str:
    """Make a name usable: one part of a path in printable UTF-8, at most 255 bytes, with the content's extension.

    The service trusts the extension, and models refuse a JPEG that is named `.png` (observed live for Veo).

    Args:
        name: The name as the user, a path or a browser gave it.
        format: The format of the content, as `kie._io.local_media.sniff` names it.

    Returns:
        The name under which the file is sent.
    """
    clean = printable(name).strip(" .") or "upload"
    stem, dot, extension = clean.rpartition(".")
    if not dot or not stem:
        stem, extension = clean, ""
    if format != NO_FORMAT:
        fits = _OTHERS.get(format, (format,))
        if extension.lower() not in fits:
            stem = stem if not extension or extension.lower() in _MEDIA else clean
            extension = fits[0]
    ending = f".{extension}" if extension else ""
    if len(ending.encode()) > LONGEST // 2:
        stem, ending = clean, ""
    return stem.encode()[: LONGEST - len(ending.encode())].decode(errors="ignore") + ending
