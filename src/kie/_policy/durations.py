"""Floor 3: how long tasks take: what is known beforehand, and what this process has observed. May import `core`.

It is a mixture of boxes on the logarithm of time: many narrow ones for what was known beforehand, and one for each
observed task, as wide as it is far to its neighbours. So clusters stay apart, and a fixed duration stays sharp.
"""

from __future__ import annotations

import math
from collections import deque
from collections.abc import Sequence
from functools import cache

import attrs

KEPT = 128
"""Observed tasks that are kept for a model: enough to know it by, few enough to follow when it changes."""

LEAST = 0.05
MOST = 7 * 86400.0
"""Durations are taken to lie between these, in seconds."""

_ODDS_95 = math.log(19)


@attrs.frozen
class Typical:
    """What is known of a model before any of its tasks was observed.

    `p50` and `p95` are seconds (`p95` None where nobody knows); `seen` says from how many tasks. None at all: the
    figures are those of other models.
    """

    p50: float
    p95: float | None = None
    seen: float = 0.0

    def quantile(self, share: float) -> float:
        """The logarithm of the seconds by which a share of the tasks has ended.

        Log-logistic, which has a heavier tail than log-normal; below the median not as wide as above it, because
        tasks can be very late and not very early. Figures that come from few tasks are trusted less.
        """
        middle = math.log(min(max(self.p50, LEAST), MOST))
        above = 1 / 3
        if self.p95 is not None:
            above = math.log(min(max(self.p95 / max(self.p50, LEAST), 1.0), 100.0)) / _ODDS_95
        unsure = 0.35 / self.seen if self.seen >= 1 else 0.7
        above, below = math.hypot(above, unsure), min(above, 0.25)
        odds = math.log(share / (1 - share))
        return middle + odds * (above if odds > 0 else math.hypot(below, unsure))


UNKNOWN = Typical(20.0, 80.0)
"""A model that nothing is known of."""


@attrs.frozen
class Distribution:
    """The probability `done[i]` to have ended by `moments[i]` (seconds, strictly increasing), linear in between."""

    moments: tuple[float, ...]
    done: tuple[float, ...]

    @property
    def median(self) -> float:
        """Seconds by which half of the tasks have ended."""
        return next(moment for moment, share in zip(self.moments, self.done, strict=True) if share >= 0.5)

    @property
    def mean(self) -> float:
        """Seconds that a task takes on average, the rarest and latest left out."""
        total, before, moment = 0.0, 0.0, self.moments[0]
        for reached, share in zip(self.moments, self.done, strict=True):
            total += (share - before) * (reached + moment) / 2
            before, moment = share, reached
        return total


STEPS = 60
"""How finely a distribution is told, unless somebody wants to look very often."""

_PRIOR_SHARES = tuple(1 / (1 + math.exp(8 - index / 3)) for index in range(49))

_Box = tuple[float, float, float]
"""From, to (logarithms of seconds), and the share of the tasks that end in between."""


class Durations:
    """How long the tasks of one model take: what was known beforehand, and the last `KEPT` that were observed."""

    def __init__(self, typical: Typical | None = None) -> None:
        self.typical = typical or UNKNOWN
        self.count = 0
        self._observed: deque[tuple[float, float]] = deque(maxlen=KEPT)

    def observe(self, low: float, high: float) -> None:
        """A task ended between `low` and `high` seconds after it was submitted. Figures that are none are ignored."""
        if not (math.isfinite(low) and math.isfinite(high)):
            return
        high = min(max(high, LEAST), MOST)
        low = min(max(low, high / 8, LEAST), high)
        self._observed.append((math.log(low), math.log(high)))
        self.count += 1

    def distribution(self, steps: int = STEPS) -> Distribution:
        """What is to be expected of the next task. What was known beforehand counts less the more was observed.

        `steps` is how finely it is told: in so many moments up to 60 %, and as many beyond.
        """
        observed = sorted(self._observed, key=sum)
        total = len(observed)
        known = max(min(self.typical.seen, 8.0), 1.0) * 2 / (2 + total)
        boxes: list[_Box] = [(low, high, share * known) for low, high, share in _prior(self.typical)]
        if total:
            # what comes next may be unlike all that was observed, above all later
            middle = math.exp(sum(observed[total // 2]) / 2)
            strange = _prior(Typical(middle, 4 * middle, 8.0))
            boxes += [(low, high, share * total / 100) for low, high, share in strange]
            known += total / 100
        centres = [(low + high) / 2 for low, high in observed]
        for (low, high), centre, width in zip(observed, centres, _widths(centres), strict=True):
            half = max(width, (high - low) / 2)
            boxes.append((centre - half, centre + half, 1.0))
        return _tabulate(boxes, known + total, _shares(steps))


def _prior(typical: Typical) -> list[_Box]:
    """The boxes of what is known beforehand."""
    edges = [typical.quantile(share) for share in _PRIOR_SHARES]
    steps = zip(edges, edges[1:], _PRIOR_SHARES, _PRIOR_SHARES[1:], strict=False)
    return [(low, max(high, low + 1e-4), after - before) for low, high, before, after in steps]


def _widths(centres: Sequence[float]) -> list[float]:
    """Half the width of each observation's box: twice the distance within which its nearest neighbours lie."""
    total = len(centres)
    near = max(1, round(0.46 * total**0.8))
    if total <= near:
        return [0.3] * total
    widths = []
    for index, centre in enumerate(centres):
        first, last = max(0, index - near), min(index, total - 1 - near)
        reach = min(max(centres[at + near] - centre, centre - centres[at]) for at in range(first, last + 1))
        widths.append(min(max(2 * reach, 0.008), 0.7))
    return widths


@cache
def _shares(steps: int) -> tuple[float, ...]:
    """The shares whose moments a `Distribution` holds: ever closer together towards the end, where time is long."""
    early = (0.6 * index / steps for index in range(1, steps + 1))
    late = (1 - 0.4 * 0.00125 ** (index / steps) for index in range(1, steps + 1))
    return (0.0005, 0.001, 0.002, 0.004, 0.007, *early, *late)


def _tabulate(boxes: list[_Box], total: float, shares: Sequence[float]) -> Distribution:
    """Add the boxes up, and read off the moments by which the shares have ended."""
    edges: list[tuple[float, float]] = []
    for low, high, weight in boxes:
        slope = weight / ((high - low) * total)
        edges.append((low, slope))
        edges.append((high, -slope))
    edges.sort()
    moments: list[float] = []
    done: list[float] = []
    wanted = iter(shares)
    target = next(wanted)
    at, slope = edges[0]
    reached = 0.0
    for edge, change in edges[1:]:
        gain = slope * (edge - at)
        while gain > 0 and reached + gain >= target:
            place = math.exp(at + (edge - at) * (target - reached) / gain)
            if moments and place <= moments[-1] * (1 + 1e-6):
                done[-1] = target
            else:
                moments.append(place)
                done.append(target)
            target = next(wanted, 2.0)
        reached += gain
        at, slope = edge, slope + change
    return Distribution(tuple(moments), tuple(done))
