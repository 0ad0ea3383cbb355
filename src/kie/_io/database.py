"""IO: a database that processes share: SQLite for those of one machine, Postgres for many. May import `_core`.

Each use is one short transaction that nobody else's can run beside, by a lock with a name.
"""

from __future__ import annotations

import atexit
import hashlib
import os
import re
import sqlite3
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Protocol, TypeAlias
from urllib.parse import urlsplit

from kie._core.errors import ConfigError
from kie._io.forks import renewed_after_fork

if TYPE_CHECKING:
    import psycopg

PATIENCE = 30
"""Seconds that a transaction waits for those of others at most."""
VERSION = 1
"""The version of the tables."""
_TABLES = (
    "CREATE TABLE IF NOT EXISTS kie_version (version BIGINT NOT NULL)",
    "CREATE TABLE IF NOT EXISTS kie_limits (name TEXT PRIMARY KEY, state TEXT NOT NULL)",
    "CREATE TABLE IF NOT EXISTS kie_budgets "
    "(account TEXT NOT NULL, number BIGINT NOT NULL, entry TEXT NOT NULL, PRIMARY KEY (account, number))",
    "CREATE TABLE IF NOT EXISTS kie_machines (name TEXT PRIMARY KEY, process TEXT NOT NULL, beat DOUBLE PRECISION)",
)
_FORMS = "sqlite:///PATH for the processes of one machine, or postgresql://USER@HOST/NAME for many machines"

Value: TypeAlias = str | int | float | None
Row: TypeAlias = tuple[Value, ...]


class Transaction(Protocol):
    """A transaction under way. It ends with its block: kept, or taken back if the block raises."""

    def execute(self, statement: str, *values: Value) -> list[Row]:
        """Carry out a statement, with `?` in the place of each value. Returns its rows."""
        ...

    def now(self) -> float:
        """Seconds since 1970, by one clock for all who share the database."""
        ...


class Database:
    """A database by its URL. Threads may share it; after a fork, the child connects anew.

    Args:
        url: `sqlite:///PATH` (four slashes for an absolute path), or `postgresql://…`.

    Raises:
        ConfigError: The URL names no database that can be shared, or the driver of Postgres is not installed.
    """

    def __init__(self, url: str) -> None:
        self.url = url
        self.named = shown_url(url)
        self._server: _Sqlite | _Postgres = _server(url)
        self._lock = threading.RLock()
        self._ready = False
        self._foreign: list[object] = []
        renewed_after_fork(self)

    def renew(self) -> None:
        """After a fork: what the parent opened is its own. To close it here would end it there."""
        self._lock = threading.RLock()
        self._foreign.append(self._server.connection)
        self._server.connection = None

    @property
    def path(self) -> Path | None:
        """The file that it is; None for a server."""
        return self._server.path if isinstance(self._server, _Sqlite) else None

    @contextmanager
    def transaction(self, lock: str) -> Iterator[Transaction]:
        """A transaction during which no other one with the same lock is under way, in any process.

        Raises:
            ConfigError: The database cannot be used. What the block did is taken back.
        """
        server = self._server
        with self._lock:
            try:
                if not self._ready:
                    self._prepare()
                with server.begun(lock):
                    yield server
            except BaseException as error:
                server.close()
                if isinstance(error, server.errors):
                    raise ConfigError(f"the database {self.named} cannot be used: {_said(error, self.url)}") from None
                raise

    def close(self) -> None:
        """Close the connection. The next transaction opens another one."""
        with self._lock:
            self._server.close()

    def _prepare(self) -> None:
        with self._server.begun("tables"):
            for table in _TABLES:
                self._server.execute(table)
            found = self._server.execute("SELECT version FROM kie_version")
            if not found:
                self._server.execute("INSERT INTO kie_version VALUES (?)", VERSION)
            elif found[0][0] != VERSION:
                raise ConfigError(
                    f"the database {self.named} has tables of version {found[0][0]}, and this is made for {VERSION}: "
                    "update kie, or name another database"
                )
        self._ready = True

    def __repr__(self) -> str:
        return f"<Database {self.named}>"


