"""Checks and compiles the two tables, `lifecycles.yaml` and `codes.yaml`, against the API document."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from kie._core import errors
from kie._core.result_types import RESULT_KINDS

from . import endpoints
from .dialect import python_name
from .source import Document, Fault, Node, Operation, escape, operations

STATES = {"queued", "running", "succeeded", "failed"}
KINDS = {"poll", "immediate", "read-until-ready"}
POINTERS = (
    *("state", "model", "urls", "fallback_urls", "data"),
    *("fail_code", "fail_message", "credits", "progress", "seconds", "expired"),
)
"""The facts of a row that point into the record of a task."""
ROW = {
    *("title", "kind", "result", "submit", "poll", "poll_parameters", "callback", "task_id", "states", "times"),
    *("not_found", "not_ready", "codes", "ends_by_content"),
}
NEEDS = {"poll": {"submit", "poll"}, "immediate": {"submit"}, "read-until-ready": {"poll"}}
"""The operations that a row of each kind must name. It must not name others."""
CONDITION = {"if", "equals", "then", "else"}
CALLBACK = {"id", "signs", "state", "states", "urls", "data"}
ABSENT = "absent"
"""The entry among a row's states for a record without a state."""
CODE_FACTS = {
    "meaning",
    "error",
    "task_created",
    "retry_read",
    "retry_submit",
    "ends_task",
    "not_found",
    "breaker_failure",
}


def check_tables(api: Document, lifecycles: Document, codes: Document) -> list[Fault]:
    """Find all faults of both tables."""
    return [*endpoints.check(api, lifecycles), *_lifecycles(api, lifecycles), *_codes(codes)]


def _lifecycles(api: Document, rows: Document) -> Iterator[Fault]:
    by_id = {operation.id: operation for operation in operations(api)}
    taken: dict[str, str] = {}
    for name, row in rows.items():
        for key in row:
            if key not in ROW | set(POINTERS):
                yield _fault(name, f"/{key}", "is not a known fact")
        if row.get("kind") not in KINDS:
            yield _fault(name, "/kind", f"is not one of {', '.join(sorted(KINDS))}")
            continue
        if row.get("result") not in RESULT_KINDS:
            yield _fault(name, "/result", f"is not one of {', '.join(sorted(RESULT_KINDS))}")
        yield from _named_operations(name, row, by_id, taken)
        submits = [by_id[operation] for operation in row.get("submit") or {} if operation in by_id]
        for operation in submits:
            yield from _pointers(api, operation, f"/{name}/task_id", _many(row.get("task_id")))
        yield from _states(name, row.get("states") or {}, "/states")
        callback = row.get("callback") or {}
        for key in set(callback) - CALLBACK:
            yield _fault(name, f"/callback/{key}", "is not a known fact")
        yield from _states(name, callback.get("states") or {}, "/callback/states")
        records = [by_id[row["poll"]]] if row.get("poll") in by_id else [] if "poll" in row else submits
        for record in records:
            yield from _record(api, record, name, row)


def _fault(name: str, at: str, message: str) -> Fault:
    return Fault("lifecycles.yaml", f"/{name}{at}", message)


def _named_operations(name: str, row: Document, by_id: dict[str, Operation], taken: dict[str, str]) -> Iterator[Fault]:
    """Check that a row names exactly the operations that its kind needs, from kie.yaml and used by no other row."""
    kind = row["kind"]
    for key in ("submit", "poll"):
        if (key in row) != (key in NEEDS[kind]):
            message = "is missing" if key in NEEDS[kind] else f"does not belong in a row that is {kind}"
            yield _fault(name, f"/{key}", message)
    for operation, facts in (row.get("submit") or {}).items():
        at = f"/submit/{escape(operation)}"
        if operation not in by_id:
            yield _fault(name, at, f"{operation!r} is not an operation of kie.yaml")
        if operation in taken:
            yield _fault(name, at, f"belongs to {taken[operation]} already")
        taken.setdefault(operation, name)
        for key in set(facts or {}) - {"callback", "callback_required"}:
            yield _fault(name, f"{at}/{key}", "is not a known fact")
    if "poll" in row and row["poll"] not in by_id:
        yield _fault(name, "/poll", f"{row['poll']!r} is not an operation of kie.yaml")


def _record(api: Document, operation: Operation, name: str, row: Document) -> Iterator[Fault]:
    """Check that every pointer into the record of a task finds something in its schema."""
    at = f"/{name}"
    for key in POINTERS:
        yield from _pointers(api, operation, f"{at}/{key}", _many(row.get(key)))
    times = row.get("times") or {}
    for key in ("created", "completed"):
        yield from _pointers(api, operation, f"{at}/times/{key}", _many(times.get(key)))
    for word, state in (row.get("states") or {}).items():
        if isinstance(state, dict):
            yield from _pointers(api, operation, f"{at}/states/{escape(word)}/if", _many(state.get("if")))
    if "poll" in row:
        parameters = [p["name"] for p in operation.document.get("parameters") or []]
        for parameter in row.get("poll_parameters") or [None]:
            if parameter not in parameters:
                yield Fault("lifecycles.yaml", f"{at}/poll_parameters", f"{parameter!r} is not a parameter of it")


def _states(name: str, states: Document, at: str) -> Iterator[Fault]:
    for word, state in states.items():
        here = f"/{name}{at}/{escape(word)}"
        if isinstance(state, dict):
            for key in set(state) - CONDITION:
                yield Fault("lifecycles.yaml", f"{here}/{key}", "is not a known fact")
        for value in [state.get("then"), state.get("else")] if isinstance(state, dict) else [state]:
            if value not in STATES:
                yield Fault("lifecycles.yaml", here, f"{value!r} is not one of {', '.join(sorted(STATES))}")


