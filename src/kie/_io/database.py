"""IO: a database that processes share: SQLite for those of one machine, Postgres for many. May import `_core`.

Each use is one short transaction. A named lock keeps out other transactions with the same name.
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
from typing import TYPE_CHECKING, Any, Protocol, TypeAlias
from urllib.parse import parse_qs, unquote, urlsplit

from kie._core.errors import ConfigError
from kie._io.forks import renewed_after_fork
from kie._io.secrets import Secret
from kie._io.unusable import Unusable

if TYPE_CHECKING:
    import psycopg

PATIENCE = 30
"""The longest time, in seconds, that a transaction waits for other transactions."""
ABSENCE = 15
"""Seconds for which a transaction waits for a server that has become unavailable, for example because it restarts."""
AGAIN = 0.2
"""Seconds between attempts to reach an unavailable server."""
CONNECT_ARGS: dict[str, Any] = {
    "connect_timeout": PATIENCE,
    "prepare_threshold": None,
    "client_encoding": "utf8",
    "keepalives_idle": 10,
    "keepalives_interval": 5,
    "keepalives_count": 4,
    "tcp_user_timeout": 1000 * PATIENCE,
}
"""How to connect to Postgres. Statements are not prepared, because a pool before the server may give each transaction
another connection. A database of the locale C (SQL_ASCII) would give its text as bytes. The rest is how a connection
notices that the host of its server has gone."""
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
    """A transaction in progress. It is committed at the end of its block, or rolled back if the block raises."""

    def execute(self, statement: str, *values: Value) -> list[Row]:
        """Execute a statement with `?` placeholders. Returns its rows."""
        ...

    def now(self) -> float:
        """Seconds since 1970, by a clock that is the same for all users of the database."""
        ...


class Database:
    """A database by its URL. Threads may share it; after a fork, the child connects again.

    Args:
        url: `sqlite:///PATH` (four slashes for an absolute path), or `postgresql://…`.
        option: The option that the URL comes from, for error messages.

    Raises:
        ConfigError: The URL names no database that can be shared, or the driver of Postgres is not installed.
    """

    def __init__(self, url: str | Secret, option: str = "url") -> None:
        self.url = url = url if isinstance(url, Secret) else Secret(url)  # so that no frame of an error shows it
        self.named = shown_url(url.reveal())
        kind = _kind(url.reveal())
        if isinstance(kind, str):
            raise ConfigError(f"{option} {kind}")
        self._server: _Sqlite | _Postgres = kind(url)
        self._lock = threading.RLock()
        self._ready = False
        self._foreign: list[object] = []
        renewed_after_fork(self)

    def renew(self) -> None:
        """Forget the parent's connection after a fork. Closing it here would end it there."""
        self._lock = threading.RLock()
        self._foreign.append(self._server.connection)
        self._server.connection = None

    @property
    def path(self) -> Path | None:
        """The database's file; None for a server."""
        return self._server.path if isinstance(self._server, _Sqlite) else None

    def is_back_soon(self, error: BaseException) -> bool:
        """Whether an error means that a server which was available is not now, so that waiting makes sense."""
        return self._ready and self._server.is_gone(error)

    @property
    def portable(self) -> bool:
        """Whether its URL may be stored, because it contains no password."""
        return not shows_password(self.url.reveal())

    @contextmanager
    def transaction(self, lock: str, *, patient: bool = True) -> Iterator[Transaction]:
        """Run a transaction while no other one with the same lock runs, in any process.

        Args:
            lock: The name of the lock.
            patient: Wait up to `ABSENCE` seconds for a server that has become unavailable.

        Raises:
            ConfigError: The database cannot be used. The transaction is rolled back.
        """
        until = time.monotonic() + (ABSENCE if patient and self._ready else 0)
        server, ours, fault = self._server, self._lock, ""
        while not fault:
            held = list[bool]()
            try:
                # one step of Python's own: Ctrl-C may come between a call and the assignment of its answer
                held.extend(map(ours.acquire, (True,), (PATIENCE,)))
                if True not in held:  # the others wait, too: so a lock of another process is not waited for one by one
                    fault = f"the database {self.named} cannot be used: other threads have waited for it for too long"
                elif self._begin(lock, until):  # in this block, because Ctrl-C may come between any two steps
                    yield server
                    server.commit()
                    return
            except BaseException as error:
                if True in held:
                    server.close()
                if not isinstance(error, server.errors):
                    raise
                fault = self._said(error)
            finally:
                if True in held:
                    ours.release()
            if not fault:
                time.sleep(AGAIN)
        raise Unusable(fault)  # raised outside the block, because the driver's frames show the URL

    def _begin(self, lock: str, until: float) -> bool:
        """Begin a transaction. Returns False if the server is unavailable but may be back soon."""
        server = self._server
        try:
            if not self._ready:
                self._prepare()
            server.begin(lock)
            return True
        except server.errors as error:
            server.close()
            if server.is_gone(error) and time.monotonic() < until:
                return False
            raise

    def _said(self, error: BaseException) -> str:
        return f"the database {self.named} cannot be used: {said(error, self.url.reveal())}"

    def close(self) -> None:
        """Close the connection. The next transaction opens a new one."""
        with self._lock:
            self._server.close()

    def _prepare(self) -> None:
        server = self._server
        server.begin("tables")
        for table in _TABLES:
            server.execute(table)
        found = server.execute("SELECT version FROM kie_version")
        if not found:
            server.execute("INSERT INTO kie_version VALUES (?)", VERSION)
        elif str(found[0][0]) != str(VERSION):
            raise ConfigError(
                f"the database {self.named} has tables of version {found[0][0]}, but this kie needs version {VERSION}: "
                "update kie, or name another database"
            )
        server.commit()
        self._ready = True

    def __repr__(self) -> str:
        return f"<Database {self.named}>"


