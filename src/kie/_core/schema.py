"""Core: checks a body against its packaged schema. May import only `_core`.

The schema is the only set of rules: request classes, the simulator and `client.check` all use this module.
`jsonschema-rs` validates. This module turns its errors into readable issues, and adds the one keyword that JSON Schema
cannot express, `x-kie-total`.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from functools import cached_property, lru_cache
from typing import TYPE_CHECKING, Protocol, cast

from kie._core import data, paths
from kie._core.forms import as_documented
from kie._core.issues import UNKNOWN_FIELD, Issue, marked, unknown_field
from kie._core.json import JSON, JSONObject

if TYPE_CHECKING:
    from decimal import Decimal

    from jsonschema_rs import ValidationError


class _Validator(Protocol):
    def is_valid(self, instance: object) -> bool: ...

    def iter_errors(self, instance: object) -> Iterator[ValidationError]: ...


class Schema:
    """One model's schema, compiled on first use."""

    def __init__(self, document: JSONObject) -> None:
        import jsonschema_rs

        self.document = document
        self._validator: _Validator = jsonschema_rs.Draft202012Validator(document)
        rules = document.get("allOf")
        self._totals = [
            rule for rule in (rules if isinstance(rules, list) else []) if isinstance(rule, dict) and TOTAL in rule
        ]

    def is_valid(self, body: object) -> bool:
        """Whether a JSON body satisfies the schema. Values that JSON cannot hold make it False."""
        try:
            return self._holds(body) or self._holds_as_documented(cast(JSON, body))
        except (ValueError, OverflowError, RecursionError):
            return False

    def _holds(self, body: object) -> bool:
        valid = self._validator.is_valid(body)
        return valid and not any(self._total_issues(body)) if self._totals else valid

    def _holds_as_documented(self, body: JSON) -> bool:
        read = as_documented(self.document, body)
        return read is not body and self._holds(read)

    def issues(self, body: JSON) -> list[Issue]:
        """Every fault of a JSON body, each at its field. The body must hold JSON values only."""
        if self.is_valid(body):
            return []
        body = as_documented(self.document, body)
        found: dict[Issue, None] = {}
        for error in self._validator.iter_errors(body):
            for issue in _explained(self.document, error):
                found.setdefault(issue)
        for issue in self._total_issues(body):
            found.setdefault(issue)
        return list(found)

    def advice(self, body: JSON) -> list[Issue]:
        """What is probably useless or contradictory in a JSON body, though the service was not seen to refuse it."""
        return self._advice.issues(as_documented(self.document, body)) if self._advice else []

    @cached_property
    def _advice(self) -> Schema | None:
        rules = _facts(self.document).get("advice")
        return Schema({"allOf": rules}) if rules else None

    def defaults(self, given: Collection[str]) -> JSONObject:
        """The defaults that are sent beside the fields that were given."""
        unless = cast("dict[str, list[str]]", _facts(self.document).get("default_unless") or {})
        properties = cast("dict[str, JSONObject]", self.document.get("properties") or {})
        return {
            name: field["default"]
            for name, field in properties.items()
            if "default" in field and not {name, *unless.get(name, ())} & {*given}
        }

    def _total_issues(self, body: object) -> Iterator[Issue]:
        for rule in self._totals:
            spec = cast("dict[str, JSON]", rule[TOTAL])
            keys, less = cast("list[str]", spec["of"]), cast("list[str]", spec.get("less") or [])
            if less and not all(any(True for _ in paths.reach(body, key)) for key in (*keys, *less)):
                continue
            measure = str(spec["measure"])
            total = _sum(body, keys, measure) - _sum(body, less, measure)
            least, most = (cast("int | float | None", spec.get(bound)) for bound in ("minimum", "maximum"))
            if (least is not None and total < least) or (most is not None and total > most):
                yield Issue(keys[0].partition(".")[0], TOTAL, marked(str(rule[MESSAGE])))


TOTAL = "x-kie-total"
"""The keyword for a total over several fields. `of` and `less` name them by their keys (`dialogue.text`)."""
MESSAGE = "x-kie-message"
"""The keyword for the message of a broken rule. It names fields in backticks, by their keys."""


