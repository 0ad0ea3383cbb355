"""Reads the vendor's schemas: converts them into one plain form, and records a fault for everything that does not fit.

Nothing about them is certain. Types may be missing or wrong, references and alternatives may be meaningless, names may
contain spaces, and the tool that exports the pages adds keys of its own.
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Sequence
from urllib.parse import unquote

from .source import CompileFailed, Document, Fault, Node, escape

MOST_LEVELS = 15
MOST_SCHEMAS = 5_000
"""The maximum number of schemas to read from one document, since references can multiply without end."""
MOST_BITS = 64
TYPES = ("string", "integer", "number", "boolean", "array", "object")
COUNTS = ("minLength", "maxLength", "minItems", "maxItems")
NUMBERS = ("minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "multipleOf")
KEPT = ("description", "default", "deprecated", "pattern", "format", "uniqueItems")
IGNORED = {"title", "example", "examples", "nullable", "additionalProperties", "readOnly", "writeOnly", "externalDocs"}
IGNORED |= {"xml", "discriminator", "$schema", "$id", "$comment", "required", "type", "enum", "const", "properties"}
IGNORED |= {"items", "allOf", "oneOf", "anyOf", "$ref", *COUNTS, *NUMBERS, *KEPT}
MISNAMED = {"float": "number", "double": "number", "int": "integer", "long": "integer", "str": "string"}
MISNAMED |= {"text": "string", "bool": "boolean", "list": "array", "dict": "object", "map": "object"}
OWN = "x-apidog-"
OWN_NAME = re.compile(r"01[0-9A-HJKMNP-TV-Z]{24}")


_SAYS_SOMETHING = {"properties", "required", "allOf", "oneOf", "anyOf", "$ref"}


class SchemaReader:
    """Reads the schemas of one document, and collects what it cannot read."""

    def __init__(self, file: str, document: Document) -> None:
        self.file = file
        self.document = document
        self.faults: list[Fault] = []
        self.spelt: dict[str, str] = {}
        """The original spelling of field names that were corrected."""
        self._count = 0
        self._followed: set[str] = set()
        self._open: set[str] = set()

    def fault(self, at: str, message: str) -> None:
        self.faults.append(Fault(self.file, at, message))

    def resolve(self, node: Node, at: str) -> Document:
        """Return a node or, if it has a `$ref`, the node of this document that it refers to."""
        self._followed = seen = set[str]()
        while isinstance(node, dict) and "$ref" in node:
            ref = str(node["$ref"])
            if ref in seen:
                self.fault(f"{at}/$ref", f"{ref} leads back to itself")
                return {}
            seen.add(ref)
            target: Node = self.document
            for part in unquote(ref).removeprefix("#").split("/")[1:]:
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
                    self.fault(f"{at}/{OWN}refs/{escape(key)}", f"leads to {name.strip()!r}, which is not a field here")
        return fields

    def schema(self, node: Node, at: str, level: int = 0, *, branch: bool = False) -> Document:
        """A schema in plain form: our keywords only, names stripped, references and alternatives resolved.

        A `branch` is one of several alternatives, and may require fields that are defined elsewhere.
        """
        if level > MOST_LEVELS:
            self.fault(at, "is nested too deeply, or refers to itself")
            return {}
        self._count += 1
        if self._count > MOST_SCHEMAS:
            raise CompileFailed([Fault(self.file, at, f"is one of more than {MOST_SCHEMAS:,} schemas: too many")])
        node = self.resolve(node, at)
        references = self._followed
        if again := references & self._open:
            self.fault(f"{at}/$ref", f"{min(again)} leads back to itself")
            return {}
        self._open |= references
        try:
            return self._plain(node, at, level, branch=branch)
        finally:
            self._open -= references

    def _plain(self, node: Document, at: str, level: int, *, branch: bool) -> Document:
        node, nullable = _without_null(node)
        for key in node:
            if key not in IGNORED and not key.startswith("x-"):
                self.fault(f"{at}/{escape(key)}", "is a keyword that was not read")
        plain = {key: node[key] for key in KEPT if node.get(key) is not None}
        if not isinstance(plain.get("description", ""), str):
            plain["description"] = json.dumps(plain["description"], ensure_ascii=False)
        if not isinstance(plain.get("pattern", ""), str):
            self.fault(f"{at}/pattern", "is not text")
            del plain["pattern"]
        if nullable:
            plain["nullable"] = True
        kind = self._type(node, at)
        if kind:
            plain["type"] = kind
        if isinstance(node.get("type"), list):
            plain["kinds"] = [each for each in node["type"] if each in TYPES]
        self._enum(node, plain, at)
        self._bounds(node, plain, at)
        if kind == "array":
            self._items(node, plain, at, level)
        branches = [key for key in ("allOf", "oneOf", "anyOf") if key in node]
        if kind == "object":
            self._object(node, plain, at, level, branch=branch)
        if kind != "object" and branches:
            self._merge_field(node, plain, at, branches, level)
        return plain

    def _items(self, node: Document, plain: Document, at: str, level: int) -> None:
        items = node.get("items")
        if isinstance(items, list) and items:
            self.fault(f"{at}/items", "is a list of schemas; the first was read")
            plain["merged"] = True
            items = items[0]
        if isinstance(items, dict):
            plain["items"] = self.schema(items, f"{at}/items", level + 1)
        else:
            self.fault(f"{at}/items", "does not say what the items are")

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
        if isinstance(kind, str) and kind.strip().lower() in MISNAMED:
            guessed = MISNAMED[kind.strip().lower()]
        elif "properties" in node or any("properties" in branch for branch in branches):
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
            self.fault(f"{at}/type", f"{kind!r} is not a type" + (f"; {guessed} was read" if guessed else ""))
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
            wrong = isinstance(value, bool) or not isinstance(value, int | float) or not _finite(value)
            if wrong or (key in COUNTS and (not isinstance(value, int) or value < 0)):
                self.fault(f"{at}/{key}", "is not a bound that can be read")
                continue
            plain[key] = value
        for low, high in (("minLength", "maxLength"), ("minItems", "maxItems"), ("minimum", "maximum")):
            if low in plain and high in plain and plain[low] > plain[high]:
                self.fault(f"{at}/{low}", f"is above {high}; neither was read")
                del plain[low], plain[high]

    def _object(self, node: Document, plain: Document, at: str, level: int, *, branch: bool) -> None:
        """Read properties and required names. Merge all fields of alternatives, and names that all require."""
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
            branches = self._branches(node[keyword], plain, f"{at}/{keyword}", level)
            alternatives += [each for branch in branches for each in branch.get("alternatives", [])]
            needed = [set(branch["required"]) for branch in branches]
            if needed:
                common = set.union(*needed) if keyword == "allOf" else set.intersection(*needed)
                rest = [sorted(names - common - required) for names in needed]
                if keyword != "allOf" and any(rest):
                    alternatives.append(rest)
                required |= common
        fields = plain["properties"]
        unknown = sorted(required - set(fields))
        for name in [] if branch else unknown:
            self.fault(f"{at}/required", f"{name!r} is not a field")
        plain["required"] = [*(name for name in fields if name in required), *(unknown if branch else [])]
        if alternatives:
            plain["alternatives"] = alternatives

    def _branches(self, found: list[object], plain: Document, at: str, level: int) -> list[Document]:
        """Return the alternatives that describe objects, after merging their fields into the plain form."""
        branches = []
        for index, alternative in enumerate(found):
            here = f"{at}/{index}"
            if not isinstance(alternative, dict) or not _SAYS_SOMETHING & set(alternative):
                self.fault(here, "says nothing about a field; it was left out")
                continue
            read = self.schema({"type": "object", **alternative}, here, level + 1, branch=True)
            if read.get("type") != "object":
                self.fault(here, "is not about an object; it was left out")
                continue
            branches.append(read)
            for name, field in read.get("properties", {}).items():
                known = plain["properties"].setdefault(name, field)
                if _facts(known) != _facts(field):
                    self.fault(f"{here}/properties/{escape(name)}", "differs from the field read first; left out")
        return branches

    def _required(self, node: Document, at: str) -> set[str]:
        names = node.get("required", [])
        if not isinstance(names, list) or not all(isinstance(name, str) for name in names):
            self.fault(f"{at}/required", "is not a list of names")
        return {name.strip() for name in _list(names) if isinstance(name, str)}

    def _merge_field(self, node: Document, plain: Document, at: str, branches: Sequence[str], level: int) -> None:
        """Take from the alternatives of a field what the field itself does not state."""
        if {"oneOf", "anyOf"} & set(branches):
            plain["merged"] = True
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


def _finite(value: float) -> bool:
    """Whether other programs can read a number."""
    return value.bit_length() <= MOST_BITS if isinstance(value, int) else math.isfinite(value)


def _without_null(node: Document) -> tuple[Document, bool]:
    """Remove the null alternative of a schema, and say whether there was one. A lone remaining one is inlined."""
    kind = node.get("type")
    nullable = node.get("nullable") is True or (isinstance(kind, list) and "null" in kind)
    for keyword in ("oneOf", "anyOf"):
        branches = _list(node.get(keyword))
        rest = [branch for branch in branches if not (isinstance(branch, dict) and branch.get("type") == "null")]
        if len(rest) < len(branches):
            nullable = True
            own = {key: value for key, value in node.items() if key != keyword}
            lone = rest[0] if len(rest) == 1 and isinstance(rest[0], dict) and "$ref" not in rest[0] else None
            node = {**lone, **own} if lone is not None else {**own, **({keyword: rest} if rest else {})}
    return node, nullable


def _list(value: Node) -> list[Node]:
    return value if isinstance(value, list) else []


def _facts(schema: Document) -> Document:
    """A schema without its texts."""
    return {
        key: _facts(value) if isinstance(value, dict) else value
        for key, value in schema.items()
        if key not in ("description", "required")
    }
