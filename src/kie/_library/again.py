"""Library: makes the request of a run again. May import `_core`, `catalog`."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import cast

from kie._core import paths
from kie._core.errors import ConfigError
from kie._core.json import JSONObject
from kie._core.raw import RawRequest
from kie._core.request import Request
from kie._core.results import Result
from kie._library.hiding import is_hidden
from kie._library.run import Run, RunFile


def request_of(run: Run, changes: Mapping[str, object], found: Callable[[RunFile], object | None]) -> Request[Result]:
    """The request of a run, with changes.

    Args:
        run: The run.
        changes: Other values of fields, by their names in the request class.
        found: Gives what an input stands for today: a path, or its content; None if it is not here.

    Returns:
        The request.

    Raises:
        ConfigError: Its fields or prompts were not kept, or it has other fields than its model.
        RequestInvalid: The request breaks the schema of today.
    """
    from kie import catalog

    if run.request is None:
        raise ConfigError(f"run {run.id} was submitted elsewhere, so its request is not known: make it yourself")
    model = catalog.find(run.model)
    cls = None if model is None else model.request_class
    names = {} if cls is None else dict(cls.__kie_plan__())
    wanted = {names.get(name, name): value for name, value in changes.items()}
    media = {file.role: value for file in run.inputs if _root(file.role) not in wanted and (value := found(file))}
    fields = cast(JSONObject, paths.replaced({**run.fields}, media))
    kept = {name: value for name, value in fields.items() if name not in wanted}
    if hidden := [name for name, value in kept.items() if is_hidden(value)]:
        by_wire = {wire: python for python, wire in names.items()}
        shown = ", ".join(f"{by_wire.get(name, name)}=" for name in hidden)
        raise ConfigError(f"the library keeps no prompts, so run {run.id} needs them again: pass {shown}")
    if cls is None:
        lifecycle = "jobs" if run.task is None else run.task.lifecycle
        given = {name: value for name, value in wanted.items() if value is not None}
        return cast("Request[Result]", RawRequest(run.model, {**kept, **given}, lifecycle=lifecycle))
    wires = set(names.values())
    known = {name: value for name, value in kept.items() if name in wires}
    values = {**cls._from_wire_fields(known), **{name: value for name, value in changes.items() if name in names}}
    values |= {python: wanted[wire] for python, wire in names.items() if wire in changes}
    unknown = {name: value for name, value in changes.items() if name not in names and name not in wires}
    request = cls(**values, **unknown)
    more = {name: value for name, value in kept.items() if name not in wires}
    return request.unchecked(**more) if more else request


def _root(role: str) -> str:
    return str(paths.parse(role)[0])
