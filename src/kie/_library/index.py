"""Library: the index of runs, in SQLite. It can be deleted: `run.json` beside the files is the truth. May import
`_core`, `_io`."""

from __future__ import annotations

import json
import os
import sqlite3
import threading
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from functools import lru_cache
from itertools import chain
from pathlib import Path
from typing import Any

import attrs

from kie._core.json import JSONObject
from kie._io.forks import renewed_after_fork
from kie._io.replacing import replace
from kie._library.hiding import without_query
from kie._library.words import collect_texts, folded

VERSION = 1
"""The version of the tables."""

_TABLES = (
    """CREATE TABLE runs (
        key INTEGER PRIMARY KEY, id TEXT NOT NULL, path TEXT NOT NULL, stamp TEXT NOT NULL, at INTEGER NOT NULL,
        model TEXT NOT NULL, state TEXT NOT NULL, label TEXT, simulated INTEGER NOT NULL, unsaved INTEGER NOT NULL,
        words TEXT NOT NULL
    )""",
    "CREATE TABLE facts (name TEXT, value TEXT, key INTEGER, PRIMARY KEY (name, value, key)) WITHOUT ROWID",
    "CREATE TABLE documents (key INTEGER PRIMARY KEY, document TEXT NOT NULL)",
    "CREATE TABLE pending (id TEXT PRIMARY KEY, path TEXT NOT NULL) WITHOUT ROWID",
)
_INDEXES = (
    "CREATE UNIQUE INDEX runs_id ON runs (id)",
    "CREATE INDEX runs_newest ON runs (at, key)",
    f"PRAGMA user_version={VERSION}",
)

_NETWORK = frozenset("nfs nfs4 cifs smb3 smbfs smb2 9p afs ceph fuse.sshfs fuse.rclone ncpfs glusterfs lustre".split())


class Unusable(Exception):
    """The file of the index cannot be used."""


class Missing(Unusable):
    """There is no file of the index."""


class Unwritable(Unusable):
    """The folder can only be read."""


class Damaged(Unusable):
    """The file of the index is not one, or its content is damaged."""


class Newer(Unusable):
    """The file of the index was written by a newer version."""


@attrs.frozen(kw_only=True)
class Entry:
    """What the index takes up of a run."""

    path: str
    """The run's folder, below the root, with `/`."""
    stamp: str
    """Time and size of its `run.json`."""
    document: JSONObject
    """What stands in it."""
    content: str
    """The same as text."""


def micros(at: datetime) -> int:
    """Microseconds since 1970."""
    aware = at.replace(tzinfo=UTC) if at.tzinfo is None else at
    return round((aware - datetime(1970, 1, 1, tzinfo=UTC)).total_seconds() * 1_000_000)


@lru_cache(maxsize=512)
def _kind_of(model: str) -> str | None:
    """What a model makes, as the catalog says."""
    from kie import catalog

    found = catalog.find(model)
    kind = None if found is None else {"music": "audio"}.get(found.kind, found.kind)
    return kind if kind in ("image", "video", "audio") else None


as_fact = json.JSONEncoder(sort_keys=True).encode
"""A JSON value as what it is found by."""


def facts_of(document: Mapping[str, Any]) -> set[tuple[str, str]]:
    """What a run is found by besides its columns: name and value. The document fits the schema."""
    outputs = document.get("outputs") or ()
    kinds = {each.get("kind") or "file" for each in outputs} or {_kind_of(document["model"]) or ""}
    found = {("kind", kind) for kind in kinds if kind}
    for name, key in (("tag", "tags"), ("parent", "parents")):
        for value in document.get(key) or ():
            found.add((name, value))
    for each in outputs:
        if digest := each.get("sha256"):
            found.add(("sha256", digest))
        if url := each.get("url"):
            found.add(("url", without_query(url)))
    for name, value in (document.get("source") or {}).items():
        found.add((f"source.{name}", as_fact(value)))
    return found


def _words(document: Mapping[str, Any]) -> str:
    keys = ("prompts", "request", "label", "tags", "source", "model")
    texts: dict[str, None] = {}
    for key in keys:
        if (value := document.get(key)) is not None:
            collect_texts(value, texts)
    return folded("\n".join(texts))


