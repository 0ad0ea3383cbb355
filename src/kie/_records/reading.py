"""Records: reads a task's record, guided only by its lifecycle row. May import `_core`.

The service's types are unreliable: a number may be text, JSON may be text inside JSON, and a list may be text or a
single item. Reading returns a value whatever the service sends.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta, tzinfo
from decimal import Decimal, InvalidOperation
from functools import cache
from itertools import chain
from math import isfinite

import attrs

from kie._core.errors import ResultInvalid
from kie._core.json import JSON, decode_foreign, every, first, pointer, reach
from kie._core.result_types import with_partial
from kie._core.results import text_of
from kie._core.status import State, TaskStatus
from kie._core.tasks import TaskRef
from kie._records.lifecycles import Condition, Lifecycle, States, Times, lifecycle, lifecycles


def read_task_id(row: Lifecycle, answer: JSON) -> str | None:
    """Get the task id from a submission's answer."""
    return _id(first(answer, row.task_id))


_DEEPEST_ID = 4
"""How many levels deep to search an answer for a task id."""


def find_task_id(row: Lifecycle, answer: JSON) -> str | None:
    """Find the task id anywhere in a submission's answer, so that no paid task is lost."""
    found = read_task_id(row, answer)
    if found is not None:
        return found
    names = {path.rpartition("/")[2] for path in row.task_id}
    names |= {re.sub(r"[A-Z]", lambda capital: f"_{capital[0].lower()}", name) for name in names}
    level = [answer]
    for _ in range(_DEEPEST_ID):
        objects = [value for value in level if isinstance(value, dict)]
        named = (_id(value.get(name)) for value in objects for name in sorted(names))
        found = next((one for one in named if one is not None), None)
        if found is not None:
            return found
        lists = [value for value in level if isinstance(value, list)]
        level = [*chain(*(value.values() for value in objects), *lists)]
    return None


def _id(found: JSON) -> str | None:
    if isinstance(found, int) and not isinstance(found, bool):
        return str(found)
    return found if isinstance(found, str) and found.strip() else None


def read_status(row: Lifecycle, ref: TaskRef, answer: JSON, raw: bytes | None = None) -> TaskStatus:
    """Read the status from a record. The status keeps `raw`, the answer's own bytes, if they are passed.

    A task in an undocumented state counts as running unless everything else in the record says that it ended.
    """
    document = _unpack(answer, row.embedded)
    raw_state, state = _state(document, row.state, row.states)
    if state is None:
        raw_state, state = _undocumented(row, document, raw_state)
    elif row.ends_by_content and state in ("queued", "running"):
        state = _ended_anyway(row, document) or state
    status = _status(row, ref, answer if raw is None else raw, document, raw_state, state)
    return with_partial(_complete(row, document, status))


def _ended_anyway(row: Lifecycle, document: JSON) -> State | None:
    """How a task ended although its state says that it runs: by its failure, or by files with a completion time."""
    files = bool(_urls(document, row.urls) or _urls(document, row.fallback_urls))
    if not files and any(map(_holds, every(document, row.fail_message))):
        return "failed"
    return "succeeded" if files and any(map(_holds, every(document, row.times.completed))) else None


def _undocumented(row: Lifecycle, document: JSON, word: str | None) -> tuple[str | None, State]:
    """Interpret a state that is not in the row, or that is missing.

    Ending a task too early is worse than ending it too late. So a word for failure is enough, but a word for success
    needs a result as well. With any other word, or none, a task has ended only if its record has a completion time and
    either a failure or a file.
    """
    if word is None:
        word = text_of(pointer(document, "/data/status"))
    plain = (word or "").strip().casefold()
    alike: State | Condition | None = next(
        (state for known, state in row.states.items() if known.casefold() == plain), None
    )
    if alike is not None and not isinstance(alike, Condition) and word is not None:
        return word, alike
    ended = any(map(_holds, every(document, row.times.completed)))
    files = bool(_urls(document, row.urls) or _urls(document, row.fallback_urls))
    fault = any(_holds(code) and text_of(code) != "200" for code in every(document, row.fail_code))
    last = re.split(r"[\s_-]", plain)[-1]
    if plain and (last in _FAILED or (fault and ended and not files)):
        return word, "failed"
    shown = files or any(map(_holds, every(document, row.data)))
    if (last in _SUCCEEDED and shown) or (files and ended):
        return word, "succeeded"
    return word, "running"


