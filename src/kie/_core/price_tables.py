"""Core: the price of one model: a sum of terms. May import only `_core`.

A term is what is counted times one rate of a closed table. What the request leaves to the service, and the length of
media that nobody measured, widen the result; an option without a rate never gives a figure.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from decimal import Decimal
from functools import cached_property, lru_cache, partial
from itertools import product
from typing import cast

import attrs

from kie._core.estimates import Estimate, TermEstimate
from kie._core.json import JSON, JSONObject
from kie._core.price_counters import NOTHING, Counter, Seconds, Span

OLD = timedelta(days=60)
"""A price list older than this is said to be old in each estimate."""
_ZERO = Decimal(0)


@attrs.frozen
class Rate:
    credits: Decimal
    until: date | None
    note: str = ""
    """Why it is not that of the latest list."""


@attrs.frozen(eq=False, slots=False)
class Term:
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

    def count(self, body: JSONObject, seconds: Seconds) -> Span:
        """How many there are, at least and at most."""
        if len(self.counters) == 1:
            return self.counters[0].count(body, seconds)
        low: Decimal = _ZERO
        high: Decimal | None = _ZERO
        for counter in self.counters:
            least, most = counter.count(body, seconds)
            low += least
            high = None if high is None or most is None else high + most
        return low, high

    @cached_property
    def discounted(self) -> bool:
        """Whether the day decides about a rate."""
        return any(rate.until is not None for rate in self.rates.values())

    def cells(self, body: JSONObject) -> tuple[str | None, ...]:
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
    return str(value).lower()


@attrs.frozen(slots=False)
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
        counters = (counter for term in self.terms for counter in term.counters if counter.kind == "seconds")
        return frozenset(field for counter in counters for field in counter.fields)

    def estimate(self, model: str, body: JSONObject, seconds: Seconds, today: date) -> Estimate:
        """The price of a request in its wire form."""
        notes: list[str] = [note for note in (self.note, self.warning) if note]
        terms: list[TermEstimate] = []
        low: Decimal = _ZERO
        high: Decimal | None = _ZERO if self.note is None else None
        for term in self.terms:
            found = self._term(term, body, seconds, today, notes)
            if found is None:
                high = None
                continue
            terms.append(found)
            low += found.at_least
            most = found.at_most
            high = None if high is None or most is None else high + most
        if today - self.listed > OLD:
            notes.append(f"the price list is of {self.listed}; `kie prices refresh` fetches today's")
        return Estimate(
            model=model,
            at_least=low,
            at_most=high,
            listed=self.listed,
            terms=tuple(terms),
            notes=tuple(dict.fromkeys(notes)) if notes else (),
        )

    def _term(
        self, term: Term, body: JSONObject, seconds: Seconds, today: date, notes: list[str]
    ) -> TermEstimate | None:
        """What one term comes to; None if the list has no rate for it."""
        low, high = term.count(body, seconds)
        found, told = _priced(term, term.cells(body), low, high, today if term.discounted else date.min)
        if told:
            notes += told
        return found


@lru_cache(maxsize=4096)
def _priced(
    term: Term, cells: tuple[str | None, ...], low: Decimal, high: Decimal | None, today: date
) -> tuple[TermEstimate | None, tuple[str, ...]]:
    """What a term comes to for such cells and counts, and what there is to say about it."""
    notes: list[str] = []
    if high is None:
        timed = any(counter.kind == "seconds" or counter.medium for counter in term.counters)
        notes.append(f"the {'length' if timed else 'number'} of {term.counted} is not known")
    elif low != high:
        notes.append(f"{term.counted} is left to the service or not known")
    by = tuple([f"{name}={cell}" for (name, _), cell in zip(term.by, cells, strict=True) if cell is not None])
    made = partial(TermEstimate, counted=term.counted, count_at_least=low, count_at_most=high, by=by)
    if high == 0:
        return made(rate_at_least=_ZERO, rate_at_most=_ZERO), tuple(notes)
    rates, without = _rates(term, cells)
    notes += without
    if not rates:
        return None, tuple(notes)
    if None in cells:
        open_ = [name for (name, _), cell in zip(term.by, cells, strict=True) if cell is None]
        notes += [f"{name} is left to the service or not known" for name in open_]
    ended = [rate.until for rate in rates if rate.until is not None and rate.until < today]
    notes += [f"a discount of the price list ended on {day}" for day in sorted(set(ended))]
    notes += [rate.note for rate in rates if rate.note]
    figures = [rate.credits for rate in rates]
    least = _ZERO if without else min(figures)  # an option that nobody priced may be cheaper, too
    most = None if without or ended else max(figures)
    return made(rate_at_least=least, rate_at_most=most), tuple(notes)


def _rates(term: Term, cells: tuple[str | None, ...]) -> tuple[list[Rate], list[str]]:
    """The rates that the request may meet, and why some of its options have none."""
    if None not in cells:
        key = cast("tuple[str, ...]", cells)
        rate = term.rates.get(key)
        if rate is not None:
            return [rate], []
        said = " and ".join(f"{name}={cell}" for (name, _), cell in zip(term.by, key, strict=True))
        return [], [term.unpriced.get(key) or f"the price list has no row for {said}"]
    choices = (domain if cell is None else (cell,) for domain, cell in zip(term.domains, cells, strict=True))
    keys = list(product(*choices))
    rates = [rate for key in keys if (rate := term.rates.get(key)) is not None]
    without = [
        term.unpriced.get(key) or "an option has no row in the price list" for key in keys if key not in term.rates
    ]
    return rates, list(dict.fromkeys(without))
