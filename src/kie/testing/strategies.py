"""Testing: hypothesis strategies for the schemas of the catalog. May import everything below.

`inputs("kling-3.0/video")` draws valid inputs, `requests(Kling30Video)` valid requests: property-test what you build
on top of a model without writing examples. `mutations` breaks one rule at a time. Needs hypothesis.
"""

from __future__ import annotations

import copy
from collections.abc import Callable, Iterator
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal
from typing import Any, TypeVar, cast

import attrs
from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy

from kie import catalog
from kie._core import paths
from kie._core.forms import as_documented
from kie._core.json import JSON, JSONObject
from kie._core.request import Request
from kie._core.results import Result
from kie._core.schema import TOTAL, URL_PATTERNS, Schema, documented

__all__ = ["Mutation", "bodies", "body_of", "inputs", "mutations", "requests", "values"]

R = TypeVar("R", bound=Request[Result])

_SLACK = 24
"""How much longer than necessary texts and lists get: rules are tested at their bounds, not by sheer size."""

_URLS = ("https://example.com/a.png", "http://example.com/b.mp4?sig=%20x#f", "asset://asset-1", "oss://bucket/key")


def inputs(model: str) -> SearchStrategy[JSONObject]:
    """Draw valid inputs of a model, cross-field rules included.

    Args:
        model: The id of the model.

    Returns:
        A strategy for its fields: in the Market what stands under `input`, elsewhere the whole body.

    Raises:
        UnknownModel: The catalog does not know the model.
    """
    found = catalog.get(model)
    compiled = found._schema
    drawn = st.one_of([_object(document) for document in _alternatives(compiled.document)])
    return drawn.map(lambda value: _apart(compiled.document, value)).filter(compiled.is_valid)


def _alternatives(document: JSONObject) -> list[JSONObject]:
    """The schema once for each way to choose among sets of fields (`oneOf`, `anyOf`): drawn, not filtered."""
    rules = cast("list[JSONObject]", document.get("allOf") or [])
    choices = (rule.get("oneOf") or rule.get("anyOf") for rule in rules)
    branches = next((cast("list[JSONObject]", branches) for branches in choices if branches), [])
    found: list[JSONObject] = []
    for branch in branches:
        denied = cast(JSONObject, branch.get("not") or {})
        refused = cast("list[JSONObject]", denied.get("anyOf") or [denied])
        gone = {name for each in refused for name in cast("list[str]", each.get("required") or [])}
        properties = cast("dict[str, JSONObject]", document["properties"])
        required = cast("list[str]", document.get("required") or []) + cast("list[str]", branch.get("required") or [])
        kept = {name: field for name, field in properties.items() if name not in gone}
        found.append({**document, "properties": cast(JSON, kept), "required": list[JSON](dict.fromkeys(required))})
    return found or [document]


def _apart(document: JSONObject, drawn: JSONObject) -> JSONObject:
    """Move numbers whose distance has bounds (`x-kie-total` with `less`) to the nearest that they allow."""
    for rule in cast("list[JSONObject]", document.get("allOf") or []):
        spec: Any = rule.get(TOTAL) or {}
        if not spec.get("less") or not {*spec["of"], *spec["less"]} <= {*drawn}:
            continue
        (end,), (begin,) = spec["of"], spec["less"]
        step = Decimal(str(documented(cast(Any, document["properties"])[end]).get("multipleOf", "1e-9")))
        first, last = Decimal(str(drawn[begin])), Decimal(str(drawn[end]))
        if "minimum" in spec and last - first < spec["minimum"]:
            steps = ((first + Decimal(str(spec["minimum"]))) / step).to_integral_value(ROUND_CEILING)
        elif "maximum" in spec and last - first > spec["maximum"]:
            steps = ((first + Decimal(str(spec["maximum"]))) / step).to_integral_value(ROUND_FLOOR)
        else:
            continue
        drawn = {**drawn, end: float(steps * step)}
    return drawn


def bodies(model: str) -> SearchStrategy[JSONObject]:
    """Draw valid wire bodies of a model.

    Args:
        model: The id of the model.

    Returns:
        A strategy for bodies, without a callback URL.

    Raises:
        UnknownModel: The catalog does not know the model.
    """
    return inputs(model).map(lambda drawn: body_of(model, drawn))


