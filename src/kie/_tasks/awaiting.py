"""Tasks: when to poll a task next, and what to learn from its end. May import every room below."""

from __future__ import annotations

import attrs

from kie._core.status import TaskStatus
from kie._core.tasks import TaskRef
from kie._exchange.exchange import OutOfTime
from kie._flow.context import Context
from kie._flow.effects import Flow, Sleep
from kie._flow.events import limited
from kie._policy.durations import MOST, Durations, typical
from kie._policy.limits import Permit
from kie._policy.poll_line import Due

ROUNDING = 1e-6
"""Shorter waits than this, in seconds, are skipped."""

SKEW = 2.0
"""Seconds by which the service's duration of a task may differ from what this client observed."""


@attrs.define(eq=False)
class Awaited:
    """A task that somebody waits for.

    `submitted` is the (monotonic) time of its submission, None if that is not known, and `witnessed` says whether that
    was here. With `at_once`, the first poll does not wait. `polled` is when the last poll that found a record was sent.
    """

    ctx: Context
    ref: TaskRef
    submitted: float | None
    witnessed: bool
    at_once: bool
    polled: float | None = None

    def permit(self, now: float, *, failures: int, pause: float, deadline: float) -> Flow[Permit]:
        """Wait until the task should be polled, and return the permit for that.

        `failures` is how many polls failed or found no record since the last one that did; `pause` is how many seconds
        the service asked to wait. Raises `OutOfTime` once there is no time left.
        """
        services = self.ctx.services
        durations = self._durations()
        left = deadline - now
        moment = min(max(self._moment(durations, now, failures), now + pause), now + max(left - 2, left / 2))
        if moment > now + ROUNDING:
            yield from Sleep(moment - now)
        submitted = now if self.submitted is None else self.submitted
        due = Due(durations, submitted, max(self.polled or submitted, submitted))
        try:
            while True:
                found = yield from services.reserve_poll(due)
                now = services.now()
                wait = found.at - now if isinstance(found, Permit) else found
                if now + wait > deadline:
                    yield from Sleep(max(deadline - now, 0.0))
                    raise OutOfTime("the limit on reads leaves no time")
                if wait > 0:
                    limited(self.ctx, "read", wait)
                    yield from Sleep(wait)
                if isinstance(found, Permit):
                    return found
        finally:
            if due.rank is not None:  # it has been in a line
                services.withdraw(due)

    def _moment(self, durations: Durations, now: float, failures: int) -> float:
        """When the next poll is due."""
        if self.at_once and self.polled is None and not failures:
            return now
        interval = self.ctx.options.poll.interval(now - self.submitted if self.submitted is not None else 0.0, failures)
        if failures or self.submitted is None:
            return now + interval
        last = self.submitted if self.polled is None else self.polled
        return max(last + interval, self.submitted + durations.earliest)

    def saw(self, status: TaskStatus, asked: float, now: float) -> None:
        """Record the result of a poll that was sent at `asked`."""
        self.ref = status.ref
        if status.done:
            self._learn(status, now)
        elif self.submitted is None and status.created_at is not None:
            age = (self.ctx.services.wall() - status.created_at).total_seconds()
            if -SKEW <= age <= MOST:
                self.submitted = now - max(age, 0.0)
        self.polled = asked

    def _learn(self, status: TaskStatus, now: float) -> None:
        """Record the task's duration: the service's figure, unless it contradicts what this client observed."""
        low, high = 0.0, MOST
        if self.witnessed and self.submitted is not None:
            low = max((self.polled or self.submitted) - self.submitted, 0.0)
            high = max(now - self.submitted, low)
        took = status.seconds
        if status.created_at is not None and status.completed_at is not None:
            took = (status.completed_at - status.created_at).total_seconds()
        if took is not None and took > 0 and low - SKEW <= took <= high + SKEW:
            self.ctx.services.observed(self._model, took)
        elif self.witnessed:
            self.ctx.services.observed(self._model, (low + high) / 2)

    def _durations(self) -> Durations:
        return self.ctx.services.durations(self._model, lambda: known(self.ref.model, self.ctx.options.poll.speed))

    @property
    def _model(self) -> str:
        return self.ref.model or self.ref.lifecycle


def awaited(ctx: Context, ref: TaskRef, *, fresh: bool, at_once: bool) -> Awaited:
    """Start to wait for a task. It is `fresh` if it was submitted here and has not been polled yet."""
    submitted: float | None = None
    if fresh:
        submitted = ctx.services.begun(str(ref))
        if submitted is None:
            submitted = ctx.services.now()
    return Awaited(ctx, ref, submitted, witnessed=fresh, at_once=at_once)


def known(model: str | None, speed: float) -> list[float]:
    """The durations that the catalog knows of a model, in seconds of a clock for which the service is `speed` times
    faster."""
    from kie import catalog

    entry = catalog.find(model) if model else None
    found = entry.typical_seconds if entry is not None else None
    return [each / speed for each in typical(found["p50"], found.get("p95"), int(found["seen"]))] if found else []
