"""Core: what a request costs, by the packaged price tables. May import only `_core`.

A price is a sum of terms. A term is what is counted times one rate of a closed table. What the request leaves to the
service, and the length of media that nobody measured, widen the result; an option without a rate never gives a figure.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, timedelta
from decimal import Decimal
from functools import cache, cached_property, lru_cache, partial
from itertools import product
from typing import TYPE_CHECKING, TypeAlias, cast

import attrs

from kie._core import data, paths
from kie._core.json import JSON, JSONObject

if TYPE_CHECKING:
    from kie._core.price_snapshot import Later

USD_PER_CREDIT = Decimal("0.005")
"""What a credit costs in the vendor's price list. Larger top-ups get up to a tenth more."""
OLD = timedelta(days=60)
"""A price list older than this is said to be old in each estimate."""
_NOTHING: tuple[JSON, ...] = (None, "", [], {})
_ZERO, _ONE = Decimal(0), Decimal(1)

Span: TypeAlias = tuple[Decimal, "Decimal | None"]
"""How many at least and at most; None if there is no bound."""
Seconds: TypeAlias = Mapping[str, Sequence[Decimal | None]]
"""The lengths of the media in a field, one for each in its order; None where it is not known."""


@attrs.frozen(kw_only=True)
class TermEstimate:
    """One term of an estimate: how many of what, times how much."""

    counted: str
    """What is counted, such as `duration`; `task` if the price is for the task as a whole."""
    count_at_least: Decimal
    """How many at least."""
    count_at_most: Decimal | None
    """How many at most; None if there is no bound."""
    rate_at_least: Decimal
    """Credits for one at least."""
    rate_at_most: Decimal | None
    """Credits for one at most; None if that is not known."""
    by: tuple[str, ...]
    """The options that decide the rate, such as `mode=pro`."""

    @property
    def at_least(self) -> Decimal:
        """Credits at least."""
        return self.count_at_least * self.rate_at_least

    @property
    def at_most(self) -> Decimal | None:
        """Credits at most; None if there is no bound."""
        if self.count_at_most == 0:
            return Decimal(0)
        if self.count_at_most is None or self.rate_at_most is None:
            return None
        return self.count_at_most * self.rate_at_most

    def __str__(self) -> str:
        rate = span(self.rate_at_least, self.rate_at_most)
        if self.counted == "task":
            return _said(rate, "", self.by)
        return _said(f"{span(self.count_at_least, self.count_at_most)} × {rate}", self.counted, self.by)


def _requests(count: int) -> str:
    return "1 request" if count == 1 else f"{count} requests"


def _said(figures: str, counted: str, by: Iterable[str]) -> str:
    what = "; ".join(part for part in (counted, ", ".join(by)) if part)
    return f"{figures} ({what})" if what else figures


def shown(value: Decimal) -> str:
    """A number as people write it: without an exponent and without zeros that say nothing."""
    text = format(value, "f")
    return text.rstrip("0").rstrip(".") if "." in text else text


def span(low: Decimal, high: Decimal | None) -> str:
    """A range as people write it."""
    if high is None:
        return f"{shown(low)} or more"
    return shown(low) if low == high else f"{shown(low)} to {shown(high)}"


class _Figures:
    """What follows from the two bounds of an estimate."""

    __slots__ = ()

    at_least: Decimal
    at_most: Decimal | None

    @property
    def exact(self) -> bool:
        """Whether there is one figure."""
        return self.at_least == self.at_most

    @property
    def credits(self) -> Decimal | None:
        """The one figure; None if there is only a range, or no bound."""
        return self.at_least if self.exact else None

    @property
    def usd(self) -> Decimal | None:
        """The upper bound in US dollars at the list's rate of 0.005 a credit; None if there is no bound."""
        return None if self.at_most is None else self.at_most * USD_PER_CREDIT


@attrs.frozen(kw_only=True)
class Estimate(_Figures):
    """What a request will probably cost, in credits, by the price list that the package holds.

    It is not a billing contract.
    """

    model: str
    """The id of the model, or the name of the operation."""
    at_least: Decimal
    """Credits at least; 0 if nothing is known."""
    at_most: Decimal | None
    """Credits at most; None if there is no bound, for a reason that `notes` tells."""
    listed: date | None
    """The day of the price list; None if it has no row for the model."""
    terms: tuple[TermEstimate, ...] = ()
    """What the figures are the sum of."""
    notes: tuple[str, ...] = ()
    """Why the figures are wide, open, or may be out of date."""

    def _repr_html_(self) -> str:
        """What a notebook shows: the figures, and why."""
        from kie._core import notebook

        return notebook.of_estimate(self)

    def __str__(self) -> str:
        if self.at_most is None and not self.at_least:
            return "no price known"
        return f"{span(self.at_least, self.at_most)} credits"


