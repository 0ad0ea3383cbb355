"""Library: finds what is wrong in a library's folder, and repairs what can be repaired. May import `_core`, `_io`.

The user's files are never touched: no `notes.md`, no file in the way of another, and no unreadable `run.json`.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, TypeAlias

import attrs

from kie._core.errors import ConfigError
from kie._core.safe_text import described
from kie._library import record
from kie._library.derivatives import HINT, PictureFault, can_make, lacks_pictures, make, with_pictures
from kie._library.file_facts import facts_of
from kie._library.folders import RECORD, Folders, check_name
from kie._library.index import BadIndex, Missing
from kie._library.run import Run, RunFile, leads_out

if TYPE_CHECKING:
    from kie._library.library import Library

OLD = 24 * 3600.0
"""A temporary file older than this many seconds was left behind."""

Changes: TypeAlias = dict[tuple[str, int], dict[str, Any]]
"""New values of the fields of files, by role and index."""

FaultKind: TypeAlias = Literal[
    "unreadable", "foreign", "duplicate", "missing", "changed", "facts", "picture", "store", "index", "leftover"
]
"""What is wrong: a `run.json` that cannot be read, a folder without one, a second folder of the same run, a file that
is gone or changed, facts or pictures that are missing, a file that the store lacks, an index that is not up to date, a
temporary file that was left behind."""


@attrs.frozen(kw_only=True)
class LibraryFault:
    """Something that is wrong in a library's folder."""

    kind: FaultKind
    """What it is."""
    path: Path
    """Where."""
    message: str
    """In words, with what to do."""

    def __str__(self) -> str:
        return f"{self.path}: {self.message}"


@attrs.frozen(kw_only=True)
class RepairReport:
    """What `Library.repair` did, and what it left."""

    indexed: int = 0
    """Runs that were added to the index, or removed from it."""
    removed: tuple[Path, ...] = ()
    """Temporary files that were removed."""
    facts: tuple[Path, ...] = ()
    """Files whose hash, type or size was recorded."""
    pictures: tuple[Path, ...] = ()
    """Files for which pictures were made."""
    stored: tuple[Path, ...] = ()
    """Files that were moved to the store."""
    faults: tuple[LibraryFault, ...] = ()
    """What is still wrong."""

    def __str__(self) -> str:
        done = [
            (self.indexed, "run", "indexed"),
            (len(self.removed), "leftover", "removed"),
            (len(self.facts), "file", "measured"),
            (len(self.pictures), "file", "given pictures"),
            (len(self.stored), "file", "moved to the store"),
            (len(self.faults), "fault", "left"),
        ]
        said = (f"{count} {noun if count == 1 else f'{noun}s'} {what}" for count, noun, what in done if count)
        return ", ".join(said) or "nothing to repair"


def faults_of(library: Library, *, content: bool) -> Iterator[LibraryFault]:
    """Find everything that is wrong. With `content`, every file is read."""
    folders = library._shelf.folders
    seen: dict[str, Path] = {}
    lacking = False
    for path in folders.runs():
        folder = library.path / path
        run = _read(library, folder)
        if isinstance(run, LibraryFault):
            yield run
        elif run.id in seen:
            yield LibraryFault(
                kind="duplicate",
                path=folder,
                message=f"run {run.id} is in {seen[run.id]} as well: move one of them out of the library",
            )
        else:
            seen[run.id] = folder
            for fault in _faults_in(library, run, content):
                if fault.kind == "picture" and not can_make():
                    lacking = True
                else:
                    yield fault
    if lacking:
        yield LibraryFault(kind="picture", path=library.path, message=HINT)
    yield from _faults_of_index(library, set(seen.values()))
    for left in _leftovers(folders):
        yield LibraryFault(kind="leftover", path=left, message="it was left behind by a process that was killed")


def _read(library: Library, folder: Path) -> Run | LibraryFault:
    try:
        check_name(folder.name)
        return record.run_of(record.read(folder / RECORD), folder, library)
    except FileNotFoundError:
        return LibraryFault(
            kind="foreign", path=folder, message="it contains no run.json: it does not belong to this library"
        )
    except ConfigError as error:
        why = error.message.removeprefix(f"{folder / RECORD} ")
        return LibraryFault(kind="unreadable", path=folder / RECORD, message=f"{why}; it is left alone")