def body_of(model: str, fields: JSONObject) -> JSONObject:
    """Put a model's input into its wire body.

    Args:
        model: The id of the model.
        fields: The input.

    Returns:
        In the Market the id and the input, elsewhere the input itself.

    Raises:
        UnknownModel: The catalog does not know the model.
    """
    return {"model": model, "input": fields} if catalog.get(model).lifecycle == "jobs" else fields


def requests(cls: type[R]) -> SearchStrategy[R]:
    """Draw valid requests of a class; optional fields are present in some and absent in others.

    Args:
        cls: The request class.

    Returns:
        A strategy for requests.
    """
    return bodies(cls.info.name).map(cls.from_wire)


def _object(node: JSONObject) -> SearchStrategy[JSONObject]:
    properties = cast("dict[str, JSONObject]", node.get("properties") or {})
    required = cast("list[str]", node.get("required") or [])
    return st.fixed_dictionaries(
        {name: values(properties[name]) for name in required},
        optional={name: values(field) for name, field in properties.items() if name not in required},
    )


def values(node: JSONObject) -> SearchStrategy[JSON]:
    """Draw valid values of one field.

    Args:
        node: The field's schema, in the dialect of `openapi/models`.

    Returns:
        A strategy for values.
    """
    if not {"anyOf", "enum", "type"} & node.keys():  # the items of a list of which nothing is known
        return st.text()
    node = documented(node)
    if "anyOf" in node:
        return st.one_of([values(option) for option in cast("list[JSONObject]", node["anyOf"])])
    if "enum" in node:
        return st.sampled_from(cast("list[JSON]", node["enum"]))
    return _TYPES[cast(str, node["type"])](node)


def _sizes(node: JSONObject, unit: str) -> tuple[int, int, int | None]:
    """How many characters or items there are at least, how many are drawn at most, and how many there may be."""
    least, most = cast(int, node.get(f"min{unit}", 0)), cast("int | None", node.get(f"max{unit}"))
    return least, least + _SLACK if most is None else min(most, least + _SLACK), most


def _arrays(node: JSONObject) -> SearchStrategy[list[Any]]:
    least, ceiling, _ = _sizes(node, "Items")
    unique = repr if node.get("uniqueItems") else None
    return st.lists(
        values(cast(JSONObject, node.get("items") or {})), min_size=least, max_size=ceiling, unique_by=unique
    )


def _texts(node: JSONObject) -> SearchStrategy[str]:
    pattern = node.get("pattern")
    if pattern in URL_PATTERNS:
        return st.sampled_from(_URLS if pattern == URL_PATTERNS[0] else (*_URLS, ""))
    if isinstance(pattern, str):
        return st.from_regex(pattern, fullmatch=True)
    least, ceiling, most = _sizes(node, "Length")
    drawn = st.text(min_size=least, max_size=ceiling)
    return drawn if most is None else st.one_of(drawn, drawn, st.just("é" * most))


def _bounds(node: JSONObject) -> tuple[Any, Any]:
    least = node.get("minimum", node.get("exclusiveMinimum"))
    most = node.get("maximum", node.get("exclusiveMaximum"))
    return least, most


def _within(node: JSONObject, value: float) -> bool:
    low, high = cast("float | None", node.get("exclusiveMinimum")), cast("float | None", node.get("exclusiveMaximum"))
    return (low is None or value > low) and (high is None or value < high)


def _integers(node: JSONObject) -> SearchStrategy[Any]:
    least, most = _bounds(node)
    step = cast("int | None", node.get("multipleOf"))
    drawn = st.integers(least, most).filter(lambda value: _within(node, value))
    if step is not None:
        drawn = drawn.map(lambda value: value - value % step).filter(lambda value: least is None or value >= least)
    # JSON does not tell 5 from 5.0
    whole = drawn.filter(lambda value: abs(value) < 2**53).map(float)
    return st.one_of(drawn, drawn, whole)


def _numbers(node: JSONObject) -> SearchStrategy[Any]:
    least, most = _bounds(node)
    step = cast("float | None", node.get("multipleOf"))
    if step is not None:
        # in whole steps, written with as many decimals as the step
        exact = Decimal(str(step))
        bottom, top = (None if bound is None else int(Decimal(str(bound)) / exact) for bound in (least, most))
        drawn = st.integers(bottom, top).map(lambda count: float(count * exact))
    else:
        drawn = st.floats(least, most, allow_nan=False, allow_infinity=False)
    return drawn.filter(lambda value: _within(node, value))


