"""Exchange: asks the circuit breaker, and reports the result of an attempt to it. May import `_core`, `_flow`,
`_policy`."""

from __future__ import annotations

from functools import lru_cache
from urllib.parse import urlsplit

from kie._flow import events
from kie._flow.context import Context
from kie._policy.breaker import Admission


@lru_cache(maxsize=256)
def origin_of(url: str) -> str:
    """Scheme, host and port of a URL."""
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc.rpartition('@')[2].lower()}"


def admit(ctx: Context, origin: str) -> Admission | None:
    """Ask to send one attempt; None if there is no breaker. Raises `CircuitOpen`."""
    if ctx.options.breaker is None:
        return None
    admission = ctx.services.admit(ctx.options.breaker, origin)
    if admission.change is not None:
        events.breaker_changed(ctx, origin, admission.change)
    return admission


def report(ctx: Context, origin: str, admission: Admission | None, success: bool | None) -> bool:
    """Report the result of an attempt; None says nothing about the origin, as when the caller cancels it.

    Returns whether it opened the circuit: then another attempt would not help.
    """
    change = ctx.services.report(admission, success) if admission is not None else None
    if change is not None:
        events.breaker_changed(ctx, origin, change)
    return change is not None and change[1] == "open"
