"""Catalog: lists the models without importing a request class. May import `_core`.

`catalog.get(id)` finds a model, `catalog.models(...)` filters, and `catalog.resolve(name)` reads what people type.

The values here are dataclasses, and most imports wait for their first use: reading the catalog costs less than `import
attrs` alone, which every request class needs.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import cache
from importlib import import_module
from types import ModuleType
from typing import TYPE_CHECKING, Any, Final, Literal, TypeAlias, cast, get_args

from kie._core import data
from kie._core.later import LaterGeneric, later

if TYPE_CHECKING:
    from kie._core.field_facts import FieldFacts
    from kie._core.json import JSON, JSONObject
    from kie._core.media_rules import MediaRule
    from kie._core.request import Request
    from kie._core.results import Result
    from kie._core.schema import Schema
    from kie._core.vendor_request import HasSchemas, VendorRequest
else:
    HasSchemas = later("kie._core.vendor_request", "HasSchemas")
    JSON = later("kie._core.json", "JSON")
    JSONObject = later("kie._core.json", "JSONObject")
    MediaRule = later("kie._core.media_rules", "MediaRule")
    Request = LaterGeneric("kie._core.request", "Request")
    Result = later("kie._core.results", "Result")
    VendorRequest = later("kie._core.vendor_request", "VendorRequest")

__all__ = [
    "IMAGE_EDIT",
    "IMAGE_TO_IMAGE",
    "IMAGE_TO_VIDEO",
    "TEXT_TO_IMAGE",
    "TEXT_TO_VIDEO",
    "UPSCALE",
    "VIDEO_TO_VIDEO",
    "Field",
    "Input",
    "Kind",
    "Model",
    "Shorthand",
    "Status",
    "find",
    "get",
    "load_vendor",
    "models",
    "register",
    "resolve",
    "shorthand",
]

Kind: TypeAlias = Literal["image", "video", "audio", "music", "json"]
"""What a model gives: files of one kind, or data (`json`)."""
Input: TypeAlias = Literal["image", "video", "audio"]
"""A kind of media that a model may take."""
Status: TypeAlias = Literal["active", "superseded", "undocumented", "retired", "all"]
"""Which models to list: those that the vendor documents, those that work but have another documented form, those that
only others document, withdrawn ones, or all."""

TEXT_TO_IMAGE: Final = "text-to-image"
IMAGE_TO_IMAGE: Final = "image-to-image"
IMAGE_EDIT: Final = "image-edit"
UPSCALE: Final = "upscale"
TEXT_TO_VIDEO: Final = "text-to-video"
IMAGE_TO_VIDEO: Final = "image-to-video"
VIDEO_TO_VIDEO: Final = "video-to-video"


@dataclass(frozen=True, kw_only=True, slots=True)
class Field:
    """One field of a model: what it takes, and within which bounds."""

    name: str
    """The name on the wire."""
    type: str
    """The JSON type, such as `string`; several are joined by `or`."""
    description: str
    """What the field means."""
    required: bool
    """Whether a request must have the field."""
    enum: tuple[JSON, ...] = ()
    """The permitted values, of the field or of each item of a list; empty if there is no closed list."""
    default: JSON = None
    """The value that is sent if the field is absent; None for none."""
    items: str | None = None
    """The JSON type of a list's items; None for a field that is not a list."""
    min_length: int | None = None
    """Least number of characters."""
    max_length: int | None = None
    """Largest number of characters."""
    min_items: int | None = None
    """Least number of items."""
    max_items: int | None = None
    """Largest number of items."""
    minimum: float | None = None
    """Smallest permitted number."""
    maximum: float | None = None
    """Largest permitted number."""
    deprecated: bool = False
    """Whether the vendor advises against the field."""
    media: MediaRule | None = None
    """What is known about the media that the field takes; None for a field without media."""
    reference: bool = False
    """Whether the field names an earlier task."""
    bounds: tuple[str, ...] = ()
    """The bounds of the value and of the media in it, in words, such as `at most 2 items`; `enum` is not repeated."""
    keys: tuple[Field, ...] = ()
    """The keys of the object that the field takes, or of each object in a list, required ones first."""
    schema: Mapping[str, JSON] = field(default_factory=dict, repr=False)
    """The JSON Schema of the field, in the form that the vendor documents."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Model:
    """One model of the catalog."""

    id: str
    """The id, such as `kling-3.0/video`."""
    class_name: str
    """The name of the request class in `kie.models`."""
    slug: str
    """The id as a Python name, such as `kling_3_0_video`."""
    description: str
    """What the model does."""
    provider: str
    """Who makes the model."""
    categories: tuple[str, ...]
    """What the model makes of what, such as `TEXT_TO_VIDEO`."""
    status: str
    """`active`, `superseded` (it works, and the vendor documents another form), `undocumented` or `retired`."""
    result: str
    """The kind of result that a task gives, such as `image` or `lyrics`."""
    kind: Kind
    """What the model gives. Its class is in the namespace of this name in `kie.models`, unless it gives data. Songs are
    `music`, not `audio`."""
    lifecycle: str
    """The family, which decides how a task is submitted and read: `jobs` for the Market."""
    accepts: tuple[str, ...] = ()
    """The kinds of media in the fields: `image`, `video`, `audio`, or `file` where the kind is not documented."""
    successors: tuple[str, ...] = ()
    """The ids of models that replace a retired or superseded one."""
    former_id: str | None = None
    """The id that the model had in this catalog until another model of the vendor took it; None if there was none."""
    typical_seconds: Mapping[str, float] | None = field(default=None, hash=False)
    """How long tasks took, in seconds: the median `p50`, the 95th percentile `p95`, and `seen`, the number of tasks.
    None if that is not known."""
    curated: bool = True
    """Whether a person read what the vendor says of the model. Models that `kie models add` wrote are not curated."""
    source: str = "kie"
    """Where the model comes from: `kie` for this package, the name of a registered package (`register`), or `vendor`
    for one that was loaded from the vendor's schema (`load_vendor`)."""
    preset: Mapping[str, JSON] = field(default_factory=dict, hash=False)
    """The fields set by the shorthand that found the model, by their names on the wire. `request_class` sets them."""

    def json_schema(self) -> JSONObject:
        """Load the JSON Schema of the model's input.

        Returns:
            The schema, with facts about the model under `x-kie`.
        """
        return self._schema.document

    @property
    def _schema(self) -> Schema:
        """What checks the input of the model, compiled now."""
        from kie._core import schema

        return schema.load(self._package, self.slug)

    @property
    def _package(self) -> str:
        """The package that holds the class and the schema."""
        return "kie_models" if self.source == "kie" else self.source

    @property
    def request_class(self) -> type[Request[Result]]:
        """The request class, imported now."""
        cls = _loaded[self.id][1] if self.source == "vendor" else self._imported()
        if not self.preset:
            return cls
        from kie._core.request import preset

        return preset(cls, self.preset)

    def _imported(self) -> type[Request[Result]]:
        return cast("type[Request[Result]]", getattr(import_module(f"{self._package}.{self.slug}"), self.class_name))

    @property
    def fields(self) -> tuple[Field, ...]:
        """All fields, required ones first."""
        from kie._core.field_facts import field_facts

        document = self.json_schema()
        words = cast("dict[str, list[str]]", cast("JSONObject", document["x-kie"])["bounds"])
        return _fields(document, field_facts(document), words)

    @property
    def required_fields(self) -> tuple[Field, ...]:
        """The fields that a request must have."""
        return tuple(each for each in self.fields if each.required)

    @property
    def optional_fields(self) -> tuple[Field, ...]:
        """The fields that a request may omit."""
        return tuple(each for each in self.fields if not each.required)


