"""The command line takes what the classes take, and keeps what shorthands promise."""

from __future__ import annotations

import json
from typing import Any

import pytest

from kie import catalog
from tests.cli.conftest import Invoke
from tests.models.test_tolerance import TAKEN, names


@pytest.mark.parametrize("case", TAKEN, ids=names(TAKEN))
def test_what_the_service_was_seen_to_take_is_sent_as_it_is(case: dict[str, Any], kie: Invoke) -> None:
    sets = [part for key, value in case["fields"].items() for part in ("--set", f"{key}={json.dumps(value)}")]
    outcome = kie("run", case["model"], *sets, "--dry-run", "--allow-retired")
    assert outcome.exit_code == 0, outcome.stderr
    shown = json.loads(outcome.stdout)
    shown = shown["input"] if catalog.get(case["model"]).lifecycle == "jobs" else shown
    assert {key: shown[key] for key in case["fields"]} == case["fields"]


@pytest.mark.parametrize("options", [["--image-size", "16:9"], ["--set", 'image_size="16:9"']])
@pytest.mark.parametrize("unchecked", [[], ["--unchecked", "--set", "other=1"]])
def test_a_default_makes_room_for_what_was_given(kie: Invoke, options: list[str], unchecked: list[str]) -> None:
    outcome = kie("run", "google/nano-banana", "--prompt", "x", *options, *unchecked, "--dry-run")
    assert "aspect_ratio" not in json.loads(outcome.stdout)["input"]


def test_a_shorthand_orders_what_it_says(kie: Invoke) -> None:
    assert json.loads(kie("run", "veo3_lite", "--prompt", "x", "--dry-run").stdout)["model"] == "veo3_lite"
    outcome = kie("run", "veo3_lite", "--prompt", "x", "--model", "veo3", "--dry-run")
    assert outcome.exit_code == 2
    assert "--model: is 'veo3_lite' by this name of the model" in outcome.stderr


@pytest.mark.parametrize("name", ["image_urls", "imageUrls"])
def test_set_takes_the_name_of_a_field_in_python_and_on_the_wire(kie: Invoke, name: str) -> None:
    outcome = kie("run", "veo", "--prompt", "x", "--set", f'{name}=["https://example.com/a.png"]', "--dry-run")
    assert json.loads(outcome.stdout)["imageUrls"] == ["https://example.com/a.png"]


def test_the_former_name_of_a_field_takes_no_option_from_the_field(kie: Invoke) -> None:
    shown = json.loads(kie("run", "veo", "--prompt", "x", "--aspect-ratio", "9:16", "--dry-run").stdout)
    assert (shown["aspect_ratio"], "aspectRatio" in shown) == ("9:16", False)
    former = json.loads(kie("run", "veo", "--prompt", "x", "--former-aspect-ratio", "9:16", "--dry-run").stdout)
    assert (former["aspectRatio"], "aspect_ratio" in former) == ("9:16", False)
