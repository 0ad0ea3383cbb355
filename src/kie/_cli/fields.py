"""CLI: the fields of a model as options of `kie run`, and as text for people. May import `catalog`, `_core`."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import cast

import attrs
import click
from click.shell_completion import CompletionItem

from kie._core.json import JSON, JSONObject
from kie._core.request import Request
from kie._core.results import Result
from kie.catalog import Field, Model


def kebab(name: str) -> str:
    """Return the option name of a field: `custom-mode` for both `customMode` and `custom_mode`."""
    return re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "-", name).replace("_", "-").lower()


def limits(field: Field) -> list[str]:
    """Describe the values of a field in clauses, without its list of values."""
    media = field.media
    kind = [media.kind] if media and not media.formats else []
    roles = [", then ".join(role.replace("_", " ") for role in media.roles)] if media and media.roles else []
    return [*kind, *field.bounds, *roles]


def allowed(field: Field) -> list[str]:
    """Describe the values of a field in clauses."""
    values = [f"one of {', '.join(map(show, field.enum))}"] if field.enum else []
    return [*values, *limits(field)]


@attrs.frozen(kw_only=True)
class CliField:
    """A field on the command line: its Python name, its option name, and its facts."""

    field: Field
    python: str
    option: str
    alias: str | None = None

    @property
    def kinds(self) -> frozenset[str]:
        """The JSON types that the field accepts."""
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


def entries(model: Model, taken: frozenset[str] = frozenset()) -> list[CliField]:
    """Return the fields of a model. A field whose option name is taken becomes `--input-<name>`."""
    request: type[Request[Result]] = model.request_class
    names = {wire: python for python, wire in request.__kie_plan__()}
    used = set(taken)
    own = {kebab(python) for python in names.values()}
    found: list[CliField] = []
    for field in model.fields:
        python = names[field.name]
        option = kebab(python)
        while {option, f"no-{option}"} & used:
            option = f"input-{option}"
        used.add(option)
        if field.type == "boolean":
            used.add(f"no-{option}")
        wire = kebab(field.name)  # the wire name is a second spelling, unless it is another field's option
        alias = wire if wire not in own and not option.startswith("input-") else None
        found.append(CliField(field=field, python=python, option=option, alias=alias))
    return found


def _complete(field: Field, incomplete: str) -> list[CompletionItem]:
    """Complete file names for media, else the allowed values."""
    if field.media is not None:
        return [CompletionItem(incomplete, type="file")]
    return [CompletionItem(str(value)) for value in field.enum if str(value).startswith(incomplete)]


class FieldOption(click.Option):
    """The option of a field. Its class distinguishes it from other options."""


def option_for(entry: CliField) -> FieldOption:
    """Make the option of a field. Its help contains everything that the schema says about the field."""
    field = entry.field
    help = " ".join([_sentence(field.description), *_remarks(entry)])
    names = [f"field_{entry.python}"]
    spelled = [entry.option, *([entry.alias] if entry.alias else [])]
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


def _metavar(entry: CliField) -> str:
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


def _remarks(entry: CliField) -> Iterator[str]:
    field = entry.field
    # do not repeat values that are already next to the option
    facts = limits(field) if _metavar(entry).startswith("[") else allowed(field)
    if facts:
        yield f"({'; '.join(facts)})"
    if entry.repeatable:
        yield "Repeatable."
    if field.keys:
        yield f"Each is a JSON object: {', '.join(map(_key, field.keys))}."
    if field.default is not None:
        yield f"[default: {show(field.default)}]"
    if field.deprecated:
        yield "[deprecated]"
    if field.required:
        yield "[required]"


def _key(field: Field) -> str:
    """Describe a key of a nested object in a few words."""
    required = ["required"] if field.required else []
    return f"{field.name} ({', '.join([kind_of(field.schema), *allowed(field), *required])})"


def kind_of(spec: Mapping[str, JSON]) -> str:
    """Describe the JSON type of a field for people: `list of string`, `string or integer`."""
    options = spec.get("anyOf")
    if isinstance(options, list):
        return " or ".join(kind_of(option) for option in options if isinstance(option, dict))
    inner = spec.get("items")
    if spec.get("type") == "array":
        return f"list of {kind_of(inner)}" if isinstance(inner, dict) else "list"
    return str(spec.get("type", "any"))


def show(value: JSON) -> str:
    """Return a value as it is typed on a command line."""
    return {True: "true", False: "false"}[value] if isinstance(value, bool) else str(value)


def flat(fields: Iterable[Field], above: str = "") -> Iterator[tuple[str, Field]]:
    """Walk fields with their paths, each followed by the keys of its objects: `shots[].prompt`."""
    for field in fields:
        yield f"{above}{field.name}", field
        yield from flat(field.keys, f"{above}{field.name}{'[].' if field.items else '.'}")


def rules(model: Model) -> list[str]:
    """Return the cross-field rules of a model as sentences."""
    return cast("list[str]", cast(JSONObject, model.json_schema()["x-kie"])["rules"])
