"""What holds for the price of any valid request of any model."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from itertools import product
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kie import Kie, Request, catalog
from kie._core import data
from kie._core.estimates import TotalEstimate
from kie._core.prices import estimate_body, price_range, price_table
from kie.testing.strategies import body_of, inputs

DAY = date(2026, 10, 7)
"""A day on which all discounts of the list hold."""
PRICED = [model.id for model in catalog.models(status="all") if price_table(model.id)]
TABLES: dict[str, Any] = json.loads(data.read("kie_models", "prices.json"))["models"]


def counted(table: dict[str, Any]) -> set[str]:
    """The fields with a number, and those that decide a rate by their value: to give one never widens.

    What is only there or not, such as an image, has another price, and is left out; so is what bounds a number that no
    field says.
    """
    fields: set[str] = set()
    for term in table["terms"]:
        absent = term.get("instead", {})
        fields |= {name for name, given_, _ in term.get("by", []) if not given_ and "" not in absent.get(name, {})}
        fields |= {
            name for each in term["each"] if each["kind"] == "number" and "or" not in each for name in each["fields"]
        }
    return {name for name in fields if "." not in name}


@pytest.mark.parametrize("model", PRICED)
def test_bounds_are_in_order_within_the_range_of_the_model_and_a_field_that_is_given_never_widens(model: str) -> None:
    found = price_range(model)
    assert found is not None
    lowest, highest = found
    narrowing = counted(TABLES[model])

    @given(inputs(model))
    def check(body: dict[str, Any]) -> None:
        estimate = estimate_body(model, body, today=DAY)
        assert estimate.at_least >= 0
        assert estimate.exact or estimate.notes, "what is not exact says why"
        if estimate.at_most is None:
            assert not estimate.exact
        else:
            assert lowest <= estimate.at_least <= estimate.at_most
            assert highest is None or estimate.at_most <= highest
        for name in narrowing & body.keys():
            wide = estimate_body(model, {key: value for key, value in body.items() if key != name}, today=DAY)
            assert wide.at_least <= estimate.at_least, name
            if wide.at_most is not None:
                assert estimate.at_most is not None, name
                assert estimate.at_least <= estimate.at_most <= wide.at_most, name

    check()


UNPRICED = [
    (model, term["by"], row["cells"])
    for model, table in TABLES.items()
    for term in table["terms"]
    for row in term.get("unpriced", [])
]


@pytest.mark.parametrize("model", sorted({model for model, *_ in UNPRICED}))
def test_an_option_without_a_rate_never_gives_a_figure(model: str) -> None:
    """Whatever else the request says."""
    fields = {field.name: field for field in catalog.get(model).fields}

    def chosen(by: list[Any], cells: list[str]) -> Iterator[tuple[str, Any]]:
        for (name, given_, _), cell in zip(by, cells, strict=True):
            if given_:
                if cell == "present":
                    yield name, ["https://example.com/a.png"]
            elif name in fields:
                values = [True, False, *fields[name].enum, *range(61)]
                yield name, next(value for value in values if str(value).lower() == cell)

    options = [({each[0] for each in by}, dict(chosen(by, cells))) for at, by, cells in UNPRICED if at == model]

    @given(inputs(model))
    def check(drawn: dict[str, Any]) -> None:
        for names, body in options:
            kept = {name: value for name, value in drawn.items() if name not in names}
            found = estimate_body(model, {**kept, **body}, today=DAY)
            assert (found.at_most, found.credits, found.usd) == (None, None, None), body
            assert found.notes, body

    check()


def test_there_are_options_without_a_rate() -> None:
    assert len(UNPRICED) > 5


def test_a_value_that_no_table_knows_has_no_figure_in_any_table() -> None:
    """In a request that is valid but for that value, where what is counted is there."""
    tried = 0
    for model, table in TABLES.items():
        facts: Any = catalog.get(model).json_schema()["x-kie"]
        known = {field.name for field in catalog.get(model).fields}
        for term in table["terms"]:
            for name in [each[0] for each in term.get("by", []) if not each[1] and each[0] in known]:
                found = estimate_body(model, {**facts["examples"][0], name: "17 parsecs"}, today=DAY)
                assert found.at_most is None, (model, name)
                tried += 1
    assert tried > 100


def request(model: str, body: dict[str, Any]) -> Request[Any]:
    return catalog.get(model).request_class.from_wire(body_of(model, body))


def named(model: str) -> st.SearchStrategy[tuple[str, dict[str, Any]]]:
    return st.tuples(st.just(model), inputs(model))


@given(st.lists(st.sampled_from(PRICED).flatmap(named), max_size=6).map(tuple))
def test_the_total_of_a_batch_is_the_sum_of_its_parts(drawn: tuple[tuple[str, dict[str, Any]], ...]) -> None:
    with Kie("k" * 32) as client:
        total = client.estimate(
            [catalog.get(model).request_class.from_wire(body_of(model, body)) for model, body in drawn]
        )
    assert isinstance(total, TotalEstimate)
    alone = [estimate_body(model, body) for model, body in drawn]
    assert total.at_least == sum((part.at_least for part in alone), Decimal(0))
    assert total.open == sum(part.at_most is None for part in alone)
    assert (total.at_most is None) is bool(total.open)
    if total.at_most is not None:
        assert total.at_most == sum((part.at_most or Decimal(0) for part in alone), Decimal(0))
    each = total.by_model()
    assert sum((part.at_least for part in each.values()), Decimal(0)) == total.at_least
    assert sum(part.open for part in each.values()) == total.open
    assert list(each) == list(dict.fromkeys(model for model, _ in drawn))


def combinations(term: dict[str, Any]) -> Any:
    """Every cell of a table."""
    return product(*(domain for _, _, domain in term.get("by", [])))


@pytest.mark.parametrize("model", PRICED)
def test_every_combination_of_options_has_the_price_of_its_row_or_a_reason(model: str) -> None:
    """What the compiled table says of a cell is what the row of the list says."""
    rows: dict[str, Any] = json.loads(data.read("kie_models", "price_rows.json"))["rows"]
    for term in TABLES[model]["terms"]:
        rates = {tuple(rate["cells"]): rate for rate in term["rates"]}
        reasons = {tuple(row["cells"]): row["reason"] for row in term.get("unpriced", [])}
        for cells in combinations(term):
            assert (cells in rates) is not (cells in reasons), cells
            if cells in rates:
                assert Decimal(rates[cells]["credits"]) == Decimal(rows[rates[cells]["row"]][0])
            else:
                assert len(reasons[cells]) > 10


def is_exact(model: str) -> bool:
    """Whether a request that leaves nothing to the service has one price, lengths of media apart."""
    table = TABLES.get(model)
    if table is None or table.get("note"):
        return False
    names = {field.name for field in catalog.get(model).fields}
    return not any(
        any(each["kind"] in ("unstated", "seconds") for each in term["each"])
        or any(not given_ and name not in names for name, given_, _ in term.get("by", []))
        for term in table["terms"]
    )


def test_most_models_of_the_market_have_an_exact_price() -> None:
    assert sum(is_exact(model.id) for model in catalog.models(status="active") if model.lifecycle == "jobs") >= 140


FAMILIES = ("suno", "ai-music-api/", "voice/", "veo", "runway", "aleph", "flux-kontext", "flux1-", "gpt4o", "4o-")


def test_every_operation_of_the_other_families_is_exact_unless_it_cannot_name_its_variant() -> None:
    priced = {model for model in TABLES if model.startswith(FAMILIES)}
    assert len(priced) > 55
    assert {model for model in priced if not is_exact(model)} == {"flux1-kontext", "veo-3-1", "veo/extend"}
