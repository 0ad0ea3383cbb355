"""Runs to put into libraries."""

from __future__ import annotations

import json
import string
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from hypothesis import strategies as st

from kie import TaskRef
from kie.library import Run, RunError, RunEstimate, RunFile, RunPrompts

AT = datetime(2026, 11, 26, 12, tzinfo=UTC)
MODEL = "nano-banana-pro"


def run(id: str = "abc", minutes: int = 0, **more: Any) -> Run:
    """A run that was submitted some minutes after noon."""
    given: dict[str, Any] = {
        "id": id,
        "model": MODEL,
        "state": "open",
        "submitted_at": AT + timedelta(minutes=minutes),
        "folder": Path(),
        "task": TaskRef.parse(id),
    }
    return Run(**given | more)


texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=40)
words = st.text(string.ascii_lowercase, min_size=1, max_size=8)
amounts = st.decimals(allow_nan=False, allow_infinity=False, min_value=0, max_value=10**12, places=6)
times = st.datetimes(datetime(2020, 1, 1), datetime(2100, 1, 1), timezones=st.sampled_from([UTC]))
jsons = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53), 2**53) | st.floats(allow_nan=False, allow_infinity=False) | texts,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(texts, inner, max_size=3),
    max_leaves=6,
)
objects = st.dictionaries(texts, jsons, max_size=4)
hashes = st.text("0123456789abcdef", min_size=64, max_size=64)
counts = st.integers(0, 2**40)
lengths = st.floats(0, 10**6)
places = st.builds("{}/{}.{}".format, words, counts, words)


def maybe(strategy: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    """What a strategy gives, or None."""
    return st.none() | strategy


files = st.builds(
    RunFile,
    role=texts.filter(bool),
    index=st.integers(0, 10**6),
    kind=st.sampled_from(["image", "video", "audio", "file"]),
    name=maybe(places),
    url=maybe(texts),
    sha256=maybe(hashes),
    mime=maybe(texts),
    size=maybe(counts),
    width=maybe(counts),
    height=maybe(counts),
    seconds=maybe(lengths),
    web=maybe(places),
    thumb=maybe(places),
    poster=maybe(places),
    video=maybe(places),
    c2pa=st.booleans(),
    stored=st.booleans(),
)
refs = st.builds(TaskRef, texts.filter(bool), st.from_regex(r"[a-z][a-z0-9-]{0,8}", fullmatch=True))
runs = st.builds(
    Run,
    id=texts.filter(bool),
    model=texts,
    state=st.sampled_from(["open", "succeeded", "failed", "unknown", "expired"]),
    submitted_at=times,
    folder=st.just(Path("folder")),
    task=maybe(refs),
    ended_at=maybe(times),
    request=maybe(objects),
    prompts=st.builds(RunPrompts, raw=maybe(texts), enhanced=maybe(texts), final=maybe(texts)),
    preset=maybe(texts),
    changes=st.lists(texts, max_size=3).map(tuple),
    estimate=maybe(st.builds(RunEstimate, at_least=amounts, at_most=maybe(amounts))),
    credits=maybe(amounts),
    seconds=maybe(lengths),
    error=maybe(st.builds(RunError, message=texts, code=maybe(texts))),
    inputs=st.lists(files, max_size=2).map(tuple),
    outputs=st.lists(files, max_size=2).map(tuple),
    parents=st.lists(texts, max_size=2).map(tuple),
    tags=st.lists(texts, max_size=2).map(tuple),
    source=objects,
    label=maybe(texts),
    simulated=st.booleans(),
    server=maybe(texts),
    sdk=maybe(texts),
    catalog=maybe(texts),
)


def document(**more: Any) -> dict[str, Any]:
    """What a `run.json` holds at least."""
    return {"schema": 1, "id": "abc", "model": MODEL, "state": "open", "submitted_at": AT.isoformat(), **more}


def put(folder: Path, content: dict[str, Any] | str | bytes) -> Path:
    """Write a `run.json` by hand."""
    folder.mkdir(parents=True, exist_ok=True)
    text = json.dumps(content) if isinstance(content, dict) else content
    (folder / "run.json").write_bytes(text if isinstance(text, bytes) else text.encode())
    return folder