_BOUNDS = {"minLength": "min_length", "maxLength": "max_length", "minItems": "min_items", "maxItems": "max_items"} | {
    "minimum": "minimum",
    "maximum": "maximum",
}


def _fields(
    node: JSONObject, facts: Mapping[str, FieldFacts], words: Mapping[str, list[str]], above: str = ""
) -> tuple[Field, ...]:
    """The fields of an object, required ones first. `facts` and `words` are those of the model, by key."""
    from kie._core.field_facts import NO_FACTS
    from kie._core.schema import documented

    required = cast("list[str]", node.get("required") or [])
    found: list[Field] = []
    for name, packaged in cast("dict[str, JSONObject]", node.get("properties") or {}).items():
        spec = documented(packaged)
        key = f"{above}{name}"
        known = facts.get(key, NO_FACTS)
        items = documented(cast("JSONObject", spec["items"])) if "items" in spec else None
        options = cast("list[JSONObject]", spec.get("anyOf") or [])
        bounds = {attribute: spec[keyword] for keyword, attribute in _BOUNDS.items() if keyword in spec}
        made = Field(
            name=name,
            type=str(spec.get("type") or " or ".join(str(option.get("type")) for option in options)),
            description=str(spec.get("description", "")),
            required=name in required,
            enum=tuple(cast("list[JSON]", spec.get("enum") or (items or {}).get("enum") or [])),
            default=spec.get("default"),
            items=str(items.get("type")) if items is not None else None,
            deprecated=bool(spec.get("deprecated")),
            media=known.media,
            reference=bool(known.families),
            bounds=tuple(words.get(key, ())),
            keys=_fields(items or spec, facts, words, f"{key}."),
            schema=spec,
            **bounds,  # type: ignore[arg-type]
        )
        found.append(made)
    return tuple(sorted(found, key=lambda each: not each.required))


