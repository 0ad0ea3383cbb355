"""Core: the price list of a later day, in a file that `kie prices refresh` writes. May import only `_core`.

The list that came with this package holds wherever there is no such file, or it cannot be used.
"""

from __future__ import annotations

import json
import os
import stat
from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import cast

import attrs

from kie._core.errors import ConfigError
from kie._core.file_names import path_of
from kie._core.json import JSON, JSONObject, decode
from kie._core.price_list import (
    ListedRow,
    Price,
    PriceChanges,
    by_name,
    compare,
    credits_of,
    fold,
    packaged,
    packaged_day,
    priced_models,
    state_of,
)

VARIABLE = "KIE_PRICES"
"""The variable that names the file."""
FORMAT = 1
"""The version of what the file holds."""
LARGEST = 8 * 1024 * 1024
"""Bytes that are read at most: of today's list, the file has 200 KiB."""
_FIX = "move it away, and `kie prices refresh` writes a new one"
_FLAGS = os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_BINARY", 0)


@attrs.frozen
class Snapshot:
    """A price list with its day."""

    listed: date
    prices: tuple[Price, ...]

    def rows(self) -> Mapping[str, ListedRow]:
        """What the list says by folded name."""
        return by_name(self.prices)


def default_path() -> Path | None:
    """Where the snapshot is: as `KIE_PRICES` says, else in the user's state folder. None: nothing says where."""
    named = os.environ.get(VARIABLE)
    if named:
        return Path(named)
    try:
        from platformdirs import user_state_path
    except ImportError:  # without the extra `cli`
        return None
    return user_state_path("kie") / "prices.json"


def read(path: Path) -> Snapshot | None:
    """The snapshot in a file; None if there is no file.

    Raises:
        ConfigError: It is anything else than a snapshot.
    """
    try:
        return _snapshot(_content(path))
    except FileNotFoundError:
        return None
    except OSError as error:
        raise ConfigError(f"the price list {path} cannot be read: {error.strerror or error}; {_FIX}") from None
    except (ValueError, ArithmeticError) as error:
        raise ConfigError(f"the price list {path} cannot be used: {error}; {_FIX}") from None


def _content(path: Path) -> bytes:
    if path.is_symlink():
        raise ValueError("it is a symbolic link")
    handle = os.open(path, _FLAGS)
    with open(handle, "rb") as file:
        if not stat.S_ISREG(os.fstat(handle).st_mode):
            raise ValueError("it is not a regular file")
        content = file.read(LARGEST + 1)
    if len(content) > LARGEST:
        raise ValueError(f"it is larger than {LARGEST // 1024 // 1024} MiB")
    return content


def _snapshot(content: bytes) -> Snapshot:
    try:
        document = decode(content)
    except ValueError as error:
        raise ValueError(f"it is not JSON, or was cut off ({error})") from None
    if not isinstance(document, dict) or "prices" not in document or "listed" not in document:
        raise ValueError("it was not written by `kie prices refresh`")
    if document.get("format") != FORMAT:
        raise ValueError(f"its format is {document.get('format')!r:.20}, and this kie reads {FORMAT}")
    rows = document["prices"]
    if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
        raise ValueError("its prices are not a list of rows")
    try:
        listed = date.fromisoformat(str(document["listed"]))
    except ValueError:
        raise ValueError(f"{str(document['listed'])[:40]!r} is not a day") from None
    return Snapshot(listed, tuple(price_of(cast(JSONObject, row), strict=True) for row in rows))


