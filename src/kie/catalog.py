"""Floor 2: what models there are, answered without importing a request class. May import `core`.

`catalog.get(id)` finds one, `catalog.models(...)` filters, `catalog.resolve(name)` reads what people type.

The values here are dataclasses, and most imports wait for their first use: looking around costs less than `import
attrs` alone, which every request class needs.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from functools import cache
from importlib import import_module
from typing import TYPE_CHECKING, Final, Literal, TypeAlias, cast

from kie._core import data

if TYPE_CHECKING:
    from collections.abc import Mapping

    from kie._core.field_facts import FieldFacts
    from kie._core.json import JSON, JSONObject
    from kie._core.media_rules import MediaRule
    from kie._core.request import Request
    from kie._core.results import Result

Kind: TypeAlias = Literal["image", "video", "audio", "music", "json"]
"""What a model gives: files of one kind, or data (`json`)."""
Input: TypeAlias = Literal["image", "video", "audio"]
"""The media that a model may take."""
Status: TypeAlias = Literal["active", "undocumented", "retired", "all"]

TEXT_TO_IMAGE: Final = "text-to-image"
IMAGE_TO_IMAGE: Final = "image-to-image"
IMAGE_EDIT: Final = "image-edit"
UPSCALE: Final = "upscale"
TEXT_TO_VIDEO: Final = "text-to-video"
IMAGE_TO_VIDEO: Final = "image-to-video"
VIDEO_TO_VIDEO: Final = "video-to-video"


@dataclass(frozen=True, kw_only=True, slots=True)
class Field:
    """One field of a model: what it takes, and within which bounds.

    `name` is the name on the wire, `type` the JSON type, `items` that of a list's elements. `media` says what the
    documentation knows of the media in the field.
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
    media: MediaRule | None = None
    reference: bool = False
    schema: Mapping[str, JSON] = field(default_factory=dict, repr=False)


@dataclass(frozen=True, kw_only=True, slots=True)
class Model:
    """One model of the catalog.

    `kind` is what it gives: the namespace of `kie.models` that its class is in (songs are `music`, not `audio`).
    `accepts` are the kinds of media in its fields (image, video, audio, or file where nobody says of which kind).
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
    kind: Kind
    lifecycle: str
    accepts: tuple[str, ...] = ()
    successors: tuple[str, ...] = ()
    typical_seconds: Mapping[str, float] | None = field(default=None, hash=False)

    def json_schema(self) -> JSONObject:
        """The JSON Schema of the model's input, with facts under `x-kie`."""
        from kie._core import schema

        return schema.load("kie_models", self.slug).document

    @property
    def request_class(self) -> type[Request[Result]]:
        """The request class, imported now."""
        return cast("type[Request[Result]]", getattr(import_module(f"kie_models.{self.slug}"), self.class_name))

    @property
    def fields(self) -> tuple[Field, ...]:
        """All fields, required ones first."""
        from kie._core.field_facts import NO_FACTS, field_facts

        document = self.json_schema()
        facts = field_facts(document)
        required = cast("list[str]", document.get("required") or [])
        found = [
            _field(name, spec, name in required, facts.get(name, NO_FACTS))
            for name, spec in cast("dict[str, JSONObject]", document["properties"]).items()
        ]
        return tuple(sorted(found, key=lambda each: not each.required))

    @property
    def required_fields(self) -> tuple[Field, ...]:
        return tuple(each for each in self.fields if each.required)

    @property
    def optional_fields(self) -> tuple[Field, ...]:
        return tuple(each for each in self.fields if not each.required)


_BOUNDS = {"minLength": "min_length", "maxLength": "max_length", "minItems": "min_items", "maxItems": "max_items"} | {
    "minimum": "minimum",
    "maximum": "maximum",
}


def _field(name: str, spec: JSONObject, required: bool, facts: FieldFacts) -> Field:
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
        media=facts.media,
        reference=bool(facts.families),
        schema=spec,
        **bounds,  # type: ignore[arg-type]
    )


