"""CLI: the temporary database in which `kie batch` keeps its lines and their records. May import `_core`.

A batch file may have millions of lines, which are never all in memory. The database has no name: it moves to the
system's temporary folder once it outgrows its cache, and disappears with the process, however that ends. Nothing
depends on it: the input file and the output file are the source of truth.
"""

from __future__ import annotations

import sqlite3
import threading
import weakref
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager, nullcontext
from itertools import islice
from typing import TypeAlias, TypeVar

from kie._core.errors import ConfigError

Cell: TypeAlias = str | bytes | int | None
Row: TypeAlias = tuple[Cell, ...]

CACHE = 16 * 1024
"""KiB of the database that are kept in memory; the rest is on disk."""
PAGE = 500
"""Rows that are read at a time."""

_TABLES = """
CREATE TABLE line (
    place INTEGER PRIMARY KEY, number INTEGER, key TEXT, digest TEXT, id TEXT, model TEXT, fault TEXT,
    changed INTEGER NOT NULL, seed TEXT, cells INTEGER NOT NULL, text TEXT, advice TEXT
);
CREATE TABLE name (name TEXT PRIMARY KEY, count INTEGER NOT NULL) WITHOUT ROWID;
CREATE TABLE record (place INTEGER PRIMARY KEY, key TEXT UNIQUE, turn INTEGER, document TEXT);
CREATE TABLE refused (number INTEGER PRIMARY KEY, why TEXT);
CREATE TABLE kind (name BLOB PRIMARY KEY) WITHOUT ROWID;
"""


T = TypeVar("T")


class BatchIndex:
    """The temporary database of one batch. Threads may share it."""

    def __init__(self) -> None:
        self._lock = threading.RLock()
        with self._explained():
            self._database = sqlite3.connect("", isolation_level=None, check_same_thread=False)
            self.close = weakref.finalize(self, self._database.close)
            for setting in ("temp_store = FILE", "journal_mode = OFF", "synchronous = OFF", f"cache_size = -{CACHE}"):
                self._database.execute(f"PRAGMA {setting}")
            self._database.executescript(_TABLES)

    @contextmanager
    def _explained(self) -> Iterator[None]:
        with self._lock:
            try:
                yield
            except sqlite3.Error as error:
                raise ConfigError(
                    f"the temporary database of the batch cannot be used: {error}; set TMPDIR to a folder for "
                    "temporary files"
                ) from error

    def rows(self, query: str, *values: Cell) -> list[Row]:
        """Run a statement, and return all rows. Raises `ConfigError`."""
        with self._explained():
            return self._database.execute(query, values).fetchall()

    def one(self, query: str, *values: Cell) -> Row | None:
        """Run a statement, and return the first row. Raises `ConfigError`."""
        found = self.rows(query, *values)
        return found[0] if found else None

    def count(self, query: str, *values: Cell) -> int:
        """Run a query, and return its number; 0 if there is none. Raises `ConfigError`."""
        found = self.one(query, *values)
        return int(found[0] or 0) if found else 0

    @contextmanager
    def together(self) -> Iterator[None]:
        """Run the block in one transaction, which is faster. Raises `ConfigError`."""
        with self._explained():
            self._database.execute("BEGIN")
        try:
            yield
        finally:
            with self._explained():
                self._database.execute("COMMIT")

    def write(self, statement: str, rows: Iterable[Sequence[Cell]]) -> None:
        """Run a statement with each of these rows. Raises `ConfigError`."""
        with self._explained(), nullcontext() if self._database.in_transaction else self.together():
            self._database.executemany(statement, rows)

    def pages(self, query: str, after: int = 0) -> Iterator[Row]:
        """All rows of a query, page by page.

        It is ordered by its first column, an integer, and `?` is the bound that this has to exceed. Others may write
        meanwhile. Raises `ConfigError`.
        """
        last: Cell = after
        while page := self.rows(f"{query} LIMIT {PAGE}", last):
            yield from page
            last = page[-1][0]

    def named(self, name: str) -> int:
        """Count a name. Returns its count so far. Raises `ConfigError`."""
        kept = stored(name)
        with self._explained():
            if self._database.execute("INSERT OR IGNORE INTO name VALUES (?, 1)", (kept,)).rowcount:
                return 1
            self._database.execute("UPDATE name SET count = count + 1 WHERE name = ?", (kept,))
            return int(self._database.execute("SELECT count FROM name WHERE name = ?", (kept,)).fetchone()[0])


def stored(text: str | None) -> Cell:
    """Convert a text for the database: with a lone surrogate it is stored as bytes."""
    if text is None or text.isascii():
        return text
    try:
        text.encode()
    except UnicodeEncodeError:
        return text.encode("utf-8", "surrogatepass")
    return text


def loaded(cell: Cell) -> str:
    """Convert a text back that `stored` made; empty for none."""
    return cell.decode("utf-8", "surrogatepass") if isinstance(cell, bytes) else str(cell or "")


def batched(items: Iterable[T], size: int) -> Iterator[list[T]]:
    """Split items into lists of this size; the last one may be shorter."""
    rest = iter(items)
    while found := [*islice(rest, size)]:
        yield found
