"""Nothing stands alone: an endpoint that creates tasks has a row, a route, a request class and a command."""

from __future__ import annotations

import json
from typing import Any

import pytest

import kie.models
from kie import catalog
from kie._cli.run_command import command_of
from kie._records.lifecycles import lifecycles
from kie.simulator import Simulator
from tests.conftest import ROOT

DOCUMENT: Any = json.loads((ROOT / "generated" / "openapi.json").read_text("utf-8"))
OPERATIONS = {
    operation["operationId"]: (method.upper(), path, operation)
    for path, item in DOCUMENT["paths"].items()
    for method, operation in item.items()
    if isinstance(operation, dict) and "operationId" in operation
}
SUBMITS = {operation: row for row in lifecycles() for operation in row.submit}
READS = {row.reading("").operation: row for row in lifecycles() if row.poll is not None}
EVERY = catalog.models(status="all")


def classes_of(operation: str) -> list[catalog.Model]:
    """The models that an operation is for."""
    row = SUBMITS.get(operation) or READS[operation]
    own = [model for model in EVERY if model.lifecycle == row.name]
    if operation not in SUBMITS:
        return own
    return [model for model in own if model.request_class.info.operation in (None, operation)]


@pytest.mark.parametrize("operation", sorted(OPERATIONS))
def test_an_operation_on_tasks_has_a_lifecycle_row(operation: str) -> None:
    facts = OPERATIONS[operation][2]["x-kie"]
    on_tasks = facts.get("answer") == "row"
    assert on_tasks == (operation in SUBMITS or operation in READS), operation
    assert (facts["bucket"] == "submit") <= (operation in SUBMITS)
    if operation in SUBMITS and SUBMITS[operation].kind == "poll":
        assert not facts["idempotent"]


@pytest.mark.parametrize("operation", sorted(OPERATIONS))
def test_an_operation_has_a_route_in_the_simulator(operation: str) -> None:
    method, path, _ = OPERATIONS[operation]
    assert Simulator().routes[method, path] == operation


@pytest.mark.parametrize("operation", sorted({*SUBMITS, *READS}))
def test_an_operation_on_tasks_has_request_classes_and_commands(operation: str) -> None:
    models = classes_of(operation)
    assert models
    for model in models:
        assert getattr(kie.models, model.class_name) is model.request_class
        command = command_of(model)
        assert {"--json", "--save", "--simulate"} <= {option for param in command.params for option in param.opts}


@pytest.mark.parametrize("row", [row.name for row in lifecycles()])
def test_a_row_has_models_and_a_title(row: str) -> None:
    assert any(model.lifecycle == row for model in EVERY)
    assert next(found for found in lifecycles() if found.name == row).title
