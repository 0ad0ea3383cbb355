"""Holds every cross-field rule by bodies that break it: each is valid but for its rule, and together they notice
when any part of the rule is weakened.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import attrs
import jsonschema_rs

from kie._core.schema import MESSAGE, TOTAL, Schema

from .source import Document, Fault, ModelSource, Node, escape
from .tolerance import held_rules, widened

COUNTEREXAMPLES = "x-kie-counterexamples"
LENGTH = "x-kie-length"
"""`{x-kie-length: 3001}` stands for a text of 3,001 characters in a counterexample."""
MOST_ADDED = 8
"""If a rule bars more values of a list than this, one of them stands for all."""
LOWER = ("minimum", "minItems", "minLength")
UPPER = ("maximum", "maxItems", "maxLength")
Variants = Iterator[tuple[str, Node]]
"""Changed schemas, each with the JSON Pointer of the change."""


def expanded(value: Node) -> Node:
    """A counterexample with its texts written out."""
    if isinstance(value, dict):
        if set(value) == {LENGTH} and isinstance(value[LENGTH], int):
            return "x" * value[LENGTH]
        return {key: expanded(item) for key, item in value.items()}
    return [expanded(item) for item in value] if isinstance(value, list) else value


def bare(rule: Document) -> Document:
    """A rule as it is packaged: without its counterexamples."""
    return {key: value for key, value in rule.items() if key != COUNTEREXAMPLES}


def packaged(model: ModelSource) -> ModelSource:
    """A model as it is packaged: counterexamples are for the tests, not for the wheel."""
    document = dict(model.document)
    if "allOf" in document:
        document["allOf"] = list(map(bare, document["allOf"]))
    if "advice" in model.facts:
        document["x-kie"] = {**model.facts, "advice": list(map(bare, model.facts["advice"]))}
    return attrs.evolve(model, document=document)


def without(document: Document, index: int) -> Document:
    """A schema without one of its cross-field rules."""
    kept = [bare(rule) for place, rule in enumerate(document["allOf"]) if place != index]
    rest = {key: value for key, value in document.items() if key not in ("allOf", "x-kie")}
    return {**rest, "allOf": kept} if kept else rest


def listed(models: list[ModelSource]) -> list[Document]:
    """List every counterexample of every rule and every piece of advice, in the form that the tests read."""
    return [
        {"model": model.id, kind: index, "message": rule[MESSAGE], "body": body}
        for model in models
        for kind, rules in (("rule", model.document.get("allOf")), ("advice", model.facts.get("advice")))
        for index, rule in enumerate(rules or [])
        for body in rule[COUNTEREXAMPLES]
    ]


def check_counterexamples(model: ModelSource) -> Iterator[Fault]:
    """Find the faults of a model's counterexamples. The model itself must be a valid schema."""
    for place_of, document, index in held_rules(model):
        rule = document["allOf"][index]
        at = f"{place_of}/{COUNTEREXAMPLES}"
        bodies = rule.get(COUNTEREXAMPLES)
        if not isinstance(bodies, list) or not bodies or not all(isinstance(body, dict) for body in bodies):
            message = "has to list bodies that break this rule; `python -m codegen counterexamples` proposes them"
            yield Fault(model.file, at, message)
            continue
        rest = Schema(without(widened(document), index))
        texts = [expanded(body) for body in bodies]
        for place, body in enumerate(texts):
            for issue in rest.issues(body):
                yield Fault(model.file, f"{at}/{place}", f"is not valid without the rule: {issue}")
            if accepts(rule, body):
                yield Fault(model.file, f"{at}/{place}", "does not break the rule")
        for where, weaker in weakenings(document, index):
            if not any(accepts(weaker, body) for body in texts):
                yield Fault(model.file, f"{place_of}{where}", "could be weaker, and no counterexample would notice")


def accepts(rule: Document, body: Node) -> bool:
    """Whether a body satisfies a rule, regardless of the rest of the schema."""
    return Schema({"allOf": [bare(rule)]}).is_valid(body)


def weakenings(document: Document, index: int) -> list[tuple[str, Document]]:
    """List every smallest change that makes a rule refuse less, with its place in the rule."""
    rule = bare(document["allOf"][index])
    found: dict[str, tuple[str, Document]] = {}
    for at, weaker in _total(rule) if TOTAL in rule else _variants(rule, "", document, holds=True):
        if jsonschema_rs.meta.is_valid(weaker):
            found.setdefault(json.dumps(weaker, sort_keys=True), (at, weaker))
    return list(found.values())


