"""The published OpenAPI document: kie.yaml with every model's schema as one alternative of createTask's body."""

from __future__ import annotations

import copy
from typing import Any

from codegen.source import Document, ModelSource, Node

INTERNAL = ("$schema", "$id", "x-kie")


def render(api: Document, models: list[ModelSource]) -> Document:
    """One self-contained OpenAPI 3.1 document. Facts under `x-kie` of models stay in the packaged schemas."""
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
    document["components"]["schemas"] = dict(sorted(schemas.items()))
    return document


def _publish(node: Node) -> Node:
    return copy.deepcopy(node)
