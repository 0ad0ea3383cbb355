"""Floor 3: when to look at a task. May import `core`, `policy`.

A look costs something, and so does every second for which an ended task goes unnoticed. Of all schedules, a `Plan`
holds the one with the least expected cost for what is known of the duration, found by dynamic programming.
"""

from __future__ import annotations

import math
from bisect import bisect_right
from functools import cached_property

import attrs

from kie._core.errors import ConfigError
from kie._core.numbers import positive
from kie._policy.durations import STEPS, Distribution, Durations

DOUBLINGS = 8
"""How many prices a plan knows, each twice the one before: enough for a crowd of thousands."""

USUAL = 0.005
"""The thrift unless another is wanted."""

LATE = 0.1
"""Beyond all that is known, a task is looked at whenever its age has grown by this fraction."""


@attrs.frozen(kw_only=True)
class PollPolicy:
    """When to look at a task: as its model's durations suggest, or at intervals of your own.

    By default each task has the schedule that notices its end soonest for the looks that it takes, given how long
    the model's tasks took according to the catalog and in this process. It is not looked at before it can plausibly
    have ended. All figures are positive; seconds unless said otherwise. Raises `ConfigError`.

    Args:
        thrift: What a look costs, as a share of the model's mean duration: it is sent if it brings the news forward
            by that much on average. 0.005 gives about 8 looks at a model whose durations vary as those of most
            image and video models, 0.02 about 4.
        least: Shortest time between two looks at a task.
        cap: Longest time between two looks at a task, once it was looked at; longest interval of your own.
        first: Time to the first look, for intervals of your own. Nothing is learned from durations then.
        factor: By how much each interval of your own is longer than the one before; at least 1.
        jitter: The fraction, below 1, by which intervals vary at random, so that programs do not look in step.
    """

    thrift: float = USUAL
    least: float = 0.5
    cap: float = 30.0
    first: float | None = None
    factor: float = 1.3
    jitter: float = 0.02

    def __attrs_post_init__(self) -> None:
        for name in ("thrift", "least", "cap", "factor"):
            positive(name, getattr(self, name))
        if self.first is not None:
            positive("first", self.first)
        elif self.least > self.cap:
            raise ConfigError(f"least ({self.least}) cannot be more than cap ({self.cap})")
        if self.factor < 1:
            raise ConfigError(f"factor must be at least 1, not {self.factor}")
        if not 0 <= self.jitter < 1:
            raise ConfigError(f"jitter must be from 0 up to 1, not {self.jitter}")

    @property
    def while_listening(self) -> float:
        """Seconds between two looks while a callback is awaited: they are there for the case that it gets lost."""
        return 3 * self.cap

    def delay(self, looks: int, luck: float) -> float:
        """Seconds until the next look at intervals of one's own, after so many; `luck` is random in [0, 1).

        Without such intervals, seconds until a look is repeated that failed, or found no record yet.
        """
        first = self.least if self.first is None else self.first
        factor = 2.0 if self.first is None else self.factor
        interval = min(self.cap, first * factor ** min(looks, 64))
        return interval * (1 + self.jitter * (2 * luck - 1))


class Plan:
    """When to look at a task of a model, whatever its age.

    `worth` is the price of a look, in doublings of one second; `median` the age by which half of the tasks have ended.
    """

    def __init__(self, durations: Durations, policy: PollPolicy) -> None:
        expected = durations.distribution(steps_for(policy.thrift))
        self.median = expected.median
        self.worth = math.log2(max(policy.thrift * expected.mean, 1e-6))
        self._expected = expected
        self._policy = policy

    @cached_property
    def _base(self) -> _Schedule:
        return _Schedule(self._expected, 2.0**self.worth)

    @cached_property
    def _dearer(self) -> tuple[_Schedule, ...]:
        return tuple(_Schedule(self._expected, 2.0 ** (self.worth + step)) for step in range(1, DOUBLINGS))

    def after(self, age: float) -> float:
        """The age at which to look next at a task that is `age` seconds old (0: just submitted), and not done."""
        return self._bounded(age, self._base)

    def moments(self, age: float) -> tuple[float, ...]:
        """The same as looks get dearer: each age belongs to twice the price of the one before, and is no less."""
        ages = [self.after(age)]
        for schedule in self._dearer:
            ages.append(max(ages[-1], self._bounded(age, schedule)))
        return tuple(ages)

    def _bounded(self, age: float, schedule: _Schedule) -> float:
        found = max(schedule.after(age), age + self._policy.least)
        return min(found, age + self._policy.cap) if age > 0 else found


def steps_for(thrift: float) -> int:
    """How finely the durations have to be told, for so many looks."""
    return int(STEPS * min(max(math.sqrt(USUAL / thrift), 1.0), 6.0))


class _Schedule:
    """The schedule with the least expected delay plus `price` for each look."""

    def __init__(self, expected: Distribution, price: float) -> None:
        ages = [0.0, *expected.moments]
        done = [0.0, *expected.done]
        last = len(ages) - 1
        # the integral of `done`: delay between two looks is its gain, less what was done at the first one
        area = [0.0]
        for index in range(last):
            area.append(area[-1] + (done[index] + done[index + 1]) * (ages[index + 1] - ages[index]) / 2)
        # cost[i]: of all that follows a look at ages[i] that found nothing. The best next look never moves back as
        # i grows, so only the moments up to the best one of i + 1 are tried.
        ahead = area.copy()
        following = [last] * (last + 1)
        refined = ages.copy()
        for index in range(last - 1, -1, -1):
            share = done[index]
            best, least = index + 1, math.inf
            for other in range(index + 1, following[index + 1] + 1):
                cost = ahead[other] - share * ages[other]
                if cost < least:
                    best, least = other, cost
            following[index] = best
            refined[index] = _lowest(ages, ahead, share, best) if index + 1 < best < last else ages[best]
            ahead[index] += least - area[index] + share * ages[index] + price * (1 - share)
        self._ages = ages
        self._next = refined

    def after(self, age: float) -> float:
        index = bisect_right(self._ages, age) - 1
        if index >= len(self._ages) - 1:
            return age * (1 + LATE)
        low, high = self._ages[index], self._ages[index + 1]
        found = self._next[index] + (self._next[index + 1] - self._next[index]) * (age - low) / (high - low)
        return found if found > age else age * (1 + LATE)


def _lowest(ages: list[float], ahead: list[float], share: float, best: int) -> float:
    """Where the parabola through the cost at the best moment and its two neighbours is lowest."""
    left, right = ages[best - 1] - ages[best], ages[best + 1] - ages[best]
    here = ahead[best] - share * ages[best]
    before = ahead[best - 1] - share * ages[best - 1] - here
    behind = ahead[best + 1] - share * ages[best + 1] - here
    bend = before * right - behind * left
    if bend <= 0:
        return ages[best]
    return ages[best] + min(max((before * right**2 - behind * left**2) / (2 * bend), left), right)
