"""Proposes the counterexamples that cross-field rules lack, and writes them beside the rules for a person to read.

It is a small search. It tries bodies from the fewest fields up, with values at the bounds that the rules name, until
every weakening of a rule is detected by one of them.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from itertools import combinations, product
from pathlib import Path

import attrs
import yaml

from kie._core.schema import TOTAL, URL_PATTERNS, Schema

from .counterexamples import COUNTEREXAMPLES, LENGTH, bare, expanded, weakenings, without
from .dialect import FORMATS
from .source import CompileFailed, Document, Fault, ModelSource, Node
from .tolerance import held_rules

MOST_TRIED = 400_000
MOST_VALUES = 7
LONGEST_TEXT = 40
LONGEST_LINE = 140
KINDS = {kind: next(name for name, of in FORMATS.items() if of == kind) for kind in ("image", "video", "audio")}
COUNTS = {"minItems": "items", "maxItems": "items", "minLength": "length", "maxLength": "length"}


@attrs.frozen
class Proposal:
    """Bodies that break one rule, and the places in it that none of them tests."""

    file: str
    at: str
    bodies: list[Document]
    open: list[str]

    def __str__(self) -> str:
        left = f"; nothing notices a change of {', '.join(self.open)}" if self.open else ""
        return f"{self.file}#{self.at}: {len(self.bodies)} proposed{left}"


def propose(model: ModelSource) -> Iterator[Proposal]:
    """Yield proposals for the rules and the advice of a model that have no counterexamples."""
    for at, document, index in held_rules(model):
        if not document["allOf"][index].get(COUNTEREXAMPLES):
            bodies, left = _Search(document, index).run()
            yield Proposal(model.file, at, bodies, left)


def insert(text: str, proposals: list[Proposal]) -> str:
    """Insert proposals beside their rules into the text of a model file, and leave everything else unchanged.

    Raises `CompileFailed` if the list of rules is written in brackets, because there is no line for a proposal then.
    """
    root: Node = yaml.compose(text, Loader=yaml.SafeLoader)
    found = [(proposal, _found(root, proposal)) for proposal in proposals]
    lines = text.split("\n")
    for proposal, node in sorted(found, key=lambda pair: -pair[1].start_mark.line):
        begin, end, indent = node.start_mark.line, node.end_mark.line, " " * node.start_mark.column
        written = [f"{indent}{COUNTEREXAMPLES}:"]
        written += [line for body in proposal.bodies for line in _written(body, f"{indent}  ")]
        if node.flow_style:
            pairs = [text[key.start_mark.index : value.end_mark.index] for key, value in node.value]
            lines[begin : end + 1] = [
                f"{indent[:-2]}- {pairs[0]}",
                *(f"{indent}{pair}" for pair in pairs[1:]),
                *written,
            ]
            continue
        while not lines[end - 1].strip():
            end -= 1
        lines[end:end] = written
    return "\n".join(lines)


def _found(root: Node, proposal: Proposal) -> Node:
    """The node of the rule that a proposal is for."""
    *above, index = proposal.at.split("/")[1:]
    node = root
    for part in above:
        node = next(value for key, value in node.value if key.value == part)
    if node.flow_style:
        message = "is written in brackets; give each rule a line"
        raise CompileFailed([Fault(proposal.file, f"/{'/'.join(above)}", message)])
    return node.value[int(index)]


def _written(body: Document, indent: str) -> list[str]:
    """Write an item of a list, on one line if it is short, otherwise with one line per field."""
    line = f"{indent}- {_flow(body)}"
    if len(line) <= LONGEST_LINE:
        return [line]
    lines = []
    for name, value in body.items():
        lines.append(f"{indent}  {_flow(name)}: {_flow(value)}")
        if len(lines[-1]) > LONGEST_LINE and isinstance(value, list):
            lines[-1:] = [f"{indent}  {_flow(name)}:", *(f"{indent}    - {_flow(item)}" for item in value)]
    return [f"{indent}- {lines[0].strip()}", *lines[1:]]


def _flow(value: Node) -> str:
    text = yaml.dump(value, Dumper=_Plain, default_flow_style=True, sort_keys=False, width=10**6, allow_unicode=True)
    return text.removesuffix("...\n").strip()


class _Plain(yaml.SafeDumper):
    """Writes repeated objects in full instead of as anchors, and quotes like the model files."""

    def ignore_aliases(self, data: object) -> bool:
        return True

    def represent_str(self, data: str) -> yaml.ScalarNode:
        bare = re.fullmatch(r"[\w.-]+( [\w.-]+)*", data) and yaml.safe_load(data) == data
        return self.represent_scalar("tag:yaml.org,2002:str", data, style=None if bare else '"')


_Plain.add_representer(str, _Plain.represent_str)


class _Search:
    """Looks for bodies that break one rule of a model's schema and no other."""

    def __init__(self, document: Document, index: int) -> None:
        self.document = document
        self.rule = bare(document["allOf"][index])
        self.rest = Schema(without(document, index))
        self.alone = Schema({"allOf": [self.rule]})
        self.weaker = [(at, Schema({"allOf": [rule]})) for at, rule in weakenings(document, index)]
        self.fields: dict[str, Document] = document["properties"]
        self.required: list[str] = document.get("required") or []

    def run(self) -> tuple[list[Document], list[str]]:
        """Search for bodies. Returns them, and the places in the rule that none of them tests."""
        own = [name for name in self.fields if name in _named(self.rule)]
        rules = self.document["allOf"]
        near = [name for name in self.fields if any(name in _named(rule) and _named(rule) & {*own} for rule in rules)]
        every = [name for name in self.fields if any(name in _named(rule) for rule in rules)]
        best: dict[frozenset[int], Document] = {}
        tried = 0
        for names in (own, near, every):
            for body in self._bodies(names):
                tried += 1
                written = expanded(body)
                if not self.alone.is_valid(written) and self.rest.is_valid(written):
                    caught = frozenset(n for n, (_, weaker) in enumerate(self.weaker) if weaker.is_valid(written))
                    if caught not in best or _size(body) < _size(best[caught]):
                        best[caught] = body
                if tried > MOST_TRIED:
                    break
            if len(frozenset().union(*best)) == len(self.weaker) and best:
                break
        return self._chosen(best)

    def _chosen(self, best: dict[frozenset[int], Document]) -> tuple[list[Document], list[str]]:
        """Choose the fewest bodies that detect every weakening, the smallest first."""
        missing, bodies = set(range(len(self.weaker))), []
        while missing and any(caught & missing for caught in best):
            caught = min(best, key=lambda caught: (-len(caught & missing), _size(best[caught])))
            bodies.append(best[caught])
            missing -= caught
        if not bodies and best:
            bodies = [min(best.values(), key=_size)]
        return bodies, [self.weaker[place][0] for place in sorted(missing)]

    def _bodies(self, names: list[str]) -> Iterator[Document]:
        """Yield bodies with the required fields and more and more of the named ones."""
        values = {name: self._values(name) for name in names}
        for name in self.required:
            values.setdefault(name, [self._plain(name, self.fields[name])])
        optional = [name for name in names if name not in self.required]
        for count in range(len(optional) + 1):
            for chosen in combinations(optional, count):
                present = [name for name in self.fields if name in self.required or name in chosen]
                for row in product(*(values[name] for name in present)):
                    yield dict(zip(present, row, strict=True))

    def _values(self, name: str) -> list[Node]:
        """Values of a field that are worth trying: those that rules name, and those next to their bounds."""
        field, hints = self.fields[name], list(_hints(self.document["allOf"], name))
        found: list[Node] = []
        for option in field.get("anyOf") or [field]:
            match option.get("type"):
                case _ if "enum" in option:
                    named = [value for key, value in hints for value in _listed(key, value)]
                    other = [value for value in option["enum"] if value not in named]
                    kept = other if len(option["enum"]) <= MOST_VALUES else other[:2]
                    found += [value for value in option["enum"] if value in named or value in kept]
                case "boolean":
                    found += [False, True]
                case "integer" | "number":
                    bounds = {value for key, value in hints if key in ("minimum", "maximum", "const")}
                    near = {bound + step for bound in bounds for step in (-1, 0, 1)}
                    found += sorted({self._plain(name, option), *near})
                case "array":
                    counts = {value for key, value in hints if COUNTS.get(key) == "items"}
                    most = option.get("maxItems", 10)
                    sizes = {count + step for count in counts for step in (-1, 0, 1)} | {option.get("minItems", 1), 1}
                    sizes |= {0, 2, 3, most} if any(key == TOTAL for key, _ in hints) else set()
                    found += [self._list(name, option, size) for size in sorted(sizes) if 0 <= size <= most]
                    found += [
                        self._summed(name, option, path.split(".")[-1], spec["maximum"] + 1)
                        for key, spec in hints
                        if key == TOTAL
                        for path in spec["of"]
                        if path.startswith(f"{name}.")
                    ]
                case "string":
                    lengths = {value for key, value in hints if COUNTS.get(key) == "length"}
                    near = {bound + step for bound in lengths for step in (-1, 0, 1)}
                    found.append(self._plain(name, option))
                    found += ["x" * size if size <= 12 else {LENGTH: size} for size in sorted(near) if size >= 0]
                case _:
                    found.append(self._plain(name, option))
        for key, spec in hints:
            if key == TOTAL and spec.get("less"):
                found += self._apart(name, spec)
        return found

    def _apart(self, name: str, spec: Document) -> list[Node]:
        """Values of a number that must exceed another by a certain amount."""
        begin = spec["less"][0]
        low = self.fields[begin].get("minimum", 0)
        if name == begin:
            return [low, low + 1]
        found = {
            low + spec[bound] + step for bound in ("minimum", "maximum") if bound in spec for step in (-1, -0.5, 0, 1)
        }
        return [int(value) if value == int(value) else value for value in sorted(found)]

    def _summed(self, name: str, field: Document, leaf: str, total: int) -> Node:
        """Make items whose texts or numbers add up to a total."""
        inner = field["items"]["properties"][leaf]
        most = inner.get("maxLength", inner.get("maximum", total))
        parts = [min(most, total - begin) for begin in range(0, total, most)]
        texts = inner["type"] == "string"
        return [
            {**item, leaf: {LENGTH: part} if texts else part} for part in parts for item in self._list(name, field, 1)
        ]

    def _list(self, path: str, field: Document, size: int) -> Node:
        """Make a list of `size` items. Names and URLs in it differ from each other."""
        seen = self._seen(path)
        if isinstance(seen, list) and len(seen) == size and field["items"]["type"] == "object":
            return seen
        items = [self._plain(path, field["items"]) for _ in range(size)]
        return [_numbered(item, number) for number, item in enumerate(items, 1)] if size > 1 else items

    def _seen(self, path: str) -> Node:
        """The value of a field in an example of the model; None if no example has one."""
        for example in self.document["x-kie"].get("examples") or []:
            node = example
            for part in path.split("."):
                node = node[0] if isinstance(node, list) and node else node
                node = node.get(part) if isinstance(node, dict) else None
            if node is not None:
                return node
        return None

    def _plain(self, path: str, field: Document) -> Node:
        """An ordinary value of a field, small and neutral."""
        if "anyOf" in field:
            return self._plain(path, field["anyOf"][0])
        if "default" in field or "enum" in field:
            return field.get("default", field.get("enum", [None])[0])
        seen, name = self._seen(path), path.rpartition(".")[2]
        seen = seen[0] if isinstance(seen, list) and seen and field["type"] != "array" else seen
        match field["type"]:
            case "string" if field.get("pattern") in URL_PATTERNS:
                rule = (self.document["x-kie"].get("media") or {}).get(path) or {}
                formats = rule.get("formats") or [KINDS.get(str(rule.get("kind")), "png")]
                return f"https://example.com/a.{'jpg' if formats[0] == 'jpeg' else formats[0]}"
            case "string" if "prompt" in name.lower():
                return "A red bicycle".ljust(field.get("minLength", 0), ".")
            case "string":
                return seen if isinstance(seen, str) and len(seen) <= LONGEST_TEXT else "A short text"
            case "integer" | "number":
                return seen if isinstance(seen, int | float) else field.get("minimum", field.get("maximum", 1))
            case "boolean":
                return False
            case "array":
                return self._list(path, field, field.get("minItems", 1))
            case _:
                inner = field.get("properties") or {}
                return {key: self._plain(f"{path}.{key}", inner[key]) for key in field.get("required") or []}


