"""Durable: tracks which machines are alive, by a row with a heartbeat for each. May import `_core` and `_io`.

A machine whose process has gone is taken over at once on the same host, and from other hosts after `SILENCE` seconds
without a heartbeat. A jumping clock can make a wrong verdict, but a wrong verdict sends nothing twice: each line has
its own note.
"""

from __future__ import annotations

import hashlib
import os
import secrets
import socket
import threading
import time
import uuid
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import attrs

from kie._core.errors import ConfigError
from kie._io.database import Transaction, database
from kie._io.secrets import Secret

BEAT = 5.0
"""Seconds between two heartbeats."""

SILENCE = 30.0
"""Seconds without a heartbeat after which a machine counts as dead."""

ADOPTED = "adopted:"

_ALIVE: set[str] = set()
"""The heartbeats of this process. Others of its rows are of machines that it could not release."""


@attrs.frozen
class Machine:
    """A machine that takes part in a database."""

    name: str
    """Its name."""
    alive: bool
    """Whether its heartbeat is recent and its process is not known to have ended."""
    silent: float
    """Seconds since its last heartbeat."""


class Heartbeat:
    """Keeps the row of this machine up to date.

    Args:
        url: The URL of the database.
        name: The name of the machine.
        lost: Called if another machine has taken this one over, or could have because the database was out of reach for
            long.
    """

    def __init__(self, url: str | Secret, name: str, lost: Callable[[ConfigError], object]) -> None:
        self._database = database(url)
        self._name = name
        self._lost = lost
        self._process = f"{_host()}:{os.getpid()}:{_started(os.getpid())}:{secrets.token_hex(4)}"
        self._ended = threading.Event()
        self._thread: threading.Thread | None = None

    def claim(self) -> None:
        """Claim the name. Raises `ConfigError` if a live process has it."""
        _ALIVE.add(self._process)
        try:
            self._claim()
        except BaseException:
            _ALIVE.discard(self._process)
            raise

    def _claim(self) -> None:
        with self._database.transaction("machines") as transaction:
            found = _machines(transaction, self._name)
            if found and found[0][0].alive:
                raise ConfigError(
                    f"machine {self._name!r} is in use: its last heartbeat was {found[0][0].silent:.0f} s ago. "
                    "Give each process a name of its own"
                )
            if found and found[0][1].startswith(ADOPTED):
                transaction.execute("DELETE FROM kie_machines WHERE name = ?", self._name)
            _write(transaction, self._name, self._process)

    def start(self) -> None:
        """Start the heartbeat."""
        self._thread = threading.Thread(target=self._beat, name="kie-heartbeat", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """Stop the heartbeat and release the name, so that another process may claim it at once."""
        self._ended.set()
        if self._thread is not None:
            self._thread.join(timeout=10)
        _ALIVE.discard(self._process)
        if self._thread is not None and self._thread.is_alive():  # the database is locked: the name is free later
            return
        with suppress(ConfigError), self._database.transaction("machines") as transaction:
            transaction.execute(
                "UPDATE kie_machines SET process = '', beat = 0 WHERE name = ? AND process = ?",
                self._name,
                self._process,
            )

    def _beat(self) -> None:
        latest = time.monotonic()
        while not self._ended.wait(BEAT):
            try:
                kept = self._kept()
                latest = time.monotonic()
            except ConfigError as error:  # other machines may consider this one dead by now
                if time.monotonic() - latest > SILENCE:
                    self._lost(error)
                continue
            if not kept:
                self._lost(ConfigError(f"machine {self._name!r} was taken over: it had been silent for too long"))
                return

    def _kept(self) -> bool:
        """Write a heartbeat. Returns False if the name belongs to another process by now."""
        with self._database.transaction("machines") as transaction:
            kept = self._is_ours(transaction)
            if kept:
                _write(transaction, self._name, self._process)
        return kept

    def has_name(self) -> bool:
        """Whether no other machine has taken this one over. Raises `ConfigError`."""
        with self._database.transaction("machines") as transaction:
            return self._is_ours(transaction)

    def _is_ours(self, transaction: Transaction) -> bool:
        row = transaction.execute("SELECT process FROM kie_machines WHERE name = ?", self._name)
        return bool(row) and row[0][0] == self._process


def machines(url: str | Secret) -> list[Machine]:
    """Every machine of a database. Raises `ConfigError`."""
    with database(url).transaction("machines") as transaction:
        return [machine for machine, _ in _machines(transaction)]


def take_over(url: str | Secret, name: str, by: str) -> None:
    """Mark a machine as taken over, unless it is alive.

    Raises:
        ConfigError: The machine is alive or does not exist.
    """
    with database(url).transaction("machines") as transaction:
        found = _machines(transaction, name)
        if not found:
            known = ", ".join(machine.name for machine, _ in _machines(transaction)) or "none"
            raise ConfigError(f"the database has no machine {name!r}; it has: {known}")
        machine = found[0][0]
        if machine.alive:
            raise ConfigError(
                f"machine {name!r} is alive: its last heartbeat was {machine.silent:.0f} s ago. End it, or wait until "
                f"it has been silent for {SILENCE:.0f} s"
            )
        transaction.execute("UPDATE kie_machines SET process = ?, beat = 0 WHERE name = ?", f"{ADOPTED}{by}", name)


def _machines(transaction: Transaction, name: str | None = None) -> list[tuple[Machine, str]]:
    now = transaction.now()
    every = transaction.execute("SELECT name, process, beat FROM kie_machines ORDER BY name")
    found = []
    for known, process, beat in every:
        silent = now - float(beat or 0)  # a jump of the clock may put it into the future, which counts like the past
        alive = bool(process) and abs(silent) < SILENCE and not _gone(str(process))
        if name is None or known == name:
            found.append((Machine(str(known), alive, abs(silent)), str(process)))
    return found


def _write(transaction: Transaction, name: str, process: str) -> None:
    transaction.execute(
        "INSERT INTO kie_machines (name, process, beat) VALUES (?, ?, ?) "
        "ON CONFLICT (name) DO UPDATE SET process = excluded.process, beat = excluded.beat",
        name,
        process,
        transaction.now(),
    )


def _gone(process: str) -> bool:
    """Whether a process of this host has ended. Another process may have its number now."""
    host, _, rest = process.partition(":")
    number, _, rest = rest.partition(":")
    if host != _host() or not number.isdecimal() or os.name == "nt":  # on Windows, signal 0 would end the process
        return process.startswith(ADOPTED)
    try:
        os.kill(int(number), 0)
    except ProcessLookupError:
        return True
    except OSError:
        return False
    if int(number) == os.getpid():
        return process not in _ALIVE
    return _started(int(number)) != rest.partition(":")[0]


def _host() -> str:
    """The identity of this host or container: its name, its network card and its process namespace."""
    space = ""
    with suppress(OSError):
        space = os.readlink("/proc/self/ns/pid")
    return hashlib.sha256(f"{socket.gethostname()} {uuid.getnode()} {space}".encode()).hexdigest()[:16]


def _started(number: int) -> str:
    """When a process was started, in the system's ticks; empty if the system does not tell."""
    with suppress(OSError, IndexError):
        found = Path(f"/proc/{number}/stat").read_text("ascii", "replace").rpartition(")")[2].split()
        return "ended" if found[0] == "Z" else found[19]
    return ""
