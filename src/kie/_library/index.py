"""Library: the index of runs, in SQLite. It can be deleted: the `run.json` files are the source of truth. May import
`_core`, `_io`."""

from __future__ import annotations

import json
import os
import sqlite3
import threading
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from datetime import datetime
from pathlib import Path
from typing import Any

import attrs

from kie._core.json import JSONObject, well_formed
from kie._io.forks import renewed_after_fork
from kie._io.replacing import replace
from kie._library.index_rows import links, micros, row

VERSION = 3
"""The version of the tables."""

_TABLES = (
    """CREATE TABLE runs (
        key INTEGER PRIMARY KEY, id TEXT NOT NULL, path TEXT NOT NULL, stamp TEXT NOT NULL, at INTEGER NOT NULL,
        model TEXT NOT NULL, state TEXT NOT NULL, label TEXT, simulated INTEGER NOT NULL, unsaved INTEGER NOT NULL,
        credits TEXT, at_least TEXT, at_most TEXT, facts TEXT NOT NULL, words TEXT NOT NULL
    )""",
    "CREATE TABLE links (name TEXT, value TEXT, key INTEGER, PRIMARY KEY (name, value, key)) WITHOUT ROWID",
    "CREATE TABLE documents (key INTEGER PRIMARY KEY, document TEXT NOT NULL)",
    "CREATE UNIQUE INDEX runs_id ON runs (id)",
)
"""`facts` and `words` are short because they are read for many runs at once; `links` has what runs are looked up by.
Amounts are texts, as SQLite has no decimals."""
_INDEXES = (
    "CREATE INDEX runs_newest ON runs (at, key)",
    f"PRAGMA user_version={VERSION}",
)
_COLUMNS = "id path stamp at model state label simulated unsaved credits at_least at_most facts words".split()
_TAKE_UP = (
    f"INSERT INTO runs (key, {', '.join(_COLUMNS)}) VALUES (?{', ?' * len(_COLUMNS)}) ON CONFLICT (key) DO UPDATE SET "  # noqa: S608
    + ", ".join(f"{name} = excluded.{name}" for name in _COLUMNS)
)
PATIENCE = 5.0
"""How many seconds to wait for a program that has locked the file. Ours lock it for milliseconds."""
_LOCKED = frozenset([sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED])
_DAMAGE = ("no such", "decode")
"""What SQLite says if tables are missing, or a text is not UTF-8."""
_AT_ONCE = 500
"""The most runs whose rows are held in memory while many are indexed."""

_NETWORK = frozenset("nfs nfs4 cifs smb3 smbfs smb2 9p afs ceph fuse.sshfs fuse.rclone ncpfs glusterfs lustre".split())


class BadIndex(Exception):
    """The index file cannot be used."""


class Missing(BadIndex):
    """There is no index file."""


class Unwritable(BadIndex):
    """The folder is read-only."""


class Damaged(BadIndex):
    """The file is not an index, or its content is damaged."""


class Newer(BadIndex):
    """The index file was written by a newer version."""


@attrs.frozen(kw_only=True)
class IndexEntry:
    """What the index needs to know of a run."""

    path: str
    """The run's folder, below the root, with `/`."""
    stamp: str
    """The modification time and size of its `run.json`."""
    document: JSONObject
    """The content of its `run.json`."""
    content: str
    """The same content as text."""


