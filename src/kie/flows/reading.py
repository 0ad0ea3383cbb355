"""Floor 3: reads the record of a task by its lifecycle row, and nothing else. May import `core`.

The service's types cannot be relied on: numbers come as text, JSON as text inside JSON, lists as text or alone.
Whatever comes, reading gives a value.
"""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from decimal import Decimal, InvalidOperation
from math import isfinite

from kie.core.json import JSON, pointer
from kie.core.tasks import State, TaskRef, TaskStatus
from kie.flows.lifecycles import Lifecycle


def decode(body: bytes) -> JSON:
    """Read JSON. Raises ValueError for anything that is none, whatever the bytes."""
    try:
        value: JSON = json.loads(body.decode())
    except RecursionError:
        raise ValueError("nested too deeply") from None
    return value


def read_task_id(row: Lifecycle, answer: JSON) -> str | None:
    """The id in a submission's answer."""
    found = _first(answer, row.task_id)
    if isinstance(found, int) and not isinstance(found, bool):
        return str(found)
    return found if isinstance(found, str) and found.strip() else None


def read_status(row: Lifecycle, ref: TaskRef, answer: JSON) -> TaskStatus:
    """The status in a record (or a callback of the same shape). An unknown state counts as running."""
    document = _unpack(answer, row.embedded)
    raw_state = _text(_first(document, row.state))
    state: State = row.states.get(raw_state or "", "running")
    model = _text(_first(document, row.model)) or ref.model
    return TaskStatus(
        ref=TaskRef(ref.id, ref.lifecycle, model),
        state=state,
        raw_state=raw_state,
        urls=_urls(document, row.urls),
        data=_first(document, row.data) or None,
        fail_code=_text(_first(document, row.fail_code)) or None,
        fail_message=_text(_first(document, row.fail_message)) or None,
        credits=decimal(_first(document, row.credits)),
        progress=_number(_first(document, row.progress)),
        seconds=_number(_first(document, row.seconds)),
        created_at=_time(document, row, "created"),
        completed_at=_time(document, row, "completed"),
        raw=answer,
    )


def finds(document: JSON, pointers: list[str]) -> bool:
    """Whether any of the pointers finds something."""
    return _first(document, pointers) is not None


def _first(document: JSON, pointers: list[str]) -> JSON:
    for path in pointers:
        value = pointer(document, path)
        if value is not None:
            return value
    return None


def _unpack(document: JSON, embedded: list[str]) -> JSON:
    """A copy of the document in which JSON held as text is JSON."""
    for path in embedded:
        text = pointer(document, path)
        if isinstance(text, str):
            try:
                value = decode(text.encode("utf-8", "surrogatepass"))
            except ValueError:
                continue
            document = _replace(document, path.split("/")[1:], value)
    return document


def _replace(document: JSON, path: list[str], value: JSON) -> JSON:
    if not path:
        return value
    if not isinstance(document, dict):
        return document
    return {**document, path[0]: _replace(document[path[0]], path[1:], value)}


def _urls(document: JSON, pointers: list[str]) -> tuple[str, ...]:
    """Every URL at the pointers, in order: a list, a single text, or a list held as text."""
    found: dict[str, None] = {}
    for path in pointers:
        value = pointer(document, path)
        if isinstance(value, str) and value.lstrip().startswith("["):
            try:
                value = decode(value.encode("utf-8", "surrogatepass"))
            except ValueError:
                continue
        for item in value if isinstance(value, list) else [value]:
            if isinstance(item, str) and item.strip():
                found.setdefault(item.strip())
    return tuple(found)


def _text(value: JSON) -> str | None:
    if isinstance(value, str):
        return value
    return str(value) if isinstance(value, (int, float)) and not isinstance(value, bool) else None


def _number(value: JSON) -> float | None:
    if type(value) is int or (type(value) is float and isfinite(value)):
        return float(value) if abs(value) < 2**1000 else None
    number = decimal(value.rstrip("%") if isinstance(value, str) else value)
    try:
        return float(number) if number is not None else None
    except OverflowError:
        return None


def decimal(value: JSON) -> Decimal | None:
    """A number, or text that holds one, exactly as it was written. Anything else is None."""
    if isinstance(value, bool) or not isinstance(value, (int, float, str)):
        return None
    try:
        number = Decimal(str(value).strip())
    except (InvalidOperation, ValueError):
        return None
    return number if number.is_finite() else None


_UNITS = {"milliseconds": timedelta(milliseconds=1), "seconds": timedelta(seconds=1)}
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def _time(document: JSON, row: Lifecycle, which: str) -> datetime | None:
    """A time as an aware datetime. Epoch figures say no zone and need none: they count from 1970 in UTC."""
    path = row.times.get(which)
    number = _number(pointer(document, path)) if path else None
    if number is None or number <= 0:
        return None
    try:
        return _EPOCH + _UNITS[row.times["unit"]] * number
    except OverflowError:
        return None
