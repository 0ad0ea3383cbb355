"""IO: the account of a budget: a ledger, its lock, and the storage of its entries. May import `_core`, `_policy`."""

from __future__ import annotations

import contextlib
import json
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager
from decimal import Decimal
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING, Protocol, TypeAlias

import attrs

from kie._core.errors import ConfigError
from kie._core.json import JSON
from kie._core.numbers import exactly
from kie._io.forks import renewed_after_fork
from kie._io.line_file import LineFile, LockedLines, line_of, parted
from kie._policy.ledger import MOST, Ledger

if TYPE_CHECKING:
    from kie._io.database import Database, Transaction

_BEGINNING = line_of({"v": 1, "event": ""})[: -len('"}\n')]
"""The beginning of each line."""
_NO_ENTRY = "it is not an entry of a budget's ledger"
_SINCE = "SELECT number, entry FROM kie_budgets WHERE account = ? AND number >= ? ORDER BY number"

Write: TypeAlias = Callable[[Mapping[str, JSON]], None]


class Entries(Protocol):
    """The storage of an account's entries, with their sum."""

    ledger: Ledger

    @property
    def blocks(self) -> bool:
        """Whether opening it accesses a disk or a network."""
        ...

    @property
    def path(self) -> Path | None:
        """The file with the entries; None if they are not in a file."""
        ...

    def is_new(self) -> bool:
        """Whether nothing was written yet, so that it can be read without creating anything."""
        ...

    def opened(self, *, spending: bool) -> AbstractContextManager[Write]:
        """Bring the ledger up to date, and keep others out during the block. Gives the function that adds an entry.

        Raises:
            ConfigError: It cannot be read or written, or it may not spend.
        """
        ...

    def renew(self) -> None:
        """Prepare it for use in a child process after a fork."""
        ...


@attrs.define(eq=False)
class InMemory:
    """Entries that last as long as the process."""

    ledger: Ledger = attrs.field(factory=Ledger)
    copied: bool = False
    blocks = False
    path = None

    def is_new(self) -> bool:
        return True

    def renew(self) -> None:
        """Mark it as copied by a fork, so that parent and child cannot both spend what is left."""
        self.copied = True

    @contextlib.contextmanager
    def opened(self, *, spending: bool) -> Iterator[Write]:
        if self.copied and spending:
            raise ConfigError(
                "this budget belongs to the parent process, and both processes could spend what is left of it; nothing "
                "was sent. Give it a file, which they can share: Budget(file=...)"
            )
        yield self._take_up

    def _take_up(self, entry: Mapping[str, JSON]) -> None:
        _refuse_immense(entry)
        self.ledger.take(entry)


@attrs.define(eq=False)
class InFile:
    """Entries in a file, for the processes of a machine.

    `offset` is how much of it was read, `origin` tells it from another of the same name.
    """

    file: LineFile
    ledger: Ledger = attrs.field(factory=Ledger)
    offset: int = 0
    origin: tuple[int, int] | None = None
    blocks = True

    @property
    def path(self) -> Path:
        return self.file.path

    def is_new(self) -> bool:
        return not self.file.exists()

    def renew(self) -> None:
        """Do nothing: the lock is that of the file."""

    @contextlib.contextmanager
    def opened(self, *, spending: bool) -> Iterator[Write]:
        with self.file.locked() as lines:
            self._read(lines)

            def write(entry: Mapping[str, JSON]) -> None:
                _refuse_immense(entry)
                lines.append({"v": 1, **entry})

            yield write

    def _read(self, lines: LockedLines) -> None:
        """Read the entries added since the last time. Raises `ConfigError` for one that cannot be counted."""
        path = lines.file.path
        try:
            found = path.stat()
            origin = (found.st_dev, found.st_ino)
            if origin != self.origin or found.st_size < self.offset:
                self.ledger, self.offset, self.origin = Ledger(), 0, origin
            with open(path, "rb") as file:
                file.seek(self.offset)
                data = file.read()
        except OSError as error:
            raise ConfigError(f"the budget's file {path} cannot be read: {error.strerror or error}") from error
        try:
            for line in parted(data)[0].splitlines(keepends=True):
                self._take(line, path)
                self.offset += len(line)
        except BaseException:  # the next attempt must find the same fault, and count no entry twice after Ctrl-C
            self.ledger, self.offset, self.origin = Ledger(), 0, None
            raise

    def _take(self, line: bytes, path: Path) -> None:
        text = line.strip()
        try:
            self.ledger.take(_entry(text))
        except (ValueError, RecursionError) as error:
            begun = _BEGINNING.startswith(text) or text.startswith(_BEGINNING)
            if begun and not text.endswith(b"}"):
                return  # a crash cut it off, and the next entry started on a new line
            fault = error if str(error).startswith("it") else _NO_ENTRY
            raise ConfigError(
                f"the budget's file {path} has a line that cannot be counted, {text[:60]!a}: {fault}. "
                "Nothing was sent. Name another file, or repair this one"
            ) from None


