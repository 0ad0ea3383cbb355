"""Flow: the context of every flow: a call's options and a client's services. May import `_core`, `_policy`."""

from __future__ import annotations

from datetime import datetime
from functools import partial
from typing import TYPE_CHECKING, Literal, Protocol, cast

import attrs

from kie._core.errors import ConfigError
from kie._core.shared import NotCopied
from kie._flow.options import BOTH_URLS, Options, is_async, overridden

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from decimal import Decimal

    from kie._core.call import Bucket
    from kie._core.tasks import TaskRef
    from kie._core.transfers import Moved, OnTransfer, Transfer
    from kie._flow.effects import Flow
    from kie._io.budget import Budget
    from kie._policy.breaker import Admission, Change, CircuitBreaker
    from kie._policy.durations import Durations
    from kie._policy.limits import Permit
    from kie._policy.poll_line import Due
    from kie.telemetry._events import Event, Observer, Work


class Services(Protocol):
    """What a client gives its flows, and what answers at once: clock, randomness, limits, circuit breakers, events.

    `kie._io.session.Session` is one for both kinds of client.
    """

    @property
    def keeps_journal(self) -> bool:
        """Whether submissions are noted."""
        ...

    @property
    def simulated(self) -> bool:
        """Whether the client was made by a simulator."""
        ...

    def now(self) -> float:
        """Monotonic seconds."""
        ...

    def wall(self) -> datetime:
        """The time of day, in UTC, with its zone."""
        ...

    def random(self) -> float:
        """A random number in [0, 1)."""
        ...

    def reserve(self, bucket: Bucket, permit: Permit | None = None) -> Flow[Permit | None]:
        """Ask for a permit, or ask again for one that had to wait. None means that there is no limit.

        Fails with `ConfigError` for a submission if the database that holds the limit cannot be used.
        """
        ...

    def settle(self, bucket: Bucket, permit: Permit, *, refused: bool = False, sent: bool = True) -> None:
        """Report the result of a permit: an answer, a refusal (429), or that nothing was sent."""
        ...

    def admit(self, policy: CircuitBreaker, origin: str) -> Admission:
        """Let one attempt through. Raises `CircuitOpen`."""
        ...

    def report(self, admission: Admission, success: bool | None) -> Change | None:
        """Report the result of an attempt; None says nothing about the origin. Returns the change of state, if any."""
        ...

    def emit(self, observers: Sequence[Observer], event: Event) -> None:
        """Give an event to observers."""
        ...

    def reserve_poll(self, due: Due) -> Flow[Permit | float]:
        """A permit to poll a task at the time in its `at`, or the seconds after which to ask again."""
        ...

    def withdraw(self, due: Due) -> None:
        """Say that a task no longer waits for a permit."""
        ...

    def durations(self, model: str, known: Callable[[], Sequence[float]]) -> Durations:
        """How long a model's tasks take. Until one has ended here, `known` supplies the durations."""
        ...

    def observed(self, model: str, seconds: float) -> None:
        """Record how long a task of the model took."""
        ...

    def budget(self, given: Budget | Decimal | float | None, outer: Budget | None) -> Budget | None:
        """The budget that was given, within the one that already applies. Raises `ConfigError`."""
        ...

    def begun(self, ref: str, now: float | None = None) -> float | None:
        """Record when a task was submitted. If `now` is None, return the recorded time instead."""
        ...

    def transferred(self, on_transfer: OnTransfer, transfer: Transfer) -> None:
        """Call a user's function, while no other thread may call it. Raises `TypeError` if it is async."""
        ...

    def warn(self, message: str) -> None:
        """Log a warning, the same one once."""
        ...


@attrs.define(eq=False)
class Scope:
    """The piece of work that events belong to, and when it began. `ref` is set once the task is known."""

    work: Work
    started: float
    ref: TaskRef | None = None


@attrs.frozen(kw_only=True)
class Context(NotCopied):
    """What a flow works with. `given` names the options that were passed to this call, `scope` the work that its events
    belong to.

    A client without observers has no scope, so no events are made for it. `asynchronous` says whether functions of the
    user may be coroutine functions. It is not copied with a task: functions, a library and a receiver belong to a
    client.
    """

    options: Options
    services: Services
    asynchronous: bool = True
    given: frozenset[str] = frozenset()
    scope: Scope | None = None

    def emit(self, event: Event) -> None:
        """Pass an event to the observers."""
        self.services.emit(self.options.observers, event)

    @property
    def budget(self) -> Budget | None:
        """The budget of tasks, if there is one."""
        return cast("Budget | None", self.options.budget)

    def moved(self, name: str, direction: Literal["upload", "download"]) -> Moved | None:
        """The function that reports the progress of a file to the user; None if there is none."""
        on_transfer = self.options.on_transfer
        if on_transfer is None:
            return None
        from kie._core.transfers import ProgressReporter

        return ProgressReporter(partial(self.services.transferred, on_transfer), name, direction)

    def overriding(self, options: dict[str, object]) -> Context:
        """The context of one call, for which some options were given. Raises `ConfigError` for contradictions."""
        if not options:
            return self
        made = self.with_options(options)
        if options.get("callback_url") is not None and made.options.via is not None:
            raise ConfigError(BOTH_URLS)
        if made.options.library is None and (options.get("tags") or options.get("source")):
            self.services.warn("tags and source are kept in a library: give the client a Library")
        return attrs.evolve(made, given=frozenset(options))

    def with_options(self, options: dict[str, object]) -> Context:
        """The context of a client with other options. A budget narrows the one that already applies."""
        self.check_functions(options)
        if options.get("via") is not None and options.get("callback_url") is not None:
            raise ConfigError(BOTH_URLS)
        if "budget" in options:
            given = cast("Budget | Decimal | float | None", options["budget"])
            options = {**options, "budget": self.services.budget(given, self.budget)}
        return attrs.evolve(self, options=overridden(self.options, options))

    def check_functions(self, options: Mapping[str, object]) -> None:
        """Refuse coroutine functions that nobody could await, before anything is paid for. Raises `ConfigError`."""
        if self.asynchronous:
            return
        for name, value in options.items():
            if name != "on_transfer" and callable(value) and is_async(value):  # that one may never be async
                raise ConfigError(f"{name} of a Kie may not be async: give it an ordinary function, or use AsyncKie")
