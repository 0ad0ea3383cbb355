"""Library: one image that shows many runs. May import `_core`, `_io`."""

from __future__ import annotations

import math
import os
from collections.abc import Iterator, Sequence
from contextlib import suppress
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import attrs

from kie._core.errors import ConfigError
from kie._core.numbers import whole
from kie._io.content import Unreadable
from kie._library.picture import picture_of
from kie._library.run import Run, RunFile
from kie._library.targets import path_to, written

if TYPE_CHECKING:
    from PIL.Image import Image

MOST_PIXELS = 100_000_000
"""The most pixels of a sheet: 300 MB while it is made."""
_LONGEST = {"JPEG": 65_500, "PNG": 65_500, "WEBP": 16_383}
_FORMATS = {".jpg": "JPEG", ".jpeg": "JPEG", ".png": "PNG", ".webp": "WEBP"}
_COLUMNS = 12
_GAP = 12
_PAPER, _CELL, _INK, _PALE, _FAILED = (250, 250, 250), (232, 232, 234), (24, 24, 28), (112, 112, 120), (176, 32, 32)
_FONTS = ("DejaVuSans.ttf", "Arial Unicode.ttf", "arial.ttf")
"""System fonts that cover more characters than Pillow's own."""
_THUMB = 384
"""Up to this many pixels, the small picture of a file is used."""
_WIDEST_TEXT = 400
"""The most characters of a prompt that are measured."""
_STATES = {"open": "not ended yet", "unknown": "outcome unknown", "expired": "expired"}


@attrs.frozen(kw_only=True)
class _Cell:
    """One cell of the sheet: a run, or one of the files that it made."""

    run: Run
    file: RunFile | None = None


def contact_sheet(
    runs: Sequence[Run],
    target: str | os.PathLike[str],
    *,
    columns: int | None = None,
    width: int = 1600,
    captions: bool = True,
    overwrite: bool = False,
) -> Path:
    """Make one image of many runs: a cell for each file that they made, and one for each run that made none.

    Args:
        runs: The runs, in the order of the sheet.
        target: The file: `.jpg`, `.jpeg`, `.png` or `.webp`. Folders above it are made.
        columns: Cells beside each other, 1 or more; by default as many as make the sheet about square, 12 at most.
        width: Pixels across, 64 to 16383.
        captions: Whether model, prompt, credits and date stand below each picture.
        overwrite: Replace a file of that name. Without it, the next free name is taken.

    Returns:
        The path of the sheet.

    Raises:
        ConfigError: Pillow is missing, an argument is out of bounds, there is nothing to show or too much for one
            image, or the file cannot be written.
    """
    path = path_to("path", target)
    faults = []
    if path.suffix.lower() not in _FORMATS:
        faults.append(f"path must end in {', '.join(_FORMATS)}, not in {path.suffix or path.name!r}")
    if columns is not None and not whole(columns, 1):
        faults.append(f"columns must be a whole number, at least 1, not {columns!r}")
    if not whole(width, 64) or width > _LONGEST["WEBP"]:
        faults.append(f"width must be a whole number, 64 to {_LONGEST['WEBP']}, not {width!r}")
    if faults:
        raise ConfigError("; ".join(faults))
    try:
        import PIL.Image  # noqa: F401
    except ImportError:
        raise ConfigError("a contact sheet needs Pillow: pip install 'kie[media]'") from None
    if not runs:
        raise ConfigError("there are no runs to show on a contact sheet")
    encoding = _FORMATS[path.suffix.lower()]
    if len(runs) >= (columns or _COLUMNS**2):  # before any is read: more cells would only make it higher
        _Sheet(len(runs), columns, width, captions).check(encoding)
    cells = list(_cells(runs))
    sheet = _Sheet(len(cells), columns, width, captions)
    sheet.check(encoding)
    picture = sheet.drawn(cells)
    with written("the contact sheet", path, overwrite=overwrite) as new:
        picture.save(new.path, encoding, quality=88)
    return new.target


def _cells(runs: Sequence[Run]) -> Iterator[_Cell]:
    for run in runs:
        if run.outputs:
            yield from (_Cell(run=run, file=file) for file in run.outputs)
        else:
            yield _Cell(run=run)


