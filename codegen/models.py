"""Runs datamodel-code-generator to make one module of request classes per model."""

from __future__ import annotations

import json
import re
import textwrap
import warnings
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from datamodel_code_generator import InputFileType, LiteralType, generate
from datamodel_code_generator.enums import DataModelType
from datamodel_code_generator.format import PythonVersion

from kie._core.literals import alias_of
from kie._core.result_types import result_type

from . import wording
from .dialect import python_name
from .source import Document, ModelSource

TEMPLATES = Path(__file__).parent / "templates" / "models"
HEADER = '''"""{doc}"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Literal, NotRequired, Required, TypedDict

import attrs

from kie._core.json import JSON, JSONObject
from kie._core.media import Media
from kie._core.model_info import ModelInfo
from kie._core.request import Part, Request, default_unless, items
from kie._core.later import later
from kie._core.tasks import TaskReference

if TYPE_CHECKING:
    from {module} import {result}
else:
    {result} = later("{module}", "{result}")
'''


def render(model: ModelSource) -> str:
    """Make the source of a model's module, not yet formatted. Any warning of the generator is an error."""
    media = set(model.facts.get("media") or {})
    references = set(model.facts.get("references") or {})
    unless = model.facts.get("default_unless") or {}
    # a default that depends on other fields is computed after them
    ordered = dict(sorted(model.document["properties"].items(), key=lambda item: item[0] in unless))
    schema = _prepare({**model.document, "properties": ordered}, model.name, "", media, references)
    classes: dict[str, dict[str, Any]] = {}
    _describe(model, schema, model.name, classes)
    names = _aliases(model)
    for described in classes.values():
        described["facts"] = {names.get(wire, wire): fact for wire, fact in described["facts"].items()}
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        # a deprecation in how the generator uses its libraries is not about our input
        warnings.filterwarnings("ignore", category=DeprecationWarning)
        text = generate(
            json.dumps(_in_python(schema, names)),
            input_file_type=InputFileType.JsonSchema,
            output_model_type=DataModelType.DataclassesDataclass,
            custom_template_dir=TEMPLATES,
            extra_template_data=classes,  # type: ignore[arg-type]
            class_name=model.name,
            enum_field_as_literal=LiteralType.All,
            target_python_version=PythonVersion.PY_311,
            use_union_operator=True,
            use_standard_collections=True,
            use_generic_container_types=True,
            use_title_as_name=True,
            collapse_root_models=True,
            snake_case_field=False,
            use_field_description=True,
            disable_timestamp=True,
            formatters=[],
        )
    body = str(text)
    code = body[body.index("\n\n\n") :] if "\n\n\n" in body else body
    result = result_type(str(model.facts["result"]))
    doc = f"{model.id}: the request class, compiled from {'openapi/' * model.ours}{model.file}. Do not edit."
    return HEADER.format(doc=doc, module=result.__module__, result=result.__name__) + code


def _in_python(schema: Document, names: dict[str, str]) -> Document:
    """A schema with its fields under their Python names, the only ones that the generator sees."""
    out = dict(schema)
    if "items" in out:
        out["items"] = _in_python(out["items"], names)
    if "properties" in out:
        out["required"] = [names.get(wire, wire) for wire in out["required"]]
        out["properties"] = {names.get(w, w): _in_python(field, names) for w, field in out["properties"].items()}
    return out


def _aliases(model: ModelSource) -> dict[str, str]:
    overrides = model.facts.get("python") or {}
    out: dict[str, str] = {}

    def walk(schema: Document, own: Document) -> None:
        for wire, field in (schema.get("properties") or {}).items():
            name = python_name(wire, own)
            if name != wire:
                out[wire] = name
            inner = field.get("items", field)
            if inner.get("type") == "object":
                walk(inner, own)

    walk(model.document, overrides)
    return out


