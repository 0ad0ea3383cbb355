"""Forms that are accepted in every field of a kind, and fields that programs send to every model of a kind.

`openapi/tolerance.yaml` says which and where they were seen; here they become what a model file would say of its fields
under `x-kie.accepts` and `x-kie.advice`.
"""

from __future__ import annotations

import copy
import re
from collections.abc import Callable, Iterator

import attrs

from kie._core.schema import MESSAGE, SEEN

from .counterexamples import COUNTEREXAMPLES
from .source import Document, Fault, ModelSource, Node, escape

FEW = 32
"""Numbers up to so many are spelled one by one; of more only the form is checked."""


def tolerant(model: ModelSource, tolerance: Document) -> ModelSource:
    """A model with what the kinds of its fields say under `x-kie`. What its own file says of a field comes first."""
    if not isinstance(model.facts, dict) or not isinstance(model.facts.get("accepts") or [], list):
        return model
    document = copy.deepcopy(model.document)
    facts = document.get("x-kie") or {}
    accepts = list(facts.get("accepts") or [])
    advice = list(facts.get("advice") or [])
    known = {(form.get("at"), _type(form.get("also"))) for form in accepts if isinstance(form, dict)}
    for at, field, required in _fields(document, ""):
        for name, rule in (tolerance.get("forms") or {}).items():
            if facts.get("lifecycle") in (rule.get("beside") or []):
                continue
            also = FORMS[name](field, required)
            if also is not None and (at, _type(also)) not in known:
                accepts.append({"at": at, "also": also, "seen": rule["seen"]})
    for row in tolerance.get("fields") or []:
        if _lacks(row, document, accepts):
            accepts.append({"at": f"/properties/{row['name']}", "also": dict(row["also"]), "seen": row["seen"]})
            advice.append(_advice(row, facts))
    added: Document = {key: value for key, value in (("accepts", accepts), ("advice", advice)) if value}
    return attrs.evolve(model, document={**document, "x-kie": {**facts, **added}})


def check_kinds(tolerance: Document) -> Iterator[Fault]:
    """Faults of the file of kinds."""
    for name, rule in (tolerance.get("forms") or {}).items():
        if name not in FORMS:
            yield Fault("tolerance.yaml", f"/forms/{escape(name)}", f"is not one of {', '.join(FORMS)}")
        if not isinstance(rule, dict) or not str(rule.get("seen") or "").strip():
            yield Fault("tolerance.yaml", f"/forms/{escape(name)}", "has to say where the form was seen accepted")
    needed = {"name", "also", "example", "seen", "lifecycles", "results", "advice"}
    for index, row in enumerate(tolerance.get("fields") or []):
        if not isinstance(row, dict) or not needed <= set(row) <= {*needed, "unless"}:
            yield Fault("tolerance.yaml", f"/fields/{index}", f"has to have {', '.join(sorted(needed))}")


def _fields(node: Document, at: str) -> Iterator[tuple[str, Document, bool]]:
    """Every field that the vendor documents, nested ones included: its place, its schema, and whether it is required."""
    required = node.get("required") or []
    for name, field in (node.get("properties") or {}).items():
        if not isinstance(field, dict) or SEEN in field:
            continue
        here = f"{at}/properties/{escape(name)}"
        yield here, field, name in required
        inner, deeper = field, here
        while isinstance(inner.get("items"), dict):
            inner, deeper = inner["items"], f"{deeper}/items"
        yield from _fields(inner, deeper)


def _type(also: Node) -> str:
    """What tells one form of a field from another: the type of what it takes, and whether that is empty."""
    if not isinstance(also, dict):
        return ""
    values = also.get("enum") or [also.get("const")]
    kinds = {bool: "boolean", int: "number", float: "number", str: "string"}
    kind = also.get("type") or kinds.get(type(values[0]), "")
    return "" if "" in values or also.get("maxItems") == 0 else str(kind)


def _digits(field: Document, _: bool) -> Document | None:
    """Text for a number."""
    if field.get("type") not in ("integer", "number"):
        return None
    values = field.get("enum")
    if values is None and field["type"] == "integer" and "multipleOf" not in field:
        least, most = field.get("minimum"), field.get("maximum")
        if isinstance(least, int) and isinstance(most, int) and most - least < FEW:
            values = range(least, most + 1)
    if values is not None:
        return {"enum": [str(value) for value in values]}
    return {"type": "string", "pattern": "^-?[0-9]+$" if field["type"] == "integer" else r"^-?[0-9]+([.][0-9]+)?$"}


def _numbers(field: Document, _: bool) -> Document | None:
    """A number for text of digits."""
    if field.get("type") != "string":
        return None
    digits = [value for value in field.get("enum") or [] if re.fullmatch(r"[1-9][0-9]*([.][0-9]*[1-9])?", str(value))]
    return {"enum": [float(value) if "." in value else int(value) for value in digits]} if digits else None


def _empty(field: Document, required: bool) -> Document | None:
    """Empty text or an empty list in an optional field. A field with a list of values takes one of these."""
    if required or "enum" in field:
        return None
    if field.get("type") == "string" and (field.get("minLength") or "pattern" in field):
        return {"const": ""}
    return {"type": "array", "maxItems": 0} if field.get("type") == "array" and field.get("minItems") else None


def _words(field: Document, _: bool) -> Document | None:
    """Text for true and false."""
    return {"enum": ["true", "false"]} if field.get("type") == "boolean" else None


def _single(field: Document, _: bool) -> Document | None:
    """One text for a list of texts."""
    inner = field.get("items") or {}
    if field.get("type") != "array" or inner.get("type") != "string" or (field.get("minItems") or 0) > 1:
        return None
    return {key: value for key, value in inner.items() if key != "description"}


FORMS: dict[str, Callable[[Document, bool], Document | None]] = {
    "digits": _digits,
    "numbers": _numbers,
    "empty": _empty,
    "words": _words,
    "single": _single,
}


def _lacks(row: Document, document: Document, accepts: list[Document]) -> bool:
    """Whether a model is of the kind to which programs send a field, and has neither that nor what stands for it."""
    facts = document.get("x-kie") or {}
    if facts.get("lifecycle") not in row["lifecycles"] or facts.get("result") not in row["results"]:
        return False
    if not facts.get("examples"):
        return False
    named = {str(form.get("at")) for form in accepts if isinstance(form, dict)}
    return not any(
        name in document["properties"] or f"/properties/{name}" in named
        for name in (row["name"], *(row.get("unless") or ()))
    )


def _advice(row: Document, facts: Document) -> Document:
    return {
        "not": {"required": [row["name"]]},
        MESSAGE: row["advice"],
        COUNTEREXAMPLES: [{**facts["examples"][0], row["name"]: row["example"]}],
    }