def price_of(row: JSONObject, *, strict: bool) -> Price:
    """A row of the list from what the service sends.

    Raises:
        ValueError: Its credits are a number that no price is, and it is read strictly.
    """

    def text(name: str) -> str:
        value = row.get(name)
        return value if isinstance(value, str) else ""

    def figure(name: str) -> Decimal | None:
        try:
            return credits_of(row.get(name))
        except ValueError:
            return None

    description = text("modelDescription")
    try:
        cost = credits_of(row.get("creditPrice"))
    except ValueError as error:
        if strict:
            raise ValueError(f"in the row {description[:80]!r}, {error}") from None
        cost = None
    return Price(
        description=description,
        kind=text("interfaceType"),
        provider=text("provider"),
        credits=cost,
        unit=text("creditUnit"),
        usd=figure("usdPrice"),
        fal_price=figure("falPrice"),
        discount_rate=figure("discountRate"),
        discount_price=row.get("discountPrice") is True,
        anchor=text("anchor"),
        models=priced_models().get(fold(description), ()),
    )


def document(snapshot: Snapshot) -> bytes:
    """The content of the file: the rows as the service sends them."""
    rows: list[JSON] = [_row(price) for price in snapshot.prices]
    made: JSONObject = {"format": FORMAT, "listed": snapshot.listed.isoformat(), "prices": rows}
    return json.dumps(made, indent=1, ensure_ascii=True).encode() + b"\n"


def _row(price: Price) -> JSONObject:
    def figure(value: Decimal | None) -> str:
        return "" if value is None else f"{value:f}"

    return {
        "modelDescription": price.description,
        "interfaceType": price.kind,
        "provider": price.provider,
        "creditPrice": figure(price.credits),
        "creditUnit": price.unit,
        "usdPrice": figure(price.usd),
        "falPrice": figure(price.fal_price),
        "discountRate": figure(price.discount_rate),
        "discountPrice": price.discount_price,
        "anchor": price.anchor,
    }


_KEPT: Mapping[str, str] = {
    "gone": "the price list of {listed} has no row {row!r}",
    "unit": "in the price list of {listed} the row {row!r} counts something else",
    "unreadable": "in the price list of {listed} the row {row!r} has no single figure",
}


@attrs.frozen
class Later:
    """The figures that hold instead of the packaged ones: none before there is a usable snapshot."""

    listed: date | None = None
    rows: Mapping[str, ListedRow] = attrs.field(factory=dict)
    note: str = ""
    """Why a snapshot that is there is not used."""

    def takes(self, row: str) -> bool:
        """Whether the snapshot has the figure of a row that a table names."""
        return self.figure(row)[0] is not None

    def figure(self, row: str) -> tuple[Decimal | None, str]:
        """What a row costs by the snapshot; or None, and why the packaged figure is kept, if that should be told."""
        name = fold(row)
        known, now = packaged().get(name), self.rows.get(name)
        state = "gone" if known is None else state_of(known, now)
        if now is not None and state in (None, "changed"):
            return now.credits, ""
        if known is None or state is None:
            return None, ""  # of the vendor's catalogue: the list never had it
        return None, f"{_KEPT[state].format(row=row, listed=self.listed)}: its figure of {known.listed} is kept"


@cache
def later() -> Later:
    """The figures of the user's snapshot. It is read once in a process, unless `prices.reread` asks for it again."""
    path = default_path()
    try:
        found = None if path is None else read(path)
    except ConfigError as error:
        return Later(note=f"{error.message}. Until then the list of {packaged_day()} that came with kie is used")
    if found is None:
        return Later()
    if found.listed < packaged_day():
        return Later(
            note=f"the price list {path} is of {found.listed}, and is not used: the one that came with kie is of "
            f"{packaged_day()}; `kie prices refresh` writes a new one"
        )
    return Later(found.listed, found.rows())


def price_changes(file: str | os.PathLike[str] | None = None) -> PriceChanges:
    """How a later price list differs from the one that came with this package. Sends nothing.

    Args:
        file: A list that `refresh_prices` wrote; by default the one that it wrote last.

    Returns:
        The rows that changed, are new or are gone.

    Raises:
        ConfigError: There is no such file, or it does not hold such a list.
    """
    path = default_path() if file is None else Path(path_of("file", file))
    found = None if path is None else read(path)
    if found is None:
        where = f" at {path}" if path is not None else ""
        raise ConfigError(f"there is no price list{where}: `kie prices refresh` fetches one")
    return compare(found.prices, found.listed)