SEEN = "x-kie-seen"
"""The keyword on an undocumented form or field. It says where the service was seen to accept it."""


def documented(node: JSONObject) -> JSONObject:
    """The schema of a field in its documented form, without the undocumented ones."""
    forms = node.get("anyOf")
    if not isinstance(forms, list) or not any(isinstance(form, dict) and SEEN in form for form in forms):
        return node
    return {**{key: value for key, value in node.items() if key != "anyOf"}, **cast(JSONObject, forms[0])}


def documented_throughout(node: JSONObject) -> JSONObject:
    """The schema of a model as the vendor documents it, without undocumented forms and fields."""
    kept = dict(documented(node))
    if isinstance(properties := kept.get("properties"), dict):
        fields = cast("dict[str, JSONObject]", properties)
        kept["properties"] = {name: documented_throughout(each) for name, each in fields.items() if SEEN not in each}
    if isinstance(items := kept.get("items"), dict):
        kept["items"] = documented_throughout(items)
    return kept


def _facts(document: JSONObject) -> JSONObject:
    facts = document.get("x-kie")
    return facts if isinstance(facts, dict) else {}


def _sum(body: object, keys: list[str], measure: str) -> int | Decimal:
    return sum(_measure(value, measure) for key in keys for value in paths.reach(body, key))


def _measure(value: object, measure: str) -> int | Decimal:
    """How much a value adds to a total: its characters, its items, or its exact number."""
    match measure, value:
        case "items", list() | tuple():
            return len(value)
        case "items", str():
            return 1
        case _, list() | tuple():
            return sum(_measure(item, measure) for item in value)
        case "length", str():
            return len(value)
        case "value", int() | float() if not isinstance(value, bool):
            from decimal import Decimal

            return Decimal(str(value))
        case _:
            return 0


GIVEN: dict[tuple[str, str], Schema] = {}
"""Schemas that are in no package, by the names under which they are loaded."""


def load(package: str, name: str) -> Schema:
    """Load and compile a model's schema, unless `GIVEN` has it.

    It is a line of `schemas.jsonl` in this package's models, and a file in the folder `schemas` of other packages.
    """
    return GIVEN.get((package, name)) or _packaged(package, name)


@lru_cache(maxsize=512)
def _packaged(package: str, name: str) -> Schema:
    import json

    if package != "kie_models":
        return Schema(json.loads(data.read(package, f"schemas/{name}.json")))
    lines = b"\n" + data.read(package, "schemas.jsonl")
    begin = lines.find(f'\n{{"{name}":'.encode())
    return Schema(json.loads(lines[begin : lines.index(b"\n", begin + 1)])[name])


def _subschema(document: JSON, path: list[str | int]) -> Iterator[JSON]:
    node: JSON = document
    yield node
    for part in path:
        if isinstance(node, dict):
            node = node.get(str(part))
        elif isinstance(node, list) and isinstance(part, int):
            node = node[part]
        yield node


_BOUNDS = {
    "minimum": "at least {} is needed",
    "exclusiveMinimum": "more than {} is needed",
    "maximum": "at most {} is allowed",
    "exclusiveMaximum": "less than {} is allowed",
}


def _explained(document: JSONObject, error: ValidationError, above: paths.Path = ()) -> Iterator[Issue]:
    """Turn one error into issues. A value in no accepted form is checked against the documented form."""
    *_, owner, _ = [None, *_subschema(document, list(error.schema_path))]
    form = documented(owner) if isinstance(owner, dict) and str(error.schema_path[-1]) == "anyOf" else owner
    if form is owner or not isinstance(form, dict):
        yield from _explain(document, error, above)
        return
    import jsonschema_rs

    for inner in jsonschema_rs.Draft202012Validator(form).iter_errors(error.instance):
        yield from _explained(form, inner, (*above, *error.instance_path))


