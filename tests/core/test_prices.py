"""Estimates: what a table and a request come to."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kie._core import prices
from kie._core.estimates import Estimate, TotalEstimate
from kie._core.prices import estimate_body, price_table

TODAY = date(2026, 11, 1)
BY = [["size", False, ["480p", "720p"]], ["clip", True, ["present", "absent"]]]
RATES = [
    {"cells": ["480p", "absent"], "credits": "2", "row": "a"},
    {"cells": ["720p", "absent"], "credits": "5", "row": "b"},
    {"cells": ["480p", "present"], "credits": "1.5", "row": "c"},
]
TABLES: dict[str, Any] = {
    "video": {
        "listed": "2026-10-08",
        "terms": [
            {
                "each": [
                    {"kind": "number", "fields": ["duration"], "low": "4", "high": "15"},
                    {"kind": "seconds", "fields": ["clip"], "low": "1", "high": "30"},
                ],
                "by": BY,
                "rates": RATES,
                "unpriced": [{"cells": ["720p", "present"], "reason": "no row for 720p with a clip"}],
            },
            {
                "each": [{"kind": "items", "fields": ["images"], "free": "1"}],
                "rates": [{"cells": [], "credits": "0.5", "row": "d"}],
            },
        ],
    },
    "speech": {
        "listed": "2026-10-08",
        "terms": [
            {
                "each": [{"kind": "text", "fields": ["lines.text"], "per": "1000"}],
                "rates": [{"cells": [], "credits": "12", "row": "e", "until": "2026-10-31"}],
            }
        ],
    },
    "unbounded": {
        "listed": "2026-10-08",
        "terms": [
            {"each": [{"kind": "seconds", "fields": ["clip"], "low": "0"}], "rates": [{"cells": [], "credits": "3"}]}
        ],
    },
    "noted": {"listed": "2026-06-30", "terms": [], "note": "tokens are not known before"},
}


@pytest.fixture(autouse=True)
def _tables(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    prices._table.cache_clear()
    monkeypatch.setattr(prices, "_document", lambda: {"models": TABLES})
    yield
    prices._table.cache_clear()


def video(seconds: Any = None, **body: Any) -> Estimate:
    return estimate_body("video", body, seconds, TODAY)


def test_what_the_request_says_is_exact_and_explained_term_by_term() -> None:
    found = video(size="720p", duration=5, images=["a", "b", "c"])
    assert (found.credits, found.at_least, found.at_most, found.exact) == (26, 26, 26, True)
    assert found.usd == Decimal("0.13")
    assert found.listed == date(2026, 10, 8)
    assert [str(term) for term in found.terms] == [
        "5 × 5 (duration + clip; size=720p, clip=absent)",
        "2 × 0.5 (images)",
    ]
    assert found.notes == ()
    assert str(found) == "26 credits"


@pytest.mark.parametrize(
    ("body", "least", "most", "note"),
    [
        ({"size": "720p"}, 20, 75, "duration"),
        ({"size": "720p", "duration": -1}, 20, 75, "duration"),
        ({"size": "720p", "duration": "auto"}, 20, 75, "duration"),
        ({"duration": 5}, 10, 25, "size is left to the service"),
        ({"size": "480p", "duration": 5, "clip": "u"}, Decimal("9"), Decimal("52.5"), "clip"),
    ],
)
def test_what_is_left_to_the_service_widens(body: dict[str, Any], least: Any, most: Any, note: str) -> None:
    found = video(**body)
    assert (found.at_least, found.at_most, found.credits) == (least, most, None)
    assert any(note in text for text in found.notes)


def test_a_measured_length_counts() -> None:
    body = {"size": "480p", "duration": 5, "clip": "u"}
    assert video({"clip": [Decimal("2.5")]}, **body).credits == Decimal("11.25")
    assert video({"clip": [None]}, **body).credits is None


@pytest.mark.parametrize("duration", [5, "5", "5s", 5.0])
def test_a_number_is_read_in_each_form_that_is_sent(duration: Any) -> None:
    assert video(size="480p", duration=duration).credits == 10


@pytest.mark.parametrize(
    ("body", "note"),
    [
        ({"size": "8k", "duration": 5}, "the price list has no row for size=8k and clip=absent"),
        ({"size": "720p", "duration": 5, "clip": "u"}, "no row for 720p with a clip"),
    ],
)
def test_an_option_without_a_rate_never_gives_a_bound(body: dict[str, Any], note: str) -> None:
    found = video(**body)
    assert (found.at_most, found.credits, found.usd) == (None, None, None)
    assert note in found.notes


def test_an_open_choice_among_options_of_which_one_has_no_rate_is_open() -> None:
    found = video(duration=5, clip="u")
    assert (found.at_least, found.at_most) == (0, None)


def test_a_length_without_a_bound_is_open() -> None:
    found = estimate_body("unbounded", {"clip": "u"}, None, TODAY)
    assert (found.at_least, found.at_most) == (0, None)
    assert estimate_body("unbounded", {}, None, TODAY).credits == 0


def test_a_model_that_nobody_priced_is_open_and_not_free() -> None:
    found = estimate_body("nothing", {}, None, TODAY)
    assert (found.at_least, found.at_most, found.listed, found.exact) == (0, None, None, False)
    assert str(found) == "no price known"


def test_a_note_keeps_an_estimate_open() -> None:
    found = estimate_body("noted", {}, None, date(2026, 7, 1))
    assert (found.at_most, found.notes) == (None, ("tokens are not known before",))


def test_an_old_list_is_said_to_be_old() -> None:
    assert "the price list is of 2026-06-30" in estimate_body("noted", {}, None, TODAY).notes[1]
    assert not video(size="480p", duration=5).notes


def test_a_discount_that_has_ended_is_no_upper_bound() -> None:
    body: Any = {"lines": [{"text": "ab"}, {"text": "c" * 498}]}
    assert estimate_body("speech", body, None, date(2026, 10, 31)).credits == 6
    after = estimate_body("speech", body, None, TODAY)
    assert (after.at_least, after.at_most) == (6, None)
    assert after.notes == ("a discount of the price list ended on 2026-10-31",)


BODIES = st.fixed_dictionaries(
    {},
    optional={
        "size": st.sampled_from(["480p", "720p"]),
        "duration": st.integers(4, 15),
        "images": st.lists(st.just("u"), max_size=4),
        "clip": st.just("u"),
    },
)


@given(body=BODIES, more=BODIES)
def test_bounds_are_in_order_and_giving_a_field_never_widens(body: dict[str, Any], more: dict[str, Any]) -> None:
    wide = video(**body)
    assert wide.at_most is None or 0 <= wide.at_least <= wide.at_most
    for name in ("size", "duration"):
        if name not in body and name in more:
            narrow = video(**body, **{name: more[name]})
            assert narrow.at_least >= wide.at_least
            assert wide.at_most is None or (narrow.at_most is not None and narrow.at_most <= wide.at_most)


@given(bodies=st.lists(BODIES, max_size=5))
def test_a_total_is_the_sum_of_its_parts(bodies: list[dict[str, Any]]) -> None:
    parts = tuple(video(**body) for body in bodies)
    total = TotalEstimate(parts=parts)
    assert total.at_least == sum(part.at_least for part in parts)
    assert total.open == sum(part.at_most is None for part in parts)
    assert (total.at_most is None) == bool(total.open)
    if total.at_most is not None:
        assert total.at_most == sum(part.at_most or 0 for part in parts)


def test_the_fields_whose_length_counts_are_known() -> None:
    table = price_table("video")
    assert table is not None
    assert table.lengths == {"clip"}
    assert price_table("nothing") is None
