"""`kie compare`: several models, one question about the price, one table."""

from __future__ import annotations

from pathlib import Path

import pytest

from kie import Library
from tests.cli.conftest import At, Invoke, VirtualService, document
from tests.library.pages import read_back

MODELS = ("nano-banana-pro", "seedream 4.5")
PROMPT = "A lighthouse at dusk"


def test_each_model_is_a_row(kie: Invoke, service: VirtualService) -> None:
    outcome = kie("compare", PROMPT, *MODELS, "--aspect-ratio", "16:9", "--resolution", "2k", "--yes")
    heading, *rows = [line.split("\t") for line in outcome.stdout.splitlines()]
    assert outcome.exit_code == 0 and heading == ["Model", "State", "Seconds", "Credits", "Estimate", "File"]
    assert [row[:2] for row in rows] == [["nano-banana-pro", "succeeded"], ["seedream/4.5-text-to-image", "succeeded"]]
    assert all(row[5].startswith("http") for row in rows)
    assert "would cost 24.5 credits" in outcome.stderr and "has no resolution" in outcome.stderr
    assert [task.input["aspect_ratio"] for task in service.state.accepted] == ["16:9", "16:9"]


def test_a_simulation_says_that_it_is_one(kie: Invoke) -> None:
    outcome = kie("compare", PROMPT, MODELS[0], "--simulate", "--speed", "1000")
    assert outcome.exit_code == 0 and outcome.stderr.startswith("simulated: nothing is sent to Kie.ai")


def test_nothing_is_sent_before_somebody_agreed_to_the_cost(kie: Invoke, service: VirtualService) -> None:
    outcome = kie("compare", PROMPT, *MODELS)
    assert outcome.exit_code == 8 and "--yes" in outcome.stderr and outcome.stdout.count("planned") == 2
    assert document(kie("compare", PROMPT, *MODELS, "--json"))["rows"][0]["state"] == "planned"
    assert not service.state.accepted


@pytest.mark.parametrize(("answer", "sent"), [(b"y\n", 2), (b"n\n", 0), (b"\n", 0), (b"", 0)])
def test_on_a_terminal_the_user_is_asked_and_only_yes_sends(
    kie: Invoke, service: VirtualService, answer: bytes, sent: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("kie._cli.compare_command.interactive", lambda _: True)
    outcome = kie("compare", PROMPT, *MODELS, input=answer)
    assert "would cost 24.5 credits" in outcome.stderr and "Run it?" in outcome.stderr
    assert (len(service.state.accepted), outcome.exit_code == 0) == (sent, sent > 0)


def test_a_dry_run_needs_no_key(kie: Invoke, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("KIE_API_KEY", raising=False)
    told = document(kie("compare", PROMPT, *MODELS, "--dry-run", "--json"))
    assert told["prompt"] == PROMPT and [row["estimate"]["at_most"] for row in told["rows"]] == ["18", "6.5"]


def test_every_fault_is_reported_at_once(kie: Invoke) -> None:
    outcome = kie("compare", PROMPT, "nano-banana-pro", "veo", "--aspect-ratio", "7:9", "--bogus", "1", "--dry-run")
    assert outcome.exit_code == 2
    for place in ("models[0].aspect_ratio", "models[1].aspect_ratio", "bogus"):
        assert place in outcome.stderr


@pytest.mark.parametrize("args", [(), (PROMPT,), (PROMPT, "--aspect-ratio", "1:1")])
def test_a_prompt_and_models_come_first(kie: Invoke, args: tuple[str, ...]) -> None:
    assert kie("compare", *args, "--dry-run").exit_code == 2


def test_all_together_have_to_fit_into_the_budget(kie: Invoke, service: VirtualService) -> None:
    assert kie("compare", PROMPT, *MODELS, "--yes", "--budget", "24").exit_code == 6
    assert not service.state.accepted


def test_a_prompt_may_stand_in_a_file(kie: Invoke, tmp_path: Path) -> None:
    (tmp_path / "prompt.txt").write_text("From a file\n", "utf-8")
    told = document(kie("compare", f"@{tmp_path / 'prompt.txt'}", *MODELS, "--dry-run", "--json"))
    assert told["prompt"] == "From a file"
    assert kie("compare", f"@{tmp_path / 'none.txt'}", *MODELS, "--dry-run").exit_code == 2


def test_a_model_that_fails_does_not_stop_the_others(kie: Invoke, at: At, tmp_path: Path) -> None:
    at(faults=[{"on": "createTask", "do": "fail_task", "code": 422, "nth": 1}])
    outcome = kie("compare", PROMPT, *MODELS, "--yes", "--save", tmp_path / "out", "--sidecar", "--json")
    assert outcome.exit_code == 3
    rows = document(outcome)["rows"]
    assert sorted(row["state"] for row in rows) == ["failed", "succeeded"]
    (files,) = [row["files"] for row in rows if row["files"]]
    assert [str(path) for path in sorted((tmp_path / "out").iterdir())] == [files[0], f"{files[0]}.json"]


def test_runs_are_kept_and_put_on_a_page(kie: Invoke, service: VirtualService, tmp_path: Path) -> None:
    args = ("--library", tmp_path / "runs", "--tag", "trial", "--page", tmp_path / "page.html", "--yes", "--json")
    rows = document(kie("compare", PROMPT, *MODELS, *args))["rows"]
    runs = Library(tmp_path / "runs").find(tag="trial")
    assert {row["run"] for row in rows} == {run.id for run in runs} and len(runs) == 2
    assert all(Path(file).is_file() for row in rows for file in row["files"])
    assert {one["id"] for one in read_back(tmp_path / "page.html")} == {run.id for run in runs}


def test_a_comparison_whose_prompt_is_a_model_is_refused(kie: Invoke, service: VirtualService) -> None:
    outcome = kie("compare", "nano-banana-pro", "z-image", "--yes")
    assert (outcome.exit_code, service.state.accepted) == (2, [])
    assert "'nano-banana-pro' is the id of a model: kie compare PROMPT nano-banana-pro z-image …" in outcome.stderr
