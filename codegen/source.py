"""Reads `openapi/`: inlines shared definitions, and collects every fault with its file and JSON pointer."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path
from typing import Any

import attrs

Node = Any  # a parsed YAML document, which the dialect rules check
Document = dict[str, Node]

MODEL_ROOT = "models"
SHORTHAND = "shorthand.yaml"
"""The file with other names for models. Optional."""
FAMILIES = "families.yaml"
"""The file with names for several models. Optional."""


@attrs.frozen(order=True)
class Fault:
    """A fault in `openapi/`. `file` is relative to that folder, `pointer` is a JSON Pointer into the file."""

    file: str
    pointer: str
    message: str

    def __str__(self) -> str:
        return f"{self.file}#{self.pointer}: {self.message}"


class CompileFailed(Exception):
    """The sources have faults. Nothing was written."""

    def __init__(self, faults: list[Fault]) -> None:
        self.faults = sorted(set(faults))
        super().__init__("\n".join(map(str, self.faults)))


@attrs.frozen
class ModelSource:
    """One model file with shared definitions inlined."""

    file: str
    slug: str
    document: Document
    ours: bool = True
    """Whether the model belongs to this package; False if it is in a user's own."""

    @property
    def curated(self) -> bool:
        """Whether a person has reviewed it."""
        return self.facts.get("curated") is not False

    @property
    def facts(self) -> Document:
        return self.document.get("x-kie") or {}

    @property
    def name(self) -> str:
        return str(self.document.get("title", ""))

    @property
    def id(self) -> str:
        """The id on the wire, or the operation's name."""
        return str(self.facts.get("model") or self.document.get("$id", "").removeprefix("kie:models/"))

    @property
    def newest(self) -> Document:
        """The source that was captured last, or an empty one if there are none."""
        return max(self.facts.get("sources") or [{}], key=lambda source: str(source.get("captured", "")))


@attrs.frozen
class PriceSource:
    """The prices of models: the documents by file, and the rows of the vendor's list."""

    files: dict[str, Document]
    rows: str


@attrs.frozen
class Source:
    """All of `openapi/`."""

    api: Document
    codes: Document
    lifecycles: Document
    models: list[ModelSource]
    shorthand: Document
    families: Document
    prices: PriceSource


def slug_of(model_id: str) -> str:
    """The module and schema name of a model: its id with everything but letters and digits as `_`.

    A module's name cannot begin with a digit, so it gets the prefix `model_`.
    """
    slug = re.sub(r"[^a-z0-9]+", "_", model_id.lower()).strip("_")
    return f"model_{slug}" if slug[:1].isdigit() else slug


def class_name(name: str) -> str:
    """The class name for a model id, in the style of the curated files: `kling-3.0/video` becomes `Kling30Video`."""
    words = re.findall(r"[A-Za-z0-9]+", re.sub(r"(?<=\d)[.](?=\d)", "", name))
    camel = "".join(word[:1].upper() + word[1:] for word in words)
    return camel if camel[:1].isalpha() else f"Model{camel}"


def read(root: Path) -> tuple[Source, list[Fault]]:
    """Read `openapi/`. Faults are returned, not raised, so that later checks can add theirs."""
    faults: list[Fault] = []
    shared = _load(root / "shared.yaml", root, faults).get("$defs", {})
    models = []
    for path in sorted((root / MODEL_ROOT).rglob("*.yaml")):
        file = path.relative_to(root).as_posix()
        raw = _load(path, root, faults)
        if not raw:
            continue
        document = _inline(raw, shared, file, "", faults)
        facts = document.get("x-kie") if isinstance(document.get("x-kie"), dict) else {}
        model_id = str(facts.get("model") or str(document.get("$id", "")).removeprefix("kie:models/"))
        models.append(ModelSource(file, slug_of(model_id), document))
    api = _load(root / "kie.yaml", root, faults)
    api = _bundle_paths(api, root, faults)
    shorthand, families = (
        _load(root / name, root, faults) if (root / name).exists() else {} for name in (SHORTHAND, FAMILIES)
    )
    codes, lifecycles = (_load(root / name, root, faults) for name in ("codes.yaml", "lifecycles.yaml"))
    return Source(api, codes, lifecycles, models, shorthand, families, _prices(root, faults)), faults


def _prices(root: Path, faults: list[Fault]) -> PriceSource:
    """Read the price files, which are optional."""
    folder = root / "prices"
    files = {path.relative_to(root).as_posix(): _load(path, root, faults) for path in sorted(folder.glob("*.yaml"))}
    rows = folder / "rows.csv"
    return PriceSource(files, rows.read_text("utf-8") if rows.exists() else "")


def _load(path: Path, root: Path, faults: list[Fault]) -> Document:
    import yaml

    file = path.relative_to(root).as_posix()
    if not path.exists():
        faults.append(Fault(file, "", "is missing"))
        return {}
    try:
        document = _loader()(path.read_text(encoding="utf-8")).get_single_data()
    except yaml.YAMLError as error:
        faults.append(Fault(file, "", f"is not YAML: {' '.join(str(error).split())}"))
        return {}
    if not isinstance(document, dict):
        faults.append(Fault(file, "", "must be a mapping"))
        return {}
    return document


