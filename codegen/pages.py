"""Reads what the vendor publishes, in any of four forms.

These are documentation pages (Markdown around OpenAPI), bare OpenAPI documents, answers of the Models API, and captures
of pages (YAML).

A page is written by people and exported by a tool, so nothing about it is certain. What can be read is converted into
one plain form. What cannot be read is recorded as a fault with its place in the page. Only a page without any request
is refused.

The libraries for Markdown and YAML are imported only for pages that need them. A schema from the Models API does not.
"""

from __future__ import annotations

import datetime
import json
import re
import warnings
from collections.abc import Iterable, Iterator
from pathlib import Path

import attrs

from .schemas import SchemaReader
from .source import METHODS, CompileFailed, Document, Fault, Node, escape, slug_of

MARKET_PATH = "/api/v1/jobs/createTask"
ABSENT = "(not in this copy)"
MOST_NODES, MOST_LEVELS, MOST_DEPTH, MOST_BYTES = 50_000, 60, 500, 5_000_000
LISTING = "models.json"
"""The file in a folder with the vendor's list of models: the service's whole answer, or only its rows."""
CHAT = "Chat"
"""The kind of listed models to ignore: language models, which have endpoints of their own."""
DATA = (".json", ".yaml", ".yml")


@attrs.frozen
class Example:
    """A request that the page shows, and its place there."""

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
    """The ids that the schema itself allows. They are wrong on some pages."""
    input: Document
    """The schema of the input, in plain form. It has these keywords besides ours: `alternatives`, sets of fields of
    which one is needed; `written`, a name with stray spaces; `types`, several types of one field."""
    examples: tuple[Example, ...]
    faults: tuple[Fault, ...]
    """What could not be read."""
    source: str = ""
    captured: str = ""
    silent: bool = False
    """Whether only the schema is known, without the vendor's text and the content of nested objects."""


def read_folder(folder: Path) -> tuple[list[Page], list[Fault]]:
    """Read every page, document and capture in a folder and its subfolders, and list what could not be read.

    Other YAML files are ignored.
    """
    pages, faults = [], []
    for path in sorted(path for path in folder.rglob("*") if path.suffix in (*DATA, ".md") and path.name != LISTING):
        if path.suffix == ".yaml" and not _OPERATION.search(path.read_bytes()):
            continue
        try:
            pages.append(read_page(path))
        except CompileFailed as failure:
            faults += failure.faults
    return pages, faults


_OPERATION = re.compile(rb"^(?:request_schema|request|model|path|paths|openapi|title):", re.M)
"""How a line of an operation's document or capture begins."""


