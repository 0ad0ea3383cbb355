"""Library: the layout of runs on disk, and atomic writing of their files. May import `_core`, `_io`."""

from __future__ import annotations

import errno
import hashlib
import os
import re
import shutil
import stat
import uuid
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path, PurePath, PurePosixPath
from typing import BinaryIO, TypeAlias

import attrs

from kie._core.errors import ConfigError
from kie._io.replacing import replace

Content: TypeAlias = bytes | Path | Callable[[], BinaryIO]
"""The content of a new file: bytes, the path of a file to copy, or a function that opens something to read."""

RECORD = "run.json"
LOCK = ".lock"
_TEMPORARY = ".tmp"
_LONGEST = 100
_RESERVED = re.compile(r"(?i)(con|prn|aux|nul|com\d|lpt\d)(\..*)?")
"""Names that Windows reserves for devices."""


_PLACE = re.compile(r"\d{4}/\d\d/\d\d/(?!\.\.?$)[^/\0]+", re.ASCII | re.DOTALL)


def is_place(path: str) -> bool:
    """Whether a path is one of a run's folder below the root. An index or a note from a stranger may hold others."""
    return _PLACE.fullmatch(path) is not None and (os.sep == "/" or PurePath(path).as_posix() == path)


def check_name(path: str) -> None:
    """Raise `ConfigError` if the name of a run's folder is not valid text: no JSON, page or index could hold it."""
    try:
        path.encode()
    except UnicodeEncodeError:
        raise ConfigError(f"the name of the folder {path!r} is not UTF-8: rename it") from None


def utc(at: datetime) -> datetime:
    """Convert a time to UTC. A time without a zone is taken for UTC."""
    return at.replace(tzinfo=UTC) if at.tzinfo is None else at.astimezone(UTC)


def names_of(id: str) -> Iterator[str]:
    """The names that a run's folder may have, best first: the id with `-` for `:`, if that is a valid folder name."""
    plain = id.replace(":", "-")
    name = re.sub(r"[^A-Za-z0-9._-]", "_", plain)[:_LONGEST]
    unusual = name != plain or name.startswith(".") or name.endswith(".") or _RESERVED.fullmatch(name) is not None
    if not unusual:
        yield name
    stem = f"{name.strip('.')}-{hashlib.sha256(id.encode('utf-8', 'replace')).hexdigest()[:8]}"
    yield stem
    yield from (f"{stem}-{number}" for number in range(2, 100))


@attrs.frozen
class Folders:
    """The folders below a library's root."""

    root: Path

    def day(self, at: datetime) -> Path:
        """The folder of a day."""
        when = utc(at)
        return self.root / f"{when.year:04}/{when.month:02}/{when.day:02}"

    def make(self, folder: Path) -> None:
        """Make a folder and those above it, for this user only. Raises `OSError`."""
        if not folder.is_dir():
            if folder != folder.parent:
                self.make(folder.parent)
            try:
                folder.mkdir(mode=0o700, exist_ok=True)
            except FileExistsError as error:
                raise NotADirectoryError(errno.ENOTDIR, f"{folder} is not a folder") from error

    def certainly_unwritable(self, at: datetime) -> str | None:
        """Why a run of this time cannot be written, if that is certain; else None. Nothing is made."""
        for path in (self.temporary / RECORD, self.root / LOCK, self.day(at) / RECORD):
            if path.name == LOCK and os.path.isfile(path):
                there = path
            else:
                there = next((above for above in path.parents if os.path.lexists(above)), path)
                try:
                    if not _is_folder(there):
                        return f"{there} is not a folder"
                except OSError:  # a drive that does not answer now may answer later
                    continue
            if _is_denied(there, os.W_OK if there is path else os.W_OK | os.X_OK):
                return f"{there} is read-only, or belongs to somebody else"
        return None

    @property
    def temporary(self) -> Path:
        """The folder for files and folders that are not complete yet."""
        return self.root / _TEMPORARY

    @contextmanager
    def half_made(self) -> Iterator[Path]:
        """Make a temporary folder, and remove it afterwards unless it was moved to its place."""
        folder = self.temporary / uuid.uuid4().hex
        self._within(lambda: folder.mkdir(mode=0o700))
        try:
            yield folder
        finally:
            if os.path.exists(folder):
                shutil.rmtree(folder, ignore_errors=True)

    def replace(self, path: Path, content: bytes) -> None:
        """Replace a file atomically: readers see the old one or the new one, never a mixture.

        Raises `OSError`.
        """
        new = f"{self.root}/{_TEMPORARY}/{uuid.uuid4().hex}"
        try:
            self._within(lambda: write(new, content))
            replace(new, path)
        except BaseException:
            with suppress(OSError):
                os.unlink(new)
            raise

    def _within(self, make: Callable[[], object]) -> None:
        """Make something in the temporary folder, which is created if necessary. Raises `OSError`."""
        try:
            make()
        except FileNotFoundError:
            self.make(self.temporary)
            make()

    def runs(self) -> Iterator[str]:
        """All folders that may hold a run, as paths below the root, with `/`."""
        for year in _listed(self.root, 4):
            for month in _listed(f"{self.root}/{year}", 2):
                for day in _listed(f"{self.root}/{year}/{month}", 2):
                    for name in _listed(f"{self.root}/{year}/{month}/{day}"):
                        yield f"{year}/{month}/{day}/{name}"


def _is_folder(path: Path) -> bool:
    """Whether there is a folder, perhaps one that this user may not see. Raises `OSError` if that is not certain."""
    try:
        return stat.S_ISDIR(os.stat(path).st_mode)
    except PermissionError:
        return True
    except OSError as error:
        if error.errno in (errno.ENOENT, errno.ENOTDIR, errno.ELOOP):
            return False
        raise


def _is_denied(path: Path, mode: int) -> bool:
    """Whether access is certainly denied: to the user, and to the process, which may have more rights than its user.

    On Windows that is never certain, because the attribute that would say so does not protect folders.
    """
    if os.name == "nt" or os.access(path, mode):
        return False
    return os.access not in os.supports_effective_ids or not os.access(path, mode, effective_ids=True)


def _listed(folder: str | Path, digits: int | None = None) -> list[str]:
    """The names in a folder; with `digits`, only numbers with that many digits."""
    try:
        found = sorted(os.listdir(folder))
    except OSError:
        return []
    if digits is None:
        return found
    return [name for name in found if len(name) == digits and name.isascii() and name.isdecimal()]


def write(path: Path | str, content: Content) -> None:
    """Write a new file for this user only. Raises `OSError`.

    There is no fsync, which may take milliseconds: paid tasks are in the journal, which is synced.
    """
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0), 0o600)
    with open(handle, "wb", 0 if isinstance(content, bytes) else -1) as file:
        if isinstance(content, bytes):
            left = memoryview(content)
            while left:
                left = left[file.write(left) :]
            return
        with open(content, "rb") if isinstance(content, Path) else content() as source:
            shutil.copyfileobj(source, file, 1024 * 1024)


def put(folder: Path, contents: Mapping[str, Content]) -> None:
    """Write files into a new folder, by their paths in it. Raises `OSError`."""
    for name, content in contents.items():
        target = folder / inside(name)
        target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        write(target, content)


def inside(name: str) -> PurePosixPath:
    """The path of a file in a run's folder. Raises `ConfigError` if it leads out of the folder."""
    place = PurePosixPath(name)
    if not name or place.is_absolute() or ".." in place.parts or re.search(r"[\\:\0-\x1f]", name):
        raise ConfigError(f"{name!r} is not a path in the folder of a run")
    return place