def _prepare(node: Document, name: str, path: str, media: set[str], references: set[str]) -> Document:
    """Reduce a schema to what the generator needs: shapes and types. Rules stay in the packaged schema."""
    out: Document = {"title": name, "type": "object", "required": node.get("required") or []}
    out["description"] = node["description"]
    out["properties"] = {}
    for wire, field in node["properties"].items():
        here = f"{path}{wire}"
        kept = {
            key: value for key, value in field.items() if key in ("type", "enum", "anyOf", "description", "default")
        }
        inner = field.get("items", field)
        if inner.get("type") == "object":
            nested = _prepare(inner, f"{name}{inner['title']}", f"{here}.", media, references)
            kept = (
                {"type": "array", "items": nested, "description": field["description"]} if "items" in field else nested
            )
        elif "items" in field:
            item = _item(inner)
            if here in media:
                item = {"type": "string", "customTypePath": "kie._core.media.Media"}
            elif here in references:
                item = {"type": "string", "customTypePath": "kie._core.tasks.TaskReference"}
            kept["items"] = item
        elif here in media:
            kept = {"type": "string", "customTypePath": "kie._core.media.Media", "description": field["description"]}
        elif here in references:
            kept = {
                "type": "string",
                "customTypePath": "kie._core.tasks.TaskReference",
                "description": field["description"],
            }
        if opened := _open(field):
            kept = {"type": "string", "customTypePath": opened, "description": field["description"]}
        out["properties"][wire] = kept
    return out


def _open(field: Document) -> str | None:
    """The type of a field for objects or lists of unknown content; None for any other field."""
    options = field.get("anyOf") or []
    if {"type": "object"} not in options and {"type": "array"} not in options:
        return None
    return "kie._core.json.JSONObject" if options == [{"type": "object"}] else "kie._core.json.JSON"


def _item(node: Document) -> Document:
    """The shape of a list's items, which may be lists themselves."""
    if opened := _open(node):
        return {"type": "string", "customTypePath": opened}
    item = {key: value for key, value in node.items() if key in ("type", "enum", "anyOf")}
    return {**item, "items": _item(node["items"])} if "items" in node else item


def _describe(
    model: ModelSource, schema: Document, name: str, classes: dict[str, dict[str, Any]], path: str = ""
) -> None:
    """Collect what the template needs for each class and field besides their types."""
    root = name == model.name
    original = model.document if root else _find(model.document, name, model.name)
    overrides = model.facts.get("python") or {}
    limits = model.facts.get("media") or {}
    depends = model.facts.get("default_unless") or {}
    facts: dict[str, Any] = {}
    for wire, field in schema["properties"].items():
        inner = field.get("items", field)
        part = inner["title"] if inner.get("type") == "object" else None
        metadata = []
        if python_name(wire, overrides) != wire:
            metadata.append(f'"wire": {wire!r}')
        if part:
            metadata.append(f'"part": {part}')
            _describe(model, inner, part, classes, f"{path}{wire}.")
        source = original["properties"][wire]
        spoken = _spoken(model, source["description"])
        unless = [python_name(other, overrides) for other in (depends.get(wire) or [] if root else [])]
        text = wording.described({**source, "description": spoken}, limits.get(f"{path}{wire}"), unless)
        default = repr(source.get("default"))
        facts[wire] = {
            "list": field.get("type") == "array",
            "nested": bool(part) and field.get("type") != "array",
            "part": part,
            "default": f"default_unless({default}, {', '.join(map(repr, unless))})" if unless else default,
            "metadata": ", ".join(metadata),
            "alias": alias_of(python_name(wire, overrides)) if _is_literal(source) else None,
            "docstring": _wrap(text),
            "argument": _wrap(f"{python_name(wire, overrides)}: {text}", 8, 12),
        }
    classes[name] = {"facts": facts, "root": root, "docstring": _wrap(_spoken(model, original["description"]))}
    if root:
        rules = [_wrap(_spoken(model, rule), 8) for rule in wording.rules(model.document)]
        advice = wording.rules({**model.document, "allOf": model.facts.get("advice")})
        classes[name] |= {"info": _info(model), "docstring": _root_docstring(model), "rules": rules}
        classes[name]["advice"] = [_wrap(_spoken(model, rule), 8) for rule in advice]
        classes[name]["result"] = result_type(str(model.facts["result"])).__name__


