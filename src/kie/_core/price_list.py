"""Core: the vendor's price list: the rows in this package, and the differences of another list.

May import only `_core`. Rows are matched by their folded names, so no prose has to be parsed.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from datetime import date
from decimal import Decimal, InvalidOperation
from functools import cache
from types import MappingProxyType
from typing import Literal, TypeAlias, cast

import attrs

from kie._core import data
from kie._core.json import JSON, JSONObject

LARGEST = Decimal(10) ** 9
"""A larger number of credits is not a price."""
_NUMBER = re.compile(r"[-+]?\d[\d.]*e", re.IGNORECASE)
_LONGEST = 60
"""The most characters of a number: reading `1e999999` is cheap, but calculating with it is not."""


@attrs.frozen(kw_only=True)
class Price:
    """A row of the public price list: what one variant of a model costs. It is not a billing contract."""

    description: str
    """The model and its variant, in the service's words."""

    kind: str
    """`image`, `video`, `music` or `chat`."""

    provider: str
    """Who made the model."""

    credits: Decimal | None
    """Credits for one `unit`; None where the row does not hold a number."""

    unit: str
    """What is priced: an image, a second of video …"""

    usd: Decimal | None
    """The same in US dollars."""

    fal_price: Decimal | None = None
    """US dollars for the same at fal.ai, as the service says; None where it does not."""

    discount_rate: Decimal | None = None
    """How much cheaper it is than there, in percent, as the service says."""

    discount_price: bool = False
    """Whether the row is marked as a discount."""

    anchor: str = ""
    """The page of the model."""

    models: tuple[str, ...] = ()
    """The ids of the models that the row prices, as far as the price tables of this package name it."""

    raw: JSONObject = attrs.field(factory=dict, repr=False, hash=False)
    """The whole row as the service sent it, including what this package does not know."""


State: TypeAlias = Literal["changed", "new", "gone", "unit", "unreadable"]


@attrs.frozen(kw_only=True)
class PriceChange:
    """A row in which a price list differs from an earlier one."""

    row: str
    """The name of the row: lower case, with letters, digits and points only."""
    state: State
    """`changed`: it costs something else. `new` and `gone`: only one of the lists has it. `unit`: it counts something
    else. `unreadable`: it has no single figure. Estimates take the new figure of a `changed` row. Where a row is gone,
    counts something else or has no figure, they keep that of the list that came with this package.
    """
    before: Decimal | None
    """Credits in the earlier list."""
    after: Decimal | None
    """Credits in the later list."""
    unit_before: str
    """What is priced, in the earlier list."""
    unit_after: str
    """What is priced, in the later list."""
    models: tuple[str, ...]
    """The ids of the models that the row prices."""


@attrs.frozen(kw_only=True)
class PriceChanges:
    """How a price list differs from an earlier one."""

    since: date
    """The day of the earlier list."""
    listed: date
    """The day of the later list."""
    rows: tuple[PriceChange, ...]
    """The rows that differ, by name."""
    same: int
    """How many rows cost the same."""
    packaged: bool = True
    """Whether the earlier list is the one that came with this package."""


@attrs.frozen
class ListedRow:
    """What a list says under one name. `credits` is None if it has no single figure."""

    credits: Decimal | None
    unit: str


@attrs.frozen
class PackagedRow:
    """A row of the list that came with this package."""

    name: str
    credits: Decimal
    unit: str
    listed: date

    @property
    def as_listed(self) -> ListedRow:
        """Convert it to a row of any list."""
        return ListedRow(self.credits, fold(self.unit))


def fold(text: str) -> str:
    """Fold the name of a row: lower case, with letters, digits and points only."""
    return re.sub(r"[^a-z0-9.]+", " ", text.lower()).strip()


