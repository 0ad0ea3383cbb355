"""Every operation is in the compiled table, and what creates tasks has a row, a request class and a command."""

from __future__ import annotations

import inspect
import json
from importlib import import_module
from typing import Any

import attrs
import pytest

import kie.models
from kie import catalog
from kie._cli.run_command import command_of, execute
from kie._records.lifecycles import lifecycles
from kie.simulator import SimRequest, Simulator
from kie.simulator._handler import HANDLERS, handle
from kie_wire.endpoints import ENDPOINTS
from tests.conftest import ROOT

DOCUMENT: Any = json.loads((ROOT / "generated" / "openapi.json").read_text("utf-8"))
OPERATIONS = {
    operation["operationId"]: (method.upper(), path, operation)
    for path, item in DOCUMENT["paths"].items()
    for method, operation in item.items()
    if isinstance(operation, dict) and "operationId" in operation
}
SUBMITS = {operation: row for row in lifecycles() for operation in row.submit}
READS = {row.poll: row for row in lifecycles() if row.poll is not None}
BODIES = {"json": "application/json", "multipart": "multipart/form-data", "none": None}
EVERY = catalog.models(status="all")


class Argument(str):
    """Stands for any argument of an endpoint function: a text, a body, a model of one."""

    def __iter__(self) -> Any:
        return iter(())

    def to_dict(self) -> dict[str, Any]:
        return {}


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


def test_the_table_has_every_operation_and_no_other() -> None:
    assert set(ENDPOINTS) == set(OPERATIONS)
    assert len({(endpoint.method, endpoint.path) for endpoint in ENDPOINTS.values()}) == len(ENDPOINTS)


@pytest.mark.parametrize("operation", sorted(OPERATIONS))
def test_the_table_says_what_the_description_says(operation: str) -> None:
    endpoint, (method, path, described) = ENDPOINTS[operation], OPERATIONS[operation]
    facts, content = described["x-kie"], described.get("requestBody", {}).get("content", {})
    assert (endpoint.operation, endpoint.method, endpoint.path) == (operation, method, path)
    assert (endpoint.server, endpoint.bucket) == (facts["server"], facts["bucket"])
    assert endpoint.creates_task == (not facts["idempotent"])
    assert endpoint.auth == bool(described.get("security", DOCUMENT["security"]))
    assert [BODIES[endpoint.body]] == ([*content] or [None])
    if endpoint.callback is not None:
        assert operation in SUBMITS


@pytest.mark.parametrize("operation", sorted(OPERATIONS))
def test_the_function_of_an_operation_returns_a_call_by_its_row(operation: str) -> None:
    endpoint = ENDPOINTS[operation]
    module, _, name = endpoint.function.partition(":")
    function = getattr(import_module(module), name)
    given = {
        name: Argument()
        for name, parameter in inspect.signature(function).parameters.items()
        if parameter.default is parameter.empty
    }
    call = function(**given)
    assert call.endpoint is endpoint
    sent = "json" if call.json is not None else "multipart" if call.multipart is not None else "none"
    assert sent == endpoint.body


@pytest.mark.parametrize("operation", sorted(OPERATIONS))
def test_the_simulator_answers_an_operation(operation: str) -> None:
    endpoint, state = ENDPOINTS[operation], Simulator()
    request = SimRequest(
        method=endpoint.method,
        path=endpoint.path,
        headers={"user-agent": "tests", **({"authorization": "Bearer some-key"} if endpoint.auth else {})},
        body=b"{}" if endpoint.body == "json" else b"",
    )
    response = handle(state, request, 0.0)
    assert response.status == 200
    assert isinstance(json.loads(response.body)["code"], int)
    assert state.log == [(operation, str(json.loads(response.body)["code"]))]
    without_key = handle(state, attrs.evolve(request, headers={"user-agent": "tests"}), 0.0)
    assert (json.loads(without_key.body)["code"] == 401) == endpoint.auth


def test_the_simulator_has_no_handler_without_an_operation() -> None:
    assert set(HANDLERS) == set(ENDPOINTS)


def test_no_path_of_the_service_is_written_by_hand_in_the_handwritten_code() -> None:
    paths = {endpoint.path for endpoint in ENDPOINTS.values()}
    written = {
        file.name: found
        for file in sorted((ROOT / "src").rglob("*.py"))
        if (found := {path for path in paths if path in file.read_text("utf-8")})
    }
    assert written == {}


@pytest.mark.parametrize("operation", sorted({*SUBMITS, *READS}))
def test_an_operation_on_tasks_has_request_classes_and_commands(operation: str) -> None:
    models = classes_of(operation)
    assert models
    for model in models:
        assert getattr(kie.models, model.class_name) is model.request_class
        command = command_of(model, execute)
        assert {"--json", "--save", "--simulate"} <= {option for param in command.params for option in param.opts}


@pytest.mark.parametrize("row", [row.name for row in lifecycles()])
def test_a_row_has_models_and_a_title(row: str) -> None:
    assert any(model.lifecycle == row for model in EVERY)
    assert next(found for found in lifecycles() if found.name == row).title
