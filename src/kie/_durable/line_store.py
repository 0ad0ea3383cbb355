"""Durable: the table of lines, in the database of the engine. May import `_core` and `_io`.

A line is one request of a batch. Its `note` names the process that is about to send it or has sent it. A note is only
written if there is none, so that only its writer sends the line. `seq` numbers ended lines in the order of their end.
`kie_ends` keeps the highest `seq` that a line had which runs again, so that none is used twice.
"""

from __future__ import annotations

import hashlib
import json
import re
import threading
import time
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any, TypeVar

import attrs

from kie._core.json import JSONObject
from kie._core.tasks import TaskRef
from kie._io.database import ABSENCE, AGAIN, CONNECT_ARGS, PATIENCE, database, said, shown_url
from kie._io.secrets import Secret
from kie._io.unusable import Unusable

if TYPE_CHECKING:
    from sqlalchemy import Connection, Engine
    from sqlalchemy.engine import ExceptionContext

TABLES = (
    "CREATE TABLE IF NOT EXISTS kie_lines (batch TEXT NOT NULL, line INTEGER NOT NULL, attempt INTEGER NOT NULL, "
    "tries INTEGER NOT NULL, id TEXT, model TEXT NOT NULL, request TEXT NOT NULL, digest TEXT NOT NULL, "
    "queued_at DOUBLE PRECISION NOT NULL, state TEXT NOT NULL, note TEXT, noted_at TEXT, ref TEXT, "
    "submitted_at DOUBLE PRECISION, ended_at DOUBLE PRECISION, seq INTEGER, outcome TEXT, PRIMARY KEY (batch, line))",
    "CREATE TABLE IF NOT EXISTS kie_ends (batch TEXT PRIMARY KEY, seq INTEGER NOT NULL)",
    "CREATE INDEX IF NOT EXISTS kie_lines_ended ON kie_lines (batch, seq)",
    "CREATE INDEX IF NOT EXISTS kie_lines_states ON kie_lines (batch, state)",
)
T = TypeVar("T")

OPEN = ("queued", "sending", "waiting")
"""The states of lines that have not ended: nothing was sent; a note was written; a task exists."""


@attrs.frozen(kw_only=True)
class LineRow:
    """One line of a batch: its row in the table."""

    batch: str
    line: int
    attempt: int
    tries: int
    id: str | None
    model: str
    request: str
    queued_at: float
    state: str
    note: str | None
    noted_at: str | None
    ref: str | None
    submitted_at: float | None
    ended_at: float | None
    seq: int | None
    outcome: str | None

    @property
    def ended(self) -> bool:
        """Whether the line has ended."""
        return self.state not in OPEN

    @property
    def place(self) -> str:
        """The id of this submission. It is unique, and the same in every process that begins it."""
        said = f"{self.batch}/{self.line}#{self.attempt}.{self.tries} {self.queued_at!r}"
        return f"line-{hashlib.sha256(said.encode('utf-8', 'surrogatepass')).hexdigest()[:20]}"

    @property
    def files(self) -> list[str]:
        """The paths at which its files were saved."""
        files = self.said.get("files")
        return [str(path) for path in files] if isinstance(files, list) else []

    @property
    def said(self) -> JSONObject:
        """The noted facts of its outcome; empty if unreadable, so that one bad line does not block the others."""
        try:
            found = json.loads(self.outcome or "{}")
        except (ValueError, RecursionError):
            return {}
        return found if isinstance(found, dict) else {}

    @property
    def task(self) -> TaskRef | None:
        """Its task; None until it is known."""
        return TaskRef.parse(self.ref, model=self.model) if self.ref else None


_COLUMNS = ", ".join(field.name for field in attrs.fields(LineRow))


@attrs.frozen
class NewLine:
    """A line to store."""

    line: int
    id: str | None
    model: str
    request: str
    digest: str


