"""A fifth of all exchanges goes wrong, in every way: what has to hold for every single task all the same."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from typing import Any

import pytest

from kie import Outcome, SubmitUnknown, TaskTimeout
from kie.models import NanoBananaPro
from kie.simulator import Accepted, Simulator
from kie.simulator._rate_limiter import LIMITS
from kie.testing import virtual_kie
from tests.batch.faults import RULES, script

TASK_TIMEOUT = 300.0


def check(outcomes: list[Outcome[Any]], accepted: Iterable[Accepted], *, batch_timeout: float) -> None:
    """What holds whatever happens: one outcome each, nothing accepted twice, nothing forgotten, nothing late."""
    assert [outcome.index for outcome in outcomes] == list(range(len(outcomes)))
    by_prompt: dict[str, list[str]] = {}
    for entry in accepted:
        by_prompt.setdefault(str(entry.input["prompt"]), []).append(entry.task_id)
    assert {len(ids) for ids in by_prompt.values()} <= {1}, "a submission was accepted twice"
    for outcome in outcomes:
        assert isinstance(outcome.request, NanoBananaPro)
        ids = by_prompt.get(outcome.request.prompt, [])
        if outcome.ref is not None:
            assert ids == [outcome.ref.id]
        elif ids:
            assert outcome.state == "unknown", "an accepted task was forgotten"
        assert (outcome.result is None) != (outcome.error is None)
        assert outcome.ended <= batch_timeout + 0.01
        if outcome.submitted is not None:
            assert outcome.ended - outcome.submitted <= TASK_TIMEOUT + 0.01


def test_ten_thousand_tasks_with_a_fifth_of_all_exchanges_faulty() -> None:
    total = 10_000
    batch_timeout = 0.6 * total
    requests = [NanoBananaPro(prompt=str(number)) for number in range(total)]
    client, service, _ = virtual_kie(faults=script(), latency=(0, 0.2), credits=10**7, speed=2)
    outcomes = client.batch.run(requests, concurrency=200, timeout=TASK_TIMEOUT, batch_timeout=batch_timeout)
    assert len(outcomes) == total
    check(outcomes, service.accepted, batch_timeout=batch_timeout)
    faulty = sum(outcome in {rule["do"] for rule in RULES} for _, outcome in service.log)
    assert faulty >= 0.2 * len(service.log)
    assert service.faults.unused == (), "every fault has happened"
    states = Counter(outcome.state for outcome in outcomes)
    assert set(states) == {"succeeded", "failed", "submitted", "unknown", "stopped"}
    assert states["succeeded"] > 0.7 * total
    unknown = [outcome.error for outcome in outcomes if outcome.state == "unknown"]
    assert all(isinstance(error, SubmitUnknown) or getattr(error, "task_created", 0) is None for error in unknown)


@pytest.mark.parametrize("concurrency", [1, 7, 400])
def test_a_batch_that_runs_out_of_time_tells_of_every_input(concurrency: int) -> None:
    requests = [NanoBananaPro(prompt=str(number)) for number in range(400)]
    client, service, clock = virtual_kie(faults=script(), latency=(0, 0.2), credits=10**7)
    outcomes = client.batch.run(requests, concurrency=concurrency, timeout=TASK_TIMEOUT, batch_timeout=60)
    check(outcomes, service.accepted, batch_timeout=60)
    assert clock.now() <= 60.01
    late = [outcome for outcome in outcomes if isinstance(outcome.error, TaskTimeout)]
    assert late and all(outcome.ref is not None for outcome in late)
    assert Counter(outcome.state for outcome in outcomes)["stopped"] > 100


def test_the_run_is_the_same_every_time() -> None:
    def once() -> tuple[list[tuple[str, float]], list[tuple[str, str]]]:
        client, service, _ = virtual_kie(faults=script(), latency=(0, 0.2), credits=10**7)
        outcomes = client.batch.run([NanoBananaPro(prompt=str(n)) for n in range(200)], concurrency=20)
        return [(outcome.state, outcome.ended) for outcome in outcomes], service.log

    assert once() == once()


@pytest.mark.parametrize("network", [0.0, 0.3, (0.0, 0.3), (0.3, 0.3)])
def test_a_thousand_instant_tasks_take_as_long_as_the_limit_makes_them(network: float | tuple[float, float]) -> None:
    """20 per 10 s: the last twenty of 1,000 cannot be sent before 490 s have passed."""
    client, service, clock = virtual_kie(latency=network, speed=1000, credits=10**6)
    outcomes = client.batch.run([NanoBananaPro(prompt="x")] * 1000, concurrency=60)
    assert {outcome.state for outcome in outcomes} == {"succeeded"}
    assert clock.now() <= 490 * 1.05
    assert not refused(service)


def test_random_delays_of_up_to_two_seconds_meet_a_429_once_in_a_hundred_submissions_at_most() -> None:
    for network in ((0.0, 2.0), (0.0, 1.0), (0.5, 2.0)):
        client, service, _ = virtual_kie(latency=network, speed=1000, credits=10**6)
        outcomes = client.batch.run([NanoBananaPro(prompt="x")] * 1000, concurrency=60)
        assert {outcome.state for outcome in outcomes} == {"succeeded"}
        assert refused(service) <= 10


def refused(service: Simulator) -> int:
    return sum(outcome == "429" for _, outcome in service.log)


@pytest.mark.parametrize("share", [5, 10, 15])
@pytest.mark.parametrize("concurrency", [5, 300])
def test_where_another_program_uses_the_key_the_rate_is_found_and_nothing_is_lost(
    share: int, concurrency: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(LIMITS, "submit", (share, 10.0))
    client, service, clock = virtual_kie(latency=(0, 0.2), speed=1000, credits=10**6)
    outcomes = client.batch.run([NanoBananaPro(prompt="x")] * 300, concurrency=concurrency)
    assert {outcome.state for outcome in outcomes} == {"succeeded"}
    assert 0 < refused(service) <= 0.25 * 300
    assert clock.now() <= 1.5 * 300 / share * 10
