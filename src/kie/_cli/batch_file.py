"""CLI: the output file of `kie batch`, from which a later run continues. May import `_core`, `_io`, `_records`.

It is JSON Lines. A batch appends a line and forces it to disk before each submission, when the service accepts it and
when the task ends. The last line about an input counts; a finished run leaves one line for each, in input order. During
a run the records are in a temporary database, not in memory.
"""

from __future__ import annotations

import json
import os
import threading
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from itertools import chain
from pathlib import Path
from typing import cast

from kie._cli.batch_index import BatchIndex, batched, loaded, stored
from kie._core.errors import ConfigError
from kie._core.json import JSON, JSONObject
from kie._core.tasks import TaskRef
from kie._io.line_file import LineFile, LockedLines, line_of, parted
from kie._records.lifecycles import lifecycle

BEGINNING = b'{"key":"'
"""How every line begins. A last line that begins differently was not cut off, but belongs to another kind of file."""
TOGETHER = 500
"""The most records that are written at a time, if none has to be on disk before something else happens."""
STATES = ("unknown", "submitted", "succeeded", "failed", "invalid", "stopped")


class Records(Mapping[str, JSONObject]):
    """The newest record of each input by key, in the order in which the inputs were first recorded."""

    def __init__(self, index: BatchIndex) -> None:
        self._index = index

    def __getitem__(self, key: str) -> JSONObject:
        found = self._index.one("SELECT document FROM record WHERE key = ?", stored(key))
        if found is None:
            raise KeyError(key)
        return cast("JSONObject", json.loads(loaded(found[0])))

    def __iter__(self) -> Iterator[str]:
        pages = self._index.pages("SELECT place, key FROM record WHERE place > ? ORDER BY place")
        return (loaded(key) for _, key in pages)

    def __len__(self) -> int:
        return self._index.count("SELECT count(*) FROM record")

    def put(self, records: Iterable[tuple[str, bytes]]) -> None:
        """Add records, each as a line of the file."""
        self._index.write(
            "INSERT INTO record (key, document) VALUES (?, ?) "
            "ON CONFLICT (key) DO UPDATE SET document = excluded.document",
            [(stored(key), line.decode()) for key, line in records],
        )

    def lines(self) -> Iterator[bytes]:
        """Every record as a line of the file."""
        pages = self._index.pages("SELECT place, document FROM record WHERE place > ? ORDER BY place")
        return (loaded(line).encode() for _, line in pages)

    def ordered(self, keys: Iterable[str]) -> Iterator[bytes]:
        """Every record as a line of the file: first those with the given keys, in order, then the others."""
        self._index.rows("UPDATE record SET turn = NULL")
        take = "UPDATE record SET turn = ? WHERE key = ? AND turn IS NULL"
        for turns in batched(((turn, stored(key)) for turn, key in enumerate(keys, 1)), TOGETHER):
            self._index.write(take, turns)
        self._index.rows("CREATE INDEX IF NOT EXISTS by_turn ON record (turn)")
        first = self._index.pages("SELECT turn, document FROM record WHERE turn > ? ORDER BY turn")
        rest = self._index.pages("SELECT place, document FROM record WHERE turn IS NULL AND place > ? ORDER BY place")
        return (loaded(line).encode() for _, line in chain(first, rest))


