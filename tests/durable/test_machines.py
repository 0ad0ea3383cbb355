"""Several machines on one database: who is alive, who takes over what, and what clocks and disks do to it."""

from __future__ import annotations

import functools
import os
import subprocess
import sys
import time
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import psycopg
import pytest
import sqlalchemy

from kie._core.tasks import TaskRef
from kie._durable import engine as engines
from kie._durable import line_store as stores
from kie._durable import machines as beats
from kie._durable import work
from kie._durable.line_store import LineStore, NewLine
from kie._durable.machines import SILENCE, Heartbeat, machines, take_over
from kie._io.database import database
from kie._io.secrets import Secret
from kie.errors import ConfigError, SubmitUnknown
from kie.simulator import SimulatedService
from tests.durable import conftest
from tests.durable.conftest import hold, prompts, requests, waits
from tests.postgres import binaries, new_database, pooled, served


def never(error: ConfigError) -> None:
    raise AssertionError(error)


def set_beat(url: str, name: str, process: str, ago: float) -> None:
    """Write what a machine elsewhere has left."""
    with database(url).transaction("machines") as transaction:
        transaction.execute("DELETE FROM kie_machines WHERE name = ?", name)
        beat = transaction.now() - ago
        transaction.execute("INSERT INTO kie_machines (name, process, beat) VALUES (?, ?, ?)", name, process, beat)


ELSEWHERE = "another-host:1:2:3"


def test_a_name_in_use_is_refused_until_its_process_has_gone_or_was_silent_for_long(database_url: str) -> None:
    Heartbeat(database_url, "box-1", never).claim()
    with pytest.raises(ConfigError, match="'box-1' is in use: its last heartbeat was 0 s ago"):
        Heartbeat(database_url, "box-1", never).claim()
    set_beat(database_url, "box-1", ELSEWHERE, SILENCE / 2)
    with pytest.raises(ConfigError, match="is in use"):
        Heartbeat(database_url, "box-1", never).claim()
    set_beat(database_url, "box-1", ELSEWHERE, SILENCE + 1)
    heart = Heartbeat(database_url, "box-1", never)
    heart.claim()
    heart.stop()
    assert [machine.alive for machine in machines(database_url)] == [False]
    Heartbeat(database_url, "box-1", never).claim()


def test_a_machine_is_taken_over_only_once_it_is_dead(database_url: str) -> None:
    with pytest.raises(ConfigError, match="has no machine 'box-2'; it has: none"):
        take_over(database_url, "box-2", "box-1")
    set_beat(database_url, "box-2", ELSEWHERE, 3)
    with pytest.raises(ConfigError, match="'box-2' is alive: its last heartbeat was 3 s ago"):
        take_over(database_url, "box-2", "box-1")
    set_beat(database_url, "box-2", ELSEWHERE, SILENCE + 1)
    take_over(database_url, "box-2", "box-1")
    (machine,) = machines(database_url)
    assert machine.name == "box-2" and not machine.alive


def test_on_the_same_host_a_dead_process_needs_no_silence(database_url: str) -> None:
    code = (
        "import sys; from kie._durable.machines import Heartbeat\n"
        f"Heartbeat({database_url!r}, 'box-2', print).claim(); sys.stdout.write('claimed'); sys.stdout.flush()\n"
        "sys.stdin.read()"
    )
    with subprocess.Popen([sys.executable, "-c", code], stdin=-1, stdout=-1) as other:
        assert other.stdout is not None and other.stdout.read(7) == b"claimed"
        with pytest.raises(ConfigError, match="is alive"):
            take_over(database_url, "box-2", "box-1")
        other.kill()
    take_over(database_url, "box-2", "box-1")


def test_the_number_of_a_process_that_another_one_has_by_now_is_no_sign_of_life(database_url: str) -> None:
    host, ours = beats._host(), beats._started(os.getppid())
    set_beat(database_url, "box-2", f"{host}:{os.getppid()}:{ours}:x", 0)
    assert machines(database_url)[0].alive
    set_beat(database_url, "box-2", f"{host}:{os.getppid()}:1:x", 0)
    assert machines(database_url)[0].alive == (ours == "")


