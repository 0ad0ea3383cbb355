"""What the engine keeps to itself, so that a batch would wait without end: failed statements, entries that are gone."""

from __future__ import annotations

import logging
import re
import sqlite3
import threading
from collections.abc import Callable, Iterator
from contextlib import closing, suppress
from types import SimpleNamespace
from typing import Any

import psycopg
import pytest
import sqlalchemy
from dbos import DBOS
from sqlalchemy import event as sqlalchemy_event
from sqlalchemy.exc import OperationalError, SQLAlchemyError

from kie import no_retry
from kie._core.tasks import TaskRef
from kie._durable import engine as engines
from kie._durable import line_store as stores
from kie._durable import work
from kie._durable.line_store import LineStore
from kie._durable.machines import Heartbeat, machines
from kie._io.database import ABSENCE, PATIENCE, Database, database
from kie._io.secrets import Secret
from kie._io.unusable import Unusable
from kie.errors import ConfigError, SubmitUnknown
from kie.simulator import SimulatedService
from kie.simulator._faults import FaultScript
from tests.durable import conftest
from tests.durable.conftest import engines_queued, hold, prompts, requests, waits


@pytest.fixture(autouse=True)
def often(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(engines, "TEND", 0.05)


def failing(store: LineStore, statement: str, error: Exception, times: int = 10**9) -> list[str]:
    """Have statements that match a pattern fail, the first times. Returns those that failed."""
    failed: list[str] = []

    def refused(_cursor: object, said: str, *_: object) -> None:
        if len(failed) < times and re.search(statement, said):
            failed.append(said)
            raise error

    for event in ("do_execute", "do_execute_no_params", "do_executemany"):
        sqlalchemy_event.listen(store.engine, event, refused)
    return failed


BROKEN = sqlite3.OperationalError("disk I/O error")

STATEMENTS = (
    r"SELECT main\.queues",
    r"SELECT main\.workflow_status",
    r"UPDATE main\.workflow_status SET status=\?, exec",
    r"UPDATE main\.workflow_status SET status=\?, upd",
    r"INSERT INTO main\.workflow_output",
    r"kie_lines WHERE batch = \? AND line = \?",
    "UPDATE kie_lines SET note",
    "UPDATE kie_lines SET ref",
    "UPDATE kie_lines SET state",
)


@pytest.mark.parametrize("statement", STATEMENTS)
def test_a_statement_that_fails_once_ends_all_lines_or_is_reported_and_the_next_start_continues(
    statement: str, machine: conftest.Machine, service: SimulatedService
) -> None:
    with machine() as engine:
        failed = failing(engine._store, statement, BROKEN, times=1)
        with suppress(Unusable):
            assert len([*engine.batch("spring", requests(3)).stream()]) == 3
        waits(lambda: failed)
    with machine() as engine:
        batch = engine.batch("spring", requests(3))
        outcomes = [*batch.stream()]
        assert len(outcomes) == 3 and all(outcome.ok or outcome.state == "unknown" for outcome in outcomes)
        unknown = {f"line {outcome.index}" for outcome in batch.unknown()}
    assert sorted({*prompts(service)} | unknown) == ["line 0", "line 1", "line 2"], "a line was lost"
    assert len({*prompts(service)}) == len(prompts(service)), "a line was sent twice"


def test_the_engine_records_no_steps_because_it_would_keep_the_error_of_one_that_it_could_not_record(
    machine: conftest.Machine,
) -> None:
    with machine() as engine:
        assert [outcome.state for outcome in engine.batch("spring", requests(1)).stream()] == ["succeeded"]
        assert DBOS.list_workflow_steps("spring/0") == []


@pytest.mark.parametrize(
    ("statement", "fault"),
    [("UPDATE kie_lines SET ref = [^N]", []), ("UPDATE kie_lines SET note = NULL", [{"do": "rate_limit"}])],
)
def test_what_a_submission_left_behind_is_noted_once_the_database_can(
    statement: str,
    fault: list[Any],
    machine: conftest.Machine,
    service: SimulatedService,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The flow only warns that its journal could not record that."""
    monkeypatch.setattr(work, "PAUSE", 0.01)
    service.state.faults = FaultScript.load([{"on": "createTask", "nth": 1, **each} for each in fault])
    with machine(retry=no_retry()) as engine:
        failed = failing(engine._store, statement, BROKEN, times=2)
        assert [outcome.state for outcome in engine.batch("spring", requests(1)).stream()] == ["succeeded"]
    assert len(failed) == 2 and prompts(service) == ["line 0"]


def test_a_task_that_can_never_be_noted_is_reported(
    machine: conftest.Machine, service: SimulatedService, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(work, "PAUSE", 0.01)
    with machine() as engine:
        failing(engine._store, "UPDATE kie_lines SET ref", BROKEN)
        with pytest.raises(Unusable, match="cannot be used: disk I/O error"):
            [*engine.batch("spring", requests(3)).stream()]
    with machine() as engine:
        outcomes = [*engine.batch("spring", requests(3)).stream()]
    assert {outcome.state for outcome in outcomes} <= {"succeeded", "unknown"} and len(outcomes) == 3
    assert len({*prompts(service)}) == len(prompts(service))


def test_a_line_that_the_engine_begins_again_while_it_runs_waits_for_the_first_run(
    machine: conftest.Machine, service: SimulatedService
) -> None:
    """Otherwise the second run would find the note of the first, and end the line as unknown."""
    service.state.faults = FaultScript.load([{"on": "createTask", "nth": 1, "do": "slow", "seconds": 1.5}])
    with machine() as engine:
        batch = engine.batch("spring", requests(1))
        waits(lambda: batch.counts() == {"sending": 1})
        DBOS.resume_workflow("spring/0", queue_name=engines.QUEUE)
        assert [outcome.state for outcome in batch.stream()] == ["succeeded"]
        waits(lambda: DBOS.list_workflows(status="SUCCESS"))
    assert prompts(service) == ["line 0"]


def test_an_outcome_that_comes_last_is_told_before_the_error(
    machine: conftest.Machine, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The last task may end just after somebody looked for lines that have ended."""
    with machine() as engine:
        worker, store = engine._work, engine._store
        assert worker is not None
        worker.stop(ConfigError("it sends nothing"))
        batch, ended = engine.batch("spring", requests(2)), store.ended
        worker._tasks.add(("spring", 0))

        def then_ends(*given: Any) -> object:
            found = ended(*given)
            if worker._tasks:
                store.end("spring", 0, 0, "failed", "{}")
                worker._tasks.clear()
                worker.changed.set()
            return found

        monkeypatch.setattr(store, "ended", then_ends)
        outcomes = batch.stream()
        assert next(outcomes).index == 0
        with pytest.raises(ConfigError, match="it sends nothing"):
            next(outcomes)


# lines that the engine has no longer


def test_lines_of_a_batch_that_was_deleted_and_stored_again_are_sent(
    machine: conftest.Machine, service: SimulatedService
) -> None:
    """The engine still knows those lines as ended, and queues no other under their names."""
    with machine() as engine:
        for _ in range(3):
            assert [outcome.state for outcome in engine.batch("spring", requests(2)).stream()] == ["succeeded"] * 2
            engine._store._change("DELETE FROM kie_lines WHERE batch = 'spring'")
    assert sorted(prompts(service)) == ["line 0"] * 3 + ["line 1"] * 3


@pytest.mark.parametrize(("noted", "ref"), [(False, None), (True, None), (True, "abc")])
@pytest.mark.parametrize("entry", [None, "ERROR", "CANCELLED"])
def test_a_line_that_has_not_ended_but_is_gone_from_the_engine_is_queued_again(
    entry: str | None, noted: bool, ref: str | None, machine: conftest.Machine, service: SimulatedService
) -> None:
    with machine("box-2") as engine:
        hold(engine, 1)
    with machine("box-1") as engine:
        batch, store = engine.batch("spring", requests(1)), engine._store
        store._change("DELETE FROM workflow_status") if entry is None else store._change(
            "UPDATE workflow_status SET status = :entry", entry=entry
        )
        if noted:
            assert store.note("spring", 0, "box-2:1", "2026-01-01T00:00:00+00:00")
        if ref is not None:
            with service.client() as client:
                store.accepted("spring", 0, "box-2:1", TaskRef.parse(str(client.submit(next(requests(1))).ref)))
        (outcome,) = batch.stream()
    assert outcome.ok or (noted and ref is None and isinstance(outcome.error, SubmitUnknown))
    assert len(prompts(service)) == (0 if noted and ref is None else 1)


def test_only_a_line_that_has_not_ended_is_queued_again(machine: conftest.Machine) -> None:
    started: list[object] = []
    with machine() as engine:
        batch, store = engine.batch("spring", requests(1)), engine._store
        assert len([*batch.stream()]) == 1
        store.restart("spring", 0, 0, started.append)
        assert batch.again([0]) == 0 and store.going_on("spring", -1, 9) == []
        store._change("UPDATE kie_lines SET seq = NULL, state = 'waiting'")
        store.restart("spring", 0, 1, started.append)
        assert not started and store.going_on("spring", -1, 9) == [(0, 0)] and store.going_on("spring", 0, 9) == []
        store.restart("spring", 0, 0, started.append)
        assert len(started) == 1


def test_a_line_that_ends_while_lines_are_searched_for_is_not_lost(
    machine: conftest.Machine, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    going_on, found = LineStore.going_on, list[object]()
    with machine() as engine:
        batch = engine.batch("spring", requests(1))
        assert len([*batch.stream()]) == 1

        def before(store: LineStore, *given: Any) -> list[tuple[int, int]]:
            found.append(going_on(store, *given))
            return [(0, 0)] if len(found) == 1 else []

        monkeypatch.setattr(LineStore, "going_on", before)
        waits(lambda: len(found) > 1)
    assert "spring/0" not in caplog.text


def test_a_line_that_the_engine_loses_again_and_again_is_reported(
    machine: conftest.Machine, monkeypatch: pytest.MonkeyPatch
) -> None:
    with machine() as engine:
        monkeypatch.setattr(engine._engine, "enqueue", lambda *_: None)
        with pytest.raises(ConfigError, match="line spring/0 was taken 3 times, but the engine could not run it"):
            [*engine.batch("spring", requests(1)).stream()]


def test_a_queue_that_somebody_deleted_is_made_again(machine: conftest.Machine, service: SimulatedService) -> None:
    with machine() as engine:
        DBOS.delete_queue(engines.QUEUE)
        assert len([*engine.batch("spring", requests(2)).stream()]) == 2
    assert len(prompts(service)) == 2


def test_a_search_that_never_works_is_reported(machine: conftest.Machine, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object, **__: object) -> None:
        raise OSError("it never works")

    monkeypatch.setattr("dbos._queue.execute_dequeued_workflow", broken)
    monkeypatch.setattr(engines, "_taken_by", broken)
    with machine() as engine, pytest.raises(ConfigError, match="the engine failed: OSError: it never works"):
        [*engine.batch("spring", requests(1)).stream()]


# machines


def test_a_dead_machine_whose_lines_somebody_waits_for_is_reported_once(
    machine: conftest.Machine, caplog: pytest.LogCaptureFixture
) -> None:
    with machine("box-2") as engine:
        hold(engine, 2)
    with caplog.at_level(logging.WARNING, "kie"), machine("box-1") as engine:
        outcomes, said = engine.batch("spring", requests(2)).stream(), "machine box-2 is not alive"
        waits(lambda: said in caplog.text)
        assert engine.adopt("box-2") == 2 and len([*outcomes]) == 2
    assert caplog.text.count(said) == 1


def test_a_machine_that_was_taken_over_takes_no_line_and_returns_none(
    machine: conftest.Machine, url: str, service: SimulatedService, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It would take those back that were just adopted, and hold them for as long as its own tasks run."""
    asked: dict[str, list[bool]] = {}
    has_name = Heartbeat.has_name

    def counted(heart: Heartbeat) -> bool:
        found = has_name(heart)
        asked.setdefault(threading.current_thread().name, []).append(found)
        return found

    def asks() -> None:
        asked.clear()
        waits(lambda: len(asked) == 2 and all(answers[-3:] == [False] * 3 for answers in asked.values()))
        assert {*asked} == {"kie-lines", f"queue-worker-{engines.QUEUE}"}

    monkeypatch.setattr(Heartbeat, "has_name", counted)
    with machine() as engine:
        batch = engine.batch("spring", [])
        DBOS.register_queue(engines.QUEUE, polling_interval_sec=0.01, on_conflict="always_update")
        with database(url).transaction("machines") as transaction:
            transaction.execute("UPDATE kie_machines SET process = 'adopted:box-2', beat = 0 WHERE name = 'box-1'")
        asks()  # whoever asked before has taken what there was
        engine.batch("spring", requests(2))
        asks()
        assert engines_queued(engine._store) == 2 and batch.counts() == {"queued": 2}
        held = "UPDATE workflow_status SET status = 'PENDING', executor_id = 'box-1', application_version = :version"
        engine._store._change(held, version=engines.VERSION)
        asks()
        assert engines_queued(engine._store) == 0, "whoever has the name now runs them"
    assert not prompts(service)


def test_lines_that_cannot_be_adopted_are_reported_and_can_be_adopted_later(
    machine: conftest.Machine, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The engine only logs it if it cannot release one."""
    with machine("box-2") as engine:
        hold(engine, 2)
    with machine("box-1") as engine:
        store = engine._store
        failing(store, r"UPDATE main\.workflow_status SET status=\?, upd", BROKEN, times=1)
        with pytest.raises(ConfigError, match="1 lines of machine 'box-2' could not be released: adopt it again"):
            engine.adopt("box-2")
        assert engine.adopt("box-2") == 1
        failing(store, r"SELECT main\.workflow_status", BROKEN)
        for ask in (lambda: engine.adopt("box-2"), engine._stranded):
            with pytest.raises(Unusable, match="cannot be used: disk I/O error"):
                ask()


def test_a_name_that_could_not_be_released_can_be_claimed_by_the_same_process(
    database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> Iterator[None]:
        raise Unusable("the disk is full")

    heart = Heartbeat(database_url, "box-1", print)
    heart.claim()
    with monkeypatch.context() as patched:
        patched.setattr(Database, "transaction", full)
        heart.stop()
    assert not machines(database_url)[0].alive
    other = Heartbeat(database_url, "box-1", print)
    other.claim()
    assert machines(database_url)[0].alive
    other.stop()


def test_whatever_fails_at_the_end_everything_is_closed(machine: conftest.Machine, url: str) -> None:
    engine = machine()

    def broken() -> None:
        stop()
        raise OSError("it never works")

    stop, engine._engine.stop = engine._engine.stop, broken  # type: ignore[method-assign]
    with pytest.raises(OSError, match="it never works"), engine:
        assert machines(url)[0].alive
    assert not machines(url)[0].alive


def test_a_heartbeat_that_is_stuck_is_not_waited_for(url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    heart = Heartbeat(url, "box-1", print)
    heart.claim()
    with database(url).transaction("machines"):  # as of a thread that waits for a lock of another process
        heart._thread = SimpleNamespace(join=lambda timeout: None, is_alive=lambda: True)  # type: ignore[assignment]
        asked = threading.Thread(target=heart.stop, daemon=True)
        asked.start()
        asked.join(20)
        assert not asked.is_alive()
    assert not machines(url)[0].alive, "this process may claim it again"


# retries


class Clock(SimpleNamespace):
    """A clock that only moves when somebody sleeps, which nobody does without end."""

    now = 0.0

    def sleep(self, seconds: float) -> None:
        self.now += seconds
        assert self.now < 1000, "it is tried without end"

    def monotonic(self) -> float:
        return self.now


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    import time

    made = Clock(time=time.time)
    monkeypatch.setattr(stores, "time", made)
    monkeypatch.setattr("dbos._sys_db.time", made)
    return made


def test_a_lock_that_lasts_ends_the_start(machine: conftest.Machine, clock: Clock) -> None:
    """The engine would wait for it without end."""
    engine = machine()
    failed = failing(engine._store, r"SELECT main\.workflow_status", sqlite3.OperationalError("database is locked"))
    with pytest.raises(Unusable, match="cannot be used: it stays locked"), engine:
        pass
    assert len(failed) > 2 and clock.now > ABSENCE


LASTING: list[Callable[[], Exception]] = [
    lambda: psycopg.errors.DiskFull("could not extend file"),
    lambda: psycopg.errors.AdminShutdown("terminating connection"),
    lambda: psycopg.OperationalError("server closed the connection unexpectedly"),
]


@pytest.mark.parametrize("error", LASTING)
def test_a_failure_that_lasts_is_another_error_which_the_engine_does_not_retry(
    error: Callable[[], Exception], database_url: str, clock: Clock
) -> None:
    postgres = database_url.startswith("postgresql")
    with closing(LineStore(Secret(database_url))) as store:

        def act() -> object:
            with store.engine.begin() as connection:
                return connection.execute(sqlalchemy.text("SELECT 1")).all()

        def fails(lasts: bool) -> None:
            with pytest.raises(SQLAlchemyError) as caught:
                act()
            assert isinstance(caught.value, OperationalError) is not lasts
            assert not (lasts and store.is_back_soon(caught.value))

        broken: list[Any] = [True]

        def refused(*_: object) -> None:
            if broken:
                raise error() if postgres else sqlite3.OperationalError("database is locked")

        sqlalchemy_event.listen(store.engine, "do_execute", refused)
        fails(lasts=False)
        clock.now += ABSENCE
        fails(lasts=False)
        clock.now += 1
        fails(lasts=True)
        broken.clear()
        act()
        broken.append(True)
        fails(lasts=False)
        clock.now += ABSENCE + PATIENCE + 1
        fails(lasts=False)  # nobody retried meanwhile