_FAILED = "fail failed failure error cancelled canceled aborted rejected expired timeout terminated blocked".split()
_SUCCEEDED = "success succeeded successful complete completed done finished true".split()


def _status(
    row: Lifecycle, ref: TaskRef, raw: JSON | bytes, document: JSON, raw_state: str | None, state: State
) -> TaskStatus:
    failed = state == "failed"
    created, created_assumed = _time(document, row.times, row.times.created)
    completed, completed_assumed = _time(document, row.times, row.times.completed)
    seconds = _number(first(document, row.seconds))
    if seconds is None and created and completed and created_assumed == completed_assumed:
        seconds = max(0.0, (completed - created).total_seconds())
    model = text_of(first(document, row.model))
    amount = decimal(first(document, row.credits))
    return TaskStatus(
        ref=ref if model in (None, "", ref.model) else TaskRef(ref.id, ref.lifecycle, model),
        state=state,
        raw_state=raw_state,
        kind=row.result,
        urls=_urls(document, row.urls) or _urls(document, row.fallback_urls),
        data=next(filter(None, every(document, row.data)), None),
        fail_code=(text_of(first(document, row.fail_code)) or None) if failed else None,
        fail_message=(text_of(first(document, row.fail_message)) or None) if failed else None,
        credits=amount if state in ("succeeded", "failed") else None,
        held=None if state in ("succeeded", "failed") else amount,
        progress=_number(first(document, row.progress)),
        seconds=seconds,
        created_at=created,
        completed_at=completed,
        times_assumed=created_assumed or completed_assumed,
        expired=any(map(_holds, every(document, row.expired))),
        raw=raw,
    )


def read_callback(body: Mapping[str, JSON], of: str | None = None) -> TaskStatus:
    """Read the status from a callback: the same status that a poll of the task would return.

    `of` names the family; without it, the family is recognised from the report. Raises `ResultInvalid` for a body that
    is not a report.
    """
    rows = [lifecycle(of)] if of is not None else lifecycles()
    document: JSON = dict(body)
    whole = enveloped(document)
    found = None
    for form in (document, whole) if "data" in body else (whole, document):
        found = found or _recognised(rows, form, of, moved=form is not document)
    if found is None:
        raise ResultInvalid(None, "it is not a report of a task of a family known here", raw=document)
    row, task_id = found
    ref = TaskRef(task_id, row.name)
    document = document if "data" in body else whole
    document = _unpack(document, row.embedded)
    raw_state, state = _state(document, row.callback.state, row.callback.states)
    if raw_state is None:
        raw_state, state = _state(document, row.state, row.states)
    code, message = pointer(document, "/code"), pointer(document, "/msg")
    if code not in (200, "200", None):
        state = "failed"
    elif raw_state is None and code is not None:
        state = "succeeded"
    elif state is None:
        raw_state, state = _undocumented(row, document, raw_state)
    status = _status(row, ref, document, document, raw_state, state or "running")
    status = attrs.evolve(
        status,
        urls=status.urls or _urls(document, _either_case(row.callback.urls)),
        data=status.data or first(document, row.callback.data) or None,
    )
    status = _complete(row, document, status)
    if status.state != "failed":
        return with_partial(attrs.evolve(status, raw=dict(body)))
    return attrs.evolve(
        status,
        fail_code=status.fail_code or text_of(code),
        fail_message=status.fail_message or text_of(message),
        raw=dict(body),
    )


