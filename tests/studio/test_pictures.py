"""The pictures of docs/studio.md, made in a browser: written with KIE_UPDATE_PICTURES, compared without it."""

from __future__ import annotations

import io
import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from PIL import Image, ImageChops, ImageStat

from tests.conftest import ROOT
from tests.library.browser import chromium, lacking
from tests.studio.served import served
from tests.studio.test_page import Screen, screens

pytestmark = pytest.mark.skipif(bool(lacking()), reason=lacking())

FOLDER = ROOT / "docs" / "pictures"
TOLERANCE = 6.0
"""How far pictures may be apart in the mean, of 255, once they are small: fonts differ from machine to machine."""
PROMPTS = ("A lighthouse at dusk", "A fox in the snow", "The harbour from above, early in the morning")


@pytest.fixture
def screen(tmp_path: Path) -> Iterator[Screen]:
    with served(tmp_path) as studio, chromium() as browser:
        for made in screens(browser, studio, reduced_motion="reduce"):
            made.open()
            yield made


def is_pictured(screen: Screen, name: str) -> None:
    """Compare what is shown with a picture of the documentation, or make it."""
    shown = Image.open(io.BytesIO(screen.page.screenshot(clip={"x": 0, "y": 0, "width": 1280, "height": 800})))
    path = FOLDER / name
    if os.environ.get("KIE_UPDATE_PICTURES"):
        FOLDER.mkdir(exist_ok=True)
        shown.convert("P", palette=Image.Palette.ADAPTIVE, colors=64).save(path, optimize=True)
    with Image.open(path) as kept:
        assert kept.size == shown.size
        small = [each.convert("L").resize((64, 40), Image.Resampling.BOX) for each in (kept, shown)]
    assert ImageStat.Stat(ImageChops.difference(*small)).mean[0] < TOLERANCE, (
        f"{name} shows another page: make it again"
    )


def test_the_documentation_shows_a_run(screen: Screen) -> None:
    screen.run(prompt=PROMPTS[0], aspect_ratio="16:9")
    screen.page.locator("#live img").first.evaluate("image => image.decode()")
    screen.page.evaluate("scrollTo(0, 0)")
    is_pictured(screen, "studio-run.png")


def test_the_documentation_shows_the_history(screen: Screen) -> None:
    for prompt in PROMPTS:
        screen.run(prompt=prompt)
    screen.go("history")
    screen.sees("#view-history [role=status]", "3 runs")
    for image in screen.page.locator("#view-history img").all():
        image.evaluate("image => image.decode()")
    is_pictured(screen, "studio-history.png")
