"""Floor 2: what models there are, answered without importing a request class. May import `core`.

`catalog.get(id)` finds one, `catalog.models(...)` filters, `catalog.resolve(name)` reads what people type.
"""

from __future__ import annotations

import json
import pkgutil
from difflib import get_close_matches
from functools import cache
from importlib import import_module
from typing import TYPE_CHECKING, cast

import attrs

from kie.core import schema
from kie.core.errors import UnknownModel
from kie.core.json import JSON, JSONObject

if TYPE_CHECKING:
    from collections.abc import Mapping

    from kie.core.request import Request
    from kie.core.results import Result


@attrs.frozen(kw_only=True)
class Field:
    """One field of a model: what it takes, and within which bounds.

    `type` is the JSON type, `items` that of a list's elements. `media` says what the documentation knows of
    the media in the field.
    """

    name: str
    type: str
    description: str
    required: bool
    enum: tuple[JSON, ...] = ()
    default: JSON = None
    items: str | None = None
    min_length: int | None = None
    max_length: int | None = None
    min_items: int | None = None
    max_items: int | None = None
    minimum: float | None = None
    maximum: float | None = None
    deprecated: bool = False
    media: Mapping[str, JSON] | None = None
    reference: bool = False
    schema: Mapping[str, JSON] = attrs.field(factory=dict, repr=False)


@attrs.frozen(kw_only=True)
class Model:
    """One model of the catalog.

    `typical_seconds` says how long tasks took (`p50`, `p95`, `seen`), where that is known.
    """

    id: str
    class_name: str
    slug: str
    description: str
    provider: str
    categories: tuple[str, ...]
    status: str
    result: str
    lifecycle: str
    successors: tuple[str, ...] = ()
    typical_seconds: Mapping[str, float] | None = None

    def json_schema(self) -> JSONObject:
        """The JSON Schema of the model's input, with facts under `x-kie`."""
        return schema.load("kie_models", self.slug).document

    @property
    def request_class(self) -> type[Request[Result]]:
        """The request class, imported now."""
        return cast("type[Request[Result]]", getattr(import_module(f"kie_models.{self.slug}"), self.class_name))

    @property
    def fields(self) -> tuple[Field, ...]:
        """All fields, required ones first."""
        document = self.json_schema()
        facts = cast(JSONObject, document["x-kie"])
        media = cast("dict[str, JSONObject]", facts.get("media") or {})
        references = cast("dict[str, JSON]", facts.get("references") or {})
        required = cast("list[str]", document.get("required") or [])
        found = [
            _field(name, spec, name in required, media.get(name), name in references)
            for name, spec in cast("dict[str, JSONObject]", document["properties"]).items()
        ]
        return tuple(sorted(found, key=lambda field: not field.required))

    @property
    def required_fields(self) -> tuple[Field, ...]:
        return tuple(field for field in self.fields if field.required)

    @property
    def optional_fields(self) -> tuple[Field, ...]:
        return tuple(field for field in self.fields if not field.required)


_BOUNDS = {"minLength": "min_length", "maxLength": "max_length", "minItems": "min_items", "maxItems": "max_items"} | {
    "minimum": "minimum",
    "maximum": "maximum",
}


def _field(name: str, spec: JSONObject, required: bool, media: JSONObject | None, reference: bool) -> Field:
    items = spec.get("items")
    bounds = {attribute: spec[key] for key, attribute in _BOUNDS.items() if key in spec}
    options = cast("list[JSONObject]", spec.get("anyOf") or [])
    kind = spec.get("type") or " or ".join(str(option.get("type")) for option in options)
    return Field(
        name=name,
        type=str(kind),
        description=str(spec.get("description", "")),
        required=required,
        enum=tuple(
            cast("list[JSON]", spec.get("enum") or (items.get("enum") if isinstance(items, dict) else None) or [])
        ),
        default=spec.get("default"),
        items=str(items.get("type")) if isinstance(items, dict) else None,
        deprecated=bool(spec.get("deprecated")),
        media=media,
        reference=reference,
        schema=spec,
        **bounds,  # type: ignore[arg-type]
    )


@cache
def _index() -> dict[str, Model]:
    data = pkgutil.get_data("kie_models", "catalog.json") or b"[]"
    found = {}
    for entry in json.loads(data):
        entry["class_name"] = entry.pop("class")
        for key in ("categories", "successors"):
            entry[key] = tuple(entry[key])
        found[entry["id"]] = Model(**entry)
    return found


def find(model: str) -> Model | None:
    """The model with this id, or None."""
    return _index().get(model)


def get(model: str) -> Model:
    """The model with this id. Raises `UnknownModel`, with the nearest ids."""
    found = find(model)
    if found is None:
        raise UnknownModel(model, _nearest(model))
    return found


def resolve(name: str) -> Model:
    """The model that a person means: its id, its class name or its slug, in any case."""
    wanted = name.strip().lower()
    for model in _index().values():
        if wanted in (model.id.lower(), model.class_name.lower(), model.slug):
            return model
    raise UnknownModel(name, _nearest(name))


def _nearest(name: str) -> list[str]:
    ids = {model.lower(): model for model in _index()}
    close = get_close_matches(name.strip().lower(), ids, n=3, cutoff=0.5)
    inside = [key for key in ids if name and name.strip().lower() in key]
    return [ids[key] for key in dict.fromkeys([*inside[:3], *close])][:4]


def models(
    *, category: str | None = None, provider: str | None = None, search: str | None = None, status: str = "active"
) -> tuple[Model, ...]:
    """The models that match, in the order of their ids; active ones unless asked for others (`status="all"`).

    `search` looks for every word in id, provider, categories and description.
    """
    words = (search or "").lower().split()
    found = [
        model
        for model in _index().values()
        if status in ("all", model.status)
        and (category is None or category in model.categories)
        and (provider is None or provider.lower() == model.provider.lower())
        and all(word in _text(model) for word in words)
    ]
    return tuple(sorted(found, key=lambda model: model.id))


def _text(model: Model) -> str:
    return " ".join((model.id, model.class_name, model.provider, *model.categories, model.description)).lower()
