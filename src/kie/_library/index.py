"""Library: the index of runs, in SQLite. It can be deleted: `run.json` beside the files is the truth. May import
`_core`, `_io`."""

from __future__ import annotations

import json
import os
import sqlite3
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from functools import lru_cache
from pathlib import Path
from typing import Any, TypeVar

import attrs

from kie._core.json import JSON, JSONObject
from kie._io.forks import renewed_after_fork
from kie._library.words import searched, texts_in

T = TypeVar("T")

VERSION = 1
"""The version of the tables."""

_TABLES = """
CREATE TABLE runs (
    key INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, path TEXT NOT NULL, stamp TEXT NOT NULL, at INTEGER NOT NULL,
    model TEXT NOT NULL, state TEXT NOT NULL, label TEXT, simulated INTEGER NOT NULL, unsaved INTEGER NOT NULL
);
CREATE INDEX runs_newest ON runs (at, key);
CREATE INDEX runs_model ON runs (model, at, key);
CREATE INDEX runs_path ON runs (path);
CREATE INDEX runs_unsaved ON runs (at, key) WHERE unsaved;
CREATE TABLE facts (name TEXT, value TEXT, key INTEGER, PRIMARY KEY (name, value, key)) WITHOUT ROWID;
CREATE INDEX facts_key ON facts (key);
CREATE TABLE words (key INTEGER PRIMARY KEY, words TEXT NOT NULL);
CREATE TABLE documents (key INTEGER PRIMARY KEY, document TEXT NOT NULL);
CREATE TABLE pending (id TEXT PRIMARY KEY, path TEXT NOT NULL) WITHOUT ROWID;
"""

_NETWORK = frozenset("nfs nfs4 cifs smb3 smbfs smb2 9p afs ceph fuse.sshfs fuse.rclone ncpfs glusterfs lustre".split())


class Unusable(Exception):
    """The file of the index cannot be used."""


class Newer(Unusable):
    """The file of the index was written by a newer version."""


@attrs.frozen(kw_only=True)
class Entry:
    """What the index holds of a run."""

    id: str
    path: str
    """The run's folder, below the root, with `/`."""
    stamp: str
    """Time and size of its `run.json`."""
    document: JSONObject


def stamp_of(stat: os.stat_result) -> str:
    """What tells whether a file changed."""
    return f"{stat.st_mtime_ns}:{stat.st_size}"


def micros(at: datetime) -> int:
    """Microseconds since 1970."""
    aware = at.replace(tzinfo=UTC) if at.tzinfo is None else at
    return round((aware - datetime(1970, 1, 1, tzinfo=UTC)).total_seconds() * 1_000_000)


@lru_cache(maxsize=512)
def _kind_of(model: str) -> str | None:
    """What a model makes, as the catalog says."""
    from kie import catalog

    found = catalog.find(model)
    return None if found is None else found.kind


def without_query(url: str) -> str:
    """A URL without its query and fragment."""
    return url.partition("#")[0].partition("?")[0]


def _items(document: Mapping[str, JSON], key: str) -> list[JSONObject]:
    value = document.get(key)
    return [each for each in value if isinstance(each, dict)] if isinstance(value, list) else []


def _texts(document: Mapping[str, JSON], key: str) -> list[str]:
    value = document.get(key)
    return [each for each in value if isinstance(each, str)] if isinstance(value, list) else []


def facts_of(document: Mapping[str, JSON]) -> set[tuple[str, str]]:
    """What a run is found by besides its columns: name and value."""
    outputs = _items(document, "outputs")
    kinds = {str(each.get("kind") or "file") for each in outputs} or {_kind_of(str(document["model"])) or ""}
    found = {("kind", kind) for kind in kinds if kind}
    found.update(("tag", tag) for tag in _texts(document, "tags"))
    found.update(("parent", parent) for parent in _texts(document, "parents"))
    for each in outputs:
        if isinstance(digest := each.get("sha256"), str):
            found.add(("sha256", digest))
        if isinstance(url := each.get("url"), str):
            found.add(("url", without_query(url)))
    source = document.get("source")
    if isinstance(source, dict):
        found.update((f"source.{name}", json.dumps(value, sort_keys=True)) for name, value in source.items())
    return found


def _words(document: Mapping[str, JSON]) -> str:
    keys = ("prompts", "request", "label", "tags", "source", "model")
    return searched(text for key in keys for text in texts_in(document.get(key)))


def _unsaved(document: Mapping[str, JSON]) -> bool:
    if document["state"] == "succeeded":
        return any(each.get("name") is None for each in _items(document, "outputs"))
    return document["state"] == "open"


