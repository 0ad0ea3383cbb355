"""`kie plan`, and `kie run` with the name of a family."""

from __future__ import annotations

from pathlib import Path

import pytest

from kie._cli.loose import of_any_name
from tests.cli.conftest import Invoke, VirtualService, document

CLIP = "https://example.com/c.mp4"
KLING = ("kling 3.0", "--prompt", "Waves", "--duration", "5s")


@pytest.fixture
def picture(tmp_path: Path) -> str:
    path = tmp_path / "start.png"
    path.write_bytes(b"\x89PNG\r\n\x1a\n" + b"0" * 64)
    return str(path)


def test_a_plan_shows_the_request_and_all_that_was_read_and_sends_nothing(
    kie: Invoke, service: VirtualService, picture: str
) -> None:
    outcome = kie("plan", *KLING, "--quality", "pro", "--image", picture)
    assert outcome.exit_code == 0, outcome.stderr
    shown = document(outcome)
    assert shown["input"]["duration"] == "5"
    assert shown["input"]["image_urls"] == [f"<upload: {picture}>"]
    for line in ("kling-3.0/video: ready_with_warning", "read: quality -> mode", "would cost 90 credits"):
        assert line in outcome.stderr
    assert service.state.log == []


@pytest.mark.parametrize(
    ("args", "code"),
    [
        ((*KLING, "--mode", "pro"), 0),
        ((*KLING, "--mode", "pro", "--colour", "red"), 2),
        (("no such model", "--prompt", "x"), 2),
        ((*KLING, "--mode", "pro", "--budget", "10"), 6),
        (KLING, 7),
        (("flux-2", "--prompt", "x"), 7),
        ((*KLING, "--mode", "pro", "--confirm-above", "50"), 8),
        (("kling-3.0", "--image", "https://example.com/a.png", "--video", CLIP, "--mode", "std"), 8),
        ((*KLING, "--mode", "pro", "--warn-above", "50"), 0),
    ],
)
@pytest.mark.parametrize("as_json", [False, True])
def test_the_exit_code_says_what_a_plan_lacks(kie: Invoke, args: tuple[str, ...], code: int, as_json: bool) -> None:
    outcome = kie("plan", *args, *(["--json"] if as_json else []))
    assert outcome.exit_code == code, outcome.stderr
    if as_json:
        assert {"state", "decision", "missing_inputs", "choices"} <= document(outcome).keys()


def test_the_balance_is_read_if_asked(kie: Invoke, service: VirtualService) -> None:
    outcome = kie("plan", *KLING, "--mode", "pro", "--balance")
    assert outcome.exit_code == 0
    assert len(service.state.log) == 1


def test_what_is_missing_is_offered_with_its_price(kie: Invoke) -> None:
    outcome = kie("plan", *KLING)
    assert "choice: --mode std  at most 70 credits" in outcome.stderr


def test_a_file_that_does_not_exist_is_a_fault(kie: Invoke, picture: str) -> None:
    outcome = kie("plan", *KLING, "--mode", "pro", "--image", f"{picture}.not")
    assert outcome.exit_code == 2
    assert "nor a file that exists" in outcome.stderr


def test_a_family_is_run(kie: Invoke, service: VirtualService, picture: str) -> None:
    outcome = kie("run", *KLING, "--quality", "pro", "--image", picture, "--sound", "yes")
    assert outcome.exit_code == 0, outcome.stderr
    assert [task.model for task in service.state.tasks.values()] == ["kling-3.0/video"]
    assert "read: sound: 'yes' -> True" in outcome.stderr


@pytest.mark.parametrize(
    ("more", "code", "text"),
    [
        ((), 7, "incomplete: give what is missing"),
        (("--mode", "pro", "--confirm-above", "50"), 8, "--yes confirms it"),
        (("--mode", "pro", "--colour", "red"), 2, "colour: is not a field"),
    ],
)
def test_without_a_terminal_nobody_is_asked(
    kie: Invoke, service: VirtualService, more: tuple[str, ...], code: int, text: str
) -> None:
    outcome = kie("run", *KLING, *more)
    assert outcome.exit_code == code
    assert text in outcome.stderr
    assert service.state.log == []


def test_what_is_sent_unchecked_needs_one_model(kie: Invoke) -> None:
    outcome = kie("run", *KLING, "--set", "novelty=1", "--unchecked")
    assert outcome.exit_code == 2
    assert "--unchecked needs the id of one model" in outcome.stderr


def test_yes_confirms_what_it_costs(kie: Invoke, service: VirtualService) -> None:
    assert kie("run", *KLING, "--mode", "std", "--confirm-above", "50", "--yes").exit_code == 0
    assert len(service.state.accepted) == 1


def test_on_a_terminal_what_is_missing_is_asked_for(
    kie: Invoke, service: VirtualService, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("kie._cli.loose.is_terminal", lambda _: True)
    outcome = kie("run", "kling 3.0", "--duration", "5", "--confirm-above", "50", input=b"2\nWaves\ny\n")
    assert outcome.exit_code == 0, outcome.stderr
    (task,) = service.state.tasks.values()
    assert (task.input["mode"], task.input["prompt"]) == ("pro", "Waves")
    for answer in (b"n\n", b"\n", b""):
        refused = kie("run", *KLING, "--mode", "std", "--confirm-above", "50", input=answer)
        assert refused.exit_code != 0
        assert len(service.state.accepted) == 1
    told = kie("run", *KLING, "--mode", "std", "--confirm-above", "50", "--json", input=b"y\n")
    assert told.exit_code == 8, "whoever reads JSON is a program"
    assert len(service.state.accepted) == 1


def test_a_price_is_shown_for_a_family(kie: Invoke) -> None:
    outcome = kie("price", *KLING, "--mode", "pro")
    assert outcome.exit_code == 0
    assert "90 credits" in outcome.stdout
    open_ = kie("price", "kling-3.0", "--image", "https://example.com/a.png", "--video", CLIP, "--mode", "std")
    assert open_.exit_code == 0, "a price that has no bound is shown all the same"


def test_options_of_any_name_are_read() -> None:
    args = ["--prompt", "a b", "--seed=-3", "--image", "a", "--image", "b", "--sound", "--no-watermark", "--n", "-1"]
    assert of_any_name(args) == {
        "prompt": "a b",
        "seed": "-3",
        "image": ["a", "b"],
        "sound": True,
        "watermark": False,
        "n": "-1",
    }
