"""Simulator: takes submissions of every family. May import `_core`, `catalog`, `_records`.

The packaged schemas, not the request classes, decide which requests are valid: the two must agree. The lifecycle row of
a family says what its fields are called and where they are.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, cast

from kie import catalog
from kie._core import paths
from kie._core.field_facts import field_facts
from kie._core.issues import Issue
from kie._core.json import JSON, JSONObject
from kie._records.lifecycles import Lifecycle
from kie.catalog import Model
from kie.simulator._entries import entries_of, entry_for
from kie.simulator._faults import Rule
from kie.simulator._messages import Incoming, Refused, SimResponse, envelope
from kie.simulator._prices import charge
from kie.simulator._routes import SUBMITTED
from kie.simulator._sample_media import recipe
from kie.simulator._simulator import Simulator
from kie.simulator._task_output import produce
from kie.simulator._task_record import MARKET, busy_word
from kie.simulator._task_store import SimTask

DURATIONS = {"image": 8.0, "video": 60.0, "audio": 6.0, "music": 90.0, "stems": 30.0}
"""Seconds that a model takes if the catalog has no durations for it, by kind of result."""
DURATION = 10.0
"""Seconds for every other kind of result."""
TOP_LEVEL = ("model", "input")
_GENERATING = ("gpt-image", "kling-3.0/", "seedream/5-lite")
"""Models of the Market that begin as `generating`. Source: recordings, in which all others begin as `waiting`."""


def submit(state: Simulator, incoming: Incoming) -> SimResponse:
    """Accept a submission, or answer why not. The order of the checks is: callback URL, schema, balance."""
    row, body, now, callback = SUBMITTED[incoming.operation], incoming.body, incoming.now, incoming.endpoint.callback
    url = body.get(callback) if callback else None
    if url is None and incoming.endpoint.callback_required:
        raise Refused(422, f"Please enter {callback}.")
    if url is not None and not (isinstance(url, str) and url.startswith(("http://", "https://"))):
        raise Refused(422, f"{callback}: must be an http(s) URL")
    fields = {name: value for name, value in body.items() if name != callback}
    found = _market(state, fields) if row.name == MARKET else _own(state, row, incoming.operation, fields)
    task = _task(state, row, *found, now)
    if state.credits < task.price:
        raise Refused(402, "The balance is not enough to run this task. Please top up.")
    task.callback_url = url
    state.accept(task)
    return _accepted(state, task, now, incoming.rule)


def _accepted(state: Simulator, task: SimTask, now: float, rule: Rule | None) -> SimResponse:
    """Apply the fault of an accepted task, if any, and answer its submission."""
    if rule is not None:
        bend(state, task, rule, now, submitted=True)
    if task.row.kind == "immediate":
        state.store.end(task, task.created)
        return envelope(200, "success", state.record(task))
    if rule is not None and rule.do == "no_task_id":
        return envelope(200, "success", {})
    named: JSONObject = {"taskId": task.id, "recordId": task.id} if task.row.name == MARKET else {"taskId": task.id}
    return envelope(200, "success", named)


def _market(state: Simulator, body: JSONObject) -> tuple[Model | None, str, JSONObject]:
    """Read the catalog entry, the model and the fields of a submission to the Market."""
    model, fields = body.get("model"), body.get("input")
    if not isinstance(model, str) or not model:
        raise Refused(422, "The model cannot be empty")
    strange = sorted(set(body) - set(TOP_LEVEL))
    if strange and not state.accept_unknown:
        raise Refused(422, f"Unknown field: {', '.join(strange)}")
    entry = catalog.find(model)
    if (entry is None or entry.lifecycle != MARKET) and not state.accept_unknown:
        raise Refused(422, f"The model name you specified is not supported: {model}")
    issues = (
        _issues(entry, fields, lenient=state.accept_unknown) if entry is not None and isinstance(fields, dict) else []
    )
    if fields is None or any(issue.rule == "required" for issue in issues):
        raise Refused(500, "This field is required")
    if not isinstance(fields, dict):
        raise Refused(422, "input: must be an object")
    _refuse(issues)
    return entry, model, fields


def _own(state: Simulator, row: Lifecycle, operation: str, body: JSONObject) -> tuple[Model | None, str, JSONObject]:
    """Read the catalog entry, the model and the fields of a submission to the endpoint of another family."""
    entries = entries_of(row.name, operation)
    if not entries:
        return None, operation, body
    entry = entry_for(entries, body)
    if isinstance(entry, Issue):
        raise Refused(422, str(entry))
    _refuse(_issues(entry, body, lenient=state.accept_unknown))
    return entry, entry.id, body


def _refuse(issues: list[Issue]) -> None:
    if issues:
        raise Refused(422, "; ".join(map(str, issues)))


def _issues(entry: Model, fields: JSONObject, *, lenient: bool) -> list[Issue]:
    issues: list[Issue] = entry._schema.issues(_given(fields))
    return [issue for issue in issues if not lenient or issue.rule != "additionalProperties"]


def _given(value: JSON) -> JSON:
    """Remove nulls from a value: to the service, as to the classes, null means that a field is absent."""
    if isinstance(value, dict):
        return {name: _given(item) for name, item in value.items() if item is not None}
    return [_given(item) for item in value] if isinstance(value, list) else value


def guess_kind(model: str) -> str:
    """Guess the kind of result of a model that the catalog does not know, from the words in its id."""
    name = model.lower()
    if any(word in name for word in ("video", "i2v", "t2v", "r2v")):
        return "video"
    if any(word in name for word in ("audio", "speech", "music", "sound", "dialogue")):
        return "audio"
    return "image"


def _task(state: Simulator, row: Lifecycle, entry: Model | None, model: str, fields: JSONObject, now: float) -> SimTask:
    """Make the task of a submission, without accepting it yet."""
    named = list(_references(entry, fields))
    earlier = state.store.find_any(named[0][1]) if named else None
    kind = entry.result if entry is not None else guess_kind(model)
    if earlier is not None and entry is not None and catalog.UPSCALE in entry.categories:
        kind = earlier.kind  # an upscaled image is an image
    number = len(state.accepted)
    typical = entry.typical_seconds.get("p50") if entry is not None and entry.typical_seconds else None
    duration = (typical or DURATIONS.get(kind, DURATION)) * state.spread(number)
    base = named[0][1] if named and state.store.shares_record(row, named[0][1]) else None
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
        price=charge(entry.id if entry is not None else model, fields, kind, state.today(now), state.seconds),
        busy_word=busy_word(row, generating=model.startswith(_GENERATING)),
    )
    lost = next((name for name, id_, finished in named if finished and not state.store.has_succeeded(id_)), None)
    if lost is not None:
        task.failure = ("422", f"{lost}: does not name a finished task")
    stem = f"{task.id}-{row.name}" if base else task.id
    produce(task, stem, state.new_id)
    if row.name == "veo" and named:  # an extension returns the whole video as well
        whole = f"{stem}_whole.mp4"
        task.more_files = {whole: recipe("video", fields)}
        task.data = {"fullResultUrls": state.urls([whole])}
    return task


def _references(entry: Model | None, fields: JSONObject) -> Iterator[tuple[str, str, bool]]:
    """Yield each field that names an earlier task or part of one, the id in it, and whether it must be finished."""
    for key, facts in field_facts(entry.json_schema()).items() if entry is not None else ():
        for found in paths.reach(fields, key) if facts.families else ():
            for value in found if isinstance(found, list) else [found]:
                yield key, str(value), facts.finished


def bend(state: Simulator, task: SimTask, rule: Rule, now: float, *, submitted: bool) -> None:
    """Apply a fault that concerns the task rather than the answer."""
    arguments = cast("Mapping[str, Any]", rule.arguments)  # checked when the script was read
    match rule.do:
        case "invisible":
            task.hidden_polls += arguments["polls"]
        case "state" if not task.end_seen:
            task.forced_state, task.forced_polls = arguments["state"], arguments["polls"]
        case "fail_task":
            failure = (str(arguments["code"]), arguments["msg"])
            if submitted:
                task.failure = failure
            else:
                state.store.end(task, now, failure)
