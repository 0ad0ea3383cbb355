"""IO: passes events to observers, without the key; their failures do no harm. May import `_core`, `telemetry`."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, cast
from weakref import WeakKeyDictionary

import attrs

from kie._core.errors import ConfigError
from kie._io.secrets import Secret

if TYPE_CHECKING:
    from kie.telemetry._events import Event, Observer

LOGGER = logging.getLogger("kie")


class EventDispatcher:
    """Passes events to the observers of one client.

    Args:
        key: The API key, which no event may show.
    """

    def __init__(self, key: Secret) -> None:
        self._key = key
        self._faulty: dict[int, tuple[object]] = {}
        self._copies: WeakKeyDictionary[object, object] = WeakKeyDictionary()

    def emit(self, observers: Sequence[Observer], event: Event) -> None:
        """Call each observer with an event. What an observer raises is swallowed, and logged once per observer."""
        from kie.telemetry._events import without_query

        event = cast("Event", self._without_key(event))
        url = getattr(event, "url", None)
        plain = event if url is None else cast("Event", attrs.evolve(cast(Any, event), url=without_query(url)))
        for observer in observers:
            try:
                outcome = observer(event if getattr(observer, "show_queries", False) else plain)
                if hasattr(outcome, "__await__"):
                    getattr(outcome, "close", lambda: None)()
                    raise ConfigError("an observer may not be async")
            except (Exception, GeneratorExit) as error:  # a flow would mistake the latter for its own end
                mark = (observer,)
                if self._faulty.setdefault(id(observer), mark) is mark:
                    name = getattr(observer, "__qualname__", type(observer).__name__)
                    LOGGER.warning("observer %s failed; the call continues; this is logged once", name, exc_info=error)

    def _without_key(self, value: object) -> object:
        """Remove the key from a value, wherever the caller put it (for example in a URL or the name of a model).

        A value that is compared by identity, as `Work` is, gets one copy.
        """
        if isinstance(value, str):
            return self._key.scrub(value)
        kind = type(value)
        if not attrs.has(kind):
            return value
        found = {field.name: getattr(value, field.name) for field in attrs.fields(kind)}
        clean = {name: self._without_key(held) for name, held in found.items()}
        if all(clean[name] is held for name, held in found.items()):
            return value
        copy: object = kind(**clean)
        return copy if kind.__eq__ is not object.__eq__ else self._copies.setdefault(value, copy)
