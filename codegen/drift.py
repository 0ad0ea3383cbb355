"""Compares the curated models with captures of the vendor's documentation.

A difference is explained by a curation note at its place or above it, or by the vendor's own prose: a bound of ours
whose figure stands in the description of the field. Everything else is listed.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import attrs
import yaml

from codegen.source import Document, ModelSource, Node, escape

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


@attrs.frozen(order=True)
class Difference:
    """One thing in which a curated model and its capture differ. `at` points into our file."""

    model: str
    at: str
    ours: str
    vendor: str
    also: str = ""
    """Another place where a note may stand."""

    def __str__(self) -> str:
        return f"{self.model}#{self.at}: ours {self.ours}, vendor {self.vendor}"


def captures(folder: Path) -> dict[str, Document]:
    """The captured input schema of every Market model in a folder, by model id."""
    found = {}
    for path in sorted(folder.glob("*.yaml")):
        document = yaml.safe_load(path.read_text("utf-8"))
        if isinstance(document, dict) and document.get("model") and "request_schema" in document:
            found[str(document["model"])] = document["request_schema"]["properties"].get("input") or {}
    return found


def compare(models: list[ModelSource], vendor: dict[str, Document]) -> list[Difference]:
    """Every difference that nothing explains."""
    found: list[Difference] = []
    ours = {model.id: model for model in models if model.facts.get("model")}
    for name in sorted(set(vendor) - set(ours)):
        found.append(Difference(name, "", "absent", "documented"))
    for name, model in sorted(ours.items()):
        if name not in vendor:
            if model.facts.get("status") == "active":
                found.append(Difference(name, "", "active", "not documented"))
            continue
        notes = [str(note.get("at", "")) for note in model.facts.get("curation") or []]
        for difference in _object(name, model.document, vendor[name], ""):
            if not _explained(difference, notes):
                found.append(difference)
    return found


def _explained(difference: Difference, notes: list[str]) -> bool:
    places = [place for place in (difference.at, difference.also) if place]
    return any(place == note or place.startswith(f"{note}/") for place in places for note in notes)


def _flat(schema: Document) -> Document:
    """A schema with its alternatives merged: all their properties, and what every one of them requires."""
    properties, required = dict(schema.get("properties") or {}), set(schema.get("required") or [])
    for keyword in ("allOf", "oneOf", "anyOf"):
        branches = [_flat(branch) for branch in schema.get(keyword) or [] if isinstance(branch, dict)]
        for branch in branches:
            for name, field in branch["properties"].items():
                properties.setdefault(name, field)
        needed = [set(branch["required"]) for branch in branches]
        if needed:
            required |= set.union(*needed) if keyword == "allOf" else set.intersection(*needed)
    return {**schema, "properties": properties, "required": sorted(required)}


def _object(model: str, ours: Document, vendor: Document, at: str) -> Iterator[Difference]:
    vendor = _flat(vendor)
    mine, theirs = ours.get("properties") or {}, _stripped(vendor["properties"])
    for name in sorted(set(mine) - set(theirs)):
        yield Difference(model, f"{at}/properties/{escape(name)}", "present", "absent")
    for name in sorted(set(theirs) - set(mine)):
        yield Difference(model, f"{at}/properties/{escape(name)}", "absent", "present")
    required = {str(name).strip() for name in vendor.get("required") or []} & set(theirs)
    for name in sorted(set(ours.get("required") or []) ^ required):
        if name in mine:
            verdict = ("optional", "required") if name in required else ("required", "optional")
            field = f"{at}/properties/{escape(name)}"
            yield Difference(model, f"{at}/required", f"{name} {verdict[0]}", f"{name} {verdict[1]}", also=field)
    for name in sorted(set(mine) & set(theirs)):
        yield from _field(model, mine[name], theirs[name], f"{at}/properties/{escape(name)}")


def _stripped(properties: Document) -> Document:
    return {str(name).strip(): field for name, field in properties.items()}


def _field(model: str, ours: Document, vendor: Document, at: str, prose: str = "") -> Iterator[Difference]:
    prose = f"{prose} {vendor.get('description') or ''}"
    if "anyOf" in ours:
        yield Difference(model, f"{at}/anyOf", "several types", str(vendor.get("type")))
        return
    if ours.get("type") != vendor.get("type"):
        yield Difference(model, f"{at}/type", str(ours.get("type")), str(vendor.get("type")))
    mine, theirs = ours.get("enum"), vendor.get("enum")
    if _values(mine) != _values(theirs) and not (theirs is None and _in_prose(mine, prose)):
        yield Difference(model, f"{at}/enum", _show(mine), _show(theirs))
    if ours.get("default") != vendor.get("default"):
        yield Difference(model, f"{at}/default", _show(ours.get("default")), _show(vendor.get("default")))
    if bool(ours.get("deprecated")) != bool(vendor.get("deprecated")):
        yield Difference(model, f"{at}/deprecated", str(ours.get("deprecated")), str(vendor.get("deprecated")))
    for bound in BOUNDS:
        low, high = ours.get(bound), vendor.get(bound)
        if bound in ("minLength", "minItems"):
            low, high = low or None, high or None  # 0 forbids nothing
        if low == high or (high is None and _in_prose([low], prose)):
            continue
        yield Difference(model, f"{at}/{bound}", _show(low), _show(high))
    if isinstance(ours.get("items"), dict):
        yield from _field(model, ours["items"], vendor.get("items") or {}, f"{at}/items", prose)
    if "properties" in ours:
        yield from _object(model, ours, vendor, at)


def _values(enum: Node) -> set[str] | None:
    return None if enum is None else {f"{type(value).__name__}:{value}" for value in enum}


def _in_prose(values: list[Any] | None, prose: str) -> bool:
    """Whether the vendor's description names every one of some values."""
    words = set(re.findall(r"\d+(?:\.\d+)?|[A-Za-z][\w:.-]*|\d+:\d+", prose.replace(",", "")))
    return values is not None and all(str(value) in words or str(value) in prose for value in values)


def _show(value: object) -> str:
    text = "none" if value is None else repr(value)
    return text if len(text) <= 100 else f"{text[:97]}…"
