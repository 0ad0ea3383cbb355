"""Durable: starts and stops the engine (`dbos`) and gives it work. Only this file and `workflow` talk to the engine.

May import `_core`, `_durable` and the engine.
"""

from __future__ import annotations

import logging
import threading
from collections import Counter
from typing import TYPE_CHECKING, Any

from kie._core.errors import ConfigError
from kie._core.safe_text import described
from kie._durable.line_store import LineStore
from kie._durable.work import TRIES

if TYPE_CHECKING:
    from dbos import DBOSClient
    from sqlalchemy import Connection
    from sqlalchemy.exc import SQLAlchemyError

    from kie._durable.work import LineWorker

NAME, QUEUE, SCHEMA = "kie", "kie-lines", "kie_engine"

VERSION = "kie-durable-1"
"""The program version that the engine sees. It is constant because an update of kie would otherwise abandon lines.
Change it only if lines of an older version cannot be continued."""

LOGGER = logging.getLogger("kie")

TEND = 20.0
"""Seconds between two searches for lines that the engine took and forgot."""

CONFLICTS = ("40001", "55P03")
"""What Postgres says if another machine takes the same lines: a serialization failure, a lock that is not free."""

_BUSY = threading.Lock()


class Engine:
    """The engine of this process.

    Args:
        store: The table of lines. The engine uses the same database.
        machine: The name under which it takes lines.
        in_flight: The most lines that it works on at the same time.
        work: Does the work; None takes no lines, and only queues them for other machines.
    """

    def __init__(self, store: LineStore, machine: str, in_flight: int, work: LineWorker | None) -> None:
        self._store = store
        self._machine = machine
        self._in_flight = in_flight
        self._work = work
        self._client: DBOSClient | None = None
        self._idle: set[str] = set()
        self._releases: Counter[str] = Counter()
        self._ended = threading.Event()
        self._tending: threading.Thread | None = None

    def start(self) -> None:
        """Start the engine. It continues the lines that this machine had.

        Raises:
            ConfigError: The engine runs already, or the database cannot be used.
        """
        from dbos import DBOS, DBOSClient, DBOSPortableJSONSerializer
        from sqlalchemy.exc import SQLAlchemyError

        from kie._durable.workflow import run_by

        if not _BUSY.acquire(blocking=False):
            raise ConfigError("a process can have only one Durable at a time: close the other one first")
        if _in_use():
            _BUSY.release()
            raise ConfigError("this program already runs DBOS: use kie.durable in another process")
        logger = logging.getLogger("dbos")
        try:
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
                DBOS.register_queue(
                    QUEUE, worker_concurrency=self._in_flight, polling_interval_sec=0.5, on_conflict="always_update"
                )
            self._client = DBOSClient(
                system_database_engine=self._store.engine,
                dbos_system_schema=SCHEMA,
                serializer=DBOSPortableJSONSerializer(),
                application_name=NAME,
            )
        except BaseException as error:
            self.stop()
            if isinstance(error, SQLAlchemyError):
                raise self._store.unusable(error) from None
            raise
        if self._work is not None:
            self._tending = threading.Thread(target=self._tend, args=(self._work,), name="kie-lines", daemon=True)
            self._tending.start()

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

    def enqueue(self, connection: Connection, batch: str, line: int, attempt: int) -> None:
        """Queue a line for the machines, within a transaction."""
        if self._client is None:
            raise ConfigError("the engine is not started")
        name = _id_of(batch, line, attempt)
        self._client.enqueue_in_transaction(
            connection, {"queue_name": QUEUE, "workflow_name": "kie.line", "workflow_id": name}, batch, line, attempt
        )

    def _watch_takes(self, work: LineWorker) -> None:
        """Bound the lines that the engine takes to those that this machine may work on, and notice if it can take none.

        The database has one limit for all machines: that of the last machine to start. The engine only logs that it
        cannot take lines, for example because the disk is full. Both apply if an engine lacks these private names.
        """
        from sqlalchemy.exc import SQLAlchemyError

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
                found = take(queue, *given, **named)
            except SQLAlchemyError as error:
                if not self._passes(error):
                    failures += 1
                if failures >= TRIES:
                    work.stop(self._store.unusable(error))
                raise
            failures = 0
            return found

        database.start_queued_workflows = taken  # type: ignore[union-attr]

    def _passes(self, error: SQLAlchemyError) -> bool:
        """Whether the next attempt may succeed: the server is away, or another machine takes lines at this moment."""
        return self._store.is_back_soon(error) or getattr(getattr(error, "orig", None), "sqlstate", None) in CONFLICTS

    def _tend(self, work: LineWorker) -> None:
        from sqlalchemy.exc import SQLAlchemyError

        while not self._ended.wait(TEND):
            try:
                self._resume_forgotten(work)
            except SQLAlchemyError as error:
                if not self._passes(error):  # for example, the disk is full: the engine does not report it
                    work.stop(self._store.unusable(error))
            except Exception as error:
                LOGGER.warning("unfinished lines cannot be checked: %s", described(error))

    def _resume_forgotten(self, work: LineWorker) -> None:
        """Return lines to the queue that this machine took but does not run, if they were found the last time, too.

        The engine forgets a line that it has just taken if the database fails at that moment.
        """
        from dbos import DBOS

        idle = {name for name in _taken_by(self._machine) if _line_of(name) not in work.running}
        for name in idle & self._idle:
            if self._releases[name] >= TRIES:
                work.stop(ConfigError(f"durable line {name} was taken {TRIES} times, but the engine could not run it"))
                break
            self._releases[name] += 1
            LOGGER.warning("durable line %s was taken but not started: it is released", name)
            DBOS.resume_workflow(name, queue_name=QUEUE)
        self._idle = idle


def held_by(machine: str) -> list[tuple[str, int]]:
    """The lines that the engine has assigned to a machine: their batches and numbers."""
    return [_line_of(name) for name in _taken_by(machine)]


def _taken_by(machine: str) -> list[str]:
    from dbos import DBOS

    found = DBOS.list_workflows(status="PENDING", executor_id=machine, load_input=False, load_output=False)
    return [one.workflow_id for one in found]


def recovered(machine: str) -> list[tuple[str, int]]:
    """Return the lines of a machine to the queue, for all machines. Returns their batches and numbers.

    The engine does this by itself only for its own machine, and has no public call for others. Only this function makes
    the private call, and a test fails if a new version drops it.
    """
    from dbos import DBOS

    return [_line_of(handle.get_workflow_id()) for handle in DBOS._recover_pending_workflows([machine])]


def _id_of(batch: str, line: int, attempt: int) -> str:
    return f"{batch}/{line}" + (f"#{attempt}" if attempt else "")


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
