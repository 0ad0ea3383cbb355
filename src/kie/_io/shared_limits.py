"""IO: the limits of an account in a database, for all processes and machines that use the account.

May import `_core`, `_policy`.

They use the same logs as within a process. Each use loads a log, asks it, and stores it, in one transaction and by the
clock of the database.
"""

from __future__ import annotations

import json
import threading
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from typing import TYPE_CHECKING, Generic, Protocol, Self, TypeVar
from weakref import WeakSet

import attrs

from kie._core.call import Bucket
from kie._core.errors import ConfigError
from kie._core.json import JSON
from kie._io.local_limits import again, logs_of, unlimited
from kie._io.unusable import Unusable
from kie._policy.limits import ArrivalLog, Permit, SlidingLog
from kie._policy.poll_line import Due, PollLine
from kie._policy.rate import UNLIMITED, RateLimit

if TYPE_CHECKING:
    from kie._io.database import Database

_BEAT = 0.25
"""A process with waiting submissions reports to the database after each time this share of a window has passed."""
_TICK = 1e-4
"""Seconds added to a wait, so that rounding does not make a process ask too soon."""
_ABSENCE = 10.0
"""The least time, in seconds, before an unusable database is asked about reads again."""
_KEPT = 10_000
"""The most permits whose outcome is remembered until it is reported."""
_SET = "INSERT INTO kie_limits VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET state = excluded.state"


class _Log(Protocol):
    def saved(self, now: float) -> JSON: ...

    def restored(self, state: JSON, then: float) -> Self: ...


L = TypeVar("L", bound=_Log)


@attrs.frozen
class _Moment:
    """One moment by two clocks: the database's and this process's."""

    there: float
    here: float


@attrs.define(eq=False)
class _Stored(Generic[L]):
    """A log stored in a database. `make` makes a new one at a given time; `figures` are those of its limit."""

    store: Database
    name: str
    make: Callable[[float], L]
    figures: tuple[float, float]
    clock: Callable[[], float]
    warn: Callable[[str], None]

    @contextmanager
    def opened(self, *, patient: bool = True) -> Iterator[tuple[L, _Moment]]:
        """Yield the log, locked against others, and store it afterwards. Raises `ConfigError`."""
        with self.store.transaction(f"limits:{self.name}", patient=patient) as found:
            here = self.clock()
            now = _Moment(found.now(), here)
            rows = found.execute("SELECT state FROM kie_limits WHERE name = ?", self.name)
            log = self._loaded(str(rows[0][0]), now.there) if rows else self.make(now.there)
            yield log, now
            state: JSON = {"v": 1, "now": now.there, "limit": list(self.figures), "log": log.saved(now.there)}
            found.execute(_SET, self.name, json.dumps(state, separators=(",", ":")))

    def _loaded(self, text: str, now: float) -> L:
        """Load the stored log. Times are stored as differences, so that a clock that was set back cannot block it."""
        try:
            state = json.loads(text)
            passed = now - float(state["now"])
            if state["v"] != 1 or not abs(passed) < float("inf"):
                raise ValueError("it is of another version")
            log = self.make(now).restored(state["log"], now - max(passed, 0.0))
        except (ValueError, TypeError, LookupError, ArithmeticError, RecursionError) as error:
            self.warn(
                f"the limit {self.name} in {self.store.named} cannot be read ({str(error)[:80]}): it starts again as "
                "if nothing had been sent"
            )
            return self.make(now)
        if state.get("limit") != list(self.figures):
            self.warn(
                f"other processes that use {self.store.named} have another RateLimit: each keeps its own, and all "
                "requests count for each"
            )
        return log


@attrs.define(eq=False)
class _Asked:
    """A caller that waits for an answer about a permit."""

    permit: Permit
    done: bool = False
    fault: str = ""


@attrs.frozen
class _Settled:
    """The result of a permit, until it is written to the database. `given` and `moment` are by the clock of this
    process."""

    permit: Permit
    number: int
    given: float
    moment: float
    refused: bool
    sent: bool


