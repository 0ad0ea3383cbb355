"""Tasks: when a task is looked at next, and what its end teaches. May import `_core`, `policy`, `catalog`."""

from __future__ import annotations

from functools import cache

import attrs

from kie._core.tasks import TaskRef, TaskStatus
from kie._exchange.exchange import OutOfTime
from kie._flow.context import Context
from kie._flow.effects import Flow, Sleep
from kie._flow.events import limited
from kie._policy.durations import MOST, Typical
from kie._policy.limits import Place
from kie._policy.sharing import Claim

SKEW = 2.0
"""Seconds by which a duration that the service states may lie outside of what was seen here."""

ENOUGH = 3
"""From so many models of a kind on, they say what to expect of another one."""


@attrs.define(eq=False)
class Awaited:
    """A task that somebody waits for.

    `begun` is when it was submitted (monotonic), None while that is not known, and `witnessed` whether that was here;
    `at_once`: the first look does not wait. `looked` is when the last look was sent that found something.
    """

    ctx: Context
    ref: TaskRef
    begun: float | None
    witnessed: bool
    at_once: bool
    looked: float | None = None

    def turn(self, now: float, *, looks: int, failures: int, pause: float, deadline: float) -> Flow[Place]:
        """Wait until the task is to be looked at. Gives its place under the limit.

        Raises `OutOfTime` once there is no time left for that.

        `looks` is how many there were, `failures` how many of them failed or found no record just now; `pause` the
        seconds that the service asked to wait.
        """
        claim, services = self._claim(now, looks, failures), self.ctx.services
        left = deadline - now
        latest, soonest = now + max(left - 2, left / 2), now + pause
        moments = [min(max(moment, soonest), latest) for moment in claim.moments]
        claim = Claim(self, moments, claim.worth, claim.looked)
        while True:
            place, delay = services.turn(claim)
            if place is None or delay > 0:
                now = services.now()
                if place is None and now >= deadline:
                    raise OutOfTime("the limit on reads leaves no time")
                if now >= moments[0]:
                    limited(self.ctx, "read", delay)
                yield from Sleep(delay if place else min(delay, deadline - now))
            if place:
                return place

    def _claim(self, now: float, looks: int, failures: int) -> Claim:
        policy = self.ctx.options.poll
        luck = self.ctx.services.random()
        if self.at_once and looks + failures == 0:
            return Claim(self, (now,), 0.0, now)
        if policy.first is not None:
            return Claim(self, (now + policy.delay(looks + 2 * failures, luck),), 0.0, now)
        if failures:
            return Claim(self, (now + policy.delay(failures - 1, luck),), 0.0, now)
        plan = self.ctx.services.expect(self._model, typical(self.ref.model), policy)
        if self.begun is None:
            self.begun = now - plan.median
        looked = self.begun if self.looked is None else self.looked
        late = 1 + policy.jitter * luck
        ages = plan.moments(max(looked - self.begun, 0.0))
        return Claim(self, tuple(looked + (self.begun + age - looked) * late for age in ages), plan.worth, looked)

    def saw(self, status: TaskStatus, asked: float, now: float) -> None:
        """Note what a look found that was sent at `asked`."""
        self.ref = status.ref
        if status.done:
            self._learn(status, now)
        elif self.begun is None and status.created_at is not None:
            age = (self.ctx.services.wall() - status.created_at).total_seconds()
            if -SKEW <= age <= MOST:
                self.begun = now - max(age, 0.0)
        self.looked = asked

    def _learn(self, status: TaskStatus, now: float) -> None:
        """The service's own figure counts, unless what was seen here contradicts it."""
        if self.ctx.options.poll.first is not None:
            return
        low, high = 0.0, MOST
        if self.witnessed and self.begun is not None:
            low = max((self.looked or self.begun) - self.begun, 0.0)
            high = max(now - self.begun, low)
        took = status.seconds
        if status.created_at is not None and status.completed_at is not None:
            took = (status.completed_at - status.created_at).total_seconds()
        if took is not None and took > 0 and low - SKEW <= took <= high + SKEW:
            self.ctx.services.observed(self._model, took, took)
        elif self.witnessed:
            self.ctx.services.observed(self._model, low, high)

    @property
    def _model(self) -> str:
        return self.ref.model or self.ref.lifecycle


def awaited(ctx: Context, ref: TaskRef, *, fresh: bool, at_once: bool) -> Awaited:
    """Begin to wait for a task: `fresh` if it was submitted here and nobody has looked at it yet."""
    begun: float | None = None
    if fresh and ctx.options.poll.first is None:
        begun = ctx.services.begun(str(ref))
        if begun is None:
            begun = ctx.services.now()
    return Awaited(ctx, ref, begun, witnessed=fresh, at_once=at_once)


@cache
def typical(model: str | None) -> Typical | None:
    """What the catalog knows of a model's durations; else what it knows of models of the same kind."""
    from kie import catalog

    entry = catalog.find(model) if model else None
    if entry is None:
        return None
    if entry.typical_seconds:
        known = entry.typical_seconds
        return Typical(known["p50"], known.get("p95"), known["seen"])
    others = sorted(
        other.typical_seconds["p50"] for other in catalog.models(kind=entry.kind, status="all") if other.typical_seconds
    )
    return Typical(others[len(others) // 2], others[-1]) if len(others) >= ENOUGH else None
