"""Library: writes and reads `run.json` files, and keeps the index in step with them. May import `_core`, `_io`."""

from __future__ import annotations

import os
import sqlite3
import threading
import warnings
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from datetime import datetime
from pathlib import Path
from typing import Any, TypeVar

import attrs

from kie._core.errors import ConfigError
from kie._core.json import JSONObject
from kie._io.line_file import LineFile
from kie._library import folders, record
from kie._library.folders import RECORD, Content, Folders
from kie._library.index import Entry, Index, Newer, Unusable, stamp_of
from kie._library.run import Keeper, Run

T = TypeVar("T")

_STALE = "index.stale"
"""Says that somebody wrote a run that the file of the index lacks."""


class Shelf:
    """The runs of a library on disk, and their index.

    Args:
        root: The library's folder.
        keeper: The library.
    """

    def __init__(self, root: Path, keeper: Keeper) -> None:
        self.root = root
        self.folders = Folders(root)
        self._keeper = keeper
        self._file = Index(root / "index.sqlite")
        self._memory: Index | None = None
        self._opening = threading.RLock()
        self._told: set[str] = set()

    # what is written

    @contextmanager
    def locked(self) -> Iterator[None]:
        """Keep other processes and threads from writing. Raises `ConfigError`."""
        with self._explained("written"):
            self.folders.make(self.root)
        with LineFile(self.root / ".lock", "the library's lock", 0o600).locked():
            yield

    def create(self, run: Run, contents: Mapping[str, Content]) -> Run:
        """Write a run that is not here yet: whole, or not at all. One that is here gives what `update` needs.

        Raises `ConfigError`.
        """
        document = record.document_of(run)
        content = record.encoded(document)
        with self._explained("written"), self.folders.half_made() as made:
            folders.put(made, contents)
            folders.write(made / RECORD, content)
            with self.locked():
                target = self.place(run.id, run.submitted_at)
                path = self._below(target)
                self._announce(run.id, path)
                self.folders.make(target.parent)
                os.rename(made, target)
                self._indexed(run.id, path, document)
        return record.run_of(document, target, self._keeper)

    def update(self, id: str, change: Callable[[Run], Run], contents: Mapping[str, Content] | None = None) -> Run:
        """Change a run, while nobody else does. Raises `ConfigError`."""
        with self._explained("written"), self.locked():
            folder = self.find(id)
            if folder is None:
                raise ConfigError(f"the library {self.root} has no run {id}")
            former = record.read(folder / RECORD)
            run = change(record.run_of(former, folder, self._keeper))
            if run.id != id:
                raise ConfigError(f"run {id} cannot become {run.id}")
            document = record.document_of(run, former)
            missing = {name: each for name, each in (contents or {}).items() if not (folder / name).exists()}
            folders.put(folder, missing)
            if document != former:
                content = record.encoded(document)
                self._announce(id, self._below(folder))
                self.folders.replace(folder / RECORD, content)
                self._indexed(id, self._below(folder), document)
        return record.run_of(document, folder, self._keeper)

    def _announce(self, id: str, path: str) -> None:
        self._to_index(lambda index: index.announce(id, path))

    def _indexed(self, id: str, path: str, document: JSONObject) -> None:
        with suppress(OSError):
            stamp = stamp_of(os.stat(self.root / path / RECORD))
            self._to_index(lambda index: index.put([Entry(id=id, path=path, stamp=stamp, document=document)]))

    def _to_index(self, action: Callable[[Index], object]) -> None:
        """Write to the index. What it does not get is found later: it is said to be stale."""
        try:
            if self._memory is None:
                if self._file.open():
                    self._sync(self._file)
                action(self._file)
                return
        except Unusable as error:
            self._warn_of(error)
        with suppress(OSError):
            (self.root / _STALE).touch(mode=0o600)

    def close(self) -> None:
        """Close the index. It opens again when it is used."""
        self._file.close()

    # where a run is

    def place(self, id: str, at: datetime) -> Path:
        """The folder of a run: where it is, or else where it will be."""
        day = self.folders.day(at)
        for name in folders.names_of(id):
            folder = day / name
            if not folder.exists() or self._id_in(folder) == id:
                return folder
        raise ConfigError(f"{day} has too many folders that are named like run {id}")

    @staticmethod
    def _id_in(folder: Path) -> str | None:
        try:
            return str(record.read(folder / RECORD)["id"])
        except (ConfigError, FileNotFoundError):
            return None

    def find(self, id: str) -> Path | None:
        """The folder of a run that is here; None if there is none."""
        for (path,) in self.ask("SELECT path FROM runs WHERE id = ?", (id,)):
            if (self.root / path / RECORD).is_file():
                return self.root / str(path)
        return None

    def read(self, id: str) -> Run | None:
        """A run as its `run.json` says. Raises `ConfigError` if that cannot be read."""
        folder = self.find(id)
        if folder is None:
            return None
        try:
            return record.run_of(record.read(folder / RECORD), folder, self._keeper)
        except FileNotFoundError:
            return None

    def _below(self, folder: Path) -> str:
        return folder.relative_to(self.root).as_posix()

    # the index

    def ask(self, sql: str, values: tuple[object, ...] = ()) -> list[tuple[Any, ...]]:
        """Ask the index, which is brought up to date before if need be."""
        try:
            return self._current().rows(sql, values)
        except Unusable as error:
            self._broken(error)
            return self._current().rows(sql, values)

    def run_of(self, path: str, document: JSONObject) -> Run:
        """A run as the index has it."""
        return record.run_of(document, self.root / path, self._keeper)

    def _current(self) -> Index:
        """The index, up to date as far as anybody can tell cheaply."""
        with self._opening:
            if self._memory is not None:
                self._sync(self._memory)
                return self._memory
            if not self.root.is_dir():
                return self._in_memory()
            new = self._file.open()
            if new or (self.root / _STALE).exists():
                with suppress(OSError):
                    (self.root / _STALE).unlink()
                self._sync(self._file)
            elif self._file.pending():
                self._settle()
            return self._file

    def _in_memory(self) -> Index:
        index = Index(None)
        index.open()
        self._sync(index)
        return index

    def _settle(self) -> None:
        """Read what somebody announced and did not put: the process was killed, unless it is about to do so."""
        lock = LineFile(self.root / ".lock", "the library's lock", 0o600)
        with suppress(ConfigError), lock.locked(busy="busy"):
            for _, path in self._file.pending():
                entry = self._entry(path)
                if entry is None:
                    self._file.forget([path])
                else:
                    self._file.put([entry])

    def _entry(self, path: str) -> Entry | None:
        try:
            stat = os.stat(self.root / path / RECORD)
            document = record.read(self.root / path / RECORD)
        except (ConfigError, OSError):
            return None
        return Entry(id=str(document["id"]), path=path, stamp=stamp_of(stat), document=document)

    def _sync(self, index: Index) -> list[str]:
        """Bring an index up to date with the files. Gives the folders that it read."""
        known = index.stamps()
        there = {path: stamp_of(stat) for path, stat in self.folders.runs()}
        changed = [path for path, stamp in there.items() if known.get(path) != stamp]
        gone = [path for path in known if path not in there]
        if gone:
            index.forget(gone)
        if changed:
            index.put(entry for path in changed if (entry := self._entry(path)) is not None)
        return changed

    def _broken(self, error: Unusable) -> None:
        """Go on without the file of the index: a damaged one is made again, any other is left alone."""
        with self._opening:
            if self._memory is None:
                self._warn_of(error)
                if isinstance(error.__cause__, sqlite3.DatabaseError) and not isinstance(error, Newer):
                    pass
                self._memory = self._in_memory()

    def _warn_of(self, error: Unusable) -> None:
        text = f"the index of the library {self.root} cannot be used: {error}; one in memory is used instead"
        if text not in self._told:
            self._told.add(text)
            warnings.warn(text, UserWarning, stacklevel=2)

    @contextmanager
    def _explained(self, what_for: str) -> Iterator[None]:
        try:
            yield
        except (OSError, ValueError) as error:
            why = getattr(error, "strerror", None) or error
            raise ConfigError(f"the library {self.root} cannot be {what_for}: {why}") from error


def joined(former: Run, run: Run) -> Run:
    """A run that is here, with what else is known of it: what is known does not become unknown again."""
    changes: dict[str, object] = {}
    for field in attrs.fields(Run):
        value = getattr(run, field.name)
        if field.name in ("id", "folder", "submitted_at", "_keeper") or value in (None, (), {}):
            continue
        if field.name == "state" and former.state not in ("open", "unknown"):
            continue
        if field.name == "tags":
            value = tuple(dict.fromkeys((*former.tags, *run.tags)))
        changes[field.name] = value
    return attrs.evolve(former, **changes)  # type: ignore[arg-type]