def test_a_machine_that_was_taken_over_hears_of_it(database_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(beats, "BEAT", 0.01)
    lost: list[ConfigError] = []
    heart = Heartbeat(database_url, "box-1", lost.append)
    heart.claim()
    heart.start()
    with database(database_url).transaction("machines") as transaction:
        transaction.execute("UPDATE kie_machines SET process = 'adopted:box-2', beat = 0 WHERE name = 'box-1'")
    assert heart._thread is not None
    heart._thread.join(20)
    assert [error.message for error in lost] == ["machine 'box-1' was taken over: it had been silent for too long"]
    heart.stop()
    assert not machines(database_url)[0].alive


def test_a_clock_that_jumps_makes_nobody_immortal(url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    set_beat(url, "box-2", ELSEWHERE, 0)
    now = time.time
    for jump in (-3600.0, 3600.0):
        monkeypatch.setattr(time, "time", lambda jump=jump: now() + jump)
        (machine,) = machines(url)
        assert not machine.alive and machine.silent == pytest.approx(3600, abs=20)


def test_what_a_dead_machine_had_in_hand_is_adopted_by_the_one_call_that_the_engine_does_not_promise(
    machine: conftest.Machine, service: SimulatedService
) -> None:
    with machine("box-2") as engine:
        hold(engine, 4)
        with pytest.raises(ConfigError, match="'box-2' is this one"):
            engine.adopt("box-2")
    with machine("box-1") as engine:
        assert engine.batch("spring", []).counts() == {"queued": 4} and engine._stranded() == ["box-2"]
        assert engine.adopt("box-2") == 4, "a new version of the engine recovers in another way: see `recovered`"
        assert engine.adopt("box-2") == 0 and engine._stranded() == []
        assert {outcome.state for outcome in engine.batch("spring", requests(4)).stream()} == {"succeeded"}
        with pytest.raises(ConfigError, match="has no machine 'box-9'; it has: box-1, box-2"):
            engine.adopt("box-9")
    assert sorted(prompts(service)) == [f"line {n}" for n in range(4)]


def test_a_machine_has_in_hand_what_its_own_bound_says_whatever_another_one_has_set(
    machine: conftest.Machine, monkeypatch: pytest.MonkeyPatch
) -> None:
    from dbos import DBOS

    most, finish = 0, work.LineWorker.finish

    async def counted(worker: work.LineWorker, *given: Any) -> str:
        nonlocal most
        most = max(most, len(worker.running))
        return await finish(worker, *given)

    monkeypatch.setattr(work.LineWorker, "finish", counted)
    with machine("box-1", in_flight=2) as engine:
        DBOS.register_queue(engines.QUEUE, worker_concurrency=50, polling_interval_sec=0.1, on_conflict="always_update")
        outcomes = list(engine.batch("spring", requests(8)).stream())
    assert len(outcomes) == 8 and 0 < most <= 2, (
        "a new version of the engine takes lines in another way: see `_watch_takes`"
    )


def test_lines_that_the_engine_took_and_forgot_are_begun_all_the_same(
    service: SimulatedService, machine: conftest.Machine, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It takes lines in one transaction and reads what they are in the next, which may find the connection broken."""
    begin, left = sys.modules["dbos._queue"].execute_dequeued_workflow, [0, 1, 2]

    def broken(*given: Any) -> Any:
        if left:
            raise OSError(f"the connection broke {left.pop()}")
        return begin(*given)

    monkeypatch.setattr("dbos._queue.execute_dequeued_workflow", broken)
    monkeypatch.setattr(engines, "TEND", 0.2)
    with machine() as engine:
        outcomes = [*engine.batch("one", requests(8)).stream()]
    assert not left and len(outcomes) == 8 and all(outcome.ok for outcome in outcomes)
    assert sorted(prompts(service)) == sorted(f"line {number}" for number in range(8))


def test_a_database_in_which_no_line_can_be_begun_is_reported(
    service: SimulatedService, machine: conftest.Machine, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object, **__: object) -> None:
        raise sqlalchemy.exc.OperationalError("UPDATE", {}, Exception("database or disk is full"))

    monkeypatch.setattr("dbos._queue.execute_dequeued_workflow", full)
    monkeypatch.setattr("dbos.DBOS.resume_workflow", full)
    monkeypatch.setattr(engines, "TEND", 0.2)
    with machine() as engine, pytest.raises(ConfigError, match=r"cannot be used: database or disk is full"):
        [*engine.batch("one", requests(3)).stream()]
    assert prompts(service) == []


DISK = sqlalchemy.exc.OperationalError("UPDATE", {}, Exception("database or disk is full"))


def test_a_database_from_which_no_line_can_be_taken_is_reported(
    service: SimulatedService, machine: conftest.Machine, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The lines stay in the queue then: no machine has them, and none seems to be forgotten."""
    attempts: list[object] = []

    def full(_self: object, queue: Any, *_: object, **__: object) -> tuple[list[str], None]:
        if queue.name != engines.QUEUE:
            return [], None
        attempts.append(queue)
        raise DISK

    monkeypatch.setattr("dbos._sys_db.SystemDatabase.start_queued_workflows", full)
    with machine() as engine, pytest.raises(ConfigError, match=r"cannot be used: database or disk is full"):
        [*engine.batch("one", requests(3)).stream()]
    assert len(attempts) >= work.TRIES and prompts(service) == []


def test_a_database_that_fails_twice_when_lines_are_taken_stops_nothing(
    service: SimulatedService, machine: conftest.Machine, monkeypatch: pytest.MonkeyPatch
) -> None:
    from dbos._sys_db import SystemDatabase

    take, left = SystemDatabase.start_queued_workflows, [1, 2, None, 3, 4]

    def flaky(self: Any, queue: Any, *given: Any, **named: Any) -> Any:
        if queue.name == engines.QUEUE and left and left.pop(0) is not None:
            raise DISK
        return take(self, queue, *given, **named)

    monkeypatch.setattr(SystemDatabase, "start_queued_workflows", flaky)
    with machine() as engine:
        DBOS = sys.modules["dbos"].DBOS
        DBOS.register_queue(
            engines.QUEUE, worker_concurrency=50, polling_interval_sec=0.05, on_conflict="always_update"
        )
        waits(lambda: len(left) <= 2)
        assert all(outcome.ok for outcome in engine.batch("one", requests(3)).stream())
        waits(lambda: not left)
        assert all(outcome.ok for outcome in engine.batch("two", requests(3)).stream())
    assert len(prompts(service)) == 6


def test_a_line_that_the_engine_can_never_begin_is_reported(
    service: SimulatedService, machine: conftest.Machine, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object) -> None:
        raise OSError("it never works")

    monkeypatch.setattr("dbos._queue.execute_dequeued_workflow", broken)
    monkeypatch.setattr(engines, "TEND", 0.2)
    with machine() as engine, pytest.raises(ConfigError, match="was taken 3 times, but the engine could not run it"):
        [*engine.batch("one", requests(1)).stream()]
    assert prompts(service) == []


@pytest.mark.parametrize(("mode", "size"), [("transaction", 4), ("session", 21)])
def test_a_pool_of_connections_before_the_server_changes_nothing(
    mode: str, size: int, machine: conftest.Machine, service: SimulatedService, postgres_url: str
) -> None:
    with pooled(postgres_url, mode, size) as pool, machine(url=pool, budget=1000) as engine:
        outcomes = list(engine.batch("spring", requests(30)).stream())
        assert engine._work is not None and engine._work._client is not None
        budget = engine._work._client.budget
        assert budget is not None and budget.spent == 30 * 18
    assert {outcome.state for outcome in outcomes} == {"succeeded"}
    assert sorted(prompts(service)) == sorted(f"line {n}" for n in range(30))


def test_what_somebody_else_locks_for_long_is_one_clear_error(
    postgres_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(stores, "PATIENCE", 1)
    store = LineStore(Secret(postgres_url))
    line(store)
    with psycopg.connect(postgres_url) as other:
        other.execute("LOCK TABLE kie_lines")
        for act in (store.counts, lambda: store.end("spring", 0, 0, "failed", "{}")):
            with pytest.raises(ConfigError, match=r"cannot be used: canceling statement due to lock timeout$"):
                act()
    assert store.counts() == {"spring": {"queued": 1}}
    store.close()


def test_a_name_that_is_alive_elsewhere_starts_nothing(machine: conftest.Machine, url: str) -> None:
    set_beat(url, "box-1", ELSEWHERE, 1)
    with pytest.raises(ConfigError, match="in use"), machine("box-1"):
        pass
    with machine("box-2") as engine, pytest.raises(ConfigError, match="is alive"):
        engine.adopt("box-1")


def test_an_engine_that_the_program_runs_for_itself_is_left_alone(
    machine: conftest.Machine, monkeypatch: pytest.MonkeyPatch
) -> None:
    from dbos import DBOS

    ended: list[object] = []
    with monkeypatch.context() as patched:
        patched.setattr(engines, "_in_use", lambda: True)
        patched.setattr(DBOS, "destroy", lambda: ended.append("destroyed"))
        with pytest.raises(ConfigError, match="already runs DBOS"), machine():
            pass
    assert not ended
    with machine() as engine:
        assert engine.counts() == {}


def test_the_version_that_the_engine_compares_is_a_constant() -> None:
    assert engines.VERSION == "kie-durable-1"


def line(store: LineStore) -> None:
    store.prepare()
    entry = NewLine(0, None, "nano-banana-pro", "{}", "digest")
    assert store.enqueue("spring", [entry], lambda *_: None, new=True) == (1, [])


def test_a_line_has_one_note_whatever_two_machines_believe(database_url: str) -> None:
    store = LineStore(Secret(database_url))
    line(store)
    assert store.note("spring", 0, "box-1", "2026-01-01T00:00:00+00:00")
    assert not store.note("spring", 0, "box-2", "2026-01-01T00:00:00+00:00")
    store.unnote("spring", 0, "box-2")
    assert not store.note("spring", 0, "box-2", "2026-01-01T00:00:00+00:00")
    store.unnote("spring", 0, "box-1")
    assert store.counts() == {"spring": {"queued": 1}}
    assert store.note("spring", 0, "box-2", "2026-01-01T00:00:00+00:00")
    # it is given up as unknown, and then the answer comes after all
    store.end("spring", 0, 0, "unknown", '{"files": []}')
    store.accepted("spring", 0, "box-2", TaskRef("abc"))
    row = store.row("spring", 0)
    assert row is not None and row.state == "unknown" and row.task == TaskRef("abc") and row.ended
    assert not store.note("spring", 0, "box-1", "2026-01-01T00:00:00+00:00")
    store.end("spring", 0, 0, "failed", "{}")
    assert store.counts() == {"spring": {"unknown": 1}}
    assert store.again("spring", 0, lambda *_: None, keep=True)
    row = store.row("spring", 0)
    assert row is not None and (row.state, row.attempt, row.ref) == ("waiting", 1, "abc")
    store.close()


def test_a_server_that_starts_again_meanwhile_is_waited_for(monkeypatch: pytest.MonkeyPatch) -> None:
    if binaries() is None:
        pytest.skip("Postgres is not installed")
    with served() as server:
        store = LineStore(Secret(new_database(server.url)))
        line(store)
        waited: list[float] = []

        def begins_again(seconds: float) -> None:
            waited.append(seconds)
            if len(waited) == 2:
                server.start()

        clock = SimpleNamespace(sleep=begins_again, monotonic=lambda: 0.0, time=time.time)
        monkeypatch.setattr(stores, "time", clock)
        for act in (
            lambda: store.note("spring", 0, "box-1:1", "2026-01-01T00:00:00+00:00"),
            lambda: store.accepted("spring", 0, "box-1:1", TaskRef("abc")),
            store.counts,
        ):
            server.stop()
            waited.clear()
            found = act()
            assert len(waited) >= 2
        assert found == {"spring": {"waiting": 1}}
        monkeypatch.setattr(stores, "ABSENCE", -1.0)
        server.stop()
        with pytest.raises(ConfigError, match=r"cannot be used: .*connection"):
            store.counts()
        store.close()


def test_a_note_that_stands_there_already_is_ones_own_if_nobody_else_can_have_written_it(database_url: str) -> None:
    """The server kept it, and went away before it could say so: it is written once more."""
    store = LineStore(Secret(database_url))
    line(store)
    assert store.note("spring", 0, "box-1:1", "2026-01-01T00:00:00+00:00")
    assert store.note("spring", 0, "box-1:1", "2026-01-01T00:00:00+00:00")
    assert not store.note("spring", 0, "box-1:2", "2026-01-01T00:00:00+00:00")
    store.accepted("spring", 0, "box-1:1", TaskRef("abc"))
    assert not store.note("spring", 0, "box-1:1", "2026-01-01T00:00:00+00:00")
    store.close()


def test_limits_that_cannot_be_used_end_no_line(
    machine: conftest.Machine, service: SimulatedService, url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(work, "PAUSE", 0.01)
    with machine() as engine:
        engine.batch("spring", []).counts()
    with database(url).transaction("machines") as transaction:
        transaction.execute("DROP TABLE kie_limits")
        transaction.execute("CREATE TABLE kie_limits (of_somebody_else TEXT)")
    with machine() as engine:
        batch = engine.batch("spring", requests(3))
        with pytest.raises(ConfigError, match="cannot be used: no such column: state; nothing was sent"):
            list(batch.stream())
        assert batch.counts() == {"queued": 3}
    assert not prompts(service)
    with database(url).transaction("machines") as transaction:
        transaction.execute("DROP TABLE kie_limits")
        transaction.execute("CREATE TABLE kie_limits (name TEXT PRIMARY KEY, state TEXT NOT NULL)")
    with machine() as engine:
        assert [outcome.state for outcome in engine.batch("spring", []).stream()] == ["succeeded"] * 3


def test_tables_of_somebody_else_are_named_when_the_engine_starts(machine: conftest.Machine, postgres_url: str) -> None:
    with psycopg.connect(postgres_url, autocommit=True) as other:
        other.execute("CREATE SCHEMA kie_engine")
        other.execute("CREATE TABLE kie_engine.workflow_status (of_somebody_else INT)")
    with pytest.raises(ConfigError, match=r'cannot be used: .*"'), machine(url=postgres_url):
        pass


def test_a_machine_that_is_believed_dead_and_is_not_sends_nothing_twice(
    machine: conftest.Machine, service: SimulatedService, url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It has noted a line, and sleeps. Another adopts it. Then it wakes up, and sends."""
    with machine("box-1") as engine:
        store = engine._store
        engine.batch("spring", []).counts()
        monkeypatch.setattr(engine._engine, "enqueue", lambda *_: None)
        engine.batch("spring", requests(1))
        monkeypatch.undo()
        assert store.note("spring", 0, "sleeper:1", "2026-01-01T00:00:00+00:00")
        store._within(lambda connection: engine._engine.enqueue(connection, "spring", 0, 0))
        batch = engine.batch("spring", requests(1))
        (outcome,) = batch.stream()
        assert isinstance(outcome.error, SubmitUnknown) and not service.state.accepted
        with service.client() as client:
            store.accepted("spring", 0, "sleeper:1", client.submit(next(requests(1))).ref)
        (late,) = batch.unknown()
        assert late.ref is not None and late.error.ref == late.ref  # type: ignore[attr-defined]
        assert batch.again([0]) == 1
        assert [outcome.state for outcome in batch.stream()] == ["succeeded"]
    assert prompts(service) == ["line 0"]


@pytest.mark.parametrize("seconds", [0.0, 0.2])
def test_on_a_full_disk_nothing_more_is_sent_and_the_next_start_goes_on(
    seconds: float, machine: conftest.Machine, service: SimulatedService, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where lines return to the queue slowly, those that run may all end before the disk is full."""
    monkeypatch.setattr(work, "AHEAD", 2)
    with machine() as engine:
        hold(engine, 100)
    recover = sys.modules["dbos._recovery"]._recover_workflow
    slowly = functools.partial(later, seconds, recover)
    monkeypatch.setattr("dbos._recovery._recover_workflow", slowly)
    refs: list[object] = []
    full = machine(on_submitted=refs.append)
    limit_pages(full._store, lambda: len(refs) >= 10)
    with full, pytest.raises(ConfigError, match="full"):
        [*full.batch("spring", []).stream()]
    monkeypatch.setattr("dbos._recovery._recover_workflow", recover)
    sent = prompts(service)
    assert 0 < len(sent) < 100 and len(set(sent)) == len(sent)
    with machine() as engine:
        batch = engine.batch("spring", requests(100))
        states = [outcome.state for outcome in batch.stream()]
        unknown = {f"line {outcome.index}" for outcome in batch.unknown()}
    assert len(states) == 100 and set(states) <= {"succeeded", "unknown"}
    assert len(set(prompts(service))) == len(prompts(service)), "a line was sent twice"
    assert set(prompts(service)) | unknown == {f"line {n}" for n in range(100)}, "a line was lost"


def later(seconds: float, function: Callable[..., object], *given: object) -> object:
    time.sleep(seconds)
    return function(*given)


def limit_pages(store: LineStore, full: Callable[[], bool]) -> None:
    """Let the database grow no further from some moment on, as on a disk that is full."""

    def limited(connection: Any, *_: object) -> None:
        connection.execute(f"PRAGMA max_page_count={1 if full() else 10**6}")

    sqlalchemy.event.listen(store.engine, "checkout", limited)
