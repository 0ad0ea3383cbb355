"""Tasks: what requests will probably cost, before anything is sent. May import `_core`."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from decimal import Decimal

from kie._core import paths
from kie._core.field_facts import NO_FACTS
from kie._core.media_rules import ANY_FILE
from kie._core.prices import Estimate, TotalEstimate, estimate_body, price_table
from kie._core.request import Request
from kie._core.results import Result
from kie._flow.context import Context
from kie._flow.effects import Flow, Inspect
from kie._tasks.check import known_request


def estimate(ctx: Context, requests: Request[Result] | Iterable[Request[Result]]) -> Flow[Estimate | TotalEstimate]:
    """Estimate one request, or several together. Local media whose length matters are looked into."""
    if isinstance(requests, Request) or not isinstance(requests, Iterable):
        return (yield from _one(ctx, requests))
    parts: list[Estimate] = []
    for request in requests:
        parts.append((yield from _one(ctx, request)))
    return TotalEstimate(parts=tuple(parts))


def _one(ctx: Context, request: Request[Result]) -> Flow[Estimate]:
    known_request(request)
    model = request.info.name
    today = ctx.services.wall().date()
    body, media = request._encode()
    table = price_table(model)
    seconds: dict[str, list[Decimal | None]] = defaultdict(list)
    for path, medium in media.items() if table is not None and table.lengths else ():
        field = paths.key(paths.parse(path))
        if table is not None and field in table.lengths:
            rule = request.info.fields.get(field, NO_FACTS).media or ANY_FILE
            found = yield from Inspect(medium, rule.max_bytes, rule.formats)
            length = found.facts.seconds
            seconds[field].append(None if length is None else Decimal(str(round(length, 3))))
    return estimate_body(model, body, seconds, today)