def listed_in(folder: Path) -> frozenset[str] | None:
    """The ids on the list in a folder, without language models. None if there is no list.

    Raises `CompileFailed` if the file does not contain a list.
    """
    path = folder / LISTING
    if not path.exists():
        return None
    try:
        document = json.loads(path.read_bytes())
        rows = document.get("data", document)["models"]
        return frozenset(
            str(row["model"]).strip() for row in rows if row.get("model") and CHAT not in (row.get("taskType") or [])
        )
    except (OSError, ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        message = f"contains no list of models ({type(error).__name__})"
        raise CompileFailed([Fault(path.name, "", message)]) from None


def read_page(path: Path) -> Page:
    """Read a page (`.md`), or a document, an answer or a capture (`.json`, `.yaml`).

    Raises `CompileFailed` if there is no request to be found.
    """
    try:
        if path.stat().st_size > MOST_BYTES:
            raise CompileFailed([Fault(path.name, "", f"is larger than {MOST_BYTES:,} bytes")])
        text = path.read_bytes().decode("utf-8-sig")
    except OSError as error:
        raise CompileFailed([Fault(path.name, "", f"cannot be read: {error.strerror}")]) from None
    except UnicodeDecodeError as error:
        raise CompileFailed([Fault(path.name, "", f"is not UTF-8 text at byte {error.start}")]) from None
    if re.match(r"\s*<(?:!doctype|html|head|\?xml)\b", text, re.IGNORECASE):
        no = {".md": "holds no OpenAPI block", ".json": "is not JSON"}.get(path.suffix, "is not YAML")
        raise CompileFailed([Fault(path.name, "", f"{no}: it is HTML, such as a login page")])
    return (parse_data if path.suffix in DATA else parse_page)(text, path.name)


def parse_data(text: str, file: str) -> Page:
    """Read an OpenAPI document, an answer of the Models API that contains one, or a capture of a page."""
    if _depth(text) > MOST_DEPTH:  # PyYAML's C reader would recurse until the process crashes
        raise _failed(file, "", "is nested too deeply")
    import yaml

    try:
        document = json.loads(text) if file.endswith(".json") else _yaml(text)
    except (yaml.YAMLError, ValueError, RecursionError) as error:
        kind = "JSON" if file.endswith(".json") else "YAML"
        raise _failed(file, "", f"is not {kind}: {_line(error)}") from None
    if not isinstance(document, dict):
        raise _failed(file, "", "holds neither an OpenAPI document nor a capture: it is not a mapping")
    return parse_document(document, file)


def parse_document(document: Document, file: str) -> Page:
    """Read the mapping of a file for `parse_data`. Raises `CompileFailed` if it contains no request."""
    if isinstance(document.get("data"), dict) and "openapi" in document["data"]:
        document = document["data"]
    if "openapi" in document and not isinstance(document.get("paths"), dict):  # an answer of the Models API
        if not isinstance(document["openapi"], dict):
            name = repr(document["model"]) if document.get("model") else "any model: it has no paths"
            raise _failed(file, "/openapi", f"the vendor has no schema of {name}")
        return _document(document["openapi"], file, known=str(document.get("model") or "").strip())
    if isinstance(document.get("paths"), dict):
        return _document(document, file)
    return _capture(document, file)


def _document(document: Document, file: str, known: str = "") -> Page:
    """Read a bare OpenAPI document. `known` is the id of the model, if an answer names it."""
    plain = _plain(document, file)
    if not isinstance(plain.get("paths"), dict):
        raise _failed(file, "/paths", "is not a mapping")
    info = plain.get("info") if isinstance(plain.get("info"), dict) else {}
    page = _Reader(file, plain).operation("", [], [], known)
    return attrs.evolve(page, title=page.title or str(info.get("title") or ""))


def _capture(document: Document, file: str) -> Page:
    """Read a capture: the request's schema and its example, with the page and the day they come from."""
    reader = _Reader(file, _plain(document, file))
    media = _captured_request(reader.document)
    if media is None:
        message = "is neither an OpenAPI document nor a capture: it has no paths, no request_schema and no request"
        raise _failed(file, "", message)
    page = reader.page(
        title=str(document.get("title") or ""),
        operation="",
        folder=str(document.get("folder") or ""),
        path=str(document.get("path") or ""),
        media=media,
        known=str(document.get("model") or ""),
    )
    return attrs.evolve(
        page,
        source=str(document.get("source_page") or ""),
        captured=str(document.get("captured") or document.get("listed") or ""),
        silent="input" in document or "schema only" in str(document.get("note")),
    )


def _captured_request(document: Document) -> Document | None:
    """The description of the request's content, in either form of captures."""
    contents = document.get("request")
    for kind, content in (contents if isinstance(contents, dict) else {}).items():
        if "json" in kind and isinstance(content, dict):
            return dict(content)
    if isinstance(document.get("input"), dict):
        return {"schema": {"properties": {"model": {}, "input": {"properties": document["input"]}}}}
    if not isinstance(document.get("request_schema"), dict):
        return None
    shown = document.get("example")
    if not shown or shown == ABSENT:
        return {"schema": document["request_schema"]}
    several = isinstance(shown, dict) and all(isinstance(one, dict) and "value" in one for one in shown.values())
    return {"schema": document["request_schema"], ("examples" if several else "example"): shown}


def parse_page(text: str, file: str) -> Page:
    """Read a page: the first block that describes an operation with a request, and blocks of JSON as its examples."""
    from markdown_it import MarkdownIt

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
            document = _load(content, file, f"/line {line}", faults)
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


def parse_openapi(document: Node, file: str) -> Page:
    """Read a bare OpenAPI document, as the Models API sends it. Raises `CompileFailed`."""
    if not isinstance(document, dict) or not isinstance(document.get("paths"), dict):
        raise _failed(file, "", "is not an OpenAPI document: it has no paths")
    return _document(document, file)


def _failed(file: str, at: str, message: str) -> CompileFailed:
    return CompileFailed([Fault(file, at, message)])


def _yaml(text: str) -> Node:
    import yaml

    return yaml.load(text, getattr(yaml, "CSafeLoader", yaml.SafeLoader))  # noqa: S506


def _depth(text: str) -> int:
    """The greatest depth of brackets and indentation, estimated without parsing the text."""
    deepest = level = 0
    for line in text.splitlines():
        indent = (len(line) - len(line.lstrip(" -"))) // 2
        deepest = max(deepest, indent)
        for character in line:
            if character in "[{":
                level += 1
                deepest = max(deepest, level)
            elif character in "]}":
                level -= 1
    return deepest


def _line(error: Exception) -> str:
    """The message of a YAML library on one line, without its excerpt of the page."""
    problem, mark = getattr(error, "problem", None), getattr(error, "problem_mark", None)
    text = str(problem or str(error).splitlines()[0] if str(error) else type(error).__name__)
    text = "a number has too many digits" if "integer string conversion" in text else text
    return f"{text}, line {mark.line + 1}" if mark is not None else text


def _load(text: str, file: str, at: str, faults: list[Fault]) -> Node:
    """Read YAML 1.2, in which `16:9`, `on` and `no` are text. Raises `CompileFailed`."""
    from ruamel.yaml import YAML
    from ruamel.yaml.constructor import DuplicateKeyError

    for doubled in (False, True):
        reader = YAML(typ="safe", pure=True)
        reader.allow_duplicate_keys = doubled
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")  # warnings about anchors that hide others, and the like
                return _plain(reader.load(text), file)
        except DuplicateKeyError as error:
            faults.append(Fault(file, at, f"a key is there twice ({_line(error)}); one of them was read"))
        except CompileFailed:
            raise
        except RecursionError:
            raise _failed(file, at, "is nested too deeply") from None
        except Exception as error:  # the library lets any exception of its constructors escape
            raise _failed(file, at, f"is not YAML: {_line(error)}") from None
    raise AssertionError("the second reading allows what stopped the first")


def _plain(document: Node, file: str) -> Node:
    """Copy a document into plain JSON types. Raises `CompileFailed` if its anchors make it endless or huge."""
    count = 0

    def copy(node: Node, level: int) -> Node:
        nonlocal count
        count += 1
        if level > MOST_LEVELS:
            raise _failed(file, "", "is too large or refers to itself: it is nested too deeply")
        if count > MOST_NODES:
            raise _failed(file, "", f"is too large or refers to itself: it has more than {MOST_NODES:,} values")
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


class _Reader(SchemaReader):
    """Reads the operation of one document, and collects what it cannot read."""

    def operation(self, title: str, extra: list[Example], faults: list[Fault], known: str = "") -> Page:
        """The first operation that takes a body. `known` is the model's id where it is known for certain."""
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
        given = body.get("content")
        contents: Document = given if isinstance(given, dict) else {}
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
            known=known if path == MARKET_PATH else "",
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
        """Make a page from the description of a request's content. Places are JSON Pointers into the request's schema.

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
        """Yield every complete request that is shown in or beside the schema."""
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