def _many(value: Node) -> list[str]:
    return [value] if isinstance(value, str) else list(value or [])


def _pointers(api: Document, operation: Operation, at: str, pointers: list[str]) -> Iterator[Fault]:
    for pointer in pointers:
        if resolve(api, operation.answer_schema, pointer) is None:
            yield Fault("lifecycles.yaml", at, f"{pointer} points at nothing in the answer of {operation.id}")


def resolve(api: Document, schema: Node, pointer: str) -> Node:
    """The schema of what a pointer finds in an answer, through `$ref`s and JSON held as text; None for nothing."""
    node = schema
    for part in [*pointer.split("/")[1:], None]:
        node = _followed(api, node)
        if part is None or node is None:
            return node
        node = _step(_followed(api, node.get("contentSchema", node)), part)
    return node


def _followed(api: Document, node: Node) -> Node:
    while isinstance(node, dict) and "$ref" in node:
        node = api["components"]["schemas"].get(node["$ref"].rsplit("/", 1)[-1])
    return node


def _step(node: Document, part: str) -> Node:
    """Take one step into a schema. `*` is every item of a list, or every value of an object."""
    if node.get("type") == "array" or (isinstance(node.get("type"), list) and "array" in node["type"]):
        return node.get("items") if part == "*" or part.isdigit() else None
    properties = node.get("properties") or {}
    return next(iter(properties.values()), None) if part == "*" else properties.get(part)


def _codes(codes: Document) -> Iterator[Fault]:
    refusals = codes.get("refusals") or {}
    tables = {group: codes.get(group) or {} for group in ("envelope", "http")}
    if refusals:
        tables["refusals"] = {"default": refusals.get("row") or {}}
    for group, rows in tables.items():
        if "default" not in rows:
            yield Fault("codes.yaml", f"/{group}", "has no default")
        for code, row in rows.items():
            at = f"/{group}/{code}"
            for key in CODE_FACTS - set(row):
                yield Fault("codes.yaml", at, f"{key} is missing")
            for key in set(row) - CODE_FACTS - {"hint"}:
                yield Fault("codes.yaml", f"{at}/{key}", "is not a known fact")
            name = row.get("error")
            if name is not None and not isinstance(getattr(errors, str(name), None), type):
                yield Fault("codes.yaml", f"{at}/error", f"{name!r} is not a class in kie._core.errors")
            if row.get("task_created") not in (True, False, "unknown"):
                yield Fault("codes.yaml", f"{at}/task_created", "is not one of true, false, unknown")
    for index, text in enumerate(refusals.get("texts") or []):
        try:
            re.compile(text)
        except re.error as error:
            yield Fault("codes.yaml", f"/refusals/texts/{index}", f"is not a regular expression: {error}")


def compile_lifecycles(api: Document, rows: Document) -> dict[str, Any]:
    """Compile the rows. Add pointers to texts that hold JSON, which are decoded before an answer is read."""
    by_id = {operation.id: operation for operation in operations(api)}
    out: dict[str, Any] = {}
    for name, row in rows.items():
        pointers = {key: _many(row.get(key)) for key in POINTERS}
        reached = [pointer for key in POINTERS for pointer in pointers[key]]
        record = row["poll"] if "poll" in row else next(iter(row["submit"]))
        held = [
            path
            for path in _embedded(api, by_id[record].answer_schema, "")
            if any(f"{pointer}/".startswith(f"{path}/") for pointer in reached)
        ]
        times, callback = row.get("times") or {}, row.get("callback") or {}
        out[name] = {
            **{key: row[key] for key in ("title", "kind", "result")},
            "submit": list(row.get("submit") or {}),
            "poll": row.get("poll"),
            "poll_parameters": {wire: python_name(wire, {}) for wire in row.get("poll_parameters") or []},
            "task_id": _many(row.get("task_id")),
            **pointers,
            "ends_by_content": bool(row.get("ends_by_content")),
            "states": _compiled_states(row.get("states") or {}),
            "times": {
                **{key: _many(times.get(key)) for key in ("created", "completed")},
                **{key: times.get(key, default) for key, default in (("unit", "milliseconds"), ("zone", "UTC"))},
            },
            "callback": {
                **{key: _many(callback.get(key)) for key in ("id", "signs", "state", "urls", "data")},
                "states": _compiled_states(callback.get("states") or {}),
            },
            "not_found": {"codes": [], "empty_data": False, "grace": 0, **(row.get("not_found") or {})},
            "not_ready": (row.get("not_ready") or {}).get("codes") or [],
            "codes": {str(code): meaning for code, meaning in (row.get("codes") or {}).items()},
            "embedded": sorted(held),
        }
    return out


def _compiled_states(states: Document) -> dict[str, Any]:
    """Compile states, keyed by the text of the service's word. The pointers of a condition become a list."""
    return {
        _word(word): {**state, "if": _many(state["if"])} if isinstance(state, dict) else state
        for word, state in states.items()
    }


def _word(value: Node) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def _embedded(api: Document, schema: Node, at: str) -> Iterator[str]:
    schema = _followed(api, schema)
    if schema.get("contentMediaType") == "application/json":
        yield at
    for name, child in (schema.get("properties") or {}).items():
        yield from _embedded(api, child, f"{at}/{escape(name)}")
