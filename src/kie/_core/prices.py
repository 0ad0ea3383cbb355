"""Core: estimates what a request costs, by the packaged price tables or a later list. May import only `_core`."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from datetime import date
from decimal import Decimal
from functools import lru_cache
from typing import cast

from kie._core import data
from kie._core.estimates import Estimate
from kie._core.json import JSON, JSONObject
from kie._core.numbers import exactly
from kie._core.price_counters import Characters, Counter, Items, Lengths, Numbers, Seconds, Span, Unstated
from kie._core.price_snapshot import Later, later
from kie._core.price_tables import PriceTable, Rate, Term


def estimate_body(model: str, body: JSONObject, seconds: Seconds | None = None, today: date | None = None) -> Estimate:
    """Estimate what a request costs.

    Args:
        model: The id of the model, or the name of the operation.
        body: The request in its wire form.
        seconds: The lengths of media that were measured.
        today: The day of the submission; today if absent.

    Returns:
        The estimate; without an upper bound if there is no table for the model.
    """
    table = price_table(model)
    if table is None:
        return Estimate(
            model=model,
            at_least=Decimal(0),
            at_most=None,
            listed=None,
            notes=("the price list has no row for this model",),
        )
    with exactly():
        return table.estimate(model, body, seconds or {}, today or date.today())


def price_range(model: str) -> Span | None:
    """The lowest and the highest price of a model's requests by its price table; None without a table."""
    table = price_table(model)
    return None if table is None else table.range


def media_that_count(model: str) -> frozenset[str]:
    """The fields whose media are priced by length, according to the model's price table."""
    table = price_table(model)
    return frozenset() if table is None else table.lengths


def price_table(model: str) -> PriceTable | None:
    """The price table of a model, if the package has one."""
    return _table(model, later()) if model in _document()["models"] else None


@lru_cache(maxsize=1)
def _document() -> Mapping[str, Mapping[str, JSONObject]]:
    return cast("Mapping[str, Mapping[str, JSONObject]]", json.loads(data.read("kie_models", "prices.json")))


@lru_cache(maxsize=512)
def _table(model: str, newer: Later) -> PriceTable:
    entry = _document()["models"][model]
    note = entry.get("note")
    terms = cast("list[JSONObject]", entry["terms"])
    met = newer.listed is not None and any(
        newer.takes(str(row["row"])) for term in terms for _, row in _rows(term, "rates")
    )
    return PriceTable(
        listed=newer.listed if met and newer.listed is not None else date.fromisoformat(str(entry["listed"])),
        terms=tuple(_load(term, newer) for term in terms),
        note=None if note is None else str(note),
        warning=newer.note,
        fetched=met,
    )


def _load(term: JSONObject, newer: Later) -> Term:
    by = cast("list[list[JSON]]", term.get("by") or [])
    counters = tuple(_counter(each) for each in cast("list[JSONObject]", term["each"]))
    return Term(
        counters=counters,
        counted=" + ".join(field for counter in counters for field in counter.fields) or "task",
        by=tuple((str(name), bool(given)) for name, given, _ in by),
        domains=tuple(tuple(map(str, cast("list[JSON]", domain))) for _, _, domain in by),
        rates={key: _rate(row, newer) for key, row in _rows(term, "rates")},
        unpriced={key: str(row["reason"]) for key, row in _rows(term, "unpriced")},
        span=_span_of(cast("list[JSON]", term.get("span") or [1, 1])),
        unstated=frozenset(map(str, cast("list[JSON]", term.get("unstated") or []))),
        instead=cast("Mapping[str, Mapping[str, str]]", term.get("instead") or {}),
    )


def _counter(each: JSONObject) -> Counter:
    def figures(*names: str) -> dict[str, Decimal]:
        return {name: _decimal(each[name]) for name in names if name in each}

    fields = tuple(map(str, cast("list[JSON]", each.get("fields") or [])))
    match each["kind"]:
        case "items":
            return Items(fields=fields, **figures("free", "per"))
        case "text":
            return Characters(fields=fields, **figures("free", "per"))
        case "seconds":
            return Lengths(fields=fields, **figures("free", "per", "low", "high", "total"))
        case "number":
            medium = (str(each["or"]),) if "or" in each else ()
            lengths = Lengths(fields=medium, **figures("per", "low", "high", "total")) if medium else None
            return Numbers(fields=fields, otherwise=lengths, **figures("per", "low", "high"))
        case "unstated":
            return Unstated(fields=fields, most=str(each.get("most", "")), **figures("per", "low", "high"))
    return Counter()


def _span_of(listed: list[JSON]) -> Span:
    low, high = listed
    return _decimal(low), None if high is None else _decimal(high)


def _rows(term: JSONObject, name: str) -> Iterator[tuple[tuple[str, ...], JSONObject]]:
    for row in cast("list[JSONObject]", term.get(name) or []):
        yield tuple(map(str, cast("list[JSON]", row["cells"]))), row


def _rate(row: JSONObject, newer: Later) -> Rate:
    until = row.get("until")
    ends = None if until is None else date.fromisoformat(str(until))
    if newer.listed is None:
        return Rate(_decimal(row["credits"]), ends)
    figure, note = newer.figure(str(row["row"]))
    if figure is None:
        return Rate(_decimal(row["credits"]), ends, note)
    return Rate(figure, None if ends is None or ends < newer.listed else ends)


def _decimal(value: JSON) -> Decimal:
    return Decimal(str(value))
