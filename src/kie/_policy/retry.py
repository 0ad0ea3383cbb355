"""Floor 3: when to send again. May import `core`."""

from __future__ import annotations

import math

import attrs

from kie._core.errors import ConfigError


def positive(name: str, value: float, *, zero: bool = False) -> None:
    """Refuse a figure that is negative, not a number, infinite, or (unless allowed) zero."""
    try:
        fits = math.isfinite(value) and (value > 0 or (value == 0 and zero)) and not isinstance(value, bool)
    except (TypeError, OverflowError):
        fits = False
    if not fits:
        raise ConfigError(f"{name} has to be {'at least 0' if zero else 'more than 0'} and finite, not {value!r}")


def at_least_one(name: str, value: object) -> None:
    """Refuse what is no whole number from 1 on."""
    if not isinstance(value, int) or isinstance(value, bool) or value < 1:
        raise ConfigError(f"{name} has to be a whole number, at least 1, not {value!r}")


@attrs.frozen(kw_only=True)
class RetryPolicy:
    """How often to repeat what may be repeated, and how long to wait in between.

    Before attempt n + 1 a call waits a random time between 0 and `min(cap, base * factor ** (n - 1))` seconds (full
    jitter), or as long as Retry-After asks for if that is longer, at most `retry_after_cap`. What may be repeated at
    all is not a matter of policy: `openapi/codes.yaml` decides.

    Args:
        attempts: Number of attempts, including the first; at least 1.
        base: Upper bound of the first wait in seconds; above 0.
        factor: By how much the upper bound grows with each attempt; above 0.
        cap: Largest upper bound of a wait in seconds; above 0.
        budget: Seconds after the first attempt in which another may start; above 0.
        retry_after_cap: Longest Retry-After in seconds that is honoured; above 0.

    Raises:
        ConfigError: A figure is out of bounds.
    """

    attempts: int = 4
    """Number of attempts, including the first."""
    base: float = 0.5
    """Upper bound of the first wait, in seconds."""
    factor: float = 2.0
    """By how much the upper bound grows with each attempt."""
    cap: float = 30.0
    """Largest upper bound of a wait, in seconds."""
    budget: float = 120.0
    """Seconds after the first attempt in which another may start."""
    retry_after_cap: float = 60.0
    """Longest Retry-After that is honoured, in seconds."""

    def __attrs_post_init__(self) -> None:
        at_least_one("attempts", self.attempts)
        for name in ("base", "factor", "cap", "budget", "retry_after_cap"):
            positive(name, getattr(self, name))

    def delay(self, attempt: int, random: float, retry_after: float | None = None) -> float:
        """Calculate how long to wait after a failed attempt.

        Args:
            attempt: The number of the failed attempt, from 1.
            random: A random number from 0 up to, but not including, 1.
            retry_after: Seconds that the service asks for, if it does.

        Returns:
            Seconds to wait.
        """
        try:
            interval = min(self.cap, self.base * self.factor ** min(attempt - 1, 10_000))
        except OverflowError:
            interval = self.cap
        jittered = random * interval
        return max(jittered, min(retry_after or 0.0, self.retry_after_cap))


def no_retry() -> RetryPolicy:
    """Get a policy that sends every request once.

    Returns:
        A `RetryPolicy` with one attempt.
    """
    return _ONCE


_ONCE = RetryPolicy(attempts=1)
