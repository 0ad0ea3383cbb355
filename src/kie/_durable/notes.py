"""Durable: the journal of the engine's client, which is kept in the table of lines. May import `_core`, `_io`.

The label of a submission names its line. If the line has a note already, nothing is sent. The task is noted before
anything else learns of it.
"""

from __future__ import annotations

import secrets
import threading
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path

from kie._core.errors import ConfigError
from kie._core.journal_entry import JournalEntry
from kie._core.json import JSON
from kie._core.tasks import TaskRef
from kie._durable.line_store import LineRow, LineStore
from kie._io.journal import Journal


class Closing(ConfigError):
    """The engine is closing, so nothing more is sent."""


class Notes(Journal):
    """The journal of the engine's client.

    Args:
        store: The table of lines.
        file: The user's own journal, which gets the same entries.
        tasks: Gets the lines whose submission created a task, before it is no longer under way.
    """

    def __init__(self, store: LineStore, file: Journal | None, tasks: set[tuple[str, int]] | None = None) -> None:
        super().__init__(file.path if file is not None else Path("kie-durable-has-no-file"))
        self.store = store
        self.file = file
        self.process = secrets.token_hex(8)
        self.closed = False
        self._tasks = set[tuple[str, int]]() if tasks is None else tasks
        self._under_way: dict[str, tuple[str, int]] = {}
        self._unsettled: dict[tuple[str, int], Mapping[str, JSON]] = {}
        self._lock = threading.Lock()

    @property
    def under_way(self) -> int:
        """The submissions that are noted and have no answer yet, or one that could not be noted yet."""
        return len(self._under_way) + len(self._unsettled)

    def close(self) -> None:
        """Let no other submission begin. Those that began are under way."""
        with self._lock:
            self.closed = True

    def append(self, entry: Mapping[str, JSON]) -> JournalEntry | None:
        """Note an event of a submission. If another submission has its label already, that one is returned instead."""
        key, event = str(entry.get("id")), entry.get("event")
        if event == "submit":
            return self._begin(key, entry)
        place = self._under_way.get(key)
        if place is not None:
            if event == "task":
                self._tasks.add(place)
            try:
                self._note(place, entry)
            except BaseException:
                self._unsettled[place] = entry
                if self.file is not None:  # the user's journal may be the only place that knows the task then
                    with suppress(Exception):
                        self.file.append(entry)
                raise
            finally:
                self._under_way.pop(key, None)
        return None if self.file is None else self.file.append(entry)

    def _note(self, place: tuple[str, int], entry: Mapping[str, JSON]) -> None:
        note = f"{self.process}:{entry.get('id')}"
        if entry.get("event") == "task":
            self.store.accepted(*place, note, TaskRef.parse(str(entry["ref"])))
        elif entry.get("event") == "refused":
            self.store.unnote(*place, note)

    def settle(self, batch: str, line: int) -> None:
        """Note again what could not be noted of a submission: flows only warn of it. Raises `ConfigError`."""
        entry = self._unsettled.get((batch, line))
        if entry is not None:
            self._note((batch, line), entry)
            self.give_up(batch, line)

    def give_up(self, batch: str, line: int) -> None:
        """Wait no longer for what could not be noted of a submission."""
        self._unsettled.pop((batch, line), None)

    def _begin(self, key: str, entry: Mapping[str, JSON]) -> JournalEntry | None:
        batch, line = place_of(str(entry["label"]))
        with self._lock:
            if self.closed:
                raise Closing("the engine is closed: nothing more is sent")
            self._under_way[key] = batch, line
        note, sent = f"{self.process}:{key}", False
        try:
            sent = self.store.note(batch, line, note, str(entry["at"]))
            if sent and self.file is not None:
                try:  # labels in the user's journal belong to other programs
                    self.file.append({name: value for name, value in entry.items() if name != "label"})
                except BaseException:
                    sent = False
                    self.store.unnote(batch, line, note)
                    raise
        finally:
            if not sent:
                self._under_way.pop(key, None)
        return None if sent else self._holder_of(batch, line)

    def holder(self, label: str, server: str) -> JournalEntry | None:
        """The existing submission of a line; None if nothing was sent for it."""
        found = self.store.row(*place_of(label))
        return _entry(found) if found is not None and (found.note or found.ref) else None

    def _holder_of(self, batch: str, line: int) -> JournalEntry:
        row = self.store.row(batch, line)
        if row is None:
            raise ConfigError(f"line {line} of batch {batch!r} is gone from the database")
        return _entry(row)


def _entry(row: LineRow) -> JournalEntry:
    return JournalEntry(
        id=str(row.note),
        model=row.model,
        at=row.noted_at or "1970-01-01T00:00:00+00:00",
        state="open" if row.ref else "unknown",
        ref=row.task,
        label=label_of(row.batch, row.line),
    )


def label_of(batch: str, line: int) -> str:
    """The label of a line's submission."""
    return f"{batch}/{line}"


def place_of(label: str) -> tuple[str, int]:
    """The batch and the line that a label names."""
    batch, _, line = label.rpartition("/")
    return batch, int(line)
