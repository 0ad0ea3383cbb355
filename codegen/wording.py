"""Puts a field's bounds into words. No other module does. May import nothing of the compiler but its sources."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence

from kie._core.schema import MESSAGE, SEEN, TOTAL, URL_PATTERNS

from .source import Document, Node

FORMAT_NAMES = {"jpeg": "JPEG", "webp": "WebP", "webm": "WebM"}
"""Formats that are not written in capitals."""


def sentences(field: Document, media: Document | None = None, unless: Sequence[str] = ()) -> Iterator[str]:
    """Sentences on what a field allows, from its schema and media facts: `1 to 14 items.`, `JPEG or PNG.`"""
    yield from map(_sentence, bounds(field, media))
    if {field.get("pattern"), (field.get("items") or {}).get("pattern")} & set(URL_PATTERNS):
        yield "A URL or local media." if "items" not in field else "URLs or local media."
    if "default" in field:
        given = f", if {listed([f'`{name}`' for name in unless], 'and')} {'are' if unless[1:] else 'is'} absent"
        yield f"Default: {json.dumps(field['default'], ensure_ascii=False)}{given if unless else ''}."
    if field.get("deprecated"):
        yield "Deprecated."
    if SEEN in field:
        yield f"Not in the vendor's documentation; seen accepted: {field[SEEN]}."


def bounds(field: Document, media: Document | None = None) -> list[str]:
    """The bounds of a field as clauses, without the default: `1 to 14 items`."""
    return [clause for clause in (*_own(field), *_of_media(media or {}, many="items" in field)) if clause]


def with_words(document: Document) -> Document:
    """A model's schema for the package, with its bounds and rules in words for programs that show them to people."""
    facts = document["x-kie"]
    media = facts.get("media") or {}

    def walk(node: Document, above: str = "") -> Iterator[tuple[str, list[str]]]:
        for name, field in node["properties"].items():
            yield f"{above}{name}", bounds(field, media.get(f"{above}{name}"))
            inner = field.get("items", field)
            if "properties" in inner:
                yield from walk(inner, f"{above}{name}.")

    words = {"bounds": {key: clauses for key, clauses in walk(document) if clauses}, "rules": rules(document)}
    if "advice" in facts:
        words["advised"] = rules({**document, "allOf": facts["advice"]})
    return {**document, "x-kie": {**facts, **words}}


def described(field: Document, media: Document | None = None, unless: Sequence[str] = ()) -> str:
    """A field's description, followed by the sentences on its bounds."""
    text = " ".join(str(field["description"]).split())
    closed = text if text.endswith((".", "!", "?", ":")) else f"{text}."
    return " ".join([closed, *sentences(field, media, unless)])


PLURAL = {"is": "are", "has": "have", "needs": "need", "takes": "take"}


def rules(document: Document) -> list[str]:
    """The cross-field rules of a model as sentences, with field names in backticks."""
    fields = document["properties"]
    found: dict[str, None] = {}
    for rule in document.get("allOf") or []:
        first, _, rest = str(rule[MESSAGE]).partition(" ")
        if first in {*PLURAL, "may", "must", "can", "cannot"}:
            named = _subjects(rule)
            verb = PLURAL.get(first, first) if named[1:] else first
            text = f"{listed([f'`{name}`' for name in named], 'and')} {verb} {rest}"
        else:
            text = f"{f'`{first}`' if first in fields else f'{first[0].upper()}{first[1:]}'} {rest}"
        found[f"{_marked(text, fields)}."] = None
    return list(found)


def _marked(text: str, fields: Document) -> str:
    """Put field names in backticks if they cannot be mistaken for plain words."""
    spelled = {name for name in fields if not name.islower() or "_" in name}
    return re.sub(r"(?<!`)\b\w+\b(?!`)", lambda word: f"`{word[0]}`" if word[0] in spelled else word[0], text)


def _subjects(rule: Document) -> list[str]:
    """The fields under whose names a rule is reported."""
    named = [path.split("/")[0] for path in (rule.get(TOTAL) or {}).get("of", [])[:1]]
    for key in ("then", "else"):
        named += [*(rule.get(key, {}).get("required") or []), *(rule.get(key, {}).get("properties") or {})]
    return list(dict.fromkeys(named or rule.get("required") or []))


