"""Price files: what the compiler refuses, and what becomes of a table that is closed."""

from __future__ import annotations

import copy
import json
from collections.abc import Iterator
from datetime import date
from functools import reduce
from typing import Any

import pytest
import yaml

from codegen.prices import compile_prices
from codegen.source import ModelSource, PriceSource
from kie._core.price_snapshot import Later
from kie._core.prices import _load

ROWS = """listed,model,options,credits,unit
2026-10-08,acme video,480p silent,2,per second
2026-10-08,acme video,480p sound,3,per second
2026-10-08,acme video,720p,5,per second
2026-10-08,acme video,image,0.5,per image
2026-10-08,acme video,text,12,per 1000 characters
"""
DOCUMENT: dict[str, Any] = {
    "title": "Acme",
    "x-kie": {"model": "acme/video", "media": {"clip": {"kind": "video", "min_seconds": 1, "max_seconds": 30}}},
    "properties": {
        "size": {"type": "string", "enum": ["480p", "720p", "auto"]},
        "sound": {"type": "boolean"},
        "duration": {"type": "integer", "minimum": 4, "maximum": 15},
        "steps": {"type": "string", "enum": ["5", "10"]},
        "any": {"type": "integer", "minimum": -1, "maximum": 9},
        "images": {"type": "array", "items": {"type": "string"}},
        "lines": {"type": "array", "items": {"type": "object", "properties": {"text": {"type": "string"}}}},
        "clip": {"type": "string"},
        "note": {"type": "string"},
    },
}
MODEL = ModelSource("models/acme.yaml", "acme_video", DOCUMENT)
TERM: dict[str, Any] = {
    "each": {"number": "duration"},
    "by": ["size", "sound"],
    "left": {"size": ["auto"]},
    "rates": [
        {"size": "480p", "sound": False, "credits": 2, "row": "acme video | 480p silent"},
        {"size": "480p", "sound": True, "credits": 3, "row": "acme video | 480p sound"},
        {"size": "720p", "credits": 5, "row": "acme video | 720p"},
    ],
}


def compiled(*terms: dict[str, Any], rows: str = ROWS, more: dict[str, Any] | None = None) -> tuple[Any, list[str]]:
    """The compiled table of the model and the faults, as text."""
    text = yaml.safe_dump({"acme/video": {"terms": list(terms), **(more or {})}})
    file = yaml.safe_load(f"listed: 2026-10-08\n{text}")
    tables, faults = compile_prices(PriceSource({"prices/acme.yaml": file}, rows), [MODEL])
    return tables["models"].get("acme/video"), [str(fault) for fault in faults]


def changed(**keys: Any) -> dict[str, Any]:
    return {**copy.deepcopy(TERM), **keys}


def test_a_closed_table_is_compiled_cell_by_cell() -> None:
    table, faults = compiled(TERM)
    assert faults == []
    (term,) = table["terms"]
    assert table["listed"] == "2026-10-08"
    assert term["each"] == [{"kind": "number", "fields": ["duration"], "low": "4", "high": "15"}]
    assert term["by"] == [["size", False, ["480p", "720p"]], ["sound", False, ["true", "false"]]]
    assert [(row["cells"], row["credits"]) for row in term["rates"]] == [
        (["480p", "false"], "2"),
        (["480p", "true"], "3"),
        (["720p", "true"], "5"),
        (["720p", "false"], "5"),
    ]


@pytest.mark.parametrize(
    ("each", "expected"),
    [
        ("task", {"kind": "task"}),
        ({"number": "steps"}, {"kind": "number", "fields": ["steps"], "low": "5", "high": "10"}),
        ({"number": "any"}, {"kind": "number", "fields": ["any"], "high": "9"}),
        ({"number": "any", "low": 2}, {"kind": "number", "fields": ["any"], "low": "2", "high": "9"}),
        ({"items": "images", "free": 1}, {"kind": "items", "fields": ["images"], "free": "1"}),
        ({"characters": "lines.text", "per": 1000}, {"kind": "text", "fields": ["lines.text"], "per": "1000"}),
        ({"seconds": "clip"}, {"kind": "seconds", "fields": ["clip"], "low": "1", "high": "30"}),
        ({"seconds": "note"}, {"kind": "seconds", "fields": ["note"], "low": "0"}),
    ],
)
def test_what_is_counted_is_bounded_by_the_schema(each: Any, expected: dict[str, Any]) -> None:
    table, faults = compiled({"each": each, "rates": [{"credits": 0.5, "row": "acme video | image"}]})
    assert faults == []
    assert table["terms"][0]["each"] == [expected]


