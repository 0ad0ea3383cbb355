"""The examples of a model's schema as code: for Python, and for the command line."""

from __future__ import annotations

import json
import shlex
from collections.abc import Iterator, Mapping
from functools import cache
from typing import cast

import jsonschema_rs

from kie._cli.fields import FieldOption
from kie._cli.run_command import command_of, execute
from kie._core.forms import as_documented
from kie._core.json import JSON, JSONObject
from kie._core.result_types import WITH_FILES
from kie.catalog import Model

WIDTH = 100


def bodies(model: Model) -> list[JSONObject]:
    """The examples of the schema, with fields by their names on the wire. One in a form that is not documented, though
    it is accepted, is left out.
    """
    document = model.json_schema()
    facts = cast("JSONObject", document["x-kie"])
    found = [as_documented(document, body) for body in cast("list[JSONObject]", facts.get("examples") or [])]
    forms = {field.name: field.schema for field in model.fields}
    return [
        body
        for body in cast("list[JSONObject]", found)
        if all(jsonschema_rs.is_valid(dict(forms[name]), value) for name, value in body.items())
    ]


def _line(value: JSON) -> str:
    """A value as Python code in one line."""
    if isinstance(value, str):
        return json.dumps(value, ensure_ascii=False)
    if isinstance(value, list):
        return f"[{', '.join(map(_line, value))}]"
    if isinstance(value, dict):
        return "{" + ", ".join(f"{_line(name)}: {_line(item)}" for name, item in value.items()) + "}"
    return repr(value)


def literal(value: JSON, indent: str = "", before: str = "") -> str:
    """A value as Python code, behind some text in its line, as ruff would write it."""
    line = _line(value)
    if len(indent) + len(before) + len(line) < WIDTH or not isinstance(value, (list, dict)):
        return line
    deeper = indent + "    "
    if isinstance(value, list):
        items, (start, end) = [literal(item, deeper) for item in value], "[]"
    else:
        items = [f"{_line(name)}: {literal(item, deeper, f'{name}: ')}" for name, item in value.items()]
        start, end = "{}"
    return "\n".join([start, *(f"{deeper}{item}," for item in items), f"{indent}{end}"])


def construction(model: Model, body: Mapping[str, JSON], indent: str = "") -> str:
    """The request of an example: `NanoBananaPro(prompt="…")`."""
    names = {wire: python for python, wire in model.request_class.__kie_plan__()}
    line = f"{model.class_name}({', '.join(f'{names[name]}={_line(value)}' for name, value in body.items())})"
    if len(indent) + len("request = ") + len(line) <= WIDTH:
        return line
    deeper = indent + "    "
    arguments = [f"{names[name]}={literal(value, deeper, f'{names[name]}=')}" for name, value in body.items()]
    return "\n".join([f"{model.class_name}(", *(f"{deeper}{argument}," for argument in arguments), f"{indent})"])


def python(model: Model, body: Mapping[str, JSON]) -> str:
    """An example as a program."""
    shown = 'result.save("out")' if model.result in WITH_FILES else "result.data"
    return (
        f"from kie import Kie\nfrom kie.models import {model.class_name}\n\n"
        f"with Kie() as client:\n"
        f"    request = {construction(model, body, '    ')}\n"
        f"    result = client.run(request)\n"
        f"    print({shown})\n"
    )


@cache
def _options(model: Model) -> dict[str, FieldOption]:
    """The options of a model's command, by the names of the fields in Python."""
    found = [param for param in command_of(model, execute).params if isinstance(param, FieldOption)]
    return {str(option.name).removeprefix("field_"): option for option in found}


def command(model: Model, body: Mapping[str, JSON]) -> str:
    """An example as a command line."""
    names = {wire: python for python, wire in model.request_class.__kie_plan__()}
    words = [f"kie run {shlex.quote(model.id)}"]
    for name, value in body.items():
        option = _options(model)[names[name]]
        words += [" ".join(map(shlex.quote, each)) for each in _typed(option, name, value)]
    words += ["--save out"] if model.result in WITH_FILES else []
    line = " ".join(words)
    return line if len(line) <= WIDTH else " \\\n  ".join(words)


def _typed(option: FieldOption, name: str, value: JSON) -> Iterator[list[str]]:
    """What is typed for a field: an option, one for each item of a list; what none can say, as JSON."""
    if option.is_flag and isinstance(value, bool):
        yield [(option.opts if value else option.secondary_opts)[0]]
        return
    items = value if isinstance(value, list) and option.multiple else [value]
    if not items or value is None or any(_needs_json(item) for item in items):
        yield ["--set", f"{name}={json.dumps(value, ensure_ascii=False)}"]
        return
    for item in items:
        yield [option.opts[0], item if isinstance(item, str) else json.dumps(item, ensure_ascii=False)]


def _needs_json(item: JSON) -> bool:
    """Whether an option would read a text as something else: a file, JSON, another option."""
    return isinstance(item, str) and (not item or item[0] in "@-{[")
