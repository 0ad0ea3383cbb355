"""Floor 7: tasks of every family, submitted and looked at. May import `core`, `catalog`, `flows`.

Requests are judged by the packaged schemas, not by the request classes: the two have to agree. What a family calls
things, and where, is in its lifecycle row.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from decimal import Decimal

from kie import catalog
from kie._core import schema
from kie._core.errors import Issue
from kie._core.json import JSON, JSONObject
from kie._records.lifecycles import Lifecycle
from kie.catalog import Model
from kie.simulator._entries import entries_of, entry_for
from kie.simulator._faults import Rule
from kie.simulator._media import recipe
from kie.simulator._messages import SimResponse, envelope
from kie.simulator._products import outcome
from kie.simulator._state import PRICES, SimTask, Simulator

DURATIONS = {"image": 8.0, "video": 60.0, "audio": 6.0, "music": 90.0, "stems": 30.0}
"""Seconds that a model takes if the catalog does not say, by kind of result."""
DURATION = 10.0
"""The same for every other kind."""
UPGRADE = 60.0
"""Seconds after a video until its version in a higher resolution is there. Source: 1 to 3 minutes, vendor's pages."""

MARKET = "jobs"
TOP_LEVEL = ("model", "input")
_GENERATING = ("kling", "seedream", "gpt-image")
_REQUIRED = "This field is required"
_BUSY = "The call frequency is too high. Please try again later."


def submit(
    state: Simulator, row: Lifecycle, operation: str, body: JSON, key: str, now: float, rule: Rule | None
) -> SimResponse:
    """Take a submission, or say why not. The order of the checks is: limit, shape, schema, balance."""
    if not state.take_submission(key, now):
        return envelope(429, _BUSY)
    if not isinstance(body, dict):
        return envelope(400, "The request body is not a JSON object")
    callback = row.submit[operation].callback
    url = body.get(callback) if callback else None
    if url is not None and not _is_url(url):
        return envelope(422, f"{callback}: has to be an http(s) URL")
    if url is None and row.submit[operation].callback_required:
        return envelope(422, f"Please enter {callback}.")
    rest = {name: value for name, value in body.items() if name != callback}
    found = _market(state, rest) if row.name == MARKET else _own(state, row, operation, rest)
    if isinstance(found, SimResponse):
        return found
    entry, model, fields = found
    kind = entry.result if entry is not None else guess_kind(model)
    price = price_of(kind)
    if state.credits < price:
        return envelope(402, "The balance is not enough to run this task. Please top up.")
    task = _task(state, row, entry, model, fields, kind, now)
    task.callback_url = url if isinstance(url, str) else None
    state.add(task)
    if rule is not None:
        _bend(state, task, rule, now, submitted=True)
    if row.kind == "immediate":
        state.finish_now(task)
        return envelope(200, "success", state.record(task))
    named: JSONObject = {"taskId": task.id, "recordId": task.id} if row.name == MARKET else {"taskId": task.id}
    if rule is not None and rule.do == "no_task_id":
        named = {}
    return envelope(200, "success", named)


def _is_url(value: JSON) -> bool:
    return isinstance(value, str) and value.startswith(("http://", "https://"))


def price_of(kind: str) -> Decimal:
    """Credits for one task that gives this kind of result."""
    return PRICES.get(kind, PRICES["json"])


def _market(state: Simulator, body: JSONObject) -> SimResponse | tuple[Model | None, str, JSONObject]:
    """The model and the fields of a submission to the Market, or the refusal."""
    model, fields = body.get("model"), body.get("input")
    if not isinstance(model, str) or not model:
        return envelope(422, "The model cannot be empty")
    strange = sorted(set(body) - set(TOP_LEVEL))
    if strange and not state.accept_unknown:
        return envelope(422, f"Unknown field: {', '.join(strange)}")
    entry = catalog.find(model)
    if (entry is None or entry.lifecycle != MARKET) and not state.accept_unknown:
        return envelope(422, f"The model name you specified is not supported: {model}")
    if fields is None:
        return envelope(500, _REQUIRED)
    if not isinstance(fields, dict):
        return envelope(422, "input: has to be an object")
    if entry is not None:
        issues = _issues(entry, fields, lenient=state.accept_unknown)
        if any(issue.rule == "required" for issue in issues):
            return envelope(500, _REQUIRED)
        if issues:
            return envelope(422, "; ".join(map(str, issues)))
    return entry, model, fields


def _own(
    state: Simulator, row: Lifecycle, operation: str, body: JSONObject
) -> SimResponse | tuple[Model | None, str, JSONObject]:
    """The catalog's entry for a submission to an endpoint of its own, or the refusal."""
    entries = entries_of(row.name, operation)
    if not entries:
        return None, operation, body
    entry = entry_for(entries, body)
    issues = [entry] if isinstance(entry, Issue) else _issues(entry, body, lenient=state.accept_unknown)
    if isinstance(entry, Issue) or issues:
        return envelope(422, "; ".join(map(str, issues)))
    return entry, entry.id, body


def _issues(entry: Model, fields: JSONObject, *, lenient: bool) -> list[Issue]:
    issues: list[Issue] = schema.load("kie_models", entry.slug).issues(fields)
    return [issue for issue in issues if not lenient or issue.rule != "additionalProperties"]


