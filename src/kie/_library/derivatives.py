"""Library: makes the pictures of a run's files, next to the originals. May import `_core`, `_io`.

Originals are opened for reading only. A picture is written under a temporary name, and renamed once it is complete.
"""

from __future__ import annotations

import io
import os
from collections.abc import Callable, Sequence
from contextlib import suppress
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Literal, cast

import attrs

from kie._core.safe_text import described
from kie._io.content import Unreadable
from kie._io.replacing import writing
from kie._library.picture import picture_of, smaller
from kie._library.run import Run, RunFile
from kie._library.settings import DerivativeSettings

if TYPE_CHECKING:
    from PIL.Image import Image

HINT = "pictures of runs need the extra `media`: pip install 'kie[media]'; then library.repair() makes them"
"""The message if pictures are missing because the extra is not installed."""
_WITHOUT = frozenset({"image/svg+xml"})
"""Images that pages show directly, so that they need no pictures."""


@attrs.frozen(kw_only=True)
class PictureFault:
    """Why there is no picture of a file."""

    kind: Literal["unreadable", "unwritable"]
    """Whether the original cannot be read, or the picture cannot be written."""
    path: Path
    """The original, or the picture."""
    why: str
    """The reason."""

    def __str__(self) -> str:
        what = "no picture was made of it" if self.kind == "unreadable" else "the picture cannot be written"
        return f"{self.path}: {what}: {self.why}"


def can_make() -> bool:
    """Whether the extra `media` is installed. This imports nothing."""
    return find_spec("PIL") is not None and find_spec("av") is not None


def make(
    run: Run,
    settings: DerivativeSettings,
    *,
    only_missing: bool = True,
    report: Callable[[PictureFault], object] | None = None,
    unreadable: set[Path] | None = None,
    scratch: Path | None = None,
) -> tuple[RunFile, ...]:
    """Make the pictures of a run's files. A file that cannot be read or written raises nothing.

    Args:
        run: The run. Its folder has to exist; it is not created.
        settings: Which pictures, and how large.
        only_missing: Whether to keep pictures that exist and are complete.
        report: Called for each picture that could not be made, with the reason.
        unreadable: Originals that cannot be read: they are skipped, and new ones are added.
        scratch: The folder for unfinished pictures, on the same file system; by default the pictures' own folder.

    Returns:
        The outputs of the run with the paths of their pictures. Without the extra `media`, the outputs unchanged.
    """
    if not can_make():
        return run.outputs
    return tuple(_with_pictures(file, settings, only_missing, report, unreadable, scratch) for file in run.outputs)


def lacks_pictures(file: RunFile, settings: DerivativeSettings) -> bool:
    """Whether pictures that a file should have are missing, incomplete, or not noted in the run.

    Args:
        file: An output. A file that is not on this machine lacks none; nor does sound, which may have no cover.
        settings: Which pictures are wanted.

    Returns:
        Whether `make` would make pictures, if the file can be read.
    """
    names = _names(file, settings)
    if file.path is None or file.kind == "audio" or file.mime in _WITHOUT or not os.path.exists(file.path):
        return False
    noted = {"web": file.web, "thumb": file.thumb, "poster": file.poster}
    return any(noted[field] != name or not _whole(file.place(name)) for field, name in names.items())


def _with_pictures(
    file: RunFile,
    settings: DerivativeSettings,
    only_missing: bool,
    report: Callable[[PictureFault], object] | None,
    unreadable: set[Path] | None,
    scratch: Path | None,
) -> RunFile:
    original, names = file.path, _names(file, settings)
    if original is None or not names or not os.path.exists(original):
        return file
    missing = {name for name in names.values() if not only_missing or not _whole(file.place(name))}
    if missing and unreadable is not None and original in unreadable:
        return file
    fault = None
    try:
        if missing:
            made = picture_of(original, max(settings.web_side, settings.thumb_side), settings.poster_second)
            if made is None:
                return file
            _write(file, made, missing, settings, scratch)
    except Unreadable as error:
        fault = PictureFault(kind="unreadable", path=original, why=str(error))
        if unreadable is not None:
            unreadable.add(original)
    except OSError as error:
        fault = PictureFault(kind="unwritable", path=original, why=error.strerror or described(error))
    if fault is None:
        return attrs.evolve(
            file,
            web=names.get("web", file.web),
            thumb=names.get("thumb", file.thumb),
            poster=names.get("poster", file.poster),
        )
    if report is not None:
        report(fault)
    return file


def _names(file: RunFile, settings: DerivativeSettings) -> dict[str, str]:
    """The field and the path of each picture that a file should have. The poster of a video is its web picture."""
    if file.kind == "file" or (file.kind == "video" and not settings.poster):
        return {}
    web, thumb = f"web/{file.index}.webp", f"thumb/{file.index}.webp"
    names = {"poster": web} if file.kind == "video" else {}
    return names | ({"web": web} if settings.web else {}) | ({"thumb": thumb} if settings.thumb else {})


def _whole(path: Path | None) -> bool:
    """Whether a WebP file is complete."""
    if path is None:
        return False
    try:
        with open(path, "rb") as file:
            head = file.read(12)
            size = file.seek(0, os.SEEK_END)
    except OSError:
        return False
    return head[:4] == b"RIFF" and head[8:] == b"WEBP" and size == int.from_bytes(head[4:8], "little") + 8


def _write(file: RunFile, picture: Image, names: set[str], settings: DerivativeSettings, scratch: Path | None) -> None:
    for name in names:
        small = name.startswith("thumb/")
        side, quality = (
            (settings.thumb_side, settings.thumb_quality) if small else (settings.web_side, settings.web_quality)
        )
        encoded = io.BytesIO()  # so that a network folder is written to once
        smaller(picture, side).save(encoded, "WEBP", quality=quality)
        target = cast("Path", file.place(name))
        with suppress(FileExistsError):
            target.parent.mkdir(mode=0o700)
        with writing(target, scratch=scratch) as new:
            new.path.write_bytes(encoded.getbuffer())


def with_pictures(run: Run, made: Sequence[RunFile]) -> Run:
    """Add pictures to a run that may have changed while they were made.

    Args:
        run: The run, which may have changed since.
        made: What `make` returned.

    Returns:
        The run. Outputs that were downloaded again since are left alone.
    """
    found = {file.index: file for file in made}

    def joined(file: RunFile) -> RunFile:
        new = found.get(file.index)
        if new is None or (new.name, new.sha256) != (file.name, file.sha256):
            return file
        return attrs.evolve(file, web=new.web, thumb=new.thumb, poster=new.poster)

    return attrs.evolve(run, outputs=tuple(joined(file) for file in run.outputs))