class Index:
    """The index: an SQLite file, or a database in memory. Thread-safe; a forked child opens it again.

    Args:
        path: The file; None for one in memory.
    """

    def __init__(self, path: Path | None) -> None:
        self.path = path
        self._lock = threading.RLock()
        self._database: sqlite3.Connection | None = None
        self._origin: tuple[int, int] | None = None
        self._left: list[sqlite3.Connection] = []
        renewed_after_fork(self)

    def renew(self) -> None:
        """Leave the connection to the parent: a forked child must neither use nor close it."""
        self._lock = threading.RLock()
        if self._database is not None and self.path is not None:
            self._left.append(self._database)
            self._database = None

    def open(self) -> sqlite3.Connection:
        """Open the index, unless it is open and its file was not replaced. Raises `BadIndex`, `Missing`."""
        with self._lock:
            if self._database is not None:
                if self.path is None or self._origin == _origin(self.path):
                    return self._database
                self.close()
            if self.path is None:
                self._database = self._connected(":memory:", self._make)
            elif (origin := _origin(self.path)) is None:
                raise Missing(f"{self.path} does not exist")
            else:
                self._database, self._origin = self._connected(self.path, self._check), origin
            return self._database

    def build(self, entries: Iterable[IndexEntry], temporary: Path) -> None:
        """Build the file from scratch and replace any other one. It is complete or not there at all. Raises `BadIndex`,
        `OSError`.

        Args:
            entries: The runs.
            temporary: The path of the file until it is complete.
        """
        if self.path is None:
            raise BadIndex("it has no file")
        os.close(os.open(temporary, os.O_CREAT | os.O_EXCL | os.O_RDWR, 0o600))
        try:
            database = self._connected(temporary, self._tables)
            try:
                with _named():
                    database.execute("PRAGMA journal_mode=OFF")
                    database.execute("PRAGMA synchronous=OFF")
                    database.execute("BEGIN")
                    _put(database, entries, fresh=True, first=True)
                    for statement in _INDEXES:  # making these after the rows takes less time
                        database.execute(statement)
                    database.execute("COMMIT")
                    self._keep_log(database)  # later it could be locked, if several processes open it at once
            finally:
                database.close()
            with self._lock:
                self._complete()
                self.close()
                for rest in ("-wal", "-shm"):
                    Path(f"{self.path}{rest}").unlink(missing_ok=True)
                replace(str(temporary), self.path)
        finally:
            temporary.unlink(missing_ok=True)

    def _complete(self) -> None:
        """Move what is only in the log into the file: another process may open it without the log, or this one be
        killed, before the new file is in its place."""
        with suppress(BadIndex), _named():  # a damaged file does not matter
            self.open().execute("PRAGMA wal_checkpoint")

    @staticmethod
    def _connected(target: Path | str, prepare: Callable[[sqlite3.Connection], None]) -> sqlite3.Connection:
        with _named():
            database = sqlite3.connect(target, timeout=PATIENCE, isolation_level=None, check_same_thread=False)
            try:
                database.execute("PRAGMA cache_size=-16000")
                prepare(database)
            except BaseException:
                database.close()
                raise
            return database

    @staticmethod
    def _tables(database: sqlite3.Connection) -> None:
        database.execute("PRAGMA page_size=2048")  # indexing a run touches a handful of pages
        for statement in _TABLES:
            database.execute(statement)

    @classmethod
    def _make(cls, database: sqlite3.Connection) -> None:
        cls._tables(database)
        for statement in _INDEXES:
            database.execute(statement)

    def _check(self, database: sqlite3.Connection) -> None:
        version = database.execute("PRAGMA user_version").fetchone()[0]
        if version > VERSION:
            raise Newer(f"it was written by a newer version of kie (tables {version}; this one knows {VERSION})")
        if version < VERSION:
            raise Damaged("it has no tables")
        self._keep_log(database)
        database.execute("PRAGMA synchronous=NORMAL")
        for table in ("runs", "links", "documents"):
            database.execute(f"SELECT 1 FROM {table} LIMIT 1").fetchone()  # noqa: S608

    def _keep_log(self, database: sqlite3.Connection) -> None:
        if not on_network(str(self.path)):
            database.execute("PRAGMA journal_mode=WAL")
            database.execute("PRAGMA wal_autocheckpoint=4000")

    def close(self) -> None:
        """Close the index. The next use opens it again."""
        with self._lock:
            if self._database is not None:
                self._database.close()
                self._database = None

    @contextmanager
    def _writing(self) -> Iterator[sqlite3.Connection]:
        with self._lock:
            database = self.open()
            with _named():
                try:  # from before it begins: Ctrl-C may come between any two steps
                    database.execute("BEGIN IMMEDIATE")
                    yield database
                    database.execute("COMMIT")
                except BaseException:
                    with suppress(sqlite3.Error):
                        database.execute("ROLLBACK")
                    raise

    def rows(self, sql: str, values: Sequence[object] = ()) -> list[tuple[Any, ...]]:
        """Run a query. Raises `BadIndex`."""
        bound = [well_formed(value) if isinstance(value, str) else value for value in values]
        with self._lock:
            database = self.open()
            with _named():
                return database.execute(sql, bound).fetchall()

    def put(self, entries: Iterable[IndexEntry], *, first: bool = False) -> int:
        """Index runs from the content of their `run.json`, all or none. Returns their number. Raises `BadIndex`.

        Args:
            entries: The runs, in the order of their paths.
            first: Whether the first of two folders with the same run counts, instead of the one added last.
        """
        with self._writing() as database:
            return _put(database, entries, fresh=False, first=first)

    def forget(self, paths: Iterable[str]) -> None:
        """Remove the runs of folders that are gone. Raises `BadIndex`."""
        with self._writing() as database:
            for path in paths:
                found = database.execute(f"{_FORMER} path = ?", (path,)).fetchall()
                for key, _, document in found:
                    _unlink(database, key, document)
                    for table in ("runs", "documents"):
                        database.execute(f"DELETE FROM {table} WHERE key = ?", (key,))  # noqa: S608

    def stamps(self) -> dict[str, str]:
        """The modification time and size that each `run.json` had when it was read, by folder. Raises `BadIndex`."""
        return dict(self.rows("SELECT path, stamp FROM runs"))


