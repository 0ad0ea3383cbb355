"""Library: writes and reads `run.json` files, and keeps the index in sync with them. May import `_core`, `_io`."""

from __future__ import annotations

import os
import threading
import uuid
import warnings
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Any, TypeVar

import attrs

from kie._core.errors import ConfigError
from kie._core.json import JSONObject
from kie._core.safe_text import visible
from kie._io.forks import renewed_after_fork
from kie._io.line_file import LineFile
from kie._library import folders, record
from kie._library.announcements import Announcements
from kie._library.folders import LOCK, RECORD, Content, Folders
from kie._library.index import BadIndex, Damaged, Index, IndexEntry, Missing, Unwritable
from kie._library.query import Query
from kie._library.run import Run, RunLibrary, RunPrompts, unread

K = TypeVar("K")
V = TypeVar("V")

_REMEMBERED = 1024
"""The most parsed runs that are cached."""


class Shelf:
    """The runs of a library on disk, and their index.

    Args:
        root: The library's folder.
        keeper: The library.
    """

    def __init__(self, root: Path, keeper: RunLibrary) -> None:
        self.root = root
        self.folders = Folders(root)
        self._keeper = keeper
        self._file = Index(root / "index.sqlite")
        self._announced = Announcements(f"{root}/.writing")
        self._memory: Index | None = None
        self._warned: set[str] = set()
        self.renew()
        renewed_after_fork(self)
        self._read: dict[str, tuple[str, Run]] = {}
        self._places: dict[str, str] = {}
        self._checked: dict[str, bytes] = {}

    def renew(self) -> None:
        """Renew the locks in a forked child, since threads of the parent may have held them."""
        self._opening = threading.RLock()
        self._writing = threading.Lock()
        self._holding = threading.local()

    # writing

    @contextmanager
    def locked(self, *, busy: str | None = None) -> Iterator[None]:
        """Hold the write lock, against other processes and threads.

        Raises `ConfigError`; with `busy`, it does not wait.
        """
        if getattr(self._holding, "yes", False):
            yield
            return
        if busy is not None and self._writing.locked():
            raise ConfigError(busy)
        with self._explained("written"):
            self.folders.make(self.root)
        lock = LineFile(self.root / LOCK, "the library's lock", 0o600)
        with self._writing, lock.locked(busy=busy) as lines:
            if not lines.held:  # this locks out only our own threads, so the index cannot be trusted
                self._fallen_back(BadIndex("the drive does not support locks"))
            self._holding.yes = True
            try:
                yield
            finally:
                self._holding.yes = False

    def create(self, run: Run, contents: Mapping[str, Content]) -> Run:
        """Write a run, completely or not at all. If it is here by now, it is merged. Raises `ConfigError`."""
        content, document = record.encoded(record.document_of(run))
        with self._explained("written"), self.folders.half_made() as made:
            folders.put(made, contents)
            folders.write(made / RECORD, content.encode())
            with self.locked():
                if self._place_of(run.id) is not None:
                    return self.update(run.id, partial(joined, run=run), contents)
                target = self.place(run.id, run.submitted_at)
                path = self._below(target)
                self._announced.add(path)
                self.folders.make(target.parent)
                os.rename(made, target)
                _remember(self._places, run.id, path)
                self._indexed(path, document, content)
        return self._later(document, target)

    def update(self, id: str, change: Callable[[Run], Run], contents: Mapping[str, Content] | None = None) -> Run:
        """Change a run under the write lock. Raises `ConfigError`."""
        with self._explained("written"), self.locked():
            path = self._place_of(id)
            if path is None:
                raise ConfigError(f"the library {self.root} has no run {id}")
            folder, former = self.root / path, self._document(path)
            run = change(record.run_of(former, folder, self._keeper))
            if run.id != id:
                raise ConfigError(f"run {id} cannot become {run.id}")
            document = record.document_of(run, former)
            missing = {name: each for name, each in (contents or {}).items() if not (folder / name).exists()}
            folders.put(folder, missing)
            if document != former:
                content, document = record.encoded(document)
                self._announced.add(path)
                self.folders.replace(folder / RECORD, content.encode())
                self._indexed(path, document, content)
        return self._later(document, folder)

    def _later(self, document: JSONObject, folder: Path) -> Run:
        """The run of a checked document, parsed on first access: most writers never look at it."""
        return unread(lambda: record.run_of(document, folder, self._keeper))

    def _indexed(self, path: str, document: JSONObject, content: str) -> None:
        """Index a written run. If that fails, the run stays announced, so that it is read again."""
        _remember(self._checked, path, content.encode())
        if (stamp := self.stamp(path)) is None or self._memory is not None:
            return
        entry = IndexEntry(path=path, stamp=stamp, document=document, content=content)
        try:
            try:
                self._ready().put([entry])
            except Damaged:
                self.rebuild()
                self._file.put([entry])
        except BadIndex as error:
            self._fallen_back(error)
        else:
            self._announced.forget([path])

    def close(self) -> None:
        """Close the index. The next use opens it again."""
        self._file.close()

    # finding a run

    def place(self, id: str, at: datetime) -> Path:
        """The folder of a run: its current one, or else the one that it will get."""
        day = self.folders.day(at)
        for name in folders.names_of(id):
            folder = day / name
            if not folder.exists() or self._id_in(folder) == id:
                return folder
        raise ConfigError(f"{day} has too many folders with names like that of run {id}")

    @staticmethod
    def _id_in(folder: Path) -> str | None:
        try:
            return str(record.read(folder / RECORD)["id"])
        except (ConfigError, FileNotFoundError):
            return None

    def _place_of(self, id: str) -> str | None:
        """The folder of an existing run, below the root; None if it is not here."""
        place = self._places.get(id)
        if place is not None and os.path.isfile(f"{self.root}/{place}/{RECORD}"):
            return place
        for (path,) in self._placed("SELECT path FROM runs WHERE id = ?", (id,)):
            if os.path.isfile(f"{self.root}/{path}/{RECORD}"):
                _remember(self._places, id, str(path))
                return str(path)
        return None

    def __contains__(self, id: str) -> bool:
        return self._place_of(id) is not None

    def read(self, id: str) -> Run | None:
        """Read a run from its `run.json`. Raises `ConfigError` if that is unreadable."""
        path = self._place_of(id)
        if path is None:
            return None
        try:
            return record.run_of(self._document(path), self.root / path, self._keeper)
        except FileNotFoundError:
            return None

    def _document(self, path: str) -> JSONObject:
        """Read the `run.json` of a folder. It is checked unless it is byte for byte the same as at the last check.

        Raises `ConfigError`, `FileNotFoundError`.
        """
        document, content = record.read_again(f"{self.root}/{path}/{RECORD}", self._checked.get(path))
        _remember(self._checked, path, content)
        return document

    def _below(self, folder: Path) -> str:
        return folder.relative_to(self.root).as_posix()

    # the index

    def ask(self, sql: str, values: tuple[object, ...] = ()) -> list[tuple[Any, ...]]:
        """Query the index. It is first brought up to date if there are signs that it is stale."""
        if self._memory is None and os.path.isdir(self.root):
            try:
                index = self._ready()
                if self._announced.found():
                    self._settle()
                self._check_locks()
                try:
                    return index.rows(sql, values)
                except Damaged:
                    self.rebuild()
                    return index.rows(sql, values)
            except BadIndex as error:
                self._fallen_back(error)
        with self._opening:
            index = self._memory or Index(None)
            try:
                self._synchronise(index)
                return index.rows(sql, values)
            except BadIndex as error:
                raise ConfigError(f"the library {self.root} cannot be searched: {error}") from error

    def _placed(self, sql: str, values: tuple[object, ...]) -> list[tuple[Any, ...]]:
        """Query the index for folders. An index that names others than a library has is rebuilt: it is a stranger's."""
        rows = self.ask(sql, values)
        if all(folders.is_place(row[0]) for row in rows):
            return rows
        self.distrust()
        return self.ask(sql, values)

    def runs(self, query: Query, limit: int | None) -> list[Run]:
        """The matching runs by the index, newest first."""
        found = []
        for path, text in self._placed(*query.sql(limit)):
            read, run = self._read.get(path, (None, None))
            if run is None or read != text:
                run = unread(partial(self._of_index, path, text))
                _remember(self._read, path, (text, run))
            found.append(run)
        return found

    def _of_index(self, path: str, text: str) -> Run:
        """The run of a document in the index. If that is damaged, so may be others: the index is rebuilt."""
        try:
            return record.run_of(record.loaded(text), self.root / path, self._keeper)
        except Exception:  # it was checked when it was indexed
            self.distrust()
            return record.run_of(self._document(path), self.root / path, self._keeper)

    def distrust(self) -> None:
        """Rebuild the index, whose content cannot be trusted; if that fails, use one in memory."""
        try:
            self.rebuild()
        except BadIndex as error:
            self._fallen_back(error)

    def _ready(self) -> Index:
        """The index file, built if necessary. Raises `BadIndex`."""
        try:
            self._file.open()
        except (Missing, Damaged):
            self.rebuild(unless_usable=True)
        return self._file

    def _check_locks(self) -> None:
        """Raise `BadIndex` if the index file is no longer used, perhaps because the drive does not support locks."""
        if self._memory is not None:
            raise BadIndex("one in memory is used")

    def rebuild(self, *, unless_usable: bool = False) -> None:
        """Rebuild the index file from the `run.json` files. Raises `BadIndex`."""
        if not os.access(self.root, os.W_OK):
            raise Unwritable(f"{self.root} cannot be written")
        try:
            with self.locked():
                self._check_locks()
                with suppress(Missing, Damaged):
                    if unless_usable:
                        self._file.open()
                        return
                self.folders.make(self.folders.temporary)
                announced = self._announced.found()
                self._file.build(
                    self._entries(self.folders.runs()), self.folders.temporary / f"{uuid.uuid4().hex}.index"
                )
                self._announced.forget(announced)
        except (ConfigError, OSError) as error:
            raise BadIndex(str(error)) from error

    def _settle(self) -> None:
        """Index announced runs that are not indexed: their process was killed, or is about to index them."""
        with suppress(ConfigError), self.locked(busy="another process is writing"):
            self._check_locks()
            announced = self._announced.found()
            self._file.forget(path for path in announced if not (self.root / path / RECORD).is_file())
            self._file.put(self._entries(announced))
            self._announced.forget(announced)

    def _synchronise(self, index: Index) -> int:
        known = index.stamps()
        there = {path: stamp for path in self.folders.runs() if (stamp := self.stamp(path))}
        if gone := [path for path in known if path not in there]:
            index.forget(gone)
        if changed := [path for path, stamp in there.items() if known.get(path) != stamp]:
            return len(gone) + index.put(self._entries(changed), first=True)
        return len(gone)

    def stamps(self) -> dict[str, str]:
        """The folders in the index file, each with the stamp of its `run.json`. Raises `BadIndex`."""
        return self._file.stamps() if self.root.is_dir() else {}

    def mend_index(self) -> int:
        """Rebuild the index file, since damage cannot always be seen. Returns the number of runs added or removed.

        Raises `ConfigError` if the folder cannot be written.
        """
        if not self.root.is_dir():
            return 0
        with self._opening:
            self._memory = None
            self._warned.clear()
        with self.locked():
            try:
                self._check_locks()
                try:
                    former = self._file.stamps()
                except Damaged:
                    former = {}
                except Missing:
                    former = None
                self.rebuild()
                found = self._file.stamps()
                return 0 if former is None else len({path for path, _ in former.items() ^ found.items()})
            except BadIndex as error:
                self._fallen_back(error)
                return 0

    def stamp(self, path: str) -> str | None:
        """The stamp (time and size) of the `run.json` in a folder; None if there is none."""
        try:
            return record.stamp_of(os.stat(f"{self.root}/{path}/{RECORD}"))
        except (OSError, ValueError):
            return None

    def _entries(self, paths: Iterable[str]) -> Iterator[IndexEntry]:
        """The index entries of some folders. Folders without a readable `run.json` are left out."""
        for path in paths:
            if (entry := self._entry(path)) is not None:
                yield entry

    def _entry(self, path: str) -> IndexEntry | None:
        try:
            folders.check_name(path)
            if not folders.is_place(path):
                return None
            document, text, stamp = record.read_with_stamp(f"{self.root}/{path}/{RECORD}")
        except FileNotFoundError:
            return None
        except ConfigError as error:
            self._warn(f"a run is left out: {error.message}. `verify()` finds all such files")
            return None
        return IndexEntry(path=path, stamp=stamp, document=document, content=text)

    def _fallen_back(self, error: BadIndex) -> None:
        """Switch to an index in memory, and leave the index file alone."""
        with self._opening:
            if self._memory is None:
                if not isinstance(error, Unwritable):
                    self._warn(f"its index cannot be used: {error}. One in memory is used instead; no run is lost")
                self._memory = Index(None)

    def _warn(self, text: str) -> None:
        """Warn once of each kind of fault."""
        kind = text.partition(":")[0]
        if kind not in self._warned:
            self._warned.add(kind)
            warnings.warn(visible(f"library {self.root}: {text}"), UserWarning, stacklevel=3)

    @contextmanager
    def _explained(self, what_for: str) -> Iterator[None]:
        try:
            yield
        except (OSError, ValueError) as error:
            why = getattr(error, "strerror", None) or error
            raise ConfigError(f"the library {self.root} cannot be {what_for}: {why}") from error


def _remember(known: dict[K, V], key: K, value: V) -> None:
    """Cache what was read, within limits."""
    if len(known) >= _REMEMBERED:
        known.clear()
    known[key] = value


def joined(former: Run, run: Run) -> Run:
    """Merge a kept run with new knowledge. Known values never become unknown again."""
    changes: dict[str, object] = {}
    for field in attrs.fields(Run):
        if field.name in ("id", "folder", "submitted_at") or field.name.startswith("_"):
            continue
        value = getattr(run, field.name)
        if value in (None, (), {}, False, RunPrompts()):
            continue
        if field.name == "state" and former.state not in ("open", "unknown"):
            continue
        if field.name == "tags":
            value = tuple(dict.fromkeys((*former.tags, *run.tags)))
        changes[field.name] = value
    return attrs.evolve(former, **changes)  # type: ignore[arg-type]
