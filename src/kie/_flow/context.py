"""Flow: what every flow works with: a call's options and a client's services. May import `_core`, `_policy`."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Protocol

import attrs

from kie._flow.options import Options, overridden

if TYPE_CHECKING:
    from collections.abc import Sequence

    from kie._core.call import Bucket
    from kie._core.tasks import TaskRef
    from kie._policy.breaker import Admission, Change, CircuitBreaker
    from kie._policy.durations import Typical
    from kie._policy.limits import Place
    from kie._policy.polling import Plan, PollPolicy
    from kie._policy.sharing import Claim
    from kie.telemetry._events import Event, Observer, Work


class Services(Protocol):
    """What a client gives its flows, and what answers at once: clock, randomness, limits, circuit breakers, events.

    `kie._io.session.Session` is one for both kinds of client.
    """

    @property
    def keeps_journal(self) -> bool:
        """Whether submissions are noted."""
        ...

    def now(self) -> float:
        """Monotonic seconds."""
        ...

    def wall(self) -> datetime:
        """The time of day, aware, in UTC."""
        ...

    def random(self) -> float:
        """A random number in [0, 1)."""
        ...

    def reserve(self, bucket: Bucket, place: Place | None = None) -> Place | None: ...

    def settle(self, bucket: Bucket, place: Place, *, refused: bool = False, sent: bool = True) -> None: ...

    def admit(self, policy: CircuitBreaker, origin: str) -> Admission:
        """Let one attempt through. Raises `CircuitOpen`."""
        ...

    def report(self, admission: Admission, success: bool | None) -> Change | None:
        """Say what came of an attempt; None says nothing about the origin. Returns the change of state, if any."""
        ...

    def emit(self, observers: Sequence[Observer], event: Event) -> None:
        """Give an event to observers."""
        ...

    def turn(self, claim: Claim) -> tuple[Place | None, float]: ...

    def expect(self, model: str, typical: Typical | None, policy: PollPolicy) -> Plan: ...

    def observed(self, model: str, low: float, high: float) -> None: ...

    def begun(self, ref: str, now: float | None = None) -> float | None: ...

    def warn(self, message: str) -> None:
        """Log a warning, the same one once."""
        ...


@attrs.define(eq=False)
class Scope:
    """The piece of work that events belong to, and since when it goes on. `ref` is set once the task is known."""

    work: Work
    started: float
    ref: TaskRef | None = None


@attrs.frozen(kw_only=True)
class Context:
    """What a flow works with. `given` names the options of this very call, `scope` the work that its events belong to.

    A client without observers has no scope, so that nothing is made for nobody.
    """

    options: Options
    services: Services
    given: frozenset[str] = frozenset()
    scope: Scope | None = None

    def emit(self, event: Event) -> None:
        """Give an event to the observers."""
        self.services.emit(self.options.observers, event)

    def overriding(self, options: dict[str, object]) -> Context:
        """The context of one call, for which some options were given."""
        if not options:
            return self
        return attrs.evolve(self, options=overridden(self.options, options), given=frozenset(options))

    def with_options(self, options: dict[str, object]) -> Context:
        """The context of a client with other options."""
        return attrs.evolve(self, options=overridden(self.options, options))
