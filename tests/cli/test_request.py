"""What is typed becomes the request that is meant, or a list of everything that is wrong with it."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.cli.conftest import Invoke, VirtualService, document, folder

Dry = Callable[..., Any]


@pytest.fixture
def dry(kie: Invoke) -> Dry:
    """The input that a dry run shows."""

    def run(*args: str | os.PathLike[str], input: bytes | None = None) -> Any:
        outcome = kie("run", *args, "--dry-run", input=input)
        assert outcome.exit_code == 0, outcome.output
        shown = document(outcome)
        return shown["input"]

    return run


WAN = ("wan/2-7-r2v", "--prompt", "x", "--reference-image", "https://example.com/a.png")
KLING = ("kling-3.0/video", "--prompt", "p", "--duration", "5", "--mode", "std")


def test_a_dry_run_shows_the_body_and_sends_nothing_and_needs_no_key(kie: Invoke, state: Path) -> None:
    outcome = kie("run", "nano-banana-pro", "--prompt", "Häuser", "--dry-run")
    assert document(outcome) == {
        "model": "nano-banana-pro",
        "input": {"prompt": "Häuser", "aspect_ratio": "1:1", "resolution": "1K", "output_format": "png"},
    }
    assert "Häuser" in outcome.stdout
    assert not state.exists()


@pytest.mark.parametrize("more", [["--dry-run"], []], ids=["dry run", "run"])
def test_a_callback_url_for_a_model_that_takes_none_is_refused(
    kie: Invoke, service: VirtualService, more: list[str]
) -> None:
    outcome = kie("run", "suno/style", "--content", "pop", "--callback-url", "https://example.com/hook", *more)
    assert outcome.exit_code == 2
    assert "takes no callback URL" in outcome.stderr
    assert service.state.log == []


def test_a_dry_run_shows_where_the_callback_url_goes(kie: Invoke) -> None:
    url = "https://example.com/hook"
    outcome = kie("run", "nano-banana-pro", "--prompt", "x", "--dry-run", "--callback-url", url)
    assert document(outcome)["callBackUrl"] == url


def test_an_option_may_be_spelled_as_its_field_is(dry: Dry) -> None:
    assert dry("nano-banana-pro", "--prompt", "x", "--aspect_ratio", "16:9")["aspect_ratio"] == "16:9"
    assert dry("nano-banana-pro", "--prompt", "x", "--aspectRatio=16:9")["aspect_ratio"] == "16:9"


def test_numbers_are_sent_as_numbers_and_digits_of_a_text_field_as_text(dry: Dry) -> None:
    wan = dry(*WAN, "--duration", "7", "--seed", "3.0")
    assert (wan["duration"], wan["seed"]) == (7, 3)
    assert all(type(wan[name]) is int for name in ("duration", "seed"))
    dialogue = '{"text": "Hi", "voice": "Adam"}'
    assert dry("elevenlabs/text-to-dialogue-v3", "--dialogue", dialogue, "--stability", "0.5")["stability"] == 0.5
    assert dry(*KLING)["duration"] == "5"
    assert dry("google/imagen4", "--prompt", "x", "--seed", "42")["seed"] == "42"


def test_flags_have_two_forms_and_are_left_alone_when_absent(dry: Dry) -> None:
    assert dry(*KLING, "--sound")["sound"] is True
    assert dry(*KLING, "--no-sound")["sound"] is False
    assert dry(*WAN, "--no-prompt_extend")["prompt_extend"] is False
    assert "nsfw_checker" not in dry(*WAN)


def test_a_list_is_given_item_by_item(dry: Dry) -> None:
    urls = ["https://example.com/a,b.png", "asset://c"]
    arguments = [word for url in urls for word in ("--image-input", url)]
    assert dry("nano-banana-pro", "--prompt", "x", *arguments)["image_input"] == urls


def test_a_list_of_objects_is_given_as_one_json_list_or_object_by_object(dry: Dry) -> None:
    shots = [{"prompt": "a", "duration": 3}, {"prompt": "b", "duration": 2}]
    at_once = dry(*KLING, "--multi-shots", "--multi-prompt", json.dumps(shots))
    one_by_one = dry(*KLING, "--multi-shots", *(w for s in shots for w in ("--multi-prompt", json.dumps(s))))
    assert at_once["multi_prompt"] == one_by_one["multi_prompt"] == shots


def test_objects_and_texts_can_come_from_a_file(dry: Dry, tmp_path: Path) -> None:
    (tmp_path / "prompt.txt").write_text("A lighthouse\nat dusk\n")
    (tmp_path / "shots.json").write_text('[{"prompt": "a", "duration": 3}]')
    with folder(tmp_path):
        shown = dry(*KLING[:1], *KLING[3:], "--prompt", "@prompt.txt", "--multi-shots", "--multi-prompt", "@shots.json")
    assert shown["prompt"] == "A lighthouse\nat dusk"
    assert shown["multi_prompt"] == [{"prompt": "a", "duration": 3}]


def test_text_can_come_from_standard_input_and_an_at_sign_can_mean_itself(dry: Dry) -> None:
    assert dry("nano-banana-pro", "--prompt", "@-", input="Straße\n".encode())["prompt"] == "Straße"
    assert dry("nano-banana-pro", "--prompt", "@@dog runs")["prompt"] == "@dog runs"
    assert dry("nano-banana-pro", "--prompt", "a @dog runs")["prompt"] == "a @dog runs"


def test_local_media_are_shown_by_name(dry: Dry, picture: Path) -> None:
    assert dry("topaz/image-upscale", "--image-url", picture)["image_url"] == "<upload: lighthouse.png>"
    data = picture.read_bytes()
    assert dry("topaz/image-upscale", "--image-url", "-", input=data)["image_url"] == "<upload: upload.png>"


def test_media_inside_objects_are_files_too(dry: Dry, picture: Path) -> None:
    element = {"name": "dog", "description": "a dog", "element_input_urls": [str(picture), "https://example.com/d.png"]}
    shown = dry(*KLING, "--kling-elements", json.dumps(element))
    assert shown["kling_elements"][0]["element_input_urls"] == ["<upload: lighthouse.png>", "https://example.com/d.png"]
    assert shown["kling_elements"][0]["name"] == "dog"


def test_a_pipe_is_read_once(dry: Dry, picture: Path) -> None:
    reader, writer = os.pipe()
    os.write(writer, picture.read_bytes())
    os.close(writer)
    shown = dry("topaz/image-upscale", "--image-url", f"/dev/fd/{reader}")
    assert shown["image_url"] == "<upload: upload.png>"


def test_a_reference_takes_an_id_or_a_ref_of_a_family_that_fits(kie: Invoke, dry: Dry) -> None:
    extend = ("grok-imagine/extend", "--prompt", "on", "--extend-at", "0", "--extend-times", "6", "--task-id")
    assert dry(*extend, "abc")["task_id"] == "abc"
    assert dry(*extend, "jobs:abc")["task_id"] == "abc"
    outcome = kie("run", *extend, "veo:abc", "--dry-run")
    assert outcome.exit_code == 2
    assert "needs a task of jobs; veo:abc belongs to veo" in outcome.stderr


def test_every_fault_is_listed_at_once_and_nothing_is_sent(kie: Invoke, state: Path) -> None:
    outcome = kie(
        *("run", "wan/2-7-r2v", "--resolution", "8K", "--duration", "eleven", "--seed", "-1", "--reference-image"),
        *("gone.png", "--reference-image", "ftp://example.com/a.png", "--prompt", "@gone.txt", "--wattermark", "yes"),
    )
    assert outcome.exit_code == 2
    assert outcome.stdout == ""
    for text in (
        "7 invalid fields",
        '--resolution: "8K" is not one of "720p", "1080p"',
        '--duration: must be a whole number, not "eleven"',
        "--seed: is -1; at least 0 is needed",
        "--reference-image[0]: 'gone.png' is neither a URL",
        "--reference-image[1]: 'ftp://example.com/a.png' is neither a URL",
        "--prompt: 'gone.txt' cannot be read: No such file or directory; for a text that begins with @, write @@",
        "--wattermark: is not an option of this model; did you mean --watermark?",
        "kie model wan/2-7-r2v",
    ):
        assert text in outcome.stderr
    assert "Traceback" not in outcome.stderr
    assert not state.exists()


def test_faults_as_json_are_one_document_with_paths_rules_and_allowed_values(kie: Invoke) -> None:
    outcome = kie("run", "nano-banana-pro", "--resolution", "8K", "--json")
    assert outcome.exit_code == 2
    error = document(outcome)["error"]
    assert set(error) == {"type", "message", "issues", "ref", "task_created"}
    assert error["type"] == "RequestInvalid" and error["task_created"] is False
    assert error["ref"] is None
    assert {issue["path"]: issue["rule"] for issue in error["issues"]} == {"prompt": "required", "resolution": "enum"}
    assert {"path", "rule", "message", "allowed"} == set(error["issues"][0])
    assert ["1K", "2K", "4K"] in [issue["allowed"] for issue in error["issues"]]
    assert outcome.stderr == ""


@pytest.mark.parametrize(
    "arguments",
    [
        ("run", "nano-banana-pro", "--prompt", "x", "--timeout", "soon", "--json"),
        ("run", "--json", "nano-banana-pro"),
        ("nonsense", "--json"),
        ("status", "--json"),
        ("run", "nano-banana-pro", "--prompt", "a", "cat", "--json"),
        ("run", "nano-banana-pro", "--prompt", "x", "--no-wait", "--simulate", "--json"),
    ],
)
def test_usage_errors_exit_with_2_and_are_json_where_json_is_wanted(kie: Invoke, arguments: tuple[str, ...]) -> None:
    outcome = kie(*arguments)
    assert outcome.exit_code == 2
    assert document(outcome)["error"]["type"] == "UsageError"
    plain = kie(*(word for word in arguments if word != "--json"))
    if plain.exit_code == 2:
        assert plain.stdout == ""
        assert plain.stderr


@pytest.mark.parametrize("url", ["ftp://example.com/", "", "hook"])
@pytest.mark.parametrize("more", [("--dry-run",), ()])
def test_a_callback_url_that_a_run_refuses_is_refused_by_a_dry_run(
    kie: Invoke, service: VirtualService, tmp_path: Path, url: str, more: tuple[str, ...]
) -> None:
    lines = tmp_path / "lines.jsonl"
    lines.write_text('{"model": "nano-banana-pro", "prompt": "x"}\n')
    for command in (("run", "nano-banana-pro", "--prompt", "x"), ("batch", str(lines), "--out", str(tmp_path / "o"))):
        outcome = kie(*command, "--callback-url", url, *more)
        assert (outcome.exit_code, "--callback-url must be" in outcome.stderr) == (2, True), outcome.output
    assert service.state.accepted == []


def test_a_field_that_is_given_twice_is_refused_rather_than_one_of_both_ignored(kie: Invoke) -> None:
    given = ("run", "nano-banana-pro", "--prompt", "x", "--resolution", "1K", "--set", 'resolution="4K"', "--dry-run")
    outcome = kie(*given)
    assert outcome.exit_code == 2
    assert "--resolution: is given twice, by its option and by --set" in outcome.stderr
    assert document(kie(*given, "--unchecked"))["input"]["resolution"] == "4K", "--set goes past the schema then"


def test_a_prompt_that_is_an_option_name_is_a_prompt(dry: Dry, kie: Invoke) -> None:
    assert dry("nano-banana-pro", "--prompt", "--json")["prompt"] == "--json"
    outcome = kie("run", "nano-banana-pro", "--prompt", "--json", "--resolution", "9K")
    assert outcome.stdout == ""
    assert "--resolution" in outcome.stderr


def test_broken_json_is_a_fault_like_any_other(kie: Invoke) -> None:
    outcome = kie("run", "elevenlabs/text-to-dialogue-v3", "--dialogue", "{text: Hi}", "--stability", "7")
    assert outcome.exit_code == 2
    assert "2 invalid fields" in outcome.stderr
    assert "--dialogue[0]: is not JSON" in outcome.stderr
    assert "--stability: 7 is not one of 0, 0.5, 1" in outcome.stderr


@pytest.mark.parametrize("number", ["nan", "inf", "1e999", "1_0x", ""])
def test_no_number_can_slip_past_the_schema(kie: Invoke, number: str) -> None:
    outcome = kie(
        "run", "ideogram/v3-remix", "--prompt", "x", "--image-url", "https://e.com/a.png", "--strength", number
    )
    assert outcome.exit_code == 2
    assert "--strength" in outcome.stderr


def test_media_of_a_wrong_kind_are_refused_before_anything_is_sent(kie: Invoke, tmp_path: Path) -> None:
    fake = tmp_path / "fake.png"
    fake.write_bytes(b"%PDF-1.4 not a picture")
    outcome = kie("run", "topaz/image-upscale", "--image-url", fake, "--dry-run")
    assert outcome.exit_code == 2
    assert "--image-url: fake.png is" in outcome.stderr
    empty = tmp_path / "empty.png"
    empty.touch()
    assert "it is empty" in kie("run", "topaz/image-upscale", "--image-url", empty, "--dry-run").stderr
    assert "is a folder" in kie("run", "topaz/image-upscale", "--image-url", tmp_path, "--dry-run").stderr


def test_set_gives_a_field_its_wire_value_and_is_checked(dry: Dry, kie: Invoke) -> None:
    assert dry(*WAN, "--set", "duration=7")["duration"] == 7
    assert "duration" not in dry(*WAN, "--set", "duration=null")
    assert dry("nano-banana-pro", "--set", 'prompt="x"')["prompt"] == "x"
    outcome = kie("run", *WAN, "--set", "duration=70", "--set", "style=1", "--set", "seed=red")
    assert outcome.exit_code == 2
    assert "--duration: is 70; at most 10 is allowed" in outcome.stderr
    assert "--style: is not a field of this model; --unchecked sends it anyway" in outcome.stderr
    assert "--seed: 'red' is not JSON; text needs quotes: --set 'seed=\"red\"'" in outcome.stderr
    assert kie("run", *WAN, "--set", "seed", "--dry-run").exit_code == 2


def test_unchecked_sends_what_no_schema_knows(dry: Dry, picture: Path) -> None:
    shown = dry("nano-banana-pro", "--prompt", "x", "--set", "style=[1]", "--set", 'resolution="8K"', "--unchecked")
    assert (shown["style"], shown["resolution"], shown["aspect_ratio"]) == ([1], "8K", "1:1")


def test_unchecked_also_gives_what_the_schema_requires(dry: Dry) -> None:
    assert dry("nano-banana-pro", "--set", 'prompt="x"', "--unchecked")["prompt"] == "x"
    shown = dry("nano-banana-pro", "--set", "prompt=5", "--resolution", "2K", "--unchecked")
    assert (shown["prompt"], shown["resolution"], shown["output_format"]) == (5, "2K", "png")


def test_unchecked_goes_past_the_schema_in_every_family(kie: Invoke) -> None:
    url = "https://x.example/a.mp4"
    outcome = kie("run", "aleph", "--set", "prompt=5", "--set", f'videoUrl="{url}"', "--unchecked", "--dry-run")
    assert document(outcome) == {"prompt": 5, "videoUrl": url, "uploadCn": False}


def test_unchecked_still_checks_the_other_fields(kie: Invoke) -> None:
    outcome = kie("run", "nano-banana-pro", "--resolution", "9K", "--set", 'prompt="x"', "--unchecked", "--dry-run")
    assert outcome.exit_code == 2
    assert "1 invalid field\n  --resolution" in outcome.stderr


def test_unchecked_sends_to_a_model_that_nobody_knows(dry: Dry, kie: Invoke) -> None:
    assert dry("new/model", "--unchecked", "--set", 'prompt="x"', "--set", "steps=4") == {"prompt": "x", "steps": 4}
    outcome = kie("run", "new/model", "--unchecked", "--prompt", "x", "--set", "a", "--dry-run")
    assert outcome.exit_code == 2
    assert "prompt: is not an option of this model" in outcome.stderr
    assert "'a' must have the form KEY=JSON" in outcome.stderr


def test_what_is_uploaded_is_the_file_that_was_named(kie: Invoke, service: VirtualService, picture: Path) -> None:
    outcome = kie("run", "topaz/image-upscale", "--image-url", picture, "--json")
    assert outcome.exit_code == 0, outcome.output
    sent = service.state.accepted[0].input
    assert str(sent["image_url"]).startswith("http")
    assert [upload.body for upload in service.state.uploads.values()] == [picture.read_bytes()]


def test_a_rule_for_several_fields_names_their_options(kie: Invoke) -> None:
    outcome = kie("run", "suno", "--prompt", "x", "--custom-mode", "--instrumental", "--model", "V5", "--dry-run")
    assert outcome.exit_code == 2
    assert "  --style: is needed when --custom-mode is true\n" in outcome.stderr
