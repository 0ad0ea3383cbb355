"""Policy: when to send again. May import `_core`."""

from __future__ import annotations

from functools import partial

import attrs

from kie._core.numbers import at_least, figures, seconds, together


@attrs.frozen(kw_only=True)
class RetryPolicy:
    """How often and how long apart to repeat what may be repeated.

    Before attempt n + 1 a call waits a random time between 0 and `min(cap, base * factor ** (n - 1))` seconds (full
    jitter), or what the service asks for with Retry-After if that is longer, at most `retry_after_cap`. What may be
    repeated at all is not a matter of policy: `openapi/codes.yaml` says so.

    Raises:
        ConfigError: `attempts` is below 1, or another number is not above 0 and finite.
    """

    attempts: int = 4
    """How often a call is sent at most, the first attempt included."""

    base: float = 0.5
    """Seconds that the first pause may take."""

    factor: float = 2.0
    """By how much each pause may be longer than the one before."""

    cap: float = 30.0
    """Seconds that any pause may take."""

    budget: float = 120.0
    """Seconds after the first attempt within which the last one begins. Waiting for our own limits does not count."""

    retry_after_cap: float = 60.0
    """Seconds for which a Retry-After of the service is followed."""

    def __attrs_post_init__(self) -> None:
        together(
            partial(at_least, "attempts", self.attempts),
            partial(figures, self, "factor"),
            partial(seconds, self, "base", "cap", "budget", "retry_after_cap"),
        )

    def delay(self, attempt: int, random: float, retry_after: float | None = None) -> float:
        """Seconds to wait after a failed attempt.

        Args:
            attempt: The number of the attempt that failed, from 1.
            random: A random number in [0, 1).
            retry_after: Seconds that the service asks to wait, if it does.

        Returns:
            The seconds.
        """
        try:
            interval = min(self.cap, self.base * self.factor ** min(attempt - 1, 10_000))
        except OverflowError:
            interval = self.cap
        jittered = random * interval
        return max(jittered, min(retry_after or 0.0, self.retry_after_cap))


def no_retry() -> RetryPolicy:
    """A policy that sends everything once.

    Returns:
        The policy.
    """
    return _ONCE


_ONCE = RetryPolicy(attempts=1)
