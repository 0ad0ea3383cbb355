"""Tasks: what requests will probably cost, before anything is sent. May import `_core`, `_flow`, `catalog`."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import UTC, date, datetime
from decimal import Decimal

import attrs

from kie._core import paths
from kie._core.estimates import Alike, Estimate, TotalEstimate
from kie._core.field_facts import NO_FACTS
from kie._core.json import JSONObject
from kie._core.media_rules import ANY_FILE
from kie._core.price_counters import Seconds, seconds_of
from kie._core.prices import estimate_body, media_that_count
from kie._core.raw import RawRequest
from kie._core.request import Request, UncheckedRequest
from kie._core.results import Result
from kie._flow.context import Context
from kie._flow.effects import Flow, Inspect, Inspected
from kie._tasks.check import known_request


def estimate(ctx: Context, requests: Request[Result] | Iterable[Request[Result]]) -> Flow[Estimate | TotalEstimate]:
    """Estimate one request, or several together. Local media are inspected if their length matters."""
    if isinstance(requests, Request) or not isinstance(requests, Iterable):
        return (yield from one(ctx, requests))
    parts, alike = list[Estimate](), Alike()
    for request in requests:
        parts.append(alike.kept((yield from one(ctx, request))))
    return TotalEstimate(parts=tuple(parts))


def one(ctx: Context, request: Request[Result]) -> Flow[Estimate]:
    """Estimate one request. Local media are inspected if their length matters."""
    known_request(request)
    body, media = request._encode()
    if not media:
        return priced(request, body, {}, ctx.services.wall().date())
    counted = media_that_count(request.info.name)
    local: dict[str, Inspected] = {}
    for path, medium in media.items():
        field = paths.key(paths.parse(path))
        if field in counted:
            rule = request.info.fields.get(field, NO_FACTS).media or ANY_FILE
            local[path] = yield from Inspect(medium, rule.max_bytes, rule.formats)
    return priced(request, body, lengths(request, local), ctx.services.wall().date())


def lengths(request: Request[Result], local: Mapping[str, Inspected]) -> dict[str, list[Decimal | None]]:
    """The lengths of a request's local media, by field, as far as its price depends on them."""
    counted = media_that_count(request.info.name) if local else ()
    found: dict[str, list[Decimal | None]] = defaultdict(list)
    for path, inspected in local.items():
        field = paths.key(paths.parse(path))
        if field in counted:
            found[field].append(seconds_of(inspected.facts.seconds))
    return found


def priced(request: Request[Result], body: JSONObject, seconds: Seconds, today: date) -> Estimate:
    """What a request costs, given its encoded `body` and the lengths of its media."""
    price = estimate_body(request.info.name, body, seconds, today)
    if price.listed is not None and not _within_schema(request, body):
        note = "the request has values outside its schema, so its price may differ"
        return attrs.evolve(price, at_most=None, notes=(*price.notes, note))
    return price


def later_priced(request: Request[Result], seconds: Seconds, day: date | None = None) -> Estimate:
    """What a request costs that is already encoded, on the day (in UTC) of its submission; today if absent."""
    return priced(request, request._encode()[0], seconds, day or datetime.now(UTC).date())


def _within_schema(request: Request[Result], body: JSONObject) -> bool:
    """Whether the price table covers a request: it was checked, or would pass the check."""
    if not isinstance(request, (RawRequest, UncheckedRequest)):
        return True
    from kie import catalog

    known = catalog.find(request.info.name)
    schema = known.request_class.info.schema if known is not None else None
    return schema is not None and schema.is_valid(body)
