"""What a schema says of the media in a field, against what is known of a file."""

from __future__ import annotations

from typing import Any

import attrs
import pytest

from kie._core.media_rules import MediaFacts, MediaRule

KNOWN: dict[str, Any] = {"name": "a.mp4", "content_type": "video/mp4", "format": "mp4", "size": 1000}


def broken(rule: dict[str, Any], **facts: Any) -> list[tuple[str, str]]:
    """The rules that a file breaks, and what is said of each."""
    found = list(MediaRule(kind="video", **rule).judge("clip", MediaFacts(**KNOWN | facts)))
    assert all(issue.path == "clip" for issue in found)
    return [(issue.rule, issue.message) for issue in found]


LIMITS: dict[str, tuple[dict[str, Any], dict[str, Any], dict[str, Any], str]] = {
    # the rule, facts that just keep it, facts that just break it, what is said of them
    "max_bytes": ({"max_bytes": 1234}, {"size": 1234}, {"size": 1235}, "has 1,235 bytes; at most 1,234 are allowed"),
    "min_side": (
        {"min_side": 300},
        {"width": 900, "height": 300},
        {"width": 900, "height": 299},
        "299 px is its shorter side; at least 300 is needed",
    ),
    "max_side": (
        {"max_side": 900},
        {"width": 300, "height": 900},
        {"width": 300, "height": 901},
        "901 px is its longer side; at most 900 is allowed",
    ),
    "min_pixels": (
        {"min_pixels": 262_144},
        {"width": 512, "height": 512},
        {"width": 512, "height": 511},
        "261,632 pixels in all; at least 262,144 is needed",
    ),
    "max_pixels": (
        {"max_pixels": 16_000_000},
        {"width": 4000, "height": 4000},
        {"width": 4001, "height": 4000},
        "16,004,000 pixels in all; at most 16,000,000 is allowed",
    ),
    "min_ratio": (
        {"min_ratio": 0.5},
        {"width": 10, "height": 20},
        {"width": 10, "height": 25},
        "0.4 is width / height; at least 0.5 is needed",
    ),
    "max_ratio": (
        {"max_ratio": 2},
        {"width": 20, "height": 10},
        {"width": 25, "height": 10},
        "2.5 is width / height; at most 2 is allowed",
    ),
    "min_seconds": ({"min_seconds": 2}, {"seconds": 2.0}, {"seconds": 1.9}, "1.9 seconds long; at least 2 is needed"),
    "max_seconds": ({"max_seconds": 9}, {"seconds": 9.0}, {"seconds": 9.5}, "9.5 seconds long; at most 9 is allowed"),
    "min_fps": ({"min_fps": 24}, {"fps": 24.0}, {"fps": 23.5}, "23.5 frames per second; at least 24 is needed"),
    "max_fps": ({"max_fps": 60}, {"fps": 60.0}, {"fps": 61.0}, "61 frames per second; at most 60 is allowed"),
    "format": ({"formats": ("mp4", "mov")}, {"format": "mov"}, {"format": "webm"}, "is webm; use mp4, mov"),
}


@pytest.mark.parametrize("name", LIMITS)
def test_a_file_may_just_keep_a_limit_and_the_error_says_by_how_much_it_breaks_one(name: str) -> None:
    rule, keeps, breaks, said = LIMITS[name]
    assert broken(rule, **keeps) == []
    [(told, message)] = broken(rule, **breaks)
    assert told == name
    assert message.startswith("a.mp4") and message.endswith(said)


def test_every_limit_of_a_rule_is_tried_here() -> None:
    assert {name for rule, *_ in LIMITS.values() for name in rule} | {"kind", "roles", "max_total_seconds"} == {
        field.name for field in attrs.fields(MediaRule)
    }


@pytest.mark.parametrize("name", LIMITS)
def test_what_is_not_known_of_a_file_is_not_held_against_it(name: str) -> None:
    assert broken(LIMITS[name][0], format=None, size=None) == []


def test_sides_are_judged_only_where_both_are_known() -> None:
    rule = {"min_side": 300, "max_pixels": 10}
    assert broken(rule, width=20) == broken(rule, height=20) == broken(rule, width=0, height=20) == []


def test_a_file_that_went_on_after_the_limit_is_too_large_by_an_unknown_size() -> None:
    [(rule, message)] = broken({"max_bytes": 1000}, size=1000, cut=True)
    assert (rule, message) == ("max_bytes", "a.mp4 has more than 1,000 bytes; at most 1,000 are allowed")


def test_all_that_is_wrong_is_reported_at_once() -> None:
    rule = {"max_bytes": 10, "formats": ("mov",), "min_side": 300, "max_seconds": 5}
    found = broken(rule, width=20, height=20, seconds=9.0)
    assert [name for name, _ in found] == ["format", "max_bytes", "min_side", "max_seconds"]


def test_of_a_file_that_cannot_be_read_only_that_is_reported() -> None:
    assert broken({"max_bytes": 10}, unreadable="it is empty") == [("media", "a.mp4: it is empty")]


def test_a_refused_format_names_those_that_are_taken() -> None:
    [issue] = MediaRule(kind="video", formats=("mp4", "mov")).judge("clip", MediaFacts(**KNOWN | {"format": "webm"}))
    assert issue.allowed == ("mp4", "mov")
