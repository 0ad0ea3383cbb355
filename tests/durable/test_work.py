"""What is done for one line, without the engine and in virtual time: what is never sent twice, and never given up."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Awaitable, Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import attrs
import pytest

from kie import ConfigError, KieError, TaskRef, catalog
from kie._durable import work as module
from kie._durable.line_store import LineRow, LineStore, NewLine
from kie._durable.notes import Notes
from kie._durable.stored import digest_of, stored
from kie._durable.work import LineWorker, nothing_sent
from kie._io.database import database
from kie._io.secrets import Secret
from kie._io.unusable import Unusable
from kie._tasks.wait import finish
from kie.errors import (
    BatchStopped,
    CircuitOpen,
    InsufficientCredits,
    KeyLimitReached,
    RateLimited,
    ServerError,
    TransportFailed,
    Unauthorized,
)
from kie.models import NanoBananaPro
from kie.testing import virtual_async_kie
from tests.processes import joined, until

REF = TaskRef("0123456789abcdef", "jobs", "nano-banana-pro")
REQUEST = NanoBananaPro(prompt="A lighthouse at dusk")


@attrs.define
class Bench:
    """A worker on a table of one line, and the simulator that it sends to."""

    worker: LineWorker
    store: LineStore
    state: Any
    slept: list[float] = attrs.field(factory=list)

    @property
    def row(self) -> LineRow:
        found = self.store.row("spring", 0)
        assert found is not None
        return found

    def submit(self) -> Awaitable[str]:
        return self.worker.submit("spring", 0, 0)

    def finish(self) -> Awaitable[str]:
        return self.worker.finish("spring", 0, 0)


Benches = Callable[..., Bench]


@pytest.fixture
def benches(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Benches]:
    url = f"sqlite:///{tmp_path}/lines.sqlite"
    with closing(LineStore(Secret(url))) as store:
        store.prepare()

        def made(text: str | None = None, **options: Any) -> Bench:
            text = text or stored(REQUEST)
            entries = [NewLine(0, None, "nano-banana-pro", text, digest_of(text))]
            store.enqueue("spring", entries, lambda *_: None, new=True)
            client, state, _ = virtual_async_kie(**options)
            worker = LineWorker(store, lambda: client, None)
            worker.prepare()
            bench = Bench(worker, store, state)
            sleep = asyncio.sleep

            async def slept(seconds: float) -> None:
                bench.slept.append(seconds)
                await sleep(0)

            monkeypatch.setattr("kie._durable.work.asyncio.sleep", slept)
            return bench

        yield made
        database(url).close()


def finished(work: Callable[[], Awaitable[Any]]) -> Any:
    """What it gives, or an error after half a minute of real time."""

    async def bounded() -> Any:
        async with asyncio.timeout(30):
            return await work()

    return asyncio.run(bounded())


async def waits_forever(step: Awaitable[str], until: Callable[[], object]) -> None:
    """See that a step does what it does and then never ends."""
    task = asyncio.ensure_future(step)
    while not (task.done() or until()):
        await asyncio.wait([task], timeout=0.001)
    for _ in range(3):
        await asyncio.wait([task], timeout=0.001)
    assert not task.done()
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)


def failing(monkeypatch: pytest.MonkeyPatch, step: str, *errors: Exception) -> list[Exception]:
    """Let a flow raise one error after the other. Gives those that were raised."""
    raised: list[Exception] = []

    def flow(*_: Any, **__: Any) -> Any:
        raised.append(errors[len(raised)])
        raise raised[-1]
        yield

    monkeypatch.setattr(module, step, flow)
    return raised


def limited(task_created: bool | None = False, retry_after: float | None = None) -> RateLimited:
    return RateLimited("slow down", status=429, task_created=task_created, retry_after=retry_after)


def poor(task_created: bool | None = False) -> InsufficientCredits:
    return InsufficientCredits("poor", status=200, code=402, task_created=task_created)


def of_task(error: Exception) -> Exception:
    """An error that names a task."""
    error.ref = REF  # type: ignore[attr-defined]
    return error


def test_a_line_is_sent_waited_for_and_ends(benches: Benches) -> None:
    bench = benches()

    async def work() -> None:
        assert await bench.submit() == "waiting" and bench.row.task is not None
        assert bench.worker.busy, "it has a task that is waited for"
        assert await bench.finish() == "succeeded" and not bench.worker.busy
        assert await bench.submit() == await bench.finish() == "succeeded"

    finished(work)
    assert len(bench.state.accepted) == 1


def test_a_line_is_busy_until_its_task_has_ended_whatever_happens_once_it_is_noted(
    benches: Benches, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Otherwise `stream` would not wait for a task of which the user's function is told just now."""
    told: list[bool] = []
    bench: Bench = benches(on_submitted=lambda *_: told.append(bench.worker.busy))
    settle = Notes.settle

    def settled(*given: Any) -> None:
        settle(*given)
        told.append(bench.worker.busy)

    monkeypatch.setattr(Notes, "settle", settled)

    async def work() -> None:
        assert await bench.submit() == "waiting" and await bench.finish() == "succeeded"

    finished(work)
    assert told == [True, True] and not bench.worker.busy


