"""Compares the time for making pictures of runs with what Pillow alone takes."""

from __future__ import annotations

import io
import tempfile
from collections.abc import Iterator
from pathlib import Path

from PIL import Image

from benchmarks.measure import Ratio, compare
from kie._library.derivatives import make
from kie._library.settings import DerivativeSettings
from tests.library.media import encoded, run_of


def pictures() -> Iterator[Ratio]:
    channels = [Image.effect_noise((480, 270), spread).resize((3840, 2160)) for spread in (30, 60, 90)]
    content = encoded(Image.merge("RGB", channels), "PNG", compress_level=3)
    with tempfile.TemporaryDirectory() as folder:
        run = run_of(Path(folder), ("png", content))
        (path,) = run.files

        def alone() -> None:
            with Image.open(path) as image:
                for side, quality in ((1600, 82), (384, 76)):
                    image.thumbnail((side, side), Image.Resampling.LANCZOS)
                    image.save(io.BytesIO(), "WEBP", quality=quality)

        yield compare(
            "web picture and thumbnail of a PNG of 4K / with Pillow alone",
            lambda: make(run, DerivativeSettings(), only_missing=False),
            alone,
            1.25,
            inner=1,
            count=15,
        )
