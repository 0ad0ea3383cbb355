"""Makes a model from the vendor's pages, without review: for a user's own package, or for a dynamic class.

The model is never stricter than the vendor's schema. Bounds that only the text states, or that cannot be read with
certainty, are ignored; defaults are left to the service. All input comes from the network: names are turned into
identifiers, unprintable characters are removed from text, and references to other documents are refused.
"""

from __future__ import annotations

import copy
import keyword
import math
import re
from collections.abc import Iterator, Mapping
from typing import Any

import attrs
import jsonschema_rs

from kie._core.request import Part
from kie._core.result_types import RESULT_KINDS
from kie._core.schema import Schema, documented

from . import prose
from .compiler import entry
from .dialect import CATEGORIES, MEMBERS, check_model, python_name
from .pages import Example, Page, parse_openapi
from .source import CompileFailed, Document, Fault, ModelSource, Node, class_name, escape, slug_of
from .tolerance import place, widened
from .wording import with_words

MODEL_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9._:+/-]{0,99}")
FAMILIES: Document = {"jobs": {"submit": {}}}
"""The only family of such models: the Market."""
MOST_FIELDS, MOST_NESTED, MOST_VALUES, LONGEST_TEXT = 300, 8, 1_000, 2_000
BOUNDS = {
    "string": ("minLength", "maxLength", "pattern"),
    "integer": ("minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "multipleOf"),
    "number": ("minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "multipleOf"),
    "array": ("minItems", "maxItems", "uniqueItems"),
    "boolean": (),
}
ANY: list[Document] = [{"type": kind} for kind in ("string", "number", "boolean", "object", "array")]
"""What a field accepts if nothing about it is certain."""
RESULTS = (
    (r"speech-to-text|detection|lyrics|timestamps|score", "json"),
    (r"text-to-speech|speech|audio|dialogue|sound|voice|music|song|tts", "audio"),
    (r"video|avatar|lip-sync|animate|i2v|t2v|r2v", "video"),
    (r"image|upscale|background-removal|photo|layer", "image"),
)
"""Guesses of a task's result: the first pattern that its categories match wins, or else its folder and id."""
_HIDDEN = {*MEMBERS, *dir(Part), *keyword.kwlist, "attrs", "self", "cls", "default_unless"}
_HIDDEN |= {"bool", "dict", "float", "int", "list", "object", "str", "tuple", "property"}
"""Names that a field cannot have: members of requests and parts, and names that the module of a class uses itself."""
_IMPORTED = {"Any", "Iterable", "JSON", "JSONObject", "Literal", "Media", "ModelInfo", "NotRequired", "Part", "Request"}
_IMPORTED |= {"Required", "Sequence", "TaskReference", "TypedDict", "True", "False", "None"}
_KINDS: dict[type, str] = {str: "string", bool: "boolean", int: "integer", float: "number"}
_MODULES = {"schemas", "catalog", *keyword.kwlist}


@attrs.frozen(kw_only=True)
class About:
    """The known facts about a model besides its schema."""

    provider: str = ""
    tasks: tuple[str, ...] = ()
    """The vendor's categories of the model, such as `Text to Video`."""
    text: str = ""
    result: str | None = None
    """The kind of its result, if a person stated it."""
    source: str = ""
    """The origin of its schema, unless that is a file."""


@attrs.frozen
class Unread:
    """A model as the vendor describes it, and a fault for each thing that could not be read."""

    model: ModelSource
    faults: tuple[Fault, ...]


def model_of(page: Page, id: str | None = None, about: About | None = None, captured: str = "") -> Unread:
    """Make the model of a page, in the form of the model files.

    Args:
        page: The page.
        id: The id that is meant, where the page has several.
        about: What else is known.
        captured: The day on which the page was read, unless it says so.

    Raises:
        CompileFailed: The page is about no model of the Market, or not to be read.
    """
    name = id or (page.models[0] if page.models else "")
    if not page.models:
        raise _failed(page, "", "describes an endpoint of its own, not a model of the Market")
    if name not in page.models:
        raise _failed(page, "", f"describes {', '.join(page.models)}, not {name}")
    if not MODEL_ID.fullmatch(name):
        raise _failed(page, "", f"names a model id that cannot be one: {clean(name)[:100]!r}")
    for fault in page.faults:
        if fault.pointer.endswith("/$ref") or "nested too deeply" in fault.message:
            raise CompileFailed([fault])
    if not page.input.get("properties"):
        raise _failed(page, "", "its input is not an object with fields")
    return _Maker(page, name, about or About(), captured).made()


@attrs.frozen
class Dynamic:
    """What is needed to make a class while a program runs."""

    title: str
    slug: str
    document: Document
    """The schema, as it would be packaged."""
    names: Mapping[str, str]
    """The Python names of the fields, by their names on the wire."""
    row: Document
    """The catalog entry of the model."""


def dynamic(document: Document, id: str, result: str | None) -> Dynamic:
    """Make the model of an OpenAPI document without writing files. Raises `CompileFailed`."""
    model = model_of(parse_openapi(document, id), id, About(result=result)).model
    if faults := list(check_model(model, FAMILIES)):
        raise CompileFailed(faults)
    names = {wire: python_name(wire, model.facts.get("python") or {}) for wire in model.document["properties"]}
    row = {**entry(model), "curated": False}
    return Dynamic(model.name, model.slug, packaged(model), names, row)


def packaged(model: ModelSource) -> Document:
    """The schema as the package holds it. Other accepted forms are noted beside it, so that it can be read again."""
    document = widened(with_words(model.document))
    accepts = model.facts.get("accepts")
    return {**document, "x-kie": {**document["x-kie"], "accepts": accepts}} if accepts else document


def unpackaged(document: Document) -> Document:
    """Restore the model document from a packaged schema."""
    facts = {key: value for key, value in document["x-kie"].items() if key not in ("bounds", "rules")}
    out: Document = copy.deepcopy({**document, "x-kie": facts})
    for form in sorted(facts.get("accepts") or [], key=lambda form: len(form["at"])):
        parent, key = place(out, form)
        if parent is not None and key in parent:
            parent[key] = documented(parent[key])
    return out


def clean(text: object, most: int = LONGEST_TEXT) -> str:
    """A text of the vendor on one line, without unprintable characters, and shortened to `most`."""
    line = " ".join("".join(c if c.isprintable() else " " for c in str(text)).split())
    return line if len(line) <= most else f"{line[:most].rstrip()} …"


def _failed(page: Page, at: str, message: str) -> CompileFailed:
    return CompileFailed([Fault(page.file, at, message)])


class _Maker:
    """Builds the document of one model, and records what it left out."""

    def __init__(self, page: Page, name: str, about: About, captured: str) -> None:
        self.page, self.name, self.about, self.captured = page, name, about, captured
        self.faults = [fault for fault in page.faults if not fault.pointer.startswith("/properties/model")]
        self.media: dict[str, Document] = {}
        self.names = _names(dict.fromkeys(_wires(page.input)))
        title = class_name(name)
        self.title = f"{title}Model" if title in _IMPORTED else title
        self.titles = {self.title}
        self.accepts: list[Document] = []
        self.above: dict[str, tuple[str, ...]] = {}
        """The titles of each nested object and of those around it, by its path."""
        self.fields = 0

    def fault(self, at: str, message: str) -> None:
        self.faults.append(Fault(self.page.file, f"/properties/input{at}", message))

    def made(self) -> Unread:
        page = self.page
        root = self._object(page.input, "", "")
        held = set(_wires(root))
        names = {wire: name for wire, name in sorted(self.names.items()) if wire in held}
        text = clean(self.about.text or page.title or self.name)
        document: Document = {
            "$schema": "https://json-schema.org/draft/2020-12/schema",
            "$id": f"kie:models/{self.name}",
            "title": self.title,
            "description": text or self.name,
            "x-kie": {**self._facts(), **({"python": names} if names else {})},
            **root,
        }
        slug = slug_of(self.name)
        slug = f"model_{slug}" if not slug.isidentifier() or slug in _MODULES else slug
        model = ModelSource(f"schemas/{slug}.json", slug, document, ours=False)
        for example in page.examples:
            self._permit(example, model)
        return Unread(model, tuple(dict.fromkeys(self.faults)))

    def _permit(self, example: Example, model: ModelSource) -> None:
        """Permit values that the vendor's own example contains although its schema forbids them."""
        body = example.body.get("input")
        if not isinstance(body, dict) or example.body.get("model") not in (None, self.name):
            return
        strict = {key: value for key, value in packaged(model).items() if key != "x-kie"}
        for issue in Schema(strict).issues(body):
            steps = [step for step in re.split(r"[.\[\]]+", issue.path) if step]
            at = "".join(f"/{'items' if step.isdigit() else f'properties/{escape(step)}'}" for step in steps)
            value = _value(body, steps)
            parent, key = place(model.document, {"at": at})
            self.faults.append(Fault(self.page.file, example.at, f"is not valid by the schema: {issue}"))
            if issue.rule == "required":
                holder = _at(model.document, at.rpartition("/properties/")[0])
                holder["required"] = [wire for wire in holder.get("required") or [] if wire != steps[-1]]
            elif parent is not None and key in parent and isinstance(value, (str, int, float)):
                form = {"enum": [value]} if issue.rule == "enum" else {"type": _KINDS[type(value)]}
                known = model.document["x-kie"].setdefault("accepts", [])
                known.append({"at": at, "also": form, "seen": "an example of the vendor"})

    def _facts(self) -> Document:
        page, about = self.page, self.about
        words = slug_of(" ".join((*about.tasks, page.title, page.folder, self.name))).replace("_", "-")
        categories = sorted(c for c in CATEGORIES if re.search(rf"(^|-){c}(-|$)", words))
        guessed = next((kind for told, kind in RESULTS if re.search(told, f"{' '.join(categories)} {words}")), "json")
        if about.result not in (None, *RESULT_KINDS):
            raise _failed(page, "", f"{about.result!r} is not one of {', '.join(sorted(RESULT_KINDS))}")
        folder = "" if page.folder in ("Market", "") else page.folder.rpartition("/")[2]
        provider = clean(about.provider or folder or self.name.partition("/")[0], 80)
        return {
            "model": self.name,
            "lifecycle": "jobs",
            "result": about.result or guessed,
            "provider": provider or self.name,
            "categories": categories,
            "status": "active",
            "curated": False,
            "guessed": ["categories"] if about.result else ["categories", "result"],
            "sources": [
                {
                    "page": clean(about.source or page.source or page.file, 300) or "unknown",
                    "captured": clean(page.captured or self.captured, 40) or "unknown",
                }
            ],
            "media": self.media,
            **({"accepts": self.accepts} if self.accepts else {}),
        }

    def _object(self, schema: Document, at: str, path: str) -> Document:
        """Make the keywords of an object. A required field with a default is optional: the service fills it in."""
        given: Document = schema.get("properties") or {}
        fields: Document = {}
        for wire, field in given.items():
            here = f"{at}/properties/{escape(wire)}"
            self.fields += 1
            if self.fields > MOST_FIELDS:
                raise _failed(self.page, here, f"is one of more than {MOST_FIELDS} fields: too many for one model")
            if len(wire) > 200 or clean(wire) != wire:
                self.fault(here, "has a name that cannot be a field's; it was left out")
                continue
            if prose.CALLBACK.search(wire):
                self.fault(here, "is the callback URL, which is never a field of a request; it was left out")
                continue
            if field.get("nullable"):
                self.accepts.append({"at": here, "also": {"type": "null"}, "seen": "the vendor's schema"})
            fields[wire] = {**self._field(wire, field, here, f"{path}{wire}"), "description": _described(wire, field)}
        required = [wire for wire in schema.get("required") or [] if wire in fields]
        return {
            "type": "object",
            "additionalProperties": False,
            "required": [wire for wire in required if "default" not in given[wire] and not given[wire].get("nullable")],
            "properties": fields,
        }

    def _field(self, wire: str, field: Document, at: str, path: str) -> Document:
        media = prose.is_media(wire, field)
        node = self._node(wire, field, at, path)
        if (
            media
            and node.get("type") in ("string", "array")
            and (node.get("items") or {}).get("type") in (None, "string")
        ):
            self.media[path] = {"kind": prose.of_media(path, field).facts.get("kind", "file")}
        if field.get("deprecated") is True:
            node["deprecated"] = True
        return node

    def _node(self, wire: str, field: Document, at: str, path: str, level: int = 0) -> Document:
        kinds = field.get("kinds") or field.get("types") or []
        if field.get("merged") or len(kinds) > 1:
            known = [{"type": kind} for kind in kinds]
            return {"anyOf": known if len(known) > 1 else ANY}
        kind = str(field.get("type"))
        if kind == "object" and field.get("properties") and level < MOST_NESTED and path.count(".") < MOST_NESTED:
            return {
                "title": self._title(wire, path),
                "description": _described(wire, field),
                **self._object(field, at, f"{path}."),
            }
        if kind == "object":
            return {"anyOf": [{"type": "object"}]}
        if kind == "array":
            inner = field.get("items")
            if not isinstance(inner, dict) or inner.get("nullable") or level >= MOST_NESTED:
                return {"anyOf": [{"type": "array"}]}
            items = self._node(wire, inner, f"{at}/items", path, level + 1)
            return {"type": "array", **self._bounds(field, kind, at), "items": items}
        if kind in BOUNDS:
            return {"type": kind, **self._enum(field, kind, at), **self._bounds(field, kind, at)}
        return {"anyOf": ANY}

    def _title(self, wire: str, path: str) -> str:
        """A unique name in the module for the class of a nested object."""
        word = class_name(wire)
        word = word[:-1] if word.endswith("s") and len(word) > 2 else word
        prefix = self.title + "".join(self.above.get(path.rpartition(".")[0], ()))
        title, number = word, 2
        while {f"{prefix}{title}", f"{prefix}{title}Dict"} & (self.titles | _IMPORTED):
            title, number = f"{word}{number}", number + 1
        self.titles |= {f"{prefix}{title}", f"{prefix}{title}Dict"}
        self.above[path] = (*self.above.get(path.rpartition(".")[0], ()), title)
        return title

    def _enum(self, field: Document, kind: str, at: str) -> Document:
        values = field.get("enum")
        if not values:
            return {}
        kinds: dict[str, Any] = {"string": str, "integer": int, "number": (int, float), "boolean": bool}
        fitting = [v for v in values if isinstance(v, kinds[kind]) and (kind == "boolean") == isinstance(v, bool)]
        odd = any(clean(value, 10_000) != str(value) for value in fitting)
        if len(fitting) < len(values) or odd or len(values) > MOST_VALUES or not all(map(_finite, fitting)):
            self.fault(f"{at}/enum", "is not a list of values that can be written down; any value is taken")
            return {}
        return {"enum": fitting}

    def _bounds(self, field: Document, kind: str, at: str) -> Document:
        found: Document = {}
        for key in BOUNDS[kind]:
            if key not in field:
                continue
            value = field[key]
            if key == "pattern":
                fits = isinstance(value, str) and len(value) <= LONGEST_TEXT and _compiles(value)
            elif key == "uniqueItems":
                fits = value is True
            else:
                fits = _finite(value) and not (key == "multipleOf" and value <= 0)
            if fits:
                found[key] = value
            elif value is not False:
                self.fault(f"{at}/{key}", "is not a bound that can be checked; it was left out")
        return {key: value for key, value in found.items() if not (key in ("minLength", "minItems") and value == 0)}


def _wires(schema: Document) -> Iterator[str]:
    """Yield the wire names of all fields, nested ones included."""
    for wire, field in (schema.get("properties") or {}).items():
        yield wire
        inner = field
        while isinstance(inner.get("items"), dict):
            inner = inner["items"]
        yield from _wires(inner)


def _names(wires: dict[str, None]) -> dict[str, str]:
    """Unusual Python names of fields: each name on the wire gets a Python name of its own."""
    usual = {wire: python_name(wire, {}) for wire in wires}
    taken = {wire for wire, name in usual.items() if name == wire and _is_name(name)}
    found: dict[str, str] = {}
    for wire, plain in usual.items():
        if wire in taken:
            continue
        base = plain if plain.isidentifier() and plain.isascii() else f"field_{plain}"
        base = base if _is_name(base) else re.sub(r"\W", "", f"{base}_", flags=re.ASCII)
        name, number = base, 2
        while name in taken:
            name, number = f"{base.rstrip('_')}_{number}", number + 1
        taken.add(name)
        if name != plain:
            found[wire] = name
    return found


def _is_name(name: str) -> bool:
    return name.isidentifier() and name.isascii() and name not in _HIDDEN


def _described(wire: str, field: Document) -> str:
    """The vendor's description of a field, with the service's default."""
    given = clean(field.get("description") or "") or f"The vendor says nothing about {clean(wire)}."
    if "default" not in field or isinstance(field["default"], (dict, list)):
        return given
    closed = given if given.endswith((".", "!", "?")) else f"{given}."
    return f"{closed} The service's default is {clean(field['default'], 200)}."


def _value(body: Node, steps: list[str]) -> Node:
    """The value at a place of a body; None if there is none."""
    for step in steps:
        if isinstance(body, list) and step.isdigit() and int(step) < len(body):
            body = body[int(step)]
        else:
            body = body.get(step) if isinstance(body, dict) else None
    return body


def _at(document: Document, pointer: str) -> Document:
    """The object at a pointer, or an empty one."""
    node: Node = document
    for part in pointer.split("/")[1:]:
        node = node.get(part.replace("~1", "/").replace("~0", "~")) if isinstance(node, dict) else None
    return node if isinstance(node, dict) else {}


def _finite(value: Node) -> bool:
    """Whether a value can be written as a literal: a text, or a number that every parser reads the same way."""
    return isinstance(value, str) or (math.isfinite(value) and abs(value) <= 2**53)


def _compiles(pattern: str) -> bool:
    try:
        re.compile(pattern)
        jsonschema_rs.Draft202012Validator({"pattern": pattern}).is_valid("")
    except (re.error, ValueError, RecursionError, OverflowError):
        return False
    return True
