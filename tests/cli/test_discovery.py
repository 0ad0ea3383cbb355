"""How a model is found on the command line."""

from __future__ import annotations

import pytest

from kie import catalog
from kie.catalog import Shorthand
from tests.cli.conftest import Invoke, document


@pytest.fixture
def shorthand(monkeypatch: pytest.MonkeyPatch) -> None:
    entry = Shorthand(name="nano", means=("nano-banana-pro", "google/nano-banana-edit"), note="no model has this id.")
    monkeypatch.setattr(catalog, "_shorthand", lambda: {"nano": entry})


def test_models_are_listed_by_what_they_give_and_take(kie: Invoke) -> None:
    listed = document(kie("models", "--kind", "video", "--accepts", "audio", "--json"))
    assert {entry["id"] for entry in listed} == {m.id for m in catalog.models(kind="video", accepts="audio")}
    assert {entry["kind"] for entry in listed} == {"video"}
    assert all("audio" in entry["accepts"] for entry in listed)


@pytest.mark.parametrize(("option", "choices"), [("--kind", "music"), ("--accepts", "audio")])
def test_a_kind_that_is_none_is_refused_with_those_there_are(kie: Invoke, option: str, choices: str) -> None:
    outcome = kie("models", option, "smell")
    assert outcome.exit_code == 2
    assert choices in outcome.stderr


@pytest.mark.parametrize("name", ["nano", "NANO"])
def test_a_shorthand_runs_the_model_it_means_and_stderr_says_which(kie: Invoke, shorthand: None, name: str) -> None:
    outcome = kie("run", name, "--prompt", "x", "--dry-run")
    assert outcome.exit_code == 0
    assert document(outcome)["model"] == "nano-banana-pro"
    said = "nano is taken for nano-banana-pro (or google/nano-banana-edit): no model has this id."
    assert outcome.stderr.splitlines()[:-1] == [said]
    assert outcome.stderr.splitlines()[-1].startswith("would cost ")


def test_a_shorthand_shows_the_model_it_means(kie: Invoke, shorthand: None) -> None:
    outcome = kie("model", "nano", "--json")
    assert document(outcome)["id"] == "nano-banana-pro"
    assert "nano is taken for nano-banana-pro" in outcome.stderr


def test_superseded_models_are_listed_with_their_successors(kie: Invoke) -> None:
    lines = kie("models").stdout.splitlines()
    [veo] = [line.split("\t") for line in lines if line.startswith("veo\t")]
    assert veo[3].endswith(", superseded by veo-3-1")
    assert not any(line.startswith("veo\t") for line in kie("models", "--status", "active").stdout.splitlines())


def test_running_a_superseded_model_gives_one_hint(kie: Invoke) -> None:
    outcome = kie("run", "veo", "--prompt", "x", "--dry-run")
    assert outcome.exit_code == 0
    hint, cost = outcome.stderr.splitlines()
    assert hint == "veo still works; the vendor now documents veo-3-1 (Veo31) instead"
    assert cost.startswith("would cost 60 credits (0.3 USD)")
    assert kie("run", "veo", "--prompt", "x", "--dry-run", "--quiet").stderr == ""
    assert "the vendor now documents veo-3-1 (Veo31)" in kie("model", "veo").stdout
    assert "Use instead" not in kie("model", "veo").stdout


def test_an_id_that_the_market_took_says_what_had_it_before(kie: Invoke) -> None:
    hint = (
        "runway is the Market's model with that id; the model that had this id here before is runway/generate "
        "(RunwayGenerate)"
    )
    outcome = kie("run", "runway", "--prompt", "x", "--duration", "5", "--quality", "720p", "--water-mark", "x")
    assert outcome.exit_code == 2
    assert hint in outcome.stderr
    assert "--water-mark" in outcome.stderr
    assert hint in kie("model", "runway").stdout
    assert hint not in kie("model", "runway/generate").stdout
