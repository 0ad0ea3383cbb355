"""Checks and compiles the two tables, `lifecycles.yaml` and `codes.yaml`, against the API document."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from codegen.dialect import python_name
from codegen.source import Document, Fault, Node, Operation, escape, operations
from kie.core import errors

STATES = {"queued", "running", "succeeded", "failed"}
KINDS = {"poll", "immediate", "read-until-ready"}
POINTERS = ("state", "model", "urls", "data", "fail_code", "fail_message", "credits", "progress", "seconds")
ROW = {
    "title",
    "kind",
    "submit",
    "poll",
    "poll_parameter",
    "callback",
    "task_id",
    "states",
    "times",
    "not_found",
    "codes",
}
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
    """All faults of both tables."""
    return [*_operations(api), *_lifecycles(api, lifecycles), *_codes(codes)]


def _operations(api: Document) -> Iterator[Fault]:
    for operation in operations(api):
        at = f"/paths/{escape(operation.path)}/{operation.method.lower()}"
        if not operation.id:
            yield Fault("kie.yaml", at, "has no operationId")
        for key in ("summary", "description"):
            if not operation.document.get(key):
                yield Fault("kie.yaml", at, f"has no {key}")
        facts = operation.facts
        allowed = {"server": ("api", "upload"), "bucket": ("submit", "read", "none"), "idempotent": (True, False)}
        for key, values in allowed.items():
            if facts.get(key) not in values:
                yield Fault("kie.yaml", f"{at}/x-kie/{key}", f"is not one of {', '.join(map(str, values))}")
        for key in facts:
            if key not in {*allowed, "answer"}:
                yield Fault("kie.yaml", f"{at}/x-kie/{key}", "is not a known fact")


def _lifecycles(api: Document, rows: Document) -> Iterator[Fault]:
    by_id = {operation.id: operation for operation in operations(api)}
    for name, row in rows.items():
        at = f"/{name}"
        for key in row:
            if key not in ROW | set(POINTERS):
                yield Fault("lifecycles.yaml", f"{at}/{key}", "is not a known fact")
        if row.get("kind") not in KINDS:
            yield Fault("lifecycles.yaml", f"{at}/kind", f"is not one of {', '.join(sorted(KINDS))}")
        for key in ("submit", "poll"):
            if row.get(key) not in by_id:
                yield Fault("lifecycles.yaml", f"{at}/{key}", f"{row.get(key)!r} is not an operation of kie.yaml")
        for value, state in (row.get("states") or {}).items():
            if state not in STATES:
                yield Fault(
                    "lifecycles.yaml",
                    f"{at}/states/{escape(value)}",
                    f"{state!r} is not one of {', '.join(sorted(STATES))}",
                )
        if row.get("submit") in by_id:
            yield from _pointers(api, by_id[row["submit"]], f"{at}/task_id", _many(row.get("task_id")))
        if row.get("poll") in by_id:
            for key in POINTERS:
                yield from _pointers(api, by_id[row["poll"]], f"{at}/{key}", _many(row.get(key)))
            times = row.get("times") or {}
            for key in ("created", "completed"):
                yield from _pointers(api, by_id[row["poll"]], f"{at}/times/{key}", _many(times.get(key)))
            parameters = [p["name"] for p in by_id[row["poll"]].document.get("parameters") or []]
            if row.get("poll_parameter") not in parameters:
                yield Fault(
                    "lifecycles.yaml", f"{at}/poll_parameter", f"{row.get('poll_parameter')!r} is no parameter of it"
                )


def _many(value: Node) -> list[str]:
    return [value] if isinstance(value, str) else list(value or [])


def _pointers(api: Document, operation: Operation, at: str, pointers: list[str]) -> Iterator[Fault]:
    for pointer in pointers:
        if resolve(api, operation.answer_schema, pointer) is None:
            yield Fault("lifecycles.yaml", at, f"{pointer} points at nothing in the answer of {operation.id}")


def resolve(api: Document, schema: Node, pointer: str) -> Node:
    """The schema of what a pointer finds in an answer, through `$ref`s and JSON held in text; None if nothing."""
    node = schema
    for part in [*pointer.split("/")[1:], None]:
        while isinstance(node, dict) and "$ref" in node:
            node = api["components"]["schemas"].get(node["$ref"].rsplit("/", 1)[-1])
        if part is None or node is None:
            return node
        if "contentSchema" in node:
            node = node["contentSchema"]
        node = (node.get("properties") or {}).get(part)
    return node


def _codes(codes: Document) -> Iterator[Fault]:
    for group in ("envelope", "http"):
        rows = codes.get(group) or {}
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
                yield Fault("codes.yaml", f"{at}/error", f"{name!r} is no class in kie.core.errors")
            if row.get("task_created") not in (True, False, "unknown"):
                yield Fault("codes.yaml", f"{at}/task_created", "is not one of true, false, unknown")


def compile_lifecycles(api: Document, rows: Document) -> dict[str, Any]:
    """The rows, with the places at which answers hold JSON as text (they are decoded before reading)."""
    by_id = {operation.id: operation for operation in operations(api)}
    out: dict[str, Any] = {}
    for name, row in rows.items():
        pointers = {key: _many(row.get(key)) for key in POINTERS}
        reached = [pointer for key in POINTERS for pointer in pointers[key]]
        held = _embedded(api, by_id[row["poll"]].answer_schema, "")
        embedded = sorted(path for path in held if any(f"{pointer}/".startswith(f"{path}/") for pointer in reached))
        compiled = {**row, **pointers, "task_id": _many(row["task_id"]), "embedded": embedded}
        for key in ("submit", "poll"):
            compiled[key] = function_of(by_id[row[key]])
        compiled["poll_parameter"] = python_name(row["poll_parameter"], {})
        out[name] = compiled
    return out


def function_of(operation: Operation) -> str:
    """Where the function of an operation is generated: `module:name`."""
    name = python_name(operation.id, {})
    return f"kie_wire.api.{operation.document['tags'][0]}.{name}:{name}"


def _embedded(api: Document, schema: Node, at: str) -> Iterator[str]:
    while isinstance(schema, dict) and "$ref" in schema:
        schema = api["components"]["schemas"][schema["$ref"].rsplit("/", 1)[-1]]
    if schema.get("contentMediaType") == "application/json":
        yield at
    for name, child in (schema.get("properties") or {}).items():
        yield from _embedded(api, child, f"{at}/{escape(name)}")