@dataclass(frozen=True, kw_only=True, slots=True)
class Shorthand:
    """A name that people use for a model although it is not its id."""

    name: str
    """The name."""
    means: tuple[str, ...]
    """The ids of the models that it can mean. `resolve` returns the first one."""
    note: str
    """What to know about the name."""
    fields: Mapping[str, JSON] = field(default_factory=dict, hash=False)
    """The fields that the name sets, by their names on the wire; empty if it only names a model."""

    def __str__(self) -> str:
        others = f" (or {', '.join(self.means[1:])})" if self.means[1:] else ""
        fields = "".join(f" with {name} {value}" for name, value in self.fields.items())
        return f"{self.name} is taken for {self.means[0]}{fields}{others}: {self.note}"


@cache
def _index() -> dict[str, Model]:
    """All models by id, in the order of their ids. Registered packages win over this one."""
    found = {model.id: model for model in _models(json.loads(data.read("kie_models", "catalog.json")), "kie")}
    for package, certain in _packages().items():
        own = {model.id: model for model in _own(package, certain=certain)}
        ours = (name for name in own if name in found and found[name].source == "kie")
        if replaced := [name for name in ours if (package, name) not in _noticed]:
            _noticed.update((package, name) for name in replaced)
            _warn(f"{package} replaces models of kie: {', '.join(replaced)}")
        found |= own
    for model, _ in _loaded.values():
        found.setdefault(model.id, model)
    return dict(sorted(found.items()))


_registered: list[str] = []
_noticed: set[tuple[str, str]] = set()
_loaded: dict[str, tuple[Model, type[VendorRequest]]] = {}


def _packages() -> dict[str, bool]:
    """The registered packages, and whether somebody named each on purpose. Of two with the same id the later wins."""
    from kie._core import own_packages

    named = dict.fromkeys((*own_packages.from_environment(), *_registered), True)
    return {**dict.fromkeys((each for each in own_packages.from_entry_points() if each not in named), False), **named}


def _own(package: str, *, certain: bool) -> list[Model]:
    """The models of a registered package. One that only its installation names is left out if it is unusable."""
    from kie._core import own_packages
    from kie._core.errors import ConfigError

    try:
        return list(_models(own_packages.rows(package), package))
    except ConfigError as error:
        if certain:
            raise
        _warn(f"{error.message}; it was left out")
        return []


def _warn(text: str) -> None:
    import warnings

    warnings.warn(text, UserWarning, stacklevel=2)


def _models(rows: list[dict[str, Any]], source: str) -> Iterator[Model]:
    """The models of a catalog's rows."""
    for row in rows:
        entry = dict(row)
        entry["class_name"] = entry.pop("class")
        for key in ("categories", "successors", "accepts"):
            entry[key] = tuple(entry[key])
        yield Model(**entry, source=source)


@cache
def _shorthand() -> dict[str, Shorthand]:
    rows = json.loads(data.read("kie_models", "shorthand.json"))
    return {
        name.lower(): Shorthand(
            name=name,
            means=tuple(row["means"]),
            note=" ".join(row["note"].split()),
            fields=row.get("fields") or {},
        )
        for name, row in rows.items()
    }


def register(package: str | ModuleType) -> None:
    """Add the models of a package that `kie models add` wrote to the catalog of this process.

    Installed packages register themselves by an entry point of the group `kie.models`, and `KIE_MODELS` names others. A
    model of a registered package takes precedence over one of this package; a `UserWarning` says so once.

    Args:
        package: The package, or its name: `myapp.models`.

    Raises:
        ConfigError: It cannot be imported, contains no models, or was written in another format.
    """
    from kie._core import own_packages

    name = package if isinstance(package, str) else package.__name__
    own_packages.rows(name)
    if name not in _registered:
        _registered.append(name)
    _index.cache_clear()


def load_vendor(
    model: str, source: HasSchemas | Mapping[str, JSON], *, result: str | None = None
) -> type[VendorRequest]:
    """Make a request class from what the vendor documents today, for a model that no package has.

    The class checks requests against the vendor's schema only. It is not typed; `kie models add` writes one that is. If
    the catalog does not know the model, it is added for this process.

    Args:
        model: The id on the wire, such as `wan/3-0-video`.
        source: A client, whose `vendor.schema` is called, or the OpenAPI document that it returned.
        result: The kind of result, such as `image`; guessed if absent.

    Returns:
        The class. Its fields are keyword arguments; `inspect.signature` shows them.

    Raises:
        ConfigError: The vendor has no schema for the model, or it cannot be read.
        ApiError: The service refused.
        TransportFailed: No answer came.
    """
    from kie._core.vendor_request import load

    vendor = getattr(source, "vendor", None)
    document = source if vendor is None else vendor.schema(model)
    cls, row = load(model, document, result)
    (entry,) = _models([row], "vendor")
    _loaded[model] = (entry, cls)
    _index.cache_clear()
    return cls


