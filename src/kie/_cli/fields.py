"""Floor 7: a model's fields as options of `kie run`, and as text for people. May import `catalog`, `core`."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any, cast

import attrs
import click
from click.shell_completion import CompletionItem

from kie._core.issues import marked
from kie._core.json import JSON, JSONObject
from kie._core.media_rules import MediaRule
from kie._core.request import Request
from kie._core.results import Result
from kie.catalog import Field, Model


def kebab(name: str) -> str:
    """The option that a field's name becomes: `customMode` and `custom_mode` are both `custom-mode`."""
    return re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "-", name).replace("_", "-").lower()


@attrs.frozen(kw_only=True)
class Entry:
    """One field as the command line sees it: its names in Python and in options, and its facts."""

    field: Field
    python: str
    option: str

    @property
    def kinds(self) -> frozenset[str]:
        """The JSON types that it takes."""
        return frozenset(self.field.type.split(" or "))

    @property
    def repeatable(self) -> bool:
        return "array" in self.kinds

    @property
    def is_flag(self) -> bool:
        return self.kinds == {"boolean"}

    @property
    def takes_text_file(self) -> bool:
        """Whether `@file` stands for the text in a file."""
        field = self.field
        free = field.media is None and not field.reference and not field.enum
        return free and (bool(self.kinds & {"string", "object"}) or field.items in ("string", "object"))


def entries(model: Model, taken: frozenset[str] = frozenset()) -> list[Entry]:
    """The fields of a model. One whose option would be in `taken` or there already is called `--input-<name>`."""
    request: type[Request[Result]] = model.request_class
    names = {wire: python for python, wire in request.__kie_plan__()}
    used = set(taken)
    found: list[Entry] = []
    for field in model.fields:
        python = names[field.name]
        option = kebab(python)
        while {option, f"no-{option}"} & used:
            option = f"input-{option}"
        used.add(option)
        if field.type == "boolean":
            used.add(f"no-{option}")
        found.append(Entry(field=field, python=python, option=option))
    return found


class Anything(click.ParamType[str, str]):
    """A value of a field. It is passed on as it is: the schema judges all of them together."""

    name = "text"

    def __init__(self, field: Field) -> None:
        self._field = field

    def shell_complete(self, ctx: click.Context, param: click.Parameter, incomplete: str) -> list[CompletionItem]:
        if self._field.media is not None:
            return [CompletionItem(incomplete, type="file")]
        return [CompletionItem(str(value)) for value in self._field.enum if str(value).startswith(incomplete)]


class FieldOption(click.Option):
    """The option of one field."""


def option_for(entry: Entry) -> FieldOption:
    """The option of one field, with all that the schema says of it as its help."""
    field = entry.field
    help = " ".join([_sentence(field.description), *_remarks(entry)])
    names = [f"field_{entry.python}"]
    spelled = [entry.option]
    wire = kebab(field.name)
    if wire != kebab(entry.python) and not entry.option.startswith("input-"):
        spelled.append(wire)
    if entry.is_flag:
        names += [f"--{name}/--no-{name}" for name in spelled]
        return FieldOption(names, is_flag=True, default=None, help=help)
    names += [f"--{name}" for name in spelled]
    return FieldOption(names, type=Anything(field), multiple=entry.repeatable, metavar=_metavar(entry), help=help)


def _metavar(entry: Entry) -> str:
    field = entry.field
    choices = "|".join(str(value) for value in field.enum)
    if choices:
        return f"[{choices}]" if len(choices) <= 32 else "VALUE"
    if field.media is not None:
        return "URL|FILE"
    if field.reference:
        return "TASK"
    kinds = {field.items} if entry.repeatable else entry.kinds
    if kinds & {"object", "array"}:
        return "JSON"
    return "TEXT" if "string" in kinds else "INTEGER" if kinds == {"integer"} else "NUMBER"


def _sentence(text: str) -> str:
    text = " ".join(text.split())
    return text if text.endswith((".", "!", "?", ")")) else f"{text}."


def _remarks(entry: Entry) -> Iterator[str]:
    field = entry.field
    facts = [*limits(field.schema), *media_limits(field.media)]
    if _metavar(entry).startswith("["):
        facts = [fact for fact in facts if not fact.startswith("one of ")]  # the values stand beside the option
    if facts:
        yield f"({'; '.join(facts)})"
    if entry.repeatable:
        yield "Repeatable."
    if keys := _keys(field.schema):
        yield f"Each is a JSON object: {keys}."
    if field.default is not None:
        yield f"[default: {show(field.default)}]"
    if field.deprecated:
        yield "[deprecated]"
    if field.required:
        yield "[required]"


