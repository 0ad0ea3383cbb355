"""Floor 3: the compiled lifecycle table. May import `core`, `policy` and, by name, `kie_wire`."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from functools import cache
from importlib import import_module
from typing import Any, Literal, cast

import attrs

from kie.core import data
from kie.core.call import Call
from kie.core.errors import ConfigError
from kie.core.json import JSON
from kie.core.tasks import State
from kie.policy.codes import Meaning


@attrs.frozen(kw_only=True)
class Lifecycle:
    """One row of `openapi/lifecycles.yaml`: how a family is submitted, polled and read. It holds no path."""

    name: str
    title: str
    kind: Literal["poll", "immediate", "read-until-ready"]
    submit: str
    poll: str
    poll_parameter: str
    callback: Mapping[str, Any]
    task_id: list[str]
    states: Mapping[str, State]
    times: Mapping[str, str]
    not_found: Mapping[str, Any]
    codes: Mapping[str, Meaning]
    embedded: list[str]
    state: list[str]
    model: list[str]
    urls: list[str]
    data: list[str]
    fail_code: list[str]
    fail_message: list[str]
    credits: list[str]
    progress: list[str]
    seconds: list[str]

    def submission(self, body: Mapping[str, JSON]) -> Call[JSON]:
        """The call that creates a task."""
        return cast("Call[JSON]", _function(self.submit)(body=body))

    def reading(self, task_id: str) -> Call[JSON]:
        """The call that looks at a task."""
        return cast("Call[JSON]", _function(self.poll)(**{self.poll_parameter: task_id}))


@cache
def _function(where: str) -> Callable[..., object]:
    module, _, name = where.rpartition(":")
    return cast("Callable[..., object]", getattr(import_module(module), name))


@cache
def _rows() -> dict[str, Lifecycle]:
    rows = {}
    for name, row in json.loads(data.read("kie_models", "lifecycles.json")).items():
        codes = {str(code): Meaning.load(meaning) for code, meaning in row.pop("codes").items()}
        rows[name] = Lifecycle(name=name, codes=codes, **row)
    return rows


def lifecycles() -> list[Lifecycle]:
    """All rows, in the order of the file."""
    return list(_rows().values())


def lifecycle(name: str) -> Lifecycle:
    """The row of a family. Raises `ConfigError` for a name that is none."""
    row = _rows().get(name)
    if row is None:
        raise ConfigError(f"{name!r} is no lifecycle; there are {', '.join(_rows())}")
    return row