def test_a_line_that_is_tried_again_is_not_busy_meanwhile(benches: Benches, monkeypatch: pytest.MonkeyPatch) -> None:
    bench = benches(faults=[{"on": "createTask", "do": "envelope", "code": 402, "msg": "poor", "nth": 1}])

    async def work() -> None:
        await waits_forever(bench.submit(), lambda: bench.worker.fault)
        assert not bench.worker.busy

    finished(work)


def test_a_line_whose_submission_can_never_be_noted_is_waited_for_no_longer(
    benches: Benches, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: Any) -> None:
        raise RuntimeError("it never works")

    bench = benches()
    monkeypatch.setattr(bench.store, "accepted", broken)

    async def work() -> None:
        with pytest.raises(RuntimeError, match="it never works") as caught:
            await bench.submit()
        assert bench.worker.busy
        bench.worker.dropped("spring", 0, caught.value)

    finished(work)
    assert bench.worker.fault is not None and not bench.worker.busy


def test_a_line_that_has_a_task_is_not_judged_again(benches: Benches) -> None:
    bench = benches(stored(REQUEST).replace("nano-banana-pro", "of-another-version"))
    bench.store.accepted("spring", 0, None, REF)
    assert finished(bench.submit) == "waiting"
    assert (bench.row.task, bench.row.ended) == (REF, False)


@pytest.mark.parametrize(
    "error",
    [
        TransportFailed("no answer", sent=None),
        TransportFailed("no answer", sent=True),
        limited(task_created=None),
        of_task(limited()),
        poor(task_created=None),
        of_task(poor()),
        of_task(Unusable("the database is away")),
        of_task(ConfigError("the disk is full")),
        ServerError("an error", status=500, task_created=False),
        KieError("something else"),
    ],
)
def test_what_may_have_created_a_task_or_does_not_pass_ends_the_line_and_nothing_else(
    benches: Benches, monkeypatch: pytest.MonkeyPatch, error: Exception
) -> None:
    bench = benches()
    raised = failing(monkeypatch, "submit", error)
    state = finished(bench.submit)
    assert bench.row.ended and bench.row.state == state
    assert raised == [error] and bench.slept == [] and bench.worker.fault is None


def test_what_created_nothing_and_passes_is_tried_again_after_longer_and_longer_pauses(
    benches: Benches, monkeypatch: pytest.MonkeyPatch
) -> None:
    bench = benches()
    errors = [limited(retry_after=7.0), CircuitOpen("https://x", retry_after=0.5), TransportFailed("away", sent=False)]
    raised = failing(monkeypatch, "submit", *errors, ServerError("an error", status=500, task_created=False))
    finished(bench.submit)
    assert len(raised) == 4 and bench.slept == [7.0, 2.0, 4.0]


def test_pauses_grow_to_a_minute(benches: Benches, monkeypatch: pytest.MonkeyPatch) -> None:
    bench = benches()
    failing(monkeypatch, "submit", *[limited() for _ in range(8)], KieError("something else"))
    finished(bench.submit)
    assert bench.slept == [1.0, 2.0, 4.0, 8.0, 16.0, 32.0, 60.0, 60.0]


@pytest.mark.parametrize(
    ("error", "tries"),
    [
        (poor(), 1),
        (Unauthorized("wrong key", status=401), 1),
        (KeyLimitReached("capped", status=433), 1),
        (Unusable("the database is away"), 3),
    ],
)
def test_what_every_line_would_meet_sends_nothing_more_and_ends_no_line(
    benches: Benches, monkeypatch: pytest.MonkeyPatch, error: Exception, tries: int
) -> None:
    bench = benches()
    raised = failing(monkeypatch, "submit", *[error] * (tries + 1))

    async def work() -> None:
        await waits_forever(bench.submit(), lambda: bench.worker.fault)
        await waits_forever(bench.submit(), lambda: True)

    finished(work)
    assert len(raised) == tries and bench.worker.fault is error
    assert (bench.row.state, bench.row.ended) == ("queued", False)


