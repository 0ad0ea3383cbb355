"""Floor 3: asks the circuit breaker before an attempt, and tells it what came of it. May import `core`, `policy`."""

from __future__ import annotations

from functools import lru_cache
from urllib.parse import urlsplit

from kie._flow import events as watch
from kie._flow.options import Options
from kie._policy.breaker import Ticket


@lru_cache(maxsize=256)
def origin_of(url: str) -> str:
    """Scheme, host and port of a URL."""
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc.rpartition('@')[2].lower()}"


def admit(options: Options, origin: str) -> Ticket | None:
    """Leave for one attempt; None where there is no breaker. Raises `CircuitOpen`."""
    if options.breaker is None:
        return None
    ticket = options.world.admit(options.breaker, origin)
    if ticket.change is not None:
        watch.breaker_changed(options, origin, ticket.change)
    return ticket


def report(options: Options, origin: str, ticket: Ticket | None, success: bool | None) -> bool:
    """What came of an attempt: None says nothing about the origin, as when the caller cancels it.

    Returns whether it opened the circuit: then there is no use in another attempt.
    """
    change = options.world.report(ticket, success) if ticket is not None else None
    if change is not None:
        watch.breaker_changed(options, origin, change)
    return change is not None and change[1] == "open"