def without(index: int) -> list[dict[str, Any]]:
    return [row for number, row in enumerate(copy.deepcopy(TERM["rates"])) if number != index]


def with_rate(**keys: Any) -> list[dict[str, Any]]:
    return [*copy.deepcopy(TERM["rates"][:2]), {**TERM["rates"][2], **keys}]


FAULTS: dict[str, tuple[Any, str]] = {
    "a hole": (changed(rates=without(1)), "size=480p and sound=true has no rate; say why under unpriced"),
    "an overlap": (
        changed(rates=[*TERM["rates"], {"size": "720p", "sound": True, "credits": 5, "row": "acme video | 720p"}]),
        "rates/3: overlaps /terms/0/rates/2 at 720p, true",
    ),
    "an unknown field": (changed(by=["size", "colour"]), "'colour' is not a field of this model"),
    "a field without values": (changed(by=["size", "note"]), "note has no closed list of values"),
    "an unknown value": (changed(rates=with_rate(size="8k")), "'8k' is not a value of size"),
    "a value that is left to the service": (changed(rates=with_rate(size="auto")), "'auto' is not a value of size"),
    "a key that decides nothing": (changed(rates=with_rate(duration=5)), "rates/2/duration: is not among the fields"),
    "a row that is in no list": (changed(rates=with_rate(row="acme video | 8k")), "'acme video | 8k' is in no list"),
    "another figure than the list's": (changed(rates=with_rate(credits=6)), "is 6, and 5 in the list"),
    "no figure": (changed(rates=with_rate(credits=None)), "rates/2/credits: must be a number, not null"),
    "a row that is used twice": (
        changed(rates=with_rate(row="acme video | 480p sound", credits=3)),
        "'acme video | 480p sound' is used at /terms/0/rates/1, too",
    ),
    "no reason": (changed(rates=without(1), unpriced=[{"size": "480p", "sound": True}]), "unpriced/0: has no reason"),
    "a rate and a reason": (changed(unpriced=[{"size": "720p", "reason": "none"}]), "has a rate as well"),
    "nothing to count": (changed(each="images"), "is neither task nor one of number, items, characters, seconds"),
    "a counter of another kind": (changed(each={"number": "duration", "free": 1}), "does not belong to number"),
    "an unknown field to count": (changed(each={"items": "clips"}), "'clips' is not a field of this model"),
    "an unknown keyword": (changed(times=2), "/terms/0/times: is not a keyword of a term"),
    "no mapping": ("free", "terms/0: must be an object"),
}


@pytest.mark.parametrize("name", FAULTS)
def test_a_table_that_is_not_closed_or_not_the_lists_is_refused(name: str) -> None:
    term, message = FAULTS[name]
    _, faults = compiled(term)
    assert any(message in fault for fault in faults), faults
    assert all(fault.startswith("prices/acme.yaml#/acme~1video") for fault in faults)


def test_what_has_no_rate_for_a_reason_is_no_hole() -> None:
    table, faults = compiled(changed(rates=without(1), unpriced=[{"size": "480p", "sound": True, "reason": "no row"}]))
    assert faults == []
    assert table["terms"][0]["unpriced"] == [{"cells": ["480p", "true"], "reason": "no row"}]


@pytest.mark.parametrize(
    ("rows", "message"),
    [
        ("a,b\n1,2\n", "the columns must be listed, model, options, credits, unit"),
        (ROWS + "2026-10-08,acme video,720p,6,per second\n", "'acme video | 720p' is there twice"),
        (ROWS + "soon,acme,x,6,per second\n", "needs a date under listed and a number under credits"),
        (ROWS + "2026-10-08,acme,x,many,per second\n", "needs a date under listed and a number under credits"),
        (ROWS + "2026-10-08,acme,x,NaN,per second\n", "NaN is not a price"),
        (ROWS + "2026-10-08,acme,x,-1,per second\n", "-1 is not a price"),
        (ROWS + "2026-10-08,acme,x,1e999999999999,per second\n", "1e999999999999 is not a price"),
        (ROWS + "2026-10-08,acme,x,1\n", "has to have 5 cells"),
        (ROWS + "2026-10-08,acme,x,1,per second,more\n", "has to have 5 cells"),
    ],
)
def test_rows_of_the_list_are_checked(rows: str, message: str) -> None:
    _, faults = compiled(TERM, rows=rows)
    assert any(message in fault for fault in faults)


