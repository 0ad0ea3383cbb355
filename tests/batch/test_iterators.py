"""Inputs without a length: each is taken from its iterator when there is room for it, and not before."""

from __future__ import annotations

import asyncio
import itertools
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from kie import BatchStopped, BudgetExceeded, ConfigError, Journal, Outcome, TaskTimeout, simulated
from kie._batch import flow as batch_flow
from kie._batch.flow import AHEAD
from kie._flow.effects import Sleep
from kie.errors import InsufficientCredits
from kie.models import NanoBananaPro
from kie.testing import virtual_async_kie, virtual_kie
from tests.processes import LONGEST


class Taken:
    """Gives requests, and counts how many were taken and how many outcomes there were then."""

    def __init__(self, count: int | None = None) -> None:
        self.taken = 0
        self.ahead: list[int] = []
        self.ended = 0
        self._numbers = itertools.count() if count is None else iter(range(count))

    def __iter__(self) -> Iterator[NanoBananaPro]:
        return self

    def __next__(self) -> NanoBananaPro:
        number = next(self._numbers)
        self.taken += 1
        self.ahead.append(self.taken - self.ended)
        return NanoBananaPro(prompt=str(number))

    def count(self, *_: object) -> None:
        self.ended += 1


def numbered(count: int) -> Iterator[NanoBananaPro]:
    return (NanoBananaPro(prompt=str(number)) for number in range(count))


@pytest.mark.parametrize("concurrency", [1, 3])
def test_no_more_is_taken_than_there_is_room_for(concurrency: int) -> None:
    client, service, _ = virtual_kie()
    inputs = Taken(12)
    outcomes = client.batch.run(inputs, concurrency=concurrency, progress=inputs.count)
    assert [outcome.index for outcome in outcomes] == list(range(12))
    assert [outcome.request.prompt for outcome in outcomes] == [str(number) for number in range(12)]  # type: ignore[union-attr]
    assert max(inputs.ahead) == concurrency
    assert len(service.accepted) == 12


def test_without_a_width_a_few_are_taken_ahead_of_what_the_limits_let_through() -> None:
    client, service, _ = virtual_kie(credits=10**6)
    inputs = Taken()
    stream = client.batch.stream(inputs)
    for outcome in itertools.islice(stream, 50):
        assert outcome.ok
        assert inputs.taken - len(service.accepted) <= AHEAD
    stream.close()
    assert len(service.accepted) <= inputs.taken < 1000


@pytest.mark.parametrize("face", [virtual_kie, virtual_async_kie])
def test_an_iterator_without_an_end_is_left_alone_once_the_account_has_too_few_credits(face: Any) -> None:
    client, service, _ = face(credits=18 * 5)
    inputs = Taken()

    limited = itertools.islice(inputs, 2000)  # no test is without an end

    async def asynchronous() -> list[Outcome[Any]]:
        return [outcome async for outcome in client.batch.stream(limited)]

    outcomes = asyncio.run(asynchronous()) if face is virtual_async_kie else list(client.batch.stream(limited))
    assert len(service.accepted) == 5 and len(outcomes) == inputs.taken <= 5 + 2 * AHEAD + batch_flow.UNPAID
    assert [outcome.state for outcome in outcomes].count("succeeded") == 5
    assert {type(outcome.error) for outcome in outcomes if not outcome.ok} <= {InsufficientCredits, BatchStopped}


def test_nothing_is_taken_before_the_first_outcome_is_asked_for() -> None:
    client, service, _ = virtual_kie()
    inputs = Taken(3)
    stream = client.batch.stream(inputs)
    assert inputs.taken == 0
    assert len(list(stream)) == 3
    assert len(service.accepted) == 3


def test_an_empty_iterator_is_an_empty_batch() -> None:
    client, _, _ = virtual_kie()
    assert client.batch.run(iter(())) == []
    assert list(client.batch.stream(iter(()))) == []