def _unsaved(document: Mapping[str, Any]) -> bool:
    if document["state"] == "succeeded":
        return any(each.get("name") is None for each in document.get("outputs") or ())
    return bool(document["state"] == "open")


class Index:
    """A file of SQLite, or a database in memory. Thread-safe; a forked child opens it again.

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
        """Leave the connection to the parent: SQLite must not use it in a child, and not close it either."""
        self._lock = threading.RLock()
        if self._database is not None and self.path is not None:
            self._left.append(self._database)
            self._database = None

    def open(self) -> sqlite3.Connection:
        """Open it, if it is not open, or its file was replaced. Raises `Unusable`, `Missing`."""
        with self._lock:
            if self._database is not None:
                if self.path is None or self._origin == _origin(self.path):
                    return self._database
                self.close()
            if self.path is None:
                self._database = self._connected(":memory:", self._make)
            elif (origin := _origin(self.path)) is None:
                raise Missing(f"{self.path} is not there")
            else:
                self._database, self._origin = self._connected(self.path, self._check), origin
            return self._database

    def build(self, entries: Iterable[Entry], temporary: Path) -> None:
        """Make the file from nothing, whole or not at all, in the place of any other. Raises `Unusable`, `OSError`.

        Args:
            entries: The runs.
            temporary: Where it is until it is whole.
        """
        if self.path is None:
            raise Unusable("it has no file")
        os.close(os.open(temporary, os.O_CREAT | os.O_EXCL | os.O_RDWR, 0o600))
        try:
            database = self._connected(temporary, self._make)
            try:
                with _named():
                    database.execute("PRAGMA journal_mode=OFF")
                    database.execute("BEGIN")
                    _put(database, entries, fresh=True)
                    database.execute("COMMIT")
            finally:
                database.close()
            with self._lock:
                self.close()
                for rest in ("-wal", "-shm"):
                    Path(f"{self.path}{rest}").unlink(missing_ok=True)
                replace(str(temporary), self.path)
        finally:
            temporary.unlink(missing_ok=True)

    @staticmethod
    def _connected(target: Path | str, prepare: Callable[[sqlite3.Connection], None]) -> sqlite3.Connection:
        with _named():
            database = sqlite3.connect(target, timeout=20, isolation_level=None, check_same_thread=False)
            try:
                database.execute("PRAGMA cache_size=-16000")
                prepare(database)
            except BaseException:
                database.close()
                raise
            return database

    @staticmethod
    def _make(database: sqlite3.Connection) -> None:
        for statement in (*_TABLES, *_INDEXES):
            database.execute(statement)

    def _check(self, database: sqlite3.Connection) -> None:
        version = database.execute("PRAGMA user_version").fetchone()[0]
        if version > VERSION:
            raise Newer(f"it was written by a newer version of kie (tables {version}; this one knows {VERSION})")
        if version < VERSION:
            raise Damaged("it has no tables")
        if not on_network(str(self.path)):
            database.execute("PRAGMA journal_mode=WAL")
        database.execute("PRAGMA synchronous=NORMAL")
        for table in ("runs", "facts", "documents", "pending"):
            database.execute(f"SELECT 1 FROM {table} LIMIT 1").fetchone()  # noqa: S608

    def close(self) -> None:
        """Close it. It opens again when it is used."""
        with self._lock:
            if self._database is not None:
                self._database.close()
                self._database = None

    @contextmanager
    def _writing(self) -> Iterator[sqlite3.Connection]:
        with self._lock:
            database = self.open()
            with _named():
                database.execute("BEGIN IMMEDIATE")
                try:
                    yield database
                    database.execute("COMMIT")
                except BaseException:
                    with suppress(sqlite3.Error):
                        database.execute("ROLLBACK")
                    raise

    def rows(self, sql: str, values: Sequence[object] = ()) -> list[tuple[Any, ...]]:
        """Ask something. Raises `Unusable`."""
        with self._lock:
            database = self.open()
            with _named():
                return database.execute(sql, values).fetchall()

    def announce(self, id: str, path: str) -> None:
        """Note that a run is about to be written: whoever finds the note later reads its `run.json`."""
        with self._writing() as database:
            database.execute("INSERT OR REPLACE INTO pending VALUES (?, ?)", (id, path))

    def put(self, entries: Iterable[Entry]) -> None:
        """Take up runs as they stand in their `run.json`, all or none. Raises `Unusable`."""
        with self._writing() as database:
            _put(database, entries)

    def forget(self, paths: Iterable[str]) -> None:
        """Take out the runs of folders that are gone. Raises `Unusable`."""
        with self._writing() as database:
            for path in paths:
                for (key,) in database.execute("SELECT key FROM runs WHERE path = ?", (path,)).fetchall():
                    _remove(database, key)
                database.execute("DELETE FROM pending WHERE path = ?", (path,))

    def stamps(self) -> dict[str, str]:
        """Time and size of each `run.json` as they were when it was read, by its folder. Raises `Unusable`."""
        return dict(self.rows("SELECT path, stamp FROM runs"))

    def pending(self) -> list[str]:
        """The folders of the runs that somebody announced and did not put. Raises `Unusable`."""
        return [path for (path,) in self.rows("SELECT path FROM pending")]


@contextmanager
def _named() -> Iterator[None]:
    """Faults of SQLite by what follows from them."""
    try:
        yield
    except (sqlite3.OperationalError, sqlite3.InterfaceError, OSError, ValueError) as error:
        if isinstance(error, sqlite3.OperationalError) and "no such" in str(error):
            raise Damaged(str(error)) from error
        raise Unusable(str(error)) from error
    except sqlite3.Error as error:
        raise Damaged(str(error)) from error


def _origin(path: Path) -> tuple[int, int] | None:
    try:
        found = os.stat(path)
    except FileNotFoundError:
        return None
    except (OSError, ValueError) as error:
        raise Unusable(str(error)) from error
    return found.st_dev, found.st_ino


def _remove(database: sqlite3.Connection, key: int) -> None:
    for (document,) in database.execute("SELECT document FROM documents WHERE key = ?", (key,)).fetchall():
        gone = [(name, value, key) for name, value in facts_of(json.loads(document))]
        database.executemany("DELETE FROM facts WHERE name = ? AND value = ? AND key = ?", gone)
    database.execute("DELETE FROM runs WHERE key = ?", (key,))
    database.execute("DELETE FROM documents WHERE key = ?", (key,))


def _put(database: sqlite3.Connection, entries: Iterable[Entry], *, fresh: bool = False) -> None:
    """Take up runs, each entry at a time: the documents of a whole library are not held."""
    key = database.execute("SELECT coalesce(max(key), 0) FROM runs").fetchone()[0]
    runs: dict[str, tuple[object, ...]] = {}
    documents: dict[str, tuple[int, str]] = {}
    facts: dict[str, list[tuple[str, str, int]]] = {}
    paths: list[tuple[str]] = []
    for entry in entries:
        document = entry.document
        own = str(document["id"])
        for (former,) in () if fresh else database.execute("SELECT key FROM runs WHERE id = ?", (own,)).fetchall():
            _remove(database, former)
        key += 1
        runs[own] = (
            key,
            own,
            entry.path,
            entry.stamp,
            micros(datetime.fromisoformat(str(document["submitted_at"]))),
            document["model"],
            document["state"],
            document.get("label"),
            bool(document.get("simulated")),
            _unsaved(document),
            _words(document),
        )
        facts[own] = [(name, value, key) for name, value in facts_of(document)]
        documents[own] = (key, entry.content)
        paths.append((entry.path,))
    database.executemany("INSERT INTO runs VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)", runs.values())
    database.executemany("INSERT INTO facts VALUES (?, ?, ?)", sorted(chain.from_iterable(facts.values())))
    database.executemany("INSERT INTO documents VALUES (?, ?)", documents.values())
    if not fresh:
        database.executemany("DELETE FROM pending WHERE path = ?", paths)


def on_network(path: str) -> bool:
    """Whether a file lies on a network drive, as far as this system says: write-ahead logs need shared memory."""
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
