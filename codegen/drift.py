"""Compares the curated models with what the vendor publishes: captures or pages.

A difference is explained by a curation note at its place or above it, or by the vendor's own text, if the field's
description contains the figure of our bound. All other differences are listed, and so are notes that no longer explain
anything.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator, Set
from itertools import chain
from typing import Any

import attrs

from . import prose
from .pages import Page
from .source import Document, ModelSource, Node, escape

BOUNDS = (
    "minLength",
    "maxLength",
    "minimum",
    "maximum",
    "minItems",
    "maxItems",
    "exclusiveMinimum",
    "exclusiveMaximum",
)
COMPARED = {"type", "anyOf", "enum", "default", "deprecated", "required", "pattern", "multipleOf", *BOUNDS}
"""The keywords that are compared. A note whose `at` ends in one has to explain a difference there."""
ELSEWHERE = "elsewhere"
OLDER = "older"
_PLAIN = re.compile(r"/required|/properties/[^/]+(?:/[A-Za-z]+)?")
"""The places that can be compared with a page without text."""


@attrs.frozen(order=True)
class Difference:
    """One difference between a curated model and its page. `at` points into our file."""

    model: str
    at: str
    ours: str
    vendor: str
    also: str = ""
    """Another place where a note may stand."""
    told: bool = False
    """Whether the page's own text agrees with us, so that no note is needed."""

    def __str__(self) -> str:
        return f"{self.model}#{self.at}: ours {self.ours}, vendor {self.vendor}"


@attrs.frozen(order=True)
class StaleNote:
    """A curation note that no longer explains anything."""

    model: str
    index: int
    at: str
    why: str

    def __str__(self) -> str:
        return f"{self.model}#/x-kie/curation/{self.index}: the note at {self.at} {self.why}"


@attrs.frozen
class Drift:
    """The findings of a comparison, and how much was compared."""

    differences: list[Difference]
    stale: list[StaleNote]
    compared: int
    other: list[Page]
    """Pages of endpoints that have no model id; they were not compared."""
    whole: bool
    """Whether the pages were considered the vendor's whole catalogue."""


def compare(models: list[ModelSource], pages: list[Page], listed: Set[str] | None = None) -> Drift:
    """Find every unexplained difference, and every note that explains nothing.

    `listed` holds the ids of the vendor's own list, if there is one. Without it, fewer pages than half of our active
    models count as a selection rather than the catalogue, and no model is reported as vanished.
    """
    ours = {model.id: model for model in models if model.facts.get("model")}
    vendor: dict[str, list[Page]] = {}
    for page in pages:
        for name in page.models:
            vendor.setdefault(name, []).append(page)
    known = set(vendor) | set(listed or ())
    active = [name for name, model in ours.items() if model.facts.get("status") == "active"]
    whole = listed is not None or 2 * len(vendor) >= len(active)
    found = [Difference(name, "", "absent", "documented") for name in sorted(known - set(ours))]
    if whole:
        day = max((page.captured for page in pages), default="")
        gone = sorted(
            name
            for name in set(active) - known
            if not _unlisted(ours[name]) and (listed is not None or not day or min(_days(ours[name])) <= day)
        )
        found += [Difference(name, "", "active", "not documented") for name in gone]
    stale: list[StaleNote] = []
    held = sorted(set(ours) & set(vendor))
    for name in held:
        notes = ours[name].facts.get("curation") or []
        newest = str(ours[name].newest.get("captured", ""))
        judged: list[tuple[Page, list[Difference]]] = []
        for page in vendor[name]:
            differences = list(_model(ours[name], page))
            behind = page.captured < newest
            found += [d for d in differences if not d.told and not any(_covers(note, d, behind) for note in notes)]
            judged += [(page, differences)] if not (page.captured and behind) else []
        stale += _stale(ours[name], judged, notes)
    other = [page for page in pages if not page.models]
    return Drift(found, stale, len(held), other, whole)


def _unlisted(model: ModelSource) -> bool:
    """Whether a note explains that the vendor does not list an active model."""
    return any(note.get("at") == "/x-kie/status" for note in model.facts.get("curation") or [])


def _days(model: ModelSource) -> list[str]:
    """The days on which the sources of a model were captured."""
    return [str(source.get("captured")) for source in model.facts.get("sources") or []] or [""]


def _model(model: ModelSource, page: Page) -> Iterator[Difference]:
    if page.declared and model.id not in page.declared:
        yield Difference(model.id, "/x-kie/model", model.id, ", ".join(page.declared))
    for difference in _object(model.id, model.document, page.input, ""):
        yield attrs.evolve(difference, told=difference.told or (page.silent and _unsaid(difference)))
    if not page.silent:
        yield from _media(model.id, model.facts.get("media") or {}, page.input)


