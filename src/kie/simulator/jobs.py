"""Floor 7: tasks of the Market, submitted and looked at. May import `core`, `catalog`.

Requests are judged by the packaged schemas, not by the request classes: the two have to agree.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import cast

from kie import catalog
from kie.catalog import Model
from kie.core import schema
from kie.core.errors import Issue
from kie.core.json import JSON, JSONObject
from kie.simulator.faults import Rule
from kie.simulator.media import recipe
from kie.simulator.messages import SimResponse, envelope
from kie.simulator.state import PRICES, SimTask, Simulator

DURATIONS = {"image": 8.0, "video": 60.0, "audio": 6.0, "json": 10.0}
"""Seconds that a model takes if the catalog does not say, by kind of result."""

TOP_LEVEL = ("model", "input", "callBackUrl")
MOST_RESULTS = 16
_GENERATING = ("kling", "seedream", "gpt-image")
_REQUIRED = envelope(500, "This field is required")


def create_task(state: Simulator, body: JSON, key: str, now: float, rule: Rule | None) -> SimResponse:
    """Take a submission, or say why not. The order of the checks is: limit, shape, schema, balance."""
    if not state.take_submission(key, now):
        return envelope(429, "The call frequency is too high. Please try again later.")
    if not isinstance(body, dict):
        return envelope(400, "The request body is not a JSON object")
    model, fields = body.get("model"), body.get("input")
    if not isinstance(model, str) or not model:
        return envelope(422, "The model cannot be empty")
    strange = sorted(set(body) - set(TOP_LEVEL))
    if strange and not state.accept_unknown:
        return envelope(422, f"Unknown field: {', '.join(strange)}")
    callback = body.get("callBackUrl")
    if callback is not None and not _is_url(callback):
        return envelope(422, "callBackUrl: has to be an http(s) URL")
    entry = catalog.find(model)
    if entry is None and not state.accept_unknown:
        return envelope(422, f"The model name you specified is not supported: {model}")
    if fields is None:
        return _REQUIRED
    if not isinstance(fields, dict):
        return envelope(422, "input: has to be an object")
    if entry is not None:
        refusal = _judge(entry, fields, lenient=state.accept_unknown)
        if refusal is not None:
            return refusal
    kind = entry.result if entry is not None else guess_kind(model)
    price = PRICES[kind]
    if state.credits < price:
        return envelope(402, "The balance is not enough to run this task. Please top up.")
    task = _task(state, entry, model, fields, kind, now)
    task.callback_url = cast("str | None", callback)
    state.add(task)
    if rule is not None:
        _bend(state, task, rule, now)
    named: JSONObject = {"taskId": task.id, "recordId": task.id}
    if rule is not None and rule.do == "no_task_id":
        named = {}
    return envelope(200, "success", named)


def _is_url(value: JSON) -> bool:
    return isinstance(value, str) and value.startswith(("http://", "https://"))


def _judge(entry: Model, fields: JSONObject, *, lenient: bool) -> SimResponse | None:
    """The refusal of an input that breaks its schema: in the words of the service, as far as they are recorded."""
    issues: list[Issue] = schema.load("kie_models", entry.slug).issues(fields)
    if lenient:
        issues = [issue for issue in issues if issue.rule != "additionalProperties"]
    if any(issue.rule == "required" for issue in issues):
        return _REQUIRED
    if issues:
        return envelope(422, "; ".join(str(issue) for issue in issues))
    return None


def guess_kind(model: str) -> str:
    """The kind of result of a model that the catalog does not know, by the words in its id."""
    name = model.lower()
    if any(word in name for word in ("video", "i2v", "t2v", "r2v")):
        return "video"
    if any(word in name for word in ("audio", "speech", "music", "sound", "dialogue")):
        return "audio"
    return "image"


def _task(state: Simulator, entry: Model | None, model: str, fields: JSONObject, kind: str, now: float) -> SimTask:
    number = len(state.accepted)
    typical = entry.typical_seconds.get("p50") if entry is not None and entry.typical_seconds else None
    duration = (typical or DURATIONS[kind]) * state.spread(number)
    task = SimTask(
        id=state.new_id(),
        number=number,
        model=model,
        input=fields,
        kind=kind,
        created=now,
        duration=duration,
        ends=now + duration / state.speed,
        price=PRICES[kind],
        busy_word=state.word("running" if model.startswith(_GENERATING) else "queued"),
    )
    lost = next((name for name, id_ in _references(entry, fields) if not state.finished(id_)), None)
    if lost is not None:
        task.failure = ("422", f"{lost}: names no finished task")
    _results(state, task)
    return task


def _references(entry: Model | None, fields: JSONObject) -> Iterator[tuple[str, str]]:
    """Every field that names an earlier task, with the id in it."""
    facts = entry.json_schema().get("x-kie") if entry is not None else None
    named = facts.get("references") if isinstance(facts, dict) else None
    for path in named if isinstance(named, dict) else ():
        for value in _reach(fields, path.split(".")):
            yield path, str(value)


def _reach(value: JSON, path: list[str]) -> Iterator[JSON]:
    if isinstance(value, list):
        for item in value:
            yield from _reach(item, path)
    elif not path:
        if value is not None:
            yield value
    elif isinstance(value, dict):
        yield from _reach(value.get(path[0]), path[1:])


def _results(state: Simulator, task: SimTask) -> None:
    """Name the files of a task and write its result."""
    if task.kind == "json":
        task.result = {"resultObject": {"model": task.model, "status": 1}}
        return
    for index in range(_count(task.input)):
        what = recipe(task.kind, task.input, index)
        task.files[f"{task.id}_{index}.{what.extension}"] = what
    task.result = {"resultUrls": [f"{state.base_url}/results/{name}" for name in task.files]}


def _count(fields: Mapping[str, JSON]) -> int:
    value = fields.get("num_images")
    if isinstance(value, str) and value.isascii() and value.isdigit():
        value = int(value[:4])
    if not isinstance(value, int) or isinstance(value, bool):
        return 1
    return max(1, min(value, MOST_RESULTS))


def _bend(state: Simulator, task: SimTask, rule: Rule, now: float) -> None:
    """Apply a fault that concerns the task rather than the answer."""
    match rule.do:
        case "invisible":
            task.hidden_looks += rule.arguments["looks"]
        case "state":
            task.forced_state, task.forced_looks = rule.arguments["state"], rule.arguments["looks"]
        case "fail_task":
            failure = (str(rule.arguments["code"]), rule.arguments["msg"])
            if rule.on == "createTask":
                task.failure = failure
            else:
                state.fail(task, failure, now)


def get_task(state: Simulator, query: Mapping[str, str], key: str, now: float, rule: Rule | None) -> SimResponse:
    """Look at a task."""
    if not state.take_read(key, now):
        return envelope(429, "The call frequency is too high. Please try again later.")
    task_id = query.get("taskId", "")
    if not task_id:
        return envelope(400, "taskId is required")
    task = state.tasks.get(task_id)
    if task is None:
        return envelope(422, "recordInfo is null")
    if rule is not None:
        _bend(state, task, rule, now)
    if task.hidden_looks > 0:
        task.hidden_looks -= 1
        return envelope(422, "recordInfo is null")
    record = state.record(task)
    if task.forced_looks > 0:
        task.forced_looks -= 1
        if task.forced_looks == 0:
            task.forced_state = None
    return envelope(200, "success", record)