@attrs.define(eq=False)
class InDatabase:
    """Entries in a database, under a name.

    `number` is that of the last entry that was read, and `last` its text: a different text there means that the account
    was begun again.
    """

    store: Database
    name: str
    ledger: Ledger = attrs.field(factory=Ledger)
    number: int = 0
    last: str = ""
    blocks = True

    @property
    def path(self) -> Path | None:
        return self.store.path

    def is_new(self) -> bool:
        return False

    def renew(self) -> None:
        """Do nothing: the lock is that of the database."""

    @contextlib.contextmanager
    def opened(self, *, spending: bool) -> Iterator[Write]:
        with self.store.transaction(f"budget:{self.name}") as found:
            self._read(found)
            following = count(self.number + 1)

            def write(entry: Mapping[str, JSON]) -> None:
                _refuse_immense(entry)
                text = json.dumps({"v": 1, **entry}, separators=(",", ":"))
                found.execute("INSERT INTO kie_budgets VALUES (?, ?, ?)", self.name, next(following), text)

            yield write

    def _read(self, found: Transaction) -> None:
        """Read the entries added since the last time. Raises `ConfigError` for one that cannot be counted."""
        rows = found.execute(_SINCE, self.name, self.number)
        if self.number and (not rows or rows.pop(0) != (self.number, self.last)):
            self.ledger, self.number, self.last = Ledger(), 0, ""
            rows = found.execute(_SINCE, self.name, 0)
        try:
            for number, text in rows:
                self._take(str(text))
                self.number, self.last = int(str(number)), str(text)
        except BaseException:  # as for a file
            self.ledger, self.number, self.last = Ledger(), 0, ""
            raise

    def _take(self, text: str) -> None:
        try:
            self.ledger.take(_entry(text.encode()))
        except (ValueError, RecursionError) as error:
            fault = error if str(error).startswith("it") else _NO_ENTRY
            raise ConfigError(
                f"the budget {self.name} in {self.store.named} has an entry that cannot be counted, "
                f"{text[:60]!a}: {fault}. Nothing was sent. Use another name, or repair this one"
            ) from None


@attrs.define(eq=False)
class Account:
    """A ledger with its lock, and the place of its entries."""

    entries: Entries = attrs.field(factory=InMemory)
    lock: threading.RLock = attrs.field(factory=threading.RLock)

    def __attrs_post_init__(self) -> None:
        renewed_after_fork(self)

    def renew(self) -> None:
        """Make a new lock after a fork, because another thread may hold the old one forever."""
        self.lock = threading.RLock()
        self.entries.renew()

    def now(self) -> Ledger:
        """The current ledger."""
        if self.entries.is_new():
            return self.entries.ledger
        with self.opened() as (ledger, _):
            return ledger

    @contextlib.contextmanager
    def opened(self, *, spending: bool = False) -> Iterator[tuple[Ledger, Write]]:
        """Yield the ledger, locked against others, and the function that adds an entry. Raises `ConfigError`."""
        with exactly(), self.lock, self.entries.opened(spending=spending) as write:
            yield self.entries.ledger, write

    def end(self, key: str, entry: dict[str, JSON], *, tasks: bool = True) -> bool:
        """Add an entry about a reservation, named by its id or task, if there is one: with `tasks` also of a task.

        Returns whether it was added: not if the reservation is known to belong to the same task.
        """
        with self.opened() as (ledger, write):
            held = ledger.find(key)
            if held is None or (held.ref is not None and (not tasks or str(held.ref) == entry.get("ref"))):
                return False
            if entry["event"] == "settle" and entry["credits"] is None:
                entry = {**entry, "credits": str(held.credits), "assumed": True}
            write({**entry, "id": held.id})
            return True


def _refuse_immense(entry: Mapping[str, JSON]) -> None:
    """Refuse credits that are too large for the ledger. Raises `ConfigError`."""
    if Decimal(str(entry.get("credits", 0))) > MOST:
        raise ConfigError(f"{entry['credits']} credits are more than a budget can count")


def _entry(text: bytes) -> Mapping[str, JSON]:
    entry = json.loads(text)
    if not isinstance(entry, dict) or entry.get("v") != 1:
        raise ValueError(_NO_ENTRY)
    return entry