def test_every_price_belongs_to_a_model_of_ours_and_to_a_day() -> None:
    files = {
        "prices/a.yaml": {"listed": yaml.safe_load("2026-10-08"), "acme/nothing": {"terms": [TERM]}},
        "prices/b.yaml": {"acme/video": {"terms": [TERM]}},
        "prices/c.yaml": {"listed": yaml.safe_load("2026-10-08"), "acme/video": {"terms": [TERM]}},
        "prices/d.yaml": {"listed": yaml.safe_load("2026-10-08"), "acme/video": {"terms": [TERM]}},
        "prices/e.yaml": {"listed": yaml.safe_load("2026-10-08"), "acme/video": {}},
    }
    _, faults = compile_prices(PriceSource(files, ROWS), [MODEL])
    assert [(fault.file, fault.message) for fault in faults] == [
        ("prices/a.yaml", "there is no such model"),
        ("prices/b.yaml", "must be the day of the price list"),
        ("prices/d.yaml", "is priced in another file, too"),
        ("prices/e.yaml", "is priced in another file, too"),
    ]


def test_an_empty_price_has_to_say_why() -> None:
    assert "a note has to say why" in compiled()[1][0]
    table, faults = compiled(more={"note": "The list has no row."})
    assert (table["note"], faults) == ("The list has no row.", [])


ODD: list[Any] = [
    *(None, True, 5, -1, 10**400, float("nan"), float("inf"), "", "x", "1e999", date(2026, 10, 8)),
    *([], [None], [[1]], {}, {"a": 1}, {1: 2}, {None: 1}, {"given": 7}, {"unstated": "q"}),
    *({"number": ["duration", 5]}, {"seconds": "clip", "high": "x"}, {"unstated": "q", "low": "x"}, {"items": {}}),
]
MANY: dict[str, Any] = {
    "each": [
        *({"number": "duration", "or": "clip"}, {"items": "images", "free": 1}, {"seconds": "clip", "high": 9}),
        *({"characters": "lines.text", "per": 1000}, {"unstated": "q", "low": 1, "high": "steps"}, "task"),
    ],
    "by": [{"given": "note"}, {"unstated": "v", "values": ["a", "b"]}],
    "rates": [
        {"note": "present", "credits": 0.5, "row": "acme video | image"},
        {"note": "absent", "v": "a", "credits": 12, "row": "acme video | text", "until": date(2026, 10, 9)},
    ],
    "unpriced": [{"note": "absent", "v": "b", "reason": "The list has no row."}],
}
WHOLE: dict[str, Any] = {
    "listed": date(2026, 10, 8),
    "acme/video": {
        "terms": [changed(absent={"size": "480p"}), MANY],
        "note": "Nobody knows.",
        "listed": date(2026, 6, 1),
    },
}


def places(node: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """Every place in a document."""
    inner = node.items() if isinstance(node, dict) else enumerate(node) if isinstance(node, list) else ()
    for key, value in inner:
        yield (*path, key)
        yield from places(value, (*path, key))


@pytest.mark.parametrize("path", [*places(WHOLE)], ids=lambda path: ".".join(map(str, path)))
def test_whatever_stands_anywhere_in_a_price_file_is_a_fault_or_a_table_that_loads(path: tuple[Any, ...]) -> None:
    for odd in ODD:
        document = copy.deepcopy(WHOLE)
        above = reduce(lambda node, key: node[key], path[:-1], document)
        above[path[-1]] = odd
        tables, faults = compile_prices(PriceSource({"prices/acme.yaml": document}, ROWS), [MODEL])
        assert all(len(str(fault)) < 300 for fault in faults)
        table = tables["models"].get("acme/video")
        if not faults and table is not None:
            date.fromisoformat(table["listed"])
            for term in json.loads(json.dumps(table["terms"])):
                _load(term, Later())


def test_the_document_of_that_test_is_without_fault() -> None:
    tables, faults = compile_prices(PriceSource({"prices/acme.yaml": WHOLE}, ROWS), [MODEL])
    assert (len(tables["models"]["acme/video"]["terms"]), faults) == (2, [])


def test_all_faults_of_all_entries_are_reported_at_once() -> None:
    document = {
        "listed": date(2026, 10, 8),
        "acme/none": {"terms": []},
        "acme/video": {"terms": [changed(rates=without(1), by=["size", "sound", "hue"], times=2), MANY], "more": 1},
    }
    _, faults = compile_prices(PriceSource({"prices/acme.yaml": document}, ROWS + "soon,a,b,c,d\n"), [MODEL])
    said = " ".join(map(str, faults))
    for part in ("there is no such model", "'hue' is not a field", "times: is not a keyword", "more: is not a keyword"):
        assert part in said
    assert "needs a date under listed" in said