class _Sheet:
    """Measures a sheet and draws it."""

    def __init__(self, count: int, columns: int | None, width: int, captions: bool) -> None:
        self.count, self.width = count, width
        self.columns = min(columns or min(_COLUMNS, math.ceil(math.sqrt(count))), count)
        self.gap = min(_GAP, max(1, width // (8 * self.columns)))
        self.side = max(1, (width - self.gap) // self.columns - self.gap)
        self.letter = max(9, min(16, self.side // 16))
        self.line = round(self.letter * 1.4)
        self.below = 3 * self.line if captions else 0
        self.rows = math.ceil(count / self.columns)
        self.height = self.gap + self.rows * (self.side + self.below + self.gap)

    def check(self, encoding: str) -> None:
        """Raise `ConfigError` if the sheet would be too large for one image."""
        longest = min(_LONGEST[encoding], MOST_PIXELS // self.width)
        if self.height > longest:
            fit = max(1, (longest - self.gap) // (self.side + self.below + self.gap)) * self.columns
            raise ConfigError(
                f"{self.count:,} pictures would make a contact sheet of {self.width:,} × {self.height:,} pixels, and "
                f"{encoding} may be at most {longest:,} high: pass fewer runs (limit={fit} fits if each made one "
                "file), more "
                "columns or a smaller width"
            )

    def drawn(self, cells: Sequence[_Cell]) -> Image:
        from PIL import Image, ImageDraw

        picture = Image.new("RGB", (self.width, self.height), _PAPER)
        draw = ImageDraw.Draw(picture)
        for number, cell in enumerate(cells):
            row, column = divmod(number, self.columns)
            left = self.gap + column * (self.side + self.gap)
            top = self.gap + row * (self.side + self.below + self.gap)
            self._show(picture, draw, cell, left, top)
            if self.below:
                for line, (text, colour) in enumerate(_caption(cell)):
                    self._write(draw, (left, top + self.side + 3 + line * self.line), text, colour)
        return picture

    def _show(self, picture: Any, draw: Any, cell: _Cell, left: int, top: int) -> None:
        run, file = cell.run, cell.file
        box = (left, top, left + self.side - 1, top + self.side - 1)
        draw.rectangle(box, fill=_CELL)
        small = None if file is None else _small(file, self.side)
        if small is not None:
            place = (left + (self.side - small.width) // 2, top + (self.side - small.height) // 2)
            picture.paste(small, place, small if small.mode == "RGBA" else None)
        else:
            shown = "audio" if file is not None and file.kind == "audio" else _why_empty(run, file)
            self._write(draw, (left, top + (self.side - self.line) // 2), shown, _PALE, centred=True)
        if file is not None and file.kind == "video":
            _play_mark(draw, left + self.side // 2, top + self.side // 2, max(4, self.side // 10))
        if run.state == "failed":
            draw.rectangle(box, outline=_FAILED, width=max(2, self.side // 60))

    def _write(self, draw: Any, place: tuple[int, int], text: str, colour: Any, *, centred: bool = False) -> None:
        font = _Font.of(self.letter)
        shown = font.fitted(text, self.side)
        left = place[0] + (round(self.side - font.length(shown)) // 2 if centred else 0)
        with suppress(Exception):  # the font's shaper fails on a character: the picture matters more than its caption
            draw.text((left, place[1]), shown, fill=colour, font=font.font)


def _small(file: RunFile, side: int) -> Image | None:
    """A small picture of a file: the one that is kept, else one that is made now and not kept."""
    made = (file.thumb, file.web) if side <= _THUMB else (file.web, file.thumb)
    for name in (*made, file.poster, file.name):
        path = None if file.stored and name == file.name else file.place(name)
        if path is None:
            continue
        with suppress(Unreadable, ImportError):
            picture = picture_of(path, side)
            if picture is not None:
                return picture
    return None


def _why_empty(run: Run, file: RunFile | None) -> str:
    if run.state in _STATES and file is None:
        return _STATES[run.state]
    if run.state == "failed":
        return "failed"
    if file is None:
        return "no file"
    return file.kind if file.path is not None or file.stored else f"{file.kind}: not fetched"


def _caption(cell: _Cell) -> list[tuple[str, tuple[int, int, int]]]:
    run = cell.run
    prompt = run.prompt or ""
    if run.error is not None and run.state == "failed":
        words, colour = run.error.message, _FAILED
    else:
        words, colour = ("prompt not kept" if prompt.startswith("sha256:") else prompt), _PALE
    price = [] if run.credits is None else [f"{_plain(run.credits)} credits"]
    last = " · ".join([*price, f"{run.submitted_at:%Y-%m-%d %H:%M}"])
    return [(run.model, _INK), (words, colour), (last, _PALE)]


def _plain(amount: Decimal) -> str:
    return f"{amount.normalize():f}"


def _play_mark(draw: Any, x: int, y: int, radius: int) -> None:
    draw.ellipse((x - radius, y - radius, x + radius, y + radius), fill=_INK)
    wing = radius // 2
    draw.polygon([(x - wing + wing // 3, y - wing), (x - wing + wing // 3, y + wing), (x + wing, y)], fill=_PAPER)


class _Font:
    """A font, and the characters that it can draw."""

    def __init__(self, font: Any) -> None:
        self.font = font
        self._drawable = cache(self._has)
        self._missing = self._drawn("\U0010ffff")

    @staticmethod
    @cache
    def of(size: int) -> _Font:
        """The best available font: one of the system, else Pillow's own, which can be scaled since Pillow 10.1."""
        from PIL import ImageFont

        for name in _FONTS:
            with suppress(OSError, ImportError):
                return _Font(ImageFont.truetype(name, size))
        try:
            return _Font(ImageFont.load_default(size))
        except (TypeError, OSError, ImportError):
            return _Font(ImageFont.load_default())

    def _drawn(self, character: str) -> object:
        try:
            mask = self.font.getmask(character)
            return bytes(mask), mask.size
        except Exception:  # the plain font has 256 characters, and no font has lone surrogates
            return None

    def _has(self, character: str) -> bool:
        drawn = self._drawn(character)
        return drawn is not None and drawn != self._missing

    def length(self, text: str) -> float:
        """The width of a text in pixels."""
        try:
            return float(self.font.getlength(text))
        except Exception:
            return 0.0

    def fitted(self, text: str, width: int) -> str:
        """Fit a text into one line: an ellipsis replaces what the font cannot draw or what has no room."""
        dots = "…" if self._drawable("…") else "..."
        shown = ""
        for character in " ".join(text[:_WIDEST_TEXT].split()):
            if character == " " or (character.isprintable() and self._drawable(character)):
                shown += character
            elif not shown.endswith(dots):
                shown += dots
        if self.length(shown) <= width:
            return shown
        low, high = 0, len(shown)
        while low < high:
            middle = (low + high + 1) // 2
            low, high = (middle, high) if self.length(shown[:middle].rstrip() + dots) <= width else (low, middle - 1)
        return shown[:low].rstrip() + dots
