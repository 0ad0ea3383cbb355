"""The published OpenAPI document. Each model's schema is one alternative for the body of its operation."""

from __future__ import annotations

import copy
from typing import Any

from .source import Document, ModelSource, Node, operations

INTERNAL = ("$schema", "$id", "x-kie")


def render(api: Document, models: list[ModelSource], lifecycles: Document) -> Document:
    """Make one self-contained OpenAPI 3.1 document. Models' facts under `x-kie` are only in the packaged schemas."""
    document = copy.deepcopy(api)
    schemas: dict[str, Any] = document["components"]["schemas"]
    market = [model for model in models if model.facts.get("model")]
    for model in models:
        schemas[model.name] = _publish({k: v for k, v in model.document.items() if k not in INTERNAL})
    for model in market:
        schemas[f"{model.name}Request"] = {
            "type": "object",
            "required": ["model", "input"],
            "properties": {
                "model": {"const": model.id},
                "input": {"$ref": f"#/components/schemas/{model.name}"},
                "callBackUrl": {"type": "string", "description": "Where to report the outcome."},
            },
        }
    if market:
        schemas["MarketRequest"] = {
            "description": schemas["MarketRequest"]["description"],
            "oneOf": [{"$ref": f"#/components/schemas/{model.name}Request"} for model in market],
            "discriminator": {
                "propertyName": "model",
                "mapping": {model.id: f"#/components/schemas/{model.name}Request" for model in market},
            },
        }
    _bodies(document, [model for model in models if not model.facts.get("model")], lifecycles)
    document["components"]["schemas"] = dict(sorted(schemas.items()))
    return document


def _bodies(document: Document, models: list[ModelSource], lifecycles: Document) -> None:
    """Give each operation outside the Market the schemas of its body, with the callback URL."""
    schemas, by_id = document["components"]["schemas"], {operation.id: operation for operation in operations(document)}
    taken: dict[str, list[str]] = {}
    for model in models:
        submits = lifecycles[model.facts["lifecycle"]].get("submit") or {}
        if not submits:
            continue
        operation = model.facts.get("operation") or next(iter(submits))
        taken.setdefault(operation, []).append(f"#/components/schemas/{model.name}")
        facts, schema = submits[operation] or {}, schemas[model.name]
        if facts.get("callback"):
            schema["properties"][facts["callback"]] = {"type": "string", "description": "Where to report the outcome."}
            if facts.get("callback_required"):
                schema["required"] = [*(schema.get("required") or []), facts["callback"]]
    for operation, names in taken.items():
        bodies = [{"$ref": name} for name in names]
        content = by_id[operation].document["requestBody"]["content"]["application/json"]
        content["schema"] = bodies[0] if len(bodies) == 1 else {"anyOf": bodies}


def _publish(node: Node) -> Node:
    return copy.deepcopy(node)