class Index:
    """A file of SQLite, or a database in memory. Thread-safe; a forked child opens it again.

    Args:
        path: The file; None for one in memory.
    """

    def __init__(self, path: Path | None) -> None:
        self.path = path
        self._lock = threading.RLock()
        self._database: sqlite3.Connection | None = None
        self._left: list[sqlite3.Connection] = []
        renewed_after_fork(self)

    def renew(self) -> None:
        """Leave the connection to the parent: SQLite must not use it in a child, and not close it either."""
        self._lock = threading.RLock()
        if self._database is not None and self.path is not None:
            self._left.append(self._database)
            self._database = None

    def open(self) -> bool:
        """Open it, and make its tables if need be. Gives whether they are new. Raises `Unusable`."""
        with self._lock:
            if self._database is not None:
                return False
            database = None
            try:
                target = ":memory:" if self.path is None else str(self.path)
                if self.path is not None and not self.path.exists():
                    os.close(os.open(self.path, os.O_CREAT | os.O_RDWR, 0o600))
                database = sqlite3.connect(target, timeout=10, isolation_level=None, check_same_thread=False)
                new = self._prepare(database)
            except (sqlite3.Error, OSError, ValueError) as error:
                if database is not None:
                    database.close()
                raise Unusable(str(error)) from error
            except Unusable:
                if database is not None:
                    database.close()
                raise
            self._database = database
            return new

    def _prepare(self, database: sqlite3.Connection) -> bool:
        version = database.execute("PRAGMA user_version").fetchone()[0]
        if version > VERSION:
            raise Newer(f"it was written by a newer version of kie (tables {version}; this one knows {VERSION})")
        if self.path is not None:
            if not on_network(self.path):
                database.execute("PRAGMA journal_mode=WAL")
            database.execute("PRAGMA synchronous=NORMAL")
        database.execute("PRAGMA cache_size=-16000")
        database.execute("BEGIN IMMEDIATE")
        try:
            version = database.execute("PRAGMA user_version").fetchone()[0]
            if version == VERSION:
                database.execute("SELECT 1 FROM runs, facts, words, documents, pending LIMIT 1").fetchone()
                return False
            for statement in _TABLES.split(";")[:-1]:
                database.execute(statement)
            database.execute(f"PRAGMA user_version={VERSION}")
            return True
        finally:
            with suppress(sqlite3.Error):
                database.execute("COMMIT")

    def close(self) -> None:
        """Close it. It opens again when it is used."""
        with self._lock:
            if self._database is not None:
                self._database.close()
                self._database = None

    @contextmanager
    def _writing(self) -> Iterator[sqlite3.Connection]:
        with self._lock:
            self.open()
            database = self._database
            assert database is not None  # noqa: S101
            try:
                database.execute("BEGIN IMMEDIATE")
                try:
                    yield database
                except BaseException:
                    with suppress(sqlite3.Error):
                        database.execute("ROLLBACK")
                    raise
                database.execute("COMMIT")
            except sqlite3.Error as error:
                with suppress(sqlite3.Error):
                    database.execute("ROLLBACK")
                raise Unusable(str(error)) from error

    def _asked(self, question: Callable[[sqlite3.Connection], T]) -> T:
        with self._lock:
            self.open()
            database = self._database
            assert database is not None  # noqa: S101
            try:
                return question(database)
            except sqlite3.Error as error:
                raise Unusable(str(error)) from error

    def rows(self, sql: str, values: Sequence[object] = ()) -> list[tuple[Any, ...]]:
        """Ask something. Raises `Unusable`."""
        return self._asked(lambda database: database.execute(sql, values).fetchall())

    def announce(self, id: str, path: str) -> None:
        """Note that a run is about to be written: whoever finds the note later reads its `run.json`."""
        with self._writing() as database:
            database.execute("INSERT OR REPLACE INTO pending VALUES (?, ?)", (id, path))

    def put(self, entries: Iterator[Entry] | Sequence[Entry]) -> int:
        """Take up runs as they stand in their `run.json`, all or none. Gives how many. Raises `Unusable`."""
        count = 0
        with self._writing() as database:
            for entry in entries:
                _put(database, entry)
                count += 1
        return count

    def forget(self, paths: Sequence[str]) -> None:
        """Take out the runs of folders that are gone. Raises `Unusable`."""
        with self._writing() as database:
            for path in paths:
                for (key,) in database.execute("SELECT key FROM runs WHERE path = ?", (path,)).fetchall():
                    _remove(database, key)
                database.execute("DELETE FROM pending WHERE path = ?", (path,))

    def stamps(self) -> dict[str, str]:
        """Time and size of each `run.json` as they were when it was read, by its folder. Raises `Unusable`."""
        return dict(self.rows("SELECT path, stamp FROM runs"))

    def pending(self) -> list[tuple[str, str]]:
        """The runs that somebody announced and did not put: id and path. Raises `Unusable`."""
        return self.rows("SELECT id, path FROM pending")


def _remove(database: sqlite3.Connection, key: int) -> None:
    for table in ("runs", "facts", "words", "documents"):
        database.execute(f"DELETE FROM {table} WHERE key = ?", (key,))  # noqa: S608


def _put(database: sqlite3.Connection, entry: Entry) -> None:
    document = entry.document
    former = database.execute("SELECT key FROM runs WHERE id = ?", (entry.id,)).fetchone()
    if former is not None:
        _remove(database, former[0])
    cursor = database.execute(
        "INSERT INTO runs (key, id, path, stamp, at, model, state, label, simulated, unsaved) "
        "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        (
            None if former is None else former[0],
            entry.id,
            entry.path,
            entry.stamp,
            micros(datetime.fromisoformat(str(document["submitted_at"]))),
            document["model"],
            document["state"],
            document.get("label"),
            bool(document.get("simulated")),
            _unsaved(document),
        ),
    )
    key = cursor.lastrowid
    database.executemany(
        "INSERT INTO facts VALUES (?, ?, ?)", [(name, value, key) for name, value in facts_of(document)]
    )
    database.execute("INSERT INTO words VALUES (?, ?)", (key, _words(document)))
    database.execute("INSERT INTO documents VALUES (?, ?)", (key, json.dumps(document, separators=(",", ":"))))
    database.execute("DELETE FROM pending WHERE id = ?", (entry.id,))


def on_network(path: Path) -> bool:
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