def guess_kind(model: str) -> str:
    """The kind of result of a model that the catalog does not know, by the words in its id."""
    name = model.lower()
    if any(word in name for word in ("video", "i2v", "t2v", "r2v")):
        return "video"
    if any(word in name for word in ("audio", "speech", "music", "sound", "dialogue")):
        return "audio"
    return "image"


def _task(
    state: Simulator, row: Lifecycle, entry: Model | None, model: str, fields: JSONObject, kind: str, now: float
) -> SimTask:
    number = len(state.accepted)
    typical = entry.typical_seconds.get("p50") if entry is not None and entry.typical_seconds else None
    duration = (typical or DURATIONS.get(kind, DURATION)) * state.spread(number)
    named = list(_references(entry, fields))
    base = named[0][1] if named and state.shares_record(row, named[0][1]) else None
    task = SimTask(
        id=base or state.new_id(),
        number=number,
        row=row,
        model=model,
        input=fields,
        kind=kind,
        created=now,
        duration=duration,
        ends=now + duration / state.speed,
        price=price_of(kind),
        busy_word=state.busy_word(row, model.startswith(_GENERATING)),
    )
    lost = next((name for name, id_, finished in named if finished and not state.known(id_)), None)
    if lost is not None:
        task.failure = ("422", f"{lost}: names no finished task")
    stem = f"{task.id}-{row.name}" if base else task.id
    given = outcome(kind, model, fields, stem, state.new_id)
    task.files, task.data, task.parts = dict(given.files), given.data, given.parts
    return task


def _references(entry: Model | None, fields: JSONObject) -> Iterator[tuple[str, str, bool]]:
    """Every field that names an earlier task, or a part of one: the id in it, and whether it has to be finished."""
    facts = entry.json_schema().get("x-kie") if entry is not None else None
    named = facts.get("references") if isinstance(facts, dict) else None
    for path, spec in named.items() if isinstance(named, dict) else ():
        for value in _reach(fields, path.split(".")):
            yield path, str(value), isinstance(spec, dict) and bool(spec.get("finished"))


def _reach(value: JSON, path: list[str]) -> Iterator[JSON]:
    if isinstance(value, list):
        for item in value:
            yield from _reach(item, path)
    elif not path:
        if value is not None:
            yield value
    elif isinstance(value, dict):
        yield from _reach(value.get(path[0]), path[1:])


def _bend(state: Simulator, task: SimTask, rule: Rule, now: float, *, submitted: bool) -> None:
    """Apply a fault that concerns the task rather than the answer."""
    match rule.do:
        case "invisible":
            task.hidden_looks += rule.arguments["looks"]
        case "state":
            task.forced_state, task.forced_looks = rule.arguments["state"], rule.arguments["looks"]
        case "fail_task":
            failure = (str(rule.arguments["code"]), rule.arguments["msg"])
            if submitted:
                task.failure = failure
            else:
                state.fail(task, failure, now)


def look(
    state: Simulator, rows: list[Lifecycle], query: Mapping[str, str], key: str, now: float, rule: Rule | None
) -> SimResponse:
    """Look at a task. Several families may keep their records in one place."""
    if not state.take_read(key, now):
        return envelope(429, _BUSY)
    task_id = query.get(next(iter(rows[0].poll_parameters)), "")
    if not task_id:
        return envelope(400, f"{next(iter(rows[0].poll_parameters))} is required")
    if rows[0].kind == "read-until-ready":
        return _upgraded(state, rows[0], task_id, query, now)
    tasks = [task for row in rows if (task := state.find(row.name, task_id)) is not None]
    if not tasks:
        return _missing(rows[0])
    # of a video and its better version, which share an id, the better one is shown once it is there
    task = max(tasks, key=lambda task: (task.done, task.number) if task.done else (False, -task.number))
    if rule is not None:
        _bend(state, task, rule, now, submitted=False)
    if task.hidden_looks > 0:
        task.hidden_looks -= 1
        return _missing(task.row)
    record = state.record(task, now)
    if task.forced_looks > 0:
        task.forced_looks -= 1
        if task.forced_looks == 0:
            task.forced_state = None
    return envelope(200, "success", record)


def _missing(row: Lifecycle) -> SimResponse:
    """The answer for a record that is not there, in the manner of its family."""
    if row.name == MARKET:
        return envelope(422, "recordInfo is null")
    if row.not_found["empty_data"]:
        return envelope(200, "success", None)
    return envelope(422, "The record does not exist")


def _upgraded(state: Simulator, row: Lifecycle, task_id: str, query: Mapping[str, str], now: float) -> SimResponse:
    """The better version of a video: made when it is asked for, and not at once."""
    task = next((task for task in state.tasks.values() if task.id == task_id), None)
    if task is None or not task.done or task.failure is not None:
        return envelope(422, "Record does not exist")
    if now < task.ends + UPGRADE / state.speed:
        return envelope(next(iter(row.not_ready), 400), "The video is still being processed. Please try again later.")
    stem = "-".join([task_id, row.name, *(query.get(name, "") for name in list(row.poll_parameters)[1:])])
    name = f"{stem}.mp4"
    task.files.setdefault(name, recipe("video", task.input))
    state.owners[name] = task
    return envelope(200, "success", state.placed(row, None, [name]))
