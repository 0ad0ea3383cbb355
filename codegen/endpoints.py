"""The table of operations: checks what kie.yaml and lifecycles.yaml say about each, and renders it as one module."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from openapi_python_client.strings import snake_case

from .source import Document, Fault, Operation, escape, operations

ALLOWED: dict[str, tuple[object, ...]] = {
    "server": ("api", "upload"),
    "bucket": ("submit", "read", "models", "none"),
    "idempotent": (True, False),
}
"""The facts that every operation states under `x-kie`, with their permitted values."""
ANSWERS = ("row", "plain")
"""Permitted values of `answer`. `row`: a lifecycle row reads the answer. `plain`: the answer has no envelope, and the
request costs although it creates no task. The functions of both do not interpret bodies and answers."""

BODIES = {"application/json": "json", "multipart/form-data": "multipart"}


def check(api: Document, lifecycles: Document) -> Iterator[Fault]:
    """Find the faults in what kie.yaml says about its operations."""
    submitting = _submissions(lifecycles)
    for operation in operations(api):
        at = f"/paths/{escape(operation.path)}/{operation.method.lower()}"
        if not operation.id:
            yield Fault("kie.yaml", at, "has no operationId")
        for key in ("summary", "description"):
            if not operation.document.get(key):
                yield Fault("kie.yaml", at, f"has no {key}")
        yield from _facts(operation, f"{at}/x-kie")
        yield from _agreement(operation, f"{at}/x-kie/idempotent", submitting.get(operation.id))


def _facts(operation: Operation, at: str) -> Iterator[Fault]:
    facts = operation.facts
    for key, values in ALLOWED.items():
        if facts.get(key) not in values:
            yield Fault("kie.yaml", f"{at}/{key}", f"is not one of {', '.join(map(str, values))}")
    for key in facts:
        if key not in {*ALLOWED, "answer"}:
            yield Fault("kie.yaml", f"{at}/{key}", "is not a known fact")
    if "answer" in facts and facts["answer"] not in ANSWERS:
        yield Fault("kie.yaml", f"{at}/answer", f"is not one of {', '.join(ANSWERS)}")


def _agreement(operation: Operation, at: str, kind: str | None) -> Iterator[Fault]:
    """Check that both tables agree on whether an operation may create a task, since that guards submissions."""
    idempotent = operation.facts.get("idempotent")
    if idempotent is True and kind == "poll":
        yield Fault("kie.yaml", at, "is true, but lifecycles.yaml submits tasks with it")
    plain = operation.facts.get("answer") == "plain"
    if plain and (idempotent is not False or kind is not None):
        yield Fault("kie.yaml", at, "of an operation with a plain answer is false, and no row submits with it")
    elif idempotent is False and kind is None and not plain:
        yield Fault("kie.yaml", at, "is false, but no row of lifecycles.yaml submits with it")


def _submissions(lifecycles: Document) -> dict[str, str]:
    """The operations with which rows submit, and the kinds of these rows."""
    return {operation: str(row.get("kind")) for row in lifecycles.values() for operation in row.get("submit") or {}}


def compile_endpoints(api: Document, lifecycles: Document) -> dict[str, dict[str, Any]]:
    """The facts of every operation, by its id."""
    submits = {
        operation: facts or {} for row in lifecycles.values() for operation, facts in (row.get("submit") or {}).items()
    }
    table: dict[str, dict[str, Any]] = {}
    for operation in operations(api):
        callback = submits.get(operation.id, {})
        content = operation.document.get("requestBody", {}).get("content", {})
        table[operation.id] = {
            "operation": operation.id,
            "method": operation.method,
            "path": operation.path,
            "server": operation.facts["server"],
            "bucket": operation.facts["bucket"],
            "creates_task": not operation.facts["idempotent"],
            "enveloped": operation.facts.get("answer") != "plain",
            "auth": bool(operation.document.get("security", api.get("security"))),
            "body": next((BODIES[kind] for kind in content), "none"),
            "callback": callback.get("callback"),
            "callback_required": bool(callback.get("callback_required")),
            "function": function_of(operation),
        }
    return table


def function_of(operation: Operation) -> str:
    """The generated function of an operation, as `module:name`."""
    name = snake_case(operation.id)
    return f"kie_wire.api.{operation.document['tags'][0]}.{name}:{name}"


def constant_of(operation: str) -> str:
    """The name of an operation's row in the rendered table."""
    return snake_case(operation).upper()


def render(table: dict[str, dict[str, Any]]) -> str:
    """The table as a module, not yet formatted."""
    names = {operation: constant_of(operation) for operation in table}
    rows = "\n".join(
        f"{names[operation]} = Endpoint({', '.join(f'{key}={value!r}' for key, value in facts.items())},)"
        for operation, facts in table.items()
    )
    listed = "".join(f"    {operation!r}: {name},\n" for operation, name in names.items())
    return f'''"""Every operation of kie.yaml, with what is known of it before a call is made. Compiled; do not edit."""

from __future__ import annotations

from collections.abc import Mapping

from kie._core.call import Endpoint

{rows}

ENDPOINTS: Mapping[str, Endpoint] = {{
{listed}}}
"""The operations by their ids."""
'''