def _faults_in(library: Library, run: Run, content: bool) -> Iterator[LibraryFault]:
    for file in (*run.inputs, *run.outputs):
        if file.name is None:
            if (found := _fetched(file)) is not None:
                yield LibraryFault(kind="facts", path=found, message="run.json does not name it")
            continue
        place = file.place(file.name)
        if place is None:
            continue
        if file.stored:
            yield from _faults_in_store(library, file, place)
        elif not os.path.isfile(place):
            yield LibraryFault(kind="missing", path=place, message="the file is gone")
        elif leads_out(file):
            yield LibraryFault(
                kind="changed", path=place, message="a link leads out of the run's folder: it is not read"
            )
        else:
            yield from _faults_in_file(library, file, place, content)
    settings = library.derivatives
    if settings is not None:
        for file in run.outputs:
            if file.path is not None and lacks_pictures(file, settings):
                yield LibraryFault(kind="picture", path=file.path, message="there is no picture of it")


def _faults_in_file(library: Library, file: RunFile, place: Path, content: bool) -> Iterator[LibraryFault]:
    try:
        changed = file.size is not None and os.path.getsize(place) != file.size
        if not changed and content and file.sha256 is not None:
            changed = _sha256(place) != file.sha256
    except OSError as error:
        yield LibraryFault(kind="changed", path=place, message=f"it cannot be read: {error.strerror or error}")
        return
    if changed:
        yield LibraryFault(kind="changed", path=place, message="its content has changed since it was kept")
    elif file.sha256 is None or file.mime is None or file.size is None:
        yield LibraryFault(kind="facts", path=place, message="its hash, type or size is not recorded")
    elif library.store is not None:
        yield LibraryFault(kind="store", path=place, message="it was not moved to the store")


def _faults_in_store(library: Library, file: RunFile, place: Path) -> Iterator[LibraryFault]:
    if library.store is None:
        yield LibraryFault(
            kind="store", path=place, message="it is in a store, and this library was opened without one"
        )
        return
    try:
        library.open(file).close()
    except Exception as error:
        yield LibraryFault(kind="store", path=place, message=f"the store does not return it: {described(error)}")
    else:
        if os.path.isfile(place):
            yield LibraryFault(kind="leftover", path=place, message="it was moved to the store, but is still here")


def _sha256(path: Path) -> str:
    with open(path, "rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _fetched(file: RunFile) -> Path | None:
    """An original that exists although `run.json` does not name it."""
    if file.role != "output" or file.folder is None:
        return None
    found = sorted((file.folder / "original").glob(f"{file.index}.*"))
    return found[0] if len(found) == 1 and os.path.isfile(found[0]) else None


def _faults_of_index(library: Library, known: set[Path]) -> Iterator[LibraryFault]:
    shelf = library._shelf
    try:
        stamps = shelf.stamps()
    except Missing:  # the file may be deleted at any time
        return
    except BadIndex as error:
        yield LibraryFault(kind="index", path=library.path / "index.sqlite", message=f"it cannot be used: {error}")
        return
    for folder in sorted(known):
        path = folder.relative_to(library.path).as_posix()
        if stamps.pop(path, None) != shelf.stamp(path):
            yield LibraryFault(kind="index", path=folder, message="the index is out of date for it")
    for path in sorted(stamps):
        if not os.path.exists(library.path / path / RECORD):
            yield LibraryFault(
                kind="index", path=library.path / path, message="it is gone, but the index still lists it"
            )


def _leftovers(folders: Folders) -> list[Path]:
    if folders.temporary.is_symlink():  # the folder may hold files of others: it may be /tmp
        return []
    limit = time.time() - OLD
    found = []
    for path in sorted(folders.temporary.glob("*")):
        with suppress(OSError):
            if path.lstat().st_mtime < limit:
                found.append(path)
    return found


def repair(library: Library) -> RepairReport:
    """Repair everything that can be repaired. Raises `ConfigError` if the folder cannot be written."""
    shelf = library._shelf
    removed = []
    for left in _leftovers(shelf.folders):
        _remove(left)
        if not left.exists():
            removed.append(left)
    indexed = shelf.mend_index()
    facts: list[Path] = []
    pictures: list[Path] = []
    stored: list[Path] = []
    refused: list[LibraryFault] = []
    for run in library:
        try:
            facts += _measure(library, run)
            pictures += _picture(library, run.id, refused)
            if library.store is not None:
                stored += move_to_store(library, run.id, lambda path, why: refused.append(_kept_here(path, why)))
                removed += _remove_stored(library, run.id)
        except ConfigError as error:
            refused.append(LibraryFault(kind="unreadable", path=run.folder / RECORD, message=error.message))
    left_over = [fault for fault in faults_of(library, content=False) if fault.path not in {r.path for r in refused}]
    return RepairReport(
        indexed=indexed,
        removed=tuple(removed),
        facts=tuple(facts),
        pictures=tuple(pictures),
        stored=tuple(stored),
        faults=(*refused, *left_over),
    )


def _kept_here(path: Path, why: str) -> LibraryFault:
    return LibraryFault(kind="store", path=path, message=f"it stays here: {why}")


def _remove(path: Path) -> None:
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path, ignore_errors=True)
    else:
        with suppress(OSError):
            path.unlink()


