"""Core: a newer price list, in a file that `kie prices refresh` writes. May import only `_core`.

The list in this package is used if there is no such file, or it is unusable.
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
"""The environment variable that names the file."""
FORMAT = 1
"""The version of the file's format."""
LARGEST = 8 * 1024 * 1024
"""The most bytes to read. A file with today's list has 200 KiB."""
_FIX = "move it away, and `kie prices refresh` writes a new one"
_FLAGS = os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_BINARY", 0)


@attrs.frozen
class Snapshot:
    """A price list and its day."""

    listed: date
    prices: tuple[Price, ...]

    @property
    def usable(self) -> bool:
        """Whether estimates use it, because it is not older than the packaged list."""
        return self.listed >= packaged_day()

    @property
    def listing(self) -> Listing:
        """Its rows by folded name, for comparison."""
        return Listing.of(self.prices, self.listed)


def default_path() -> Path | None:
    """The path of the snapshot: `KIE_PRICES`, else in the user's state folder; None if neither is known."""
    named = os.environ.get(VARIABLE)
    if named:
        return Path(named)
    try:
        from platformdirs import user_state_path
    except ImportError:  # the extra `cli` is not installed
        return None
    return user_state_path("kie") / "prices.json"


def read(path: Path) -> Snapshot | None:
    """Read the snapshot in a file.

    Returns:
        The snapshot; None if there is no file.

    Raises:
        ConfigError: The file is not a snapshot.
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
    """Read a row of the list in the form that the service sends.

    Returns:
        The row.

    Raises:
        ValueError: `strict` is set, and its credits are a number that cannot be a price.
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
    """The content of the file: the rows in the form that the service sends."""
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
    """The figures that replace packaged ones. There are none until there is a usable snapshot."""

    listed: date | None = None
    rows: Mapping[str, ListedRow] = attrs.field(factory=dict)
    note: str = ""
    """Why an existing snapshot is not used."""

    def takes(self, row: str) -> bool:
        """Whether the snapshot has a figure for a row that a table names."""
        return self.figure(row)[0] is not None

    def figure(self, row: str) -> tuple[Decimal | None, str]:
        """The price of a row in the snapshot. Else None, and the reason to report for keeping the packaged price."""
        name = fold(row)
        known, now = packaged().get(name), self.rows.get(name)
        if known is None or (now is None and known.listed != packaged_day()):
            return None, ""  # a row of the vendor's catalogue, which the list never had
        state = state_of(known.as_listed, now)
        if state is None or state == "changed":
            return (None if now is None else now.credits), ""
        return None, f"{_KEPT[state].format(row=row, listed=self.listed)}: its figure of {known.listed} is kept"


_PACKAGED = Later()


@cache
def later() -> Later:
    """The figures of the user's snapshot at the time when the last client was made."""
    path = default_path()
    if path is None:
        return _PACKAGED
    try:
        found = os.lstat(path)
    except OSError:
        return _later(path, None)  # the file may exist and merely be unreadable
    return _later(path, (found.st_mtime_ns, found.st_size, found.st_ino, found.st_mode))


@lru_cache(maxsize=4)
def _later(path: Path, _: tuple[int, ...] | None) -> Later:
    """The same, cached for as long as the file does not change."""
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


def check_again() -> None:
    """Check for a new snapshot before the next estimate. An unchanged one is not read again."""
    later.cache_clear()


def reread() -> None:
    """Read the snapshot again before the next estimate, even if its file looks unchanged."""
    _later.cache_clear()
    check_again()


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