class _Sqlite:
    """A file that the processes of one machine share."""

    errors = (sqlite3.Error, OSError)

    def __init__(self, url: Secret) -> None:
        self.path = Path(url.reveal().removeprefix("sqlite:///").partition("?")[0])
        self.connection: sqlite3.Connection | None = None

    def begin(self, lock: str) -> None:
        """Begin a transaction. Only one runs at a time, whatever the name of its lock."""
        self.opened().execute("BEGIN IMMEDIATE")

    def commit(self) -> None:
        """Keep what was done."""
        self.opened().execute("COMMIT")

    def is_gone(self, error: BaseException) -> bool:
        """Whether it is temporarily unavailable. A file never is."""
        return False

    def opened(self) -> sqlite3.Connection:
        """The connection, which is made when it is first needed."""
        if self.connection is None:
            os.close(os.open(self.path, os.O_CREAT | os.O_RDWR, 0o600))
            found = sqlite3.connect(self.path, timeout=PATIENCE, isolation_level=None, check_same_thread=False)
            self.connection = found
            with suppress(sqlite3.OperationalError):  # not supported by some file systems, which makes all slower
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
    """A server that machines share. They all use its clock."""

    def __init__(self, url: Secret) -> None:
        try:
            import psycopg
        except ImportError as error:
            raise ConfigError("a database of Postgres needs its driver: pip install 'kie[postgres]'") from error
        self.errors = (psycopg.Error,)
        self.absence = psycopg.OperationalError
        self.url = url
        self.connection: psycopg.Connection[Row] | None = None

    def begin(self, lock: str) -> None:
        """Begin a transaction that holds the lock of that name. A broken connection is replaced."""
        import psycopg

        number = int.from_bytes(hashlib.sha256(f"kie:{lock}".encode()).digest()[:8], "big", signed=True)
        # for this transaction only: a pool before the server (PgBouncer) does not keep settings of connections
        limits = "".join(f"SET LOCAL {name}_timeout = '{PATIENCE}s'; " for name in ("lock", "statement"))
        for again in (self.connection is not None, False):
            try:
                self.opened().execute(f"{limits}SELECT pg_advisory_xact_lock({number})".encode())
                return
            except psycopg.OperationalError:
                broken = self.connection is None or self.connection.closed
                self.close()
                if not (again and broken):
                    raise

    def commit(self) -> None:
        """Keep what was done."""
        self.opened().commit()

    def is_gone(self, error: BaseException) -> bool:
        """Whether the server is temporarily unavailable: it was stopped, or is starting."""
        state = getattr(error, "sqlstate", None)
        return isinstance(error, self.absence) and (state is None or str(state).startswith(("08", "57P")))

    def opened(self) -> psycopg.Connection[Row]:
        """The connection, which is made when it is first needed."""
        if self.connection is None:
            import psycopg

            url = Secret(re.sub(r"^postgres(ql)?(\+\w+)?:", "postgresql:", self.url.reveal()))
            self.connection = psycopg.connect(url.reveal(), **CONNECT_ARGS, application_name="kie")
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


