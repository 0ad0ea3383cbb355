"""IO: a mapping that moves to a temporary file once it is too large for memory. May import `_core`."""

from __future__ import annotations

import weakref
from collections.abc import Callable, Iterator, MutableMapping
from typing import TYPE_CHECKING, Generic, TypeVar, cast

from kie._core.errors import ConfigError

if TYPE_CHECKING:
    from sqlite3 import Connection

V = TypeVar("V")

IN_MEMORY = 2_000
"""The most items kept in memory. If there are more, all are in the file."""

_CACHE = 512
"""KiB of the file to cache in memory."""


class Filed(MutableMapping[str, V], Generic[V]):
    """Items by their key, in the order of insertion. Only one thread at a time may use it.

    Args:
        write: Converts a value to text.
        read: Converts the text back to a value.
    """

    def __init__(self, write: Callable[[V], str], read: Callable[[str], V]) -> None:
        self._write = write
        self._read = read
        self._few: dict[str, V] = {}
        self._many: Connection | None = None

    def __getitem__(self, key: str) -> V:
        if self._many is None:
            return self._few[key]
        found = self._asked("SELECT value FROM item WHERE key = ?", _cell(key))
        if not found:
            raise KeyError(key)
        return self._read(found[0][0])

    def __setitem__(self, key: str, value: V) -> None:
        if self._many is None:
            self._few[key] = value
            if len(self._few) > IN_MEMORY:
                self._move()
        else:
            self._put(key, value)

    def __delitem__(self, key: str) -> None:
        self[key]
        if self._many is None:
            del self._few[key]
        else:
            self._asked("DELETE FROM item WHERE key = ?", _cell(key))

    def __iter__(self) -> Iterator[str]:
        if self._many is None:
            return iter(self._few)
        return (_key(row[0]) for row in self._asked("SELECT key FROM item ORDER BY place"))

    def __len__(self) -> int:
        return len(self._few) if self._many is None else int(self._asked("SELECT count(*) FROM item")[0][0])

    def _move(self) -> None:
        try:
            import sqlite3
        except ImportError:  # this Python was built without it, so the items stay in memory
            return
        database = sqlite3.connect("", isolation_level=None, check_same_thread=False)
        weakref.finalize(self, database.close)
        for setting in ("journal_mode = OFF", "synchronous = OFF", "temp_store = FILE", f"cache_size = -{_CACHE}"):
            database.execute(f"PRAGMA {setting}")
        database.execute("CREATE TABLE item (place INTEGER PRIMARY KEY, key UNIQUE, value TEXT)")
        self._many, few = database, self._few
        for key, value in few.items():
            self._put(key, value)
        self._few = {}

    def _put(self, key: str, value: V) -> None:
        self._asked(
            "INSERT INTO item (key, value) VALUES (?, ?) ON CONFLICT (key) DO UPDATE SET value = excluded.value",
            _cell(key),
            self._write(value),
        )

    def _asked(self, statement: str, *values: str | bytes) -> list[tuple[str, ...]]:
        from sqlite3 import Error

        try:
            return cast("Connection", self._many).execute(statement, values).fetchall()
        except Error as error:
            why = f"a temporary file cannot be used: {error}; set TMPDIR to a folder for temporary files"
            raise ConfigError(why) from error


def _cell(key: str) -> str | bytes:
    """A key in a form that the database accepts. A text with half a surrogate pair becomes bytes."""
    try:
        key.encode()
    except UnicodeEncodeError:
        return key.encode("utf-8", "surrogatepass")
    return key


def _key(cell: str | bytes) -> str:
    return cell.decode("utf-8", "surrogatepass") if isinstance(cell, bytes) else cell
