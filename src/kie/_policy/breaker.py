"""Policy: whether to send to an origin at all, given its recent failures. May import `_core`."""

from __future__ import annotations

from functools import partial
from typing import Literal, TypeAlias

import attrs

from kie._core.numbers import at_least, seconds, together

BreakerState: TypeAlias = Literal["closed", "open", "half_open"]
Change: TypeAlias = tuple[BreakerState, BreakerState]


@attrs.frozen(kw_only=True, cache_hash=True)
class CircuitBreaker:
    """When to stop calling an origin (scheme, host and port) that fails, and when to try it again.

    After `failures` consecutive failures the circuit opens: calls raise `CircuitOpen` and send nothing. After `pause`
    seconds it is half-open: one attempt at a time is let through as a probe. `successes` probes in a row close it, a
    failed one opens it again. A failure is a missing answer, or one that `openapi/codes.yaml` marks as a failure of the
    service itself. A call that the caller cancels counts as neither.

    Raises:
        ConfigError: A count is below 1, or `pause` is not above 0 and finite.
    """

    failures: int = 5
    """How many failures in a row open a circuit."""

    successes: int = 2
    """How many successful probes in a row close it."""

    pause: float = 30.0
    """Seconds before the first probe."""

    def __attrs_post_init__(self) -> None:
        together(
            partial(at_least, "failures", self.failures),
            partial(at_least, "successes", self.successes),
            partial(seconds, self, "pause"),
        )


@attrs.frozen(kw_only=True)
class BreakerStats:
    """The circuit of one origin: its state, and what happened so far."""

    state: BreakerState = "closed"
    """`closed`, `open` or `half_open`."""

    failures: int = 0
    """Failures in a row."""

    successes: int = 0
    """Successful probes in a row."""

    opened: int = 0
    """How often the circuit opened."""

    refused: int = 0
    """How many attempts it did not let through."""

    retry_after: float = 0.0
    """Seconds until it lets an attempt through again; 0 unless it is open."""


class Admission:
    """Permission for one attempt. It counts only while the circuit is in the period in which it was given.

    `change` is the change of state that came with it, if any. A closed circuit gives everybody the same one.
    """

    __slots__ = ("change", "circuit", "period")

    def __init__(self, circuit: Circuit, period: int, change: Change | None = None) -> None:
        self.circuit = circuit
        self.period = period
        self.change = change


class Circuit:
    """The circuit of one origin. Not thread-safe; time is passed in, monotonic seconds that never go back.

    Every admission has to be reported.
    """

    def __init__(self, policy: CircuitBreaker) -> None:
        self.policy = policy
        self._state: BreakerState = "closed"
        self._period = self._failures = self._successes = self._opened = self._refused = 0
        self._until = 0.0
        self._probing = False
        self._pass = Admission(self, 0)

    def admit(self, now: float) -> Admission | None:
        """Permission for one attempt, or None."""
        if self._state == "closed":
            return self._pass
        change = self._enter("half_open") if self._state == "open" and now >= self._until else None
        if self._state == "open" or self._probing:
            self._refused += 1
            return None
        admission = Admission(self, self._period, change)
        self._probing = True
        return admission

    def report(self, admission: Admission, success: bool | None, now: float) -> Change | None:
        """Report the result of an attempt; None says nothing about the origin. Returns the change of state, if any."""
        if admission.period != self._period:
            return None
        self._probing = False
        if success is None:
            return None
        if not success:
            self._failures += 1
            self._successes = 0
            if self._state == "closed" and self._failures < self.policy.failures:
                return None
            self._opened += 1
            self._until = now + self.policy.pause
            return self._enter("open")
        if self._state == "closed":
            self._failures = 0
            return None
        self._successes += 1
        return self._enter("closed") if self._successes >= self.policy.successes else None

    def reset(self) -> Change | None:
        """Close it. Attempts that are under way no longer count. Returns the change of state, if any."""
        before = self._state
        self._enter("closed")
        return (before, "closed") if before != "closed" else None

    def stats(self, now: float) -> BreakerStats:
        """The state. A circuit whose pause has passed counts as half-open, even before the first probe."""
        waiting = self._state == "open" and now < self._until
        return BreakerStats(
            state="half_open" if self._state == "open" and not waiting else self._state,
            failures=self._failures,
            successes=self._successes,
            opened=self._opened,
            refused=self._refused,
            retry_after=self._until - now if waiting else 0.0,
        )

    def _enter(self, state: BreakerState) -> Change:
        change = (self._state, state)
        self._state = state
        self._period += 1
        self._successes = 0
        self._probing = False
        if state == "closed":
            self._failures = 0
            self._pass = Admission(self, self._period)
        return change
