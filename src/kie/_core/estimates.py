"""Core: the values that make up an estimate. May import only `_core`."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from typing import cast

import attrs

from kie._core.numbers import exactly

USD_PER_CREDIT = Decimal("0.005")
"""What a credit costs in the vendor's price list. Larger top-ups get up to a tenth more."""
_ZERO = Decimal(0)


@attrs.frozen(kw_only=True)
class TermEstimate:
    """One term of an estimate: how many of what, times how much."""

    counted: str
    """What is counted, such as `duration`; `task` if the price is for the task as a whole."""
    count_at_least: Decimal
    """The lowest possible count."""
    count_at_most: Decimal | None
    """The highest possible count; None if there is no bound."""
    rate_at_least: Decimal
    """The lowest price of one, in credits."""
    rate_at_most: Decimal | None
    """The highest price of one, in credits; None if that is not known."""
    by: tuple[str, ...]
    """The options that decide the rate, such as `mode=pro`."""

    @property
    def at_least(self) -> Decimal:
        """The lowest cost, in credits."""
        return self.count_at_least * self.rate_at_least

    @property
    def at_most(self) -> Decimal | None:
        """The highest cost, in credits; None if there is no bound."""
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
    """Format a number without an exponent and without insignificant zeros."""
    text = format(value, "f")
    return text.rstrip("0").rstrip(".") if "." in text else text


def span(low: Decimal, high: Decimal | None) -> str:
    """Format a range."""
    if high is None:
        return f"{shown(low)} or more"
    return shown(low) if low == high else f"{shown(low)} to {shown(high)}"


class _Figures:
    """Properties that follow from the two bounds of an estimate."""

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
        with exactly():
            return None if self.at_most is None else self.at_most * USD_PER_CREDIT


@attrs.frozen(kw_only=True)
class Estimate(_Figures):
    """What a request will probably cost, in credits, according to the price list that the package holds.

    It is not a billing contract.
    """

    model: str
    """The id of the model, or the name of the operation."""
    at_least: Decimal
    """The lowest cost, in credits; 0 if nothing is known."""
    at_most: Decimal | None
    """The highest cost, in credits; None if there is no bound: `notes` says why."""
    listed: date | None
    """The day of the price list; None if it has no row for the model."""
    terms: tuple[TermEstimate, ...] = ()
    """The terms that add up to these figures."""
    notes: tuple[str, ...] = ()
    """Why the range is wide or has no upper bound, or why the figures may be out of date."""

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
    """The lowest cost, in credits."""
    at_most: Decimal | None = attrs.field(init=False)
    """The highest cost, in credits; None if any part has no bound."""

    def __attrs_post_init__(self) -> None:
        bounds = [part.at_most for part in self.parts]
        with exactly():
            most = None if None in bounds else sum(cast("list[Decimal]", bounds), _ZERO)
            object.__setattr__(self, "at_least", sum((part.at_least for part in self.parts), _ZERO))
        object.__setattr__(self, "at_most", most)

    @property
    def open(self) -> int:
        """How many parts have no upper bound."""
        return sum(part.at_most is None for part in self.parts)

    def by_model(self) -> dict[str, TotalEstimate]:
        """Add up the estimate of each model, by its id.

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


class Alike:
    """Stores equal estimates only once: a million requests have a handful of different ones."""

    def __init__(self) -> None:
        self._known: dict[tuple[object, ...], Estimate] = {}

    def kept(self, estimate: Estimate) -> Estimate:
        """Return the stored estimate that equals this one, or store it."""
        one = estimate
        facts = (one.model, one.at_least, one.at_most, one.listed, one.terms, one.notes)
        return self._known.setdefault(facts, one)
