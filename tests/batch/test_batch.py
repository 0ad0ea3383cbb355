"""`client.batch`: one outcome for each input, in both clients, whatever happens."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from kie import (
    ApiError,
    BatchStopped,
    CircuitOpen,
    ConfigError,
    Journal,
    Kie,
    MediaRejected,
    Outcome,
    RateLimit,
    SubmitUnknown,
    TaskFailed,
    TaskRef,
    TaskTimeout,
    TransportFailed,
    no_retry,
    simulated,
)
from kie.errors import InsufficientCredits, ModelRetired, RateLimited, Unprocessable
from kie.models import GrokImagineVideo15Preview, NanoBananaPro
from kie.testing import trace, virtual_async_kie, virtual_kie
from tests.flows.test_escapes import Raising
from tests.processes import joined, until_async

Batch = Callable[..., tuple[list[Outcome[Any]], Any, Any, Any]]


def numbered(count: int) -> list[NanoBananaPro]:
    return [NanoBananaPro(prompt=str(number)) for number in range(count)]


def sync_batch(method: str, inputs: Any, settings: dict[str, Any], options: dict[str, Any]) -> Any:
    client, service, clock = virtual_kie(**settings)
    made = inputs(client) if callable(inputs) else inputs
    return list(getattr(client.batch, method)(made, **options)), service, clock, client


def async_batch(method: str, inputs: Any, settings: dict[str, Any], options: dict[str, Any]) -> Any:
    async def main() -> Any:
        client, service, clock = virtual_async_kie(**settings)
        made = await inputs(client) if callable(inputs) else inputs
        work = getattr(client.batch, method)(made, **options)
        found = [outcome async for outcome in work] if method == "stream" else await work
        return found, service, clock, client

    return asyncio.run(main())


FACES = pytest.mark.parametrize("batch", [sync_batch, async_batch])


@FACES
def test_run_returns_the_outcomes_in_the_order_of_the_requests(batch: Any) -> None:
    requests = numbered(12)
    outcomes, service, _, _ = batch("run", requests, {}, {})
    assert [outcome.request for outcome in outcomes] == requests
    assert {outcome.state for outcome in outcomes} == {"succeeded"}
    assert [outcome.ref.id for outcome in sorted(outcomes, key=lambda o: o.submitted)] == [
        entry.task_id for entry in service.accepted
    ]
    for outcome in outcomes:
        assert outcome.unwrap() is outcome.result
        assert outcome.result.status.ref == outcome.ref
        assert 0 <= outcome.started < outcome.submitted < outcome.ended


@FACES
def test_stream_gives_the_outcomes_as_they_finish(batch: Any) -> None:
    outcomes, _, _, _ = batch("stream", numbered(30), {}, {"concurrency": 30})
    assert sorted(outcome.index for outcome in outcomes) == list(range(30))
    assert [outcome.index for outcome in outcomes] != list(range(30))
    assert all(earlier.ended <= later.ended for earlier, later in pairwise(outcomes))


@FACES
def test_submit_waits_for_nothing_and_wait_takes_the_outcomes_up(batch: Any) -> None:
    outcomes, service, clock, client = batch("submit", [*numbered(5), "no request"], {}, {})
    assert [outcome.state for outcome in outcomes] == ["submitted"] * 5 + ["invalid"]
    assert [exchange.method for exchange in trace(client)] == ["POST"] * 5
    assert len(service.accepted) == 5 and clock.now() < 1
    with pytest.raises(LookupError, match="was not waited for"):
        outcomes[0].unwrap()
    clock.sleep(100)
    again, _, _, _ = batch("wait", outcomes, {"simulator": service, "clock": clock}, {})
    assert [outcome.state for outcome in again] == ["succeeded"] * 5 + ["invalid"]
    assert [outcome.ref for outcome in again] == [outcome.ref for outcome in outcomes]


@FACES
def test_wait_takes_ids_refs_and_what_names_no_task(batch: Any) -> None:
    first, service, clock, client = batch("run", numbered(2), {}, {})
    refs = [str(first[0].ref), first[1].ref, first[0].result, client.task(first[1].ref), "f" * 32, "", None, 7]
    settings = {"simulator": service, "clock": clock}
    outcomes, _, _, _ = batch("wait", refs, settings, {})
    assert [outcome.state for outcome in outcomes] == ["succeeded"] * 4 + ["submitted"] + ["invalid"] * 3
    assert isinstance(outcomes[4].error, ApiError)
    assert [outcome.result.kind for outcome in outcomes[:4]] == ["image"] * 4


@FACES
def test_no_more_inputs_are_in_flight_than_asked_for(batch: Any) -> None:
    for concurrency in (1, 3, 5):
        outcomes, _, _, _ = batch("run", numbered(20), {}, {"concurrency": concurrency})
        for outcome in outcomes:
            moment = outcome.started
            assert sum(o.started <= moment < o.ended for o in outcomes) <= concurrency


@FACES
def test_every_way_to_go_wrong_is_an_outcome_of_its_own(batch: Any) -> None:
    faults = [
        {"on": "createTask", "do": "envelope", "code": 422, "msg": "odd", "nth": 1},
        {"on": "createTask", "do": "drop_after", "nth": 2},
        {"on": "createTask", "do": "fail_task", "nth": 3},
        {"on": "createTask", "do": "refuse", "nth": 4},
    ]
    same = NanoBananaPro(prompt="same")
    picture = NanoBananaPro(prompt="x", image_input=[b"this is no picture"])
    inputs = [*numbered(3), same, same, {"prompt": "x"}, None, picture]
    outcomes, service, _, _ = batch("run", inputs, {"faults": faults}, {"concurrency": 1})
    expected = ["failed", "unknown", "failed", "succeeded", "succeeded", "invalid", "invalid", "invalid"]
    assert [outcome.state for outcome in outcomes] == expected
    kinds = [Unprocessable, SubmitUnknown, TaskFailed, type(None), type(None), ConfigError, ConfigError]
    assert [type(outcome.error) for outcome in outcomes] == [*kinds, MediaRejected]
    assert outcomes[3].ref != outcomes[4].ref, "equal inputs are separate inputs"
    assert outcomes[0].ref is None and outcomes[2].ref is not None
    assert len(service.accepted) == 4
    with pytest.raises(SubmitUnknown):
        outcomes[1].unwrap()


@FACES
def test_the_first_answer_of_too_few_credits_ends_the_submissions_and_no_wait(batch: Any) -> None:
    faults = [{"on": "createTask", "do": "envelope", "code": 402, "msg": "poor", "nth": n} for n in range(4, 60)]
    for concurrency in (None, 1, 3):
        outcomes, service, _, _ = batch("run", numbered(60), {"faults": faults}, {"concurrency": concurrency})
        assert len(service.accepted) == 3
        assert [outcome.state for outcome in outcomes].count("succeeded") == 3, "what was submitted goes on"
        poor = [outcome for outcome in outcomes if isinstance(outcome.error, InsufficientCredits)]
        stopped = [outcome for outcome in outcomes if isinstance(outcome.error, BatchStopped)]
        assert poor and len(poor) + len(stopped) == 57
        asked = [operation for operation, _ in service.log].count("createTask")
        assert asked == 3 + len(poor)
        assert "too few credits" in str(stopped[0].error) and "nothing was sent for it" in str(stopped[0].error)


@FACES
def test_too_few_credits_in_the_answer_to_a_poll_end_no_submissions(batch: Any) -> None:
    faults = [{"on": "getTask", "do": "envelope", "code": 402, "msg": "poor", "nth": 1}]
    outcomes, service, _, _ = batch("run", numbered(3), {"faults": faults}, {"concurrency": 1})
    assert isinstance(outcomes[0].error, InsufficientCredits) and outcomes[0].ref is not None
    assert [outcome.state for outcome in outcomes[1:]] == ["succeeded"] * 2
    assert len(service.accepted) == 3


@FACES
def test_what_pauses_is_not_sent_once_the_account_has_too_few_credits(batch: Any) -> None:
    faults = [
        {"on": "createTask", "do": "rate_limit", "nth": 1},
        {"on": "createTask", "do": "envelope", "code": 402, "msg": "poor", "nth": 2},
    ]
    outcomes, service, _, _ = batch("run", numbered(2), {"faults": faults}, {"concurrency": 2})
    assert sorted(type(outcome.error).__name__ for outcome in outcomes) == ["BatchStopped", "InsufficientCredits"]
    assert [operation for operation, _ in service.log].count("createTask") == 2
    assert not service.accepted


@FACES
def test_once_the_account_has_too_few_credits_no_failed_task_is_submitted_again(batch: Any) -> None:
    faults = [
        {"on": "createTask", "do": "fail_task", "code": 500, "nth": 1},
        {"on": "createTask", "do": "envelope", "code": 402, "msg": "poor", "nth": 2},
    ]
    options = {"concurrency": 2, "retry_free": 1}
    outcomes, service, _, _ = batch("run", numbered(2), {"faults": faults}, options)
    (failed,) = [outcome for outcome in outcomes if outcome.ref is not None]
    assert isinstance(failed.error, TaskFailed) and failed.attempts == 1
    assert len(service.accepted) == 1


@FACES
def test_labels_find_the_tasks_of_an_earlier_batch(batch: Any, tmp_path: Path) -> None:
    settings = {"journal": tmp_path / "journal.jsonl"}
    labels = {"labels": ["a", None, "c"]}
    first, service, clock, _ = batch("run", numbered(3), settings, labels)
    again, _, _, _ = batch("run", numbered(3), {**settings, "simulator": service, "clock": clock}, labels)
    assert len(service.accepted) == 4
    assert [x.ref == y.ref for x, y in zip(first, again, strict=True)] == [True, False, True]


@FACES
@pytest.mark.parametrize(("labels", "why"), [(["a"], "1 items for 3 inputs"), (["a", "b", "a"], "inputs 0 and 2 have")])
def test_labels_that_do_not_fit_are_refused(batch: Any, tmp_path: Path, labels: list[str], why: str) -> None:
    with pytest.raises(ConfigError, match=why):
        batch("run", numbered(3), {"journal": tmp_path / "journal.jsonl"}, {"labels": labels})


def test_a_retired_model_is_an_invalid_input(monkeypatch: pytest.MonkeyPatch) -> None:
    import attrs

    retired = attrs.evolve(GrokImagineVideo15Preview.info, status="retired")
    monkeypatch.setattr(GrokImagineVideo15Preview, "info", retired)
    client, service, _ = virtual_kie()
    outcome, fine = client.batch.run(
        [GrokImagineVideo15Preview(prompt="x", image_urls=["https://example.com/a.png"]), *numbered(1)]
    )
    assert isinstance(outcome.error, ModelRetired) and outcome.state == "invalid"
    assert fine.ok and len(service.accepted) == 1


@FACES
def test_progress_hears_every_outcome(batch: Any) -> None:
    seen: list[tuple[int, int, int]] = []

    def progress(done: int, total: int, outcome: Outcome[Any]) -> None:
        seen.append((done, total, outcome.index))

    batch("run", [*numbered(6), None], {}, {"progress": progress})
    assert [done for done, _, _ in seen] == list(range(1, 8))
    assert {total for _, total, _ in seen} == {7}
    assert sorted(index for _, _, index in seen) == list(range(7))


def test_an_async_progress_is_awaited() -> None:
    seen: list[int] = []

    async def progress(done: int, total: int, outcome: Outcome[Any]) -> None:
        await asyncio.sleep(0)
        seen.append(done)

    async_batch("run", numbered(4), {}, {"progress": progress})
    assert seen == [1, 2, 3, 4]


@FACES
def test_an_error_in_progress_stops_the_batch_and_carries_every_outcome(batch: Any) -> None:
    def progress(done: int, total: int, outcome: Outcome[Any]) -> None:
        if done == 3:
            raise ZeroDivisionError("a bug of the user")

    with pytest.raises(ZeroDivisionError) as caught:
        batch("run", numbered(20), {}, {"progress": progress, "concurrency": 5})
    outcomes: list[Outcome[Any]] = caught.value.outcomes  # type: ignore[attr-defined]
    assert [outcome.index for outcome in outcomes] == list(range(20))
    assert {outcome.state for outcome in outcomes} == {"succeeded", "submitted", "stopped"}
    assert "error.outcomes" in caught.value.__notes__[-1]


@FACES
def test_stop_on_failure_sends_nothing_more_and_names_the_tasks_that_go_on(batch: Any) -> None:
    faults = [{"on": "createTask", "do": "fail_task", "nth": 2}]
    outcomes, service, _, _ = batch(
        "run", numbered(40), {"faults": faults}, {"stop_on_failure": True, "concurrency": 5}
    )
    assert [outcome.state for outcome in outcomes].count("failed") == 1
    failed = next(outcome for outcome in outcomes if outcome.state == "failed")
    for outcome in outcomes:
        if outcome.state == "submitted":
            assert isinstance(outcome.error, BatchStopped) and outcome.error.ref == outcome.ref
            assert f"input {failed.index} failed" in str(outcome.error)
        if outcome.state == "stopped":
            assert "nothing was sent" in str(outcome.error)
    assert {outcome.state for outcome in outcomes} >= {"submitted", "stopped"}
    assert len(service.accepted) == sum(outcome.ref is not None for outcome in outcomes)


@FACES
def test_a_failure_does_not_stop_the_others_by_default(batch: Any) -> None:
    faults = [{"on": "createTask", "do": "fail_task", "nth": 2}]
    outcomes, _, _, _ = batch("run", numbered(10), {"faults": faults}, {})
    assert sorted(outcome.state for outcome in outcomes) == ["failed"] + ["succeeded"] * 9


@FACES
def test_each_task_has_its_time_and_so_has_the_batch(batch: Any) -> None:
    slow = {"speed": 0.001, "credits": 10**6}
    outcomes, _, clock, _ = batch("run", numbered(6), slow, {"timeout": 20, "concurrency": 2})
    assert all(isinstance(outcome.error, TaskTimeout) for outcome in outcomes)
    assert all(19 <= outcome.ended - outcome.submitted <= 20.01 for outcome in outcomes)
    assert 57 < clock.now() < 61
    outcomes, service, clock, _ = batch("run", numbered(30), slow, {"batch_timeout": 15, "concurrency": 5})
    assert clock.now() <= 15.01
    assert [outcome.state for outcome in outcomes] == ["submitted"] * 5 + ["stopped"] * 25
    assert all(isinstance(o.error, TaskTimeout) and "the batch ran out of time" in str(o.error) for o in outcomes[:5])
    assert all(isinstance(outcome.error, BatchStopped) for outcome in outcomes[5:])
    assert len(service.accepted) == 5


@FACES
def test_no_submission_begins_in_the_last_two_seconds(batch: Any) -> None:
    outcomes, service, _, _ = batch("submit", numbered(60), {"latency": 1.5}, {"batch_timeout": 10, "concurrency": 1})
    assert {outcome.state for outcome in outcomes} == {"submitted", "stopped"}
    assert len(service.accepted) == sum(outcome.ref is not None for outcome in outcomes) == 6


@FACES
def test_the_input_is_reported_before_it_is_sent_and_an_error_then_keeps_it_from_being_sent(batch: Any) -> None:
    seen: list[tuple[int, TaskRef | None]] = []

    def note(index: int, ref: TaskRef | None) -> None:
        seen.append((index, ref))
        if index == 1:
            raise ConfigError("the disk is full")

    outcomes, service, _, _ = batch("run", numbered(3), {}, {"on_submission": note, "concurrency": 1})
    assert seen == [(0, None), (0, outcomes[0].ref), (1, None), (2, None), (2, outcomes[2].ref)]
    assert [outcome.state for outcome in outcomes] == ["succeeded", "invalid", "succeeded"]
    assert len(service.accepted) == 2


@FACES
def test_each_attempt_is_reported_and_so_is_the_pause_after_one_that_created_nothing(batch: Any) -> None:
    seen: list[tuple[int, object]] = []
    faults = [{"on": "createTask", "do": "rate_limit", "nth": nth} for nth in range(1, 7)]
    options = {
        "on_submission": lambda index, ref: seen.append((index, ref)),
        "on_postponed": lambda index: seen.append((index, "postponed")),
    }
    outcomes, service, _, _ = batch("run", numbered(1), {"faults": faults}, options)
    assert seen == [(0, None), (0, "postponed")] * 6 + [(0, None), (0, outcomes[0].ref)]
    assert len(service.accepted) == 1


@FACES
def test_on_postponed_that_raises_ends_its_input_and_nothing_is_sent_again(batch: Any) -> None:
    def refuse(index: int) -> None:
        raise ConfigError("the disk is full")

    faults = [{"on": "createTask", "do": "rate_limit", "nth": 1}]
    outcomes, service, _, _ = batch("run", numbered(2), {"faults": faults}, {"on_postponed": refuse})
    assert sorted(outcome.state for outcome in outcomes) == ["invalid", "succeeded"]
    assert len(service.accepted) == 1


@FACES
def test_a_callback_that_raises_after_the_submission_leaves_the_ref(batch: Any) -> None:
    def note(ref: TaskRef) -> None:
        raise ValueError("a bug of the user")

    outcomes, service, _, _ = batch("run", numbered(3), {}, {"on_submitted": note})
    assert [outcome.ref.id for outcome in outcomes] == [entry.task_id for entry in service.accepted]
    assert {(outcome.state, type(outcome.error)) for outcome in outcomes} == {("submitted", ValueError)}


@FACES
def test_figures_that_make_no_sense_are_refused_before_anything_is_sent(batch: Any) -> None:
    for wrong in ({"concurrency": 0}, {"batch_timeout": 0}, {"batch_timeout": float("nan")}, {"timeout": -1}):
        with pytest.raises(ConfigError):
            batch("run", numbered(1), {}, wrong)
    with pytest.raises(TypeError, match="base_url"):
        batch("run", numbered(1), {}, {"base_url": "https://example.com"})


@FACES
def test_an_empty_batch_is_no_work(batch: Any) -> None:
    outcomes, service, clock, _ = batch("run", [], {}, {})
    assert (outcomes, service.log, clock.now()) == ([], [], 0)


def test_leaving_a_stream_early_stops_the_rest() -> None:
    client, service, _ = virtual_kie()
    for _ in client.batch.stream(numbered(100), concurrency=5):
        break
    sent = len(service.log)
    assert len(service.accepted) < 20
    client.batch.run([])
    assert len(service.log) == sent


@pytest.mark.parametrize("during", ["progress", "on_submission"])
def test_an_interruption_in_a_callback_stops_the_batch_and_carries_every_outcome(during: str) -> None:
    def interrupt(*given: Any) -> None:
        if given[0] == 5:
            raise KeyboardInterrupt

    client, service, _ = virtual_kie(latency=2.0)
    with pytest.raises(KeyboardInterrupt) as caught:
        client.batch.run(numbered(40), concurrency=8, **{during: interrupt})  # type: ignore[call-overload]
    check_interrupted(caught.value, service, 40)


@FACES
def test_whoever_hears_of_a_task_hears_of_it_once(batch: Any) -> None:
    told: list[TaskRef] = []
    outcomes, _, _, _ = batch("run", numbered(3), {}, {"on_submitted": told.append})
    assert sorted(map(str, told)) == sorted(str(outcome.ref) for outcome in outcomes) and len(told) == 3


def test_an_interruption_while_an_input_is_sent_leaves_its_outcome_unknown() -> None:
    client = Kie("key", transport=Raising(KeyboardInterrupt()))
    with pytest.raises(KeyboardInterrupt) as caught:
        client.batch.run(numbered(3), concurrency=1)
    outcomes: list[Outcome[Any]] = caught.value.outcomes  # type: ignore[attr-defined]
    assert [outcome.state for outcome in outcomes] == ["unknown", "stopped", "stopped"]


@pytest.mark.parametrize("method", ["run", "stream"])
@pytest.mark.parametrize("begun", [True, False])
def test_ctrl_c_while_the_thread_of_a_batch_starts_leaves_nothing_running(
    begun: bool, method: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    started: list[Any] = []

    class Starting(threading.Thread):
        """Of the first, the start is interrupted, when it runs already or before it does."""

        def start(self) -> None:
            started.append(self)
            if begun or self is not started[0]:
                super().start()
            if self is started[0]:
                raise KeyboardInterrupt

    fakes = SimpleNamespace(Event=threading.Event, Thread=Starting, Lock=threading.Lock)
    monkeypatch.setattr("kie._io.threads.threading", fakes)
    with simulated(speed=1000, limits=False) as service:
        client = service.client(journal=tmp_path / "journal.jsonl")
        with pytest.raises(KeyboardInterrupt) as caught:
            list(getattr(client.batch, method)(numbered(400)))
        if begun and method == "run":
            check_interrupted(caught.value, service.state, 400)
        if not begun:
            threading.Thread.start(started[0])  # an interrupted start may still come to something
        for thread in started:
            joined(thread)
        refs = [entry.ref.id for entry in Journal(tmp_path / "journal.jsonl").entries() if entry.ref is not None]
        assert sorted(refs) == sorted(task.task_id for task in service.state.accepted)
        assert len(refs) < 400 and (begun or refs == [])


def check_interrupted(error: BaseException, service: Any, total: int) -> None:
    outcomes: list[Outcome[Any]] = error.outcomes  # type: ignore[attr-defined]
    assert [outcome.index for outcome in outcomes] == list(range(total))
    assert {outcome.state for outcome in outcomes} <= {"succeeded", "submitted", "stopped"}
    assert {outcome.ref.id for outcome in outcomes if outcome.ref} == {entry.task_id for entry in service.accepted}
    assert any(outcome.state == "stopped" for outcome in outcomes)


def test_ctrl_c_waits_for_submissions_under_way_so_that_every_ref_is_known(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pressed = threading.Event()

    class Waiting(threading.Event):
        """Raises where Ctrl-C would: in the thread that waits for the end. It needs no signal."""

        def wait(self, timeout: float | None = None) -> bool:
            if pressed.wait(0.01):
                pressed.clear()
                raise KeyboardInterrupt
            return super().wait(0.01)

    fakes = SimpleNamespace(Event=Waiting, Thread=threading.Thread, Lock=threading.Lock)
    monkeypatch.setattr("kie._io.threads.threading", fakes)
    journal = tmp_path / "journal.jsonl"
    slow = [{"on": "createTask", "do": "slow", "seconds": 0.2}]
    with simulated(speed=0.1, limits=False, faults=slow) as service:
        client = service.client(journal=journal)

        def under_way(index: int, ref: TaskRef | None) -> None:
            if index == 10 and ref is None:
                pressed.set()

        with pytest.raises(KeyboardInterrupt) as caught:
            client.batch.run(numbered(40), concurrency=15, on_submission=under_way)
        check_interrupted(caught.value, service.state, 40)
        assert service.state.accepted
        noted = {entry.ref.id for entry in Journal(journal).entries() if entry.ref}
        assert noted == {entry.task_id for entry in service.state.accepted}


def test_a_cancelled_batch_waits_for_submissions_under_way_and_tells_of_every_input() -> None:
    async def main() -> None:
        client, service, clock = virtual_async_kie(latency=1.0)
        seen: list[Outcome[Any]] = []

        async def work() -> None:
            try:
                await client.batch.run(numbered(50), concurrency=10, progress=lambda d, t, o: seen.append(o))
            except asyncio.CancelledError as error:
                assert [o.index for o in error.outcomes] == list(range(50))  # type: ignore[attr-defined]
                raise

        task = asyncio.create_task(work())
        await until_async(lambda: clock.now() >= 3.5)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        assert sorted(outcome.index for outcome in seen) == list(range(50))
        refs = {outcome.ref.id for outcome in seen if outcome.ref}
        assert refs == {entry.task_id for entry in service.accepted}
        assert {outcome.state for outcome in seen} <= {"submitted", "stopped", "succeeded"}

    asyncio.run(main())


def test_both_clients_do_the_same_at_the_same_times() -> None:
    faults = [
        {"on": "getTask", "do": "http", "status": 503, "every": 7},
        {"on": "getTask", "do": "slow", "seconds": 3, "every": 5},
    ]
    one = sync_batch("run", numbered(50), {"faults": faults}, {"concurrency": 8})
    other = async_batch("run", numbered(50), {"faults": faults}, {"concurrency": 8})
    assert [(o.index, o.state, round(o.ended, 6)) for o in one[0]] == [
        (o.index, o.state, round(o.ended, 6)) for o in other[0]
    ]
    assert one[1].log == other[1].log


def test_a_batch_waits_for_many_tasks_with_few_threads() -> None:
    with simulated(speed=0.5, limits=False, credits=10**6) as service:
        client = service.client()
        started: list[int] = []
        stream = client.batch.stream(numbered(200), concurrency=200, batch_timeout=3)
        outcomes = []
        for outcome in stream:
            started.append(sum(thread.name == "kie-batch" for thread in threading.enumerate()))
            outcomes.append(outcome)
    assert max(started) <= 33
    assert len(outcomes) == 200


@FACES
def test_while_the_circuit_is_open_the_inputs_wait_for_it(batch: Batch) -> None:
    settings = {
        "faults": [{"on": "createTask", "do": "refuse", "times": 5}],
        "retry": no_retry(),
    }
    found, service, clock, _ = batch("run", numbered(20), settings, {"concurrency": 5})
    assert [outcome.state for outcome in found] == ["failed"] * 5 + ["succeeded"] * 15
    assert all(isinstance(outcome.error, TransportFailed) for outcome in found[:5])
    assert len(service.accepted) == 15
    assert clock.now() > 30


def test_while_one_submission_finds_out_whether_the_service_is_back_the_others_ask_once_a_second() -> None:
    probe = {"on": "createTask", "do": "slow", "seconds": 5.0, "nth": 6}
    settings = {"faults": [{"on": "createTask", "do": "refuse", "times": 5}, probe], "retry": no_retry()}
    found, service, _, client = sync_batch("run", numbered(10), settings, {"concurrency": 5})
    assert [outcome.state for outcome in found] == ["failed"] * 5 + ["succeeded"] * 5
    assert len(service.accepted) == 5
    assert 5 + 4 * 4 <= client.breaker.stats()["https://api.kie.ai"].refused <= 5 + 4 * 7


@FACES
@pytest.mark.parametrize("limit", [{"timeout": 20}, {"batch_timeout": 20}])
def test_the_circuit_is_not_waited_for_beyond_the_time_of_a_task_or_of_the_batch(
    batch: Batch, limit: dict[str, float]
) -> None:
    settings = {"faults": [{"on": "createTask", "do": "refuse"}], "retry": no_retry()}
    found, service, clock, _ = batch("run", numbered(20), settings, {"concurrency": 5, **limit})
    assert {outcome.state for outcome in found} == {"failed"}
    assert isinstance(found[-1].error, CircuitOpen)
    assert not service.accepted
    assert clock.now() <= 20


@FACES
def test_inputs_wait_while_others_use_up_the_limits_of_the_key(batch: Batch) -> None:
    crowd = [{"on": "createTask", "do": "envelope", "code": 429, "msg": "slow down", "times": 60}]
    found, service, clock, _ = batch("run", numbered(6), {"faults": crowd}, {})
    assert {outcome.state for outcome in found} == {"succeeded"}
    assert len(service.accepted) == 6
    assert clock.now() > 10


@FACES
def test_limits_that_let_nothing_through_are_waited_for_once_and_not_by_each_input(batch: Batch) -> None:
    closed = [{"on": "createTask", "do": "envelope", "code": 429, "msg": "slow down"}]
    settings = {"faults": closed, "rate_limit": RateLimit.unlimited()}
    found, service, clock, _ = batch("run", numbered(20), settings, {"concurrency": 5, "timeout": 100})
    assert {type(outcome.error) for outcome in found} == {RateLimited}
    assert {outcome.state for outcome in found} == {"failed"}
    assert not service.accepted
    assert 60 < clock.now() < 120


@FACES
def test_limits_are_not_waited_for_beyond_the_time_of_the_batch(batch: Batch) -> None:
    closed = [{"on": "createTask", "do": "envelope", "code": 429, "msg": "slow down"}]
    found, service, clock, _ = batch("run", numbered(20), {"faults": closed}, {"concurrency": 5, "batch_timeout": 100})
    assert {type(outcome.error) for outcome in found} <= {RateLimited, BatchStopped}
    assert {outcome.state for outcome in found} <= {"failed", "stopped"}
    assert not service.accepted
    assert clock.now() <= 100


@FACES
def test_an_input_that_the_limits_refuse_fails_at_once_if_everything_is_sent_once(batch: Batch) -> None:
    crowd = [{"on": "createTask", "do": "envelope", "code": 429, "msg": "slow down", "times": 1}]
    found, _, _, _ = batch("run", numbered(3), {"faults": crowd, "retry": no_retry()}, {"concurrency": 1})
    assert [outcome.state for outcome in found] == ["failed", "succeeded", "succeeded"]
    assert isinstance(found[0].error, RateLimited)


@FACES
def test_a_refusal_for_the_limits_that_leaves_the_outcome_open_is_not_waited_for(batch: Batch) -> None:
    torn = [{"on": "createTask", "do": "http", "status": 503, "body": '{"code":429,"msg":"slow down"}', "times": 1}]
    found, service, _, _ = batch("run", numbered(3), {"faults": torn}, {"concurrency": 1})
    assert [outcome.state for outcome in found] == ["unknown", "succeeded", "succeeded"]
    assert len(service.accepted) == 2


def test_a_label_whose_submission_the_limits_refused_is_submitted_again_and_found_afterwards(tmp_path: Path) -> None:
    crowd = [{"on": "createTask", "do": "envelope", "code": 429, "msg": "slow down", "times": 9}]
    journal = tmp_path / "journal.jsonl"
    found, service, _, _ = sync_batch("run", numbered(1), {"faults": crowd, "journal": journal}, {"labels": ["a"]})
    assert found[0].state == "succeeded" and len(service.accepted) == 1
    entry = Journal(journal).find("a")
    assert entry is not None and entry.ref == found[0].ref
