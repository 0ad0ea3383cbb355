"""The price tables are held against what real tasks cost, and say no more than they know."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from codegen.prices import measured
from codegen.source import read
from kie._core.estimates import Estimate
from kie._core.prices import price_table
from tests.conftest import ROOT

SOURCE, FAULTS = read(ROOT / "openapi")
MEASURED = [*measured(SOURCE.prices)]
LISTED = date(2026, 10, 8)


def price(model: str, body: dict[str, Any], day: date = LISTED, **seconds: list[Any]) -> Estimate:
    table = price_table(model)
    assert table is not None
    lengths = {field: [Decimal(str(value)) for value in values] for field, values in seconds.items()}
    return table.estimate(model, body, lengths, day)


def charged(model: str, task: dict[str, Any]) -> Estimate:
    """The estimate of a task that was charged, on its day: discounts of the list are in force."""
    return price(model, task["input"], task["at"], **task.get("seconds", {}))


def meets(estimate: Estimate, credits: Decimal) -> bool:
    """Whether a charge is the one figure of an estimate, or within its bounds."""
    return estimate.at_least <= credits and (estimate.at_most is None or credits <= estimate.at_most)


@pytest.mark.parametrize(
    ("model", "task"), MEASURED, ids=[f"{model} {task['at']} {task['credits']}" for model, task in MEASURED]
)
def test_what_a_real_task_cost_is_what_its_table_says(model: str, task: dict[str, Any]) -> None:
    assert set(task) <= {"at", "credits", "input", "seconds", "differs"}
    found = charged(model, task)
    assert meets(found, Decimal(str(task["credits"]))) is ("differs" not in task), str(found)


def test_only_tasks_of_an_earlier_season_differ_from_their_table() -> None:
    differing = [(model, task) for model, task in MEASURED if "differs" in task]
    assert len(differing) < len(MEASURED) / 5
    for model, task in differing:
        table = price_table(model)
        assert table is not None
        assert task["at"] < table.listed
        assert len(task["differs"]) > 20


def test_a_charge_is_met_to_the_credit_wherever_everything_that_counts_is_in_the_request() -> None:
    """Where it is not, the estimate has to say what is missing."""
    exact = 0
    for model, task in MEASURED:
        found = charged(model, task)
        exact += found.exact
        assert found.exact or found.notes, model
    assert exact > len(MEASURED) * 0.7


def test_the_examples_of_every_priced_model_have_an_estimate_or_a_reason() -> None:
    priced = [model for model in SOURCE.models if price_table(model.id)]
    assert len(priced) > 100
    for model in priced:
        for example in model.facts["examples"]:
            found = price(model.id, example)
            assert found.exact or found.notes, model.id
            assert found.at_most is None or found.at_least <= found.at_most


@pytest.mark.parametrize(
    ("model", "body", "least", "most"),
    [
        ("topaz/image-upscale", {"upscale_factor": "2"}, "10", "40"),
        ("flux1-kontext", {}, "5", "10"),
        ("bytedance/seedream-v4-edit", {"max_images": 1}, "5", "5"),
        ("bytedance/seedream-v4-edit", {"max_images": 4}, "5", "20"),
        ("bytedance/seedream-v4-edit", {}, "5", "30"),
        ("seedream/5-pro-layer-decomposition", {"size": "2K"}, "14", None),
        ("google/gemini-2-5-pro-tts", {"dialogue_turns": [{"text": "Hello"}]}, "0", None),
    ],
)
def test_what_no_request_states_is_bounded_by_what_is_known(
    model: str, body: dict[str, Any], least: str, most: str | None
) -> None:
    found = price(model, body)
    assert (found.at_least, found.at_most) == (Decimal(least), None if most is None else Decimal(most))
    assert found.exact or found.notes


def test_a_field_that_the_service_fills_in_is_priced_as_it_does() -> None:
    assert price("gpt-image-2-5-flare-text-to-image", {}).credits == 6
    assert price("ai-music-api/separate-vocals", {}).credits == 10


def test_a_field_that_is_left_to_the_service_widens_over_all_its_values() -> None:
    absent = price("gpt-image-2-text-to-image", {})
    assert (absent.at_least, absent.at_most) == (6, 16)
    assert price("gpt-image-2-text-to-image", {"resolution": "2K"}).credits == 10
    group = price("wan/2-7-image", {"enable_sequential": True})
    assert (group.at_least, group.at_most) == (Decimal("4.8"), Decimal("57.6"))
    assert price("wan/2-7-image", {"n": 3}).credits == Decimal("14.4")
    auto = price("seedream/5-pro-layer-decomposition", {"size": "auto"})
    assert (auto.at_least, auto.at_most) == (7, None)
    assert any(note.startswith("size is left to the service") for note in auto.notes)


def test_an_option_without_a_rate_has_no_upper_bound_and_says_why() -> None:
    for model, body in (
        ("gpt4o-image", {"nVariants": 2}),
        ("veo", {"enableFallback": True}),
    ):
        found = price(model, body)
        assert found.at_most is None
        assert found.notes


def test_free_is_a_price_and_unknown_is_none() -> None:
    for model in ("ai-music-api/generate-persona", "suno/midi", "voice/check", "grok-imagine-image-2-0/segment-map"):
        assert price(model, {}).credits == 0
    for model in ("ai-music-api/suno-recovery-audio", "elevenlabs/speech-to-text", "omni/audio"):
        assert price_table(model) is None


def test_text_is_priced_by_the_character() -> None:
    turns = [{"text": "a" * 700}, {"text": "b" * 800}]
    assert price("elevenlabs/text-to-dialogue-v3", {"dialogue": turns}).credits == 21
    assert price("elevenlabs/text-to-speech-turbo-2-5", {"text": "a" * 250}).credits == Decimal("1.5")


def test_a_discount_that_has_ended_leaves_no_upper_bound() -> None:
    model = "google/gemini-3-8-flash-tts"
    before, after = (price(model, {}, day) for day in (date(2026, 12, 31), date(2027, 1, 1)))
    assert not any("ended" in note for note in before.notes)
    assert any("ended on 2026-12-31" in note for note in after.notes)