def _unsaid(difference: Difference) -> bool:
    """Whether the missing part of a page (its text, or nested objects) might explain the difference."""
    path = difference.at.split("/")
    nested = len(path) > 3 and path[3] in ("items", "properties")
    return nested or (path[-1] in (*BOUNDS, "pattern", "multipleOf", "enum") and difference.vendor == "none")


def _covers(note: Document, difference: Difference, behind: bool = False) -> bool:
    """Whether a note explains a difference: it is at its place or, unless the page's text agrees with us, above it.

    A page that is `behind` is older than the newest source of the model.
    """
    at = str(note.get("at", ""))
    places = [place for place in (difference.at, difference.also) if place]
    if note.get("from") == ELSEWHERE or (note.get("from") == OLDER and not behind):
        return False
    return any(place == at or (place.startswith(f"{at}/") and not difference.told) for place in places)


def _stale(
    model: ModelSource, judged: list[tuple[Page, list[Difference]]], notes: list[Document]
) -> Iterator[StaleNote]:
    """Yield notes that explain no difference from any page, and notes about a text that has changed."""
    spoken = [page for page, _ in judged if not page.silent]
    for index, note in enumerate(notes):
        at, source = str(note.get("at", "")), str(note.get("from") or "")
        told = [found for page, found in judged if not page.silent or (_PLAIN.fullmatch(at) and not source)]
        if source == OLDER or not told:
            continue
        if (not source or at.rpartition("/")[2] in COMPARED) and not any(_covers(note, d) for d in chain(*told)):
            yield StaleNote(model.id, index, at, "explains nothing any more: the page's schema says the same")
        elif source.startswith("text/") and source not in (
            now := [text_mark(model.document, p.input, at) for p in spoken]
        ):
            yield StaleNote(
                model.id, index, at, f"is from a text that has changed: read it again, then set from: {now[0]}"
            )


def text_mark(model: Document, page: Document, at: str) -> str:
    """Hash the page's text about a place of a model file, so that a change of that text is noticed.

    The text of a field is its description; of a rule, the descriptions of the fields that it names; otherwise all.
    """
    parts = [part.replace("~1", "/").replace("~0", "~") for part in at.split("/")[1:]]
    match parts:
        case ["properties", name, *rest]:
            texts = [_description(page, [name, *rest])]
        case ["x-kie", "media" | "references" | "python", path, *_]:
            texts = [_description(page, path.replace(".", "/items/properties/").split("/"))]
        case ["allOf", index, *_] if index.isdigit() and int(index) < len(model.get("allOf") or []):
            named = sorted(_mentioned(model["allOf"][int(index)]) & set(page.get("properties") or {}))
            texts = [text for name in named for text in _texts(page["properties"][name])]
        case _:
            texts = list(_texts(page))
    words = " ".join(" ".join(texts).split())
    return f"text/{hashlib.sha256(words.encode()).hexdigest()[:8]}"


def _description(page: Document, path: list[str]) -> str:
    """The description of the innermost field on a path, with that of its items."""
    field: Node = (page.get("properties") or {}).get(path[0]) or {}
    rest = path[1:]
    while len(rest) >= 2 and rest[0] in ("items", "properties"):
        if rest[0] == "items":
            field, rest = field.get("items", field), rest[1:]
        elif rest[1] in (field.get("properties") or {}):
            field, rest = field["properties"][rest[1]], rest[2:]
        else:
            break
    return " ".join(_texts({key: value for key, value in field.items() if key in ("description", "items")}))


def _texts(schema: Document) -> Iterator[str]:
    """Yield every description of a schema, in the order of the page."""
    if schema.get("description"):
        yield str(schema["description"])
    if isinstance(schema.get("items"), dict):
        yield from _texts(schema["items"])
    for field in (schema.get("properties") or {}).values():
        yield from _texts(field)


def _mentioned(rule: Node) -> set[str]:
    """The fields of the request that a cross-field rule names."""
    if isinstance(rule, list):
        return set().union(*map(_mentioned, rule)) if rule else set()
    if not isinstance(rule, dict):
        return set()
    names = {str(name) for key in ("required", "properties", "dependentRequired") for name in rule.get(key) or []}
    totals = {path.partition(".")[0] for path in (rule.get("x-kie-total") or {}).get("of", [])}
    inner = [rule[key] for key in ("if", "then", "else", "not", "anyOf", "oneOf", "allOf") if key in rule]
    return names | totals | _mentioned(inner)


