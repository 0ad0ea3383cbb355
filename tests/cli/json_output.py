"""What the command line writes with --json, held against the schema that `kie schema` shows for the command."""

from __future__ import annotations

import json
from collections.abc import Sequence
from functools import cache
from typing import Any

import jsonschema_rs

from kie._cli.json_schemas import SCHEMAS, schema_of


def closed(schema: Any) -> Any:
    """A schema that takes no further fields: one that is written without being in it is noticed."""
    if isinstance(schema, list):
        return [closed(each) for each in schema]
    if not isinstance(schema, dict):
        return schema
    inner = {name: closed(value) for name, value in schema.items()}
    return {"additionalProperties": False, **inner} if "properties" in schema and "type" in schema else inner


@cache
def _validator(command: str) -> Any:
    return jsonschema_rs.validator_for(closed(schema_of(command)))


def command_of(args: Sequence[str]) -> str | None:
    """The command that arguments call; None if none of them does."""
    words = [arg for arg in args if arg in {part for name in SCHEMAS for part in name.split()}]
    return next((name for name in (" ".join(words[:2]), *words[:1]) if name in SCHEMAS), None)


def check(args: Sequence[str], written: str) -> None:
    """Fail if a document is not what the schema of its command says."""
    command = command_of(args)
    if "--json" not in args or "--fields" in args or "--help" in args or command is None or not written:
        return
    documents = [*map(json.loads, written.splitlines())] if command == "webhook serve" else [json.loads(written)]
    for document in documents:
        faults = [error.message[:300] for error in _validator(command).iter_errors(document)]
        assert not faults, f"kie {command} --json writes what its schema does not know: {faults}"
