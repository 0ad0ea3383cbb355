"""IO: the account of a budget: a ledger, its lock, and the file that it stands in. May import `_core`, `_policy`."""

from __future__ import annotations

import contextlib
import json
import threading
from collections.abc import Callable, Iterator, Mapping
from decimal import Decimal
from pathlib import Path
from typing import TypeAlias

import attrs

from kie._core.errors import ConfigError
from kie._core.json import JSON
from kie._io.forks import renewed_after_fork
from kie._io.line_file import LineFile, LockedLines, line_of, parted
from kie._policy.ledger import MOST, Ledger

_BEGINNING = line_of({"v": 1, "event": ""})[: -len('"}\n')]
"""How each line begins."""

Write: TypeAlias = Callable[[Mapping[str, JSON]], None]


@attrs.define(eq=False)
class Account:
    """A ledger with its lock, and the file that it stands in, if it has one.

    `offset` is how much of the file was read, `origin` tells that file from another of the same name.
    """

    file: LineFile | None
    ledger: Ledger = attrs.field(factory=Ledger)
    offset: int = 0
    origin: tuple[int, int] | None = None
    copied: bool = False
    lock: threading.RLock = attrs.field(factory=threading.RLock)

    def __attrs_post_init__(self) -> None:
        renewed_after_fork(self)

    def renew(self) -> None:
        """After a fork: parent and child would both spend what is left of an account in memory."""
        self.lock = threading.RLock()
        self.copied = self.file is None

    def now(self) -> Ledger:
        """The ledger as it is."""
        if self.file is None or not self.file.exists():
            return self.ledger
        with self.opened() as (ledger, _):
            return ledger

    @contextlib.contextmanager
    def opened(self, *, spending: bool = False) -> Iterator[tuple[Ledger, Write]]:
        """The ledger while nobody else can change it, and what adds an entry. Raises `ConfigError`."""
        with self.lock:
            if self.copied and spending:
                raise ConfigError(
                    "this budget belongs to the process that was forked, and two processes could both spend what is "
                    "left of it; nothing was sent. Give it a file, which they can share: Budget(file=...)"
                )
            if self.file is None:
                yield self.ledger, self._take_up
                return
            with self.file.locked() as lines:
                self._read(lines)

                def write(entry: Mapping[str, JSON]) -> None:
                    _refuse_immense(entry)
                    lines.append({"v": 1, **entry})

                yield self.ledger, write

    def _take_up(self, entry: Mapping[str, JSON]) -> None:
        _refuse_immense(entry)
        self.ledger.take(entry)

    def end(self, key: str, entry: dict[str, JSON]) -> bool:
        """Add an entry about a reservation, named by its id or task, if there is one."""
        with self.opened() as (ledger, write):
            held = ledger.find(key)
            if held is None:
                return False
            if entry["event"] == "settle" and entry["credits"] is None:
                entry = {**entry, "credits": str(held.credits), "assumed": True}
            write({**entry, "id": held.id})
            return True

    def _read(self, lines: LockedLines) -> None:
        """Read what was added since the last time. Raises `ConfigError` for what nobody can count."""
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
        for line in parted(data)[0].splitlines(keepends=True):
            self._take(line, path)
            self.offset += len(line)

    def _take(self, line: bytes, path: Path) -> None:
        text = line.strip()
        try:
            self.ledger.take(_entry(text))
        except (ValueError, RecursionError) as error:
            begun = _BEGINNING.startswith(text) or text.startswith(_BEGINNING)
            if begun and not text.endswith(b"}"):
                return  # a crash cut it off, and the next line was begun after it
            fault = error if str(error).startswith("it") else "it is not an entry of a budget's ledger"
            # the next attempt shall meet the same fault, not count what follows it
            self.ledger, self.offset, self.origin = Ledger(), 0, None
            raise ConfigError(
                f"the budget's file {path} has a line that cannot be counted, {text[:60]!a}: {fault}. "
                "Nothing was sent. Name another file, or mend this one"
            ) from None


def _refuse_immense(entry: Mapping[str, JSON]) -> None:
    """Refuse credits that the ledger would not take. Raises `ConfigError`."""
    if Decimal(str(entry.get("credits", 0))) > MOST:
        raise ConfigError(f"{entry['credits']} credits are more than a budget can count")


def _entry(text: bytes) -> Mapping[str, JSON]:
    entry = json.loads(text)
    if not isinstance(entry, dict) or entry.get("v") != 1:
        raise ValueError("it is not an entry of a budget's ledger")
    return entry
