"""One wording for every bound: what the compiler appends to a description."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from codegen import wording
from codegen.source import read

ROOT = Path(__file__).parents[2]

FIELDS: dict[str, tuple[dict[str, Any], dict[str, Any], str]] = {
    "a text": ({"type": "string", "maxLength": 20000}, {}, "At most 20,000 characters."),
    "a text that is not empty": ({"type": "string", "minLength": 1, "maxLength": 800}, {}, "1 to 800 characters."),
    "a text that is only not empty": ({"type": "string", "minLength": 1}, {}, ""),
    "a number": ({"type": "integer", "minimum": 4, "maximum": 15, "default": 5}, {}, "4 to 15. Default: 5."),
    "a number with steps": (
        {"type": "number", "minimum": 0, "maximum": 1.0, "multipleOf": 0.01},
        {},
        "0 to 1, in multiples of 0.01.",
    ),
    "an open range": (
        {"type": "number", "exclusiveMinimum": 0, "exclusiveMaximum": 9},
        {},
        "More than 0, less than 9.",
    ),
    "a choice of types": (
        {"anyOf": [{"type": "string"}, {"type": "integer", "minimum": 6, "maximum": 30}]},
        {},
        "6 to 30.",
    ),
    "one item": ({"type": "array", "minItems": 1, "maxItems": 1, "items": {"type": "string"}}, {}, "Exactly 1 item."),
    "items with bounds": (
        {"type": "array", "maxItems": 3, "items": {"type": "string", "maxLength": 40}},
        {},
        "At most 3 items. Each has at most 40 characters.",
    ),
    "lists in a list": (
        {"type": "array", "items": {"type": "array", "maxItems": 2, "items": {"type": "array", "minItems": 4}}},
        {},
        "Each has at most 2 items, of which each has at least 4 items.",
    ),
    "numbers in a list": ({"type": "array", "items": {"type": "integer", "minimum": 1}}, {}, "Each is at least 1."),
    "images": (
        {
            "type": "array",
            "minItems": 1,
            "maxItems": 14,
            "items": {"type": "string", "pattern": "^(https?|asset|oss)://"},
        },
        {"kind": "image", "formats": ["jpeg", "png", "webp"], "max_bytes": 10485760},
        "1 to 14 items. JPEG, PNG or WebP, up to 10 MB each. URLs or local media.",
    ),
    "a video": (
        {"type": "string", "pattern": "^(https?|asset|oss)://"},
        {
            "kind": "video",
            "formats": ["mp4"],
            "max_bytes": 1610612736,
            "min_side": 300,
            "max_side": 6000,
            "max_pixels": 8294400,
            "min_ratio": 0.4,
            "max_ratio": 2.5,
            "min_seconds": 3,
            "max_seconds": 15.5,
            "min_fps": 24,
            "max_fps": 60,
        },
        "MP4, up to 1.5 GB. 3 to 15.5 seconds. 300 to 6,000 px per side; at most 8,294,400 pixels; "
        "width to height 0.4 to 2.5; 24 to 60 frames per second. A URL or local media.",
    ),
    "recordings with a total": (
        {"type": "array", "items": {"type": "string"}},
        {"kind": "audio", "min_seconds": 2, "max_seconds": 15, "max_total_seconds": 15},
        "2 to 15 seconds each, at most 15 seconds in all.",
    ),
    "a deprecated choice": (
        {"type": "string", "enum": ["a"], "default": "a", "deprecated": True},
        {},
        'Default: "a". Deprecated.',
    ),
}


@pytest.mark.parametrize("name", FIELDS)
def test_bounds_are_sentences(name: str) -> None:
    field, media, expected = FIELDS[name]
    assert " ".join(wording.sentences(field, media)) == expected


def test_words_for_ranges_and_sizes() -> None:
    assert wording.span(1, 1, "items") == "exactly 1 item"
    assert wording.span(None, 1, "characters") == "at most 1 character"
    assert wording.span(2, None, "items") == "at least 2 items"
    assert [wording.size(n) for n in (7, 2048, 10485760, 1610612736)] == ["7 bytes", "2 KB", "10 MB", "1.5 GB"]


def test_a_packaged_schema_has_its_bounds_and_rules_in_words() -> None:
    shot = {"type": "object", "properties": {"length": {"minimum": 1, "maximum": 12}, "name": {"type": "string"}}}
    document: dict[str, Any] = {
        "properties": {"clip": {}, "shots": {"type": "array", "maxItems": 5, "items": shot}},
        "allOf": [{"then": {"required": ["clip"]}, "x-kie-message": "is needed without shots"}],
        "x-kie": {"model": "m", "media": {"clip": {"min_fps": 24, "max_fps": 60, "max_total_seconds": 15}}},
    }
    facts = wording.with_words(document)["x-kie"]
    assert facts["bounds"] == {
        "clip": ["at most 15 seconds in all", "24 to 60 frames per second"],
        "shots": ["at most 5 items"],
        "shots.length": ["1 to 12"],
    }
    assert facts["rules"] == ["`clip` is needed without shots."]
    assert facts["model"] == "m"


def test_a_description_is_closed_before_the_bounds_follow() -> None:
    assert wording.described({"description": "How many", "maximum": 4}) == "How many. At most 4."
    assert wording.described({"description": "How many?"}) == "How many?"


def test_rules_are_sentences_about_fields() -> None:
    document = {
        "properties": {name: {} for name in ("n", "style", "title", "customMode", "image_url")},
        "allOf": [
            {"if": {}, "then": {"required": ["style", "title"]}, "x-kie-message": "is needed when customMode is true"},
            {"if": {}, "else": {"properties": {"n": {"maximum": 4}}}, "x-kie-message": "may be at most 4 otherwise"},
            {"anyOf": [], "x-kie-message": "either style or image_url is needed"},
            {"x-kie-total": {"of": ["style"]}, "x-kie-message": "has to be shorter"},
            {"not": {}, "x-kie-message": "title stands alone"},
            {"required": ["n", "title"], "x-kie-message": "is usually needed"},
        ],
    }
    assert wording.rules(document) == [
        "`style` and `title` are needed when `customMode` is true.",
        "`n` may be at most 4 otherwise.",
        "Either style or `image_url` is needed.",
        "`style` has to be shorter.",
        "`title` stands alone.",
        "`n` and `title` are usually needed.",
    ]


def test_every_rule_of_every_model_is_a_sentence_about_something() -> None:
    """A message that follows the name of a field needs a rule that names one."""
    source, faults = read(ROOT / "openapi")
    assert not faults
    found = [rule for model in source.models for rule in wording.rules(model.document)]
    advice = [{**model.document, "allOf": model.facts.get("advice")} for model in source.models]
    found += [rule for document in advice for rule in wording.rules(document)]
    assert len(found) > 130
    for rule in found:
        assert rule[0] == "`" or rule[0].isupper(), rule
        assert rule.endswith("."), rule
