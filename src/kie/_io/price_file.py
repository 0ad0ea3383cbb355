"""IO: writes the user's price list. May import `_core`."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Sequence
from contextlib import suppress
from datetime import date
from pathlib import Path

from kie._core import price_snapshot
from kie._core.errors import ConfigError, ResultInvalid
from kie._core.price_list import Price, PriceChanges, compare, packaged_listing
from kie._core.price_snapshot import LARGEST, VARIABLE, Snapshot, reread
from kie._io.replacing import replace


def place() -> Path:
    """The path to which the list is written.

    Raises:
        ConfigError: No path is known, or there is a file that is not such a list and would be lost.
    """
    return _before()[0]


def _before() -> tuple[Path, Snapshot | None]:
    """The path to which the list is written, and the existing list."""
    path = price_snapshot.default_path()
    if path is None:
        raise ConfigError(f"nothing says where to keep the price list: set {VARIABLE}, or pip install 'kie[cli]'")
    return path, price_snapshot.read(path)


def save(prices: Sequence[Price], listed: date) -> PriceChanges:
    """Replace the list atomically.

    Args:
        prices: The rows.
        listed: The day of the rows.

    Returns:
        How it differs from the list in use before: the earlier file, or the list in this package.

    Raises:
        ConfigError: It cannot be written there.
        ResultInvalid: It is not the list that the price tables refer to, or it is too large.
    """
    if not any(price.models for price in prices):
        raise ResultInvalid(None, "the price list has no row that prices a known model; nothing was written")
    made = Snapshot(listed, tuple(prices))
    content = price_snapshot.document(made)
    if len(content) > LARGEST:
        raise ResultInvalid(None, f"the price list has more than {LARGEST // 1024 // 1024} MiB; nothing was written")
    path, before = _before()
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        _write(path, content)
    except OSError as error:
        raise ConfigError(
            f"the price list {path} cannot be written: {error.strerror or error}; name another file with {VARIABLE}"
        ) from error
    reread()
    return compare(made.listing, before.listing if before is not None and before.usable else packaged_listing())


def _write(path: Path, content: bytes) -> None:
    handle, temporary = tempfile.mkstemp(prefix=".kie-", dir=path.parent)
    try:
        with open(handle, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        replace(temporary, path)
    except BaseException:
        with suppress(OSError):
            os.unlink(temporary)
        raise
