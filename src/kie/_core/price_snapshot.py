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
from functools import cache, lru_cache
from pathlib import Path
from typing import cast

import attrs

from kie._core.errors import ConfigError
from kie._core.file_names import path_of
from kie._core.json import JSON, JSONObject, decode
from kie._core.price_list import (
    ListedRow,
    Listing,
    Price,
    PriceChanges,
    by_name,
    compare,
    credits_of,
    fold,
    packaged,
    packaged_day,
    packaged_listing,
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

    @property
    def usable(self) -> bool:
        """Whether estimates go by it: it is not older than the packaged list."""
        return self.listed >= packaged_day()

    @property
    def listing(self) -> Listing:
        """What it says by folded name, to be compared."""
        return Listing.of(self.prices, self.listed)


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
    """Read the snapshot in a file.

    Returns:
        The snapshot; None if there is no file.

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
        raise ValueError(f"{str(document['listed'])[:40]!r} is not a date") from None
    return Snapshot(listed, tuple(price_of(cast(JSONObject, row), strict=True) for row in rows))


def price_of(row: JSONObject, *, strict: bool) -> Price:
    """Read a row of the list from what the service sends.

    Returns:
        The row.

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
        raw=row,
    )


def document(snapshot: Snapshot) -> bytes:
    """The content of the file: the rows as the service sends them."""
    rows: list[JSON] = [price.raw for price in snapshot.prices]
    made: JSONObject = {"format": FORMAT, "listed": snapshot.listed.isoformat(), "prices": rows}
    return json.dumps(made, indent=1, ensure_ascii=True).encode() + b"\n"


_KEPT: Mapping[str, str] = {
    "gone": "the price list of {listed} has no row {row!r}",
    "unit": "in the price list of {listed} the row {row!r} counts something else",
    "unreadable": "in the price list of {listed} the row {row!r} has no single figure",
}


@attrs.frozen(eq=False)
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
        if known is None or (now is None and known.listed != packaged_day()):
            return None, ""  # of the vendor's catalogue: the list never had it
        state = state_of(known.as_listed, now)
        if state is None or state == "changed":
            return (None if now is None else now.credits), ""
        return None, f"{_KEPT[state].format(row=row, listed=self.listed)}: its figure of {known.listed} is kept"


_PACKAGED = Later()


@cache
def later() -> Later:
    """The figures of the user's snapshot, as it was when the last client was made."""
    path = default_path()
    if path is None:
        return _PACKAGED
    try:
        found = os.lstat(path)
    except OSError:
        return _later(path, None)  # it may be there, and only not be readable
    return _later(path, (found.st_mtime_ns, found.st_size, found.st_ino, found.st_mode))


@lru_cache(maxsize=4)
def _later(path: Path, _: tuple[int, ...] | None) -> Later:
    """The same, for a file that is as it is."""
    try:
        found = read(path)
    except ConfigError as error:
        return Later(note=f"{error.message}. Until then the list of {packaged_day()} that came with kie is used")
    if found is None:
        return _PACKAGED
    if not found.usable:
        return Later(
            note=f"the price list {path} is of {found.listed}, and is not used: the one that came with kie is of "
            f"{packaged_day()}; `kie prices refresh` writes a new one"
        )
    return Later(found.listed, by_name(found.prices))


def look_again() -> None:
    """See before the next estimate whether another snapshot is there. The same one is not read again."""
    later.cache_clear()


def reread() -> None:
    """Read the snapshot again before the next estimate, also if its file looks the same."""
    _later.cache_clear()
    look_again()


def price_changes(
    file: str | os.PathLike[str] | None = None, *, since: str | os.PathLike[str] | None = None
) -> PriceChanges:
    """Compare a price list with an earlier one. Nothing is sent.

    Args:
        file: The later list, which `refresh_prices` wrote; by default the one that it wrote last.
        since: The earlier list, which it also wrote; by default the one that came with this package.

    Returns:
        The rows that changed, are new or are gone.

    Raises:
        ConfigError: There is no such file, or it does not contain a price list.
    """
    earlier = packaged_listing() if since is None else _listing(Path(path_of("since", since)))
    return compare(_listing(default_path() if file is None else Path(path_of("file", file))), earlier)


def _listing(path: Path | None) -> Listing:
    found = None if path is None else read(path)
    if found is None:
        where = f" at {path}" if path is not None else ""
        raise ConfigError(f"there is no price list{where}: `kie prices refresh` fetches one")
    return found.listing