AS_READ = {
    "bool": re.compile(r"true|false"),
    "int": re.compile(r"-?(?:0|[1-9][0-9]*)"),
    "float": re.compile(r"-?(?:0|[1-9][0-9]*)\.[0-9]+"),
    "null": re.compile(r"(?:null)?"),
}
"""How what is not text is written, by its kind. A draft has nothing where a description is to be written.

YAML reads more as such: `no` and `on` as truth values, `16:9` and `010` as the numbers 969 and 8.
"""


@cache
def _loader() -> type[Any]:
    """A loader that refuses what YAML takes for something else than was meant, and would lose without a word.

    That is a key that is there twice; a key without a value, which is what becomes of a text after its comma, where
    `{}` is around it and no quotes are; a text whose rest is a comment to YAML; and a word that is a value to YAML.
    """
    import yaml

    # libyaml's parser takes a fifth of the time of the one in Python
    class Loader(getattr(yaml, "CSafeLoader", yaml.SafeLoader)):  # type: ignore[misc]
        def __init__(self, text: str) -> None:
            super().__init__(text)
            self.lines = text.splitlines()

        def construct_mapping(self, node: Any, deep: bool = False) -> Any:
            seen: set[str] = set()
            for key, value in node.value:
                if isinstance(key, yaml.ScalarNode) and key.value in seen:
                    self.refuse(key, "is there twice")
                if node.flow_style and isinstance(value, yaml.ScalarNode) and value.value == "" and not value.style:
                    self.refuse(key, "has no value: put quotes around a text with a comma in it")
                seen.add(str(key.value))
            return super().construct_mapping(node, deep)

        def construct_scalar(self, node: Any) -> Any:
            if isinstance(node, yaml.ScalarNode) and not node.style:
                kind = node.tag.rpartition(":")[2]
                if kind in AS_READ and not AS_READ[kind].fullmatch(node.value):
                    self.refuse(node, f"is read by YAML as {kind}: put quotes around a text, or write it in full")
                rest = self.lines[node.end_mark.line :][:1]
                if rest and re.match(" #", rest[0][node.end_mark.column :]):
                    self.refuse(node, "ends before a #: put quotes around a text with one in it")
            return super().construct_scalar(node)

        def refuse(self, node: Any, why: str) -> None:
            raise yaml.constructor.ConstructorError(None, None, f"{node.value!r} {why}", node.start_mark)

    return Loader


def _inline(node: Node, shared: Document, file: str, at: str, faults: list[Fault]) -> Node:
    """Replace each `$ref` into shared.yaml by its definition. Keywords beside the `$ref` win."""
    if isinstance(node, list):
        return [_inline(item, shared, file, f"{at}/{i}", faults) for i, item in enumerate(node)]
    if not isinstance(node, dict):
        return node
    if isinstance(node.get("$ref"), str):
        match = re.fullmatch(r"(?:\.\./)+shared\.yaml#/\$defs/(\w+)", node["$ref"])
        if not match or match[1] not in shared:
            faults.append(Fault(file, f"{at}/$ref", f"{node['$ref']} does not name a shared definition"))
            return {key: value for key, value in node.items() if key != "$ref"}
        node = {**shared[match[1]], **{key: value for key, value in node.items() if key != "$ref"}}
    return {key: _inline(value, shared, file, f"{at}/{escape(key)}", faults) for key, value in node.items()}


def inlined(document: Document, root: Path) -> Document:
    """A model document, such as a draft, with references replaced by the shared definitions in `root`."""
    shared = _load(root / "shared.yaml", root, []).get("$defs", {})
    found: Document = _inline(document, shared, "", "", [])
    return found


def _bundle_paths(api: Document, root: Path, faults: list[Fault]) -> Document:
    """Add the paths from the files of the families, because the generator drops a reference to a file."""
    paths: Document = dict(api.get("paths") or {})
    for file in sorted((root / "paths").glob("*.yaml")):
        for path, item in _load(file, root, faults).items():
            if path in paths:
                faults.append(Fault(f"paths/{file.name}", f"/{escape(path)}", "is in the document already"))
            paths[path] = item
    return {**api, "paths": paths}


def escape(key: object) -> str:
    """A key as one step of a JSON Pointer."""
    return str(key).replace("~", "~0").replace("/", "~1")


@attrs.frozen
class Operation:
    """One endpoint of kie.yaml and its facts."""

    id: str
    method: str
    path: str
    document: Document

    @property
    def facts(self) -> Document:
        return self.document.get("x-kie") or {}

    @property
    def answer_schema(self) -> Node:
        answers = self.document.get("responses", {}).get("200", {})
        return answers.get("content", {}).get("application/json", {}).get("schema", {})


METHODS = ("get", "put", "post", "delete", "patch")


def operations(api: Document) -> list[Operation]:
    """Every operation of the document, in its order."""
    return [
        Operation(str(item[method].get("operationId", "")), method.upper(), path, item[method])
        for path, item in (api.get("paths") or {}).items()
        for method in METHODS
        if method in item
    ]
