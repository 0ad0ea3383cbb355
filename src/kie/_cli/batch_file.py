"""CLI: the output file of `kie batch`, from which a later run continues. May import `_core`, `_io`, `_records`.

It is JSON Lines. A batch appends a line and forces it to disk before each submission, when the service accepts it and
when the task ends. The last line about an input counts; a finished run leaves one line for each, in input order.
"""

from __future__ import annotations

import json
import os
import threading
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from kie._core.errors import ConfigError
from kie._core.json import JSON, JSONObject
from kie._core.tasks import TaskRef
from kie._io.line_file import LineFile, LockedLines, line_of, parted
from kie._records.lifecycles import lifecycle

BEGINNING = b'{"key":"'
"""What every line begins with. A last line that begins otherwise was not cut off, but is of another file."""
STATES = ("unknown", "submitted", "succeeded", "failed", "invalid", "stopped")


class BatchFile:
    """The records of a batch by the key of their input. Threads may share it; processes may not.

    Args:
        path: Where the file is, or will be.
    """

    def __init__(self, path: str | os.PathLike[str]) -> None:
        self.path = Path(path)
        self.records: dict[str, JSONObject] = {}
        self._file = LineFile(self.path, "the --out file")
        self._lines: LockedLines | None = None
        self._lock = threading.Lock()

    def load(self) -> bytes:
        """Read the file if it exists. Raises `ConfigError` if it is not the output of a batch.

        Returns:
            A last line that a crash cut off; empty if there is none.
        """
        self.records = {}
        whole, cut = parted(self._file.read().rstrip(b"\0"))  # some file systems leave NULs after a power failure
        lines = whole.splitlines()
        for number, line in enumerate(lines, 1):
            if not line.strip(b"\0\r\n\t "):
                continue
            try:
                record = _record(json.loads(line))
            except (ValueError, KeyError, TypeError, RecursionError, ConfigError) as error:
                raise self._foreign(number) from error
            self.records[str(record["key"])] = record
        if not BEGINNING.startswith(cut.replace(b" ", b"")[: len(BEGINNING)]):
            raise self._foreign(len(lines) + 1)
        return cut

    def _foreign(self, number: int) -> ConfigError:
        return ConfigError(
            f"line {number} of {self.path} is not a record of a batch; name another file with --out PATH"
        )

    @contextmanager
    def exclusively(self, source: str | None = None) -> Iterator[None]:
        """Lock the file against other processes, read it, and make sure that it can be written and replaced.

        Args:
            source: The input file, which it may not be.

        Raises:
            ConfigError: Another process has it, it is a link, or it is the file of something else.
        """
        self._check_place(source)
        busy = f"another process is writing {self.path}; wait for it, or name another file with --out PATH"
        with self._file.locked(busy=busy) as lines:
            cut = self.load()
            if cut:
                with LineFile(Path(f"{self.path}.damaged"), "the file of damaged lines").locked() as damaged:
                    damaged.extend([cut + b"\n"])
            lines.replace(line_of(record) for record in self.records.values())
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
        there = os.path.exists(self.path)  # a link may lead nowhere
        if there and source is not None and os.path.exists(source) and os.path.samefile(source, self.path):
            raise ConfigError("--out names the input file; name another one")
        if links > 1 and not self.path.is_dir():
            raise ConfigError(
                f"--out names a link ({self.path}), which would be replaced by a file; name the file itself"
            )

    def put(self, key: str, record: Mapping[str, JSON]) -> None:
        """Append the newest record of an input and force it to disk. Only while it is locked.

        Raises:
            ConfigError: The disk is full, say. A record that names a task is kept all the same: `tidy` may have room.
        """
        if self._lines is None:
            raise RuntimeError("the file is not locked")
        line: JSONObject = {"key": key, **record}
        with self._lock:
            try:
                self._lines.append(line)
            except ConfigError:
                if line.get("ref"):
                    self.records[key] = line
                raise
            self.records[key] = line

    def tidy(self, keys: Iterable[str]) -> None:
        """Keep one line for each input: first `keys`, in this order, then the inputs that are gone.

        Raises:
            ConfigError: It cannot be written. What was recorded so far is still there.
        """
        if self._lines is None:
            raise RuntimeError("the file is not locked")
        with self._lock:
            ordered = {key: self.records[key] for key in keys if key in self.records}
            self._lines.replace(line_of(record) for record in (ordered | self.records).values())


def _record(value: JSONObject) -> JSONObject:
    """A line of the file. Raises ValueError, KeyError, TypeError or `ConfigError` for one that no batch wrote."""
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
