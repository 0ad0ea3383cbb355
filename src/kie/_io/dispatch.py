"""Floor 4: tells observers of events, without the key and without harm. May import `telemetry`."""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any, cast
from weakref import WeakKeyDictionary

import attrs

from kie._core.errors import ConfigError

if TYPE_CHECKING:
    from kie.telemetry._events import Event, Observer

LOGGER = logging.getLogger("kie")

REDACTED_FROM = 12
"""Characters from which on a key is blotted out of answers: a shorter text may stand there for other reasons."""


class Teller:
    """Tells the observers of one client. `reveal` gives the key, so that it can be blotted out."""

    def __init__(self, reveal: Callable[[], str]) -> None:
        self._reveal = reveal
        self._faulty: dict[int, tuple[object]] = {}
        self._copies: WeakKeyDictionary[object, object] = WeakKeyDictionary()

    def tell(self, observers: Sequence[Observer], event: Event) -> None:
        """Tell each of an event. What an observer raises is swallowed, with one warning for each observer."""
        from kie.telemetry._events import without_query

        event = self._without_key(event)
        url = getattr(event, "url", None)
        plain = event if url is None else cast("Event", attrs.evolve(cast(Any, event), url=without_query(url)))
        for observer in observers:
            try:
                outcome = observer(event if getattr(observer, "show_queries", False) else plain)
                if hasattr(outcome, "__await__"):
                    getattr(outcome, "close", lambda: None)()
                    raise ConfigError("an observer may not be async")
            except Exception as error:
                mark = (observer,)
                if self._faulty.setdefault(id(observer), mark) is mark:
                    name = getattr(observer, "__qualname__", type(observer).__name__)
                    LOGGER.warning("observer %s failed; the call goes on, and this is said once", name, exc_info=error)

    def _without_key(self, event: Event) -> Event:
        """An event without the key, wherever the caller may have put it: in a URL or a model's name, say."""
        key = self._reveal()
        return event if len(key) < REDACTED_FROM else cast("Event", self._blotted(event, key))

    def _blotted(self, value: object, key: str) -> object:
        """A value without the key. What is equal to itself only, as a piece of work is, has one copy at most."""
        if isinstance(value, str):
            return value.replace(key, "<key>") if key in value else value
        kind = type(value)
        if not attrs.has(kind):
            return value
        found = {field.name: getattr(value, field.name) for field in attrs.fields(kind)}
        clean = {name: self._blotted(held, key) for name, held in found.items()}
        if all(clean[name] is held for name, held in found.items()):
            return value
        copy: object = kind(**clean)
        return copy if kind.__eq__ is not object.__eq__ else self._copies.setdefault(value, copy)