def credits_of(value: JSON) -> Decimal | None:
    """The credits of a row.

    Returns:
        The credits; None if the row does not hold a number.

    Raises:
        ValueError: The number cannot be a price: it is infinite, NaN, negative, or enormous.
    """
    if isinstance(value, bool) or not isinstance(value, (int, float, str)):
        return None
    text = str(value).strip()
    if "_" in text:  # Python would read 1_8 as 18
        return None
    try:
        number = Decimal(text[: _LONGEST + 1])
    except (InvalidOperation, ValueError):
        if not _NUMBER.match(text):
            return None
        number = Decimal("Infinity")
    if (
        len(text) > _LONGEST
        or not number.is_finite()
        or number < 0
        or number > LARGEST
        or number.adjusted() < -_LONGEST
    ):
        raise ValueError(f"{text[:20]!r} is not a price")
    return number


@cache
def packaged() -> Mapping[str, PackagedRow]:
    """The rows of the list that came with this package, by folded name."""
    rows = cast("dict[str, list[str]]", json.loads(data.read("kie_models", "price_rows.json"))["rows"])
    return MappingProxyType(
        {
            fold(name): PackagedRow(name, Decimal(figure), unit, date.fromisoformat(listed))
            for name, (figure, unit, listed) in rows.items()
        }
    )


@cache
def packaged_day() -> date:
    """The day of the packaged list. Rows from the vendor's catalogue or from an older list have an earlier day."""
    return max(row.listed for row in packaged().values())


@cache
def priced_models() -> Mapping[str, tuple[str, ...]]:
    """The ids of the models that a row prices, by folded name."""
    found: dict[str, dict[str, None]] = {}
    tables = cast("dict[str, JSONObject]", json.loads(data.read("kie_models", "prices.json"))["models"])
    for model, table in tables.items():
        for term in cast("list[JSONObject]", table["terms"]):
            for rate in cast("list[JSONObject]", term["rates"]):
                found.setdefault(fold(str(rate["row"])), {})[model] = None
    return MappingProxyType({row: tuple(models) for row, models in found.items()})


def by_name(rows: Iterable[Price]) -> dict[str, ListedRow]:
    """The rows of a list by folded name. A name with two different figures has no figure."""
    found: dict[str, ListedRow] = {}
    for price in rows:
        name, row = fold(price.description), ListedRow(price.credits, fold(price.unit))
        earlier = found.setdefault(name, row)
        if earlier != row:
            found[name] = ListedRow(None, row.unit)
    return found


def state_of(before: ListedRow, now: ListedRow | None) -> State | None:
    """How a row of an earlier list changed in a later one; None if it is the same."""
    if now is None:
        return "gone"
    if now == before:
        return None
    if now.credits is None:
        return "unreadable"
    return "changed" if now.unit == before.unit else "unit"


@attrs.frozen
class Listing:
    """What a price list says under each name. Rows for chat are left out, because no model here is a chat model."""

    listed: date
    rows: Mapping[str, ListedRow]
    extra: frozenset[str] = frozenset()
    """Rows that a list may lack, because no list or only an older one had them."""
    packaged: bool = False

    @classmethod
    def of(cls, prices: Iterable[Price], listed: date) -> Listing:
        """Make a listing of these rows."""
        return cls(listed, by_name(row for row in prices if row.kind != "chat"))


@cache
def packaged_listing() -> Listing:
    """The list that came with this package."""
    day, rows = packaged_day(), packaged()
    extra = frozenset(name for name, row in rows.items() if row.listed != day)
    return Listing(day, {name: row.as_listed for name, row in rows.items()}, extra, packaged=True)


def compare(later: Listing, earlier: Listing) -> PriceChanges:
    """How a price list differs from an earlier one."""
    changes: list[PriceChange] = []
    for name in sorted(earlier.rows.keys() | later.rows.keys()):
        before, after = earlier.rows.get(name), later.rows.get(name)
        state = "new" if before is None else state_of(before, after)
        if state is None or (state == "gone" and name in earlier.extra):
            continue
        changes.append(
            PriceChange(
                row=name,
                state=state,
                before=before.credits if before else None,
                after=after.credits if after else None,
                unit_before=before.unit if before else "",
                unit_after=after.unit if after else "",
                models=priced_models().get(name, ()),
            )
        )
    return PriceChanges(
        since=earlier.listed,
        listed=later.listed,
        rows=tuple(changes),
        same=len(later.rows) - sum(change.state != "gone" for change in changes),
        packaged=earlier.packaged,
    )
