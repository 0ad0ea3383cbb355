"""Core: undocumented forms of values that are accepted in every field of a kind. May import only `_core`.

A request that breaks its schema is read a second time, as the service reads it. The rules then apply to its meaning,
but it is sent as it was given. These forms were seen:

- digits for a number: the Market turned `"6"` into 6 (live 2026-04-16);
- a number for text of digits: programs in production send it to Kling and Ideogram (2026-08);
- empty text or an empty list in an optional field, for none: the vendor's own examples, and live 2026-04-16. Not where
  a list of values is documented: nobody saw one taken there;
- outside the Market, where a body has no `input`, text for true and false, and one text for a list: n8n templates of
  three authors, in which everything is text.

Forms that were seen for a single field are in its model file, under `x-kie.accepts`.
"""

from __future__ import annotations

import re
from typing import cast

from kie._core.json import JSON, JSONObject

_DIGITS = re.compile(r"-?[0-9]{1,18}([.][0-9]{1,18})?", re.ASCII)


def as_documented(document: JSONObject, body: JSON) -> JSON:
    """Read a body in the documented forms.

    Args:
        document: The schema of a model.
        body: The model's input.

    Returns:
        A copy in which values have the documented form, without values that mean none; the body itself if that changes
        nothing.
    """
    facts = document.get("x-kie")
    if not isinstance(facts, dict) or not isinstance(body, dict):
        return body
    read = _object(document, body, flat=facts.get("lifecycle") != "jobs")
    return body if read == body else read


def _object(node: JSONObject, value: JSONObject, *, flat: bool) -> JSONObject:
    properties = cast("dict[str, JSONObject]", node.get("properties") or {})
    required = cast("list[str]", node.get("required") or [])
    return {
        name: _value(properties.get(name) or {}, item, flat=flat)
        for name, item in value.items()
        if name in required or not _is_none(properties.get(name) or {}, item)
    }


def _is_none(field: JSONObject, value: JSON) -> bool:
    field = next(iter(cast("list[JSONObject]", field.get("anyOf") or [])), field)  # the documented form is the first
    match field.get("type"), value:
        case "string", "":
            return "enum" not in field and ("pattern" in field or bool(field.get("minLength")))
        case "array", []:
            return bool(field.get("minItems"))
        case _:
            return False


def _value(field: JSONObject, value: JSON, *, flat: bool) -> JSON:
    match field.get("type"), value:
        case "integer" | "number", str() if _DIGITS.fullmatch(value):
            return float(value) if "." in value else int(value)
        case "string", int() | float() if not isinstance(value, bool):
            text = f"{value:g}" if isinstance(value, float) else str(value)
            return text if text in cast("list[JSON]", field.get("enum") or []) else value
        case "boolean", "true" | "false" if flat:
            return value == "true"
        case "array", str() if flat and cast(JSONObject, field.get("items") or {}).get("type") == "string":
            return [value]
        case "array", list():
            items = cast(JSONObject, field.get("items") or {})
            return [_value(items, item, flat=flat) for item in value]
        case "object", dict():
            return _object(field, value, flat=flat)
        case _:
            return value