def enveloped(document: JSON) -> JSON:
    """Bring a report into the usual form, with all facts about the task, including its id, in `data`."""
    if not isinstance(document, dict):
        return document
    inner = document.get("data")
    task_id = _id(document.get("taskId")) or _id(document.get("task_id"))
    if task_id is None or (isinstance(inner, dict) and ("taskId" in inner or "task_id" in inner)):
        return document
    rest = {name: value for name, value in document.items() if name not in ("code", "msg", "data")}
    found = inner if isinstance(inner, dict) else rest
    return {**document, "data": {**found, "taskId": task_id, "task_id": task_id}}


def _recognised(
    rows: Sequence[Lifecycle], document: JSON, of: str | None, *, moved: bool
) -> tuple[Lifecycle, str] | None:
    """Find the family and the id of the task that a report is about."""
    row = next((row for row in rows if any(_present(document, sign) for sign in row.callback.signs)), None)
    if row is None:
        row = rows[0] if of is not None else _likely(rows, document, moved=moved)
    task_id = _id(first(document, row.callback.id or row.task_id)) if row else None
    return (row, task_id) if row is not None and task_id is not None else None


def _likely(rows: Sequence[Lifecycle], document: JSON, *, moved: bool) -> Lifecycle | None:
    """Guess the family of a report without a sign, as most failure reports are: the first whose id field it has.

    If the id was `moved` into `data`, the report must also contain a state or a failure.
    """
    failed = pointer(document, "/code") not in (200, "200", None)
    found = (row for row in rows if row.callback.id and _id(first(document, row.callback.id)))
    return next((row for row in found if not moved or failed or first(document, row.state) is not None), None)


def _state(document: JSON, pointers: tuple[str, ...], states: States) -> tuple[str | None, State | None]:
    """Read the service's word (None if there is none) and the state it means (None if the word is undocumented)."""
    found = first(document, pointers)
    word = str(found).lower() if isinstance(found, bool) else text_of(found)
    state = states.get(word if word is not None else "absent")
    if isinstance(state, Condition):
        values = every(document, _either_case(state.where))
        met = any(map(_holds, values)) if state.equals is None else any(text_of(v) == state.equals for v in values)
        state = state.then if met else state.otherwise
    return word, state


@cache
def _either_case(pointers: tuple[str, ...]) -> tuple[str, ...]:
    """Add to each pointer its variant with the last name in the other case, since reports use both cases."""
    return tuple(dict.fromkeys(spelled for path in pointers for spelled in (path, _other_case(path))))


def _other_case(path: str) -> str:
    parent, _, name = path.rpartition("/")
    if "_" in name:
        return f"{parent}/{re.sub('_([a-z])', lambda letter: letter[1].upper(), name)}"
    return f"{parent}/{re.sub('[A-Z]', lambda letter: f'_{letter[0].lower()}', name)}"


def _holds(value: JSON) -> bool:
    """Whether a value, of whatever type, is neither null nor empty nor 0."""
    return value not in ("0", "0.0", "false") and bool(value)


def _present(document: JSON, path: str) -> bool:
    return bool(reach(document, path))


def _unpack(document: JSON, embedded: tuple[str, ...]) -> JSON:
    """Copy the document with JSON that is held as text decoded."""
    for path in embedded:
        text = pointer(document, path)
        if isinstance(text, str) and (value := _decoded(text)) != text:
            document = _replace(document, path.split("/")[1:], value)
    return document


def _decoded(text: str) -> JSON:
    """Decode JSON held as text, even if it was encoded several times. Return any other text unchanged."""
    value: JSON = text
    for _ in range(_MOST_LAYERS):
        if not isinstance(value, str):
            break
        try:
            value = decode_foreign(value.encode("utf-8", "surrogatepass"))
        except ValueError:
            break
    return value


_MOST_LAYERS = 3
"""How many times JSON may have been encoded as text. Each layer costs one more parse."""


