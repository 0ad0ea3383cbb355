"""Processes that share a limit, in virtual time: a database in memory with a clock that the test moves."""

from __future__ import annotations

import heapq
import random
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import count
from typing import cast

import attrs

from kie import ConfigError, RateLimit
from kie._io.database import Database, Row, Value
from kie._io.shared_limits import SharedLimits
from kie._policy.durations import Durations
from kie._policy.limits import Permit
from kie._policy.poll_line import Due

EPOCH = 1_800_000_000.0


@attrs.define(eq=False, slots=False)
class FakeDatabase:
    """A database in memory. `offset` is what its clock is ahead of the test's; `broken` refuses everything."""

    clock: Callable[[], float]
    offset: float = EPOCH
    broken: str = ""
    transactions: int = 0
    patience: list[bool] = attrs.field(factory=list)
    """Whether each transaction would wait for a server that is gone for a moment."""
    named: str = "sqlite:///shared"
    connection: sqlite3.Connection = attrs.field(factory=lambda: sqlite3.connect(":memory:", isolation_level=None))

    def __attrs_post_init__(self) -> None:
        self.connection.execute("CREATE TABLE kie_limits (name TEXT PRIMARY KEY, state TEXT NOT NULL)")

    @contextmanager
    def transaction(self, lock: str, *, patient: bool = True) -> Iterator[FakeDatabase]:
        self.patience.append(patient)
        if self.broken:
            raise ConfigError(self.broken)
        self.transactions += 1
        self.connection.execute("BEGIN")
        try:
            yield self
        except BaseException:
            self.connection.execute("ROLLBACK")
            raise
        self.connection.execute("COMMIT")

    def execute(self, statement: str, *values: Value) -> list[Row]:
        return self.connection.execute(statement, values).fetchall()

    def now(self) -> float:
        return self.clock() + self.offset

    def states(self) -> dict[str, str]:
        return dict(self.connection.execute("SELECT name, state FROM kie_limits").fetchall())


@attrs.define(eq=False, slots=False)
class Cluster:
    """Processes with clocks of their own that share a database, and requests that travel."""

    rate: RateLimit
    seed: int = 0
    there: tuple[float, float] = (0.01, 0.25)
    back: tuple[float, float] = (0.01, 0.25)
    now: float = 0.0
    arrivals: list[float] = attrs.field(factory=list)
    warnings: list[str] = attrs.field(factory=list)
    refused: set[int] = attrs.field(factory=set)
    """The requests that the service refuses with 429."""
    finished: list[tuple[int, int]] = attrs.field(factory=list)
    """The process and the number of each request, in the order of their permits."""

    def __attrs_post_init__(self) -> None:
        self.random = random.Random(self.seed)
        self.store = FakeDatabase(lambda: self.now)
        self.processes: dict[int, SharedLimits] = {}
        self._events: list[tuple[float, int, Callable[[], None]]] = []
        self._order = count()

    def process(self, number: int) -> SharedLimits:
        found = self.processes.get(number)
        if found is None:
            offset = self.random.uniform(0, 1e6)
            found = self.processes[number] = SharedLimits(
                "group:test",
                self.rate,
                cast("Database", self.store),
                clock=lambda: self.now + offset,
                warn=self.warnings.append,
            )
        return found

    def here(self, number: int) -> float:
        """The time by the clock of a process."""
        return self.process(number)._clock()

    def at(self, moment: float, action: Callable[[], None]) -> None:
        heapq.heappush(self._events, (moment, next(self._order), action))

    def crash(self, number: int) -> None:
        """From now on, a process does nothing. What it has sent arrives."""
        self.processes.pop(number)

    def submit(self, number: int, name: int) -> None:
        """A process submits a request, as soon as its permit is there."""
        limits = self.process(number)

        def ask(permit: Permit | None) -> None:
            if self.processes.get(number) is not limits:
                return
            if not limits.waits("submit", self.here(number), permit):
                permit = limits.reserve("submit", self.here(number), permit)
            assert permit is not None
            if permit.wait > 0:
                self.at(self.now + permit.wait, lambda: ask(permit))
                return
            self.finished.append((number, name))
            there, back = self.random.uniform(*self.there), self.random.uniform(*self.back)
            self.arrivals.append(self.now + there)
            self.at(self.now + there + back, lambda: answered(permit))

        def answered(permit: Permit) -> None:
            if self.processes.get(number) is limits:
                limits.settle("submit", permit, self.here(number), refused=name in self.refused)

        ask(None)

    def poll(self, number: int, every: float = 1.0) -> None:
        """A process polls a task whenever it may, `every` so many seconds after an answer."""
        limits, durations = self.process(number), Durations()
        submitted = polled = self.here(number)

        def due() -> None:
            ask(Due(durations, submitted, polled))

        def ask(task: Due) -> None:
            if self.processes.get(number) is not limits:
                return
            found = limits.reserve_poll(task, self.here(number))
            if isinstance(found, Permit):
                self.at(max(self.now, self.now + found.at - self.here(number)), lambda: send(found))
            else:
                self.at(self.now + found, lambda: ask(task))

        def send(permit: Permit) -> None:
            nonlocal polled
            polled = self.here(number)
            self.finished.append((number, 0))
            there, back = self.random.uniform(*self.there), self.random.uniform(*self.back)
            self.arrivals.append(self.now + there)
            self.at(self.now + there + back, lambda: answered(permit))

        def answered(permit: Permit) -> None:
            if self.processes.get(number) is limits:
                limits.settle("read", permit, self.here(number))
                self.at(self.now + every, due)

        due()

    def run(self, until: float = float("inf")) -> None:
        """Let time pass, until nothing happens any more."""
        while self._events and self._events[0][0] <= until:
            self.now, _, action = heapq.heappop(self._events)
            action()

    def most(self, window: float) -> int:
        """How many arrived in any window at most."""
        moments, most, first = sorted(self.arrivals), 0, 0
        for index, moment in enumerate(moments):
            while moment - moments[first] >= window - 1e-9:
                first += 1
            most = max(most, index - first + 1)
        return most
