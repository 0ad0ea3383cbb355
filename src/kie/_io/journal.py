"""IO: the journal, with a line before each submission and one after it, so that no task is lost. May import `_core`.

It is JSON Lines, appended and forced to disk. It contains the model, the server and whether that is a simulator, the
label, a hash of the request, and the task's ref, but no key and no prompt.
"""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Mapping, MutableMapping
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path

import attrs

from kie._core.errors import ConfigError
from kie._core.journal_entry import JournalEntry
from kie._core.json import JSON
from kie._core.tasks import TaskRef
from kie._io.filed import Filed
from kie._io.line_file import LineFile, parted

_PIECE = 1024**2
"""Bytes to read at a time."""


class Journal:
    """An append-only file of submissions.

    Processes and threads may share it. It may be rotated: the next line goes to a new file of the same name.

    Args:
        path: The file, created when the first line is written.
    """

    def __init__(self, path: str | os.PathLike[str]) -> None:
        self.path = Path(path)
        self._file = LineFile(self.path, "the journal", 0o600)
        self._known = _Known.filed()

    def append(self, entry: Mapping[str, JSON]) -> JournalEntry | None:
        """Write a line and force it to disk, unless it is a submission whose label is taken.

        Args:
            entry: The line, without the format's version.

        Returns:
            The submission that has the label; None if the line was written.

        Raises:
            ConfigError: The file cannot be read or written.
        """
        label, server = entry.get("label"), entry.get("server")
        with self._file.locked() as lines:
            if label is not None and (earlier := self._holder(str(label), str(server))) is not None:
                return earlier
            lines.append({"v": 1, **entry})
        return None

    def prove_writable(self) -> None:
        """Create the file if needed.

        Raises:
            ConfigError: It cannot be written.
        """
        with self._file.locked():
            pass

    def holder(self, label: str, server: str) -> JournalEntry | None:
        """Find the submission that has a label.

        Args:
            label: The label.
            server: The API server: labels of other servers do not count.

        Returns:
            The submission; None if the label is free: not used, or its submission was refused, dismissed, or failed.

        Raises:
            ConfigError: The file cannot be read.
        """
        with self._file.locked():
            return self._holder(label, server)

    def _holder(self, label: str, server: str) -> JournalEntry | None:
        """Find the submission by reading only what was added since the last time. The caller holds the lock."""
        if not self._known.continues(self.path):
            self._known = _Known.filed()
        self._known.read(self.path)
        found = [self._known.entries[key] for key in self._known.labels.get(label, ())]
        taken = [one for one in found if not one.vacant and one.server in (None, server)]
        return taken[-1] if taken else None

    def entries(self) -> list[JournalEntry]:
        """List every submission, oldest first. Lines that cannot be read (a crash may cut off the last) are skipped.

        Returns:
            The submissions.

        Raises:
            ConfigError: The file cannot be read.
        """
        known = _Known()
        known.add(self._file.read())
        return list(known.entries.values())

    def _matching(self, wanted: Callable[[str], bool]) -> list[JournalEntry]:
        """The submissions with certain labels, oldest first. Memory never holds all the others.

        Args:
            wanted: Tells whether a label is one of them.

        Returns:
            The submissions.

        Raises:
            ConfigError: The file cannot be read.
        """
        known = _Known(wanted)
        for piece in self._file.pieces():
            known.add(piece)
        return list(known.entries.values())

    def find(self, label: str) -> JournalEntry | None:
        """Find the latest submission with a label, whatever became of it.

        Args:
            label: The label that `submit` or `run` was given.

        Returns:
            The submission; None if there is none.

        Raises:
            ConfigError: The file cannot be read.
        """
        return next((entry for entry in reversed(self.entries()) if entry.label == label), None)

    def dismiss(self, id: str) -> None:
        """Mark a submission as settled: its label is free again.

        Use it for a submission whose outcome is `unknown`, once you have looked it up at https://kie.ai/logs.

        Args:
            id: The entry's `id`.

        Raises:
            ConfigError: There is no such entry, or the file cannot be written.
        """
        with self._file.locked() as lines:
            if not any(entry.id == id for entry in self.entries()):
                raise ConfigError(f"the journal {self.path} has no entry {id}")
            lines.append({"v": 1, "event": "dismissed", "id": id})

    def prune(self, before: datetime, *, archive: str | os.PathLike[str] | None = None) -> int:
        """Remove the settled submissions that were made before a time.

        Submissions that are `open` or `unknown` are kept, and so are lines that are not the journal's. The labels of
        the removed ones are free again.

        Args:
            before: The time; without a time zone it is UTC.
            archive: A file to which the removed lines are appended.

        Returns:
            How many submissions were removed.

        Raises:
            ConfigError: A file cannot be read or written.
        """
        limit = before if before.tzinfo is not None else before.replace(tzinfo=UTC)
        with self._file.locked() as lines:
            known = _Known()
            kept, gone = list[bytes](), list[bytes]()
            whole = self._file.read().splitlines(keepends=True)
            for line in whole:
                known.add(line)
            old = {e.id for e in known.entries.values() if not e.pending and _time(e.at) < limit}
            for line in whole:
                (gone if known.owner(line) in old else kept).append(line)
            if old:
                if archive is not None:
                    with LineFile(Path(archive), "the archive", 0o600).locked() as target:
                        target.extend(gone)
                lines.replace(kept)
        return len(old)