def _is_literal(field: Document) -> bool:
    """Whether Python has a literal type for a field's values. It has none for floats."""
    return "enum" in field and not any(isinstance(value, float) for value in field["enum"])


def _find(document: Document, name: str, prefix: str) -> Document:
    """Find the nested object by the name of its class."""
    return next(node for own, node in _nested(document, prefix) if own == name)


def _nested(document: Document, prefix: str) -> Iterator[tuple[str, Document]]:
    """Yield every nested object, with the name of its class."""
    for field in document["properties"].values():
        inner = field.get("items", field)
        if inner.get("type") == "object":
            yield f"{prefix}{inner['title']}", inner
            yield from _nested(inner, f"{prefix}{inner['title']}")


def _wrap(text: str, indent: int = 4, hanging: int | None = None) -> str:
    """Fill to the line length, keep the first line short, and make the text safe inside a docstring."""
    hanging = indent if hanging is None else hanging
    safe = " ".join(str(text).split()).replace("\\", "\\\\").replace('"""', "'''")
    lines = textwrap.wrap(safe, 116 - hanging, break_long_words=False, break_on_hyphens=False)
    out = f"\n{' ' * hanging}".join(lines)
    return out + " " if out.endswith('"') else out


def _spoken(model: ModelSource, text: str) -> str:
    """A description in which the fields in backticks have their Python names."""
    names = _aliases(model)
    return re.sub(r"`(\w+)`", lambda match: f"`{names.get(match[1], match[1])}`", str(text))


def _root_docstring(model: ModelSource) -> str:
    facts = model.facts
    source = model.newest
    does = f": {', '.join(facts['categories'])}" if facts["categories"] else ""
    what = f"Model `{model.id}` by {facts['provider']}{does}."
    seen = f"Facts as of {source['captured']} ({source['page']})."
    if not model.curated:
        seen += f" They are the vendor's, read by no person; guessed: {', '.join(facts.get('guessed') or ['nothing'])}."
    lines = [what, seen]
    if facts["status"] == "superseded":
        others = " or ".join(f"`{successor}`" for successor in facts["successors"])
        lines.append(f"Superseded: it still works, and the vendor now documents {others} instead.")
    return "\n    ".join([f"{_wrap(_spoken(model, model.document['description']))}\n", *map(_wrap, lines)])


class _Code(str):
    """Source code in place of a value."""

    __slots__ = ()

    def __repr__(self) -> str:
        return str(self)


def _info(model: ModelSource) -> str:
    """The `ModelInfo(...)` of a class, as source."""
    facts = model.facts
    arguments: dict[str, Any] = {"slug": model.slug, "package": "kie_models", "lifecycle": facts["lifecycle"]}
    if not model.ours:
        arguments["package"] = _Code('__name__.rpartition(".")[0]')
    arguments["result"] = facts["result"]
    arguments["captured"] = str(model.newest["captured"])
    if facts.get("model"):
        arguments["model"] = facts["model"]
    else:
        arguments["id"] = model.id
        if facts.get("operation"):
            arguments["operation"] = facts["operation"]
    if facts["status"] != "active":
        arguments["status"] = facts["status"]
    if facts.get("successors"):
        arguments["successors"] = tuple(facts["successors"])
    if facts.get("typical_seconds"):
        typical = facts["typical_seconds"]
        arguments["typical_seconds"] = (typical["p50"], typical.get("p95"), typical["seen"])
    return f"ModelInfo({', '.join(f'{key}={value!r}' for key, value in arguments.items())})"
