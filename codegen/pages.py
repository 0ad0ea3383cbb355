"""Reads what the vendor publishes: documentation pages (Markdown around OpenAPI), and captures of them (YAML).

A page is written by people and exported by a tool, so nothing about it is certain. What can be read is brought into one
plain form; what cannot is kept as a fault with its place in the page. Only a page without any request is refused.
"""

from __future__ import annotations

import datetime
import json
import re
import warnings
from collections.abc import Iterable, Iterator
from pathlib import Path

import attrs
import yaml
from markdown_it import MarkdownIt
from ruamel.yaml import YAML
from ruamel.yaml.constructor import DuplicateKeyError

from codegen.source import METHODS, CompileFailed, Document, Fault, Node, escape, slug_of

MARKET_PATH = "/api/v1/jobs/createTask"
ABSENT = "(not in this copy)"
MOST_NODES, MOST_LEVELS = 50_000, 60
TYPES = ("string", "integer", "number", "boolean", "array", "object")
COUNTS = ("minLength", "maxLength", "minItems", "maxItems")
NUMBERS = ("minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "multipleOf")
KEPT = ("description", "default", "deprecated", "pattern", "format", "uniqueItems")
IGNORED = {"title", "example", "examples", "nullable", "additionalProperties", "readOnly", "writeOnly", "externalDocs"}
IGNORED |= {"xml", "discriminator", "$schema", "$id", "$comment", "required", "type", "enum", "const", "properties"}
IGNORED |= {"items", "allOf", "oneOf", "anyOf", "$ref", *COUNTS, *NUMBERS, *KEPT}
OWN = "x-apidog-"
OWN_NAME = re.compile(r"01[0-9A-HJKMNP-TV-Z]{24}")


@attrs.frozen
class Example:
    """A request that the page shows, and where."""

    at: str
    body: Document


@attrs.frozen
class Page:
    """One task-creating operation as the vendor documents it."""

    file: str
    title: str
    operation: str
    folder: str
    """Where the vendor files it, such as `Market/Video Models/Kling`."""
    path: str
    models: tuple[str, ...]
    """The ids on the wire; empty for an endpoint of its own."""
    declared: tuple[str, ...]
    """The ids that the schema itself allows: wrong on some pages."""
    input: Document
    """The schema of the input, in plain form. Beside our keywords: `alternatives`, sets of fields of which one is
    needed; `written`, a name with stray spaces; `types`, several types of one field."""
    examples: tuple[Example, ...]
    faults: tuple[Fault, ...]
    """What could not be read."""
    source: str = ""
    captured: str = ""


def read_folder(folder: Path) -> tuple[list[Page], list[Fault]]:
    """Every page and capture in a folder, and what is none."""
    pages, faults = [], []
    for path in sorted([*folder.glob("*.yaml"), *folder.glob("*.md")]):
        try:
            pages.append(read_page(path))
        except CompileFailed as failure:
            faults += failure.faults
    return pages, faults


def read_page(path: Path) -> Page:
    """Read a page (`.md`) or a capture (`.yaml`). Raises `CompileFailed` if there is no request to be found."""
    try:
        text = path.read_bytes().decode("utf-8-sig")
    except OSError as error:
        raise CompileFailed([Fault(path.name, "", f"cannot be read: {error.strerror}")]) from None
    except UnicodeDecodeError as error:
        raise CompileFailed([Fault(path.name, "", f"is not UTF-8 text at byte {error.start}")]) from None
    return (parse_capture if path.suffix in (".yaml", ".yml") else parse_page)(text, path.name)


def parse_capture(text: str, file: str) -> Page:
    """A capture: the request's schema and its example, with the page and the day they come from."""
    try:
        document = yaml.load(text, getattr(yaml, "CSafeLoader", yaml.SafeLoader))
    except (yaml.YAMLError, ValueError, RecursionError) as error:
        raise _failed(file, "", f"is not YAML: {_line(error)}") from None
    if not isinstance(document, dict) or not isinstance(document.get("request_schema"), dict):
        raise _failed(file, "", "is no capture: it has no request_schema")
    reader = _Reader(file, _plain(document, file))
    shown = reader.document.get("example")
    several = isinstance(shown, dict) and shown and all(isinstance(e, dict) and "value" in e for e in shown.values())
    media = {"schema": reader.document["request_schema"], ("examples" if several else "example"): shown}
    if shown in (None, ABSENT):
        del media["example"]
    page = reader.page(
        title=str(document.get("title") or ""),
        operation="",
        folder=str(document.get("folder") or ""),
        path=str(document.get("path") or ""),
        media=media,
        known=str(document.get("model") or ""),
    )
    return attrs.evolve(
        page, source=str(document.get("source_page") or ""), captured=str(document.get("captured") or "")
    )


def parse_page(text: str, file: str) -> Page:
    """A page: the first block that describes an operation with a request; blocks of JSON are examples of it."""
    title, blocks = "", []
    tokens = MarkdownIt().parse(text)
    for index, token in enumerate(tokens):
        if token.type == "heading_open" and token.tag == "h1" and not title:
            title = " ".join(tokens[index + 1].content.split())
        if token.type in ("fence", "code_block"):
            blocks.append((token.map[0] + 1 if token.map else 0, token.content))
    faults: list[Fault] = []
    reader, extra = None, []
    for line, content in blocks:
        try:
            document = _load(content, file, f"line {line}", faults)
        except CompileFailed as failure:
            faults += failure.faults
            continue
        if not isinstance(document, dict):
            continue
        if reader is None and isinstance(document.get("paths"), dict):
            reader = _Reader(file, document)
        elif isinstance(document.get("input"), dict):
            extra.append(Example(f"/line {line}", document))
    if reader is None:
        raise CompileFailed([*faults, Fault(file, "", "holds no OpenAPI block that describes a request")])
    return reader.operation(title, extra, faults)


def _failed(file: str, at: str, message: str) -> CompileFailed:
    return CompileFailed([Fault(file, at, message)])


def _line(error: Exception) -> str:
    """What a YAML library says, in one line, without an excerpt of the page."""
    problem, mark = getattr(error, "problem", None), getattr(error, "problem_mark", None)
    text = str(problem or str(error).splitlines()[0] if str(error) else type(error).__name__)
    return f"{text}, line {mark.line + 1}" if mark is not None else text


def _load(text: str, file: str, at: str, faults: list[Fault]) -> Node:
    """Read YAML 1.2, in which `16:9`, `on` and `no` are text. Raises `CompileFailed`."""
    for doubled in (False, True):
        reader = YAML(typ="safe", pure=True)
        reader.allow_duplicate_keys = doubled
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")  # about anchors that hide others, and the like
                return _plain(reader.load(text), file)
        except DuplicateKeyError as error:
            faults.append(Fault(file, "", f"{at}: a key is there twice ({_line(error)}); one of them was read"))
        except CompileFailed:
            raise
        except RecursionError:
            raise _failed(file, "", f"{at}: is nested too deeply") from None
        except Exception as error:  # the library raises whatever a constructor of its own stumbles over
            raise _failed(file, "", f"{at}: is not YAML: {_line(error)}") from None
    raise AssertionError("the second reading allows what stopped the first")


def _plain(document: Node, file: str) -> Node:
    """A copy of JSON's types only, without shared parts. Raises `CompileFailed` if anchors make it endless or huge."""
    count = 0

    def copy(node: Node, level: int) -> Node:
        nonlocal count
        count += 1
        if count > MOST_NODES or level > MOST_LEVELS:
            raise _failed(file, "", "is too large or refers to itself: anchors are repeated without end")
        match node:
            case dict():
                return {str(key): copy(value, level + 1) for key, value in node.items()}
            case list() | tuple() | set():
                return [copy(value, level + 1) for value in node]
            case datetime.date():
                return node.isoformat()
            case None | bool() | int() | float() | str():
                return node
            case _:
                return str(node)

    return copy(document, 0)


class _Reader:
    """Reads one document; collects what it cannot read."""

    def __init__(self, file: str, document: Document) -> None:
        self.file = file
        self.document = document
        self.faults: list[Fault] = []
        self.spelt: dict[str, str] = {}
        """How a field's name is written, where that is not how it is read."""

    def fault(self, at: str, message: str) -> None:
        self.faults.append(Fault(self.file, at, message))

    def operation(self, title: str, extra: list[Example], faults: list[Fault]) -> Page:
        """The first operation that takes a body."""
        self.faults += faults
        found = []
        for path, item in self.document["paths"].items():
            for method in METHODS:
                operation = item.get(method) if isinstance(item, dict) else None
                if isinstance(operation, dict) and operation.get("requestBody"):
                    found.append((f"/paths/{escape(path)}/{method}", path, operation))
        if not found:
            raise CompileFailed([*self.faults, Fault(self.file, "/paths", "no operation takes a request body")])
        at, path, operation = found[0]
        for other, _, _ in found[1:]:
            self.fault(other, "is a second operation; only the first was read")
        body = self.resolve(operation["requestBody"], f"{at}/requestBody")
        contents = body.get("content") if isinstance(body.get("content"), dict) else {}
        kinds = [kind for kind in contents if "json" in kind] or list(contents)
        if not kinds or not isinstance(contents[kinds[0]], dict):
            raise CompileFailed([*self.faults, Fault(self.file, f"{at}/requestBody", "says nothing about its content")])
        tags = operation.get("tags") if isinstance(operation.get("tags"), list) else []
        folder = str(operation.get("x-apidog-folder") or (tags[0] if tags else "") or "")
        page = self.page(
            title=title or str(operation.get("summary") or ""),
            operation=str(operation.get("operationId") or ""),
            folder=re.sub(r"^docs/[\w-]+/", "", folder),
            path=path,
            media=contents[kinds[0]],
            extra=extra,
        )
        return attrs.evolve(page, faults=tuple(self.faults))

    def page(
        self,
        *,
        title: str,
        operation: str,
        folder: str,
        path: str,
        media: Document,
        extra: Iterable[Example] = (),
        known: str = "",
    ) -> Page:
        """A page from the description of a request's content. Places are JSON Pointers into the request's schema.

        `known` is the model's id where it is known for certain.
        """
        if not isinstance(media.get("schema"), dict):
            raise CompileFailed([*self.faults, Fault(self.file, "", "there is no schema of the request")])
        body = self.resolve(media["schema"], "")
        examples = [*self._examples(media, body), *extra]
        fields = self.resolve_properties(body, "")
        market = bool(known) or path == MARKET_PATH or {"model", "input"} <= set(fields)
        models: tuple[str, ...] = ()
        declared: tuple[str, ...] = ()
        if market:
            hints = {slug_of(text) for text in (operation, title, Path(self.file).stem) if text}
            models, declared = self._models(fields.get("model"), examples, hints, "/properties/model", known)
            if "input" not in fields:
                raise CompileFailed([*self.faults, Fault(self.file, "", "the request has no field `input`")])
            schema = self.schema(fields["input"], "/properties/input")
        else:
            schema = self.schema(body, "")
        return Page(
            file=self.file,
            title=title,
            operation=operation,
            folder=folder,
            path=path,
            models=models,
            declared=declared,
            input=schema,
            examples=tuple(examples),
            faults=tuple(self.faults),
        )

    def resolve(self, node: Node, at: str) -> Document:
        """A node, or what its `$ref` names in this document."""
        seen = set()
        while isinstance(node, dict) and "$ref" in node:
            ref = str(node["$ref"])
            if ref in seen:
                self.fault(f"{at}/$ref", f"{ref} leads back to itself")
                return {}
            seen.add(ref)
            target: Node = self.document
            for part in ref.removeprefix("#").split("/")[1:]:
                key = part.replace("~1", "/").replace("~0", "~")
                target = target.get(key) if isinstance(target, dict) else None
            if not ref.startswith("#/") or not isinstance(target, dict):
                self.fault(f"{at}/$ref", f"{ref} names nothing in this page")
                target = {}
            node = {**target, **{key: value for key, value in node.items() if key != "$ref"}}
        if not isinstance(node, dict):
            self.fault(at, "is not a mapping")
            return {}
        return node

    def resolve_properties(self, node: Document, at: str) -> Document:
        """The fields of an object, their names stripped."""
        fields: Document = {}
        given = node.get("properties")
        if given is not None and not isinstance(given, dict):
            self.fault(f"{at}/properties", "is not a mapping")
        for name, field in (given if isinstance(given, dict) else {}).items():
            clean = name.strip()
            if OWN_NAME.fullmatch(clean) or clean.startswith(OWN):
                continue
            if clean != name:
                self.fault(f"{at}/properties/{escape(name)}", f"the name has stray spaces; {clean!r} was read")
                self.spelt[f"{at}/properties/{escape(clean)}"] = name
            if clean in fields:
                self.fault(f"{at}/properties/{escape(name)}", "is there twice, but for spaces; the first was read")
            fields.setdefault(clean, field)
        own = node.get(f"{OWN}refs")
        for key, reference in (own if isinstance(own, dict) else {}).items():
            behind = self.resolve(reference, f"{at}/{OWN}refs/{escape(key)}").get("properties")
            for name in behind if isinstance(behind, dict) else {}:
                if name.strip() not in fields:
                    self.fault(f"{at}/{OWN}refs/{escape(key)}", f"leads to {name.strip()!r}, which is no field here")
        return fields

    def _models(
        self, field: Node, examples: list[Example], hints: set[str], at: str, known: str
    ) -> tuple[tuple[str, ...], tuple[str, ...]]:
        """The model ids of a page, and those of its schema. Schema, text and examples may differ; that is reported."""
        field = self.resolve(field, at) if field is not None else {}
        listed = field.get("enum") if isinstance(field.get("enum"), list) else []
        declared = [str(v).strip() for v in [*listed, field.get("const"), field.get("default")] if v]
        own = field.get("examples") if isinstance(field.get("examples"), list) else [field.get("example")]
        prose = re.findall(r"`([\w.-]+(?:/[\w.-]+)+)`", str(field.get("description") or ""))
        shown = [str(example.body["model"]).strip() for example in examples if example.body.get("model")]
        others = [known, *declared, *prose, *shown, *(str(value).strip() for value in own if value)]
        names = [name for name in dict.fromkeys(others) if name]
        if not names:
            raise CompileFailed([*self.faults, Fault(self.file, at, "names no model id")])
        if len(names) == 1 or set(names) == {str(v).strip() for v in listed}:
            return tuple(names), tuple(dict.fromkeys(declared))
        fitting = [name for name in names if slug_of(name) in hints]
        chosen = known or (fitting[0] if len(fitting) == 1 else names[0])
        for name in names:
            if name in shown and name != chosen:
                self.fault(at, f"an example is for the model {name!r}; {chosen!r} was read")
            elif name != chosen:
                self.fault(at, f"names the model {name!r}, too; {chosen!r} was read")
        return (chosen,), tuple(dict.fromkeys(declared))

    def _examples(self, media: Document, body: Document) -> Iterator[Example]:
        """Every whole request that is shown beside the schema or in it."""
        for owner in (media, body):
            shown = [("/example", owner["example"])] if owner.get("example") is not None else []
            several = owner.get("examples")
            if isinstance(several, dict):
                shown += [(f"/examples/{escape(name)}", value) for name, value in several.items()]
            elif isinstance(several, list):
                shown += [(f"/examples/{index}", value) for index, value in enumerate(several)]
            for place, value in shown:
                if isinstance(value, dict) and "value" in value:
                    place, value = f"{place}/value", value["value"]  # noqa: PLW2901
                if isinstance(value, str):
                    try:
                        value = _load(value, self.file, place, self.faults)  # noqa: PLW2901
                    except CompileFailed as failure:
                        self.faults += failure.faults
                        continue
                if isinstance(value, dict):
                    yield Example(place, value)
                else:
                    self.fault(place, "is not a request")

    def schema(self, node: Node, at: str, level: int = 0) -> Document:
        """A schema in plain form: our keywords only, names stripped, references and alternatives resolved."""
        if level > MOST_LEVELS // 4:
            self.fault(at, "is nested too deeply, or refers to itself")
            return {}
        node = self.resolve(node, at)
        for key in node:
            if key not in IGNORED and not key.startswith("x-"):
                self.fault(f"{at}/{escape(key)}", "is a keyword that was not read")
        plain = {key: node[key] for key in KEPT if node.get(key) is not None}
        if not isinstance(plain.get("description", ""), str):
            plain["description"] = json.dumps(plain["description"], ensure_ascii=False)
        if not isinstance(plain.get("pattern", ""), str):
            self.fault(f"{at}/pattern", "is not text")
            del plain["pattern"]
        kind = self._type(node, at)
        if kind:
            plain["type"] = kind
        self._enum(node, plain, at)
        self._bounds(node, plain, at)
        if kind == "array":
            items = node.get("items")
            if isinstance(items, list) and items:
                self.fault(f"{at}/items", "is a list of schemas; the first was read")
                items = items[0]
            if isinstance(items, dict):
                plain["items"] = self.schema(items, f"{at}/items", level + 1)
            else:
                self.fault(f"{at}/items", "does not say what the items are")
        branches = [key for key in ("allOf", "oneOf", "anyOf") if key in node]
        if kind == "object":
            self._object(node, plain, at, level)
        if kind != "object" and branches:
            self._merge_field(node, plain, at, branches, level)
        return plain

    def _type(self, node: Document, at: str) -> str | None:
        kind = node.get("type")
        if isinstance(kind, list):
            named = [value for value in kind if value != "null"]
            if len(named) > 1:
                self.fault(f"{at}/type", f"is one of several types; {named[0]} was read")
            kind = named[0] if named else None
        if isinstance(kind, str) and kind.strip().lower() in TYPES:
            return kind.strip().lower()
        branches = [b for key in ("allOf", "oneOf", "anyOf") for b in _list(node.get(key)) if isinstance(b, dict)]
        if "properties" in node or any("properties" in branch for branch in branches):
            guessed = "object"
        elif "items" in node:
            guessed = "array"
        else:
            values = _list(node.get("enum"))
            kinds = {type(value) for value in values}
            guessed = {str: "string", bool: "boolean", int: "integer", float: "number"}.get(
                kinds.pop() if len(kinds) == 1 else object, ""
            )
        if kind is not None:
            self.fault(f"{at}/type", f"{kind!r} is no type" + (f"; {guessed} was read" if guessed else ""))
        elif not guessed and not branches:
            self.fault(f"{at}/type", "is missing")
        return guessed or None

    def _enum(self, node: Document, plain: Document, at: str) -> None:
        values = node.get("enum", [node["const"]] if "const" in node else None)
        own = node.get(f"{OWN}enum")
        if values is None and isinstance(own, list):
            values = [row["value"] for row in own if isinstance(row, dict) and "value" in row] or None
        if values is None:
            return
        if not isinstance(values, list) or any(isinstance(value, dict | list) for value in values):
            self.fault(f"{at}/enum", "is not a list of values")
            return
        values = [value.strip() if isinstance(value, str) else value for value in values if value is not None]
        if plain.get("type") == "string" and any(not isinstance(value, str) for value in values):
            self.fault(f"{at}/enum", "holds values that are not text; they were read as text")
            values = [value if isinstance(value, str) else json.dumps(value) for value in values]
        if plain.get("type") == "array":
            self.fault(f"{at}/enum", "a list of values for a whole array was not read")
        elif values:
            plain["enum"] = list({(type(value), value): value for value in values}.values())

    def _bounds(self, node: Document, plain: Document, at: str) -> None:
        for key in (*COUNTS, *NUMBERS):
            value = node.get(key)
            if value is None:
                continue
            if isinstance(value, bool) and key.startswith("exclusive"):
                bound = "minimum" if key == "exclusiveMinimum" else "maximum"
                if value and isinstance(plain.get(bound), int | float):
                    plain[key] = plain.pop(bound)
                elif value:
                    self.fault(f"{at}/{key}", "has no bound beside it")
                continue
            if isinstance(value, str) and re.fullmatch(r"\s*-?\d+(\.\d+)?\s*", value):
                value = float(value)
            whole = isinstance(value, float) and value.is_integer()
            value = int(value) if whole else value
            wrong = isinstance(value, bool) or not isinstance(value, int | float) or value != value
            if wrong or (key in COUNTS and (not isinstance(value, int) or value < 0)):
                self.fault(f"{at}/{key}", "is not a bound that can be read")
                continue
            plain[key] = value
        for low, high in (("minLength", "maxLength"), ("minItems", "maxItems"), ("minimum", "maximum")):
            if low in plain and high in plain and plain[low] > plain[high]:
                self.fault(f"{at}/{low}", f"is above {high}; neither was read")
                del plain[low], plain[high]

    def _object(self, node: Document, plain: Document, at: str, level: int) -> None:
        """Properties and required names, those of alternatives merged in: all fields, and what every one requires."""
        plain["properties"] = {
            name: self.schema(field, f"{at}/properties/{escape(name)}", level + 1)
            for name, field in self.resolve_properties(node, at).items()
        }
        for name, field in plain["properties"].items():
            if (written := self.spelt.get(f"{at}/properties/{escape(name)}")) is not None:
                field["written"] = written
        required = self._required(node, at)
        alternatives: list[list[list[str]]] = []
        for keyword in ("allOf", "oneOf", "anyOf"):
            if keyword not in node:
                continue
            if not isinstance(node[keyword], list):
                self.fault(f"{at}/{keyword}", "is not a list")
                continue
            branches = []
            for index, branch in enumerate(node[keyword]):
                here = f"{at}/{keyword}/{index}"
                if not isinstance(branch, dict) or not {
                    "properties",
                    "required",
                    "allOf",
                    "oneOf",
                    "anyOf",
                    "$ref",
                } & set(branch):
                    self.fault(here, "says nothing about a field; it was left out")
                    continue
                read = self.schema({"type": "object", **branch}, here, level + 1)
                if read.get("type") != "object":
                    self.fault(here, "is not about an object; it was left out")
                    continue
                branches.append(read)
                alternatives += read.get("alternatives", [])
                for name, field in read.get("properties", {}).items():
                    known = plain["properties"].setdefault(name, field)
                    if _facts(known) != _facts(field):
                        self.fault(f"{here}/properties/{escape(name)}", "differs from the field read first; left out")
            needed = [set(branch["required"]) for branch in branches]
            if needed:
                common = set.union(*needed) if keyword == "allOf" else set.intersection(*needed)
                rest = [sorted(names - common - required) for names in needed]
                if keyword != "allOf" and any(rest):
                    alternatives.append(rest)
                required |= common
        fields = plain["properties"]
        for name in sorted(required - set(fields)):
            self.fault(f"{at}/required", f"{name!r} is not a field")
        plain["required"] = [name for name in fields if name in required]
        if alternatives:
            plain["alternatives"] = alternatives

    def _required(self, node: Document, at: str) -> set[str]:
        names = node.get("required", [])
        if not isinstance(names, list) or not all(isinstance(name, str) for name in names):
            self.fault(f"{at}/required", "is not a list of names")
        return {name.strip() for name in _list(names) if isinstance(name, str)}

    def _merge_field(self, node: Document, plain: Document, at: str, branches: list[str], level: int) -> None:
        """Take from alternatives of a field what the field itself does not say."""
        for keyword in branches:
            read = [
                self.schema(branch, f"{at}/{keyword}/{index}", level + 1)
                for index, branch in enumerate(_list(node[keyword]))
                if isinstance(branch, dict) and branch
            ]
            kinds = list(dict.fromkeys(branch["type"] for branch in read if "type" in branch))
            if plain.get("type") is None and keyword != "allOf" and len(kinds) > 1:
                plain["types"] = kinds
                continue
            fitting = [
                branch for branch in read if branch.get("type") in (None, plain.get("type") or (kinds or [None])[0])
            ]
            if len(fitting) < len(_list(node[keyword])):
                self.fault(f"{at}/{keyword}", "does not fit the field; what does not was left out")
            for branch in fitting:
                for key, value in branch.items():
                    plain.setdefault(key, value)


def _list(value: Node) -> list[Node]:
    return value if isinstance(value, list) else []


def _facts(schema: Document) -> Document:
    """A schema without its text."""
    return {
        key: _facts(value) if isinstance(value, dict) else value
        for key, value in schema.items()
        if key not in ("description", "required")
    }