def _object(model: str, ours: Document, vendor: Document, at: str) -> Iterator[Difference]:
    mine, theirs = ours.get("properties") or {}, vendor.get("properties") or {}
    for name in sorted(set(mine) - set(theirs)):
        yield Difference(model, f"{at}/properties/{escape(name)}", "present", "absent")
    for name in sorted(set(theirs) - set(mine)):
        yield Difference(model, f"{at}/properties/{escape(name)}", "absent", "present")
    required = set(vendor.get("required") or [])
    for name in sorted(set(ours.get("required") or []) ^ required):
        if name in mine:
            verdict = ("optional", "required") if name in required else ("required", "optional")
            field = f"{at}/properties/{escape(name)}"
            yield Difference(model, f"{at}/required", f"{name} {verdict[0]}", f"{name} {verdict[1]}", also=field)
    for name in sorted(set(mine) & set(theirs)):
        if "written" in theirs[name]:
            yield Difference(model, f"{at}/properties/{escape(name)}", repr(name), repr(theirs[name]["written"]))
        yield from _field(model, mine[name], theirs[name], f"{at}/properties/{escape(name)}")


def _field(model: str, ours: Document, vendor: Document, at: str, text: str = "") -> Iterator[Difference]:
    text = f"{text} {vendor.get('description') or ''}"
    if "anyOf" in ours:
        yield Difference(model, f"{at}/anyOf", "several types", str(vendor.get("type")))
        return
    if ours.get("type") != vendor.get("type"):
        yield Difference(model, f"{at}/type", str(ours.get("type")), str(vendor.get("type")))
    mine, theirs = ours.get("enum"), vendor.get("enum")
    if _values(mine) != _values(theirs):
        told = theirs is None and _in_text(mine, text)
        yield Difference(model, f"{at}/enum", _show(mine), _show(theirs), told=told)
    if ours.get("default") != vendor.get("default"):
        yield Difference(model, f"{at}/default", _show(ours.get("default")), _show(vendor.get("default")))
    if bool(ours.get("deprecated")) != bool(vendor.get("deprecated")):
        yield Difference(model, f"{at}/deprecated", str(ours.get("deprecated")), str(vendor.get("deprecated")))
    yield from _bounds(model, ours, vendor, at)
    for keyword in ("pattern", "multipleOf"):
        low, high = ours.get(keyword), vendor.get(keyword)
        if low != high:
            told = high is None or (ours.get("type"), high) == ("integer", 1)
            yield Difference(model, f"{at}/{keyword}", _show(low), _show(high), told=told)
    if isinstance(ours.get("items"), dict):
        yield from _field(model, ours["items"], vendor.get("items") or {}, f"{at}/items", text)
    if "properties" in ours:
        yield from _object(model, ours, vendor, at)


def _bounds(model: str, ours: Document, vendor: Document, at: str) -> Iterator[Difference]:
    """Compare bounds with the page's schema or, where it has none, with its text."""
    read = prose.of_field(vendor).facts if "enum" not in ours else {}
    for bound in BOUNDS:
        mine, theirs, spoken = ours.get(bound), vendor.get(bound), read.get(bound)
        if bound in ("minLength", "minItems"):
            mine, theirs, spoken = mine or None, theirs or None, spoken or None  # 0 forbids nothing
        if theirs is None and spoken is not None:
            yield Difference(model, f"{at}/{bound}", _show(mine), f"{spoken} in its text", told=mine == spoken)
        elif mine != theirs:
            yield Difference(model, f"{at}/{bound}", _show(mine), _show(theirs))


def _media(model: str, rules: Document, page: Document) -> Iterator[Difference]:
    """Compare the limits of media, which pages state only in their text."""
    theirs = {path: prose.of_media(path, field).facts for path, field in prose.media_fields(page)}
    for path in sorted(set(rules) | set(theirs)):
        at = f"/x-kie/media/{escape(path)}"
        if path not in rules or path not in theirs:
            here, there = ("no media", "media") if path in theirs else ("media", "no media")
            yield Difference(model, at, here, there, also=_field_place(path))
            continue
        mine = {key: value for key, value in rules[path].items() if key != "roles"}
        for key in sorted(set(mine) | set(theirs[path])):
            low, high = mine.get(key), theirs[path].get(key)
            same = set(low or ()) == set(high or ()) if key == "formats" else low == high
            silent = key == "kind" and high == "file" and "formats" not in theirs[path]
            if not same:
                yield Difference(model, f"{at}/{key}", _show(low), _show(high), told=silent)


def _field_place(path: str) -> str:
    return "/properties/" + "/items/properties/".join(map(escape, path.split(".")))


def _values(enum: Node) -> set[str] | None:
    return None if enum is None else {f"{type(value).__name__}:{value}" for value in enum}


def _in_text(values: list[Any] | None, text: str) -> bool:
    """Whether the vendor's description contains each of the values."""
    words = set(re.findall(r"\d+(?:\.\d+)?|[A-Za-z][\w:.-]*|\d+:\d+", text.replace(",", "")))
    return values is not None and all(str(value) in words or str(value) in text for value in values)


def _show(value: object) -> str:
    text = "none" if value is None else repr(value)
    return text if len(text) <= 100 else f"{text[:97]}…"
