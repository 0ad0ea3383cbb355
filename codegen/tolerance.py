"""Undocumented forms that are accepted, advice, and defaults that give way to other fields.

`x-kie.accepts`, `x-kie.advice` and `x-kie.default_unless` are compiled here; `openapi/README.md` describes them.
"""

from __future__ import annotations

import copy
from collections.abc import Iterator

import attrs
import jsonschema_rs

from kie._core.schema import SEEN

from .source import Document, Fault, ModelSource, Node, escape

WIDENED = {"type", "enum", "const", "minLength", "maxLength", "pattern", "minimum", "maximum"} | {
    "exclusiveMinimum",
    "exclusiveMaximum",
    "multipleOf",
    "items",
    "minItems",
    "maxItems",
    "anyOf",
}
"""The keywords of another form's schema. The schema of an undocumented field has those of any field."""
OUTER = ("description", "default", "deprecated")
"""Keywords that apply to a field in every form."""


def extended(model: ModelSource) -> ModelSource:
    """Add undocumented fields to a model, each marked with where the service was seen to accept it.

    Only other forms of fields remain under `x-kie.accepts`.
    """
    accepts = model.facts.get("accepts")
    if not isinstance(accepts, list):
        return model
    document = copy.deepcopy(model.document)
    left: list[Node] = []
    for form in accepts:
        parent, key = place(document, form)
        if parent is None or key in parent or not isinstance(form.get("also"), dict):
            left.append(form)
        else:
            parent[key] = {**copy.deepcopy(form["also"]), SEEN: str(form.get("seen") or "")}
    facts = {name: value for name, value in document["x-kie"].items() if name != "accepts"}
    document["x-kie"] = {**facts, "accepts": left} if left else facts
    return attrs.evolve(model, document=document)


def widened(document: Document) -> Document:
    """The schema as it is packaged: a field with other forms is `anyOf` the documented form and the others."""
    facts = dict(document["x-kie"])
    forms: dict[str, list[Document]] = {}
    for form in facts.pop("accepts", []):
        forms.setdefault(form["at"], []).append({**form["also"], SEEN: form["seen"]})
    out: Document = copy.deepcopy({**document, "x-kie": facts})
    for at in sorted(forms, key=len, reverse=True):  # the parts of a field before the field itself
        parent, key = place(out, {"at": at})
        if parent is None:
            raise KeyError(at)  # pragma: no cover - check_tolerance has seen that it is there
        node = parent[key]
        outer = {name: node[name] for name in OUTER if name in node}
        inner = {name: value for name, value in node.items() if name not in OUTER}
        parent[key] = {**outer, "anyOf": [inner, *forms[at]]}
    return out


def check_tolerance(model: ModelSource) -> Iterator[Fault]:
    """Find faults in an `extended` model's other forms and defaults. Advice is checked with the rules."""
    yield from _accepts(model)
    unless = model.facts.get("default_unless") or {}
    properties = model.document.get("properties") or {}
    if not isinstance(unless, dict):
        yield Fault(model.file, "/x-kie/default_unless", "has to name fields with a default")
        return
    for name, others in unless.items():
        at = f"/x-kie/default_unless/{escape(name)}"
        if "default" not in properties.get(name, {}):
            yield Fault(model.file, at, "is not a field with a default")
        if not isinstance(others, list) or not others:
            yield Fault(model.file, at, "has to list fields")
            continue
        for other in others:
            if other not in properties or other == name:
                yield Fault(model.file, at, f"{other!r} is not another field of this model")
            elif "default" in properties[other]:
                yield Fault(model.file, at, f"{other} has a default itself: that of {name} would never be sent")


def _accepts(model: ModelSource) -> Iterator[Fault]:
    forms = model.facts.get("accepts", [])
    if not isinstance(forms, list):
        yield Fault(model.file, "/x-kie/accepts", "must be a list of mappings with at, also and seen")
        return
    for index, form in enumerate(forms):
        at = f"/x-kie/accepts/{index}"
        if not isinstance(form, dict) or set(form) != {"at", "also", "seen"}:
            yield Fault(model.file, at, "must be a mapping with at, also and seen")
            continue
        if not str(form["seen"] or "").strip():
            yield Fault(model.file, f"{at}/seen", "is empty: say where this form was seen accepted")
        parent, key = place(model.document, form)
        if parent is None or key not in parent:
            yield Fault(model.file, f"{at}/at", f"{form['at']} is neither a field nor a place for one")
        if not isinstance(form["also"], dict) or not {"type", "enum", "const", "anyOf"} & set(form["also"]):
            yield Fault(model.file, f"{at}/also", "is not a schema with type, enum, const or anyOf")
            continue
        for keyword in set(form["also"]) - WIDENED:
            yield Fault(model.file, f"{at}/also/{escape(keyword)}", "is not a keyword of the dialect here")
        if not jsonschema_rs.meta.is_valid(form["also"]):
            yield Fault(model.file, f"{at}/also", "is not a JSON Schema")


def held_rules(model: ModelSource) -> Iterator[tuple[str, Document, int]]:
    """Yield every rule and piece of advice: its place, a schema that contains it, and its index in `allOf` there."""
    document = model.document
    rules = list(document.get("allOf") or [])
    for index in range(len(rules)):
        yield f"/allOf/{index}", document, index
    advice = model.facts.get("advice")
    for index, rule in enumerate(advice if isinstance(advice, list) else []):
        yield f"/x-kie/advice/{index}", {**document, "allOf": [*rules, rule]}, len(rules)


def place(document: Document, form: Node) -> tuple[Document | None, str]:
    """The mapping that has (or would have) a form's field, and its key there: a property, or `items`."""
    parts = str(form.get("at") if isinstance(form, dict) else "").split("/")[1:]
    parts = [part.replace("~1", "/").replace("~0", "~") for part in parts]
    node: Node = document
    for part in parts[:-1]:
        node = node.get(part) if isinstance(node, dict) else None
    if not parts or not isinstance(node, dict) or (parts[-2:-1] != ["properties"] and parts[-1] != "items"):
        return None, ""
    return node, parts[-1]