def _replace(document: JSON, path: list[str], value: JSON) -> JSON:
    if not path:
        return value
    if not isinstance(document, dict):
        return document
    return {**document, path[0]: _replace(document[path[0]], path[1:], value)}


def _urls(document: JSON, pointers: tuple[str, ...]) -> tuple[str, ...]:
    """Collect every URL at the pointers, in order. A value may be a list, a single text, or a list held as text."""
    found: dict[str, None] = {}
    for value in every(document, pointers):
        listed = _listed(value) if isinstance(value, str) and value.lstrip().startswith("[") else value
        for item in listed if isinstance(listed, list) else [listed]:
            if isinstance(item, str) and item.strip():
                found.setdefault(item.strip())
    return tuple(found)


def _complete(row: Lifecycle, document: JSON, status: TaskStatus) -> TaskStatus:
    """Search a successful record for URLs if it has none at the pointers of its family."""
    if status.urls or status.state != "succeeded" or not row.urls:
        return status
    searched = list(_searched(pointer(document, "/data")))
    main = [url for name, url in searched if not _BESIDE.search(name)] or [url for _, url in searched]
    return attrs.evolve(status, urls=tuple(dict.fromkeys(main)), searched=bool(main))


_GIVEN = re.compile(r"param|input|origin|source|stream|callback|prompt|fail|err|msg|message|tags|lyric", re.IGNORECASE)
"""Names of fields with a task's input or messages. A URL in such a field is not a file that the task made."""
_BESIDE = re.compile(r"cover|thumb|poster|preview|frame|mask", re.IGNORECASE)
"""Names of fields with pictures that accompany a file."""


def _searched(value: JSON, name: str = "") -> Iterator[tuple[str, str]]:
    """Yield every URL below a value with the name of its field. JSON that is held as text is searched, too."""
    if isinstance(value, str):
        text = value.strip()
        if text.startswith(("https://", "http://")) and not any(map(str.isspace, text)):
            yield name, text
        elif text[:1] in ("{", "[", '"'):
            decoded = _decoded(text)
            if decoded != value:
                yield from _searched(decoded, name)
    elif isinstance(value, list):
        for item in value:
            yield from _searched(item, name)
    elif isinstance(value, dict):
        for key, item in value.items():
            if not _GIVEN.match(key):
                yield from _searched(item, key)


def _listed(text: str) -> JSON:
    """Parse a list held as text: JSON, or unquoted URLs in brackets, as some pages show it."""
    try:
        return decode_foreign(text.encode("utf-8", "surrogatepass"))
    except ValueError:
        inner = text.strip().removeprefix("[").removesuffix("]")
        return [
            item for item in (part.strip() for part in inner.split(",")) if item.startswith(("http://", "https://"))
        ]


def _number(value: JSON) -> float | None:
    if value is None:
        return None
    if type(value) is int or (type(value) is float and isfinite(value)):
        return float(value) if abs(value) < _LARGEST else None
    number = decimal(value.rstrip("%") if isinstance(value, str) else value)
    try:
        return float(number) if number is not None else None
    except OverflowError:
        return None


def decimal(value: JSON) -> Decimal | None:
    """Convert a number, or text that holds one, without loss. Return None for anything else.

    Absurdly large numbers give None as well: adding up `1e999999999` would take seconds and gigabytes.
    """
    if isinstance(value, bool) or not isinstance(value, (int, float, str)):
        return None
    text = str(value).strip()
    try:
        number = Decimal(text) if len(text) <= _LONGEST else None
    except (InvalidOperation, ValueError):
        return None
    return number if number is not None and number.is_finite() and abs(number.adjusted()) <= _LONGEST else None


_LARGEST = 2.0**1000

_LONGEST = 60
"""The most digits that a number may have, and its largest exponent."""

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def _time(document: JSON, times: Times, pointers: tuple[str, ...]) -> tuple[datetime | None, bool]:
    """Read a time as an aware datetime, and whether its zone is assumed. Numbers count from 1970 and need no zone."""
    found = first(document, pointers)
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