def number(value: Node) -> str:
    """A number in readable form: `5,000`, `0.4`."""
    whole = isinstance(value, float) and value.is_integer()
    return f"{int(value) if whole else value:,}"


def listed(names: Sequence[str], last: str = "or") -> str:
    """Join names into a list: `JPEG, PNG or WebP`."""
    return f"{', '.join(names[:-1])} {last} {names[-1]}" if names[1:] else "".join(names)


def format_name(name: str) -> str:
    """The usual spelling of a media format."""
    return FORMAT_NAMES.get(name, name.upper())


def size(count: int) -> str:
    """A number of bytes in readable form: `10 MB`."""
    for unit, scale in (("GB", 1024**3), ("MB", 1024**2), ("KB", 1024)):
        if count >= scale:
            return f"{number(round(count / scale, 1))} {unit}"
    return f"{number(count)} bytes"


def span(low: Node, high: Node, unit: str = "") -> str:
    """A range: `1 to 14 items`, `exactly 1 item`, `at most 5,000 characters`, `at least 0`; nothing for no bound."""
    shown = high if high is not None else low
    noun = f" {unit.removesuffix('s') if unit.endswith('s') and shown == 1 else unit}" if unit else ""
    if low is not None and low == high:
        return f"exactly {number(low)}{noun}"
    if low is not None and high is not None:
        return f"{number(low)} to {number(high)}{noun}"
    if high is not None:
        return f"at most {number(high)}{noun}"
    return f"at least {number(low)}{noun}" if low is not None else ""


def _sentence(clause: str) -> str:
    return f"{clause[0].upper()}{clause[1:]}."


def _own(field: Document) -> Iterator[str]:
    """Yield the bounds of a value, of its length, of a list and of its items."""
    if (field.get("minLength"), field.get("maxLength")) != (1, None):
        yield span(field.get("minLength"), field.get("maxLength"), "characters")
    yield span(field.get("minItems"), field.get("maxItems"), "items")
    yield _value(field)
    inner = field.get("items")
    if inner and inner.get("type") != "object":
        each = ", ".join(filter(None, _own(inner))).replace(", each ", ", of which each ")
        yield f"each {'is' if inner.get('type') in ('integer', 'number') else 'has'} {each}" if each else ""
    for option in field.get("anyOf") or []:
        yield from _own(option)


def _value(field: Document) -> str:
    clauses = [span(field.get("minimum"), field.get("maximum"))]
    for key, words in (
        ("exclusiveMinimum", "more than"),
        ("exclusiveMaximum", "less than"),
        ("multipleOf", "in multiples of"),
    ):
        if field.get(key) is not None:
            clauses.append(f"{words} {number(field[key])}")
    return ", ".join(filter(None, clauses))


def _of_media(media: Document, *, many: bool) -> Iterator[str]:
    """Yield the limits of media: formats, sizes, durations, and the properties of their frames."""
    each = " each" if many else ""
    formats = listed([format_name(name) for name in media.get("formats") or []])
    heavy = f"up to {size(media['max_bytes'])}{each}" if media.get("max_bytes") else ""
    yield ", ".join(filter(None, (formats, heavy)))
    seconds = span(media.get("min_seconds"), media.get("max_seconds"), "seconds")
    total = media.get("max_total_seconds")
    whole = f"at most {number(total)} seconds in all" if total else ""
    yield ", ".join(filter(None, (f"{seconds}{each}" if seconds else "", whole)))
    yield "; ".join(
        filter(
            None,
            (
                span(media.get("min_side"), media.get("max_side"), "px per side"),
                span(media.get("min_pixels"), media.get("max_pixels"), "pixels"),
                _ratio(media.get("min_ratio"), media.get("max_ratio")),
                span(media.get("min_fps"), media.get("max_fps"), "frames per second"),
            ),
        )
    )


def _ratio(low: Node, high: Node) -> str:
    clause = span(low, high)
    return f"width to height {clause}" if clause else ""