@dataclass(frozen=True, kw_only=True, slots=True)
class Shorthand:
    """A name that is no model's id but has been used for one: which models it can mean, and what to know about it."""

    name: str
    means: tuple[str, ...]
    note: str

    def __str__(self) -> str:
        others = f" (or {', '.join(self.means[1:])})" if self.means[1:] else ""
        return f"{self.name} is taken for {self.means[0]}{others}: {self.note}"


@cache
def _index() -> dict[str, Model]:
    """All models by id, in the order of their ids."""
    found = {}
    for entry in sorted(json.loads(data.read("kie_models", "catalog.json")), key=lambda entry: str(entry["id"])):
        entry["class_name"] = entry.pop("class")
        for key in ("categories", "successors", "accepts"):
            entry[key] = tuple(entry[key])
        found[entry["id"]] = Model(**entry)
    return found


@cache
def _shorthand() -> dict[str, Shorthand]:
    rows = json.loads(data.read("kie_models", "shorthand.json"))
    return {
        name.lower(): Shorthand(name=name, means=tuple(row["means"]), note=" ".join(row["note"].split()))
        for name, row in rows.items()
    }


def find(model: str) -> Model | None:
    """The model with this id, or None."""
    return _index().get(model)


def get(model: str) -> Model:
    """The model with this id. Raises `UnknownModel`, with the nearest ids."""
    found = find(model)
    if found is None:
        raise _unknown(model)
    return found


def shorthand(name: str) -> Shorthand | None:
    """What a name stands for that is no model's id, in any case; None if nobody is known to use it."""
    return _shorthand().get(name.strip().lower())


def resolve(name: str) -> Model:
    """The model that a person means: its id, its class name, its slug, or a shorthand for it, in any case.

    A shorthand gives the first model that it can mean, with a `UserWarning` that says so: never silently. Raises
    `UnknownModel`, with the nearest ids.
    """
    wanted = name.strip().lower()
    for model in _index().values():
        if wanted in (model.id.lower(), model.class_name.lower(), model.slug):
            return model
    short = shorthand(name)
    if short is None:
        raise _unknown(name)
    import warnings

    warnings.warn(str(short), UserWarning, stacklevel=2)
    return get(short.means[0])


def _unknown(name: str) -> Exception:
    from difflib import get_close_matches

    from kie._core.errors import UnknownModel

    wanted = name.strip().lower()
    ids = {model.lower(): model for model in _index()}
    close = get_close_matches(wanted, ids, n=3, cutoff=0.5)
    inside = [key for key in ids if wanted and wanted in key]
    return UnknownModel(name, [ids[key] for key in dict.fromkeys([*inside[:3], *close])][:4])


def models(
    *,
    category: str | None = None,
    provider: str | None = None,
    kind: Kind | None = None,
    status: Status = "active",
    accepts: Input | None = None,
    search: str | None = None,
) -> tuple[Model, ...]:
    """The models that match, in the order of their ids; active ones unless asked for others (`status="all"`).

    Args:
        category: One of the model's categories, such as `TEXT_TO_VIDEO`.
        provider: Who makes the model, in any case.
        kind: What it gives. Speech and sounds are `audio`, songs are `music`.
        status: `active`, `undocumented`, `retired` or `all`.
        accepts: A kind of media that at least one of its fields takes.
        search: Words, each of which occurs in id, class name, provider, categories or description.
    """
    words = (search or "").lower().split()
    wanted = provider.lower() if provider is not None else None
    return tuple(
        model
        for model in _index().values()
        if status in ("all", model.status)
        and (category is None or category in model.categories)
        and (wanted is None or wanted == model.provider.lower())
        and (kind is None or kind == model.kind)
        and (accepts is None or accepts in model.accepts)
        and all(word in _text(model) for word in words)
    )


def all_models() -> tuple[Model, ...]:
    """Every active model."""
    return models()


def image_models() -> tuple[Model, ...]:
    """The active models that give images."""
    return models(kind="image")


def video_models() -> tuple[Model, ...]:
    """The active models that give videos."""
    return models(kind="video")


def audio_models() -> tuple[Model, ...]:
    """The active models that give speech or sounds. Music is a kind of its own: `models(kind="music")`."""
    return models(kind="audio")


def _text(model: Model) -> str:
    return " ".join((model.id, model.class_name, model.provider, *model.categories, model.description)).lower()
