"""Core: counts what is priced in a request: seconds, items or characters. May import only `_core`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from functools import cached_property, lru_cache
from typing import TypeAlias, cast

import attrs

from kie._core import paths
from kie._core.json import JSON, JSONObject

NOTHING: tuple[JSON, ...] = (None, "", [], {})
"""Values that mean the same as an absent field."""
_ZERO, _ONE = Decimal(0), Decimal(1)

Span: TypeAlias = tuple[Decimal, "Decimal | None"]
"""The lowest and the highest count; None if there is no upper bound."""
Seconds: TypeAlias = Mapping[str, Sequence[Decimal | None]]
"""For each field, the lengths of its media in order; None for an unknown length."""
_NONE: Span = (_ZERO, _ZERO)


def seconds_of(length: float | None) -> Decimal | None:
    """The length of a medium, rounded to the millisecond for pricing."""
    return None if length is None else Decimal(str(round(length, 3)))


def together(one: Span, other: Span) -> Span:
    """Add two counts."""
    high = None if one[1] is None or other[1] is None else one[1] + other[1]
    return one[0] + other[0], high


@attrs.frozen(kw_only=True, eq=False, slots=False)
class Counter:
    """Counts the task itself, as one. Subclasses add up what some fields contain."""

    fields: tuple[str, ...] = ()
    """The fields; empty for the task as a whole."""
    per: Decimal = _ONE
    """The size of a priced unit, such as 1000 characters."""
    free: Decimal = _ZERO
    """The number that is free."""
    low: Decimal = _ZERO
    """The lowest count in a field whose content does not tell."""
    high: Decimal | None = None
    """The highest count there; None if there is no bound."""

    @property
    def media(self) -> tuple[str, ...]:
        """The fields with media whose length may count."""
        return ()

    @cached_property
    def _plain(self) -> str | None:
        """The field, if the count is exactly the content of one field."""
        return self.fields[0] if len(self.fields) == 1 and not self.free and self.per == 1 else None

    def count(self, body: JSONObject, seconds: Seconds) -> Span:
        """How many there are, at least and at most."""
        if self._plain is not None:
            return self._in(self._plain, body, seconds)
        if not self.fields:
            return _ONE, _ONE
        low, high = self._in(self.fields[0], body, seconds)
        for field in self.fields[1:]:
            low, high = together((low, high), self._in(field, body, seconds))
        priced = self._priced(low)
        return priced, priced if high is low else None if high is None else self._priced(high)

    def _priced(self, number: Decimal) -> Decimal:
        beyond = max(number - self.free, _ZERO) if self.free else number
        return beyond if self.per == 1 else beyond / self.per

    def _in(self, field: str, body: JSONObject, seconds: Seconds) -> Span:
        """The lowest and the highest count in one field."""
        raise NotImplementedError


class Items(Counter):
    """Counts items of lists, or files."""

    def _in(self, field: str, body: JSONObject, seconds: Seconds) -> Span:
        many = Decimal(_many(field, body))
        return many, many


class Characters(Counter):
    """Counts the characters of texts."""

    def _in(self, field: str, body: JSONObject, seconds: Seconds) -> Span:
        length = Decimal(sum(len(value) for value in _values(field, body) if isinstance(value, str)))
        return length, length


@attrs.frozen(kw_only=True, eq=False, slots=False)
class Lengths(Counter):
    """Counts the seconds of media. `low` and `high` apply to one medium."""

    total: Decimal | None = None
    """The maximum total seconds of all media of a field, if there is a limit."""

    @property
    def media(self) -> tuple[str, ...]:
        """The fields with media whose length may count."""
        return self.fields

    def _in(self, field: str, body: JSONObject, seconds: Seconds) -> Span:
        many = _many(field, body)
        if not many:
            return _NONE
        known = [length for length in seconds.get(field, ())[:many] if length is not None]
        unknown = many - len(known)
        total = sum(known, _ZERO)
        low = total + unknown * self.low
        high = None if self.high is None and unknown else total + unknown * (self.high or _ZERO)
        if self.total is not None:
            limit = max(self.total, low)
            high = limit if high is None else min(high, limit)
        return low, high


@attrs.frozen(kw_only=True, eq=False, slots=False)
class Numbers(Counter):
    """Adds up the numbers that fields hold."""

    otherwise: Lengths | None = None
    """What to count instead if no field contains a number, or all contain 0."""

    @property
    def media(self) -> tuple[str, ...]:
        """The fields with media whose length may count."""
        return self.otherwise.fields if self.otherwise is not None else ()

    def count(self, body: JSONObject, seconds: Seconds) -> Span:
        """How many there are, at least and at most."""
        if self.otherwise is not None and not any(
            _number(value) for field in self.fields for value in _values(field, body)
        ):
            return self.otherwise.count(body, seconds)
        return super().count(body, seconds)

    def _in(self, field: str, body: JSONObject, seconds: Seconds) -> Span:
        numbers = [number for value in _values(field, body) if (number := _number(value)) is not None]
        if not numbers:
            return self.low, self.high
        total = numbers[0] if len(numbers) == 1 else sum(numbers, _ZERO)
        return total, total


@attrs.frozen(kw_only=True, eq=False, slots=False)
class Unstated(Counter):
    """Counts something that no request states. `low` and `high` bound it."""

    most: str = ""
    """The field that states the maximum count, if there is one."""

    def _in(self, field: str, body: JSONObject, seconds: Seconds) -> Span:
        said = _number(body.get(self.most))
        return self.low, self.high if said is None else max(said, self.low)


def _values(field: str, body: JSONObject) -> list[JSON]:
    """The values of a field in a request, one per item if the field is inside a list."""
    return [body.get(field)] if "." not in field else cast("list[JSON]", [*paths.reach(body, field)])


def _many(field: str, body: JSONObject) -> int:
    """The number of items: those of lists, and values that are not lists."""
    many = 0
    for value in _values(field, body):
        many += len(value) if isinstance(value, list) else value not in NOTHING
    return many


def _number(value: JSON) -> Decimal | None:
    """A number to count. None for values such as -1 and `auto` that leave the choice to the service."""
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