def _keys(spec: Mapping[str, JSON]) -> str:
    """The keys of a nested object, in a few words."""
    nested = nested_object(spec)
    if nested is None:
        return ""
    required = cast("list[str]", nested.get("required") or [])
    properties = cast("dict[str, JSONObject]", nested["properties"])
    return ", ".join(
        f"{name} ({', '.join([kind_of(part), *limits(part), *(['required'] if name in required else [])])})"
        for name, part in properties.items()
    )


def nested_object(spec: Mapping[str, JSON]) -> JSONObject | None:
    """The schema of the objects in a field, if it holds any whose keys are known."""
    inner = spec.get("items") if spec.get("type") == "array" else spec
    return inner if isinstance(inner, dict) and isinstance(inner.get("properties"), dict) else None


def kind_of(spec: Mapping[str, JSON]) -> str:
    """The JSON type of a field, for people: `list of string`, `string or integer`."""
    options = spec.get("anyOf")
    if isinstance(options, list):
        return " or ".join(kind_of(option) for option in options if isinstance(option, dict))
    inner = spec.get("items")
    if spec.get("type") == "array":
        return f"list of {kind_of(inner)}" if isinstance(inner, dict) else "list"
    return str(spec.get("type", "any"))


def show(value: JSON) -> str:
    """A value as it is typed on a command line."""
    return {True: "true", False: "false"}[value] if isinstance(value, bool) else str(value)


def limits(spec: Mapping[str, JSON]) -> list[str]:
    """What a schema allows in a field, as short clauses: values, bounds, lengths."""
    inner = spec.get("items")
    values = spec.get("enum") or (inner.get("enum") if isinstance(inner, dict) else None)
    found: list[str] = []
    if isinstance(values, list):
        found.append(f"one of {', '.join(map(show, values))}")
    for low, high, unit in (
        ("minLength", "maxLength", " character"),
        ("minItems", "maxItems", " item"),
        ("minimum", "maximum", ""),
    ):
        clause = span(spec.get(low), spec.get(high), unit)
        if clause:
            found.append(clause)
    for key, words in (
        ("exclusiveMinimum", "more than"),
        ("exclusiveMaximum", "less than"),
        ("multipleOf", "multiples of"),
    ):
        if key in spec:
            found.append(f"{words} {spec[key]}")
    return found


def span(low: object, high: object, unit: str = "") -> str:
    """A range in words; an empty text for none."""
    if unit in (" character", " item") and (low if high is None else high) != 1:
        unit += "s"
    if low is not None and high is not None:
        return f"{low}{unit}" if low == high else f"{low} to {high}{unit}"
    if high is not None:
        return f"at most {high}{unit}"
    return f"at least {low}{unit}" if low is not None else ""


def media_limits(facts: MediaRule | None) -> list[str]:
    """What is known of the media in a field, as short clauses."""
    if facts is None:
        return []

    def value(name: str) -> Any:
        return getattr(facts, name)

    found = [", ".join(value("formats"))] if value("formats") else [str(value("kind"))]
    if value("max_bytes"):
        found.append(f"at most {size(value('max_bytes'))}")
    for name, unit in (("side", " px a side"), ("pixels", " pixels"), ("seconds", " s"), ("fps", " frames/s")):
        found.append(span(value(f"min_{name}"), value(f"max_{name}"), unit))
    ratio = span(value("min_ratio"), value("max_ratio"))
    found.append(f"width/height {ratio}" if ratio else "")
    if value("max_total_seconds"):
        found.append(f"{value('max_total_seconds')} s in all")
    if value("roles"):
        found.append(", then ".join(role.replace("_", " ") for role in value("roles")))
    return [clause for clause in found if clause]


def size(count: int) -> str:
    """A number of bytes for people."""
    for unit, scale in (("GB", 1024**3), ("MB", 1024**2), ("KB", 1024)):
        if count >= scale:
            return f"{count / scale:.1f}".removesuffix(".0") + f" {unit}"
    return f"{count} bytes"


def rules(model: Model) -> list[str]:
    """The cross-field rules of a model, as its schema words them."""
    document = model.json_schema()
    found: dict[str, None] = {}
    for rule in cast("list[JSONObject]", document.get("allOf") or []):
        text = rule.get("x-kie-message")
        if isinstance(text, str):
            fields = _concerned(rule)
            said = "".join(marked(text))
            found.setdefault(f"{', '.join(fields)}: {said}" if fields else said)
    return list(found)


def _concerned(rule: JSONObject) -> list[str]:
    """The fields at whose names a rule's message is reported, where that can be read off."""
    then = rule.get("then")
    if not isinstance(then, dict):
        return []
    named = then.get("required") or then.get("properties")
    return [str(name) for name in named] if isinstance(named, (list, dict)) else []
