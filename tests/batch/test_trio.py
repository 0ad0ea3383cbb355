"""An `AsyncKie` on trio: single tasks, batches, and what is cancelled."""

from __future__ import annotations

from contextlib import aclosing
from typing import Any

import trio

from kie import Outcome, simulated
from kie.models import NanoBananaPro
from kie.simulator import SimulatedService


def numbered(count: int) -> list[NanoBananaPro]:
    return [NanoBananaPro(prompt=str(number)) for number in range(count)]


def test_tasks_and_batches_run_on_trio_and_can_be_cancelled() -> None:
    async def main(service: SimulatedService) -> None:
        client = service.async_client()
        single = await client.run(NanoBananaPro(prompt="one"))
        assert single.urls
        whole = await client.batch.run(numbered(8), concurrency=4)
        assert [outcome.state for outcome in whole] == ["succeeded"] * 8
        assert len(service.state.accepted) == 9

        first: list[Outcome[Any]] = []
        async with aclosing(client.batch.stream(numbered(8), concurrency=2)) as stream:
            async for outcome in stream:
                first.append(outcome)
                break
        assert first[0].ok

        service.state.speed = 0.001
        with trio.move_on_after(0.2) as scope:
            await client.batch.run(numbered(4), concurrency=4)
        assert scope.cancelled_caught
        assert len(service.state.accepted) >= 13, "what was submitted is known to the service"
        await client.close()

    with simulated(speed=200, limits=False, credits=10**5) as service:
        trio.run(main, service)
        ids = [entry.task_id for entry in service.state.accepted]
        assert len(set(ids)) == len(ids)