class _Sqlite:
    """A file, which the processes of a machine share."""

    errors = (sqlite3.Error, OSError)

    def __init__(self, path: Path) -> None:
        self.path = path
        self.connection: sqlite3.Connection | None = None

    @contextmanager
    def begun(self, lock: str) -> Iterator[None]:
        """A transaction; there is one at a time, whatever the name of its lock."""
        opened = self.opened()
        opened.execute("BEGIN IMMEDIATE")
        yield
        opened.execute("COMMIT")

    def opened(self) -> sqlite3.Connection:
        """The connection, which is made when it is first needed."""
        if self.connection is None:
            os.close(os.open(self.path, os.O_CREAT | os.O_RDWR, 0o600))
            found = sqlite3.connect(self.path, timeout=PATIENCE, isolation_level=None, check_same_thread=False)
            self.connection = found
            with suppress(sqlite3.OperationalError):  # some file systems cannot have it; then all is slower
                found.execute("PRAGMA journal_mode=WAL")
            found.execute("PRAGMA synchronous=FULL")
        return self.connection

    def execute(self, statement: str, *values: Value) -> list[Row]:
        return self.opened().execute(statement, values).fetchall()

    def now(self) -> float:
        return time.time()

    def close(self) -> None:
        """Close it; what was not kept is taken back."""
        opened, self.connection = self.connection, None
        if opened is not None:
            with suppress(sqlite3.Error):
                opened.close()


class _Postgres:
    """A server, which machines share. Its clock is that of all."""

    def __init__(self, url: str) -> None:
        try:
            import psycopg
        except ImportError as error:
            raise ConfigError("a database of Postgres needs its driver: pip install 'kie[postgres]'") from error
        self.errors = (psycopg.Error,)
        self.url = re.sub(r"^postgres(ql)?(\+\w+)?:", "postgresql:", url)
        self.connection: psycopg.Connection[Row] | None = None

    @contextmanager
    def begun(self, lock: str) -> Iterator[None]:
        """A transaction that has the lock of that name. A connection that broke meanwhile is made anew."""
        import psycopg

        number = int.from_bytes(hashlib.sha256(f"kie:{lock}".encode()).digest()[:8], "big", signed=True)
        for again in (self.connection is not None, False):
            try:
                self.opened().execute("SELECT pg_advisory_xact_lock(%s)", (number,))
                break
            except psycopg.OperationalError:
                broken = self.connection is None or self.connection.closed
                self.close()
                if not (again and broken):
                    raise
        yield
        self.opened().commit()

    def opened(self) -> psycopg.Connection[Row]:
        """The connection, which is made when it is first needed."""
        if self.connection is None:
            import psycopg

            settings = f"-c lock_timeout={PATIENCE}s -c statement_timeout={PATIENCE}s"
            self.connection = psycopg.connect(
                self.url, connect_timeout=PATIENCE, options=settings, application_name="kie"
            )
        return self.connection

    def execute(self, statement: str, *values: Value) -> list[Row]:
        done = self.opened().execute(statement.replace("?", "%s").encode(), values)
        return done.fetchall() if done.description is not None else []

    def now(self) -> float:
        return float(str(self.execute("SELECT extract(epoch FROM clock_timestamp())")[0][0]))

    def close(self) -> None:
        """Close it; what was not kept is taken back."""
        opened, self.connection = self.connection, None
        if opened is not None:
            opened.close()


_OPENED: dict[str, Database] = {}
_OPENING = threading.Lock()


@atexit.register
def _close_all() -> None:
    for opened in _OPENED.values():
        opened.close()


def database(url: str) -> Database:
    """The database of a URL: the same one for each use in a process, with one connection.

    Raises:
        ConfigError: See `Database`.
    """
    with _OPENING:
        if url not in _OPENED:
            _OPENED[url] = Database(url)
        return _OPENED[url]


def _server(url: str) -> _Sqlite | _Postgres:
    scheme, _, rest = url.partition("://")
    if re.fullmatch(r"postgres(ql)?(\+psycopg)?", scheme) and rest:
        return _Postgres(url)
    if scheme == "sqlite" and rest.startswith("/"):
        name = rest.removeprefix("/").partition("?")[0]
        if name and not name.startswith(":") and not Path(name).is_dir():
            return _Sqlite(Path(name))
        raise ConfigError(f"{url!r} names no file, which several processes could share: give {_FORMS}")
    raise ConfigError(f"{shown_url(url)!r} is not the URL of a database: give {_FORMS}")


def shown_url(url: str) -> str:
    """A URL without what nobody is to read: user, password and parameters."""
    if url.startswith("sqlite:"):
        return url.partition("?")[0]
    with suppress(ValueError):
        parts = urlsplit(url)
        return f"{parts.scheme}://{parts.netloc.rpartition('@')[2]}{parts.path}" if parts.netloc else "…"
    return "…"


def _said(error: BaseException, url: str) -> str:
    """What a driver says, in a line, without what it quotes of the URL."""
    text = getattr(error, "strerror", None) or str(error)
    with suppress(ValueError):
        for secret in (url, urlsplit(url).netloc.rpartition("@")[0], urlsplit(url).password):
            text = text.replace(secret, "…") if secret else text
    return re.sub(r"\s+", " ", text).strip()[:300] or type(error).__name__