@attrs.frozen(kw_only=True)
class TotalEstimate(_Figures):
    """What several requests will probably cost together."""

    parts: tuple[Estimate, ...]
    """The estimate of each request, in order."""
    at_least: Decimal = attrs.field(init=False)
    """Credits at least."""
    at_most: Decimal | None = attrs.field(init=False)
    """Credits at most; None if any part has no bound."""

    def __attrs_post_init__(self) -> None:
        bounds = [part.at_most for part in self.parts]
        most = None if None in bounds else sum(cast("list[Decimal]", bounds), _ZERO)
        object.__setattr__(self, "at_least", sum((part.at_least for part in self.parts), _ZERO))
        object.__setattr__(self, "at_most", most)

    @property
    def open(self) -> int:
        """How many parts have no upper bound."""
        return sum(part.at_most is None for part in self.parts)

    def by_model(self) -> dict[str, TotalEstimate]:
        """The same for each model, by its id.

        Returns:
            The totals, in the order in which the models come.
        """
        parts: dict[str, list[Estimate]] = {}
        for part in self.parts:
            parts.setdefault(part.model, []).append(part)
        return {model: TotalEstimate(parts=tuple(found)) for model, found in parts.items()}

    def _repr_html_(self) -> str:
        """What a notebook shows: the figures by model."""
        from kie._core import notebook

        return notebook.of_total(self)

    def __str__(self) -> str:
        figure = f"{span(self.at_least, self.at_most)} credits for {_requests(len(self.parts))}"
        return f"{figure}, {self.open} of them without an upper bound" if self.open else figure


@attrs.frozen
class _Rate:
    credits: Decimal
    until: date | None
    note: str = ""
    """Why it is not that of the latest list."""


@attrs.frozen
class _Counter:
    """What is counted. `low` and `high` bound it where the request does not say."""

    kind: str
    fields: tuple[str, ...]
    per: Decimal
    free: Decimal
    low: Decimal
    high: Decimal | None
    most: str = ""
    """The field that says how many there are at most, if one does."""
    total: Decimal | None = None
    """The most seconds that all media of the field have together, if that is limited."""
    medium: str = ""
    """The field with the medium whose length is counted where the request gives no number, or 0."""

    def count(self, body: JSONObject, seconds: Seconds) -> Span:
        """How many there are, at least and at most."""
        if self.kind == "task":
            return _ONE, _ONE
        if self.kind == "unstated":
            said = _number(body.get(self.most))
            most = self.high if said is None else max(said, self.low)
            return self.low / self.per, None if most is None else most / self.per
        if self.medium and not any(_number(value) for field in self.fields for value in _found(body, field)):
            return attrs.evolve(self, kind="seconds", fields=(self.medium,), medium="").count(body, seconds)
        low: Decimal = _ZERO
        high: Decimal | None = _ZERO
        for field in self.fields:
            least, most = self._of(field, _found(body, field), seconds)
            low += least
            high = None if high is None or most is None else high + most
        if self.free:
            low, high = max(low - self.free, _ZERO), None if high is None else max(high - self.free, _ZERO)
        if self.per != 1:
            low, high = low / self.per, None if high is None else high / self.per
        return low, high

    def _of(self, field: str, values: list[JSON], seconds: Seconds) -> Span:
        match self.kind:
            case "items":
                found = Decimal(_many(values))
                return found, found
            case "text":
                length = Decimal(sum(len(value) for value in values if isinstance(value, str)))
                return length, length
            case "seconds":
                return self._length(field, _many(values), seconds)
        numbers = [number for value in values if (number := _number(value)) is not None]
        if numbers:
            total = sum(numbers[1:], numbers[0])
            return total, total
        return self.low, self.high

    def _length(self, field: str, many: int, seconds: Seconds) -> Span:
        if not many:
            return _ZERO, _ZERO
        known = list(seconds.get(field, ()))[:many]
        unknown = many - len(known) + known.count(None)
        told = sum((length for length in known if length is not None), _ZERO)
        low = told + unknown * self.low
        bounds = [told + unknown * (self.high or 0)] if self.high is not None or not unknown else []
        bounds += [max(self.total, low)] if self.total is not None else []
        return low, min(bounds, default=None)


def _found(body: JSONObject, field: str) -> list[JSON]:
    """What a request has in a field, in each item of a list if it lies in one."""
    return [body.get(field)] if "." not in field else cast("list[JSON]", [*paths.reach(body, field)])


def _many(values: list[JSON]) -> int:
    """How many items there are: those of lists, and values that are none."""
    return sum(len(value) if isinstance(value, list) else 1 for value in values if value not in _NOTHING)


def _number(value: JSON) -> Decimal | None:
    """A number that is counted: not one that leaves the choice to the service, as -1 and `auto` do."""
    if isinstance(value, bool) or not isinstance(value, (int, float, str)):
        return None
    return _counted(value)


