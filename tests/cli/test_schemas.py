"""`kie schema`: what every command writes with --json is published; all tests of the commands are held against it."""

from __future__ import annotations

import json
from collections.abc import Iterator

import click
import jsonschema_rs
import pytest

from kie._cli.app import root
from kie._cli.json_schemas import SCHEMAS, schema_of
from tests.cli.conftest import Invoke, VirtualService, document
from tests.cli.json_output import check, closed, command_of


def writes_json(command: click.Command, path: str) -> Iterator[str]:
    """The commands below one that take --json, by their paths; the default of a group as the group itself."""
    if isinstance(command, click.Group) and path not in ("run", "price"):
        for name, inner in command.commands.items():
            default = getattr(command, "default", None)
            yield from writes_json(inner, path if inner is default else f"{path} {name}".strip())
        return
    options = [name for param in command.params for name in param.opts]
    if "--json" in options or path in ("run", "price"):
        yield path


def test_every_command_that_writes_json_has_a_schema_and_no_other() -> None:
    assert {*writes_json(root, "")} == {*SCHEMAS}


@pytest.mark.parametrize("command", SCHEMAS)
def test_a_schema_is_one_and_is_shown(kie: Invoke, command: str) -> None:
    shown = json.loads(kie("schema", *command.split()).stdout)
    assert shown == schema_of(command)
    jsonschema_rs.meta.validate(shown)
    assert not jsonschema_rs.is_valid(shown, {"anything": "else"}) and not jsonschema_rs.is_valid(shown, 5)


def test_without_a_command_those_are_listed_and_another_is_refused(kie: Invoke) -> None:
    assert kie("schema").stdout.split("\n")[:-1] == [*SCHEMAS]
    outcome = kie("schema", "completion")
    assert outcome.exit_code == 2 and "lists the commands" in outcome.output


def test_the_check_notices_fields_that_are_unknown_missing_or_of_another_type(service: VirtualService) -> None:
    for wrong in ({"credits": "1", "usd": "1"}, {}, {"credits": 1}, {"error": {"type": "X", "message": "y"}}):
        with pytest.raises(AssertionError, match="kie credits"):
            check(["credits", "--json"], json.dumps(wrong))
    check(["credits", "--json"], '{"credits": "1"}')
    assert command_of(["--profile", "x", "prices", "check", "--json"]) == "prices check"
    assert closed({"type": "object", "properties": {}})["additionalProperties"] is False


def test_an_error_has_what_a_program_needs_to_go_on(kie: Invoke, service: VirtualService) -> None:
    error = document(kie("run", "nano-bananna-pro", "--prompt", "x", "--json"))["error"]
    assert error["type"] == "UnknownModel" and "nano-banana-pro" in error["nearest"] and error["task_created"] is False
    error = document(kie("status", "f" * 32, "--json"))["error"]
    assert error["code"] == 404
    assert error["task_created"] is False


def test_an_error_says_that_nobody_knows_whether_a_task_exists(kie: Invoke, at: object) -> None:
    at(faults=[{"on": "createTask", "do": "drop_after"}])  # type: ignore[operator]
    error = document(kie("run", "nano-banana-pro", "--prompt", "x", "--json"))["error"]
    assert error["type"] == "SubmitUnknown" and error["task_created"] is None and error["ref"] is None


def test_an_error_says_when_to_try_again_and_what_to_use_instead(kie: Invoke, at: object) -> None:
    rule = {"on": "createTask", "do": "rate_limit", "retry_after": 7}
    at(faults=[rule])  # type: ignore[operator]
    error = document(kie("run", "nano-banana-pro", "--prompt", "x", "--json"))["error"]
    assert error["type"] == "RateLimited" and error["retry_after"] == 7 and error["task_created"] is False
    from kie import catalog

    retired = next(model for model in catalog.models(status="retired") if model.successors)
    required = [part for field in retired.required_fields for part in (f"--{field.name}", "x")]
    error = document(kie("run", retired.id, *required, "--json"))["error"]
    assert error["type"] in ("ModelRetired", "RequestInvalid")
