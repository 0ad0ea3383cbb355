"""Core: the price of one model: a sum of terms. May import only `_core`.

A term is a count times one rate of a closed table. Choices left to the service and unmeasured lengths of media widen
the result to a range. An option without a rate never gets a single figure.
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
"""If the price list is older than this, each estimate says so."""
_AHEAD = timedelta(days=1)
"""A list may be this much ahead, because days begin earlier elsewhere."""
_ZERO = Decimal(0)

Cells: TypeAlias = tuple[str | None, ...]
"""The cell of a request in each field that decides a rate; None if it leaves the choice to the service."""
Counted: TypeAlias = tuple[Cells, Decimal, "Decimal | None"]
"""A request as seen by one term: its cells, and the lowest and the highest count."""


@attrs.frozen
class Rate:
    """The price of one, and the last day of the price if it is a discount."""

    credits: Decimal
    until: date | None
    note: str = ""
    """Why it is not the price of the latest list."""


@attrs.frozen(eq=False, slots=False)
class Term:
    """What is counted, and the closed table of its rates."""

    counters: tuple[Counter, ...]
    """What is counted, added up."""
    counted: str
    """The same in words."""
    by: tuple[tuple[str, bool], ...]
    """The fields that decide the rate. True if only the presence of the field matters."""
    domains: tuple[tuple[str, ...], ...]
    """The possible cells of each field, which an open choice may take."""
    rates: dict[tuple[str, ...], Rate]
    unpriced: dict[tuple[str, ...], str]
    span: Span
    """The lowest and the highest count in any request."""
    instead: Mapping[str, Mapping[str, str]]
    """By field, cells that are replaced by others. An empty cell means that the choice is left to the service."""
    unstated: frozenset[str] = frozenset()
    """The entries of `by` that are not fields."""

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
        value = int(value)  # JSON does not distinguish 5.0 from 5
    return str(value).lower()


@attrs.frozen(eq=False, slots=False)
class PriceTable:
    """The price of one model."""

    listed: date
    terms: tuple[Term, ...]
    note: str | None
    """Why there is no upper bound, whatever the request says."""
    warning: str = ""
    """Why an existing price list is not used."""
    fetched: bool = False
    """Whether `kie prices refresh` wrote the list, so that its day is that of some machine's clock."""

    @cached_property
    def range(self) -> Span:
        """The lowest and the highest price of any request, as far as the list has prices."""
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
        """The fields whose media are priced by length."""
        return frozenset(field for term in self.terms for counter in term.counters for field in counter.media)

    def estimate(self, model: str, body: JSONObject, seconds: Seconds, today: date) -> Estimate:
        """Estimate the price of a request in its wire form."""
        return _total(
            self, model, tuple([(term.cells(body), *term.count(body, seconds)) for term in self.terms]), today
        )


@lru_cache(maxsize=1024)
def _total(table: PriceTable, model: str, found: tuple[Counted, ...], today: date) -> Estimate:
    """Add up the terms of a table."""
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
    age = today - table.listed
    if age > OLD:
        notes.append(f"the price list is of {table.listed}; `kie prices refresh` fetches today's")
    elif table.fetched and age < -_AHEAD:
        notes.append(
            f"the price list is dated {table.listed}, which is yet to come, so its age is not known; check the clock, "
            "then `kie prices refresh` fetches today's"
        )
    return Estimate(
        model=model,
        at_least=total[0],
        at_most=total[1],
        listed=table.listed,
        terms=tuple(terms),
        notes=tuple(dict.fromkeys(notes)) if notes else (),
    )


def _uncounted(term: Term, *, bounded: bool) -> str:
    """The note on why the count of a term is not known."""
    if all(isinstance(counter, Unstated) for counter in term.counters):
        return f"no field of the request says how many {term.counted} there will be"
    if bounded:
        return f"{term.counted} is left to the service or not known"
    timed = any(counter.media for counter in term.counters)
    return f"the {'length' if timed else 'number'} of {term.counted} is not known"


@lru_cache(maxsize=1024)
def _rate(term: Term, cells: Cells, today: date) -> tuple[Span | None, tuple[str, ...]]:
    """The lowest and the highest price of one, with notes on it. None if the list has no rate."""
    rates, notes = _rates(term, cells)
    if not rates:
        return None, tuple(notes)
    least = _ZERO if notes else min(rate.credits for rate in rates)  # an option without a price may be cheaper
    ended = [rate.until for rate in rates if rate.until is not None and rate.until < today]
    most = None if notes or ended else max(rate.credits for rate in rates)
    notes += _undecided(term, cells)
    notes += [f"a discount of the price list ended on {day}" for day in sorted(set(ended))]
    notes += [rate.note for rate in rates if rate.note]
    return (least, most), tuple(notes)


def _rates(term: Term, cells: Cells) -> tuple[list[Rate], list[str]]:
    """The rates that may apply to the request, and the reasons why some of its options have none."""
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
    """The keys of the table that the request may mean."""
    return [*product(*(domain if cell is None else (cell,) for domain, cell in zip(term.domains, cells, strict=True)))]


def _undecided(term: Term, cells: Cells) -> Iterator[str]:
    """Yield the choices that decide the rate and that the request leaves open."""
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
