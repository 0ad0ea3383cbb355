"""`kie presets`, and what `kie plan` and `kie run` do with presets and enhancement."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from kie._plans.preset_files import PACKAGED
from tests.cli.conftest import Invoke, VirtualService, document

GOOD = '+++\ntitle = "Watercolour"\n+++\n{{user_prompt}}, in watercolour\n'


@pytest.fixture
def mine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "presets"
    folder.mkdir()
    monkeypatch.setenv("KIE_PRESETS", str(folder))
    (folder / "water.md").write_text(GOOD, "utf-8")
    return folder


def test_the_presets_are_listed_with_ones_own_first(kie: Invoke, mine: Path) -> None:
    lines = [line.split("\t") for line in kie("presets").stdout.splitlines()]
    assert [line[0] for line in lines] == ["water", *PACKAGED]
    assert lines[0][1:] == ["prompt", "Watercolour", "anything", str(mine / "water.md")]
    assert kie("presets", "list").stdout == kie("presets").stdout


def test_the_list_is_there_for_programs(kie: Invoke, mine: Path) -> None:
    (mine / "bad.md").write_text("nothing", "utf-8")
    found = document(kie("presets", "--json"))
    assert found["presets"][0] == {
        "name": "water",
        "title": "Watercolour",
        "kind": "prompt",
        "patterns": [],
        "models": [],
        "families": [],
        "source": str(mine / "water.md"),
    }
    (left_out,) = found["left_out"]
    assert (left_out["source"], left_out["faults"][0]) == (
        str(mine / "bad.md"),
        "line 1: must be +++, the start of the TOML",
    )
    assert "left out" in kie("presets").stderr


def test_a_preset_is_shown(kie: Invoke, mine: Path) -> None:
    shown = kie("presets", "show", "water")
    assert (shown.exit_code, shown.stdout) == (0, "{{user_prompt}}, in watercolour\n")
    assert "Watercolour (prompt, for anything" in shown.stderr
    assert document(kie("presets", "show", "water", "--json"))["body"] == "{{user_prompt}}, in watercolour"


def test_a_preset_that_is_not_there_is_one_clear_error(kie: Invoke, mine: Path) -> None:
    (mine / "bad.md").write_text("nothing", "utf-8")
    missing, bad = kie("presets", "show", "watr"), kie("presets", "show", "bad")
    assert (missing.exit_code, bad.exit_code) == (2, 2)
    assert "there is no preset 'watr'; did you mean water?" in missing.stderr
    assert f"{mine / 'bad.md'}: line 1" in bad.stderr


def test_files_and_folders_are_checked(kie: Invoke, mine: Path) -> None:
    done = kie("presets", "check", mine)
    assert (done.exit_code, done.stdout) == (0, f"{mine / 'water.md'}: ok\n")
    (mine / "bad.md").write_text("+++\ntitle = 1\n+++\n{{user_prompt}} {{key}}", "utf-8")
    (mine / "odd.md").write_text(GOOD.replace("+++\n{", 'models = ["nano-banana-9000"]\n+++\n{'), "utf-8")
    checked = kie("presets", "check", mine)
    assert (checked.exit_code, checked.stdout) == (2, f"{mine / 'water.md'}: ok\n")
    assert f"{mine / 'bad.md'}: `title` must be text" in checked.stderr
    assert f"{mine / 'bad.md'}: line 4, column 17: 'key' is not a variable" in checked.stderr
    assert "'nano-banana-9000' is not a model or a family" in checked.stderr
    assert kie("presets", "check", mine / "water.md").exit_code == 0
    assert kie("presets", "check", mine / "none.md").exit_code == 2
    found = document(kie("presets", "check", mine, "--json"))
    assert [each["name"] for each in found["presets"]] == ["water"]
    assert len(found["faults"]) == 2


def test_the_folder_for_ones_own_is_reported(kie: Invoke, mine: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert kie("presets", "path").stdout == f"{mine}\n"
    assert document(kie("presets", "path", "--json")) == {"folder": str(mine), "exists": True}
    monkeypatch.setenv("KIE_PRESETS", str(mine / "none"))
    assert "does not exist yet" in kie("presets", "path").stderr


# `kie plan` and `kie run`


def planned(kie: Invoke, *args: str | Path) -> Any:
    return document(kie("plan", "nano-banana-2", "--prompt", "a cat", "--json", *args))


def test_a_plan_takes_a_preset(kie: Invoke, mine: Path, tmp_path: Path) -> None:
    assert planned(kie, "--preset", "water")["prompts"]["final"] == "a cat, in watercolour"
    other = tmp_path / "other"
    other.mkdir()
    (other / "oil.md").write_text(GOOD.replace("watercolour", "oil"), "utf-8")
    assert planned(kie, "--presets", other, "--preset", "oil")["prompts"]["final"] == "a cat, in oil"
    shown = kie("plan", "nano-banana-2", "--prompt", "a cat", "--preset", "water")
    assert "preset: water (water was requested)" in shown.stderr


def test_a_preset_that_does_not_exist_makes_a_plan_invalid(kie: Invoke, mine: Path) -> None:
    done = kie("plan", "nano-banana-2", "--prompt", "a cat", "--preset", "watr")
    assert done.exit_code == 2
    assert "there is no preset 'watr'; did you mean water?" in done.stderr


def test_a_prompt_is_enhanced_only_if_that_is_asked_for(kie: Invoke, service: VirtualService) -> None:
    before = service.state.credits
    assert planned(kie)["prompts"]["enhanced"] is None
    assert (service.state.credits, service.state.log) == (before, [])
    enhanced = "a cat In fine detail, with clear light."
    assert planned(kie, "--enhance", "auto")["prompts"]["final"] == enhanced
    assert planned(kie, "--enhance", "preview")["prompts"] == {"raw": "a cat", "enhanced": enhanced, "final": "a cat"}
    assert service.state.credits < before


def test_ask_needs_a_confirmation(kie: Invoke, service: VirtualService) -> None:
    done = kie("plan", "nano-banana-2", "--prompt", "a cat", "--enhance", "ask")
    assert done.exit_code == 8
    assert "enhanced prompt: a cat In fine detail" in done.stderr
    assert "the enhanced prompt must be confirmed" in done.stderr


def test_enhancement_needs_a_key(kie: Invoke, monkeypatch: pytest.MonkeyPatch) -> None:
    done = kie("plan", "nano-banana-2", "--prompt", "a cat", "--enhance", "auto")
    assert done.exit_code == 2
    assert "KIE_API_KEY" in done.stderr


def test_a_language_model_that_fails_is_a_warning(kie: Invoke, service: VirtualService) -> None:
    done = kie("plan", "nano-banana-2", "--prompt", "a cat", "--enhance", "auto", "--enhance-model", "none")
    assert done.exit_code == 0
    assert "the prompt is used as it was given" in done.stderr
    assert '"prompt": "a cat"' in done.stdout


def sent(service: VirtualService) -> list[Any]:
    return [accepted.input.get("prompt") for accepted in service.state.accepted]


KLING = ("--duration", "5s", "--mode", "std", "--no-sound")
RUN = ("run", "nano-banana-2", "--prompt", "a cat", "--no-wait")


def test_a_run_of_a_model_takes_a_preset(kie: Invoke, service: VirtualService, mine: Path) -> None:
    done = kie(*RUN, "--preset", "water")
    assert done.exit_code == 0
    assert sent(service) == ["a cat, in watercolour"]
    assert "preset: water (water was requested)" in done.stderr


def test_a_run_of_a_family_takes_a_preset(kie: Invoke, service: VirtualService, mine: Path) -> None:
    done = kie("run", "kling 3.0", "--prompt", "a cat", *KLING, "--preset", "water", "--no-wait", "--yes")
    assert (done.exit_code, sent(service)) == (0, ["a cat, in watercolour"])


def test_a_run_enhances_only_if_asked(kie: Invoke, service: VirtualService) -> None:
    assert [kie(*RUN).exit_code, kie(*RUN, "--enhance", "auto").exit_code] == [0, 0]
    assert sent(service) == ["a cat", "a cat In fine detail, with clear light."]


def test_a_run_sends_an_enhanced_prompt_that_was_agreed_to(kie: Invoke, service: VirtualService) -> None:
    refused = kie(*RUN, "--enhance", "ask")
    assert (refused.exit_code, sent(service)) == (8, [])
    assert "enhanced prompt: a cat In fine detail" in refused.stderr
    assert kie(*RUN, "--enhance", "ask", "--yes").exit_code == 0
    assert sent(service) == ["a cat In fine detail, with clear light."]


def test_an_unrelated_warning_agrees_to_nothing(kie: Invoke, service: VirtualService, mine: Path) -> None:
    (mine / "bad.md").write_text("nothing", "utf-8")
    done = kie(*RUN, "--enhance", "ask")
    assert (done.exit_code, sent(service)) == (8, [])
    assert "left out" in done.stderr


def test_a_run_goes_on_with_the_given_prompt_if_the_language_model_fails(kie: Invoke, service: VirtualService) -> None:
    assert kie(*RUN, "--enhance", "ask", "--enhance-model", "none").exit_code == 0
    assert sent(service) == ["a cat"]


def test_a_run_with_an_unknown_preset_sends_nothing(kie: Invoke, service: VirtualService) -> None:
    done = kie(*RUN, "--preset", "imag")
    assert (done.exit_code, service.state.log) == (2, [])
    assert "did you mean image" in done.stderr


@pytest.mark.parametrize("name", ["nano-banana-2", "kling 3.0"])
def test_a_dry_run_asks_no_language_model(kie: Invoke, name: str) -> None:
    done = kie("run", name, "--prompt", "a cat", "--dry-run", "--enhance", "auto")
    assert done.exit_code == 2
    assert "--dry-run sends nothing" in done.stderr


@pytest.mark.parametrize("name", ["nano-banana-2", "kling 3.0"])
def test_a_simulated_run_asks_the_simulator_for_a_prompt(kie: Invoke, name: str) -> None:
    more = [*KLING, "--yes"] if name == "kling 3.0" else []
    done = kie("run", name, "--prompt", "a cat", *more, "--simulate", "--speed", "1000", "--enhance", "auto", "--json")
    assert done.exit_code == 0, done.stderr


def test_unchecked_values_are_not_changed(kie: Invoke, service: VirtualService) -> None:
    done = kie(*RUN, "--unchecked", "--preset", "image")
    assert (done.exit_code, service.state.log) == (2, [])
