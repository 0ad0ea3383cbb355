"""Floor 3: whether to send requests to an origin that failed recently. May import `core`."""

from __future__ import annotations

from typing import Literal, TypeAlias

import attrs

from kie._policy.retry import at_least_one, positive

BreakerState: TypeAlias = Literal["closed", "open", "half_open"]
Change: TypeAlias = tuple[BreakerState, BreakerState]


@attrs.frozen(kw_only=True, cache_hash=True)
class CircuitBreaker:
    """When to stop sending to an origin (scheme, host and port) that fails, and when to try it again.

    After `failures` consecutive failures the circuit opens: calls raise `CircuitOpen` and send nothing. After `pause`
    seconds it is half-open and lets one attempt at a time through. `successes` of them in a row close the circuit; one
    that fails opens it again. A failure is a missing answer, or one that `openapi/codes.yaml` marks as a failure of the
    service itself. A call that the caller cancels counts as neither.

    Args:
        failures: Consecutive failures that open the circuit; at least 1.
        successes: Consecutive successes that close a half-open circuit; at least 1.
        pause: Seconds until an open circuit is half-open; above 0.

    Raises:
        ConfigError: A figure is out of bounds.
    """

    failures: int = 5
    """Consecutive failures that open the circuit."""
    successes: int = 2
    """Consecutive successes that close a half-open circuit."""
    pause: float = 30.0
    """Seconds until an open circuit is half-open."""

    def __attrs_post_init__(self) -> None:
        at_least_one("failures", self.failures)
        at_least_one("successes", self.successes)
        positive("pause", self.pause)


@attrs.frozen(kw_only=True)
class BreakerStats:
    """The figures of one origin's circuit."""

    state: BreakerState = "closed"
    """The state of the circuit."""
    failures: int = 0
    """Consecutive failures so far."""
    successes: int = 0
    """Consecutive successes since the circuit was half-open."""
    opened: int = 0
    """How often the circuit opened."""
    refused: int = 0
    """Number of attempts that the circuit did not let through."""
    retry_after: float = 0.0
    """Seconds until the circuit lets an attempt through again; 0 unless it is open."""


class Ticket:
    """Leave for one attempt. It counts only while the circuit is in the same period in which it was given.

    `change` is the change of state that came with it, if any. A closed circuit gives the same one to all.
    """

    __slots__ = ("change", "circuit", "period")

    def __init__(self, circuit: Circuit, period: int, change: Change | None = None) -> None:
        self.circuit = circuit
        self.period = period
        self.change = change


class Circuit:
    """The circuit of one origin. Not thread-safe; time is passed in, monotonic seconds that never go back.

    Every ticket has to be reported.
    """

    def __init__(self, policy: CircuitBreaker) -> None:
        self.policy = policy
        self._state: BreakerState = "closed"
        self._period = self._failures = self._successes = self._opened = self._refused = 0
        self._until = 0.0
        self._probing = False
        self._pass = Ticket(self, 0)

    def admit(self, now: float) -> Ticket | None:
        """Leave for one attempt, or None."""
        if self._state == "closed":
            return self._pass
        change = self._enter("half_open") if self._state == "open" and now >= self._until else None
        if self._state == "open" or self._probing:
            self._refused += 1
            return None
        ticket = Ticket(self, self._period, change)
        self._probing = True
        return ticket

    def report(self, ticket: Ticket, success: bool | None, now: float) -> Change | None:
        """What came of an attempt: None says nothing about the origin. Returns the change of state, if any."""
        if ticket.period != self._period:
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
        """How it stands. One whose pause has passed counts as half-open, also before the first probe."""
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
            self._pass = Ticket(self, self._period)
        return change
