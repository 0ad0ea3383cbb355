"""How wide a batch is by default: as wide as the limits on requests allow."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence

import pytest

from kie import AnyResult, Outcome
from kie.models import Kling30Video
from kie.testing import virtual_async_kie, virtual_kie

VIDEOS = [Kling30Video(prompt=str(number), mode="std", duration="5") for number in range(100)]
ALLOWED = 1.15
"""How much longer than the bound a batch may take."""


def bound(outcomes: Sequence[Outcome[AnyResult]]) -> float:
    """When a batch can have ended at the earliest, in seconds.

    20 submissions are allowed per 10 s, so that the n-th of them (from 0) is allowed after 10 · (n div 20) seconds: the
    100th after 40. Then its task takes as long as it takes. The batch ends with the last of these.
    """
    in_turn = sorted(outcomes, key=lambda outcome: outcome.submitted or 0.0)
    durations = [outcome.unwrap().seconds or 0.0 for outcome in in_turn]
    assert len(durations) == 100 and min(durations) > 60
    return max(10 * (number // 20) + duration for number, duration in enumerate(durations))


def run() -> tuple[Sequence[Outcome[AnyResult]], float]:
    client, _, clock = virtual_kie(credits=10**6)
    return client.batch.run(VIDEOS), clock.now()


def arun() -> tuple[Sequence[Outcome[AnyResult]], float]:
    async def main() -> tuple[Sequence[Outcome[AnyResult]], float]:
        client, _, clock = virtual_async_kie(credits=10**6)
        return await client.batch.run(VIDEOS), clock.now()

    return asyncio.run(main())


@pytest.mark.parametrize("work", [run, arun])
def test_a_hundred_videos_take_no_longer_than_the_limits_make_them(
    work: Callable[[], tuple[Sequence[Outcome[AnyResult]], float]],
) -> None:
    outcomes, ended = work()
    least = bound(outcomes)
    assert 40 + 60 < least <= ended <= ALLOWED * least


def test_a_narrow_batch_takes_many_times_as_long() -> None:
    client, _, clock = virtual_kie(credits=10**6)
    outcomes = client.batch.run(VIDEOS, concurrency=5)
    assert clock.now() > 10 * bound(outcomes)
