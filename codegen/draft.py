"""Drafts a model file from a page: it holds the facts that could be read, and blanks for a person to fill in.

No sentence of the vendor is copied. Descriptions, reasons and messages stay empty, and the compiler refuses the file
until they are written. A figure that only the page's text contains is marked with the place it was read from.
"""

from __future__ import annotations

import re
from pathlib import Path

import attrs
import jsonschema_rs
from ruamel.yaml.comments import CommentedMap

from kie._core.schema import MESSAGE, Schema

from . import prose
from .dialect import CATEGORIES
from .layout import comment, flow, flow_map, neutral, readable, render, text
from .pages import Page
from .source import CompileFailed, Document, Fault, Node, class_name, escape, read, slug_of

TODO = "to be written"
RESULTS = {"image": "image", "video": "video", "music": "audio", "audio": "audio"}
BELONGS = {
    "string": {"minLength", "maxLength", "pattern"},
    "integer": {"minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "multipleOf"},
    "number": {"minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "multipleOf"},
    "array": {"minItems", "maxItems", "uniqueItems"},
    "boolean": set(),
    "object": set(),
}
RESTRICTING = set().union(*BELONGS.values())
PYTHON: dict[str, type | tuple[type, ...]] = {
    "string": str,
    "integer": int,
    "number": (int, float),
    "boolean": bool,
    "array": list,
    "object": dict,
}


@attrs.frozen
class Draft:
    """The text of a model file, and what could not be read from the page."""

    name: str
    """The model's id, or the name of its operation."""
    text: str
    faults: tuple[Fault, ...]


def draft(page: Page) -> Draft:
    """Draft a model file. `faults` lists what could not be read, with its place in the page."""
    return _Drafter(page).draft()


def target(into: Path, name: str, openapi: Path) -> Path:
    """The path for a draft. Raises `CompileFailed` if a file is there, or another file describes the model."""
    path = into
    if into.suffix not in (".yaml", ".yml"):
        parts = [part for part in re.split(r"[^\w.-]+", name) if part.strip(".")]
        if len(parts) > 1 and parts[0] == into.name:
            parts = parts[1:]
        path = into / f"{'-'.join(parts)}.yaml"
    if path.exists():
        raise CompileFailed(
            [Fault(str(path), "", "exists and is never overwritten; draft to stdout, or name another file with --into")]
        )
    if openapi.exists():
        for model in read(openapi)[0].models:
            if model.id == name or model.slug == slug_of(name):
                where = openapi / model.file
                message = f"describes {name} already; draft to stdout and compare, or see `python -m codegen drift`"
                raise CompileFailed([Fault(str(where), "", message)])
    return path


def _map(**items: Node) -> CommentedMap:
    return CommentedMap(items)


class _Drafter:
    """Builds the document, and records what it took from the text and what it left out."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.faults = list(page.faults)
        self.notes: list[CommentedMap] = []
        self.media = CommentedMap()
        self.from_text: dict[str, CommentedMap] = {}
        """Bounds read from the text, by pointer, with the node that holds each."""
        parts = [part for part in re.split(r"/+", page.path) if part not in ("", "api", "v1")]
        self.name = page.models[0] if page.models else "/".join(parts) or slug_of(page.title) or "unnamed"

    def fault(self, at: str, message: str) -> None:
        place = f"/properties/input{at}" if self.page.models else at
        self.faults.append(Fault(self.page.file, place, message))

    def note(self, at: str, vendor: object) -> None:
        """Note a place where the draft differs from the page. The author has to write the reason."""
        self.notes.append(_map(at=at, vendor=text(vendor), why=None))

    def draft(self) -> Draft:
        page = self.page
        if len(page.models) > 1:
            self.faults.append(
                Fault(page.file, "/properties/model", f"is one of {len(page.models)} ids; the draft is for {self.name}")
            )
        if page.input.get("properties") is None:
            self.fault("", "the input is not an object with fields")
        root = self._object(page.input, "", "")
        rules = self._rules()
        examples = self._examples(root, rules)
        document = CommentedMap()
        document["$schema"] = "https://json-schema.org/draft/2020-12/schema"
        document["$id"] = text(f"kie:models/{self.name}")
        document["title"] = class_name(self.name)
        document["description"] = None
        document["x-kie"] = self._facts(examples)
        document.update(root)
        if rules:
            document["allOf"] = rules
        comment(document, f"{TODO}: what the model makes of what", "description")
        document.yaml_set_start_comment(
            f"Drafted from {page.file}. Empty places are to be written by the author, in words of their own;\n"
            "until then the compiler refuses this file."
        )
        return Draft(self.name, render(document), tuple(dict.fromkeys(self.faults)))

    def _facts(self, examples: list[Node]) -> CommentedMap:
        page, facts = self.page, CommentedMap()
        kind = re.search(r"\b(image|video|music|audio)\s+models?\b", page.folder, re.IGNORECASE)
        provider = " ".join(page.folder.rpartition("/")[2].split())
        words = slug_of(f"{self.name} {page.title}").replace("_", "-")
        categories = sorted(c for c in CATEGORIES if re.search(rf"(^|-){c}(-|$)", words))
        if page.models:
            facts["model"] = text(self.name)
        facts["lifecycle"] = "jobs" if page.models else None
        facts["result"] = RESULTS[kind[1].lower()] if kind else None
        facts["provider"] = text(provider) if provider else None
        facts["categories"] = flow([text(category) for category in categories])
        facts["status"] = "active"
        facts["sources"] = [_map(page=text(page.source or page.file), captured=text(page.captured) or None)]
        facts["curation"] = self.notes
        facts["media"] = self.media
        facts["references"] = flow_map({})
        facts["examples"] = examples
        comments = {
            "lifecycle": "a row of lifecycles.yaml",
            "result": "what run() returns",
            "provider": "who made the model",
            "categories": "what the model does",
        }
        for key, what in comments.items():
            if not facts[key]:
                comment(facts, f"{TODO}: {what}", key)
        if kind:
            comment(facts, "by the page's folder", "result")
        if provider:
            comment(facts, "by the page's folder", "provider")
        if not page.captured:
            comment(facts["sources"][0], f"{TODO}: the day", "captured")
        return facts

    def _object(self, schema: Document, at: str, path: str) -> CommentedMap:
        """Make the keywords of an object. A required field with a default becomes optional: its default is sent."""
        node = _map(type="object", additionalProperties=False)
        fields = CommentedMap()
        for name, field in (schema.get("properties") or {}).items():
            here = f"{at}/properties/{escape(name)}"
            if prose.CALLBACK.search(name):
                if self.page.models:
                    self.fault(here, "is the callback URL, which is never a field of a request; it was left out")
                continue
            needed = name in (schema.get("required") or ())
            fields[name] = self._field(name, field, here, f"{path}{name}", required=needed)
        required = [name for name in schema.get("required") or [] if name in fields]
        also = [name for name in required if "default" in fields[name]]
        if also:
            self.note(f"{at}/required", f"also {', '.join(also)}")
        node["required"] = flow([text(name) for name in required if name not in also])
        node["properties"] = CommentedMap({text(name): field for name, field in fields.items()})
        return node

    def _field(self, name: str, field: Document, at: str, path: str, *, required: bool) -> CommentedMap:
        if "written" in field:
            self.note(at, f"the name is written {field['written']!r}")
        inner = field.get("items", field)
        for message in prose.untold(field, required):
            self.fault(at, message)
        if prose.is_media(name, field):
            node = self._media_field(field, at, path)
        elif field.get("types"):
            node = _map(anyOf=[_map(type=kind) for kind in field["types"]])
        elif field.get("type") == "array":
            node = _map(type="array")
            self._bounds(field, node, at)
            if inner is not field:
                node["items"] = self._item(name, inner, f"{at}/items", path)
        elif field.get("type") == "object":
            node = self._nested(name, field, at, path)
        else:
            node = self._scalar(field, at)
        self._default(field, node, at)
        if field.get("deprecated") is True:
            node["deprecated"] = True
        if "description" not in node:
            node["description"] = None
            comment(node, TODO, "description")
        if "items" in node:
            node.move_to_end("items")
        return node

    def _item(self, name: str, field: Document, at: str, path: str) -> CommentedMap:
        if field.get("type") == "object":
            return self._nested(name, field, at, path)
        if field.get("type") == "array":
            node = _map(type="array")
            self._bounds(field, node, at)
            if "items" in field:
                node["items"] = self._item(name, field["items"], f"{at}/items", path)
            return node
        return self._scalar(field, at)

    def _nested(self, name: str, field: Document, at: str, path: str) -> CommentedMap:
        if not field.get("properties"):
            self.fault(at, "is an object without fields")
        title = class_name(name)
        body = self._object(field, at, f"{path}.")
        node = _map(title=title[:-1] if title.endswith("s") and len(title) > 2 else title, **body)
        node["description"] = None
        comment(node, TODO, "description")
        node.move_to_end("required")
        node.move_to_end("properties")
        return node

    def _scalar(self, field: Document, at: str) -> CommentedMap:
        node = CommentedMap()
        if field.get("type"):
            node["type"] = field["type"]
        if field.get("enum"):
            node["enum"] = flow([text(value) for value in field["enum"]])
        self._bounds(field, node, at)
        return node

    def _media_field(self, field: Document, at: str, path: str) -> CommentedMap:
        """Make a field that takes URLs: the shared definition, with the limits that the text states."""
        array = field.get("type") == "array"
        inner, place = (field.get("items") or {}, f"{at}/items") if array else (field, at)
        reference = _map(**{"$ref": "../../shared.yaml#/$defs/media_url"})
        if inner.get("type") != "string":
            self.note(f"{place}/type", inner.get("type") or "none")
        if inner.get("pattern"):
            self.note(f"{place}/pattern", inner["pattern"])
        for key in ("minLength", "maxLength"):
            if inner.get(key):
                reference[key] = inner[key]
        node = reference
        if array:
            node = _map(type="array")
            self._bounds(field, node, at)
            node["items"] = reference
        read = prose.of_media(path, field)
        self._report(read, at, node, field)
        facts = CommentedMap(read.facts)
        if "formats" in facts:
            facts["formats"] = flow(facts["formats"])
        self.media[text(path)] = facts
        if len(facts) > 1:
            comment(facts, f"the limits stand in the text of {path}", "kind")
        return node

    def _bounds(self, field: Document, node: CommentedMap, at: str) -> None:
        """Add the bounds of the schema or, if it has none, those of the text, marked as such."""
        kind = str(field.get("type"))
        for key in sorted(RESTRICTING & set(field)):
            if key not in BELONGS.get(kind, RESTRICTING):
                self.fault(f"{at}/{key}", f"does not belong to a field of type {kind}; it was left out")
            elif key == "pattern" and not _compiles(field[key]):
                self.fault(f"{at}/pattern", "is not a regular expression that can be checked; it was left out")
            elif not (key in ("minLength", "minItems") and field[key] == 0):
                node[key] = text(field[key])
        read = prose.of_field(field)
        for key, value in read.facts.items():
            if key in field:
                if field[key] != value and not {field[key], value} <= {0}:
                    self.fault(
                        f"{at}/{key}", f"is {field[key]} in the schema and {value} in the text; the schema was read"
                    )
            elif not (key.startswith("min") and value == 0 and key != "minimum"):
                node[key] = value
                comment(node, f"stands in the text of {at}", key)
                self.from_text[f"{at}/{key}"] = node
        if not prose.is_media(at.rpartition("/")[2], field):
            self._report(read, at, node, field)

    def _report(self, read: prose.Reading, at: str, node: CommentedMap, field: Document) -> None:
        for key in read.several:
            if key not in field:
                self.fault(at, f"the text has more than one figure for {key}; the wider one was read")
        known = {str(value) for key, value in node.items() if key != "description"}
        known |= {str(value) for value in [field.get("default"), *field.get("enum", [])]}
        known |= {str(field[key]) for key in RESTRICTING & set(field)}
        rest = [figure for figure in read.unread if figure not in known]
        if rest:
            self.fault(at, f"figures and names in the text that were not read: {', '.join(rest)}")

    def _default(self, field: Document, node: CommentedMap, at: str) -> None:
        """Add the default if it can be sent. Otherwise add a note."""
        if "default" not in field:
            return
        value, kind = field["default"], field.get("type")
        fits = (str(kind) not in PYTHON or isinstance(value, PYTHON[str(kind)])) and (kind == "boolean") == isinstance(
            value, bool
        )
        if field.get("enum") and value not in field["enum"]:
            self.fault(f"{at}/default", f"{value!r} is not among the values; it was left out")
        elif kind in ("array", "object") or "$ref" in node:
            pass
        elif not fits:
            self.fault(f"{at}/default", f"{value!r} is not of type {kind}; it was left out")
        else:
            node["default"] = text(value)
            return
        self.note(f"{at}/default", value)

    def _rules(self) -> list[CommentedMap]:
        """Make rules from alternatives of the schema, which require at least one of several sets of fields."""
        fields = self.page.input.get("properties") or {}
        rules = []
        for sets in self.page.input.get("alternatives") or []:
            options = [[name for name in names if name in fields] for names in sets]
            if all(options) and len(options) > 1:
                branches = [_map(required=flow([text(name) for name in names])) for names in options]
                rules.append(_map(anyOf=branches, **{MESSAGE: None}))
                comment(rules[-1], f"{TODO}: one of them is needed", MESSAGE)
        return rules

    def _examples(self, root: CommentedMap, rules: list[CommentedMap]) -> list[Node]:
        """Collect the page's requests that the draft accepts, with their texts and URLs replaced."""
        found: list[Node] = []
        for example in self.page.examples:
            body: Node = example.body
            if self.page.models:
                if body.get("model") not in (None, *self.page.models):
                    continue  # reported by the reader
                body = body.get("input")
            if not isinstance(body, dict):
                self.faults.append(Fault(self.page.file, example.at, "has no input"))
                continue
            shown = {key: value for key, value in body.items() if self.page.models or not prose.CALLBACK.search(key)}
            plain = neutral(shown, "", self.page.input)
            if self._valid(plain, example.at, root, rules) and plain not in found:
                found.append(plain)
        return [readable(example) for example in found]

    def _valid(self, example: Document, at: str, root: CommentedMap, rules: list[CommentedMap]) -> bool:
        """Whether the draft accepts an example. A bound from the text that it breaks was misread, and is removed."""
        schema = _compiled(root, rules)
        if schema is None:
            self.faults.append(Fault(self.page.file, at, "could not be checked: the draft is not a valid schema yet"))
            return False
        broken = {}
        for issue in schema.issues(example):
            place = "".join(
                f"/{'items' if step.isdigit() else f'properties/{escape(step)}'}" for step in _steps(issue.path)
            )
            broken[f"{place}/{issue.rule}"] = issue
        misread = [place for place in broken if place in self.from_text]
        for place in misread:
            del self.from_text[place][place.rpartition("/")[2]]
            del self.from_text[place]
            self.fault(place, "stands in the text, but an example breaks it; it was left out")
        if misread:
            return self._valid(example, at, root, rules)
        for issue in broken.values():
            self.faults.append(Fault(self.page.file, at, f"is not valid and was left out: {issue}"))
        return not broken


def _steps(path: str) -> list[str]:
    return [step for step in re.split(r"[.\[\]/]+", path.removeprefix("$")) if step]


def _compiled(root: CommentedMap, rules: list[CommentedMap]) -> Schema | None:
    document = _expand(
        {
            **root,
            **(
                {"allOf": [{**rule, MESSAGE: "one of several sets of fields is needed"} for rule in rules]}
                if rules
                else {}
            ),
        }
    )
    try:
        return Schema(document)
    except (ValueError, jsonschema_rs.ValidationError, jsonschema_rs.ReferencingError):
        return None


def _expand(node: Node) -> Node:
    """Convert a draft to plain data, without comments, references and blanks."""
    if isinstance(node, dict):
        if "$ref" in node:
            node = {
                "type": "string",
                "pattern": "^(https?|asset|oss)://",
                **{k: v for k, v in node.items() if k != "$ref"},
            }
        return {str(key): _expand(value) for key, value in node.items() if value is not None}
    if isinstance(node, list):
        return [_expand(item) for item in node]
    return str(node) if isinstance(node, str) else node


def _compiles(pattern: str) -> bool:
    try:
        Schema({"type": "object", "properties": {"x": {"type": "string", "pattern": pattern}}}).issues({"x": ""})
    except (ValueError, jsonschema_rs.ValidationError):
        return False
    return True