class LineStore:
    """The lines of all batches in a database.

    Args:
        url: The URL of the database, as `limit_store` takes it.

    Raises:
        ConfigError: It is not the URL of a shareable database.
    """

    def __init__(self, url: Secret) -> None:
        from sqlalchemy.exc import SQLAlchemyError

        self.url = url
        self.named = shown_url(url.reveal())
        self.shared = database(url)
        self.postgres = self.shared.path is None
        fault: Unusable | None = None
        try:
            self.engine = _engine(url, postgres=self.postgres)
        except (ValueError, SQLAlchemyError) as error:  # SQLAlchemy cannot parse the URL
            fault = self.unusable(error)
        if fault is not None:
            raise fault  # raised outside the block, because the library's frames show the URL
        _end_retries(self.engine, url)

    def prepare(self) -> None:
        """Create the tables if they are missing. Raises `ConfigError` if the database cannot be used."""
        with self.shared.transaction("tables") as transaction:
            for table in TABLES:
                transaction.execute(table)

    def close(self) -> None:
        """Close all connections."""
        self.engine.dispose()

    def _within(self, act: Callable[[Connection], T]) -> T:
        """Run a function in a transaction. Only one runs at a time, across all processes.

        If the server goes away meanwhile, wait for it and run the function again: all of them are safe to repeat.
        Raises `ConfigError`.
        """
        from sqlalchemy import text

        def locked(connection: Connection) -> T:
            if self.postgres:
                connection.execute(text("SELECT pg_advisory_xact_lock(7245903118)"))
            else:
                connection.exec_driver_sql("BEGIN IMMEDIATE")
            return act(connection)

        return self._patiently(locked)

    def _patiently(self, act: Callable[[Connection], T]) -> T:
        from sqlalchemy.exc import SQLAlchemyError

        until, fault = time.monotonic() + ABSENCE, None
        while fault is None:
            try:
                with self.engine.begin() as connection:
                    return act(connection)
            except SQLAlchemyError as error:
                if not self.is_back_soon(error) or time.monotonic() > until:
                    fault = self.unusable(error)
            if fault is None:
                time.sleep(AGAIN)
        raise fault  # raised outside the block, because the driver's frames show the URL

    def is_back_soon(self, error: BaseException) -> bool:
        """Whether an error means that a server that was there has gone, so that it may come back soon."""
        return self.shared.is_back_soon(getattr(error, "orig", None) or error)

    def unusable(self, error: BaseException) -> Unusable:
        """Make the error for an unusable database, without the parts of the URL that the driver shows."""
        why = said(getattr(error, "orig", None) or error, self.url.reveal())
        return Unusable(f"the database {self.named} cannot be used: {why}")

    def _change(self, statement: str, **values: object) -> int:
        from sqlalchemy import text

        return self._within(lambda connection: int(connection.execute(text(statement), values).rowcount))

    def _read(self, statement: str, **values: object) -> Sequence[Any]:
        from sqlalchemy import text

        return self._patiently(lambda connection: connection.execute(text(statement), values).all())

    # Reading

    def row(self, batch: str, line: int) -> LineRow | None:
        """Read a line; None if there is none."""
        return next(iter(self._rows("batch = :batch AND line = :line", batch=batch, line=line)), None)

    def ended(self, batch: str, after: int, count: int) -> list[LineRow]:
        """The lines that ended after a given `seq`, in the order of their end."""
        where = "batch = :batch AND seq > :after ORDER BY seq LIMIT :count"
        return self._rows(where, batch=batch, after=after, count=count)

    def in_state(self, batch: str, state: str) -> list[LineRow]:
        """The lines in a state, in the order of the batch."""
        return self._rows("batch = :batch AND state = :state ORDER BY line", batch=batch, state=state)

    def _rows(self, where: str, **values: object) -> list[LineRow]:
        found = self._read(f"SELECT {_COLUMNS} FROM kie_lines WHERE {where}", **values)  # noqa: S608 - our own text
        return [LineRow(**row._mapping) for row in found]

    def open(self, batch: str) -> bool:
        """Whether lines of a batch have not ended."""
        return bool(self._read("SELECT 1 FROM kie_lines WHERE batch = :batch AND seq IS NULL LIMIT 1", batch=batch))

    def begun_at(self, batch: str) -> float:
        """When the first line of a batch was stored, in seconds since 1970."""
        found = self._read("SELECT min(queued_at) FROM kie_lines WHERE batch = :batch", batch=batch)
        return float(found[0][0] or 0.0)

    def counts(self) -> dict[str, dict[str, int]]:
        """How many lines each batch has in each state."""
        counted: dict[str, dict[str, int]] = {}
        for batch, state, count in self._read(
            "SELECT batch, state, count(*) FROM kie_lines GROUP BY batch, state ORDER BY batch, state"
        ):
            counted.setdefault(batch, {})[state] = int(count)
        return counted

    def going_on(self, batch: str, after: int, count: int) -> list[tuple[int, int]]:
        """The numbers and attempts of lines with a higher number that have not ended, in the order of the batch."""
        where = "batch = :batch AND seq IS NULL AND line > :after ORDER BY line LIMIT :count"
        found = self._read(
            f"SELECT line, attempt FROM kie_lines WHERE {where}",  # noqa: S608 - our own text
            batch=batch,
            after=after,
            count=count,
        )
        return [(int(line), int(attempt)) for line, attempt in found]

    # Writing

    def restart(self, batch: str, line: int, attempt: int, start: Callable[[Connection], object]) -> bool:
        """Start the work of a line again, unless it has ended meanwhile. Returns whether it was started."""
        from sqlalchemy import text

        where = "batch = :batch AND line = :line AND attempt = :attempt AND seq IS NULL"
        values = {"batch": batch, "line": line, "attempt": attempt}

        def started(connection: Connection) -> bool:
            found = connection.execute(text(f"SELECT 1 FROM kie_lines WHERE {where}"), values).all()  # noqa: S608
            if found:
                start(connection)
            return bool(found)

        return self._within(started)

    def enqueue(
        self, batch: str, entries: Sequence[NewLine], start: Callable[[Connection, int, int], object], *, new: bool
    ) -> tuple[int, list[int]]:
        """Store lines that are new, and start the work of each in the same transaction.

        Args:
            batch: The name of the batch.
            entries: The lines, in order.
            start: Called with the transaction, a line and its attempt.
            new: Whether lines may be added. Otherwise they are only compared.

        Returns:
            How many were added, and the lines that exist with a different request.
        """
        from sqlalchemy import text

        def stored(connection: Connection) -> tuple[int, list[int]]:
            within = "SELECT line, digest FROM kie_lines WHERE batch = :batch AND line BETWEEN :low AND :high"
            limits = {"batch": batch, "low": entries[0].line, "high": entries[-1].line}
            known = {row[0]: row[1] for row in connection.execute(text(within), limits)}
            differing = [one.line for one in entries if known.get(one.line, one.digest) != one.digest]
            added = [one for one in entries if one.line not in known] if new and not differing else []
            if added:
                common = {"batch": batch, "at": time.time()}
                connection.execute(text(_INSERT), [{**attrs.asdict(one), **common} for one in added])
                for one in added:
                    start(connection, one.line, 0)
            return len(added), differing

        return self._within(stored)

    def again(self, batch: str, line: int, start: Callable[[Connection, int, int], object], *, keep: bool) -> bool:
        """Queue a line again that has ended; with `keep`, wait for its old task. Returns whether it had ended."""
        from sqlalchemy import text

        task = "state = 'waiting'" if keep else "state = 'queued', ref = NULL, submitted_at = NULL"
        statement = (
            f"UPDATE kie_lines SET {task}, attempt = attempt + 1, tries = 0, note = NULL, noted_at = NULL, "  # noqa: S608
            "ended_at = NULL, seq = NULL, outcome = NULL WHERE batch = :batch AND line = :line AND seq IS NOT NULL "
            "RETURNING attempt"
        )

        def asked(connection: Connection) -> bool:
            connection.execute(text(_KEEP_END), {"batch": batch})
            found = connection.execute(text(statement), {"batch": batch, "line": line}).all()
            for (attempt,) in found:
                start(connection, line, attempt)
            return bool(found)

        return self._within(asked)

    def note(self, batch: str, line: int, note: str, at: str) -> bool:
        """Note that a line is about to be sent. Returns False if another process may have sent it, or has ended it."""
        return bool(
            self._change(
                "UPDATE kie_lines SET note = :note, noted_at = :at, state = 'sending' "
                "WHERE batch = :batch AND line = :line AND coalesce(note, :note) = :note "
                "AND ref IS NULL AND seq IS NULL",
                batch=batch,
                line=line,
                note=note,
                at=at,
            )
        )

    def unnote(self, batch: str, line: int, note: str) -> None:
        """Remove a note, because its submission created no task."""
        self._change(
            "UPDATE kie_lines SET note = NULL, noted_at = NULL, "
            "state = CASE WHEN seq IS NULL THEN 'queued' ELSE state END "
            "WHERE batch = :batch AND line = :line AND note = :note AND ref IS NULL",
            batch=batch,
            line=line,
            note=note,
        )

    def accepted(self, batch: str, line: int, note: str | None, ref: TaskRef) -> None:
        """Note the task of a line, even if the line was given up as unknown meanwhile.

        Without a `note`, the task needed no submission.
        """
        self._change(
            "UPDATE kie_lines SET ref = :ref, submitted_at = :now, "
            "state = CASE WHEN seq IS NULL THEN 'waiting' ELSE state END "
            "WHERE batch = :batch AND line = :line AND coalesce(note, '') = :note",
            batch=batch,
            line=line,
            note=note or "",
            ref=str(ref),
            now=time.time(),
        )

    def answered(self, batch: str, line: int, outcome: str) -> None:
        """Keep the answer to a submission that also ended the task: the service cannot be asked for it later."""
        where = "batch = :batch AND line = :line AND seq IS NULL"
        self._change(f"UPDATE kie_lines SET outcome = :outcome WHERE {where}", batch=batch, line=line, outcome=outcome)  # noqa: S608

    def renew(self, batch: str, line: int, ref: str) -> None:
        """Let a line be sent again after its task failed without cost."""
        self._change(
            "UPDATE kie_lines SET ref = NULL, note = NULL, noted_at = NULL, submitted_at = NULL, state = 'queued', "
            "tries = tries + 1 WHERE batch = :batch AND line = :line AND ref = :ref AND seq IS NULL",
            batch=batch,
            line=line,
            ref=ref,
        )

    def end(self, batch: str, line: int, attempt: int, state: str, outcome: str) -> None:
        """Note how a line ended."""
        self._change(
            "UPDATE kie_lines SET state = :state, outcome = :outcome, ended_at = :now, "
            "seq = (SELECT coalesce(max(seq), 0) + 1 FROM (SELECT max(seq) AS seq FROM kie_lines WHERE batch = :batch "
            "UNION ALL SELECT seq FROM kie_ends WHERE batch = :batch) AS ends) "
            "WHERE batch = :batch AND line = :line AND attempt = :attempt AND seq IS NULL",
            batch=batch,
            line=line,
            attempt=attempt,
            state=state,
            outcome=outcome,
            now=time.time(),
        )


