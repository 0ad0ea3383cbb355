"""A library of ten thousand runs: the cost of keeping one, indexing all, and finding some."""

from __future__ import annotations

import json
import random
import tempfile
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from functools import partial
from pathlib import Path
from statistics import median

import attrs

from benchmarks.measure import Figure, Ratio, compare
from kie import Library, TaskRef
from kie._library import record
from kie._library.index import IndexEntry
from kie.library import Run, RunEstimate, RunFile, RunPrompts

MANY = 10_000
_WORDS = "lighthouse dusk fox rain harbour stone winter glass river copper cedar amber signal valley".split()


def runs_of(count: int) -> list[Run]:
    """Make average runs: a prompt of forty words, one input, and one image with its pictures."""
    chance = random.Random(1)
    return [_run(chance, number) for number in range(count)]


def _run(chance: random.Random, number: int) -> Run:
    prompt = " ".join(chance.choices(_WORDS, k=40))
    task = TaskRef(f"{chance.getrandbits(128):032x}")
    at = datetime(2026, 1, 1, tzinfo=UTC) + timedelta(minutes=30 * number)
    url = f"https://example.com/{task}/0.png"
    pictures = {"web": "web/0.webp", "thumb": "thumb/0.webp"}
    facts = {"kind": "image", "mime": "image/png", "size": 1_234_567, "width": 1024, "height": 1024}
    made = RunFile(role="output", name="original/0.png", url=url, sha256=f"{number:064x}", **facts, **pictures)  # type: ignore[arg-type]
    given = RunFile(role="image_input[0]", name="inputs/0.png", sha256=f"{number + MANY:064x}", **facts)  # type: ignore[arg-type]
    fields = {"prompt": prompt, "aspect_ratio": "16:9", "resolution": "2K", "image_input": [url]}
    return Run(
        id=str(task),
        model="nano-banana-pro",
        state="succeeded",
        submitted_at=at,
        folder=Path(),
        task=task,
        ended_at=at + timedelta(seconds=40),
        request={"model": "nano-banana-pro", "input": fields},  # type: ignore[dict-item]
        prompts=RunPrompts(raw=prompt, final=prompt),
        estimate=RunEstimate(at_least=Decimal(18), at_most=Decimal(18)),
        credits=Decimal(18),
        seconds=31.5,
        inputs=(given,),
        outputs=(made,),
        tags=("site", chance.choice(_WORDS)),
        source={"project": "x"},
        server="https://api.kie.ai",
        sdk="0.1.0",
        catalog="2026-10-08",
    )


def library() -> Iterator[Ratio | Figure]:
    """Measure CPU time, except for operations that wait for the disk."""
    runs = runs_of(MANY)
    with tempfile.TemporaryDirectory() as folder:
        yield from _keeping(Path(folder) / "few", runs[:300])
        kept = Library(Path(folder) / "many", derivatives=None)
        yield Figure("10,000 runs indexed, one after the other", _indexed(kept, runs), 3)
        yield Figure("the newest 50 of 10,000 runs", _median(partial(_newest, kept), 51), 0.001)
        for what, words in (("in many", "rain FOX copper"), ("in none", "fox nowhere")):
            yield Figure(f"words that stand {what} of 10,000 runs", _median(_find(kept, words), 51), 0.02)
        bare = "SELECT model, sum(credits) FROM runs WHERE simulated = 0 GROUP BY model"
        yield compare(
            "what 10,000 runs cost by model / a bare sum of floats in SQLite",
            partial(kept.spend, "model"),
            partial(kept._shelf._file.rows, bare),
            4,
            inner=3,
            count=21,
        )
        rebuilt, read = _rebuilt(kept)
        yield Figure("the index of 10,000 runs made again", median(rebuilt), 1)
        yield Ratio.of("the same / open and json.loads of each run.json", rebuilt, read, 6)


def _keeping(root: Path, runs: list[Run]) -> Iterator[Figure]:
    """Measure the wall-clock time that keeping a run adds to its download."""
    kept = Library(root, derivatives=None)
    begun = [_clocked(partial(kept._create, attrs.evolve(run, state="open", outputs=()), {})) for run in runs]
    yield Figure("keep a run: its folder, run.json, index", median(begun), 0.005)
    ended = [_clocked(partial(kept._update, run.id, partial(_ended, run))) for run in runs]
    yield Figure("keep the end of a run", median(ended), 0.005)


def _ended(run: Run, begun: Run) -> Run:
    return attrs.evolve(run, folder=begun.folder)


def _indexed(kept: Library, runs: list[Run]) -> float:
    """Seconds until runs on disk are indexed, each as if it had just been written."""
    shelf = kept._shelf
    entries = []
    for run in runs:
        content, document = record.encoded(record.document_of(run))
        place = shelf.place(run.id, run.submitted_at)
        shelf.folders.make(place)
        (place / "run.json").write_text(content, "utf-8")
        path = place.relative_to(kept.path).as_posix()
        entries.append(IndexEntry(path=path, stamp=shelf.stamp(path) or "", document=document, content=content))
    index = shelf._ready()
    index.forget(entry.path for entry in entries)
    started = time.process_time()
    for entry in entries:
        index.put([entry])
    taken = time.process_time() - started
    assert len(kept) == len(runs)
    return taken


def _rebuilt(kept: Library) -> tuple[list[float], list[float]]:
    times: tuple[list[float], list[float]] = ([], [])
    for _ in range(3):
        kept.close()
        for file in kept.path.glob("index.sqlite*"):
            file.unlink()
        again = Library(kept.path)
        times[0].append(_taken(again.__len__))
        assert len(again) == MANY
        again.close()
        times[1].append(_taken(partial(_read, kept)))
    return times


def _read(kept: Library) -> None:
    for path in kept._shelf.folders.runs():
        with open(f"{kept.path}/{path}/run.json", "rb") as file:
            json.loads(file.read())


def _newest(kept: Library) -> None:
    """List the newest runs, as if no query had been made before."""
    kept._shelf._read.clear()
    kept.find(limit=50)


def _find(kept: Library, words: str) -> Callable[[], object]:
    return lambda: kept.find(words=words, limit=50)


def _median(function: Callable[[], object], rounds: int) -> float:
    return median(_taken(function) for _ in range(rounds))


def _taken(function: Callable[[], object]) -> float:
    started = time.process_time()
    function()
    return time.process_time() - started


def _clocked(function: Callable[[], object]) -> float:
    started = time.perf_counter()
    function()
    return time.perf_counter() - started