def test_the_number_of_inputs_grows_for_progress() -> None:
    client, _, _ = virtual_kie()
    told: list[tuple[int, int]] = []
    client.batch.run(numbered(4), concurrency=2, progress=lambda done, total, _: told.append((done, total)))
    assert [done for done, _ in told] == [1, 2, 3, 4]
    totals = [total for _, total in told]
    assert totals == sorted(totals) and totals[0] < 4 and totals[-1] == 4


def test_tasks_of_an_iterator_are_waited_for_a_bounded_number_at_a_time(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(batch_flow, "WAITED_FOR", 5)
    client, _, _ = virtual_kie(credits=10**6)
    refs = [outcome.ref for outcome in client.batch.submit(numbered(20))]
    taken, ended = 0, 0
    most = 0

    def given() -> Iterator[Any]:
        nonlocal taken, most
        for ref in refs:
            taken += 1
            most = max(most, taken - ended)
            yield ref

    for outcome in client.batch.stream(given()):
        ended += 1
        assert outcome.ok
    assert ended == 20
    assert most <= 6, "five, and the one that is delivered meanwhile"


def test_what_is_no_request_is_an_outcome_of_its_own() -> None:
    client, service, _ = virtual_kie()
    first, second = client.batch.run(iter([7, NanoBananaPro(prompt="x")]))  # type: ignore[arg-type]
    assert "input 0 must be a request, not 7" in str(first.error)
    assert second.ok and len(service.accepted) == 1


def broken(after: int) -> Iterator[NanoBananaPro]:
    yield from numbered(after)
    raise LookupError("the source is gone")


def test_an_error_of_the_iterator_stops_the_batch_and_carries_the_outcomes() -> None:
    client, service, _ = virtual_kie()
    with pytest.raises(LookupError, match="the source is gone") as raised:
        client.batch.run(broken(3))
    outcomes: list[Outcome[Any]] = raised.value.outcomes  # type: ignore[attr-defined]
    assert len(outcomes) == 3
    assert len(service.accepted) == sum(outcome.ref is not None for outcome in outcomes)
    assert all(isinstance(outcome.error, BatchStopped) for outcome in outcomes)


def test_a_stream_gives_what_was_submitted_before_it_raises_the_error_of_the_iterator() -> None:
    client, _, _ = virtual_kie()
    stream = client.batch.stream(broken(2), concurrency=1)
    assert next(stream).ok
    with pytest.raises(LookupError):
        list(stream)


@pytest.mark.parametrize("stop", [{"stop_on_failure": True}, {"batch_timeout": 30.0}])
def test_a_batch_that_stops_takes_nothing_more(stop: dict[str, Any]) -> None:
    client, service, _ = virtual_kie(
        credits=10**6, faults=[{"on": "createTask", "do": "fail_task", "code": 422, "nth": 3}]
    )
    inputs = Taken()
    outcomes = client.batch.run(inputs, concurrency=2, **stop)
    assert len(outcomes) == inputs.taken < 30
    assert isinstance(outcomes[-1].error, (BatchStopped, TaskTimeout))
    assert len(service.accepted) <= inputs.taken


def test_tasks_behind_a_request_that_nobody_can_pay_are_still_waited_for() -> None:
    client, _, _ = virtual_kie(credits=40)
    [made] = client.batch.submit([NanoBananaPro(prompt="first")])
    inputs: Iterator[Any] = iter([NanoBananaPro(prompt=str(n)) for n in range(4)] + [made.ref])
    outcomes = sorted(client.batch.stream(inputs, concurrency=1), key=lambda outcome: outcome.index)
    assert len(outcomes) == 5
    assert [outcome.ok for outcome in outcomes] == [True, False, False, False, True]


def test_a_budget_judges_each_input_at_its_turn() -> None:
    client, service, _ = virtual_kie()
    outcomes = client.batch.run(numbered(4), budget=40, concurrency=1)
    assert [outcome.ok for outcome in outcomes] == [True, True, False, False]
    assert all(isinstance(outcome.error, BudgetExceeded) for outcome in outcomes[2:])
    with pytest.raises(BudgetExceeded, match="these 4 requests"):
        client.batch.run(list(numbered(4)), budget=40)
    assert len(service.accepted) == 2


def test_labels_are_taken_alongside_and_may_go_on(tmp_path: Path) -> None:
    client, _, _ = virtual_kie(journal=tmp_path / "journal")
    labels = (None if number == 1 else f"label-{number}" for number in itertools.count())
    client.batch.run(numbered(3), labels=labels)
    assert [entry.label for entry in Journal(tmp_path / "journal").entries()] == ["label-0", None, "label-2"]


def test_labels_that_end_too_soon_or_are_no_text_stop_the_batch(tmp_path: Path) -> None:
    client, service, _ = virtual_kie(journal=tmp_path / "journal")
    with pytest.raises(ConfigError, match="labels has no entry for input 1"):
        client.batch.run(numbered(3), labels=iter(["a"]), concurrency=1)
    assert len(service.accepted) == 1
    with pytest.raises(ConfigError, match="a label must be text or None, not 7"):
        client.batch.run(numbered(3), labels=iter([7]))  # type: ignore[arg-type]
    with pytest.raises(ConfigError, match="labels must be a list of strings"):
        client.batch.run(numbered(3), labels={"a", "b", "c"})
    assert len(service.accepted) == 1


def test_labels_of_a_list_may_come_from_an_iterator_and_have_to_be_as_many(tmp_path: Path) -> None:
    client, service, _ = virtual_kie(journal=tmp_path / "journal")
    with pytest.raises(ConfigError, match="labels has 3 items for 2 inputs"):
        client.batch.run(list(numbered(2)), labels=map(str, itertools.count()))
    assert service.accepted == []
    assert len(client.batch.run(list(numbered(2)), labels=iter("ab"))) == 2


def test_more_is_not_taken_while_nobody_takes_the_outcomes(monkeypatch: pytest.MonkeyPatch) -> None:
    """Over real threads, where the work goes on while the caller is busy."""
    monkeypatch.setattr(batch_flow, "UNTAKEN", 3)
    with simulated(speed=1000, limits=False, credits=10**6) as service:
        inputs, enough = Taken(), threading.Event()

        def pausing(seconds: float) -> Sleep:
            assert seconds == 0.1
            enough.set()
            return Sleep(seconds)

        monkeypatch.setattr(batch_flow, "Sleep", pausing)
        stream = service.client().batch.stream(inputs, concurrency=2)
        assert next(stream).ok
        assert enough.wait(LONGEST), "it paused"
        assert inputs.taken <= 1 + 3 + 2 + 2
        stream.close()


def test_an_iterator_that_waits_for_ever_does_not_keep_a_stream_from_ending() -> None:
    blocked, release = threading.Event(), threading.Event()

    def given() -> Iterator[NanoBananaPro]:
        yield from numbered(2)
        blocked.set()
        release.wait(LONGEST)

    with simulated(speed=1000, limits=False) as service:
        told: list[int] = []
        stream = service.client().batch.stream(given(), progress=lambda done, *_: told.append(done))
        assert next(stream).ok and next(stream).ok
        assert blocked.wait(LONGEST)
        stream.close()
        release.set()
        assert told == [1, 2], "its functions were called while the iterator waited"
        assert len(service.state.accepted) == 2


def test_async_batches_take_from_iterators_too() -> None:
    async def main() -> None:
        client, service, _ = virtual_async_kie(credits=10**6)
        inputs = Taken(30)
        outcomes = await client.batch.run(inputs, concurrency=4, progress=inputs.count)
        assert [outcome.ok for outcome in outcomes] == [True] * 30
        assert max(inputs.ahead) == 4
        with pytest.raises(LookupError):
            await client.batch.run(broken(1))
        assert len([outcome async for outcome in client.batch.stream(numbered(3))]) == 3
        assert len(service.accepted) <= 34

    asyncio.run(main())
