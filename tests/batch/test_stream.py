"""`client.batch.stream`: nothing happens before it is asked, and what is left early ends cleanly."""

from __future__ import annotations

import asyncio
import gc
import threading
from collections.abc import AsyncGenerator, Awaitable, Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from kie import Journal, Outcome, simulated
from kie.models import NanoBananaPro
from kie.testing import trace, virtual_async_kie, virtual_kie
from tests.processes import joined

TOTAL = 100


def numbered(count: int) -> list[NanoBananaPro]:
    return [NanoBananaPro(prompt=str(number)) for number in range(count)]


def check_left(journal: Path, accepted: list[str]) -> None:
    """Some tasks were submitted and not all of them. Each is in the journal, and of none is the outcome unknown.

    What was about to be sent may be there, too: as what was not accepted.
    """
    entries = Journal(journal).entries()
    assert 0 < len(accepted) < TOTAL
    assert {entry.ref.id for entry in entries if entry.ref} == set(accepted)
    assert {entry.state for entry in entries if entry.ref is None} <= {"refused"}


def test_a_stream_starts_nothing_before_the_first_outcome_is_asked_for() -> None:
    client, service, clock = virtual_kie()
    stream = client.batch.stream(numbered(3))
    assert (service.log, trace(client), clock.now()) == ([], [], 0)
    assert next(stream).ok
    assert service.accepted


def test_a_stream_over_real_threads_starts_none_before_the_first_outcome_is_asked_for() -> None:
    with simulated(speed=1000, limits=False) as service:
        stream = service.client().batch.stream(numbered(3))
        assert not [thread for thread in threading.enumerate() if thread.name == "kie-batch"]
        assert service.state.log == []
        assert len(list(stream)) == len(service.state.accepted) == 3


def test_an_async_stream_starts_nothing_before_the_first_outcome_is_asked_for() -> None:
    async def main() -> None:
        client, service, clock = virtual_async_kie()
        stream = client.batch.stream(numbered(3))
        await clock.async_sleep(60)
        assert (service.log, trace(client)) == ([], [])
        assert (await anext(stream)).ok
        assert service.accepted
        await stream.aclose()

    asyncio.run(main())


def test_a_stream_that_is_never_asked_sends_nothing() -> None:
    client, service, _ = virtual_kie()
    stream = client.batch.stream(numbered(3))
    del stream
    gc.collect()
    assert service.log == []


class Cycle:
    """Refers to itself, so that only the garbage collector ends what it holds."""

    def __init__(self, held: object) -> None:
        self.held = held
        self.me = self


def closed(stream: Any) -> Any:
    return stream.close()


def deleted(stream: Any) -> None:
    del stream


def collected(stream: Any) -> None:
    Cycle(stream)
    del stream
    gc.collect()


def _held_once(stream: Iterator[Outcome[Any]]) -> list[Iterator[Outcome[Any]]]:
    """A stream after its first outcome, in a list, so that whoever takes it out of there holds it alone."""
    assert next(stream).ok
    return [stream]


@pytest.mark.parametrize("leave", [closed, deleted])
def test_a_stream_that_is_dropped_submits_no_more_and_waits_for_what_is_under_way(
    leave: Callable[[Any], None], tmp_path: Path
) -> None:
    client, service, clock = virtual_kie(journal=tmp_path / "journal", latency=(0.5, 5.0), credits=10**6)
    held = _held_once(client.batch.stream(numbered(TOTAL), concurrency=20))
    leave(held.pop())
    sent = list(service.log)
    check_left(tmp_path / "journal", [entry.task_id for entry in service.accepted])
    clock.sleep(1000)
    client.batch.run([])
    assert service.log == sent


@pytest.mark.parametrize("leave", [closed, deleted, collected])
def test_so_does_a_stream_over_real_threads(leave: Callable[[Any], None], tmp_path: Path) -> None:
    slow = [{"on": "createTask", "do": "slow", "seconds": 0.05, "every": 2}]
    with simulated(speed=100, limits=False, credits=10**6, faults=slow) as service:
        client = service.client(journal=tmp_path / "journal")
        held = _held_once(client.batch.stream(numbered(TOTAL), concurrency=20))
        leave(held.pop())
        check_left(tmp_path / "journal", [entry.task_id for entry in service.state.accepted])
        for thread in threading.enumerate():
            if thread.name == "kie-batch":
                joined(thread)
        check_left(tmp_path / "journal", [entry.task_id for entry in service.state.accepted])


async def aclosed(stream: Any) -> None:
    await stream.aclose()


async def adeleted(stream: Any) -> None:
    del stream


async def acollected(stream: Any) -> None:
    collected(stream)


@pytest.mark.parametrize("leave", [aclosed, adeleted, acollected])
def test_an_async_stream_that_is_dropped_submits_no_more_and_waits_for_what_is_under_way(
    leave: Callable[[Any], Awaitable[None]], tmp_path: Path
) -> None:
    async def main() -> None:
        client, service, clock = virtual_async_kie(journal=tmp_path / "journal", latency=(0.5, 5.0), credits=10**6)
        held: list[AsyncGenerator[Outcome[Any], None]] = []
        held.append(client.batch.stream(numbered(TOTAL), concurrency=20))
        assert (await anext(held[0])).ok
        await leave(held.pop())
        await clock.async_sleep(60)
        sent = list(service.log)
        check_left(tmp_path / "journal", [entry.task_id for entry in service.accepted])
        await clock.async_sleep(1000)
        assert service.log == sent

    asyncio.run(main())
