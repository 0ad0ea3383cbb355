"""Durable: the engine (`dbos`): started, stopped, given work. The only file that talks to it, beside `workflow`.

May import `_core`, `_durable` and the engine.
"""

from __future__ import annotations

import logging
import threading
from typing import TYPE_CHECKING, Any

from kie._core.errors import ConfigError
from kie._core.safe_text import described
from kie._durable.line_store import LineStore

if TYPE_CHECKING:
    from dbos import DBOSClient
    from sqlalchemy import Connection

    from kie._durable.work import LineWorker

NAME, QUEUE, SCHEMA = "kie", "kie-lines", "kie_engine"

VERSION = "kie-durable-1"
"""What the engine takes for the version of the program: a constant, or an update of kie would leave lines behind. It
changes only if lines of an older version could not be gone on with."""

LOGGER = logging.getLogger("kie")

TEND = 20.0
"""Seconds between two looks for lines that the engine took and forgot."""

_BUSY = threading.Lock()


class Engine:
    """The engine of this process.

    Args:
        store: The table of lines, whose database it uses, too.
        machine: The name under which it takes lines.
        in_flight: How many lines it has in hand at the same time, at most.
        work: What does the work; None takes no lines, and only gives them to others.
    """

    def __init__(self, store: LineStore, machine: str, in_flight: int, work: LineWorker | None) -> None:
        self._store = store
        self._machine = machine
        self._in_flight = in_flight
        self._work = work
        self._client: DBOSClient | None = None
        self._idle: set[str] = set()
        self._ended = threading.Event()
        self._tending: threading.Thread | None = None

    def start(self) -> None:
        """Start it: lines that this machine had are gone on with.

        Raises:
            ConfigError: It runs already, or the database cannot be used.
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
            logger.addHandler(logging.NullHandler())  # with a handler of its own, it adds none that writes to stderr
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
                _bounded(self._in_flight)
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
        """Stop it. What it has in hand stays as it is."""
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
        """Give a line to the machines, within a transaction."""
        if self._client is None:
            raise ConfigError("the engine is not started")
        name = _id_of(batch, line, attempt)
        self._client.enqueue_in_transaction(
            connection, {"queue_name": QUEUE, "workflow_name": "kie.line", "workflow_id": name}, batch, line, attempt
        )

    def _tend(self, work: LineWorker) -> None:
        from sqlalchemy.exc import SQLAlchemyError

        while not self._ended.wait(TEND):
            try:
                self._resume_forgotten(work)
            except SQLAlchemyError as error:
                if not self._store.is_back_soon(error):  # the disk is full, say: the engine does not tell
                    work.stop(self._store.unusable(error))
            except Exception as error:
                LOGGER.warning("unfinished lines cannot be checked: %s", described(error))

    def _resume_forgotten(self, work: LineWorker) -> None:
        """Give the lines back that this machine took and does not run, if they were there the last time, too.

        The engine forgets what it has just taken if the database cannot be used at that moment.
        """
        from dbos import DBOS

        idle = {name for name in _taken_by(self._machine) if _line_of(name) not in work.running}
        for name in idle & self._idle:
            LOGGER.warning("durable line %s was taken but not started: it is released", name)
            DBOS.resume_workflow(name, queue_name=QUEUE)
        self._idle = idle


def held_by(machine: str) -> list[tuple[str, int]]:
    """The lines that a machine has in hand, as far as the engine knows: their batches and numbers."""
    return [_line_of(name) for name in _taken_by(machine)]


def _taken_by(machine: str) -> list[str]:
    from dbos import DBOS

    found = DBOS.list_workflows(status="PENDING", executor_id=machine, load_input=False, load_output=False)
    return [one.workflow_id for one in found]


def recovered(machine: str) -> list[tuple[str, int]]:
    """Give the lines that a machine had in hand to all machines; gives their batches and numbers.

    The engine does this by itself for its own machine only, and promises no call for others: this is the one place
    that makes it, and a test notices if a new version goes without.
    """
    from dbos import DBOS

    return [_line_of(handle.get_workflow_id()) for handle in DBOS._recover_pending_workflows([machine])]


def _id_of(batch: str, line: int, attempt: int) -> str:
    return f"{batch}/{line}" + (f"#{attempt}" if attempt else "")


def _line_of(workflow: str) -> tuple[str, int]:
    batch, _, rest = workflow.rpartition("/")
    return batch, int(rest.partition("#")[0])


def _take_no_more() -> None:
    """Let the engine take no more lines before its event loop ends: what it starts then would be a warning on stderr.

    Of an engine in which nothing of that name is found, the warning is all that comes of it.
    """
    for event in getattr(_instance(), "background_thread_stop_events", ()):
        event.set()
    for thread in threading.enumerate():
        if thread.name.startswith("queue-worker-") and thread.is_alive():
            thread.join(timeout=5)


def _bounded(most: int) -> None:
    """Let the engine take as many lines as this machine may have in hand.

    In the database the bound stands once for all machines, as the last one to start has set it. That one holds for an
    engine in which nothing of these names is found.
    """
    database = getattr(_instance(), "_sys_db", None)
    take = getattr(database, "start_queued_workflows", None)
    if take is None:
        return

    def taken(queue: Any, *given: object, **named: object) -> object:
        if queue.name == QUEUE:
            queue._worker_concurrency = most
        return take(queue, *given, **named)

    database.start_queued_workflows = taken  # type: ignore[union-attr]


def _in_use() -> bool:
    """Whether this program runs the engine for something else."""
    return _instance() is not None


def _instance() -> object:
    import dbos._dbos as found

    return getattr(found, "_dbos_global_instance", None)