class _Submissions:
    """Permits to submit.

    All who ask during a transaction are answered together by the next one. Each transaction tells all waiting callers
    of this process what to expect, so the database is asked again only when a permit is due, or after a `beat`.
    """

    def __init__(self, stored: _Stored[ArrivalLog], beat: float) -> None:
        self._stored = stored
        self._beat = beat
        self._reported = float("-inf")
        self._waiting: WeakSet[Permit] = WeakSet()
        self._lock = threading.Lock()
        self._asked: dict[_Asked, None] = {}
        self._settled: deque[_Settled] = deque(maxlen=_KEPT)

    def reserve(self, permit: Permit | None) -> Permit:
        """Take a permit, or ask again. Raises `ConfigError` if the database cannot be used."""
        asked = _Asked(permit or Permit(self._stored.clock()))
        self._asked[asked] = None
        try:
            with self._lock:
                # the previous holder of the lock may have answered this caller
                if not asked.done and (permit is None or not self.waits(permit)):
                    self._answer()
        finally:
            self._asked.pop(asked, None)
        if asked.fault:
            raise Unusable(asked.fault)
        return asked.permit

    def waits(self, permit: Permit) -> bool:
        """Whether a waiting permit must keep waiting, as far as is known, without asking the database."""
        left = min(permit.at, self._reported + self._beat) - self._stored.clock()
        if left <= _TICK:
            return False
        permit.wait = left
        return True

    def settle(self, permit: Permit, now: float, *, refused: bool, sent: bool) -> None:
        """Record the result of a permit. The next request to the database reports it."""
        self._settled.append(_Settled(permit, permit.number, permit.at, now, refused, sent))

    def report(self) -> None:
        """Report unreported results to the database. Raises `ConfigError`."""
        with self._lock:
            if self._settled:
                self._answer(patient=False)

    def _answer(self, *, patient: bool = True) -> None:
        waiting = tuple(self._asked)
        settled = [self._settled.popleft() for _ in range(len(self._settled))]
        for each in settled:
            self._waiting.discard(each.permit)
        try:
            with self._stored.opened(patient=patient) as (log, now):
                for each in settled:
                    _settle(log, each, now)
                for asked in waiting:
                    _ask(log, asked.permit, now)
                asking = {asked.permit for asked in waiting}
                for permit in [*self._waiting]:
                    if permit not in asking:
                        _expect(log, permit, now)
            self._reported = now.here
        except BaseException as error:
            self._settled.extendleft(reversed(settled))
            if not isinstance(error, ConfigError):
                raise
            for asked in waiting:
                asked.fault = f"{error.message}; nothing was sent"
        for asked in waiting:
            if not asked.fault and asked.permit.wait > 0:
                self._waiting.add(asked.permit)
            else:
                self._waiting.discard(asked.permit)
            asked.done = True
            self._asked.pop(asked, None)


def _ask(log: ArrivalLog, permit: Permit, now: _Moment) -> None:
    found = log.reserve(now.there, log.find(permit.number))
    permit.number = found.number
    permit.wait = found.wait + _TICK if found.wait > 0 else 0.0
    permit.at = _due(found, now)


def _expect(log: ArrivalLog, permit: Permit, now: _Moment) -> None:
    """Set when a waiting permit may be used. Its `wait` is unchanged, because its holder may be reading that now."""
    found = log.find(permit.number)
    if found is None:
        permit.at = now.here  # it was considered dead, so it asks again and comes last
    else:
        log.expect(now.there, found)
        permit.at = _due(found, now)


def _due(found: Permit, now: _Moment) -> float:
    """When a permit may be used, by the clock of this process."""
    return now.here + (max(found.at - now.there, found.wait) + _TICK if found.wait > 0 else 0.0)


def _settle(log: ArrivalLog, each: _Settled, now: _Moment) -> None:
    found = log.find(each.number)
    if found is None:  # the permit counts as free already, but its result is still needed
        found = Permit(now.there - (now.here - each.given), each.number)
    log.settle(found, found.at + each.moment - each.given, refused=each.refused, sent=each.sent)


class _Reads:
    """Permits for requests of one kind, which a line of tasks may draw from. Not thread-safe.

    A separate log records what this process reserved, so that it reserves one permit at a time for its line. If the
    database cannot be used, only that log counts.
    """

    def __init__(self, own: SlidingLog, stored: _Stored[SlidingLog]) -> None:
        self._own = own
        self._stored = stored
        self._absent = float("-inf")
        self._settled: deque[tuple[float, bool]] = deque(maxlen=_KEPT)

    @property
    def pace(self) -> float:
        return self._own.pace

    def wait(self, now: float) -> float:
        return self._own.wait(now)

    def reserve(self, now: float) -> float:
        """Take the next permit from a time on. Returns the seconds until it may be used."""
        wait = self._shared(now)
        return wait + self._own.reserve(now + wait)

    def settle(self, trip: float, *, refused: bool) -> None:
        """Record the result of a request: how long it took, and whether it was refused."""
        self._settled.append((trip, refused))

    def _shared(self, at: float) -> float:
        settled = [self._settled.popleft() for _ in range(len(self._settled))]
        _learn(self._own, settled)
        began = self._stored.clock()
        if began < self._absent:
            return 0.0
        try:
            with self._stored.opened(patient=False) as (log, now):
                _learn(log, settled)
                first = max(at - now.here, 0.0)
                return max(first + log.reserve(now.there + first) - (at - now.here), 0.0)
        except ConfigError as error:
            ended = self._stored.clock()
            self._absent = ended + max(_ABSENCE, 2 * (ended - began))
            self._stored.warn(f"{error.message}; meanwhile, tasks are polled within the limit of this process alone")
            return 0.0


