"""What the compiler of price tables refuses, and how fields in several forms become closed tables."""

from __future__ import annotations

from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from codegen.prices import compile_prices
from codegen.source import ModelSource, PriceSource, read

ROWS = "listed,model,options,credits,unit\n2026-10-08,a,one,1,per video\n2026-10-08,a,two,2,per video\n"
RATE = {"credits": 1, "row": "a | one"}


@cache
def models() -> dict[str, ModelSource]:
    source, _ = read(Path("openapi"))
    return {model.id: model for model in source.models}


def compiled(model: str, term: dict[str, Any]) -> tuple[dict[str, Any], list[str]]:
    """The compiled term, and where and why it is refused."""
    entry = {"listed": date(2026, 10, 8), model: {"terms": [term]}}
    out, faults = compile_prices(PriceSource({"a.yaml": entry}, ROWS), [models()[model]])
    return out["models"][model]["terms"][0], [
        f"{fault.pointer.partition('/terms/0')[2]}: {fault.message}" for fault in faults
    ]


def test_a_field_that_takes_numbers_and_text_has_one_cell_for_each_value() -> None:
    rates = [{**RATE, "duration": 5}, {"credits": 2, "row": "a | two", "duration": 10}]
    term, faults = compiled("runway", {"each": "task", "by": ["duration"], "rates": rates})
    assert faults == []
    assert term["by"] == [["duration", False, ["5", "10"]]]


def test_the_bounds_of_a_number_are_those_of_any_of_its_forms() -> None:
    term, faults = compiled("grok-imagine/image-to-video", {"each": {"number": "duration"}, "rates": [RATE]})
    assert faults == []
    assert (term["each"][0]["low"], term["each"][0]["high"]) == ("6", "30")


def test_a_length_that_stands_in_for_a_number_has_the_bounds_of_its_medium() -> None:
    each = {"number": "duration", "or": "video_url"}
    term, faults = compiled("wan/2-7-videoedit", {"each": each, "rates": [RATE]})
    assert faults == []
    assert term["each"] == [
        {"kind": "number", "fields": ["duration"], "or": "video_url", "low": "2", "high": "10"},
    ]


def test_the_longest_medium_that_only_the_list_names_is_its_bound() -> None:
    term, faults = compiled("infinitalk/from-audio", {"each": {"seconds": "audio_url", "high": 15}, "rates": [RATE]})
    assert faults == []
    assert term["each"][0]["high"] == "15"


@pytest.mark.parametrize(
    ("term", "fault"),
    [
        ({"each": {"number": "duration", "or": "clip"}, "rates": [RATE]}, "/each/or: 'clip' is not a field"),
        ({"each": {"seconds": "video_url", "or": "duration"}, "rates": [RATE]}, "/each/or: does not belong to seconds"),
        ({"each": "task", "by": ["duration"], "rates": [{**RATE, "duration": 5}]}, "/rates: duration=0 has no rate"),
        ({"each": "task", "by": ["size"], "rates": [RATE]}, "/by/0: 'size' is not a field"),
        ({"each": "task", "by": [{"unstated": "duration", "values": [5]}], "rates": [RATE]}, "/by/0: 'duration' needs"),
        ({"each": "task", "by": [{"unstated": "size", "values": []}], "rates": [RATE]}, "/by/0: 'size' needs values"),
        ({"each": "task", "rates": [{"credits": 2, "row": "a | one"}]}, "/rates/0/credits: is 2, and 1 in the list"),
        ({"each": "task", "rates": [{"credits": 1, "row": "b | one"}]}, "/rates/0/row: 'b | one' is in no list"),
        ({"each": "task", "rates": [RATE, RATE]}, "/rates/1: overlaps"),
    ],
)
def test_a_table_that_is_not_closed_is_refused_where_it_is_wrong(term: dict[str, Any], fault: str) -> None:
    _, faults = compiled("wan/2-7-videoedit", term)
    assert any(fault in each for each in faults), faults
