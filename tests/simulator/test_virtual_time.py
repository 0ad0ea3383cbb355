"""Clients in virtual time: nothing sleeps, and sync and async do the same."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

import pytest

from kie import ConfigError, Kie
from kie.models import NanoBananaPro
from kie.simulator import Simulator
from kie.testing import VirtualClock, trace, virtual_async_kie, virtual_kie
from kie.testing._clock import EPOCH

CITY = NanoBananaPro(prompt="A futuristic city")
TROUBLE: list[dict[str, Any]] = [
    {"on": "createTask", "do": "rate_limit", "retry_after": 3, "nth": 1},
    {"on": "createTask", "do": "refuse", "nth": 2},
    {"on": "getTask", "do": "http", "status": 502, "nth": 2},
    {"on": "getTask", "do": "slow", "seconds": 4, "nth": 3},
    {"on": "result", "do": "truncate", "bytes": 20, "nth": 1},
    {"on": "result", "do": "gone", "nth": 2},
]


def test_sync_and_async_clients_make_the_same_exchanges_at_the_same_times(tmp_path: Path) -> None:
    client, state, clock = virtual_kie(faults=TROUBLE)
    paths = list(client.run(CITY).save(tmp_path / "sync"))

    async def run() -> tuple[list[Path], object, object, float]:
        other, other_state, other_clock = virtual_async_kie(faults=TROUBLE)
        result = await other.run(CITY)
        saved = [*await result.save(tmp_path / "async")]
        return saved, trace(other), other_state.log, other_clock.now()

    other_paths, other_trace, other_log, other_now = asyncio.run(run())
    assert trace(client) == other_trace
    assert state.log == other_log
    assert clock.now() == other_now
    assert [path.name for path in paths] == [path.name for path in other_paths]
    assert [path.read_bytes() for path in paths] == [path.read_bytes() for path in other_paths]


def test_an_exchange_takes_its_latency_and_the_calendar_follows() -> None:
    client, _, clock = virtual_kie(latency=2.5)
    client.credits()
    assert clock.now() == 2.5
    assert (clock.wall() - EPOCH).total_seconds() == 2.5


def test_tasks_side_by_side_do_not_add_up_their_waiting() -> None:
    async def run() -> float:
        client, state, clock = virtual_async_kie()
        await asyncio.gather(*(client.run(CITY) for _ in range(20)))
        assert len(state.accepted) == 20
        return clock.now()

    assert asyncio.run(run()) < 30


def test_sleepers_wake_in_the_order_of_their_times() -> None:
    async def run() -> list[tuple[float, float]]:
        clock, woken = VirtualClock(), []

        async def sleeper(seconds: float) -> None:
            await clock.async_sleep(seconds)
            woken.append((seconds, clock.now()))

        await asyncio.gather(*(sleeper(seconds) for seconds in (3.0, 1.0, 2.0, 0.0, 1.0)))
        return woken

    assert asyncio.run(run()) == [(0.0, 0.0), (1.0, 1.0), (1.0, 1.0), (2.0, 2.0), (3.0, 3.0)]


def test_a_cancelled_sleeper_moves_no_clock() -> None:
    async def run() -> float:
        clock = VirtualClock()
        sleeper = asyncio.create_task(clock.async_sleep(1000))
        await asyncio.sleep(0)
        sleeper.cancel()
        await asyncio.gather(sleeper, return_exceptions=True)
        await clock.async_sleep(1)
        return clock.now()

    assert asyncio.run(run()) == 1


def test_virtual_clients_share_no_limits_with_others() -> None:
    first, _, _ = virtual_kie()
    second, _, clock = virtual_kie()
    for _ in range(20):
        first.submit(CITY)
    second.submit(CITY)
    assert clock.now() < 1


def test_the_client_keeps_within_the_limits_of_the_service() -> None:
    client, state, clock = virtual_kie()
    for _ in range(45):
        client.submit(CITY)
    assert {outcome for _, outcome in state.log} == {"200"}
    assert 20 < clock.now() < 25


def test_a_simulator_can_be_brought_along() -> None:
    state = Simulator(keys={"right"}, credits=20)
    client, same, _ = virtual_kie(state, api_key="right")
    assert same is state
    assert client.credits() == 20
    client.run(CITY)
    assert state.tasks[state.accepted[0].task_id].done


def test_environment_variables_do_not_redirect_a_virtual_client(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KIE_BASE_URL", "https://elsewhere.example")
    client, _, _ = virtual_kie()
    assert client._ctx.options.base_url == "https://api.kie.ai"


def test_only_virtual_clients_have_a_trace() -> None:
    with Kie("some-key") as client, pytest.raises(TypeError):
        trace(client)


def test_a_bad_script_is_refused() -> None:
    with pytest.raises(ConfigError, match="rule 1"):
        virtual_kie(faults=[{"on": "?", "do": "refuse"}])
