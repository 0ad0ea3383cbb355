"""Flow: checks a user's `observers`. May import `_core`, and `telemetry` for its types."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from kie._core.errors import ConfigError

if TYPE_CHECKING:
    from kie.telemetry._events import Observer


class Observers(tuple["Observer", ...]):
    """A client's observers, checked."""

    __slots__ = ()


def observers_of(observers: Iterable[Observer]) -> Observers:
    """Check what a user passes. Raises `ConfigError` if it is not a list, or contains something that is not
    callable."""
    if isinstance(observers, Observers):
        return observers
    try:
        made = Observers(observers)
    except TypeError:
        raise ConfigError(f"observers must be a list of observers, not {observers!r}") from None
    for observer in made:
        if not callable(observer):
            raise ConfigError(f"each observer must be callable (it is called with each event), not {observer!r}")
    return made