_TYPES: dict[str, Callable[[JSONObject], SearchStrategy[Any]]] = {
    "string": _texts,
    "integer": _integers,
    "number": _numbers,
    "boolean": lambda _: st.booleans(),
    "array": _arrays,
    "object": _object,
}


@attrs.frozen
class Mutation:
    """An input that breaks one rule."""

    path: str
    """The field whose rule is broken."""
    keyword: str
    """The rule: a keyword of JSON Schema, such as `maxLength`."""
    body: JSONObject
    """The input."""


def mutations(model: str, body: JSONObject) -> Iterator[Mutation]:
    """Break every single-field rule of a model's schema, one at a time.

    Args:
        model: The id of the model.
        body: A valid input.

    Yields:
        For each rule an input that breaks it and no other.

    Raises:
        UnknownModel: The catalog does not know the model.
    """
    compiled = catalog.get(model)._schema
    for path, keyword, broken in _break_object(compiled.document, body, []):
        if as_documented(compiled.document, broken) is not broken:
            continue  # the service was seen to take a value of this form
        yield Mutation(paths.render(tuple(path)), keyword, cast(JSONObject, broken))


_Broken = tuple[list[str | int], str, JSON]


def _break_object(node: JSONObject, value: JSONObject, path: list[str | int]) -> Iterator[_Broken]:
    properties = cast("dict[str, JSONObject]", node["properties"])
    for name in cast("list[str]", node.get("required") or []):
        yield [*path, name], "required", {key: item for key, item in value.items() if key != name}
    yield [*path, "no_such_field"], "additionalProperties", {**value, "no_such_field": 1}
    for name, field in properties.items():
        for where, keyword, broken in _break_value(field, value.get(name), [*path, name]):
            yield where, keyword, {**value, name: broken}


_WRONG: dict[str, list[JSON]] = {
    "string": [1, True, ["x"], {}],
    "integer": ["1", True, 1.5, []],
    "number": ["1", False, []],
    "boolean": [1, "true", []],
    "array": ["x", 1, {}],
    "object": ["x", 1, []],
}


def _break_value(node: JSONObject, value: JSON, path: list[str | int]) -> Iterator[_Broken]:
    form = documented(node)
    if form is not node:
        accepted = Schema(node)
        for where, keyword, broken in _break_value(form, value, path):
            if not accepted.is_valid(broken):
                yield where, keyword, broken
        return
    if "anyOf" in node:
        yield path, "anyOf", {"neither": "of them"}
        return
    kind = cast(str, node["type"])
    for wrong in _WRONG[kind]:
        yield path, "type", wrong
    if "enum" in node:
        yield path, "enum", "no such value" if kind == "string" else -987654
    yield from _break_text(node, path)
    yield from _break_number(node, path)
    if kind == "array":
        yield from _break_array(node, value, path)
    if kind == "object" and isinstance(value, dict):
        yield from _break_object(node, value, path)


def _break_text(node: JSONObject, path: list[str | int]) -> Iterator[_Broken]:
    least, most = node.get("minLength"), node.get("maxLength")
    if isinstance(least, int) and least > 0:
        yield path, "minLength", "x" * (least - 1)
    if isinstance(most, int):
        yield path, "maxLength", "x" * (most + 1)
    if "pattern" in node:
        yield path, "pattern", "ftp://nowhere"


def _break_number(node: JSONObject, path: list[str | int]) -> Iterator[_Broken]:
    step = 1 if node["type"] == "integer" else 0.5
    for keyword, change in (("minimum", -step), ("maximum", step), ("exclusiveMinimum", 0), ("exclusiveMaximum", 0)):
        bound = node.get(keyword)
        if isinstance(bound, (int, float)):
            yield path, keyword, bound + change


def _break_array(node: JSONObject, value: JSON, path: list[str | int]) -> Iterator[_Broken]:
    item = cast(JSONObject, node["items"])
    held = value if isinstance(value, list) else []
    least, most = node.get("minItems"), node.get("maxItems")
    if isinstance(least, int) and least > 0:
        yield path, "minItems", held[: least - 1]
    if isinstance(most, int) and held:
        yield path, "maxItems", [copy.deepcopy(held[0]) for _ in range(most + 1)]
    if node.get("uniqueItems") and held:
        yield path, "uniqueItems", [held[0], held[0]]
    for index, one in enumerate(held[:1]):
        for where, keyword, broken in _break_value(item, one, [*path, index]):
            yield where, keyword, [*held[:index], broken, *held[index + 1 :]]
