"""A page of runs: its size, and the time until a browser can use it."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from statistics import median

from benchmarks.measure import Figure, Memory
from kie._library.page import page
from kie.library import Run, RunFile
from tests.library.browser import chromium, lacking
from tests.library.pages import run

READY = "performance.timing.domContentLoadedEventEnd - performance.timing.navigationStart"
SEARCH = """() => {
    const started = performance.now();
    words.value = "dusk 1999";
    words.dispatchEvent(new Event("input"));
    document.querySelector(".card").getBoundingClientRect();
    return performance.now() - started;
}"""


def runs_of(root: Path, count: int) -> list[Run]:
    """Make average runs: an image with its pictures, and a prompt of one line."""
    words = "A lighthouse at dusk, a storm is coming; wide angle, film grain, warm light {}"
    fields = {"aspect_ratio": "16:9", "resolution": "2K", "output_format": "png"}
    image = RunFile(role="output", kind="image", name="original/0.png", web="web/0.webp", thumb="thumb/0.webp")
    common = {"fields": fields, "outputs": (image,), "credits": Decimal(18), "seconds": 21.5, "tags": ("site",)}
    return [run(root, number, words.format(number), **common) for number in range(count)]


def pages() -> Iterator[Figure | Memory]:
    with tempfile.TemporaryDirectory() as folder:
        path = page(runs_of(Path(folder), 2000), Path(folder) / "index.html")
        yield Memory("a page of 2,000 runs", path.stat().st_size / 1e6, 500 * 1024 / 1e6)
        if missing := lacking():
            print(f"a page of 2,000 runs in a browser: not measured, {missing}", flush=True)
            return
        times: tuple[list[float], list[float]] = ([], [])
        with chromium() as browser:
            for _ in range(5):
                shown = browser.new_page()
                shown.goto(path.as_uri())
                for expression, found in zip((READY, SEARCH), times, strict=True):
                    found.append(shown.evaluate(expression) / 1e3)
                shown.close()
        yield Figure("a page of 2,000 runs is usable", median(times[0]), 0.5)
        yield Figure("words are found among 2,000 runs on a page", median(times[1]), 0.5)
