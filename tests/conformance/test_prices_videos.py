"""What videos cost, held against the vendor's price list, its catalogue of models, and what real tasks were charged."""

from __future__ import annotations

import csv
import json
import re
from collections.abc import Iterable, Iterator
from datetime import date
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

from codegen.prices import measured
from codegen.source import read
from kie import catalog
from kie._core import prices
from tests.conformance.support import load

LISTED = date(2026, 10, 7)
"""A day on which the list is not old, and its discounts are not over."""
SIZE = re.compile(r"\b(?:\d{3,4}p|[24]k)\b")
LENGTH = re.compile(r"\b(\d+)(?:\.0)?s\b")
SIZES = {"kling-3.0/video": {"std": "720p", "pro": "1080p", "4K": "4k"}}
"""Models whose sizes have names of their own."""
SOUND = {"generate_audio", "generate_audio_switch", "sound"}
CLIPS: dict[str, Any] = {
    "reference_video_urls": ["https://example.com/a.mp4"],
    "video_list": [{"url": "https://example.com/a.mp4"}],
}
UNPRICED = {"runway/extend-ai-video", "omnihuman-1-5/human-identification", "omnihuman-1-5/subject-detection"}
"""In the catalogue, which has no price for them."""
SECONDS = {"kling-3.0-omni/transformation": {"video_urls": [Decimal(5)]}}
"""The lengths of media in tasks that were charged."""


def rows(reference: Path) -> dict[str, list[dict[str, Any]]]:
    """The rows that price the models that give videos."""
    found = load(reference / "2026-10/price_rows_by_model.yaml")
    return {model: listed for model, listed in found.items() if catalog.get(model).result == "video"}


@cache
def fields(model: str) -> dict[str, catalog.Field]:
    return {field.name: field for field in catalog.get(model).fields}


def lengths(model: str) -> Iterable[Any]:
    """All lengths that a request can ask for."""
    schema: Any = fields(model)["duration"].schema
    form = next(form for form in (schema, *schema.get("anyOf", [])) if "enum" in form or "maximum" in form)
    return form.get("enum") or range(max(form["minimum"], 1), form["maximum"] + 1)


def bodies(model: str, options: str) -> Iterator[tuple[dict[str, Any], int]]:
    """Every request that a row is for, with the seconds that it asks for."""
    known = fields(model)
    body: dict[str, Any] = {}
    size = SIZE.search(options)
    for name in ("resolution", "quality", "mode"):
        values = known[name].enum if name in known else ()
        names = SIZES.get(model) or {str(value): str(value) for value in values}
        for value, said in names.items():
            if size and str(said).lower() == size[0]:
                body[name] = value
    for name in SOUND & known.keys():
        body[name] = re.search(r"\bwith (?:audio|aiduo)\b", options) is not None
    for name in CLIPS.keys() & known.keys():
        body |= {name: CLIPS[name]} if re.search(r"\bwith video\b", options) else {}
    if "duration" not in known:
        yield body, 1
        return
    stated = LENGTH.search(options)
    for length in lengths(model):
        if stated is None or int(length) == int(stated[1]):
            yield {**body, "duration": length}, int(length)


def test_every_request_that_a_row_of_the_price_list_is_for_costs_what_the_row_says(reference: Path) -> None:
    wrong = []
    tried = 0
    for model, listed in rows(reference).items():
        for row in listed:
            found = list(bodies(model, row["options"]))
            if not found:
                wrong.append(f"{model}: no request for {row['options']!r}")
            for body, seconds in found:
                tried += 1
                wanted = Decimal(str(row["credits"])) * (seconds if row["unit"] == "per second" else 1)
                estimate = prices.estimate_body(model, body, today=LISTED)
                if estimate.credits != wanted:
                    wrong.append(f"{model} {body}: {estimate}, and {wanted} by {row['options']!r}")
    assert not wrong, "\n".join(wrong)
    assert tried > 1000


def charged(reference: Path) -> Iterator[tuple[str, dict[str, Any], Decimal, date]]:
    """The videos that were charged: the model, the request, the credits and the day."""
    with (reference / "live-2026-10/charges.csv").open(encoding="utf-8") as file:
        for row in csv.DictReader(file):
            model = row["model"]
            if catalog.get(model).result != "video" or not row["credits"]:
                continue
            body = json.loads(row["parameters"])
            for name, count in json.loads(row["media_fields"]).items():
                url = "https://example.com/a"
                body[name] = [url] * count if fields(model)[name].type == "array" else url
            yield model, body, Decimal(row["credits"]), date.fromisoformat(row["date"])


def test_every_video_that_was_charged_cost_what_is_estimated_or_it_is_said_why_not(reference: Path) -> None:
    source, _ = read(Path("openapi"))
    explained = {
        (name, one["at"], Decimal(str(one["credits"]))) for name, one in measured(source.prices) if "differs" in one
    }
    kept = {(name, one["at"], Decimal(str(one["credits"]))) for name, one in measured(source.prices)}
    agreed = 0
    for model, body, credits, day in charged(reference):
        assert (model, day, credits) in kept
        estimate = prices.estimate_body(model, body, SECONDS.get(model), day)
        if (model, day, credits) in explained:
            assert estimate.credits != credits, f"{model} of {day} needs no explanation"
        else:
            assert estimate.credits == credits, f"{model} {body}: {estimate}, and {credits} charged"
            agreed += 1
    assert agreed >= 15


def test_every_video_model_of_the_vendors_catalogue_has_a_price_where_that_has_one(reference: Path) -> None:
    with (reference / "live-2026-10/models_catalog_2026-10-01.csv").open(encoding="utf-8") as file:
        listed = {row["model"]: row["price_facts_credits"] for row in csv.DictReader(file)}
    known = {
        model.id for model in catalog.models() if model.result == "video" and "music-video" not in model.categories
    }
    assert {model for model in known & listed.keys() if not listed[model]} <= UNPRICED
    without = {model for model in known & listed.keys() if listed[model] and prices.price_table(model) is None}
    assert without == set()
