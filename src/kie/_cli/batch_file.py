"""Floor 4: the output file of a batch: what is known of each input, so that another run can go on. May import `core`.

It is JSON Lines. While a batch runs, lines are appended and forced to disk: before a submission, when it is accepted,
when it has ended. The last line about an input counts; a finished run leaves one for each, in the order of the inputs.
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


class ResultFile:
    """The records of a batch by the key of their input. Threads may share it; processes may not."""

    def __init__(self, path: str | os.PathLike[str]) -> None:
        self.path = Path(path)
        self.records: dict[str, JSONObject] = {}
        self._lock = threading.Lock()

    def load(self) -> None:
        """Read what is there. A last line that a crash has cut off is passed over. Raises `ConfigError`."""
        try:
            lines = self.path.read_bytes().splitlines()
        except FileNotFoundError:
            return
        except OSError as error:
            raise ConfigError(f"the output file {self.path} cannot be read: {error.strerror or error}") from error
        for number, line in enumerate(lines, 1):
            try:
                record = json.loads(line)
                self.records[record["key"]] = {**record, "state": record["state"]}
            except (ValueError, KeyError, TypeError) as error:
                if number < len(lines) and line.strip():
                    raise ConfigError(
                        f"line {number} of {self.path} is no record of a batch; --out names the file that one wrote"
                    ) from error

    @contextmanager
    def exclusively(self) -> Iterator[None]:
        """Keep other processes from running the same batch, where the system can. Raises `ConfigError`."""
        try:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            handle = os.open(self.path, os.O_RDWR | os.O_CREAT, 0o666)
        except OSError as error:
            raise ConfigError(f"the output file {self.path} cannot be written: {error.strerror or error}") from error
        try:
            try:
                import fcntl
            except ImportError:  # not on Windows
                pass
            else:
                try:
                    fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
                except OSError as error:
                    raise ConfigError(f"another process is writing {self.path}") from error
            yield
        finally:
            os.close(handle)

    def put(self, key: str, record: Mapping[str, JSON]) -> None:
        """Append the newest record of an input. Raises `ConfigError`."""
        line: JSONObject = {"key": key, **record}
        with self._lock:
            append_line(self.path, line, what="the output file")
            self.records[key] = line

    def tidy(self, keys: Iterable[str]) -> None:
        """Leave one line for each input, in this order, then those of inputs that are not there any more."""
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
