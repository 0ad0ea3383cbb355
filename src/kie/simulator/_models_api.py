"""Simulator: the Models API, from the packaged schemas. May import `_core`, `catalog`, `kie_wire`."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

from kie import catalog
from kie._core.estimates import USD_PER_CREDIT, span
from kie._core.json import JSON, JSONObject
from kie._core.prices import price_range
from kie._core.schema import documented_throughout
from kie.catalog import Model
from kie.simulator._messages import Incoming, Refused, SimResponse, envelope
from kie.simulator._prices import price_of
from kie.simulator._simulator import Simulator
from kie_wire.endpoints import CREATE_TASK

INTERVAL = timedelta(minutes=10)
INTERVALS = 144
"""The number of intervals that the service returns: those of one day."""


def _market() -> Iterator[Model]:
    return (model for model in catalog.models() if model.lifecycle == "jobs")


def _task_type(model: Model) -> list[JSON]:
    return [category.replace("-", " ").title().replace(" To ", " to ") for category in model.categories]


def listed(_: Simulator, incoming: Incoming) -> SimResponse:
    """The models that match."""
    query = incoming.request.query
    kind, provider, search = (query.get(name, "").lower() for name in ("taskType", "provider", "q"))
    found: list[JSON] = [
        {
            "model": model.id,
            "slug": model.id,
            "title": model.id,
            "provider": model.provider,
            "taskType": _task_type(model),
            "description": model.description,
            "pricingDesc": _price(model),
        }
        for model in _market()
        if search in model.id.lower()
        and provider in ("", model.provider.lower())
        and (not kind or kind in [str(name).lower() for name in _task_type(model)])
    ]
    return envelope(200, "success", {"total": len(found), "models": found})


def schema(_: Simulator, incoming: Incoming) -> SimResponse:
    """The schema of a model as the service presents it: an OpenAPI document with one operation."""
    model = _asked(incoming)
    taken = _plain(documented_throughout(model.json_schema()))
    body: JSONObject = {
        "type": "object",
        "required": ["model"],
        "properties": {
            "model": {"type": "string", "enum": [model.id], "default": model.id},
            "callBackUrl": {"type": "string", "format": "uri"},
            "input": taken,
        },
    }
    operation: JSONObject = {
        "summary": model.id,
        "operationId": model.id.replace("/", "-"),
        "requestBody": {"required": True, "content": {"application/json": {"schema": body}}},
        "responses": {"200": {"content": {"application/json": {"schema": {"type": "object"}}}}},
    }
    document: JSONObject = {
        "openapi": "3.1.0",
        "info": {"title": model.id, "version": "1.0.0"},
        "paths": {CREATE_TASK.path: {CREATE_TASK.method.lower(): operation}},
    }
    return envelope(200, "success", {"model": model.id, "openapi": document})


def price(_: Simulator, incoming: Incoming) -> SimResponse:
    """What a model costs, in words."""
    model = _asked(incoming)
    return envelope(200, "success", {"model": model.id, "pricingDesc": _price(model)})


def success_rate(state: Simulator, incoming: Incoming) -> SimResponse:
    """A day in which every task succeeded."""
    model = _asked(incoming)
    now = datetime.fromtimestamp(state.wall(incoming.now), UTC)
    begin = now.replace(minute=now.minute // 10 * 10, second=0, microsecond=0) - INTERVALS * INTERVAL
    points: list[JSON] = [
        {
            "start": f"{begin + number * INTERVAL:%Y-%m-%dT%H:%M:%SZ}",
            "end": f"{begin + (number + 1) * INTERVAL:%Y-%m-%dT%H:%M:%SZ}",
            "successRate": 100.0,
            "errorRate": 0.0,
            "isNormal": True,
        }
        for number in range(INTERVALS)
    ]
    return envelope(200, "success", {"model": model.id, "points": points})


def announcements(*_: object) -> SimResponse:
    """No news."""
    return envelope(200, "success", {"records": [], "total": 0})


def _asked(incoming: Incoming) -> Model:
    wanted = incoming.arguments["model"]
    found = next((model for model in _market() if model.id == wanted), None)
    if found is None:
        raise Refused(404, "The model name you specified is not supported")
    return found


def _price(model: Model) -> str:
    low, high = price_range(model.id) or (price_of(model.result),) * 2
    usd = "" if high is None else f" (${span(low * USD_PER_CREDIT, high * USD_PER_CREDIT)})"
    return f"A task costs {span(low, high)} credits{usd}."


def _plain(node: JSON) -> JSON:
    """A schema without our own keywords."""
    if isinstance(node, list):
        return [_plain(item) for item in node]
    if not isinstance(node, dict):
        return node
    kept = {key: _plain(value) for key, value in node.items() if not key.startswith(("x-kie", "$"))}
    rules = kept.get("allOf")
    if isinstance(rules, list):
        kept["allOf"] = [rule for rule in rules if rule]
    return kept