@lru_cache(maxsize=512)
def _counted(value: int | float | str) -> Decimal | None:
    try:
        number = Decimal(str(value).strip().removesuffix("s"))
    except ArithmeticError:
        return None
    return number if number.is_finite() and number >= 0 else None


@attrs.frozen(eq=False, slots=False)
class _Term:
    counters: tuple[_Counter, ...]
    """What is counted, added up."""
    counted: str
    """The same in words."""
    by: tuple[tuple[str, bool], ...]
    """The fields that decide the rate; True where only counts whether the field is given."""
    domains: tuple[tuple[str, ...], ...]
    """The cells of each field over which an open choice widens."""
    rates: dict[tuple[str, ...], _Rate]
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
        return "absent" if value in _NOTHING or value is False else "present"
    if value is None:
        return None
    return str(value).lower()


@attrs.frozen(slots=False)
class PriceTable:
    """The price of one model."""

    listed: date
    terms: tuple[_Term, ...]
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
        self, term: _Term, body: JSONObject, seconds: Seconds, today: date, notes: list[str]
    ) -> TermEstimate | None:
        """What one term comes to; None if the list has no rate for it."""
        low, high = term.count(body, seconds)
        found, told = _priced(term, term.cells(body), low, high, today if term.discounted else date.min)
        if told:
            notes += told
        return found


@lru_cache(maxsize=4096)
def _priced(
    term: _Term, cells: tuple[str | None, ...], low: Decimal, high: Decimal | None, today: date
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


def _rates(term: _Term, cells: tuple[str | None, ...]) -> tuple[list[_Rate], list[str]]:
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
    return table.estimate(model, body, seconds or {}, today or date.today())


def price_range(model: str) -> Span | None:
    """The least and the most that a request of a model costs, by the price table; None if there is none."""
    table = price_table(model)
    return None if table is None else table.range


def price_table(model: str) -> PriceTable | None:
    """The price table of a model, if the package has one."""
    return _table(model) if model in _document()["models"] else None


@lru_cache(maxsize=1)
def _document() -> Mapping[str, Mapping[str, JSONObject]]:
    return cast("Mapping[str, Mapping[str, JSONObject]]", json.loads(data.read("kie_models", "prices.json")))


@cache
def _table(model: str) -> PriceTable:
    from kie._core.price_snapshot import later

    entry, newer = _document()["models"][model], later()
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
    )


def reread() -> None:
    """Read the user's price list again, before the next estimate."""
    from kie._core import price_snapshot

    price_snapshot.later.cache_clear()
    _table.cache_clear()


def _load(term: JSONObject, newer: Later) -> _Term:
    by = cast("list[list[JSON]]", term.get("by") or [])
    counters = tuple(_counter(each) for each in cast("list[JSONObject]", term["each"]))
    return _Term(
        counters=counters,
        counted=" + ".join(field for counter in counters for field in counter.fields) or "task",
        by=tuple((str(name), bool(given)) for name, given, _ in by),
        domains=tuple(tuple(map(str, cast("list[JSON]", domain))) for _, _, domain in by),
        rates={key: _rate(row, newer) for key, row in _rows(term, "rates")},
        unpriced={key: str(row["reason"]) for key, row in _rows(term, "unpriced")},
        span=_span_of(cast("list[JSON]", term.get("span") or [1, 1])),
        instead=cast("Mapping[str, Mapping[str, str]]", term.get("instead") or {}),
    )


def _counter(each: JSONObject) -> _Counter:
    high = each.get("high")
    return _Counter(
        kind=str(each["kind"]),
        fields=tuple(map(str, cast("list[JSON]", each.get("fields") or []))),
        per=_decimal(each.get("per", 1)),
        free=_decimal(each.get("free", 0)),
        low=_decimal(each.get("low", 0)),
        high=None if high is None else _decimal(high),
        most=str(each.get("most", "")),
        total=_decimal(each["total"]) if "total" in each else None,
        medium=str(each.get("or", "")),
    )


def _span_of(listed: list[JSON]) -> Span:
    low, high = listed
    return _decimal(low), None if high is None else _decimal(high)


def _rows(term: JSONObject, name: str) -> Iterator[tuple[tuple[str, ...], JSONObject]]:
    for row in cast("list[JSONObject]", term.get(name) or []):
        yield tuple(map(str, cast("list[JSON]", row["cells"]))), row


def _rate(row: JSONObject, newer: Later) -> _Rate:
    until = row.get("until")
    ends = None if until is None else date.fromisoformat(str(until))
    if newer.listed is None:
        return _Rate(_decimal(row["credits"]), ends)
    figure, note = newer.figure(str(row["row"]))
    if figure is None:
        return _Rate(_decimal(row["credits"]), ends, note)
    return _Rate(figure, None if ends is None or ends < newer.listed else ends)


def _decimal(value: JSON) -> Decimal:
    return Decimal(str(value))
