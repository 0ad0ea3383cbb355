"""The command line takes what the classes take, and keeps what shorthands promise."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from kie import catalog
from kie._io.process import PROCESS
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
    assert "--model: is already 'veo3_lite', by the model's name" in outcome.stderr


@pytest.mark.parametrize("name", ["image_urls", "imageUrls"])
def test_set_takes_the_name_of_a_field_in_python_and_on_the_wire(kie: Invoke, name: str) -> None:
    outcome = kie("run", "veo", "--prompt", "x", "--set", f'{name}=["https://example.com/a.png"]', "--dry-run")
    assert json.loads(outcome.stdout)["imageUrls"] == ["https://example.com/a.png"]


def test_the_former_name_of_a_field_takes_no_option_from_the_field(kie: Invoke) -> None:
    shown = json.loads(kie("run", "veo", "--prompt", "x", "--aspect-ratio", "9:16", "--dry-run").stdout)
    assert (shown["aspect_ratio"], "aspectRatio" in shown) == ("9:16", False)
    former = json.loads(kie("run", "veo", "--prompt", "x", "--former-aspect-ratio", "9:16", "--dry-run").stdout)
    assert (former["aspectRatio"], "aspect_ratio" in former) == ("9:16", False)


def test_advice_is_shown_before_anything_is_sent_in_the_names_of_the_options(
    kie: Invoke, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(PROCESS, "_warned", set())
    urls = [part for number in (1, 2) for part in ("--upload-url-list", f"https://example.com/{number}.mp3")]
    command = (
        "run",
        "suno/mashup",
        *urls,
        "--no-custom-mode",
        "--model",
        "V5",
        "--callback-url",
        "https://example.com/c",
    )
    told = kie(*command, "--dry-run").stderr
    assert told.count("suno/mashup: --prompt: says what the music is to be when --custom-mode is false\n") == 1
    assert "custom_mode" not in told


def test_a_dry_run_of_a_batch_names_the_lines_with_advice(kie: Invoke, tmp_path: Path) -> None:
    source = tmp_path / "batch.jsonl"
    fields = ({"output_format": "jpeg"}, {"output_format": "png"})
    source.write_text("\n".join(json.dumps({"model": "google/nano-banana", "prompt": "x", **each}) for each in fields))
    outcome = kie("batch", source, "--out", tmp_path / "out.jsonl", "--dry-run", "--json")
    advice = json.loads(outcome.stdout)["advice"]
    assert [(row["line"], len(row["advice"])) for row in advice] == [(1, 1)]
    assert "jpeg" in advice[0]["advice"][0] and outcome.exit_code == 0


@pytest.mark.parametrize("option", [["--first-frame-url", ""], ["--set", 'first_frame_url=""']])
def test_empty_text_in_a_media_field_means_none_unless_it_is_required(kie: Invoke, option: list[str]) -> None:
    outcome = kie("run", "bytedance/seedance-2", "--prompt", "A red bicycle", *option, "--dry-run")
    assert json.loads(outcome.stdout)["input"]["first_frame_url"] == ""
    wrong = kie("run", "topaz/image-upscale", "--image-url", "", "--upscale-factor", "2", "--dry-run")
    assert wrong.exit_code == 2 and '--image-url: "" is not a URL' in wrong.stderr
