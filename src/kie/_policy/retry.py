"""Policy: when to send again. May import `_core`."""

from __future__ import annotations

from functools import partial

import attrs

from kie._core.numbers import at_least, figures, seconds, together


@attrs.frozen(kw_only=True)
class RetryPolicy:
    """How often, and at what intervals, to repeat requests that may be repeated.

    Before attempt n + 1 a call waits a random time between 0 and `min(cap, base * factor ** (n - 1))` seconds (full
    jitter), or what the service asks for with Retry-After if that is longer, at most `retry_after_cap`. What may be
    repeated at all is not a matter of policy: `openapi/codes.yaml` says so.

    Raises:
        ConfigError: `attempts` is below 1, or another number is not above 0 and finite.
    """

    attempts: int = 4
    """Maximum number of attempts, including the first one."""

    base: float = 0.5
    """Maximum length of the first pause, in seconds."""

    factor: float = 2.0
    """The factor by which each pause may be longer than the one before."""

    cap: float = 30.0
    """Maximum length of any pause, in seconds."""

    budget: float = 120.0
    """Seconds after the first attempt within which the last one must begin. Waiting for the client's own rate limits
    does not count."""

    retry_after_cap: float = 60.0
    """The longest Retry-After of the service that is followed, in seconds."""

    def __attrs_post_init__(self) -> None:
        together(
            partial(at_least, "attempts", self.attempts),
            partial(figures, self, "factor"),
            partial(seconds, self, "base", "cap", "budget", "retry_after_cap"),
        )

    def delay(self, attempt: int, random: float, retry_after: float | None = None) -> float:
        """Get the seconds to wait after a failed attempt.

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
    """Make a policy that sends everything once.

    Returns:
        The policy.
    """
    return _ONCE


_ONCE = RetryPolicy(attempts=1)