@pytest.mark.parametrize("code", [401, 402, 433])
def test_what_concerns_the_account_does_not_end_a_line_whose_task_keeps_running(benches: Benches, code: int) -> None:
    bench = benches(faults=[{"on": "getTask", "do": "envelope", "code": code, "msg": "no", "nth": 1}])

    async def work() -> None:
        await bench.submit()
        with pytest.raises((Unauthorized, InsufficientCredits, KeyLimitReached)):
            await bench.finish()
        assert (bench.row.state, bench.row.ended) == ("waiting", False)
        assert await bench.finish() == "succeeded"

    finished(work)
    assert len(bench.state.accepted) == 1


@pytest.mark.parametrize("error", [Unusable("the database is away"), ConfigError("no such option")])
def test_what_concerns_the_machine_does_not_end_a_line_either(
    benches: Benches, monkeypatch: pytest.MonkeyPatch, error: Exception
) -> None:
    bench = benches()
    bench.store.accepted("spring", 0, None, REF)
    failing(monkeypatch, "finish", error)
    with pytest.raises(type(error)):
        finished(bench.finish)
    assert (bench.row.state, bench.row.ended) == ("waiting", False)


def test_what_fails_because_the_client_is_closed_ends_no_line(
    benches: Benches, monkeypatch: pytest.MonkeyPatch
) -> None:
    bench = benches()
    bench.store.accepted("spring", 0, None, REF)
    raised = failing(monkeypatch, "finish", *[KieError("the client is closed")] * 2)
    bench.worker.close(patience=0)

    async def work() -> None:
        await waits_forever(bench.finish(), lambda: raised)

    finished(work)
    assert (bench.row.state, bench.row.ended) == ("waiting", False)


def test_what_succeeded_is_noted_though_the_engine_closed_meanwhile(
    benches: Benches, monkeypatch: pytest.MonkeyPatch
) -> None:
    bench = benches()
    closes = threading.Thread(target=lambda: bench.worker.close(patience=0))

    def closing_flow(*given: Any, **named: Any) -> Any:
        result = yield from finish(*given, **named)
        closes.start()  # it waits for the event loop, which runs this
        until(lambda: bench.worker._closed)
        return result

    monkeypatch.setattr(module, "finish", closing_flow)

    async def work() -> None:
        await bench.submit()
        assert await bench.finish() == "succeeded"
        await asyncio.to_thread(joined, closes)

    finished(work)
    assert bench.row.state == "succeeded" and bench.row.ended


def test_an_immediate_answer_is_kept_and_nobody_is_asked_for_it(benches: Benches) -> None:
    request_class: Any = catalog.get("omni/audio").request_class
    bench = benches(stored(request_class(audio_id="kore", name="b")))

    async def work() -> None:
        assert await bench.submit() == "waiting" and bench.row.outcome
        assert await bench.finish() == "succeeded"

    finished(work)


@pytest.mark.parametrize(
    ("error", "nothing"),
    [
        (CircuitOpen("https://x", retry_after=1.0), True),
        (TransportFailed("away", sent=False), True),
        (TransportFailed("away", sent=None), False),
        (TransportFailed("away", sent=True), False),
        (limited(), True),
        (limited(task_created=None), False),
        (of_task(limited()), False),
        (ConfigError("no such option"), True),
        (of_task(ConfigError("no such option")), False),
        (BatchStopped("stopped", None), False),
        (ValueError("of anybody"), False),
    ],
)
def test_only_what_proves_it_counts_as_nothing_sent(error: Exception, nothing: bool) -> None:
    assert nothing_sent(error) is nothing


def test_a_request_that_would_come_back_as_another_is_not_stored() -> None:
    class Own(NanoBananaPro):
        def _encode(self) -> Any:
            body, local = super()._encode()
            return {**body, "image_input": None}, local

    with pytest.raises(ConfigError, match=r"cannot be stored as it is: make it of a class of kie\.models"):
        stored(Own(prompt="x"))


@pytest.mark.parametrize(("code", "sent"), [("500", 3), ("400", 1)])
def test_a_task_that_failed_is_sent_again_as_often_as_the_options_say_if_it_cost_nothing(
    benches: Benches, code: str, sent: int
) -> None:
    bench = benches(retry_free=2, faults=[{"on": "createTask", "do": "fail_task", "code": code, "times": 9}])

    async def work() -> None:
        while await bench.submit() == "waiting":
            if await bench.finish() != "again":
                break

    finished(work)
    assert (bench.row.state, len(bench.state.accepted)) == ("failed", sent)