@attrs.define(eq=False)
class _Known:
    """The state of the submissions in the lines read so far. With `wanted`, only of those with such labels."""

    wanted: Callable[[str], bool] | None = None
    entries: MutableMapping[str, JournalEntry] = attrs.field(factory=dict)
    tasks: MutableMapping[str, str] = attrs.field(factory=dict)
    labels: MutableMapping[str, list[str]] = attrs.field(factory=dict)
    offset: int = 0
    origin: tuple[int, int, int] | None = None

    @classmethod
    def filed(cls) -> _Known:
        """Make one for labelled submissions, which moves to a temporary file if there are many."""
        return cls(
            wanted=bool,
            entries=Filed(_text_of, _entry_of),
            tasks=Filed(str, str),
            labels=Filed(json.dumps, json.loads),
        )

    def continues(self, path: Path) -> bool:
        """Whether this is still the file that was read so far, in the same process."""
        return self.origin is None or (self.origin == _origin(path) and path.stat().st_size >= self.offset)

    def read(self, path: Path) -> None:
        """Read what was added to a file."""
        self.origin = _origin(path)
        with open(path, "rb") as file:
            file.seek(self.offset)
            while len(data := file.read(_PIECE)) == _PIECE and (data := data + file.readline()).endswith(b"\n"):
                self._add_whole(data)
        whole, _ = parted(data)
        self._add_whole(whole)

    def _add_whole(self, lines: bytes) -> None:
        self.add(lines)
        self.offset += len(lines)

    def add(self, data: bytes) -> None:
        """Process lines. Unreadable lines are skipped."""
        for line in data.splitlines():
            with suppress(ValueError, KeyError, TypeError, AttributeError, RecursionError):
                self._take(json.loads(line))

    def owner(self, line: bytes) -> str | None:
        """The id of the submission that a line is about."""
        try:
            document = json.loads(line)
            return self.tasks.get(_text(document["ref"])) if document["event"] == "end" else _text(document["id"])
        except (ValueError, KeyError, TypeError, RecursionError):
            return None

    def _take(self, line: dict[str, JSON]) -> None:
        event = line["event"]
        if event == "end":
            key = self.tasks[_text(line["ref"])]
            self.entries[key] = attrs.evolve(self.entries[key], state=_text(line["state"]))
            return
        key = _text(line["id"])
        if event == "submit":
            label, request, server = (_optional(line.get(name)) for name in ("label", "request", "server"))
            if self.wanted is not None and (label is None or not self.wanted(label)):
                return
            source = _optional(line.get("source"))
            at = _time(_text(line["at"])).isoformat()
            self.entries[key] = JournalEntry(
                id=key,
                model=_text(line["model"]),
                at=at,
                state="unknown",
                label=label,
                request=request,
                server=server,
                source=source,
                simulated=line.get("simulated") is True,
            )
            if label:
                self.labels[label] = [*self.labels.get(label, ()), key]
        elif event == "task":
            ref = TaskRef.parse(_text(line["ref"]), model=_text(line["model"]))
            simulated = self.entries[key].simulated or line.get("simulated") is True
            self.entries[key] = attrs.evolve(self.entries[key], ref=ref, state="open", simulated=simulated)
            self.tasks[_text(line["ref"])] = key
        elif event in ("refused", "unknown", "dismissed"):
            self.entries[key] = attrs.evolve(self.entries[key], state=str(event))


def _text_of(entry: JournalEntry) -> str:
    facts = attrs.asdict(entry, recurse=False)
    if entry.ref is not None:
        facts["ref"] = [entry.ref.id, entry.ref.lifecycle, entry.ref.model]
    return json.dumps(facts)


def _entry_of(text: str) -> JournalEntry:
    facts = json.loads(text)
    if facts["ref"] is not None:
        facts["ref"] = TaskRef(*facts["ref"])
    return JournalEntry(**facts)


def _text(value: JSON) -> str:
    if not isinstance(value, str) or not value:
        raise TypeError(value)
    return value


def _optional(value: JSON) -> str | None:
    return None if value is None else _text(value)


def _time(at: str) -> datetime:
    found = datetime.fromisoformat(at)
    return found if found.tzinfo is not None else found.replace(tzinfo=UTC)


def _origin(path: Path) -> tuple[int, int, int]:
    found = path.stat()
    return found.st_dev, found.st_ino, os.getpid()
