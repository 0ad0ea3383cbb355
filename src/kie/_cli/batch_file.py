"""CLI: the output file of `kie batch`, from which a later run continues. May import `_core`, `_io`.

It is JSON Lines. A batch appends a line and forces it to disk before each submission, when the service accepts it and
when the task ends. The last line about an input counts; a finished run leaves one line for each, in input order.
"""

from __future__ import annotations

import json
import os
import tempfile
import threading
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from kie._core.errors import ConfigError
from kie._core.json import JSON, JSONObject
from kie._io.journal import append_line


class BatchFile:
    """The records of a batch by the key of their input. Threads may share it; processes may not.

    Args:
        path: Where the file is, or will be.
    """

    def __init__(self, path: str | os.PathLike[str]) -> None:
        self.path = Path(path)
        self.records: dict[str, JSONObject] = {}
        self._lock = threading.Lock()

    def load(self) -> None:
        """Read the file if it exists. Skips a last line that a crash cut off. Raises `ConfigError`."""
        try:
            lines = self.path.read_bytes().splitlines()
        except FileNotFoundError:
            return
        except OSError as error:
            raise ConfigError(f"the --out file {self.path} cannot be read: {error.strerror or error}") from error
        for number, line in enumerate(lines, 1):
            try:
                record = json.loads(line)
                self.records[record["key"]] = {**record, "state": record["state"]}
            except (ValueError, KeyError, TypeError) as error:
                if number < len(lines) and line.strip():
                    raise ConfigError(
                        f"line {number} of {self.path} is not a record of a batch; name another file with --out PATH"
                    ) from error

    @contextmanager
    def exclusively(self) -> Iterator[None]:
        """Lock the file against other processes, where the system can. Raises `ConfigError`."""
        try:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            handle = os.open(self.path, os.O_RDWR | os.O_CREAT, 0o666)
        except OSError as error:
            raise ConfigError(f"the --out file {self.path} cannot be written: {error.strerror or error}") from error
        try:
            try:
                import fcntl
            except ImportError:  # not on Windows
                pass
            else:
                try:
                    fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
                except OSError as error:
                    raise ConfigError(
                        f"another process is writing {self.path}; wait for it, or name another file with --out PATH"
                    ) from error
            yield
        finally:
            os.close(handle)

    def put(self, key: str, record: Mapping[str, JSON]) -> None:
        """Append the newest record of an input and force it to disk. Raises `ConfigError`."""
        line: JSONObject = {"key": key, **record}
        with self._lock:
            append_line(self.path, line, what="the --out file")
            self.records[key] = line

    def tidy(self, keys: Iterable[str]) -> None:
        """Keep one line for each input: first `keys`, in this order, then the inputs that are gone."""
        ordered = {key: self.records[key] for key in keys if key in self.records}
        text = "".join(json.dumps(record, separators=(",", ":")) + "\n" for record in (ordered | self.records).values())
        handle, name = tempfile.mkstemp(dir=self.path.parent, prefix=f".{self.path.name}.")
        try:
            with open(handle, "w", encoding="ascii") as file:
                file.write(text)
                file.flush()
                os.fsync(file.fileno())
            os.chmod(name, self.path.stat().st_mode & 0o777)
            os.replace(name, self.path)
        except BaseException:
            Path(name).unlink(missing_ok=True)
            raise