def find(model: str) -> Model | None:
    """Find a model.

    Args:
        model: The exact id.

    Returns:
        The model; None if no model has this id.
    """
    return _index().get(model)


def get(model: str) -> Model:
    """Get a model.

    Args:
        model: The exact id.

    Returns:
        The model.

    Raises:
        ConfigError: The id is not text.
        UnknownModel: No model has this id; `nearest` lists similar ids.
    """
    _check_text("model", model)
    found = find(model)
    if found is None:
        from kie._core.errors import UnknownModel

        raise UnknownModel(model, _nearest(model))
    return found


def shorthand(name: str) -> Shorthand | None:
    """Look up a name that people use for a model although it is not its id.

    Args:
        name: The name, in any case.

    Returns:
        What the name stands for; None if it is not known.
    """
    return _shorthand().get(name.strip().lower())


def resolve(name: str) -> Model:
    """Get the model that a person means.

    Args:
        name: An id, a class name, a slug or a shorthand, in any case. A shorthand gives the first model that it can
            mean, with the fields that it sets (`Model.preset`), and a `UserWarning` that says so.

    Returns:
        The model.

    Raises:
        ConfigError: The name is not text.
        UnknownModel: No model has this name; `nearest` lists similar ids.
    """
    _check_text("name", name)
    wanted = name.strip().lower()
    for model in _index().values():
        if wanted in (model.id.lower(), model.class_name.lower(), model.slug):
            return model
    short = shorthand(name)
    if short is None:
        from kie._core.errors import UnknownModel

        raise UnknownModel(name, _nearest(name))
    import warnings

    warnings.warn(str(short), UserWarning, stacklevel=2)
    found = get(short.means[0])
    return replace(found, preset=short.fields) if short.fields else found


def _nearest(name: str) -> list[str]:
    """The ids that resemble a name."""
    from difflib import get_close_matches

    wanted = name.strip().lower()
    ids = {model.lower(): model for model in _index()}
    close = get_close_matches(wanted, ids, n=3, cutoff=0.5)
    inside = [key for key in ids if wanted and wanted in key]
    return [ids[key] for key in dict.fromkeys([*inside[:3], *close])][:4]


def models(
    *,
    category: str | None = None,
    provider: str | None = None,
    kind: Kind | None = None,
    status: Status | None = None,
    accepts: Input | None = None,
    search: str | None = None,
) -> tuple[Model, ...]:
    """List the models that match every argument.

    Args:
        category: One of the model's categories, such as `TEXT_TO_VIDEO`.
        provider: Who makes the model, in any case.
        kind: What the model gives. Speech and sounds are `audio`, songs are `music`.
        status: `active`, `superseded`, `undocumented`, `retired` or `all`; without it, active and superseded ones.
        accepts: A kind of media that at least one of the model's fields takes.
        search: Words, each of which occurs in the id, class name, provider, categories or description.

    Returns:
        The models, in the order of their ids.

    Raises:
        ConfigError: An argument is not text, or not one of the permitted values.
    """
    given: Mapping[str, object] = {"category": category, "provider": provider, "search": search}
    for name, value in given.items():
        if value is not None:
            _check_text(name, value)
    choices: Mapping[str, tuple[object, object]] = {
        "kind": (Kind, kind),
        "status": (Status, status),
        "accepts": (Input, accepts),
    }
    for name, (known, chosen) in choices.items():
        if chosen is not None and chosen not in get_args(known):
            from kie._core.errors import ConfigError

            raise ConfigError(f"{name} must be one of {', '.join(get_args(known))}, not {chosen!r:.80}")
    words = (search or "").lower().split()
    wanted = provider.lower() if provider is not None else None
    return tuple(
        model
        for model in _index().values()
        if (model.status in ("active", "superseded") if status is None else status in ("all", model.status))
        and (category is None or category in model.categories)
        and (wanted is None or wanted == model.provider.lower())
        and (kind is None or kind == model.kind)
        and (accepts is None or accepts in model.accepts)
        and all(word in _text(model) for word in words)
    )


def _check_text(name: str, value: object) -> None:
    if not isinstance(value, str):
        from kie._core.errors import ConfigError

        raise ConfigError(f"{name} must be text, not {value!r:.80}")


def _text(model: Model) -> str:
    return " ".join((model.id, model.class_name, model.provider, *model.categories, model.description)).lower()
