"""Policy: which task is polled next when many share one limit on reads. May import `_core`, `_policy`."""

from __future__ import annotations

from bisect import bisect_left, insort
from itertools import islice
from typing import Protocol

import attrs

from kie._policy.durations import Durations
from kie._policy.limits import Permit

NEAR = 20
"""A task with fewer tasks than this before it asks again when its turn is expected; the others ask after half of that
time."""

EARLIER = 0.7
"""A task is ranked by this share of the usual delay at which tasks are polled, because the usual delay is only known
late."""

LEARNING = 0.03
"""The weight of one poll in the usual delay."""

LOST = 1.0
"""Seconds after which a task that failed to ask again no longer delays others."""


class Permits(Protocol):
    """What a line draws its permits from: a `SlidingLog`, or a source that others draw from as well."""

    @property
    def pace(self) -> float:
        """The seconds from one permit to the next, if they are taken evenly."""
        ...

    def wait(self, now: float) -> float:
        """The fewest seconds until the next permit may be used, without taking it."""
        ...

    def reserve(self, now: float) -> float:
        """Take the next permit from a time on. Returns the seconds from then until it may be used."""
        ...


@attrs.define(eq=False)
class Due:
    """A task that is due for a poll: how long tasks of its model take, when it was submitted, and when it was last
    polled."""

    durations: Durations
    submitted: float
    polled: float
    rank: tuple[float, int] | None = None
    back: float = 0.0

    def unnoticed(self, now: float) -> float:
        """How many seconds ago it is expected to have ended."""
        return self.durations.unnoticed(self.polled - self.submitted, now - self.submitted)


class PollLine:
    """The tasks that are due for a poll, in the order in which they get permits.

    The first is the task that is expected to have ended longest ago, unnoticed. That time grows constantly, but the
    order need not change: a task is ranked once, by the time at which its end will be as long ago as is usual for polls
    at present. If nothing is known, that is the time of its last poll. So asking costs a few binary searches, and a
    task that waits long comes first in the end.
    """

    def __init__(self, log: Permits) -> None:
        self._log = log
        self._line: list[tuple[float, int]] = []
        self._tasks: dict[tuple[float, int], Due] = {}
        self._joined = 0
        self._last = float("-inf")
        self._usual = 0.0

    def ask(self, due: Due, now: float) -> Permit | float:
        """Give a permit for the time in its `at`, or the seconds after which to ask again."""
        while self._line and self._tasks[self._line[0]].back + LOST < now:
            self.withdraw(self._tasks[self._line[0]])
        rank = due.rank
        if rank is None or self._tasks.get(rank) is not due:
            rank = self._join(due)
        at, pace = now + self._log.wait(now), self._log.pace
        if len(self._line) > 1:
            at = max(at, self._last + pace)
        ahead = bisect_left(self._line, rank)
        if at <= now + pace and not self._outranked(ahead, now, at + pace / 2):
            self.withdraw(due)
            at += self._log.reserve(at)
            self._usual += LEARNING * (due.unnoticed(at) - self._usual)
            self._last = at
            return Permit(at)
        wait = at + ahead * pace - now
        wait = wait if ahead < NEAR else wait / 2
        due.back = now + wait
        return wait

    def withdraw(self, due: Due) -> None:
        """Remove a task that no longer waits for a permit."""
        if due.rank is not None and self._tasks.get(due.rank) is due:
            del self._line[bisect_left(self._line, due.rank)]
            del self._tasks[due.rank]

    def _join(self, due: Due) -> tuple[float, int]:
        self._joined += 1
        age = due.durations.due(due.polled - due.submitted, EARLIER * self._usual)
        due.rank = rank = (due.submitted + age, self._joined)
        insort(self._line, rank)
        self._tasks[rank] = due
        return rank

    def _outranked(self, ahead: int, now: float, until: float) -> bool:
        """Whether a task with precedence will ask for the next permit in time."""
        if ahead >= NEAR:
            return True
        return any(now - LOST <= self._tasks[rank].back <= until for rank in islice(self._line, ahead))
