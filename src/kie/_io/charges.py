"""IO: reads what tasks were charged, and compares it with estimates. May import `_core`, `catalog`."""

from __future__ import annotations

import csv
import io
import os
import stat
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Literal, TypeAlias

import attrs

from kie import catalog
from kie._core.errors import ConfigError, UnknownModel
from kie._core.estimates import Estimate
from kie._core.file_names import path_of
from kie._core.json import JSON, JSONObject, decode
from kie._core.price_list import credits_of
from kie._core.prices import estimate_body

LEDGER = b'{"v":1,"event":"'
"""The first bytes of a budget's file."""
LARGEST = 32 * 1024 * 1024
"""The most bytes to read from a file."""
COLUMNS = ("model", "input", "credits")

Verdict: TypeAlias = Literal["met", "within", "differs", "free", "open"]


@attrs.frozen(kw_only=True)
class ChargeCheck:
    """What a task was charged, compared with the estimate for its request."""

    line: int
    """The line of the file."""
    model: str
    """The id of the model."""
    credits: Decimal
    """What the task was charged."""
    estimate: Estimate
    """What is estimated for the request."""

    @property
    def verdict(self) -> Verdict:
        """How the charge compares with the estimate.

        `met` to the credit, `within` the bounds, `differs`, `free` (it cost nothing, as failed tasks do), or `open`:
        the estimate has no upper bound, and the charge is not below the lower one.
        """
        least, most = self.estimate.at_least, self.estimate.at_most
        if self.credits == 0 and least > 0:
            return "free"
        if self.credits < least or (most is not None and self.credits > most):
            return "differs"
        return "open" if most is None else "met" if least == most else "within"


def check_charges(file: str | os.PathLike[str]) -> list[ChargeCheck]:
    """Compare what tasks were charged with the estimates for their requests. Nothing is sent.

    Args:
        file: CSV with the columns `model`, `input` (JSON) and `credits`, or JSON Lines with these keys. Discounts are
            those of the day under `at`, by default today. Or the file of a `Budget`: then each charge is compared with
            the estimate of its day.

    Returns:
        A row for each charge, in order.

    Raises:
        ConfigError: The file cannot be read, or a line is not a charge.
    """
    path = Path(path_of("file", file))
    content = _content(path)
    try:
        if content.startswith(LEDGER):
            return [*_settled(content)]
        return [_checked(*row) for row in (_json_lines if content.lstrip()[:1] == b"{" else _csv)(content)]
    except (ValueError, csv.Error) as error:
        raise ConfigError(f"{path}: {error}; a charge has {', '.join(COLUMNS)}") from None


def _content(path: Path) -> bytes:
    try:
        handle = os.open(path, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0))
        with open(handle, "rb") as source:
            if not stat.S_ISREG(os.fstat(handle).st_mode):
                raise ConfigError(f"{path} is not a regular file: name one with charges, as CSV or JSON Lines")
            content = source.read(LARGEST + 1)
    except (OSError, ValueError) as error:
        raise ConfigError(f"{path} cannot be read: {getattr(error, 'strerror', None) or error}") from None
    if len(content) > LARGEST:
        raise ConfigError(f"{path} is larger than {LARGEST // 1024 // 1024} MiB: split it")
    return content


def _settled(content: bytes) -> Iterator[ChargeCheck]:
    """Yield the charges in a budget's file that the service reported. Lines that are not entries are skipped."""
    estimates: dict[str, Estimate] = {}
    for number, line in enumerate(content.splitlines(), 1):
        try:
            entry = decode(line)
            if not isinstance(entry, dict) or not isinstance(key := entry.get("id"), str):
                continue
            if entry.get("event") == "reserve":
                most = entry["at_most"]
                estimates[key] = Estimate(
                    model=str(entry["model"]),
                    at_least=_credits(entry["at_least"]),
                    at_most=None if most is None else _credits(most),
                    listed=None,
                )
            elif entry.get("event") == "settle" and not entry.get("assumed") and key in estimates:
                price = estimates[key]
                yield ChargeCheck(line=number, model=price.model, credits=_credits(entry["credits"]), estimate=price)
        except (ValueError, KeyError):
            continue


def _json_lines(content: bytes) -> Iterator[tuple[int, JSONObject]]:
    for number, line in enumerate(content.splitlines(), 1):
        if line.strip():
            try:
                row = decode(line)
            except ValueError as error:
                raise ValueError(f"line {number} is not JSON ({error})") from None
            if not isinstance(row, dict):
                raise ValueError(f"line {number} is not a JSON object")
            yield number, row


def _csv(content: bytes) -> Iterator[tuple[int, JSONObject]]:
    try:
        reader = csv.DictReader(io.StringIO(content.decode("utf-8-sig"), newline=""))
    except UnicodeDecodeError:
        raise ValueError("it is neither UTF-8 text with charges as CSV nor JSON Lines") from None
    missing = [name for name in COLUMNS if name not in (reader.fieldnames or ())]
    if missing:
        raise ValueError(f"it has no column {missing[0]}")
    for row in reader:
        given: JSONObject = {name: row.get(name) for name in (*COLUMNS, "at")}
        try:
            given["input"] = decode(str(row["input"] or "").encode())
        except ValueError as error:
            raise ValueError(f"line {reader.line_num}: input is not JSON ({error})") from None
        yield reader.line_num, given


def _checked(line: int, row: JSONObject) -> ChargeCheck:
    try:
        name, body, cost, today = _model(row), row.get("input"), _credits(row.get("credits")), _day(row.get("at"))
        if not isinstance(body, dict):
            raise ValueError("input is not a JSON object")
    except ValueError as error:
        raise ValueError(f"line {line}: {error}") from None
    return ChargeCheck(line=line, model=name, credits=cost, estimate=estimate_body(name, body, today=today))


def _model(row: JSONObject) -> str:
    model = row.get("model")
    if not isinstance(model, str) or not model:
        raise ValueError("model is not an id")
    return _id(model)


@cache
def _id(name: str) -> str:
    """The id of a model by any of its names. A name that the catalog does not know is returned unchanged."""
    try:
        return catalog.resolve(name).id
    except UnknownModel:
        return name


def _credits(value: JSON) -> Decimal:
    found = credits_of(value)
    if found is None:
        raise ValueError(f"credits {str(value)[:20]!r} is not a number")
    return found


def _day(value: JSON) -> date | None:
    if value in (None, ""):
        return None
    try:
        return date.fromisoformat(str(value)[:10])
    except ValueError:
        raise ValueError(f"at {str(value)[:20]!r} is not a date, such as 2026-11-01") from None
