"""When a waiting client looks: what it knows, what it learns, and many waiting in one process."""

from __future__ import annotations

import asyncio
from typing import Any

from kie import PollPolicy
from kie._io.process import Process
from kie._policy.durations import Durations
from kie._tasks.awaiting import typical
from kie.models import NanoBananaPro, Wan27Image
from kie.simulator import Simulator
from kie.testing import trace, virtual_async_kie, virtual_kie

REQUEST = Wan27Image(prompt="A lighthouse at dusk")
MODEL = REQUEST.info.name


def looks(client: Any) -> list[float]:
    return [exchange.at for exchange in trace(client) if exchange.path.endswith("recordInfo")]


def seen(client: Any) -> Durations:
    return client._driver.session.process._learned[MODEL].durations


def test_a_fresh_task_is_first_looked_at_when_the_catalog_says_that_it_can_be_done() -> None:
    known = typical(MODEL)
    assert known is not None and known.p50 == 13
    client, _, _ = virtual_kie(latency=0.0)
    client.run(REQUEST)
    assert 3 < looks(client)[0] < 13
    assert len(looks(client)) < 10


def test_a_model_without_figures_is_taken_for_one_of_its_kind_and_an_unlisted_one_for_any() -> None:
    image = typical(NanoBananaPro.info.name)
    assert image is not None and image.seen == 0 and 20 < image.p50 < 100
    assert typical("no/such-model") is None
    assert typical(None) is None


def test_durations_are_learned_and_then_the_end_is_noticed_soon() -> None:
    client, service, _ = virtual_kie(latency=0.0, credits=1_000_000)
    for _ in range(30):
        client.run(REQUEST)
    assert seen(client).count == 30
    lows, highs = zip(*seen(client)._observed, strict=True)
    assert lows == highs, "the service's own figures"
    ends = [task.ends for task in service.tasks.values()]
    late = [min(at for at in looks(client) if at >= end) - end for end in ends[-10:]]
    assert sum(late) / len(late) < 1.0


def test_a_figure_of_the_service_that_cannot_be_true_is_not_learned() -> None:
    client, _, _ = virtual_kie(latency=0.0, speed=20)
    for count in (1, 2):
        client.run(REQUEST)
        assert seen(client).count == count
    # created and completed agree with what was seen here; costTime (13 s or so) does not
    assert all(high < 1.5 for _, high in seen(client)._observed)


def test_a_task_submitted_long_ago_in_this_process_is_not_waited_for_as_if_it_were_new() -> None:
    client, _, clock = virtual_kie(latency=0.0)
    task = client.submit(REQUEST)
    clock.sleep(500)
    task.wait()
    assert looks(client) == [500]


def test_a_task_taken_up_again_is_looked_at_at_once_then_by_its_age() -> None:
    client, service, clock = virtual_kie(latency=0.0)
    task = client.submit(REQUEST)
    clock.sleep(2)
    other, _, _ = virtual_kie(service, latency=0.0, clock=clock)
    other.task(str(task.ref)).wait()
    found = looks(other)
    assert found[0] == 2
    assert found[1] > 3, "not before it can plausibly be done"
    assert other._driver.session.process._learned[MODEL].durations.count == 1


def test_with_intervals_of_ones_own_nothing_is_learned() -> None:
    client, _, _ = virtual_kie(poll=PollPolicy(first=2))
    client.run(REQUEST)
    assert not client._driver.session.process._learned


def test_what_a_process_remembers_is_bounded() -> None:
    process = Process()
    for number in range(1000):
        process.observed(f"model-{number}", 1.0, 2.0)
        for policy in range(3):
            process.expect(f"model-{number}", None, PollPolicy(thrift=0.005 + policy / 100))
    assert len(process._learned) <= 256
    for number in range(20_000):
        process.begun(f"task-{number}", float(number))
    assert len(process._begun) <= 10_000
    assert process.begun("task-19999", None) == 19999
    assert process.begun("task-1", None) is None
    for number in range(20):
        process.expect("one", None, PollPolicy(thrift=0.01 + number / 100))
    assert len(process._learned["one"]._plans) <= 4


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


def test_clients_of_other_drivers_share_in_the_same_way() -> None:
    process = Process()
    client, service, clock = virtual_kie(latency=0.0)
    other, _, _ = virtual_kie(service, latency=0.0, clock=clock)
    for each in (client, other):
        each._driver.session.process = process
    client.run(REQUEST)
    assert process._learned[MODEL].durations.count == 1
    other.run(REQUEST)
    assert process._learned[MODEL].durations.count == 2
