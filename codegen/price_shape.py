"""Checks the types of everything in price files before anything is read from them."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

from kie._core import paths
from kie._core.schema import Schema

from .source import Document, Node, escape

LARGEST = 10**12
"""Larger than any price or count."""
DAYS = ("listed", "until", "at")
_TEXT: Document = {"type": "string", "minLength": 1}
_SCALAR: Document = {"type": ["string", "number", "boolean"]}
_NUMBER: Document = {"type": "number", "minimum": 0}
_NAMES: Document = {"type": ["string", "array"], "minItems": 1, "items": _TEXT}
_COUNTER: Document = {
    "type": ["string", "object"],
    "properties": {
        **dict.fromkeys(("number", "items", "characters", "seconds"), _NAMES),
        **dict.fromkeys(("unstated", "or"), _TEXT),
        **dict.fromkeys(("free", "low"), _NUMBER),
        "high": {"type": ["string", "number"], "minimum": 0},
        "per": {"type": "number", "exclusiveMinimum": 0},
    },
}
_BY: Document = {
    "type": ["string", "object"],
    "properties": {"given": _TEXT, "unstated": _TEXT, "values": {"type": "array", "items": _SCALAR}},
    "anyOf": [{"type": "string"}, {"required": ["given"]}, {"required": ["unstated"]}],
}


def _rows(own: Document) -> Document:
    """The schema of a closed table's rows: `own` keywords besides the values of fields, which may be one or a list."""
    values: Document = {"type": ["string", "number", "boolean", "array"], "items": _SCALAR}
    return {"type": "array", "items": {"type": "object", "properties": own, "additionalProperties": values}}


_TERM: Document = {
    "type": "object",
    "required": ["each", "rates"],
    "properties": {
        "each": {**_COUNTER, "type": ["string", "object", "array"], "minItems": 1, "items": _COUNTER},
        "by": {"type": "array", "items": _BY},
        "rates": _rows({"credits": _NUMBER, "row": _TEXT, "until": {"type": "string"}}),
        "unpriced": _rows({"reason": _TEXT}),
        "left": {"type": "object", "additionalProperties": {"type": "array", "items": _SCALAR}},
        "absent": {"type": "object", "additionalProperties": _SCALAR},
    },
}
_ENTRY: Document = {
    "type": "object",
    "required": ["terms"],
    "properties": {
        "listed": {"type": "string"},
        "note": _TEXT,
        "terms": {"type": "array", "items": _TERM},
        "measured": {"type": "array", "items": {"type": "object", "required": ["at", "credits", "input"]}},
    },
}


def misshapen(entry: Node) -> Iterator[tuple[str, str]]:
    """Find values of the wrong type in the prices of one model: the place (a JSON Pointer) and the expected type."""
    yield from _values(entry, "")
    for issue in Schema(_ENTRY).issues(_plain(entry)):
        yield "".join(f"/{escape(step)}" for step in paths.parse(issue.path)), issue.message


def _values(node: Node, at: str) -> Iterator[tuple[str, str]]:
    """Find invalid keys, days and numbers, since YAML has more kinds of values than JSON."""
    if isinstance(node, list):
        for index, item in enumerate(node):
            yield from _values(item, f"{at}/{index}")
    elif isinstance(node, dict):
        for key, value in node.items():
            if not isinstance(key, str):
                yield f"{at}/{escape(key)}", "is not text: put the key in quotes"
            if key in DAYS and not isinstance(value, date):
                yield f"{at}/{key}", f"{value!r:.60} is not a day, such as 2026-10-08"
            elif key not in (*DAYS, "input"):  # the input of a charged task is data of the service
                yield from _values(value, f"{at}/{escape(key)}")
    elif isinstance(node, date):
        yield at, f"{node} is a day, which does not belong here: as a text, put it in quotes"
    elif isinstance(node, (int, float)) and not _usable(node):
        yield at, f"{node!r:.20} is not a usable number"


def _usable(number: float) -> bool:
    return -LARGEST < number < LARGEST


def _plain(node: Node) -> Any:
    """Convert a node to JSON: days become text; what is not a number becomes 0, as it is reported already."""
    match node:
        case dict():
            return {str(key): _plain(value) for key, value in node.items()}
        case list():
            return [_plain(value) for value in node]
        case bool() | str() | None:
            return node
        case int() | float():
            return node if _usable(node) else 0
    return str(node)