def _learn(log: SlidingLog, settled: list[tuple[float, bool]]) -> None:
    for trip, refused in settled:
        log.answered(trip)
        if refused:
            log.refused()


class SharedLimits:
    """The limits of a group that all users of a database share. Thread-safe.

    Methods that reserve wait for the database, so event loops must not call them. `settle` and `withdraw` do not wait.

    Args:
        group: The name of the group: a hash of the key, or the name that its keys share.
        rate: The figures of the limits.
        store: The database.
        clock: Monotonic seconds.
        warn: Logs a warning, each only once.
    """

    blocks = True

    def __init__(
        self,
        group: str,
        rate: RateLimit,
        store: Database,
        *,
        clock: Callable[[], float],
        warn: Callable[[str], None],
    ) -> None:
        self.rate = rate
        self.store = store
        self._group, self._clock, self._warn = group, clock, warn
        self._submissions = None
        if rate.submissions < UNLIMITED:
            stored = self._stored("submit", self._arrivals, rate.submissions, rate.submissions_window)
            self._submissions = _Submissions(stored, _BEAT * rate.submissions_window)
        figures = {"read": (rate.reads, rate.reads_window), "models": (rate.models, rate.models_window)}
        self._reading = threading.Lock()
        self._logs = {
            bucket: _Reads(own, self._stored(bucket, partial(self._log, bucket), *figures[bucket]))
            for bucket, own in logs_of(rate).items()
        }
        self._line = PollLine(self._logs["read"]) if "read" in self._logs else None
        self._withdrawn: deque[Due] = deque()

    def _stored(self, bucket: Bucket, make: Callable[[float], L], limit: int, window: float) -> _Stored[L]:
        return _Stored(self.store, f"{self._group}:{bucket}", make, (limit, window), self._clock, self._warn)

    def _arrivals(self, now: float) -> ArrivalLog:
        rate = self.rate
        # avoids the numbers of an earlier log that can no longer be read
        taken = max(int(now * 1000), 0)
        return ArrivalLog(rate.submissions, rate.submissions_window, beat=_BEAT * rate.submissions_window, taken=taken)

    def _log(self, bucket: Bucket, now: float) -> SlidingLog:
        return logs_of(self.rate)[bucket]

    def renewed(self, rate: RateLimit) -> SharedLimits:
        """New limits with other figures, or for another process."""
        return SharedLimits(self._group, rate, self.store, clock=self._clock, warn=self._warn)

    def waits(self, bucket: Bucket, now: float, permit: Permit | None) -> bool:
        """Whether a permit must keep waiting without asking again. It never blocks."""
        if permit is None:
            return False
        if bucket == "submit" and self._submissions is not None:
            return self._submissions.waits(permit)
        return bucket in self._logs and again(now, permit).wait > 0

    def reserve(self, bucket: Bucket, now: float, permit: Permit | None = None) -> Permit | None:
        """Take a permit, or ask again for one that had to wait. None: there is no limit.

        Raises:
            ConfigError: A submission needs the database, and it cannot be used.
        """
        if bucket == "submit" and self._submissions is not None:
            return self._submissions.reserve(permit)
        log = self._logs.get(bucket)
        if log is None:
            return unlimited(now, permit)
        if permit is not None:
            return again(now, permit)
        with self._reading:
            permit = Permit(self._clock())
            permit.wait = log.reserve(permit.at)
            return permit

    def settle(self, bucket: Bucket, permit: Permit, now: float, *, refused: bool = False, sent: bool = True) -> None:
        """Record the result of a permit. It does not wait for the database."""
        if bucket == "submit" and self._submissions is not None:
            self._submissions.settle(permit, now, refused=refused, sent=sent)
        elif (log := self._logs.get(bucket)) is not None and sent:
            log.settle(now - permit.at, refused=refused)

    def reserve_poll(self, due: Due, now: float) -> Permit | float:
        """A permit to poll a task at the time in its `at`, or the seconds after which to ask again."""
        if self._line is None:
            return Permit(now)
        with self._reading:
            for _ in range(len(self._withdrawn)):
                self._line.withdraw(self._withdrawn.popleft())
            return self._line.ask(due, self._clock())

    def withdraw(self, due: Due) -> None:
        """Remove a task that is no longer to be polled. It does not wait for the database."""
        if self._line is not None:
            self._withdrawn.append(due)

    def report(self) -> None:
        """Report the results of the last permits to the database. Raises `ConfigError`."""
        if self._submissions is not None:
            self._submissions.report()
