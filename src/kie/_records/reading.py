"""Records: reads the record of a task by its lifecycle row, and nothing else. May import `_core`.

The service's types cannot be relied on: numbers come as text, JSON as text inside JSON, lists as text or alone.
Whatever comes, reading gives a value.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta, tzinfo
from decimal import Decimal, InvalidOperation
from math import isfinite

import attrs

from kie._core.errors import ResultInvalid
from kie._core.json import JSON, decode, pointer, reach
from kie._core.result_types import with_partial
from kie._core.tasks import State, TaskRef, TaskStatus
from kie._records.lifecycles import Condition, Lifecycle, States, Times, lifecycle, lifecycles


def read_task_id(row: Lifecycle, answer: JSON) -> str | None:
    """The id in a submission's answer."""
    return _id(_first(answer, row.task_id))


def _id(found: JSON) -> str | None:
    if isinstance(found, int) and not isinstance(found, bool):
        return str(found)
    return found if isinstance(found, str) and found.strip() else None


def read_status(row: Lifecycle, ref: TaskRef, answer: JSON) -> TaskStatus:
    """The status in a record. An unknown state counts as running."""
    document = _unpack(answer, row.embedded)
    raw_state, state = _state(document, row.state, row.states)
    return with_partial(_status(row, ref, answer, document, raw_state, state or "running"))


def _status(row: Lifecycle, ref: TaskRef, raw: JSON, document: JSON, raw_state: str | None, state: State) -> TaskStatus:
    failed = state == "failed"
    created, created_assumed = _time(document, row.times, row.times.created)
    completed, completed_assumed = _time(document, row.times, row.times.completed)
    seconds = _number(_first(document, row.seconds))
    if seconds is None and created and completed and created_assumed == completed_assumed:
        seconds = max(0.0, (completed - created).total_seconds())
    model = _text(_first(document, row.model))
    return TaskStatus(
        ref=ref if model in (None, "", ref.model) else TaskRef(ref.id, ref.lifecycle, model),
        state=state,
        raw_state=raw_state,
        kind=row.result,
        urls=_urls(document, row.urls) or _urls(document, row.fallback_urls),
        data=_first(document, row.data) or None,
        fail_code=(_text(_first(document, row.fail_code)) or None) if failed else None,
        fail_message=(_text(_first(document, row.fail_message)) or None) if failed else None,
        credits=decimal(_first(document, row.credits)),
        progress=_number(_first(document, row.progress)),
        seconds=seconds,
        created_at=created,
        completed_at=completed,
        times_assumed=created_assumed or completed_assumed,
        expired=any(map(_holds, _every(document, row.expired))),
        raw=raw,
    )


def read_callback(body: Mapping[str, JSON], of: str | None = None) -> TaskStatus:
    """The status in a report that the service posts: what a poll of the task would find.

    `of` names the family; without it the report has to tell. Raises `ResultInvalid` for a body that is not a report.
    """
    rows = [lifecycle(of)] if of is not None else lifecycles()
    document: JSON = dict(body)
    row = next((row for row in rows if any(_present(document, sign) for sign in row.callback.signs)), None)
    if row is None:
        row = rows[0] if of is not None else _likely(rows, document)
    task_id = _id(_first(document, row.callback.id or row.task_id)) if row else None
    if row is None or task_id is None:
        raise ResultInvalid(None, "it is not a report of a task of a family known here", raw=document)
    ref = TaskRef(task_id, row.name)
    document = _unpack(document, row.embedded)
    raw_state, state = _state(document, row.callback.state, row.callback.states)
    if raw_state is None:
        raw_state, state = _state(document, row.state, row.states)
    code, message = pointer(document, "/code"), pointer(document, "/msg")
    if code not in (200, "200", None):
        state = "failed"
    elif raw_state is None:
        state = "succeeded" if code is not None else "running"
    status = _status(row, ref, document, document, raw_state, state or "running")
    status = attrs.evolve(
        status,
        urls=status.urls or _urls(document, row.callback.urls),
        data=status.data or _first(document, row.callback.data) or None,
    )
    if status.state != "failed":
        return with_partial(attrs.evolve(status, raw=dict(body)))
    return attrs.evolve(
        status,
        fail_code=status.fail_code or _text(code),
        fail_message=status.fail_message or _text(message),
        raw=dict(body),
    )


def _likely(rows: Sequence[Lifecycle], document: JSON) -> Lifecycle | None:
    """The family of a report without a sign (most reports of failures): the first whose id it has."""
    return next((row for row in rows if row.callback.id and _id(_first(document, row.callback.id))), None)


def _state(document: JSON, pointers: list[str], states: States) -> tuple[str | None, State | None]:
    """The service's word and what it means; None if there is no word, or one that is not documented."""
    found = _first(document, pointers)
    word = str(found).lower() if isinstance(found, bool) else _text(found)
    state = states.get(word if word is not None else "absent")
    if isinstance(state, Condition):
        values = list(_every(document, state.where))
        met = any(map(_holds, values)) if state.equals is None else any(_text(v) == state.equals for v in values)
        state = state.then if met else state.otherwise
    return word, state


def _holds(value: JSON) -> bool:
    """Whether a value says something: neither null nor empty nor 0, in whatever type it comes."""
    return value not in ("0", "0.0", "false") and bool(value)


def _present(document: JSON, path: str) -> bool:
    return bool(reach(document, path))


def _every(document: JSON, pointers: list[str]) -> Iterator[JSON]:
    for path in pointers:
        yield from reach(document, path)


def _first(document: JSON, pointers: list[str]) -> JSON:
    for path in pointers:
        if "*" not in path:
            value = pointer(document, path)
            if value is not None:
                return value
            continue
        for value in reach(document, path):
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
    for value in _every(document, pointers):
        listed = _listed(value) if isinstance(value, str) and value.lstrip().startswith("[") else value
        for item in listed if isinstance(listed, list) else [listed]:
            if isinstance(item, str) and item.strip():
                found.setdefault(item.strip())
    return tuple(found)


def _listed(text: str) -> JSON:
    """A list held as text: JSON, or brackets around URLs without quotes, as some pages show it."""
    try:
        return decode(text.encode("utf-8", "surrogatepass"))
    except ValueError:
        inner = text.strip().removeprefix("[").removesuffix("]")
        return [
            item for item in (part.strip() for part in inner.split(",")) if item.startswith(("http://", "https://"))
        ]


def _text(value: JSON) -> str | None:
    if isinstance(value, str):
        return value
    return str(value) if isinstance(value, (int, float)) and not isinstance(value, bool) else None


def _number(value: JSON) -> float | None:
    if value is None:
        return None
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


_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def _time(document: JSON, times: Times, pointers: list[str]) -> tuple[datetime | None, bool]:
    """A time as an aware datetime, and whether its zone is assumed. Figures count from 1970 and need no zone."""
    found = _first(document, pointers)
    number = _number(found)
    try:
        if number is not None:
            return (_EPOCH + timedelta(**{times.unit: number}) if number > 0 else None), False
        value = datetime.fromisoformat(found.strip()) if isinstance(found, str) else None
    except (OverflowError, ValueError):
        return None, False
    if value is None or value.tzinfo is not None:
        return value, False
    return value.replace(tzinfo=_zone(times.zone)), True


def _zone(name: str) -> tzinfo:
    from zoneinfo import ZoneInfo

    return UTC if name == "UTC" else ZoneInfo(name)
