"""Durable: starts and stops the engine (`dbos`) and gives it work. Only this file and `workflow` talk to the engine.

May import `_core`, `_durable` and the engine.
"""

from __future__ import annotations

import logging
import threading
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from functools import partial
from typing import TYPE_CHECKING, Any

from kie._core.errors import ConfigError, KieError
from kie._core.safe_text import described
from kie._durable.line_store import LineStore
from kie._durable.work import TRIES

if TYPE_CHECKING:
    from dbos import DBOSClient, WorkflowStatus
    from sqlalchemy import Connection

    from kie._durable.work import LineWorker

NAME, QUEUE, SCHEMA = "kie", "kie-lines", "kie_engine"

VERSION = "kie-durable-1"
"""The program version that the engine sees. It is constant because an update of kie would otherwise abandon lines.
Change it only if lines of an older version cannot be continued."""

LOGGER = logging.getLogger("kie")

TEND = 20.0
"""Seconds between two searches for lines that the engine took and forgot, or has no longer."""

PAGE = 500
"""The most lines of a batch that are searched for at a time."""

CONFLICTS = ("40001", "55P03")
"""What Postgres says if another machine takes the same lines: a serialization failure, a lock that is not free."""

ALIVE = ("DELAYED", "ENQUEUED", "PENDING")
"""What the engine says of lines that it has in hand or will take."""

_BUSY = threading.Lock()


