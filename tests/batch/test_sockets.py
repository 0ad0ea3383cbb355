"""500 tasks over real sockets that break."""

from __future__ import annotations

import asyncio
from collections import Counter
from typing import Any

import pytest

from kie import Outcome, RetryPolicy, simulated
from kie.models import NanoBananaPro
from kie.simulator import SimulatedService
from tests.batch.test_fault_run import check

BREAKS = [
    {"on": "*", "do": "drop_before", "every": 23},
    {"on": "*", "do": "drop_after", "every": 29},
    {"on": "*", "do": "truncate", "bytes": 10, "every": 31},
    {"on": "*", "do": "garbage", "every": 37},
    {"on": "*", "do": "http", "status": 503, "every": 41},
    {"on": "*", "do": "rate_limit", "every": 43},
    {"on": "getTask", "do": "drop_after", "every": 19},
]
TOTAL = 500
OPTIONS: dict[str, Any] = {
    "concurrency": 40,
    "timeout": 300.0,
    "batch_timeout": 120.0,
    "retry": RetryPolicy(base=0.01, cap=0.05),
    "breaker": None,
}


def run_sync(service: SimulatedService, requests: list[NanoBananaPro]) -> list[Outcome[Any]]:
    return service.client().batch.run(requests, **OPTIONS)


def run_async(service: SimulatedService, requests: list[NanoBananaPro]) -> list[Outcome[Any]]:
    async def main() -> list[Outcome[Any]]:
        async with service.async_client() as client:
            return await client.batch.run(requests, **OPTIONS)

    return asyncio.run(main())


@pytest.mark.parametrize("interface", [run_sync, run_async])
def test_five_hundred_tasks_over_sockets_that_break(interface: Any) -> None:
    with simulated(speed=500, limits=False, credits=10**6, faults=BREAKS) as service:
        outcomes = interface(service, [NanoBananaPro(prompt=str(number)) for number in range(TOTAL)])
        assert len(outcomes) == TOTAL
        check(outcomes, service.state.accepted, batch_timeout=120)
        states = Counter(outcome.state for outcome in outcomes)
        assert set(states) <= {"succeeded", "unknown", "failed", "submitted"}
        assert states["succeeded"] > 0.8 * TOTAL
        assert states["unknown"] > 0
        broken = sum(outcome in ("drop_before", "drop_after", "truncate") for _, outcome in service.state.log)
        assert broken > 100