_KEEP_END = (
    "INSERT INTO kie_ends (batch, seq) SELECT :batch, coalesce(max(seq), 0) FROM kie_lines WHERE batch = :batch "
    "ON CONFLICT (batch) DO UPDATE SET seq = excluded.seq WHERE excluded.seq > kie_ends.seq"
)
_INSERT = (
    "INSERT INTO kie_lines (batch, line, attempt, tries, id, model, request, digest, queued_at, state) "
    "VALUES (:batch, :line, 0, 0, :id, :model, :request, :digest, :at, 'queued')"
)


def _engine(url: Secret, *, postgres: bool) -> Engine:
    from sqlalchemy import create_engine, event, make_url

    target = make_url(re.sub(r"^postgres(ql)?(\+\w+)?:", "postgresql+psycopg:", url.reveal()))
    settings: dict[str, object] = {"connect_args": CONNECT_ARGS} if postgres else {}
    engine = create_engine(target, pool_size=20, max_overflow=0, pool_pre_ping=True, hide_parameters=True, **settings)
    if postgres:

        @event.listens_for(engine, "begin")
        def begun(connection: Connection) -> None:
            connection.exec_driver_sql(f"SET LOCAL lock_timeout = '{PATIENCE}s'")

    else:

        @event.listens_for(engine, "connect")
        def connected(connection: Any, _record: object) -> None:
            connection.isolation_level = "IMMEDIATE"
            for pragma in (f"busy_timeout={PATIENCE * 1000}", "foreign_keys=ON", "synchronous=FULL"):
                connection.execute(f"PRAGMA {pragma}")

    return engine


def _end_retries(engine: Engine, url: Secret) -> None:
    """Let no thread retry longer than `ABSENCE`: DBOS does so without end while a database is locked, full or away.

    The error that ends its retries is of another class.
    """
    from sqlalchemy import event
    from sqlalchemy.exc import OperationalError, SQLAlchemyError

    failing = threading.local()

    @event.listens_for(engine, "checkout")
    def begun(*_: object) -> None:
        failing.now = False

    @event.listens_for(engine, "checkin")
    def ended(*_: object) -> None:
        if not failing.__dict__.get("now"):
            failing.__dict__.clear()

    @event.listens_for(engine, "handle_error")
    def failed(context: ExceptionContext) -> SQLAlchemyError | None:
        if not (context.is_disconnect or isinstance(context.sqlalchemy_exception, OperationalError)):
            return None
        now = time.monotonic()
        if now - failing.__dict__.get("last", now) > ABSENCE + PATIENCE:  # it did not retry
            failing.__dict__.clear()
        failing.now, failing.last = True, now
        if now - failing.__dict__.setdefault("since", now) <= ABSENCE:
            return None
        why = said(context.original_exception, url.reveal())
        return SQLAlchemyError(why.replace("database is locked", "it stays locked"))  # DBOS looks for these words