class Engine:
    """The engine of this process.

    Args:
        store: The table of lines. The engine uses the same database.
        machine: The name under which it takes lines.
        in_flight: The most lines that it works on at the same time.
        work: Does the work; None takes no lines, and only queues them for other machines.
        has_name: Tells whether no other machine has taken this one over, whose lines it would take back.
        stranded: Names the machines that have unfinished lines, but are not alive.
    """

    def __init__(
        self,
        store: LineStore,
        machine: str,
        in_flight: int,
        work: LineWorker | None,
        has_name: Callable[[], bool],
        stranded: Callable[[], Iterable[str]],
    ) -> None:
        self._store = store
        self._machine = machine
        self._in_flight = in_flight
        self._work = work
        self._has_name = has_name
        self._stranded = stranded
        self._warned: set[str] = set()
        self._client: DBOSClient | None = None
        self._idle: set[str] = set()
        self._searched: dict[str, int] = {}
        self._releases: Counter[str] = Counter()
        self._ended = threading.Event()
        self._tending: threading.Thread | None = None

    def start(self) -> None:
        """Start the engine. It continues the lines that this machine had.

        Raises:
            ConfigError: The engine runs already, or the database cannot be used.
        """
        if not _BUSY.acquire(blocking=False):
            raise ConfigError("a process can have only one Durable at a time: close the other one first")
        if _in_use():
            _BUSY.release()
            raise ConfigError("this program already runs DBOS: use kie.durable in another process")
        try:
            with self._usable():
                self._launch()
        except BaseException:
            self.stop()
            raise
        if self._work is not None:
            self._tending = threading.Thread(target=self._tend, args=(self._work,), name="kie-lines", daemon=True)
            self._tending.start()

    def _launch(self) -> None:
        from dbos import DBOS, DBOSClient, DBOSPortableJSONSerializer

        from kie._durable.workflow import run_by

        logger = logging.getLogger("dbos")
        logger.addHandler(logging.NullHandler())  # DBOS adds no handler for stderr if there is one already
        logger.propagate = False
        run_by(self._work)
        DBOS(
            config={
                "name": NAME,
                "system_database_engine": self._store.engine,
                "dbos_system_schema": SCHEMA,
                "executor_id": self._machine,
                "application_version": VERSION,
                "serializer": DBOSPortableJSONSerializer(),
                "log_level": "CRITICAL",
                "max_executor_threads": 24,
                "use_listen_notify": False,
                "notification_listener_polling_interval_sec": 0.2,
                "scheduler_polling_interval_sec": 3600.0,
            }
        )
        if self._work is None:
            DBOS.listen_queues([])
        DBOS.launch()
        if self._work is not None:
            self._watch_takes(self._work)
            self._register()
        self._client = DBOSClient(
            system_database_engine=self._store.engine,
            dbos_system_schema=SCHEMA,
            serializer=DBOSPortableJSONSerializer(),
            application_name=NAME,
        )

    def stop(self) -> None:
        """Stop the engine. Lines that it works on stay as they are."""
        from dbos import DBOS

        from kie._durable.workflow import run_by

        self._ended.set()
        try:
            _take_no_more()
            if self._tending is not None:
                self._tending.join(timeout=5)
            DBOS.destroy()
        finally:
            run_by(None)
            _BUSY.release()

    def enqueue(self, connection: Connection, batch: str, line: int, attempt: int, nth: int = 0) -> None:
        """Queue a line for the machines, within a transaction. `nth` counts the engine's earlier entries for it."""
        if self._client is None:
            raise ConfigError("the engine is not started")
        name = _id_of(batch, line, attempt, nth)
        self._client.enqueue_in_transaction(
            connection, {"queue_name": QUEUE, "workflow_name": "kie.line", "workflow_id": name}, batch, line, attempt
        )

    def held_by(self, machine: str) -> list[tuple[str, int]]:
        """The lines that the engine has assigned to a machine: their batches and numbers. Raises `ConfigError`."""
        with self._usable():
            return [_line_of(name) for name in _taken_by(machine)]

    def recovered(self, machine: str) -> list[tuple[str, int]]:
        """Return the lines of a machine to the queue, for all machines. Returns their batches and numbers.

        The engine does this by itself only for its own machine, and has no public call for others. Only this function
        makes the private call, and a test fails if a new version drops it.

        Raises:
            ConfigError: The database cannot be used, or some lines could not be returned: the engine only logs why.
        """
        from dbos import DBOS

        with self._usable():
            found = [_line_of(handle.get_workflow_id()) for handle in DBOS._recover_pending_workflows([machine])]
            left = len(_taken_by(machine))
        if left:
            raise ConfigError(f"{left} lines of machine {machine!r} could not be released: adopt it again")
        return found

    @contextmanager
    def _usable(self) -> Iterator[None]:
        from sqlalchemy.exc import SQLAlchemyError

        try:
            yield
        except SQLAlchemyError as error:
            raise self._store.unusable(error) from None

    def _register(self) -> None:
        from dbos import DBOS

        DBOS.register_queue(
            QUEUE, worker_concurrency=self._in_flight, polling_interval_sec=0.5, on_conflict="always_update"
        )

    def _watch_takes(self, work: LineWorker) -> None:
        """Bound the lines that the engine takes to those that this machine may work on, and notice if it can take none.

        The database has one limit for all machines: that of the last machine to start. The engine only logs that it
        cannot take lines, for example because the disk is full. Both apply if an engine lacks these private names.
        """
        database = getattr(_instance(), "_sys_db", None)
        take = getattr(database, "start_queued_workflows", None)
        if take is None:
            return
        failures = 0

        def taken(queue: Any, *given: object, **named: object) -> object:
            nonlocal failures
            if queue.name != QUEUE:
                return take(queue, *given, **named)
            queue._worker_concurrency = self._in_flight
            try:
                found = take(queue, *given, **named) if self._has_name() else ([], None)
            except Exception as error:
                if self._ended.is_set():  # the engine cannot handle it any longer
                    return [], None
                failures += not self._passes(error)
                if failures >= TRIES:
                    work.stop(self._fault(error))
                raise
            failures = 0
            return found

        database.start_queued_workflows = taken  # type: ignore[union-attr]

    def _passes(self, error: Exception) -> bool:
        """Whether the next attempt may succeed: the server is away, or another machine takes lines at this moment."""
        return self._store.is_back_soon(error) or getattr(getattr(error, "orig", None), "sqlstate", None) in CONFLICTS

    def _fault(self, error: Exception) -> KieError:
        from sqlalchemy.exc import SQLAlchemyError

        if isinstance(error, KieError):
            return error
        for each in (error, error.__cause__):  # the engine has a class of its own for a statement that takes too long
            if isinstance(each, SQLAlchemyError):
                return self._store.unusable(each)
        return ConfigError(f"the engine failed: {described(error)}")

    def _tend(self, work: LineWorker) -> None:
        """Look after what the engine forgets. It does not report that either."""
        from dbos import DBOS

        while not self._ended.wait(TEND):
            try:
                if not self._has_name():
                    continue
                if DBOS.retrieve_queue(QUEUE) is None:
                    self._register()
                self._resume_forgotten(work)
                for batch in [*work.watched]:
                    self._restart_lost(work, batch)
                self._warn_of_stranded()
            except Exception as error:
                if not self._passes(error) and not self._ended.is_set():  # for example, the disk is full
                    work.stop(self._fault(error))

    def _resume_forgotten(self, work: LineWorker) -> None:
        """Return lines to the queue that this machine took but does not run, if they were found the last time, too.

        The engine forgets a line that it has just taken if the database fails at that moment.
        """
        from dbos import DBOS

        idle = {name for name in _taken_by(self._machine) if _line_of(name) not in work.running}
        for name in idle & self._idle:
            if self._may_release(work, name):
                LOGGER.warning("durable line %s was taken but not started: it is released", name)
                DBOS.resume_workflow(name, queue_name=QUEUE)
        self._idle = idle

    def _restart_lost(self, work: LineWorker, batch: str) -> None:
        """Queue lines of a batch again that have not ended, but that the engine has no longer.

        It may have given them up, or somebody deleted them: there, or in the table of lines, and stored them again.
        """
        lines = self._store.going_on(batch, self._searched.get(batch, -1), PAGE)
        self._searched[batch] = lines[-1][0] if len(lines) == PAGE else -1
        lost, nth = [line for line in lines if (batch, line[0]) not in work.running], 0
        while lost:
            names = {_id_of(batch, line, attempt, nth): (line, attempt) for line, attempt in lost}
            lost, known = [], {one.workflow_id: one.status for one in _workflows(workflow_ids=[*names])}
            for name, (line, attempt) in names.items():
                if name in known:
                    lost += [(line, attempt)] if known[name] not in ALIVE else []
                elif self._may_release(work, _id_of(batch, line, attempt)):
                    start = partial(self._restart, batch, line, attempt, nth)
                    if self._store.restart(batch, line, attempt, start):
                        LOGGER.warning(
                            "durable line %s was not in the engine's queue any longer: it is queued again", name
                        )
            nth += 1

    def _restart(self, batch: str, line: int, attempt: int, nth: int, connection: Connection) -> None:
        self.enqueue(connection, batch, line, attempt, nth)

    def _warn_of_stranded(self) -> None:
        """Say once that a machine has died, as somebody may wait for its lines."""
        for machine in {*self._stranded()} - self._warned - {self._machine}:
            self._warned.add(machine)
            LOGGER.warning("machine %s is not alive and has unfinished lines: adopt it, or start it again", machine)

    def _may_release(self, work: LineWorker, name: str) -> bool:
        if self._releases[name] >= TRIES:
            work.stop(ConfigError(f"durable line {name} was taken {TRIES} times, but the engine could not run it"))
        self._releases[name] += 1
        return self._releases[name] <= TRIES


