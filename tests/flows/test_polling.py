"""When a waiting client polls: what it knows, what it learns, and many waiting in one process."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from typing import Any, cast

import pytest

from kie import PollPolicy, RateLimit, TaskRef, TaskStatus, catalog
from kie._flow.context import Context
from kie._io.local_limits import LocalLimits
from kie._io.process import Process
from kie._policy.durations import Durations
from kie._tasks.awaiting import Awaited, known
from kie.models import NanoBananaPro, Wan27Image
from kie.simulator import Simulator
from kie.testing import trace, virtual_async_kie, virtual_kie

REQUEST = Wan27Image(prompt="A lighthouse at dusk")
MODEL = REQUEST.info.name


def polls(client: Any) -> list[float]:
    return [exchange.at for exchange in trace(client) if exchange.path.endswith("recordInfo")]


def durations(client: Any) -> Durations:
    found: Durations = client._driver.session.process.durations(MODEL)
    return found


def test_the_catalog_says_before_when_a_fresh_task_cannot_be_done() -> None:
    client, _, _ = virtual_kie(latency=0.0)
    client.run(REQUEST)
    assert polls(client)[0] == pytest.approx(0.1 * 13), "one task in two ends before the only one that was seen"


def test_a_model_of_which_nothing_is_known_is_first_polled_after_the_shortest_interval() -> None:
    assert known(NanoBananaPro.info.name, 1.0) == known("no/such-model", 1.0) == known(None, 1.0) == []
    client, _, _ = virtual_kie(latency=0.0)
    client.run(NanoBananaPro(prompt="A lighthouse at dusk"))
    assert polls(client)[:3] == [1.0, 2.0, 3.0]


def test_a_model_with_a_percentile_is_expected_as_it_says() -> None:
    typical = catalog.get("bytedance/seedance-2").typical_seconds
    assert typical is not None
    times = sorted(known("bytedance/seedance-2", 1.0))
    assert len(times) == typical["seen"]
    assert times[len(times) // 2 - 1] <= typical["p50"] <= times[len(times) // 2]
    assert typical["p50"] < times[-1] < typical["p95"]
    assert sorted(known("bytedance/seedance-2", 10.0)) == [pytest.approx(each / 10) for each in times]


def test_durations_are_learned_and_then_no_poll_is_wasted_before_a_task_can_be_done() -> None:
    client, service, _ = virtual_kie(latency=0.0, credits=1_000_000)
    for _ in range(30):
        client.run(REQUEST)
    took = [task.ends - task.created for task in service.tasks.values()]
    assert durations(client).seen == 30
    assert sorted(durations(client)._last) == [pytest.approx(each, abs=0.01) for each in sorted(took)]
    last = list(service.tasks.values())[-1]
    first = min(at for at in polls(client) if at > last.created)
    assert first - last.created == pytest.approx(durations(client).earliest, rel=0.2)
    assert first - last.created > 5


def test_a_figure_of_the_service_that_cannot_be_true_is_not_learned() -> None:
    client, _, _ = virtual_kie(latency=0.0, speed=20)
    for count in (1, 2):
        client.run(REQUEST)
        assert durations(client).seen == count
    # created and completed agree with what was seen here; costTime (13 s or so) does not
    assert all(each < 1.5 for each in durations(client)._last)


def test_a_task_submitted_long_ago_in_this_process_is_not_waited_for_as_if_it_were_new() -> None:
    client, _, clock = virtual_kie(latency=0.0)
    task = client.submit(REQUEST)
    clock.sleep(500)
    task.wait()
    assert polls(client) == [500]


def test_a_task_taken_up_again_is_polled_at_once_then_by_its_age() -> None:
    client, service, clock = virtual_kie(latency=0.0)
    for _ in range(25):
        client.run(REQUEST)
    submitted = clock.now()
    task = client.submit(REQUEST)
    clock.sleep(2)
    other, _, _ = virtual_kie(service, latency=0.0, clock=clock)
    other._driver.session.process = client._driver.session.process
    other.task(str(task.ref), of=Wan27Image).wait()
    found = [at - submitted for at in polls(other)]
    assert found[0] == 2
    assert found[1] > 5, "not before it can plausibly be done"
    assert durations(other).seen == 26


def test_what_a_process_remembers_is_bounded() -> None:
    process = Process()
    for number in range(1000):
        process.observed(f"model-{number}", 1.0)
    assert len(process._durations) <= 256
    for number in range(20_000):
        process.begun(f"task-{number}", float(number))
    assert len(process._begun) <= 10_000
    assert process.begun("task-19999", None) == 19999
    assert process.begun("task-1", None) is None


def test_many_tasks_in_one_process_share_the_limit_without_a_single_429() -> None:
    tasks = 60

    async def main() -> tuple[list[Any], Simulator]:
        client, service, _ = virtual_async_kie(latency=0.0, credits=1_000_000)
        await asyncio.gather(*(client.run(REQUEST) for _ in range(tasks)))
        return trace(client), service

    exchanges, service = asyncio.run(main())
    assert len(service.accepted) == tasks
    assert not [each for each in exchanges if each.outcome == 429]
    assert "429" not in {outcome for _, outcome in service.log}
    reads = sorted(each.at for each in exchanges if each.path.endswith("recordInfo"))
    assert all(later - earlier >= 1 for earlier, later in zip(reads, reads[10:], strict=False))
    assert len(reads) < 12 * tasks


@pytest.mark.parametrize("latency", [0.0, (0.0, 0.2)])
def test_the_limits_hold_at_the_service_whatever_the_network_does(latency: Any) -> None:
    """The simulator counts what arrives in a window, and refuses what is too much."""
    client, service, _ = virtual_kie(latency=latency, credits=1_000_000)
    outcomes = client.batch.run([REQUEST] * 150, concurrency=150)
    assert {outcome.state for outcome in outcomes} == {"succeeded"}
    assert len(service.accepted) == 150
    assert {outcome for _, outcome in service.log} == {"200"}


def test_a_client_without_limits_polls_each_task_at_its_own_time() -> None:
    client, service, _ = virtual_kie(
        Simulator(limits=False, credits=1_000_000), latency=0.0, rate_limit=RateLimit.unlimited()
    )
    outcomes = client.batch.run([NanoBananaPro(prompt="A lighthouse at dusk")] * 100, concurrency=100)
    assert {outcome.state for outcome in outcomes} == {"succeeded"}
    assert {task.created for task in service.tasks.values()} == {0.0}
    assert set(polls(client)) == {float(second) for second in range(1, len(set(polls(client))) + 1)}


def test_a_task_whose_wait_is_cancelled_holds_nobody_up() -> None:
    async def main() -> tuple[float, float]:
        client, service, clock = virtual_async_kie(latency=0.0, credits=1_000_000, speed=0.01, timeout=10_000)
        first = [await client.submit(REQUEST) for _ in range(200)]
        others = [asyncio.ensure_future(task.wait()) for task in first]
        await clock.async_sleep(30)
        for other in others:
            other.cancel()
        await asyncio.gather(*others, return_exceptions=True)
        limits = client._driver.session.process.limits(client._driver.session.group)
        assert isinstance(limits, LocalLimits)
        assert limits._line is not None
        assert not limits._line._line
        service.speed = 1.0
        task = await client.submit(REQUEST)
        await task.wait()
        return clock.now(), service.tasks[task.id].ends

    now, ended = asyncio.run(main())
    assert now - ended <= 1.1


@pytest.mark.parametrize(("stated", "learned"), [(61.5, 61.5), (48.5, 48.5), (62.5, 55.0), (47.5, 55.0), (0.0, 55.0)])
def test_a_duration_that_the_service_states_counts_unless_what_was_seen_here_contradicts_it(
    stated: float, learned: float
) -> None:
    """It was seen to run after 50 seconds, and to be over after 60."""
    observed: list[float] = []
    services = SimpleNamespace(observed=lambda _, seconds: observed.append(seconds))
    ref, begun = TaskRef("task", "jobs", "nano-banana-pro"), datetime(2026, 11, 1, tzinfo=UTC)
    ended = begun + timedelta(seconds=stated)
    task = Awaited(cast(Context, SimpleNamespace(services=services)), ref, 0.0, True, False, polled=50.0)
    task.saw(TaskStatus(ref=ref, state="succeeded", created_at=begun, completed_at=ended), 60.0, 60.0)
    assert observed == [learned]


def test_clients_of_other_drivers_share_in_the_same_way() -> None:
    process = Process()
    client, service, clock = virtual_kie(latency=0.0)
    other, _, _ = virtual_kie(service, latency=0.0, clock=clock)
    for each in (client, other):
        each._driver.session.process = process
    client.run(REQUEST)
    assert process.durations(MODEL).seen == 1
    other.run(REQUEST)
    assert process.durations(MODEL).seen == 2


def test_a_policy_for_a_faster_service_polls_as_much_more_often_but_no_more_than_ten_times_a_second() -> None:
    policy = PollPolicy(speed=5)
    assert [policy.interval(elapsed) for elapsed in (0, 50, 500)] == [0.2, 0.5, 2]
    assert PollPolicy(speed=1000).interval(0) == 0.1
    assert PollPolicy(min_interval=0.01, speed=1000).interval(0) == 0.01
