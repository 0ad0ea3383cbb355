"""Both drivers run the same flows: the same faults give the same trace and the same end."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kie import KieError
from kie.models import GrokImagineExtend, Kling30Video, NanoBananaPro
from kie.testing import trace, virtual_async_kie, virtual_kie

REQUESTS = [
    NanoBananaPro(prompt="A lighthouse at dusk"),
    NanoBananaPro(prompt="with a file", image_input=[b"\x89PNG\r\n\x1a\n" + b"0" * 64]),
    Kling30Video(prompt="x", duration="5", mode="std"),
    GrokImagineExtend(task_id="nowhere", prompt="on", extend_at=0, extend_times="6"),
]

WHAT: list[dict[str, Any]] = [
    {"do": "rate_limit"},
    {"do": "rate_limit", "retry_after": 3},
    {"do": "http", "status": 503},
    {"do": "envelope", "code": 500},
    {"do": "envelope", "code": 455},
    {"do": "refuse"},
    {"do": "drop_before"},
    {"do": "drop_after"},
    {"do": "slow", "seconds": 5},
    {"do": "slow", "seconds": 100},
    {"do": "truncate", "bytes": 7},
    {"do": "garbage"},
]
TASKS: list[dict[str, Any]] = [
    {"do": "no_task_id"},
    {"do": "state", "state": "pondering", "polls": 2},
    {"do": "invisible", "polls": 2},
    {"do": "fail_task"},
]
WHEN = st.sampled_from([{"nth": 1}, {"nth": 2}, {"times": 2}, {"every": 3}, {}])
JSON_OPERATIONS = st.sampled_from(["createTask", "getTask", "uploadStream"])
RULES = st.one_of(
    st.builds(lambda on, what, when: {"on": on, **what, **when}, JSON_OPERATIONS, st.sampled_from(WHAT), WHEN),
    st.builds(lambda what, when: {"on": "createTask", **what, **when}, st.sampled_from(TASKS), WHEN),
    st.builds(lambda when: {"on": "result", "do": "gone", **when}, WHEN),
)
SCRIPTS = st.lists(RULES, max_size=4)


def end_of(error: BaseException | None, value: Any) -> Any:
    return (type(error).__name__, str(error)) if error else value


def run_sync(request: Any, script: Any, seed: int, folder: Path) -> Any:
    client, service, clock = virtual_kie(faults=script, seed=seed)
    error, value = None, None
    try:
        result = client.run(request, timeout=300)
        value = [path.name for path in result.save(folder)]
    except KieError as caught:
        error = caught
    return end_of(error, value), trace(client), clock.now(), len(service.accepted)


async def run_async(request: Any, script: Any, seed: int, folder: Path) -> Any:
    client, service, clock = virtual_async_kie(faults=script, seed=seed)
    error, value = None, None
    try:
        result = await client.run(request, timeout=300)
        value = [path.name for path in await result.save(folder)]
    except KieError as caught:
        error = caught
    return end_of(error, value), trace(client), clock.now(), len(service.accepted)


def test_the_same_faults_give_the_same_trace_under_both_drivers(tmp_path: Path) -> None:
    @given(st.sampled_from(REQUESTS), SCRIPTS, st.integers(0, 1000))
    def check(request: Any, script: list[dict[str, Any]], seed: int) -> None:
        ours = run_sync(request, script, seed, tmp_path / "sync")
        theirs = asyncio.run(run_async(request, script, seed, tmp_path / "async"))
        assert ours[0] == theirs[0]
        assert [(e.method, e.path, e.outcome) for e in ours[1]] == [(e.method, e.path, e.outcome) for e in theirs[1]]
        assert [e.at for e in ours[1]] == pytest.approx([e.at for e in theirs[1]])
        assert ours[2] == pytest.approx(theirs[2])
        assert ours[3] == theirs[3]

    check()