def _taken_by(machine: str) -> list[str]:
    return [one.workflow_id for one in _workflows(status="PENDING", executor_id=machine, app_version=VERSION)]


def _workflows(**filters: Any) -> list[WorkflowStatus]:
    from dbos import DBOS

    return DBOS.list_workflows(load_input=False, load_output=False, **filters)


def _id_of(batch: str, line: int, attempt: int, nth: int = 0) -> str:
    return f"{batch}/{line}" + (f"#{attempt}" if attempt or nth else "") + (f".{nth}" if nth else "")


def _line_of(workflow: str) -> tuple[str, int]:
    batch, _, rest = workflow.rpartition("/")
    return batch, int(rest.partition("#")[0])


def _take_no_more() -> None:
    """Stop the engine from taking lines before its event loop ends: lines started then would print a warning on stderr.

    If an engine lacks these private names, the warning is the only consequence.
    """
    for event in getattr(_instance(), "background_thread_stop_events", ()):
        event.set()
    for thread in threading.enumerate():
        if thread.name.startswith("queue-worker-") and thread.is_alive():
            thread.join(timeout=5)


def _in_use() -> bool:
    """Whether this program already runs the engine for something else."""
    return _instance() is not None


def _instance() -> object:
    import dbos._dbos as found

    return getattr(found, "_dbos_global_instance", None)
