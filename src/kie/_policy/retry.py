"""Floor 3: when to send again. May import `core`."""

from __future__ import annotations

import attrs

from kie._core.numbers import at_least, positive


@attrs.frozen(kw_only=True)
class RetryPolicy:
    """How often and how long apart to repeat what may be repeated.

    `attempts` counts the first one. Before attempt n + 1 it waits a random time between 0 and
    `min(cap, base * factor ** (n - 1))` seconds (full jitter), or what the service asks for with Retry-After if
    that is longer, capped at `retry_after_cap`. `budget` bounds the whole: no attempt is begun later than so many
    seconds after the first was. Raises `ConfigError` for fewer than 1 attempt, and for any other figure that is not
    above 0 and finite.

    What may be repeated at all is not a matter of policy: `openapi/codes.yaml` says so.
    """

    attempts: int = 4
    base: float = 0.5
    factor: float = 2.0
    cap: float = 30.0
    budget: float = 120.0
    retry_after_cap: float = 60.0

    def __attrs_post_init__(self) -> None:
        at_least("attempts", self.attempts)
        for name in ("base", "factor", "cap", "budget", "retry_after_cap"):
            positive(name, getattr(self, name))

    def delay(self, attempt: int, luck: float, retry_after: float | None = None) -> float:
        """Seconds to wait after failed attempt number `attempt` (from 1); `luck` is random in [0, 1)."""
        try:
            interval = min(self.cap, self.base * self.factor ** min(attempt - 1, 10_000))
        except OverflowError:
            interval = self.cap
        jittered = luck * interval
        return max(jittered, min(retry_after or 0.0, self.retry_after_cap))


def no_retry() -> RetryPolicy:
    """A policy that sends everything once."""
    return _ONCE


_ONCE = RetryPolicy(attempts=1)
