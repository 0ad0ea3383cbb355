"""IO: the journal: a line before each submission and one after, so that no task is lost. May import `_core`.

It is JSON Lines, appended and forced to disk. It holds no key and no prompt: model, a hash of the request, and the
task's ref.
"""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from pathlib import Path

import attrs

from kie._core.errors import ConfigError
from kie._core.json import JSON
from kie._core.tasks import TaskRef


@attrs.frozen(kw_only=True)
class JournalEntry:
    """What the journal knows of one submission."""

    id: str
    """The submission's own id, which the service does not know."""

    model: str
    """The model or operation that was submitted."""

    at: str
    """When it was submitted: ISO 8601, UTC."""

    state: str
    """`open` (a task that was not seen to end), `unknown` (submitted, and no answer was noted: a task may exist),
    `refused`, `succeeded`, `failed`, or `expired` (its record is gone)."""

    ref: TaskRef | None = None
    """The task, once its id was known."""


class Journal:
    """An append-only file of submissions.

    Args:
        path: The file, made when the first line is written.
    """

    def __init__(self, path: str | os.PathLike[str]) -> None:
        self.path = Path(path)

    def append(self, entry: Mapping[str, JSON]) -> None:
        """Write a line and force it to disk.

        Args:
            entry: The line, without the format's version.

        Raises:
            ConfigError: The file cannot be written.
        """
        append_line(self.path, {"v": 1, **entry}, what="the journal", mode=0o600)

    def entries(self) -> list[JournalEntry]:
        """Every submission, oldest first. Lines that cannot be read (a crash may halve the last) are skipped.

        Returns:
            The submissions.
        """
        try:
            lines = self.path.read_bytes().splitlines()
        except FileNotFoundError:
            return []
        found: dict[str, JournalEntry] = {}
        by_ref: dict[str, str] = {}
        for line in lines:
            try:
                entry = json.loads(line)
                event = entry["event"]
                key = entry["id"] if event != "end" else by_ref[entry["ref"]]
                if event == "submit":
                    found[key] = JournalEntry(id=key, model=entry["model"], at=entry["at"], state="unknown")
                elif event == "task":
                    ref = TaskRef.parse(entry["ref"], model=entry["model"])
                    found[key] = attrs.evolve(found[key], ref=ref, state="open")
                    by_ref[entry["ref"]] = key
                elif event in ("refused", "unknown"):
                    found[key] = attrs.evolve(found[key], state=event)
                elif event == "end":
                    found[key] = attrs.evolve(found[key], state=entry["state"])
            except (ValueError, KeyError, TypeError):
                continue
        return list(found.values())


def append_line(path: Path, document: Mapping[str, JSON], *, what: str, mode: int = 0o666) -> None:
    """Append a line of JSON to a file, made if need be, and force it to disk. Raises `ConfigError`."""
    line = json.dumps(document, separators=(",", ":")).encode() + b"\n"
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        handle = os.open(path, os.O_RDWR | os.O_APPEND | os.O_CREAT, mode)
        try:
            if _half_written(handle):
                line = b"\n" + line
            while line:
                line = line[os.write(handle, line) :]
            os.fsync(handle)
        finally:
            os.close(handle)
    except OSError as error:
        raise ConfigError(f"{what} {path} cannot be written: {error.strerror or error}") from error


def _half_written(handle: int) -> bool:
    """Whether the last line was cut off by a crash: the next one must not be glued to it."""
    if os.lseek(handle, 0, os.SEEK_END) == 0:
        return False
    os.lseek(handle, -1, os.SEEK_END)
    return os.read(handle, 1) != b"\n"
