"""Every cross-field rule is held by bodies that it alone refuses: in the class, in the simulator, in the schema."""

from __future__ import annotations

import json
import tomllib
from typing import Any

import pytest

from codegen.counterexamples import COUNTEREXAMPLES, expanded, without
from kie import RequestInvalid, catalog
from kie._core.schema import MESSAGE, Schema
from kie._records.lifecycles import lifecycle
from kie.simulator import Simulator
from kie.testing.strategies import body_of
from tests.conftest import ROOT
from tests.simulator.support import ask, read

LISTED: list[dict[str, Any]] = json.loads((ROOT / "generated" / "counterexamples.json").read_text("utf-8"))
HELD = [held for held in LISTED if "rule" in held]
ADVISED = [held for held in LISTED if "advice" in held]
MODELS = [model.id for model in catalog.models(status="all")]
NAMES = [f"{held['model']}-{held['rule']}-{number}" for number, held in enumerate(HELD)]
EVERY = pytest.mark.parametrize("held", HELD, ids=NAMES)
TAKEN = [held for held in HELD if lifecycle(catalog.get(held["model"]).lifecycle).submit]


def rules(model: str) -> list[dict[str, Any]]:
    """The cross-field rules of a model as they are packaged."""
    schema: dict[str, Any] = catalog.get(model).json_schema()
    found: list[dict[str, Any]] = schema.get("allOf", [])
    return found


def test_every_packaged_rule_has_a_counterexample_and_every_counterexample_its_rule() -> None:
    packaged = {(model, index, rule[MESSAGE]) for model in MODELS for index, rule in enumerate(rules(model))}
    assert packaged == {(held["model"], held["rule"], held["message"]) for held in HELD}
    assert len(packaged) > 100


def worded(held: dict[str, Any]) -> str:
    """The message of a rule as people read it: the marks around names of fields are not shown."""
    return str(held["message"]).replace("`", "")


@EVERY
def test_the_class_refuses_a_counterexample_in_the_words_of_its_rule(held: dict[str, Any]) -> None:
    cls: Any = catalog.get(held["model"]).request_class
    with pytest.raises(RequestInvalid) as caught:
        cls.from_wire(body_of(held["model"], expanded(held["body"])))
    assert {issue.message for issue in caught.value.issues} == {worded(held)}


@pytest.mark.parametrize("held", TAKEN, ids=[NAMES[HELD.index(held)] for held in TAKEN])
def test_the_simulator_refuses_a_counterexample(held: dict[str, Any]) -> None:
    info = catalog.get(held["model"]).request_class.info
    submission = lifecycle(info.lifecycle).submission(info.operation)
    body = dict(body_of(held["model"], completed(held["model"], expanded(held["body"]))))
    if submission.callback_required:
        body[str(submission.callback)] = "https://example.com/callback"
    state = Simulator(limits=False, credits=1000)
    said = read(ask(state, "POST", submission.call({}).endpoint.path, body))
    # the Market tells of a missing field in words of its own
    assert said["code"] == 500 or (said["code"] == 422 and worded(held) in said["msg"])
    assert not state.accepted


def completed(model: str, body: dict[str, Any]) -> dict[str, Any]:
    """A body with the constant by which Midjourney's entries differ; the class always sends it."""
    fields: Any = catalog.get(model).json_schema()["properties"]
    kind = fields.get("taskType", {}).get("default")
    return body if kind is None else {"taskType": kind, **body}


@EVERY
def test_the_schema_without_the_rule_accepts_a_counterexample(held: dict[str, Any]) -> None:
    document: Any = catalog.get(held["model"]).json_schema()
    assert Schema(without(document, held["rule"])).issues(expanded(held["body"])) == []


@pytest.mark.parametrize("held", ADVISED, ids=[f"{held['model']}-{number}" for number, held in enumerate(ADVISED)])
def test_the_class_gives_advice_on_a_counterexample_and_accepts_it(held: dict[str, Any]) -> None:
    cls: Any = catalog.get(held["model"]).request_class
    body = body_of(held["model"], expanded(held["body"]))
    request = cls.from_wire(body)
    assert request.to_wire() == body
    names = {wire: name for name, wire in cls.__kie_plan__()}
    said = "".join(names.get(part, part) for part in held["message"].split("`"))
    assert said in [issue.message for issue in request.advice()]


def test_every_piece_of_advice_has_a_counterexample() -> None:
    packaged: Any = {(model, "advice"): catalog.get(model).json_schema()["x-kie"] for model in MODELS}
    advised = {
        (model, index, advice[MESSAGE])
        for (model, _), facts in packaged.items()
        for index, advice in enumerate(facts.get("advice", []))
    }
    assert advised == {(held["model"], held["advice"], held["message"]) for held in ADVISED}


def test_counterexamples_are_not_in_the_wheel() -> None:
    assert not [
        path
        for path in (ROOT / "generated" / "kie_models").rglob("*.json")
        if COUNTEREXAMPLES in path.read_text("utf-8")
    ]
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
    packed = settings["tool"]["hatch"]["build"]["targets"]["wheel"]["packages"]
    assert packed == ["src/kie", "generated/kie_wire", "generated/kie_models"]
