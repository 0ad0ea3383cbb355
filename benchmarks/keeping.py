"""What it costs to keep a run, in CPU and disk, in addition to downloading its file."""

from __future__ import annotations

import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from statistics import median

from benchmarks.measure import Figure
from kie import Library
from kie.models import NanoBananaPro
from kie.testing import virtual_kie

REQUEST = NanoBananaPro(prompt="A lighthouse at dusk, a storm is coming; wide angle, film grain, warm light")
RUNS = 101


def keeping() -> Iterator[Figure]:
    """Measure in virtual time, so that only this machine's work counts. Background work on pictures is excluded."""
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        plain, _, _ = virtual_kie(credits=10**9)
        with Library(root / "runs", derivatives=None) as library:
            kept, _, _ = virtual_kie(credits=10**9, library=library)
            more = [
                _seconds(lambda: kept.run(REQUEST)) - _seconds(lambda: plain.run(REQUEST).save(root / "out"))
                for _ in range(RUNS)
            ]
    yield Figure("keep a run, beside fetching its file", median(more[1:]), 0.005)


def _seconds(action: Callable[[], object]) -> float:
    started = time.perf_counter()
    action()
    return time.perf_counter() - started
