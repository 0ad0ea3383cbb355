"""Valid requests, and the same as people, forms and other programs would give them."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from random import Random
from typing import Any, cast

import attrs

from kie import catalog
from kie._core.request import Request
from kie._core.results import Result
from kie._core.schema import documented
from kie.catalog import Model
from kie.errors import RequestInvalid

Body = dict[str, Any]


@attrs.frozen
class Spoilt:
    """A request in its documented form, and what somebody gave in its place."""

    model: str
    body: Body
    given: Body
    spoilt: int
    """How many names and values differ."""


def bodies(model: Model, random: Random, most: int = 40) -> Iterator[Body]:
    """Valid inputs of a model: its examples, each also with other values of its closed lists and switches."""
    document = cast("dict[str, Any]", model.json_schema())
    examples = document["x-kie"].get("examples") or []
    properties = {name: documented(node) for name, node in document["properties"].items()}
    found: list[Body] = [body for body in examples if _valid(model, body)]
    for example in [*found]:
        for name, node in properties.items():
            values: Any = node.get("enum") or ([True, False] if node.get("type") == "boolean" else [])
            for value in random.sample(values, min(len(values), 4)):
                changed = {**example, name: value}
                if changed not in found and _valid(model, changed):
                    found.append(changed)
    yield from random.sample(found, min(len(found), most))


def _valid(model: Model, body: Body) -> bool:
    try:
        request_of(model, body)
    except RequestInvalid:
        return False
    return True


def request_of(model: Model, body: Body) -> Request[Result]:
    """The request with these fields, by their names on the wire, and the defaults of its class."""
    cls = model.request_class
    names = {wire: python for python, wire in cls.__kie_plan__()}
    return cls(**{names[wire]: value for wire, value in body.items()})


def spoilt_requests(random: Random) -> Iterator[Spoilt]:
    """Requests of every active model, each spoilt in several places."""
    for model in catalog.models(status="active"):
        properties = cast("dict[str, Any]", model.json_schema()["properties"])
        nodes = {name: documented(node) for name, node in properties.items()}
        for body in bodies(model, random):
            given, count = spoilt(nodes, body, random)
            yield Spoilt(model.id, body, given, count)


def spoilt(nodes: dict[str, Any], body: Body, random: Random) -> tuple[Body, int]:
    """The fields of a request or of a part of one, and how many names and values were spoilt."""
    given: Body = {}
    count = 0
    for name, value in body.items():
        changed = spoilt_value(nodes.get(name, {}), value, random)
        renamed = random.choice(_NAMES)(name)
        count += (renamed != name) + (type(changed) is not type(value) or changed != value)
        given[renamed] = changed
    return given, count


def _camel(name: str) -> str:
    first, *rest = re.split(r"[_-]", name)
    return first + "".join(part[:1].upper() + part[1:] for part in rest)


_NAMES: tuple[Callable[[str], str], ...] = (
    lambda name: name,
    str.upper,
    lambda name: name.replace("_", "-"),
    lambda name: name.replace("_", " "),
    lambda name: name.replace("_", " ").title(),
    _camel,
    lambda name: f" {name} ",
    lambda name: name.replace("_", ""),
    lambda name: _camel(name)[:1].upper() + _camel(name)[1:],
)
_TRUE = (True, "yes", "true", "TRUE", "on", "1", 1)
_FALSE = (False, "no", "False", "off", "0", 0)


def spoilt_value(node: dict[str, Any], value: Any, random: Random) -> Any:
    """A value as somebody else would write it. Free text stays as it is."""
    if isinstance(value, bool):
        return random.choice(_TRUE if value else _FALSE)
    if isinstance(value, dict):
        nodes = {name: documented(inner) for name, inner in node.get("properties", {}).items()}
        return spoilt(nodes, value, random)[0] if nodes else value
    if isinstance(value, list):
        items = [spoilt_value(documented(node.get("items", {})), item, random) for item in value]
        return items[0] if len(items) == 1 and not isinstance(items[0], list) else items
    if isinstance(value, (int, float)):
        return random.choice((value, str(value), f" {value} ", float(value), *(_seconds(node, str(value)))))
    if isinstance(value, str) and "enum" in node:
        return random.choice(_texts(node, value))
    return [value] if isinstance(value, str) and random.random() < 0.1 else value


def _texts(node: dict[str, Any], value: str) -> list[Any]:
    found: list[Any] = [value.upper(), value.lower(), value.title(), f" {value} ", [value]]
    found += [re.sub(r"[_ -]", other, value) for other in "_- "]
    if re.fullmatch(r"\d+:\d+", value):
        found += [value.replace(":", sign) for sign in ("x", "/", " : ", "×", "X", " x ", " by ", "-")]
    if value.isdecimal():
        found += [int(value), float(value), *_seconds(node, value)]
    if re.fullmatch(r"\d+[pP]", value):
        found += [int(value[:-1]), f"{value[:-1]} p"]
    return found


def _seconds(node: dict[str, Any], value: str) -> list[str]:
    """A number with its unit, where it counts seconds."""
    if "second" not in node.get("description", "").lower():
        return []
    return [f"{value}{unit}" for unit in ("s", " s", "S", " sec", "secs", " seconds", "-second")]