def _explain(document: JSONObject, error: ValidationError, above: paths.Path) -> Iterator[Issue]:
    """Yield issues for one error: the place, the rule, and what is allowed, in plain words."""
    path: list[str | int] = [*above, *error.instance_path]
    nodes = list(_subschema(document, list(error.schema_path)))
    keyword = str(error.schema_path[-1])
    value = nodes[-1]
    owner = nodes[-2] if len(nodes) > 1 else None
    spoken = next((n[MESSAGE] for n in reversed(nodes) if isinstance(n, dict) and MESSAGE in n), None)
    kind = error.kind.as_dict()
    allowed: tuple[JSON, ...] = ()
    match keyword:
        case "required":
            path.append(str(kind["property"]))
            message = "is required"
        case _ if keyword == UNKNOWN_FIELD:
            known = list(cast("dict[str, JSON]", cast(JSONObject, owner).get("properties", {})))
            inside = paths.key(tuple(path))
            for name in cast("list[str]", kind["unexpected"]):
                yield Issue(paths.render((*path, name)), keyword, unknown_field(name, known, inside=inside))
            return
        case "enum":
            allowed = tuple(cast("list[JSON]", value))
            message = f"{_show(error.instance)} is not one of {', '.join(map(_show, allowed[:40]))}"
            if len(allowed) > 40:
                message += f" … ({len(allowed)} in all)"
        case "const":
            allowed = (value,)
            message = f"must be {_show(value)}, not {_show(error.instance)}"
        case "type":
            message = f"must be {_type_name(value)}, not {_show(error.instance)}"
        case "maxLength" | "minLength" | "maxItems" | "minItems":
            size, unit = len(cast("str | list[JSON]", error.instance)), "character" if "Length" in keyword else "item"
            verb = "is" if value == 1 else "are"
            bound = f"at most {value} {verb} allowed" if "max" in keyword else f"at least {value} {verb} needed"
            message = f"has {size} {unit if size == 1 else unit + 's'}; {bound}"
        case "minimum" | "exclusiveMinimum" | "maximum" | "exclusiveMaximum":
            message = f"is {_show(error.instance)}; {_BOUNDS[keyword].format(value)}"
        case "multipleOf":
            message = f"is {_show(error.instance)}; it must be a multiple of {value}"
        case "uniqueItems":
            message = "has the same item twice"
        case "pattern":
            message = _pattern_message(str(value), error.instance)
        case "anyOf" | "oneOf" if path:
            kinds = [option.get("type") for option in cast("list[JSONObject]", value)]
            message = f"must be {_type_name(kinds)} of those that fit, not {_show(error.instance)}"
        case _:
            message = "this combination of fields is not allowed"
    yield Issue(paths.render(tuple(path)), keyword, marked(str(spoken)) if spoken else message, allowed)


URL_PATTERN = "^(https?|asset|oss)://"
URL_PATTERNS = (URL_PATTERN, f"^({URL_PATTERN.removeprefix('^')}|$)")
"""The patterns for URLs in media fields. The second also allows an empty text, as the vendor's own examples do."""


def _pattern_message(pattern: str, value: object) -> str:
    if pattern in URL_PATTERNS:
        tidy = re.sub("^[a-z]+", lambda scheme: scheme[0].lower(), str(value).strip(), flags=re.IGNORECASE)
        if tidy != value and re.match(URL_PATTERN, tidy):
            return f"{_show(value)} must be written {_show(tidy)}: small letters before ://, and no space around it"
        return (
            f"{_show(value)} is not a URL (https://…, asset://… or oss://…); for a local file pass a pathlib.Path, "
            "bytes or an open binary file"
        )
    return f"{_show(value)} does not match {pattern}"


def _show(value: object) -> str:
    import json

    text = json.dumps(value, ensure_ascii=False, default=str)
    return text if len(text) <= 80 else text[:77] + "…"


def _type_name(value: JSON) -> str:
    names = {"string": "text", "array": "a list", "object": "an object", "boolean": "true or false"}
    names |= {"integer": "a whole number", "number": "a number"}
    kinds = value if isinstance(value, list) else [value]
    return " or ".join(names.get(str(kind), str(kind)) for kind in kinds)