def database(url: str | Secret, option: str = "url") -> Database:
    """Get the database of a URL. All uses in a process share it and its connection.

    Args:
        url: The URL.
        option: The option that the URL comes from, for error messages.

    Raises:
        ConfigError: See `Database`.
    """
    url = url if isinstance(url, Secret) else Secret(url)
    with _OPENING:
        found = _OPENED.get(url.reveal())
        if found is None:
            found = _OPENED[url.reveal()] = Database(url, option)
        return found


def _kind(url: str) -> type[_Sqlite | _Postgres] | str:
    """The class for a URL, else a message on what is wrong. It raises nothing, as a frame here would show the URL."""
    scheme, _, rest = url.partition("://")
    if re.fullmatch(r"postgres(ql)?(\+psycopg)?", scheme) and rest:
        return _Postgres
    if scheme == "sqlite" and rest.startswith("/"):
        name = rest.removeprefix("/").partition("?")[0]
        if name and "\0" not in name and not name.startswith(":") and not Path(name).is_dir():
            return _Sqlite
        return f"{url!r} names no file that several processes could share: give {_FORMS}"
    return f"{shown_url(url)!r} is not the URL of a database: give {_FORMS}"


def shows_password(url: str) -> bool:
    """Whether a URL contains a password, or cannot be parsed."""
    with suppress(ValueError):
        urlsplit(url)  # a URL that cannot be parsed may contain one
        return bool(_secrets_of(url))
    return True


def _secrets_of(url: str) -> list[str]:
    """The secret parts of a URL, the longest first: passwords as they were typed, and decoded.

    `/`, `?`, `#` and `@` in a password have to be escaped. If they are not, the driver reads the text between them as a
    host, a port or a path, and quotes it.
    """
    user = url.partition("://")[2].rpartition("@")[0]
    typed = user.partition(":")[2]
    query = parse_qs(url.partition("?")[2])
    found = {typed, user if typed else "", *query.get("password", ()), *query.get("sslpassword", ())}
    if typed:
        found.update(piece for piece in re.split(r"[/?#@:]", typed) if len(piece) > 1)
    found |= {unquote(each) for each in found}
    return sorted(filter(None, found), key=len, reverse=True)


def shown_url(url: str) -> str:
    """A URL without its secret parts: user, password and parameters."""
    if url.startswith("sqlite:"):
        return url.partition("?")[0]
    scheme, _, rest = url.partition("://")
    user, _, place = rest.rpartition("@")
    place = re.split("[?#]", place)[0]
    # an @ after a question mark may belong to a password, or to a parameter
    return f"{scheme}://{place}" if place and "?" not in user and re.fullmatch(r"[a-z+]+", scheme) else "…"


def said(error: BaseException, url: str) -> str:
    """The message of a driver on one line, without any parts of the URL."""
    server = getattr(getattr(error, "diag", None), "message_primary", None)  # it does not contain the statement
    text = server or getattr(error, "strerror", None) or str(error)
    for secret in (url, url.partition("://")[2], *_secrets_of(url)):
        text = text.replace(secret, "…") if secret else text
    return re.sub(r"\s+", " ", text).strip()[:300] or type(error).__name__
