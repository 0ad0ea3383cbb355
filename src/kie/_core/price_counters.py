"""Core: what a price is for: counts seconds, items or characters in a request. May import only `_core`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from functools import lru_cache
from typing import TypeAlias, cast

import attrs

from kie._core import paths
from kie._core.json import JSON, JSONObject

NOTHING: tuple[JSON, ...] = (None, "", [], {})
"""Values that say as much as an absent field."""
_ZERO, _ONE = Decimal(0), Decimal(1)

Span: TypeAlias = tuple[Decimal, "Decimal | None"]
"""How many at least and at most; None if there is no bound."""
Seconds: TypeAlias = Mapping[str, Sequence[Decimal | None]]
"""The lengths of the media in a field, one for each in its order; None where it is not known."""


@attrs.frozen
class Counter:
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
    return sum(len(value) if isinstance(value, list) else 1 for value in values if value not in NOTHING)


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