@contextmanager
def _named() -> Iterator[None]:
    """Turn an error of SQLite into the error that says what to do about it."""
    try:
        yield
    except (sqlite3.OperationalError, sqlite3.InterfaceError, OSError, ValueError) as error:
        if isinstance(error, sqlite3.OperationalError) and any(sign in str(error) for sign in _DAMAGE):
            raise Damaged(str(error)) from error
        if getattr(error, "sqlite_errorcode", 0) & 0xFF in _LOCKED:  # the rest of the code is the exact cause
            raise BadIndex(f"another program has had it locked for {PATIENCE:g} seconds") from error
        raise BadIndex(str(error)) from error
    except sqlite3.Error as error:
        raise Damaged(str(error)) from error


def _origin(path: Path) -> tuple[int, int] | None:
    try:
        found = os.stat(path)
    except FileNotFoundError:
        return None
    except (OSError, ValueError) as error:
        raise BadIndex(str(error)) from error
    return found.st_dev, found.st_ino


_FORMER = "SELECT key, path, document FROM runs JOIN documents USING (key) WHERE"


def _unlink(database: sqlite3.Connection, key: int, document: str) -> None:
    gone = [(*link, key) for link in links(json.loads(document))]
    database.executemany("DELETE FROM links WHERE name = ? AND value = ? AND key = ?", gone)


def _put(database: sqlite3.Connection, entries: Iterable[IndexEntry], *, fresh: bool, first: bool) -> int:
    """Index runs in batches, so that the documents of a whole library are never in memory. Returns their number."""
    batch = _Rows(database, fresh=fresh, first=first)
    for entry in entries:
        batch.add(entry)
    batch.write()
    return batch.count


class _Rows:
    """Rows that are written together. Documents are dropped with their rows: many live ones slow the garbage collector.

    Args:
        database: The database that they go to.
        fresh: Whether the database was empty.
        first: Whether the first of two folders with the same run counts, by path, instead of the one added last.
    """

    def __init__(self, database: sqlite3.Connection, *, fresh: bool, first: bool) -> None:
        self.database, self.fresh, self.first = database, fresh, first
        self.key = database.execute("SELECT coalesce(max(key), 0) FROM runs").fetchone()[0]
        self.count = 0
        self.seen = set[str]()
        self.runs: list[tuple[object, ...]] = []
        self.links: list[tuple[str, str, int]] = []
        self.documents: list[tuple[int, str]] = []

    def add(self, entry: IndexEntry) -> None:
        """Add the rows of a run."""
        document = entry.document
        name = str(document["id"])
        key = None
        if name in self.seen:
            if self.fresh:
                return
            self.write()
        if not self.fresh:
            for key, path, former in self.database.execute(f"{_FORMER} id = ?", (name,)).fetchall():
                if self.first and path < entry.path:
                    return
                _unlink(self.database, key, former)
        if key is None:
            self.key = key = self.key + 1
        self.count += 1
        self.seen.add(name)
        at = micros(datetime.fromisoformat(str(document["submitted_at"])))
        self.runs.append((key, name, entry.path, entry.stamp, at, *row(document)))
        self.links += [(*link, key) for link in links(document)]
        self.documents.append((key, entry.content))
        if len(self.runs) >= _AT_ONCE:
            self.write()

    def write(self) -> None:
        """Write the rows."""
        self.database.executemany(_TAKE_UP, self.runs)
        self.database.executemany("INSERT INTO links VALUES (?, ?, ?)", self.links)
        self.database.executemany("INSERT OR REPLACE INTO documents VALUES (?, ?)", self.documents)
        for rows in (self.runs, self.links, self.documents):
            rows.clear()


def on_network(path: str) -> bool:
    """Whether a file is on a network drive, as far as the system tells. Write-ahead logs need shared memory."""
    real = os.path.realpath(path)
    if os.name == "nt":
        return real.startswith("\\\\")
    best, kind = "", ""
    with suppress(OSError, ValueError), open("/proc/self/mounts", encoding="utf-8", errors="replace") as mounts:
        for line in mounts:
            _, place, system, *_ = line.split()
            place = place.replace("\\040", " ")
            if len(place) >= len(best) and (real + "/").startswith(place.rstrip("/") + "/"):
                best, kind = place, system
    return kind in _NETWORK
