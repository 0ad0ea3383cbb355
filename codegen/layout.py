"""Writes drafts: YAML that every parser reads the same way, and examples without the vendor's words."""

from __future__ import annotations

import io
import re
from typing import Any
from urllib.parse import urlsplit

import yaml
from ruamel.yaml import YAML
from ruamel.yaml.comments import CommentedMap, CommentedSeq
from ruamel.yaml.scalarstring import DoubleQuotedScalarString

from .source import Document, Node, slug_of

LONGEST_CODE, LONGEST_LINE = 40, 90


def render(document: CommentedMap) -> str:
    """The text of a document, comments included."""
    writer = YAML()
    writer.width = 4096
    writer.indent(mapping=2, sequence=4, offset=2)
    buffer = io.StringIO()
    writer.dump(document, buffer)
    return "\n".join(line.rstrip() for line in buffer.getvalue().split("\n"))


def comment(mapping: CommentedMap, words: str, key: str) -> None:
    """Add a comment at the end of a key's line, after two spaces, so that it cannot become part of a text."""
    mapping.yaml_add_eol_comment(words, key, column=0)
    token = mapping.ca.items[key][2]
    token.value = f" {token.value}"


def neutral(value: Node, name: str, field: Document) -> Node:
    """An example with the same shape and values, but without the vendor's sentences and links."""
    match value:
        case dict():
            fields = field.get("properties") or {}
            return {
                key.strip(): neutral(item, key.strip(), fields.get(key.strip()) or {}) for key, item in value.items()
            }
        case list():
            return [
                neutral(item, name if len(value) < 2 else f"{name}-{n}", field.get("items") or {})
                for n, item in enumerate(value, 1)
            ]
        case str() if value in field.get("enum", []) or not value.strip():
            return value
        case str() if re.match(r"(https?|oss|asset)://", value):
            suffix = re.search(r"\.[A-Za-z0-9]{2,5}$", _path(value))
            return (
                f"https://example.com/{slug_of(name).replace('_', '-') or 'file'}{suffix[0].lower() if suffix else ''}"
            )
        case str() if len(value) > LONGEST_CODE or not value.isascii() or " " in value or "\n" in value:
            text = f"Text for {name or 'this field'}"
            return text.ljust(int(field.get("minLength") or 0), ".")[: int(field.get("maxLength") or len(value) + 100)]
        case _:
            return value


def _path(url: str) -> str:
    try:
        return urlsplit(url).path
    except ValueError:
        return ""


def text(value: Any) -> Any:
    """Prepare a value for writing. Text that another YAML parser would misread is quoted."""
    if not isinstance(value, str):
        return value
    try:
        same = yaml.safe_load(value) == value
    except (yaml.YAMLError, ValueError):
        same = False
    return value if same else DoubleQuotedScalarString(value)


def flow(values: list[Any]) -> CommentedSeq:
    """Format a list on one line, unless it is long."""
    sequence = CommentedSeq(values)
    if sum(len(str(value)) + 4 for value in values) <= LONGEST_LINE:
        sequence.fa.set_flow_style()
    return sequence


def flow_map(values: Document) -> CommentedMap:
    mapping = CommentedMap(values)
    mapping.fa.set_flow_style()
    return mapping


def readable(node: Node) -> Node:
    if isinstance(node, dict):
        return CommentedMap({text(key): readable(value) for key, value in node.items()})
    if isinstance(node, list):
        items = [readable(item) for item in node]
        return items if any(isinstance(item, dict) for item in items) else flow(items)
    return text(node)
