"""Tasks: the vendor's information on its own models. May import `_core`, `_exchange`, `_flow`, `kie_wire`."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import cast

import attrs

from kie._core.errors import ConfigError, ResultInvalid
from kie._core.json import JSONObject
from kie._core.numbers import at_least
from kie._exchange.exchange import typed
from kie._flow.context import Context
from kie._flow.effects import Flow
from kie._flow.options import of_kind
from kie_wire.api.models.get_model_price import get_model_price
from kie_wire.api.models.get_model_schema import get_model_schema
from kie_wire.api.models.get_model_success_rate import get_model_success_rate
from kie_wire.api.models.list_announcements import list_announcements
from kie_wire.api.models.list_models import list_models
from kie_wire.models.announcements_request import AnnouncementsRequest
from kie_wire.models.listed_model import ListedModel
from kie_wire.models.model_list import ModelList
from kie_wire.models.model_price import ModelPrice
from kie_wire.models.model_schema import ModelSchema
from kie_wire.models.model_success import ModelSuccess
from kie_wire.models.success_interval import SuccessInterval


@attrs.frozen(kw_only=True)
class VendorModel:
    """A model as the vendor lists it. Only the id can be relied on."""

    id: str
    """The id on the wire."""

    title: str
    """The name for people; empty if the vendor gives none."""

    provider: str
    """Who makes the model, according to the vendor: some are wrong."""

    task_types: tuple[str, ...]
    """What the model makes of what, such as `Text to Video`: some are wrong."""

    description: str
    """What the model does; empty if the vendor gives nothing."""

    price_text: str | None
    """What it costs, in words; None if the vendor gives nothing."""


@attrs.frozen(kw_only=True)
class SuccessRate:
    """How many tasks of a model succeeded in an interval of about ten minutes."""

    start: datetime
    """When the interval begins."""

    end: datetime
    """When it ends. Intervals may overlap by a minute."""

    succeeded: float | None
    """How many of the tasks succeeded, in percent; None if there were none."""

    failed: float | None
    """How many of the tasks failed, in percent; None if there were none."""

    normal: bool | None
    """Whether the vendor finds the interval normal; None if it does not say."""


def models(ctx: Context, search: str = "", task_type: str = "", provider: str = "") -> Flow[list[VendorModel]]:
    """The models of the Market that match. Raises `ResultInvalid` if the answer contains no list."""
    for name, text in (("search", search), ("task_type", task_type), ("provider", provider)):
        of_kind(name, text, str, "text")
    call = list_models(task_type=task_type or None, provider=provider or None, q=search or None)
    answer = yield from typed(ctx, call)
    listed = answer.data.models if isinstance(answer.data, ModelList) else None
    if not isinstance(listed, list):
        raise ResultInvalid(None, "the answer contains no list of models", raw=answer.to_dict())
    return [_model(row) for row in listed if isinstance(row.model, str) and row.model.strip()]


def _model(row: ListedModel) -> VendorModel:
    return VendorModel(
        id=str(row.model).strip(),
        title=_text(row.title),
        provider=_text(row.provider),
        task_types=tuple(map(str, row.task_type)) if isinstance(row.task_type, list) else (),
        description=_text(row.description),
        price_text=_text(row.pricing_desc) or None,
    )


def schema(ctx: Context, model: str) -> Flow[JSONObject | None]:
    """The OpenAPI document of a model, unread; None if the vendor has none."""
    answer = yield from typed(ctx, get_model_schema(_id(model)))
    found: object = answer.data.openapi if isinstance(answer.data, ModelSchema) else None
    return cast("JSONObject", found) if isinstance(found, dict) else None


def price_text(ctx: Context, model: str) -> Flow[str | None]:
    """What a model costs, in the vendor's words; None if it says nothing."""
    answer = yield from typed(ctx, get_model_price(_id(model)))
    return _text(answer.data.pricing_desc) or None if isinstance(answer.data, ModelPrice) else None


def success_rate(ctx: Context, model: str) -> Flow[list[SuccessRate]]:
    """How many tasks of a model succeeded in the last 24 hours. Raises `ResultInvalid` if the answer cannot be read."""
    answer = yield from typed(ctx, get_model_success_rate(_id(model)))
    points = answer.data.points if isinstance(answer.data, ModelSuccess) else None
    if not isinstance(points, list):
        raise ResultInvalid(None, "the answer contains no intervals", raw=answer.to_dict())
    try:
        return [_interval(point) for point in points]
    except ValueError as error:
        raise ResultInvalid(None, f"an interval cannot be read ({error})", raw=answer.to_dict()) from error


def _interval(point: SuccessInterval) -> SuccessRate:
    return SuccessRate(
        start=_moment(point.start),
        end=_moment(point.end),
        succeeded=_percent(point.success_rate),
        failed=_percent(point.error_rate),
        normal=point.is_normal if isinstance(point.is_normal, bool) else None,
    )


def announcements(ctx: Context, page: int = 1, size: int = 20) -> Flow[list[JSONObject]]:
    """A page of the vendor's change log, numbered from 1. Raises `ConfigError` or `ResultInvalid`."""
    at_least("page", page)
    at_least("size", size)
    body = AnnouncementsRequest(language="en", page_num=page, page_size=size)
    answer = yield from typed(ctx, list_announcements(body=body))
    found = answer.data
    if isinstance(found, dict):
        found = next((value for value in found.values() if isinstance(value, list)), None)
    if not isinstance(found, list):
        raise ResultInvalid(None, "the answer contains no announcements", raw=answer.to_dict())
    return [cast("JSONObject", entry) for entry in found if isinstance(entry, dict)]


def _id(model: object) -> str:
    """Check an id before it goes into a path. Raises `ConfigError` for one that would change the path."""
    parts = model.split("/") if isinstance(model, str) else []
    usable = [part.strip() and part.isprintable() and part not in (".", "..") for part in parts]
    if not isinstance(model, str) or not all(usable):
        raise ConfigError(f"{model!r} is not the id of a model, such as 'wan/3-0-video'")
    return model


def _text(value: object) -> str:
    return value.strip() if isinstance(value, str) else ""


def _percent(value: object) -> float | None:
    return float(value) if isinstance(value, (int, float)) and not isinstance(value, bool) else None


def _moment(value: object) -> datetime:
    found = datetime.fromisoformat(value) if isinstance(value, str) else None
    if found is None:
        raise ValueError(f"{value!r} is not a time")
    return found if found.tzinfo else found.replace(tzinfo=UTC)
