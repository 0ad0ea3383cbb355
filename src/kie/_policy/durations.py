"""Policy: how long a model's tasks take, as known beforehand and as seen by this process. May import `_core`."""

from __future__ import annotations

import math
from bisect import bisect_left, bisect_right
from collections import deque
from itertools import accumulate
from operator import add, mul, sub
from statistics import NormalDist

KEPT = 512
"""Durations kept for a model: enough to estimate from, few enough to follow when the model changes."""

FEW = 64
"""Up to this number of durations, each new one counts at once."""

EARLY = 0.05
"""The share of a model's tasks that may have ended before the first poll."""

MOST = 7 * 86400.0
"""No duration is longer, in seconds."""


def typical(p50: float, p95: float | None, seen: int) -> list[float]:
    """As many durations as the catalog's figures are based on, at most 20, log-normally distributed by these
    figures."""
    count, normal = min(seen, 20), NormalDist()
    spread = math.log((p95 or p50) / p50) / normal.inv_cdf(0.95)
    shuffled = sorted(range(count), key=lambda index: index * 0.618 % 1)
    return [p50 * math.exp(spread * normal.inv_cdf((index + 0.5) / count)) for index in shuffled]


class Durations:
    """How long the last tasks of a model took. Each duration seen replaces one that was known beforehand.

    With n durations, one task in n + 1 is expected to end between any two neighbours, one before the shortest, and one
    after the longest; of the last, three in four end each time that the age doubles. `earliest` is the age at which the
    share `EARLY` of them has ended, 0 if nothing is known; `seen` counts the tasks that ended here. Once more than
    `FEW` are known, new ones count in groups of an eighth.
    """

    def __init__(self, *known: float) -> None:
        self.seen = 0
        self._known = len(known)
        self._last = deque(known, maxlen=KEPT)
        self._tabulate()

    def observe(self, seconds: float) -> None:
        """Record how long a task took. A figure that cannot be a duration is ignored."""
        if 0 < seconds <= MOST:
            if self.seen < self._known:
                self._last.popleft()
            self._last.append(seconds)
            self.seen += 1
            if self.seen >= self._stale_at:
                self._tabulate()

    def _tabulate(self) -> None:
        """For each age: the share of tasks that have ended by then, the growth of that share from there on, and its
        integral up to there."""
        known = sorted(self._last)
        self._stale_at = self.seen + (len(known) // FEW * FEW // 8 or 1)
        each, late = 1 / (len(known) + 1), range(1, 7) if known else ()
        ages = [0.0, *known, *(known[-1] * 2.0**step for step in late)]
        shares = [*map(each.__mul__, range(len(known) + 1)), *(1 - 0.25**step * each for step in late)]
        steps, rises = [*map(sub, ages[1:], ages)], map(sub, shares[1:], shares)
        means = map((0.5).__mul__, map(add, shares[1:], shares))
        self._ages, self._shares = ages, shares
        self._growth: list[float] = [
            *(rise / step if step else math.inf for rise, step in zip(rises, steps, strict=True)),
            0.0,
        ]
        self._sums: list[float] = [*accumulate(map(mul, steps, means), initial=0.0)]
        index = bisect_right(self._shares, EARLY) - 1
        growth = self._growth[index]
        self.earliest = self._ages[index] + (EARLY - self._shares[index]) / growth if growth else 0.0

    def _at(self, age: float) -> tuple[int, float, float]:
        """The row of an age in the table, the share of tasks that have ended by then, and its integral."""
        index = bisect_right(self._ages, age) - 1
        since, share = age - self._ages[index], self._shares[index]
        rise = since * self._growth[index]
        return index, share + rise, self._sums[index] + since * (share + rise / 2)

    def unnoticed(self, polled: float, age: float) -> float:
        """The expected number of seconds since a task ended, at an age, given that it was still running at its last
        poll."""
        (_, share, before), (_, _, total) = self._at(polled), self._at(age)
        found = (total - before - share * (age - polled)) / (1 - share)
        return min(max(found, 0.0), age - polled)  # far beyond the table, rounding errors exceed the result

    def due(self, polled: float, seconds: float) -> float:
        """The age at which it is expected to have ended that many seconds ago; `polled` if nothing is known."""
        index, share, before = self._at(polled)
        wanted, rise = seconds * (1 - share), 0.0

        def total(at: int) -> float:
            return self._sums[at] - before - share * (self._ages[at] - polled)

        found = bisect_left(range(len(self._ages)), wanted, index + 1, key=total) - 1
        if found > index:
            index, rise, wanted, polled = found, self._shares[found] - share, wanted - total(found), self._ages[found]
        # between two entries of the table it grows like a parabola
        root = math.sqrt(rise**2 + 2 * self._growth[index] * wanted)
        return polled + 2 * wanted / (rise + root) if root else polled
