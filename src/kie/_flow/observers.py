"""Floor 3: who is told what happens, and as part of which work. May import `telemetry`."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from kie._core.errors import ConfigError

if TYPE_CHECKING:
    from typing import Self

    from kie._core.tasks import TaskRef
    from kie.telemetry._events import Observer, Work


class Observers(tuple["Observer", ...]):
    """A client's observers; within a flow also the work that its events are part of, and since when it goes on."""

    work: Work | None = None
    ref: TaskRef | None = None
    started: float = 0.0

    def within(self, work: Work, *, ref: TaskRef | None, started: float) -> Self:
        """The same observers, told of one piece of work."""
        made = type(self)(self)
        made.work, made.ref, made.started = work, ref, started
        return made


def observers_of(observers: Iterable[Observer]) -> Observers:
    """What a user passes. Raises `ConfigError` for what is no list, or holds something that cannot be called."""
    if isinstance(observers, Observers):
        return observers
    try:
        made = Observers(observers)
    except TypeError:
        raise ConfigError(f"observers is a list of observers, not {observers!r}") from None
    for observer in made:
        if not callable(observer):
            raise ConfigError(f"an observer is called with each event; {observer!r} cannot be called")
    return made
