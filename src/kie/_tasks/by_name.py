"""Tasks: requests that are named by their model, and its fields. May import `_core`, `_flow`, `catalog`."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import cast

import attrs

from kie._core.arguments import closest, equivalent, unknown_argument
from kie._core.errors import ArgumentInvalid, ConfigError
from kie._core.planned import Origin, Planned, Wanted
from kie._core.request import Request
from kie._core.results import Result
from kie._core.safe_text import kind_of
from kie._flow.options import Options

_OPTIONS = (*(field.name for field in attrs.fields(Options)), "label")


def requested(
    request: object,
    positional: tuple[object, ...] = (),
    fields: Mapping[str, object] | None = None,
    *,
    confirmed: bool = False,
) -> Request[Result]:
    """Get the request that a call means: itself, that of a plan, or one by the id of its model or from a wire body.

    Args:
        request: A request, an id (or what else `catalog.resolve` reads), `{"model": ..., "input": {...}}`, or a plan.
        positional: Other arguments that were passed without a name.
        fields: The other keywords, which are the fields of the model if `request` names one.

    Returns:
        The request, checked as its class does it. Anything that is not a request is left to the flow.

    Raises:
        ArgumentInvalid: An argument belongs elsewhere.
        ConfigError: The body names no model.
        RequestInvalid: Fields are missing, unknown or break the schema.
        UnknownModel: No model has this name.
    """
    if isinstance(request, str):
        if positional:
            shown = "..." if isinstance(positional[0], Mapping) else f"prompt={positional[0]!r:.60}"
            raise ArgumentInvalid(
                f"fields of a model are keywords: client.run({request!r}, {shown}); "
                'or pass {"model": ..., "input": {...}}'
            )
        return _named(request, fields or {})
    if positional:
        raise ArgumentInvalid(
            f"a call takes one request: {positional[0]!r:.60} is one argument too many; options are keywords"
        )
    if isinstance(request, Mapping):
        if fields:
            name = next(iter(fields))
            raise unknown_argument(name, _OPTIONS, "it belongs in the mapping: {'model': ..., 'input': {...}}")
        return _named(*body_of(request))
    if fields:
        name = next(iter(fields))
        way = "plan.answer" if isinstance(request, Planned) else "request.replace"
        raise unknown_argument(name, _OPTIONS, f"the request has its fields already; {way}({name}=...)")
    if is_plan(request):
        return cast("Planned", request).require(confirmed=confirmed)
    return cast("Request[Result]", request)


def candidates(
    request: object,
    positional: tuple[object, ...],
    fields: Mapping[str, object],
    alternatives: Iterable[object],
    *,
    confirmed: bool,
) -> list[Wanted]:
    """Get the requests that a call means: the one to submit, and its alternatives in order."""
    if not isinstance(confirmed, bool):
        raise ArgumentInvalid(f"confirmed must be True or False, not {confirmed!r:.60}")
    if isinstance(alternatives, (str, Mapping)) or not isinstance(alternatives, Iterable):
        raise ArgumentInvalid(f"alternatives must be a list of requests or plans, not {alternatives!r:.60}")
    others = [*alternatives]
    if confirmed and not any(is_plan(each) for each in (request, *others)):
        raise ArgumentInvalid(
            "confirmed=True belongs to a plan, not to a request: client.run(client.plan(...), confirmed=True)"
        )
    wanted = requested(request, positional, fields, confirmed=confirmed)
    instead = [Wanted(requested(each, confirmed=confirmed), origin_of(each)) for each in others]
    if instead:
        from kie._tasks.check import known_request

        for each in instead:  # before the first is paid for
            known_request(each.request)
    return [Wanted(wanted, origin_of(request)), *instead]


def origin_of(value: object) -> Origin | None:
    """How a plan produced its request; None for any other value."""
    return cast("Planned", value)._origin if is_plan(value) else None


def is_plan(value: object) -> bool:
    """Whether a value is a plan."""
    return not isinstance(value, Request) and isinstance(value, Planned)


def several(requests: object, fields: Mapping[str, object]) -> Request[Result] | Iterable[Request[Result]]:
    """Get one request or several, like `requested`. Each of several is made only when it is needed."""
    if isinstance(requests, (str, Mapping, Request)) or fields or not isinstance(requests, Iterable):
        return requested(requests, (), fields, confirmed=True)
    return (requested(request, confirmed=True) for request in requests)


def body_of(body: Mapping[object, object]) -> tuple[str, dict[str, object]]:
    """Read the model and the fields from a wire body, or from one with the fields beside the model."""
    found = {str(name): value for name, value in body.items()}
    model = found.pop("model", None)
    if not isinstance(model, str):
        raise ConfigError(
            'a request must be an instance of a class of kie.models, or {"model": "...", "input": {...}}, '
            f"not {kind_of(body)} that names no model: {body!r:.80}; nothing was sent"
        )
    inner = found.get("input")
    if not isinstance(inner, Mapping):
        return model, found
    del found["input"]
    for name in found:
        raise unknown_argument(name, (), f'fields of the model belong in "input", not beside it: {name}')
    return model, {str(name): value for name, value in inner.items()}


def _named(model: str, fields: Mapping[str, object]) -> Request[Result]:
    from kie import catalog

    cls = catalog.resolve(model).request_class
    names = {wire: python for python, wire in cls.__kie_plan__()}
    known = {*names, *names.values()}
    for name in fields:
        if name in known or closest(name, known) is not None:
            continue
        way = equivalent(name)
        option = closest(name, _OPTIONS)
        if way is not None or option is not None:
            raise unknown_argument(name, () if option is None else (option,))
    return cls(**{names.get(name, name): value for name, value in fields.items()})
