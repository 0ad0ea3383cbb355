"""OpenAPI documents as the vendor's Models API gives them, for models that nobody has heard of."""

from __future__ import annotations

from typing import Any

FIELDS: dict[str, Any] = {
    "prompt": {"type": "string", "maxLength": 40, "description": "What to paint."},
    "style": {"type": "string", "enum": ["flat", "deep"], "default": "flat"},
    "image_urls": {"type": "array", "maxItems": 2, "items": {"type": "string", "format": "uri"}},
    "strength": {"type": "number", "minimum": 0, "maximum": 1},
    "seed": {"type": ["integer", "null"]},
    "border": {
        "type": "object",
        "required": ["width"],
        "properties": {"width": {"type": "integer", "minimum": 1}, "colour": {"type": "string"}},
    },
}


def openapi(fields: dict[str, Any], model: str = "acme/brush-9", **beside: Any) -> dict[str, Any]:
    """The document of a model. `beside` stands beside its paths."""
    taken = {"type": "object", "required": ["prompt"], "properties": fields}
    return of_input(taken if isinstance(fields, dict) else fields, model, **beside)


def of_input(taken: Any, model: str = "acme/brush-9", **beside: Any) -> dict[str, Any]:
    """The document of a model with any input."""
    body = {
        "type": "object",
        "properties": {
            "model": {"type": "string", "enum": [model]},
            "callBackUrl": {"type": "string", "format": "uri"},
            "input": taken,
        },
    }
    operation = {"summary": "Brush 9", "requestBody": {"content": {"application/json": {"schema": body}}}}
    return {"openapi": "3.1.0", "paths": {"/api/v1/jobs/createTask": {"post": operation}}, **beside}


def nested(levels: int) -> dict[str, Any]:
    """A field with so many objects in each other."""
    node: dict[str, Any] = {"type": "string"}
    for _ in range(levels):
        node = {"type": "object", "properties": {"a": node}}
    return node


def multiplied(levels: int, width: int = 10) -> dict[str, Any]:
    """Components each of which refers to the next several times: small to write, endless to read."""
    found: dict[str, Any] = {f"L{levels}": {"type": "string"}}
    for level in range(levels):
        reference = {"$ref": f"#/components/schemas/L{level + 1}"}
        found[f"L{level}"] = {"type": "object", "properties": {f"f{n}": reference for n in range(width)}}
    return {"schemas": found}


AGAIN = {"schemas": {"A": {"type": "object", "properties": {"b": {"$ref": "#/components/schemas/A"}}}}}

REFUSED: dict[str, tuple[Any, str]] = {
    "no paths": ({"openapi": "3.1.0"}, "has no paths"),
    "no input": (of_input(None), "not an object with fields"),
    "an input without fields": (of_input({}), "not an object with fields"),
    "a field in itself": (openapi({"a": {"$ref": "#/components/schemas/A"}}, components=AGAIN), "leads back to itself"),
    "references that multiply": (
        of_input({"$ref": "#/components/schemas/L0"}, components=multiplied(14)),
        "too many",
    ),
    "200 levels": (openapi({"a": nested(200)}), "nested too deeply"),
    "20 levels": (openapi({"a": nested(20)}), "nested too deeply"),
    "another host": (openapi({"a": {"$ref": "https://example.com/a.json#/a"}}), "names nothing in this page"),
    "a file": (
        openapi({"a": {"type": "array", "items": {"$ref": "file:///etc/passwd"}}}),
        "names nothing in this page",
    ),
    "too many fields": (openapi({f"f{n}": {"type": "string"} for n in range(400)}), "too many for one model"),
    "an id with code in it": (openapi(FIELDS, model='x"""; import os'), "a model id that cannot be one"),
    "an endpoint of its own": (
        {
            "paths": {
                "/api/v1/brush": {
                    "post": {
                        "requestBody": {
                            "content": {
                                "application/json": {
                                    "schema": {"type": "object", "properties": {"prompt": {"type": "string"}}}
                                }
                            }
                        }
                    }
                }
            }
        },
        "not a model of the Market",
    ),
}
"""Documents of which no class can be made, and what is said of each."""

NAMES = (
    *("class", "self", "2fast", "with space", "a.b", "a[0]", "a/b", "a~b", "图片", "info", "to_wire", "attrs", "items"),
    *("str", "tuple", "import", "__init__", "_x", "x", "X", "imageUrl", "image_url", "image-url", "unchecked", "of"),
    *("many", "None", "Media", '"""', "\\", "default_unless", "resolved", "ünïcode", "$ref2", "type", "from", "model"),
)
"""Names on the wire that are no identifiers, fall together, or hide what a request has."""
