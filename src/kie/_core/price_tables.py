"""Core: the price of one model: a sum of terms. May import only `_core`.

A term is what is counted times one rate of a closed table. What the request leaves to the service, and the length of
media that nobody measured, widen the result; an option without a rate never gives a figure.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from decimal import Decimal
from functools import cached_property, lru_cache
from itertools import product
from typing import TypeAlias, cast

import attrs

from kie._core.estimates import Estimate, TermEstimate
from kie._core.json import JSON, JSONObject
from kie._core.price_counters import NOTHING, Counter, Seconds, Span, Unstated, together

OLD = timedelta(days=60)
"""A price list older than this is said to be old in each estimate."""
_ZERO = Decimal(0)

Cells: TypeAlias = tuple[str | None, ...]
"""What a request has in each field that decides a rate; None where it leaves that to the service."""
Counted: TypeAlias = tuple[Cells, Decimal, "Decimal | None"]
"""What a request is for one term: its cells, and how many are counted at least and at most."""


@attrs.frozen
class Rate:
    """What one costs, and until which day, if that is a discount."""

    credits: Decimal
    until: date | None
    note: str = ""
    """Why it is not that of the latest list."""


@attrs.frozen(eq=False, slots=False)
class Term:
    """What is counted, and the closed table of its rates."""

    counters: tuple[Counter, ...]
    """What is counted, added up."""
    counted: str
    """The same in words."""
    by: tuple[tuple[str, bool], ...]
    """The fields that decide the rate; True where only counts whether the field is given."""
    domains: tuple[tuple[str, ...], ...]
    """The cells of each field over which an open choice widens."""
    rates: dict[tuple[str, ...], Rate]
    unpriced: dict[tuple[str, ...], str]
    span: Span
    """How many there are in any request."""
    instead: Mapping[str, Mapping[str, str]]
    """By field: cells that are read as others. An empty cell is one that the request leaves to the service."""
    unstated: frozenset[str] = frozenset()
    """What of `by` no field says."""

    def count(self, body: JSONObject, seconds: Seconds) -> Span:
        """How many there are, at least and at most."""
        found = self.counters[0].count(body, seconds)
        for counter in self.counters[1:]:
            found = together(found, counter.count(body, seconds))
        return found

    def cells(self, body: JSONObject) -> Cells:
        """The cell of each field; None where the request leaves it to the service."""
        found = tuple([_cell(body.get(field), given) for field, given in self.by])
        if not self.instead:
            return found
        names = (field for field, _ in self.by)
        return tuple(
            self.instead.get(name, {}).get(cell or "", cell) or None for name, cell in zip(names, found, strict=True)
        )


def _cell(value: JSON, given: bool) -> str | None:
    if given:
        return "absent" if value in NOTHING or value is False else "present"
    if value is None:
        return None
    if isinstance(value, float) and value.is_integer():
        value = int(value)  # JSON does not tell 5.0 from 5
    return str(value).lower()


@attrs.frozen(eq=False, slots=False)
class PriceTable:
    """The price of one model."""

    listed: date
    terms: tuple[Term, ...]
    note: str | None
    """Why there is no upper bound, whatever the request says."""
    warning: str = ""
    """Why a price list that is there is not used."""

    @cached_property
    def range(self) -> Span:
        """The least and the most that a request costs, as far as the list prices it."""
        low: Decimal = _ZERO
        high: Decimal | None = _ZERO if self.note is None else None
        for term in self.terms:
            rates = [rate.credits for rate in term.rates.values()]
            least, most = term.span
            low += least * min(rates)
            high = None if high is None or most is None else high + most * max(rates)
        return low, high

    @cached_property
    def lengths(self) -> frozenset[str]:
        """The fields of which the length of the media counts."""
        return frozenset(field for term in self.terms for counter in term.counters for field in counter.media)

    def estimate(self, model: str, body: JSONObject, seconds: Seconds, today: date) -> Estimate:
        """The price of a request in its wire form."""
        return _total(
            self, model, tuple([(term.cells(body), *term.count(body, seconds)) for term in self.terms]), today
        )


@lru_cache(maxsize=1024)
def _total(table: PriceTable, model: str, found: tuple[Counted, ...], today: date) -> Estimate:
    """What the terms of a table come to together."""
    notes: list[str] = [note for note in (table.note, table.warning) if note]
    terms: list[TermEstimate] = []
    total: Span = (_ZERO, _ZERO if table.note is None else None)
    for term, (cells, count, most) in zip(table.terms, found, strict=True):
        if count != most:
            notes.append(_uncounted(term, bounded=most is not None))
        rate, told = _rate(term, cells, today) if most != 0 else ((_ZERO, _ZERO), ())
        notes += told
        if rate is None:
            total = total[0], None
            continue
        by = tuple([f"{name}={cell}" for (name, _), cell in zip(term.by, cells, strict=True) if cell is not None])
        one = TermEstimate(
            counted=term.counted,
            count_at_least=count,
            count_at_most=most,
            rate_at_least=rate[0],
            rate_at_most=rate[1],
            by=by,
        )
        terms.append(one)
        total = together(total, (one.at_least, one.at_most))
    if today - table.listed > OLD:
        notes.append(f"the price list is of {table.listed}; `kie prices refresh` fetches today's")
    return Estimate(
        model=model,
        at_least=total[0],
        at_most=total[1],
        listed=table.listed,
        terms=tuple(terms),
        notes=tuple(dict.fromkeys(notes)) if notes else (),
    )


def _uncounted(term: Term, *, bounded: bool) -> str:
    """Why it is not known how many of what a term counts there are."""
    if all(isinstance(counter, Unstated) for counter in term.counters):
        return f"no field of the request says how many {term.counted} there will be"
    if bounded:
        return f"{term.counted} is left to the service or not known"
    timed = any(counter.media for counter in term.counters)
    return f"the {'length' if timed else 'number'} of {term.counted} is not known"


@lru_cache(maxsize=1024)
def _rate(term: Term, cells: Cells, today: date) -> tuple[Span | None, tuple[str, ...]]:
    """What one costs, at least and at most, and what there is to say about it. None: the list has no rate for it."""
    rates, notes = _rates(term, cells)
    if not rates:
        return None, tuple(notes)
    least = _ZERO if notes else min(rate.credits for rate in rates)  # an option that nobody priced may be cheaper, too
    ended = [rate.until for rate in rates if rate.until is not None and rate.until < today]
    most = None if notes or ended else max(rate.credits for rate in rates)
    notes += _undecided(term, cells)
    notes += [f"a discount of the price list ended on {day}" for day in sorted(set(ended))]
    notes += [rate.note for rate in rates if rate.note]
    return (least, most), tuple(notes)


def _rates(term: Term, cells: Cells) -> tuple[list[Rate], list[str]]:
    """The rates that the request may meet, and why some of its options have none."""
    if None not in cells:
        key = cast("tuple[str, ...]", cells)
        rate = term.rates.get(key)
        if rate is not None:
            return [rate], []
        said = " and ".join(f"{name}={cell}" for (name, _), cell in zip(term.by, key, strict=True))
        return [], [term.unpriced.get(key) or f"the price list has no row for {said}"]
    keys = _keys(term, cells)
    rates = [rate for key in keys if (rate := term.rates.get(key)) is not None]
    without = [
        term.unpriced.get(key) or "an option has no row in the price list" for key in keys if key not in term.rates
    ]
    return rates, list(dict.fromkeys(without))


def _keys(term: Term, cells: Cells) -> list[tuple[str, ...]]:
    """The places in the table that a request may mean."""
    return [*product(*(domain if cell is None else (cell,) for domain, cell in zip(term.domains, cells, strict=True)))]


def _undecided(term: Term, cells: Cells) -> Iterator[str]:
    """What a request leaves open, where the rate depends on it."""
    keys = _keys(term, cells) if None in cells else []
    for index, (name, _) in enumerate(term.by if keys else ()):
        met: dict[tuple[str, ...], set[Decimal | None]] = {}
        for key in keys:
            rate = term.rates.get(key)
            met.setdefault(key[:index] + key[index + 1 :], set()).add(None if rate is None else rate.credits)
        if any(len(rates) > 1 for rates in met.values()):
            if name in term.unstated:
                yield f"no field of the request says the {name}, one of {', '.join(term.domains[index])}"
            else:
                yield f"{name} is left to the service or not known"