def _total(rule: Document) -> Variants:
    spec = rule[TOTAL]
    for bound, step in (("minimum", -1), ("maximum", 1)):
        if bound in spec:
            yield f"/{TOTAL}/{bound}", {**rule, TOTAL: {**spec, bound: spec[bound] + step}}
    if "maximum" in spec and len(spec["of"]) > 1:
        for index, fewer in _each_dropped(spec["of"]):
            yield f"/{TOTAL}/of/{index}", {**rule, TOTAL: {**spec, "of": fewer}}


def _variants(node: Document, at: str, field: Document, *, holds: bool) -> Variants:
    """Yield a node of a rule changed in one place. `field` is the schema that the node applies to.

    If the node has to hold, it is loosened. If it is a condition (`if`, `not`), it is changed so that it holds less
    often.
    """
    for key, value in node.items():
        here, rest = f"{at}/{key}", {name: item for name, item in node.items() if name != key}
        for where, changed in _changed(key, value, here, field, holds=holds):
            yield where, {**rest, **changed}
        if key == "properties" and not holds:
            sure = {*node.get("required", []), *field.get("required", [])}
            for name in [name for name in value if name not in sure]:
                yield f"{here}/{escape(name)}", {**node, "required": [*node.get("required", []), name]}
        for place, inner, about, needed in _inner(node, key, field, holds=holds):
            where = f"{here}/{escape(place)}" if place is not None else here
            for deeper, changed in _variants(inner, where, about, holds=needed):
                yield deeper, {**node, key: _replaced(value, place, changed)}


def _inner(
    node: Document, key: str, field: Document, *, holds: bool
) -> Iterator[tuple[str | int | None, Document, Document, bool]]:
    """Yield the nodes below a keyword, each with its key, the schema it applies to, and whether it has to hold."""
    value = node[key]
    match key:
        case "then" | "else":
            yield None, value, field, holds
        case "if":
            yield from (
                (None, value, field, holds is (branch == "else")) for branch in ("then", "else") if branch in node
            )
        case "not":
            yield None, value, field, not holds
        case "items":
            yield None, value, field.get("items", {}), holds
        case "properties":
            known = field.get("properties", {})
            yield from ((name, inner, known.get(name, {}), holds) for name, inner in value.items())
        case "anyOf" | "oneOf" | "allOf":
            yield from ((index, inner, field, holds) for index, inner in enumerate(value))


def _changed(key: str, value: Node, at: str, field: Document, *, holds: bool) -> Variants:
    """Yield a keyword changed in one place, as the keywords that replace it."""
    match key:
        case "required" if holds:
            yield from ((f"{at}/{index}", {key: fewer}) for index, fewer in _each_dropped(value))
        case "dependentRequired" if holds:
            for name, needed in value.items():
                for index, fewer in _each_dropped(needed):
                    yield f"{at}/{escape(name)}/{index}", {key: {**value, name: fewer}}
        case "const" | "enum" if holds:
            allowed = [value] if key == "const" else value
            known = [True, False] if field.get("type") == "boolean" else field.get("enum", [])
            more = [other for other in known if other not in allowed]
            one_by_one = 0 < len(more) <= MOST_ADDED
            yield from ((at, {"enum": [*allowed, other]}) for other in more if one_by_one)
            if not one_by_one:
                yield at, {}
        case "not" | "anyOf" if holds:
            yield at, {}
        case "oneOf" if holds:
            yield at, {"anyOf": value}
            yield at, {}
        case "enum" | "anyOf" if len(value) > 1:
            yield from ((f"{at}/{index}", {key: fewer}) for index, fewer in _each_dropped(value))
        case _ if key in LOWER + UPPER:
            yield at, {key: value + (1 if (key in UPPER) is holds else -1)}


def _each_dropped(values: list[Any]) -> Iterator[tuple[int, list[Any]]]:
    return ((index, [*values[:index], *values[index + 1 :]]) for index in range(len(values)))


def _replaced(value: Node, place: str | int | None, changed: Node) -> Node:
    if place is None:
        return changed
    if isinstance(value, dict):
        return {**value, place: changed}
    return [changed if index == place else item for index, item in enumerate(value)]
