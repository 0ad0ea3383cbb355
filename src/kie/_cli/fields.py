"""CLI: the fields of a model as options of `kie run`, and as text for people. May import `catalog`, `_core`."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import cast

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
    """Return the option name of a field: `custom-mode` for both `customMode` and `custom_mode`."""
    return re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "-", name).replace("_", "-").lower()


@attrs.frozen(kw_only=True)
class Entry:
    """One field on the command line: its names in Python and as an option, and its facts."""

    field: Field
    python: str
    option: str

    @property
    def kinds(self) -> frozenset[str]:
        """The JSON types that the field takes."""
        return frozenset(self.field.type.split(" or "))

    @property
    def repeatable(self) -> bool:
        """Whether the option may be repeated: the field is a list."""
        return "array" in self.kinds

    @property
    def is_flag(self) -> bool:
        """Whether the option takes no value: the field is a boolean."""
        return self.kinds == {"boolean"}

    @property
    def takes_text_file(self) -> bool:
        """Whether `@file` is replaced by the text in a file."""
        field = self.field
        free = field.media is None and not field.reference and not field.enum
        return free and (bool(self.kinds & {"string", "object"}) or field.items in ("string", "object"))


def entries(model: Model, taken: frozenset[str] = frozenset()) -> list[Entry]:
    """Return the fields of a model. A field whose option name is taken becomes `--input-<name>`."""
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


def _complete(field: Field, incomplete: str) -> list[CompletionItem]:
    """Complete file names for media, else the allowed values."""
    if field.media is not None:
        return [CompletionItem(incomplete, type="file")]
    return [CompletionItem(str(value)) for value in field.enum if str(value).startswith(incomplete)]


class FieldOption(click.Option):
    """The option of a field; its type tells it apart from the other options."""


def option_for(entry: Entry) -> FieldOption:
    """Make the option of a field. Its help says all that the schema says about the field."""
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
    return FieldOption(
        names,
        type=str,  # passed on as typed: the schema checks all fields together
        multiple=entry.repeatable,
        metavar=_metavar(entry),
        help=help,
        shell_complete=lambda _ctx, _param, incomplete: _complete(field, incomplete),
    )


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
    """Describe the keys of a nested object in a few words."""
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
    """Return the schema of the objects in a field, if it holds objects with known keys."""
    inner = spec.get("items") if spec.get("type") == "array" else spec
    return inner if isinstance(inner, dict) and isinstance(inner.get("properties"), dict) else None


def kind_of(spec: Mapping[str, JSON]) -> str:
    """Return the JSON type of a field for people: `list of string`, `string or integer`."""
    options = spec.get("anyOf")
    if isinstance(options, list):
        return " or ".join(kind_of(option) for option in options if isinstance(option, dict))
    inner = spec.get("items")
    if spec.get("type") == "array":
        return f"list of {kind_of(inner)}" if isinstance(inner, dict) else "list"
    return str(spec.get("type", "any"))


def show(value: JSON) -> str:
    """Return a value as one types it on a command line."""
    return {True: "true", False: "false"}[value] if isinstance(value, bool) else str(value)


def limits(spec: Mapping[str, JSON]) -> list[str]:
    """Describe what a schema allows in a field in short clauses: values, bounds, lengths."""
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
    """Describe a range in words; an empty text for none."""
    if unit in (" character", " item") and (low if high is None else high) != 1:
        unit += "s"
    if low is not None and high is not None:
        return f"{low}{unit}" if low == high else f"{low} to {high}{unit}"
    if high is not None:
        return f"at most {high}{unit}"
    return f"at least {low}{unit}" if low is not None else ""


def media_limits(rule: MediaRule | None) -> list[str]:
    """Describe the media in a field in short clauses."""
    if rule is None:
        return []

    facts = rule.stated()
    formats, roles = (cast("list[str]", facts.get(name) or []) for name in ("formats", "roles"))
    found = [", ".join(formats) or str(facts.get("kind"))]
    if bytes_allowed := cast("int | None", facts.get("max_bytes")):
        found.append(f"at most {size(bytes_allowed)}")
    for name, unit in (("side", " px a side"), ("pixels", " pixels"), ("seconds", " s"), ("fps", " frames/s")):
        found.append(span(facts.get(f"min_{name}"), facts.get(f"max_{name}"), unit))
    ratio = span(facts.get("min_ratio"), facts.get("max_ratio"))
    found.append(f"width/height {ratio}" if ratio else "")
    if total := facts.get("max_total_seconds"):
        found.append(f"{total} s in all")
    found.append(", then ".join(role.replace("_", " ") for role in roles))
    return [clause for clause in found if clause]


def size(count: int) -> str:
    """Return a number of bytes for people."""
    for unit, scale in (("GB", 1024**3), ("MB", 1024**2), ("KB", 1024)):
        if count >= scale:
            return f"{count / scale:.1f}".removesuffix(".0") + f" {unit}"
    return f"{count} bytes"


def rules(model: Model) -> list[str]:
    """Return the cross-field rules of a model, as its schema words them."""
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
    """Return the fields to which a rule assigns its message, where the rule names them."""
    then = rule.get("then")
    if not isinstance(then, dict):
        return []
    named = then.get("required") or then.get("properties")
    return [str(name) for name in named] if isinstance(named, (list, dict)) else []
