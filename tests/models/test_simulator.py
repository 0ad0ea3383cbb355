"""The simulator judges by the same schemas, not through the classes; `test_properties.py` has what they agree on."""

from __future__ import annotations

import json
from typing import Any

import pytest

from kie import catalog
from kie._core.prices import estimate_body
from kie._records.lifecycles import lifecycle
from kie._tasks.submit import with_callback
from kie.simulator import SimRequest, Simulator
from kie.simulator._handler import handle
from kie.testing.strategies import body_of

MODELS = [model.id for model in catalog.models(status="all") if lifecycle(model.lifecycle).submit]
HEADERS = {"authorization": "Bearer key", "user-agent": "test", "content-type": "application/json"}


def answer(state: Simulator, model: str, fields: Any) -> int:
    info = catalog.get(model).request_class.info
    submission = lifecycle(info.lifecycle).submission(info.operation)
    body = with_callback(submission, body_of(model, named(model, fields)), None)
    path = submission.call({}).endpoint.path
    request = SimRequest(method="POST", path=path, query={}, headers=HEADERS, body=json.dumps(body).encode())
    return int(json.loads(handle(state, request, 0.0).body)["code"])


def named(model: str, fields: Any) -> Any:
    """Fields with the constant by which entries of one endpoint differ, which the class always sends."""
    known: Any = catalog.get(model).json_schema()["properties"]
    kind = known.get("taskType", {}).get("default")
    return fields if kind is None else {"taskType": kind, **fields}


@pytest.mark.parametrize("model", MODELS)
def test_every_example_in_a_model_file_runs_through_the_simulator_and_costs_what_is_estimated(model: str) -> None:
    facts: Any = catalog.get(model).json_schema()["x-kie"]
    state = Simulator(limits=False, credits=10**9)
    assert facts["examples"]
    for example in facts["examples"]:
        before, estimate = state.credits, estimate_body(model, example)
        assert answer(state, model, example) == 200
        (task,) = [*state.tasks.values()][-1:]
        assert before - state.credits == (0 if task.failure and task.done else task.price)
        assert task.price == estimate.at_least or estimate.at_least == 0
