"""Plans: tells missing input from other faults of a request. May import `_core`."""

from __future__ import annotations

from collections.abc import Iterator
from typing import cast

import attrs

from kie._core.issues import Issue
from kie._core.json import JSON, JSONObject
from kie._core.model_info import ModelInfo
from kie._core.schema import Schema, documented
from kie._plans.families import MISSING_MEDIA

_TOGETHER = frozenset({"anyOf", "oneOf"})
"""The schema rules that require one of several fields."""


def missing(info: ModelInfo, body: JSONObject, issue: Issue) -> Issue:
    """Classify an issue as missing input or another fault.

    Args:
        info: The facts of the model.
        body: The request, as it would be sent.
        issue: The issue that its class reports.

    Returns:
        The issue under the rule `required` or `MISSING_MEDIA` if more input repairs it without changing the given
        input; else the issue itself.
    """
    if issue.rule == "minItems" and issue.path in info.media_fields:
        return attrs.evolve(issue, rule=MISSING_MEDIA)
    schema = info.schema
    if issue.rule not in _TOGETHER or issue.path or schema is None:
        return issue
    repaired = any(issue not in schema.issues({**more, **body}) for more in _additions(schema, body))
    return attrs.evolve(issue, rule="required") if repaired else issue


def _additions(schema: Schema, body: JSONObject) -> Iterator[JSONObject]:
    """Fields that could be added: one at a time, then all fields of an example together."""
    document = schema.document
    for name, node in cast("dict[str, JSONObject]", document["properties"]).items():
        if name not in body:
            yield {name: _sample(documented(node))}
    facts = cast("JSONObject", document.get("x-kie") or {})
    yield from cast("list[JSONObject]", facts.get("examples") or [])


def _sample(node: JSONObject) -> JSON:
    """A sample value for a field, of the right type."""
    if "enum" in node:
        return cast("list[JSON]", node["enum"])[0]
    match node.get("type"):
        case "array":
            least = max(1, cast("int", node.get("minItems", 1)))
            return [_sample(documented(cast("JSONObject", node.get("items") or {})))] * least
        case "boolean":
            return True
        case "integer" | "number":
            return node.get("minimum", 1)
        case _:
            return "https://example.com/a"
