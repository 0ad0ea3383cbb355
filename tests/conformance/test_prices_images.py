"""The vendor's price list, catalogue and charges, against the tables of images, speech and music."""

from __future__ import annotations

import csv
import json
import re
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from kie import catalog
from kie._core.estimates import Estimate
from kie._core.prices import price_table
from tests.conformance.support import load

DAY = date(2026, 10, 8)
OPTIONS = {
    "resolution": ("1K", "2K", "4K"),
    "quality": ("medium", "high"),
    "rendering_speed": ("TURBO", "BALANCED", "QUALITY"),
}
"""Fields whose values the list names among its options."""
SEEDREAM_5_PRO = {"1k": {"quality": "basic"}, "2k": {"quality": "high"}}
ONE: dict[str, dict[str, Any]] = {
    "wan/2-7-image": {"n": 1},
    "wan/2-7-image-pro": {"n": 1},
    "ideogram/v3-remix": {"num_images": "1"},
}
"""Requests for one image where one is not the default."""
VIDEO = {"ai-music-api/create-music-video", "suno/music-video"}
"""Videos that belong to the music."""
FIGURE = re.compile(r"(?<![\w.])(\d+(?:\.\d+)?)(?![\w.]*[KkPp]\b)")
BEYOND = {
    "topaz/image-upscale": {Decimal(40)},  # 8K: a row of June
    "qwen/image-edit": {Decimal(5)},  # the catalogue rounds: about 0.03 USD
    "qwen2/image-edit": {Decimal("5.6")},
    "qwen2/text-to-image": {Decimal("5.6")},
}
"""Rates of the list that the catalogue does not state."""


def mine(model: str) -> bool:
    return catalog.get(model).result != "video" or model in VIDEO


def price(model: str, body: dict[str, Any]) -> Estimate:
    table = price_table(model)
    assert table is not None, model
    return table.estimate(model, body, {}, DAY)


def bodies(model: str, options: str) -> Iterator[dict[str, Any]]:
    """The requests that a row of the list is for."""
    words = options.split()
    schema: dict[str, Any] = catalog.get(model).json_schema()
    fields: dict[str, dict[str, Any]] = schema["properties"]
    body: dict[str, Any] = {name: field["default"] for name, field in fields.items() if "default" in field}
    body |= ONE.get(model, {})
    for name, values in OPTIONS.items():
        field = fields.get(name)
        named = [value for value in values if value.lower() in words]
        if field is not None and named and set(named) <= set(field.get("enum", ())):
            if options == "1 2k":
                yield {**body, name: "1K"}
            (body[name],) = named
    if model.startswith("seedream/5-pro"):
        body |= next((fields for word, fields in SEEDREAM_5_PRO.items() if word in words), {})
    yield body


def counted(model: str, body: dict[str, Any], unit: str, options: str) -> Decimal | None:
    """What one of the unit costs in a request."""
    if "input" in options.split():
        first, second = (price(model, {**body, "image_urls": ["a"] * number}) for number in (1, 2))
        assert first.exact and second.exact
        return second.at_least - first.at_least
    if unit == "per 1000 characters":
        body = {**body, "text": "a" * 1000, "dialogue": [{"text": "a" * 1000}]}
    return price(model, body).credits


def test_every_row_that_prices_a_model_is_met_by_a_request_for_it(reference: Path) -> None:
    rows = load(reference / "2026-10" / "price_rows_by_model.yaml")
    met = 0
    for model, listed in rows.items():
        if not mine(model):
            continue
        for row in listed:
            for body in bodies(model, row["options"]):
                assert counted(model, body, row["unit"], row["options"]) == Decimal(str(row["credits"])), (model, row)
                met += 1
    assert met > 80


def test_every_charge_is_met(reference: Path) -> None:
    exact = 0
    with (reference / "live-2026-10" / "charges.csv").open() as file:
        for row in csv.DictReader(file):
            model = row["model"]
            if not mine(model):
                continue
            media = {
                field: "https://example.com/a" if field.endswith("url") else ["https://example.com/a"] * number
                for field, number in json.loads(row["media_fields"]).items()
            }
            found = price(model, {**json.loads(row["parameters"]), **media})
            credits = Decimal(row["credits"])
            assert found.at_least <= credits
            assert found.at_most is None or credits <= found.at_most
            assert not found.exact or found.credits == credits
            exact += found.exact
            assert found.exact or model.endswith(("layer-decomposition", "-tts")), model
    assert exact >= 11


def test_every_price_of_the_catalogue_is_in_the_tables_and_no_other(reference: Path) -> None:
    compared = 0
    with (reference / "live-2026-10" / "models_catalog_2026-10-01.csv").open() as file:
        for row in csv.DictReader(file):
            model, facts = row["model"], row["price_facts_credits"]
            if not facts or facts == "chat" or not known(model) or not mine(model):
                continue
            table = price_table(model)
            assert table is not None, model
            rates = {rate.credits for term in table.terms for rate in term.rates.values()}
            figures = {Decimal(0)} if facts == "free" else {Decimal(figure) for figure in FIGURE.findall(facts)}
            assert rates - BEYOND.get(model, set()) <= figures, (model, facts)
            compared += 1
    assert compared > 70


def known(model: str) -> bool:
    return any(entry.id == model for entry in catalog.models(status="all"))


@pytest.mark.parametrize("kind", ["exact from the request", "no row"])
def test_the_tables_know_as_much_as_the_list_does(reference: Path, kind: str) -> None:
    """What the list prices has a table. What has no row there may have one in the catalogue, and is never guessed."""
    with (reference / "2026-10" / "price_coverage.csv").open() as file:
        models = [row["model"] for row in csv.DictReader(file) if row["class"] == kind and mine(row["model"])]
    assert models
    for model in models:
        table = price_table(model)
        if kind == "exact from the request":
            assert table is not None
            assert table.note is None
        else:
            assert table is None or model.startswith(("bytedance/seedream", "grok-imagine-image-2-0/segment-map"))
