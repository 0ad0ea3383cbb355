"""Policy: when to poll a task. May import `_core`, `_policy`."""

from __future__ import annotations

from functools import partial

import attrs

from kie._core.errors import ConfigError
from kie._core.numbers import figures, seconds, together

QUICKEST = 0.1
"""Seconds between two polls at least, however fast the clock of a simulator runs: 10 reads a second are allowed."""


@attrs.frozen(kw_only=True)
class PollPolicy:
    """When to poll a task while waiting for it.

    A task is not polled before it can plausibly have ended: before the 5th percentile of the known durations of its
    model, or `min_interval` if none are known. From then on the interval is `growth` of the time since the task was
    submitted, at least `min_interval` and at most `max_interval`. A poll that failed, or found no record yet, doubles
    the interval. Many tasks share the reads that `RateLimit` allows; then intervals get longer.

    Raises:
        ConfigError: A figure is out of bounds, infinite or not a number.
    """

    min_interval: float = 1.0
    """Shortest time between two polls of a task, in seconds; above 0."""

    max_interval: float = 10.0
    """Longest time between two polls of a task, in seconds; at least `min_interval`."""

    growth: float = 0.01
    """Interval as a fraction of the time since the task was submitted; above 0."""

    speed: float = 1.0
    """Seconds of the service's work that pass in one second. It is 1 except for a simulator: intervals, and what the
    catalog says of durations, are divided by it."""

    def __attrs_post_init__(self) -> None:
        together(
            partial(seconds, self, "min_interval", "max_interval"),
            partial(figures, self, "growth", "speed"),
        )
        if self.min_interval > self.max_interval:
            raise ConfigError(
                f"min_interval ({self.min_interval}) cannot be more than max_interval ({self.max_interval})"
            )

    def interval(self, elapsed: float, failures: int = 0) -> float:
        """How long to wait from one poll to the next.

        Args:
            elapsed: Seconds since the task was submitted.
            failures: How many polls in a row failed, or found no record.

        Returns:
            The seconds.
        """
        wanted = max(self.min_interval / self.speed, self.growth * elapsed) * 2.0 ** min(failures, 64)
        return max(min(wanted, self.max_interval / self.speed), min(self.min_interval, QUICKEST))

    @property
    def while_listening(self) -> float:
        """Seconds between two polls while a callback is awaited: they are there in case it gets lost."""
        return 3 * max(self.max_interval / self.speed, min(self.min_interval, QUICKEST))
