"""One image of many runs."""

from __future__ import annotations

import os
from decimal import Decimal
from pathlib import Path
from typing import Any

import attrs
import pytest
from PIL import Image

from kie._library import contact_sheet as module
from kie._library.contact_sheet import contact_sheet
from kie._library.derivatives import make
from kie._library.run import Run, RunError, RunPrompts
from kie._library.settings import DerivativeSettings
from kie.errors import ConfigError
from tests.library.media import BLUE, GREEN, RED, encoded, near, opened, run_of, sample, video

PAPER, CELL, FAILED = (250, 250, 250), (232, 232, 234), (176, 32, 32)


def picture(folder: Path, colour: tuple[int, int, int], **more: Any) -> Run:
    return run_of(folder, ("png", encoded(Image.new("RGB", (60, 60), colour), "PNG")), **more)


def cell(sheet: Image.Image, columns: int, rows: int, column: int, row: int) -> tuple[float, float]:
    return (column + 0.5) / columns, (row + 0.5) / rows


@pytest.mark.parametrize("ending", ["jpg", "JPEG", "png", "webp"])
def test_each_file_of_each_run_has_a_cell(tmp_path: Path, ending: str) -> None:
    runs = [picture(tmp_path / str(number), colour) for number, colour in enumerate((RED, GREEN, BLUE, RED))]
    path = contact_sheet(runs, tmp_path / "sheets" / f"sheet.{ending}", width=200, captions=False)
    sheet = opened(path)
    assert path == tmp_path / "sheets" / f"sheet.{ending}" and sheet.width == 200
    assert sheet.format == {"jpg": "JPEG"}.get(ending, ending.upper())
    for number, colour in enumerate((RED, GREEN, BLUE, RED)):
        assert near(sheet.convert("RGB"), cell(sheet, 2, 2, number % 2, number // 2), colour)
    assert os.listdir(tmp_path / "sheets") == [path.name]


def test_columns_are_as_asked(tmp_path: Path) -> None:
    runs = [picture(tmp_path / str(number), colour) for number, colour in enumerate((RED, GREEN, BLUE))]
    sheet = opened(contact_sheet(runs, tmp_path / "s.png", columns=3, width=300, captions=False))
    assert [near(sheet, cell(sheet, 3, 1, number, 0), colour) for number, colour in enumerate((RED, GREEN, BLUE))]
    assert sheet.height < 110
    tall = opened(contact_sheet(runs, tmp_path / "t.png", columns=1, width=100, captions=False))
    assert near(tall, cell(tall, 1, 3, 0, 2), BLUE) and tall.height > 250


def test_captions_stand_below(tmp_path: Path) -> None:
    run = picture(
        tmp_path, RED, credits=Decimal("18.50"), prompts=RunPrompts(final="A lighthouse at dusk " * 20), model="m" * 90
    )
    without = opened(contact_sheet([run], tmp_path / "a.png", width=200, captions=False))
    sheet = opened(contact_sheet([run], tmp_path / "b.png", width=200))
    assert sheet.height > without.height + 30
    below = sheet.crop((0, without.height - 6, sheet.width, sheet.height)).convert("L")
    assert below.getextrema()[0] < 60 and below.getextrema()[1] == 250  # type: ignore[operator]
    margin = sheet.crop((sheet.width - 8, 0, sheet.width, sheet.height)).convert("L")
    assert margin.getextrema() == (250, 250)


def test_what_is_written_says_model_prompt_credits_and_date(tmp_path: Path) -> None:
    run = picture(tmp_path, RED, credits=Decimal("18.50"), prompts=RunPrompts(final="A lighthouse"))
    texts = [text for text, _ in module._caption(module._Cell(run=run))]
    assert texts == ["nano-banana-pro", "A lighthouse", "18.5 credits · 2026-11-26 12:00"]
    hidden = attrs.evolve(run, credits=None, prompts=RunPrompts(final="sha256:00"))
    assert [text for text, _ in module._caption(module._Cell(run=hidden))][1:] == [
        "prompt not kept",
        "2026-11-26 12:00",
    ]
    failed = attrs.evolve(run, state="failed", error=RunError(message="It was refused"))
    assert [text for text, _ in module._caption(module._Cell(run=failed))][1] == "It was refused"


def test_a_failed_run_is_marked(tmp_path: Path) -> None:
    failed = run_of(tmp_path, state="failed", error=RunError(message="It was refused"))
    sheet = opened(contact_sheet([failed], tmp_path / "s.png", width=200, captions=False))
    assert near(sheet, (0.5, 0.07), FAILED)
    fine = opened(contact_sheet([picture(tmp_path / "a", RED)], tmp_path / "t.png", width=200, captions=False))
    assert not near(fine, (0.5, 0.07), FAILED)


@pytest.mark.parametrize("state", ["open", "unknown", "expired", "succeeded"])
def test_a_run_without_a_file_has_a_cell(tmp_path: Path, state: str) -> None:
    sheet = opened(contact_sheet([run_of(tmp_path, state=state)], tmp_path / "s.png", width=200, captions=False))
    assert near(sheet, (0.2, 0.2), CELL)
    assert sheet.convert("L").getextrema()[0] < 150  # type: ignore[operator]


def test_a_video_shows_its_poster_with_a_mark(tmp_path: Path) -> None:
    run = run_of(tmp_path, ("mp4", video([RED], (320, 320))))
    for given in (run, attrs.evolve(run, outputs=make(run, DerivativeSettings()))):
        sheet = opened(contact_sheet([given], tmp_path / "s.png", width=300, captions=False, overwrite=True))
        assert near(sheet, (0.2, 0.5), RED) and not near(sheet, (0.46, 0.5), RED)
        assert near(sheet, (0.5, 0.5), PAPER)


def test_files_of_every_kind_have_a_cell(tmp_path: Path) -> None:
    kinds = ("png", "jpg", "webp", "mp4", "mp3", "wav", "json")
    run = run_of(tmp_path, *((kind, sample(kind)) for kind in kinds), ("png", sample("png")[:500]))
    gone = attrs.evolve(run.outputs[0], name=None, url="https://example.com/0.png")
    stored = attrs.evolve(run.outputs[0], stored=True)
    run = attrs.evolve(run, outputs=(*run.outputs, gone, stored))
    sheet = opened(contact_sheet([run], tmp_path / "s.png", width=400, captions=False))
    assert sheet.width == 400 and module._Sheet(10, None, 400, False).columns == 4
    assert near(sheet, cell(sheet, 4, 3, 3, 2), PAPER)


def test_originals_stay_as_they_are(tmp_path: Path) -> None:
    run = run_of(tmp_path / "run", ("png", sample("png")), ("mp4", sample("mp4")))
    before = {path: (path.read_bytes(), path.stat().st_mtime_ns) for path in run.files}
    contact_sheet([run], tmp_path / "s.jpg")
    assert {path: (path.read_bytes(), path.stat().st_mtime_ns) for path in run.files} == before
    assert os.listdir(tmp_path / "run") == ["original"]


TEXTS = [
    "שלום עולם",
    "مرحبا بالعالم",
    "漢字かな交じり文",
    "👩‍👩‍👧‍👦 family",
    "half \ud800 pair",
    "\u202eright to left\u202c \x00\x1b[31m",
    "<script>alert('x')</script> & \"quotes\"",
    "line\nbreak\ttab",
    "",
    "x" * 100_000,
]


@pytest.mark.parametrize("text", TEXTS)
@pytest.mark.parametrize("fonts", [module._FONTS, ()])
def test_a_caption_of_any_text_is_drawn(
    tmp_path: Path, text: str, fonts: tuple[str, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "_FONTS", fonts)
    module._Font.of.cache_clear()
    run = picture(tmp_path, RED, prompts=RunPrompts(final=text))
    assert opened(contact_sheet([run], tmp_path / "s.png", width=200)).width == 200
    font = module._Font.of(12)
    shown = font.fitted(text, 120)
    assert font.length(shown) <= 120 and shown.isprintable() and "\u202e" not in shown
    module._Font.of.cache_clear()


def test_what_a_font_cannot_draw_is_left_out_once() -> None:
    font = module._Font.of(12)
    dots = font.fitted("\U0010fff0\U0010fff1", 500)
    assert dots in ("…", "...")
    assert font.fitted("a \U0010fff0\U0010fff1\U0010fff2 b", 500) == f"a {dots} b"
    assert font.fitted("a  b\nc", 500) == "a b c"
    assert font.fitted("many words that have no room", 60).endswith(dots)


def test_a_name_that_is_taken_stays(tmp_path: Path) -> None:
    run = picture(tmp_path, RED)
    (tmp_path / "s.png").write_bytes(b"yours")
    assert contact_sheet([run], tmp_path / "s.png", width=100) == tmp_path / "s-2.png"
    assert contact_sheet([run], str(tmp_path / "s.png"), width=100) == tmp_path / "s-3.png"
    assert (tmp_path / "s.png").read_bytes() == b"yours"
    assert contact_sheet([run], tmp_path / "s.png", width=100, overwrite=True) == tmp_path / "s.png"
    assert opened(tmp_path / "s.png").width == 100
    assert sorted(os.listdir(tmp_path)) == ["original", "s-2.png", "s-3.png", "s.png"]


def test_all_faults_are_reported_at_once(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=r"path must end in .*gif.*; columns must be .*0; width must be .*9"):
        contact_sheet([], tmp_path / "s.gif", columns=0, width=9)


def test_nothing_to_show_is_reported(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="there are no runs to show"):
        contact_sheet([], tmp_path / "s.png")


def test_a_place_that_cannot_be_written_is_reported(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"")
    with pytest.raises(ConfigError, match="cannot be written"):
        contact_sheet([picture(tmp_path, RED)], tmp_path / "file" / "s.png")


@pytest.mark.parametrize(("ending", "count"), [("webp", 4_000), ("png", 40_000)])
def test_too_many_runs_are_reported_with_how_many_fit(tmp_path: Path, ending: str, count: int) -> None:
    runs = [run_of(tmp_path, state="open")] * count
    with pytest.raises(ConfigError, match=f"{count:,} pictures would make .* pass fewer runs") as fault:
        contact_sheet(runs, tmp_path / f"s.{ending}")
    fit = int(str(fault.value).partition("limit=")[2].split()[0])
    module._Sheet(fit, 12, 1600, True).check(ending.upper())
    with pytest.raises(ConfigError):
        module._Sheet(fit + 12, 12, 1600, True).check(ending.upper())
    assert os.listdir(tmp_path) == ["original"]


@pytest.mark.parametrize(("runs", "columns", "most"), [(1, 4, 100), (4, None, 160)])
def test_a_sheet_is_measured_by_its_files_not_by_its_runs(
    tmp_path: Path, runs: int, columns: int | None, most: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "MOST_PIXELS", 200 * most)
    files = [[("png", encoded(Image.new("RGB", (60, 60), RED), "PNG"))] * count for count in (5 - runs, 1, 1, 2)]
    made = [run_of(tmp_path / str(number), *files[number]) for number in range(runs)]
    sheet = opened(contact_sheet(made, tmp_path / "s.png", columns=columns, width=200, captions=False))
    assert sheet.height <= most


def test_hundreds_of_runs_fit(tmp_path: Path) -> None:
    run = picture(tmp_path, RED)
    sheet = opened(contact_sheet([run] * 504, tmp_path / "s.jpg", captions=False))
    assert sheet.width == 1600 and all(near(sheet, cell(sheet, 12, 42, *place), RED) for place in ((0, 0), (11, 41)))