class BatchFile:
    """The records of a batch by the key of their input. Threads may share it; processes may not.

    Args:
        path: The path of the file, which may not exist yet.
        index: The database of the file's records.
    """

    def __init__(self, path: str | os.PathLike[str], index: BatchIndex | None = None) -> None:
        self.path = Path(path)
        self._index = index or BatchIndex()
        self.records = Records(self._index)
        self._file = LineFile(self.path, "the --out file")
        self._lines: LockedLines | None = None
        self._lock = threading.Lock()

    def load(self) -> bytes:
        """Read the file if it exists. Raises `ConfigError` if it is not the output of a batch.

        Returns:
            The last line if a crash cut it off; else empty.
        """
        self._index.rows("DELETE FROM record")
        number, cut = 0, b""

        def read() -> Iterator[tuple[str, bytes]]:
            nonlocal number, cut
            for piece in self._file.pieces():
                whole, cut = (piece, b"") if piece.endswith(b"\n") else parted(piece.rstrip(b"\0"))
                for line in whole.splitlines():
                    number += 1
                    if line.strip(b"\0\r\n\t "):
                        yield self._read(line, number)

        for records in batched(read(), TOGETHER):
            self.records.put(records)
        if not BEGINNING.startswith(cut.replace(b" ", b"")[: len(BEGINNING)]):
            raise self._foreign(number + 1)
        return cut

    def _read(self, line: bytes, number: int) -> tuple[str, bytes]:
        """The key of a record, and the record in normal form. Raises `ConfigError`."""
        try:
            record = _record(json.loads(line))
        except (ValueError, KeyError, TypeError, RecursionError, ConfigError) as error:
            raise self._foreign(number) from error
        return str(record["key"]), line_of(record)

    def _foreign(self, number: int) -> ConfigError:
        return ConfigError(
            f"line {number} of {self.path} is not a record of a batch; name another file with --out PATH"
        )

    @contextmanager
    def exclusively(self, source: str | None = None) -> Iterator[None]:
        """Lock the file against other processes, read it, and make sure that it can be written and replaced.

        Args:
            source: The input file. It must be a different file.

        Raises:
            ConfigError: Another process has locked it, it is a link, or it is not the output of a batch.
        """
        self._check_place(source)
        busy = f"another process is writing {self.path}; wait for it, or name another file with --out PATH"
        with self._file.locked(busy=busy) as lines:
            cut = self.load()
            if cut:
                with LineFile(Path(f"{self.path}.damaged"), "the file of damaged lines").locked() as damaged:
                    damaged.extend([cut + b"\n"])
            lines.replace(self.records.lines())
            self._lines = lines
            try:
                yield
            finally:
                self._lines = None

    def _check_place(self, source: str | None) -> None:
        try:
            links = self.path.lstat().st_nlink if not self.path.is_symlink() else 2
        except (FileNotFoundError, NotADirectoryError):
            return
        except OSError as error:
            raise ConfigError(f"the --out file {self.path} cannot be read: {error.strerror or error}") from error
        there = os.path.exists(self.path)  # a link may be broken
        if there and source is not None and os.path.exists(source) and os.path.samefile(source, self.path):
            raise ConfigError("--out names the input file; name another one")
        if links > 1 and not self.path.is_dir():
            raise ConfigError(
                f"--out names a link ({self.path}), which would be replaced by a file; name the file itself"
            )

    def put(self, key: str, record: Mapping[str, JSON]) -> None:
        """Append the newest record of an input and force it to disk. The file must be locked.

        Raises:
            ConfigError: For example, the disk is full. A record with a task is still remembered: `tidy` may have room
                for it.
        """
        lines, line = self._locked(), _line(key, record)
        with self._lock:
            try:
                lines.append(line)
            except ConfigError:
                if line.get("ref"):
                    self.records.put([(key, line_of(line))])
                raise
            self.records.put([(key, line_of(line))])

    def put_all(self, records: Iterable[tuple[str, Mapping[str, JSON]]]) -> None:
        """Append the newest records of inputs that have no task, many at a time.

        Raises:
            ConfigError: It cannot be written, for example because the disk is full.
        """
        lines = self._locked()
        for found in batched(((key, line_of(_line(key, record))) for key, record in records), TOGETHER):
            with self._lock:
                lines.extend(line for _, line in found)
                self.records.put(found)

    def tidy(self, keys: Iterable[str]) -> None:
        """Keep one line for each input: first `keys`, in this order, then the inputs that are gone.

        Raises:
            ConfigError: It cannot be written. What was recorded so far is still there.
        """
        lines = self._locked()
        with self._lock:
            lines.replace(self.records.ordered(keys))

    def _locked(self) -> LockedLines:
        if self._lines is None:
            raise RuntimeError("the file is not locked")
        return self._lines


def _line(key: str, record: Mapping[str, JSON]) -> JSONObject:
    return {"key": key, **record}


def _record(value: JSONObject) -> JSONObject:
    """Check a line of the file. Raises ValueError, KeyError, TypeError or `ConfigError` if no batch wrote it."""
    fits = isinstance(value["key"], str) and value["state"] in STATES
    for name in ("urls", "files"):
        listed = value.get(name) or []
        fits = fits and isinstance(listed, list) and all(isinstance(item, str) for item in listed)
    fits = fits and isinstance(value.get("error") or {}, dict)
    if not fits:
        raise ValueError(value)
    ref = value.get("ref")
    if ref is not None:
        lifecycle(TaskRef.parse(_text(ref)).lifecycle)
    return value


def _text(value: JSON) -> str:
    if not isinstance(value, str) or not value:
        raise TypeError(value)
    return value