def _measure(library: Library, run: Run) -> list[Path]:
    """Note missing facts of files, and originals that `run.json` does not name."""
    found: Changes = {}
    paths = []
    for file in (*run.inputs, *run.outputs):
        path = file.path if file.name is not None else _fetched(file)
        lacking = file.name is None or file.sha256 is None or file.mime is None or file.size is None
        if path is None or not lacking or file.stored or not os.path.isfile(path):
            continue
        with suppress(OSError):
            name = path.relative_to(run.folder).as_posix()
            found[file.role, file.index] = {"name": name, **attrs.asdict(facts_of(path))}
            paths.append(path)
    if found:
        library._update(run.id, lambda now: _with(now, found))
    return paths


def _with(run: Run, changes: Changes) -> Run:
    """Apply changes to the files of a run."""

    def changed(files: tuple[RunFile, ...]) -> tuple[RunFile, ...]:
        return tuple(attrs.evolve(file, **changes.get((file.role, file.index), {})) for file in files)

    return attrs.evolve(run, inputs=changed(run.inputs), outputs=changed(run.outputs))


def _picture(library: Library, id: str, refused: list[LibraryFault]) -> list[Path]:
    """Make the pictures that are missing."""
    settings = library.derivatives
    run = library._known(id)
    if settings is None or run is None:
        return []

    def report(fault: PictureFault) -> None:
        refused.append(LibraryFault(kind="picture", path=fault.path, message=f"there is no picture of it: {fault.why}"))

    lacking = {file.path for file in run.outputs if lacks_pictures(file, settings)}
    made = make(run, settings, report=report, scratch=library._scratch)
    if made != run.outputs:
        library._update(id, lambda now: with_pictures(now, made))
    found = [file for file in made if file.path in lacking and not lacks_pictures(file, settings)]
    return [file.path for file in found if file.path is not None]


def move_to_store(library: Library, id: str, report: Callable[[Path, str], object]) -> list[Path]:
    """Move the complete files of a run to the library's store. A file that the store refuses stays.

    Args:
        library: The library.
        id: The run.
        report: Called for each file that stays, with the reason.

    Returns:
        The files that were moved.
    """
    run, store = library._known(id), library.store
    if run is None or store is None or run.state == "open":
        return []
    moved: Changes = {}
    paths: list[Path] = []
    for file in (*run.inputs, *run.outputs):
        path = file.path
        if path is None or file.sha256 is None or not os.path.isfile(path):
            continue
        try:
            if _sha256(path) != file.sha256:
                report(path, "its content has changed since it was kept")
                continue
            store.put(library._stored_as(file), path)
        except Exception as error:  # the user's store may raise anything
            report(path, f"the store did not accept it: {described(error)}")
            continue
        moved[file.role, file.index] = {"stored": True}
        paths.append(path)
    if moved:
        library._update(id, lambda now: _with(now, moved))
        for path in paths:
            with suppress(OSError):
                path.unlink()
    return paths


def _remove_stored(library: Library, id: str) -> list[Path]:
    """Remove files that are both in the store and here, because a process was killed during the move."""
    run = library._known(id)
    removed = []
    for file in () if run is None else (*run.inputs, *run.outputs):
        place = file.place(file.name)
        if not file.stored or place is None or not os.path.isfile(place):
            continue
        with suppress(Exception):
            library.open(file).close()
            if _sha256(place) == file.sha256:
                os.unlink(place)
                removed.append(place)
    return removed
