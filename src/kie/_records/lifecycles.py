"""Records: the compiled lifecycle table. May import `_core`, `_policy` and `kie_wire`: its functions by name."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from functools import cache
from importlib import import_module
from typing import Any, Literal, TypeAlias, cast

import attrs

from kie._core import data
from kie._core.call import Call, Endpoint
from kie._core.errors import ConfigError
from kie._core.json import JSON
from kie._core.status import State
from kie._core.tasks import is_usable_id
from kie._policy.codes import Meaning
from kie_wire.endpoints import ENDPOINTS

Pointers: TypeAlias = tuple[str, ...]
"""Where to find a fact in a record. The first pointer that finds a value wins."""


@attrs.frozen(kw_only=True)
class Condition:
    """A state that depends on more than the service's word: `then` if a pointer of `where` finds a value."""

    where: Pointers
    then: State
    otherwise: State
    equals: str | None = None

    @classmethod
    def load(cls, row: Mapping[str, Any]) -> Condition:
        return cls(where=tuple(row["if"]), then=row["then"], otherwise=row["else"], equals=row.get("equals"))


States: TypeAlias = Mapping[str, "State | Condition"]


def _states(row: Mapping[str, Any]) -> States:
    return {word: Condition.load(state) if isinstance(state, dict) else state for word, state in row.items()}


@attrs.frozen
class Submission:
    """An operation that creates tasks."""

    endpoint: Endpoint

    @property
    def callback(self) -> str | None:
        """The name of the body's field for a callback URL, if it has one."""
        return self.endpoint.callback

    @property
    def callback_required(self) -> bool:
        """Whether the service insists on a callback URL."""
        return self.endpoint.callback_required

    def call(self, body: Mapping[str, JSON]) -> Call[JSON]:
        """The call that creates a task."""
        return cast("Call[JSON]", _function(self.endpoint.function)(body=body))


@attrs.frozen(kw_only=True)
class Report:
    """How a callback differs from a record. Everything not given here is as in the record."""

    id: Pointers = attrs.field(converter=tuple)
    signs: Pointers = attrs.field(converter=tuple)
    state: Pointers = attrs.field(converter=tuple)
    states: States = attrs.field(converter=_states)
    urls: Pointers = attrs.field(converter=tuple)
    data: Pointers = attrs.field(converter=tuple)


@attrs.frozen(kw_only=True)
class Times:
    """Where a record holds its times. Numbers count `unit`s from 1970; text without a zone is read in `zone`."""

    created: Pointers = attrs.field(converter=tuple)
    completed: Pointers = attrs.field(converter=tuple)
    unit: str
    zone: str


@attrs.frozen(kw_only=True)
class Lifecycle:
    """One row of `openapi/lifecycles.yaml`: how a family is submitted, polled and read. It holds no URL paths."""

    name: str
    title: str
    kind: Literal["poll", "immediate", "read-until-ready"]
    result: str
    submit: Mapping[str, Submission]
    poll: str | None
    poll_parameters: Mapping[str, str]
    task_id: Pointers = attrs.field(converter=tuple)
    states: States = attrs.field(converter=_states)
    times: Times
    callback: Report
    not_found: Mapping[str, Any]
    not_ready: list[int]
    codes: Mapping[str, Meaning]
    embedded: Pointers = attrs.field(converter=tuple)
    state: Pointers = attrs.field(converter=tuple)
    model: Pointers = attrs.field(converter=tuple)
    urls: Pointers = attrs.field(converter=tuple)
    fallback_urls: Pointers = attrs.field(converter=tuple)
    data: Pointers = attrs.field(converter=tuple)
    fail_code: Pointers = attrs.field(converter=tuple)
    fail_message: Pointers = attrs.field(converter=tuple)
    credits: Pointers = attrs.field(converter=tuple)
    progress: Pointers = attrs.field(converter=tuple)
    seconds: Pointers = attrs.field(converter=tuple)
    expired: Pointers = attrs.field(converter=tuple)
    ends_by_content: bool

    def submission(self, operation: str | None = None) -> Submission:
        """The operation of this name, or the family's only one. Raises `ConfigError` if there is none."""
        if operation is None and len(self.submit) == 1:
            return next(iter(self.submit.values()))
        found = self.submit.get(operation or "")
        if found is None:
            raise ConfigError(f"{self.title} has no operation {operation!r}; there are {', '.join(self.submit)}")
        return found

    def reading(self, task_id: str) -> Call[JSON]:
        """The call that polls a task. Raises `ConfigError` if the family has no poll, or the id cannot be valid."""
        if not is_usable_id(task_id):
            raise ConfigError(f"no task can be polled by the id {task_id[:600]!a}")
        if self.poll is None:
            raise ConfigError(f"{self.title} answers at once and keeps no record: there is nothing to poll later")
        # an id of several parts (a task and a position in it) is written with slashes
        parts = task_id.split("/", len(self.poll_parameters) - 1)
        function = _function(ENDPOINTS[self.poll].function)
        return cast("Call[JSON]", function(**dict(zip(self.poll_parameters.values(), parts, strict=False))))

    def read_id(self, body: Mapping[str, JSON]) -> str:
        """Make the id of a task that is not submitted, from the parameters that its read takes from the body."""
        return "/".join(str(body[wire]) for wire in self.poll_parameters if wire in body)


@cache
def _function(where: str) -> Callable[..., object]:
    module, _, name = where.rpartition(":")
    return cast("Callable[..., object]", getattr(import_module(module), name))


@cache
def _rows() -> dict[str, Lifecycle]:
    rows = {}
    for name, row in json.loads(data.read("kie_models", "lifecycles.json")).items():
        codes = {str(code): Meaning.load(meaning) for code, meaning in row.pop("codes").items()}
        submit = {operation: Submission(ENDPOINTS[operation]) for operation in row.pop("submit")}
        times, callback = Times(**row.pop("times")), Report(**row.pop("callback"))
        rows[name] = Lifecycle(name=name, codes=codes, submit=submit, times=times, callback=callback, **row)
    return rows


def lifecycle(name: str) -> Lifecycle:
    """The row of a family. Raises `ConfigError` if there is none."""
    row = _rows().get(name)
    if row is None:
        raise ConfigError(f"{name!r} is not a lifecycle; there are {', '.join(_rows())}")
    return row


def lifecycles() -> tuple[Lifecycle, ...]:
    """Every row, in the order of the table."""
    return tuple(_rows().values())