def _numbered(item: Node, number: int) -> Node:
    """Make an item distinct by adding a number to its name or URL."""
    if isinstance(item, str):
        return item.replace("/a.", f"/{number}.") if item.startswith("https://example.com/a.") else f"{item}{number}"
    return {**item, "name": f"{item['name']}{number}"} if isinstance(item, dict) and "name" in item else item


def _size(body: Document) -> tuple[int, int]:
    return len(body), len(json.dumps(body))


def _listed(key: str, value: Node) -> list[Node]:
    return [value] if key == "const" else value if key == "enum" else []


def _named(rule: Node) -> set[str]:
    """The fields of the request that a rule names."""
    if isinstance(rule, list):
        return set().union(*map(_named, rule))
    if not isinstance(rule, dict):
        return set()
    spec = rule.get(TOTAL) or {}
    names = {path.split(".")[0] for path in [*spec.get("of", []), *spec.get("less", [])]}
    names |= {str(name) for key in ("required", "properties", "dependentRequired") for name in rule.get(key) or []}
    inner = [rule[key] for key in ("if", "then", "else", "not", "anyOf", "oneOf", "allOf") if key in rule]
    return names.union(*map(_named, inner))


def _hints(node: Node, name: str) -> Iterator[tuple[str, Node]]:
    """Yield what rules say about one field, as keywords with their values."""
    if isinstance(node, list):
        for item in node:
            yield from _hints(item, name)
        return
    if not isinstance(node, dict):
        return
    for key, value in node.items():
        if key == "properties" and name in value:
            yield from _keywords(value[name])
        elif key == TOTAL and any(path.split(".")[0] == name for path in [*value["of"], *value.get("less", [])]):
            yield key, value
        elif key in ("if", "then", "else", "not", "anyOf", "oneOf", "allOf"):
            yield from _hints(value, name)


def _keywords(node: Document) -> Iterator[tuple[str, Node]]:
    for key, value in node.items():
        if key == "not":
            yield from _keywords(value)
        else:
            yield key, value


def write(root: Path, models: list[ModelSource]) -> Iterator[Proposal]:
    """Write proposals into the model files, and yield them."""
    for model in models:
        proposals = list(propose(model))
        found = [proposal for proposal in proposals if proposal.bodies]
        if found:
            path = root / model.file
            path.write_text(insert(path.read_text("utf-8"), found), encoding="utf-8")
        yield from proposals
