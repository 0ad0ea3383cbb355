"""Core: request classes that are made of the vendor's schema while the program runs. May import only `_core`.

The compiler reads the schema as it does for `kie models add`, but without its extra dependencies.
"""

from __future__ import annotations

from collections.abc import Mapping
from importlib import import_module
from typing import TYPE_CHECKING, Any, ClassVar, Protocol, cast

import attrs

from kie._core import schema
from kie._core.errors import ConfigError
from kie._core.json import JSONObject
from kie._core.model_info import ModelInfo
from kie._core.request import Request, items
from kie._core.results import Result

if TYPE_CHECKING:
    from codegen import vendor


class Schemas(Protocol):
    def schema(self, model: str) -> JSONObject | None: ...


class HasSchemas(Protocol):
    """A client, as far as `catalog.load_vendor` needs it."""

    @property
    def vendor(self) -> Schemas:
        """What the vendor says of its models."""
        ...


class VendorRequest(Request[Result]):
    """Base of the classes that `catalog.load_vendor` makes.

    Raises:
        RequestInvalid: Fields are missing, unknown or break the vendor's schema; the error lists every fault.
    """

    __slots__ = ()

    _held: ClassVar[object]
    """The compiled model that the class was made from."""

    def __init__(self, **fields: object) -> None:
        raise TypeError("this is the base of the classes that kie.catalog.load_vendor makes: use one of those")

    def __reduce__(self) -> tuple[object, ...]:
        """Pickle the request with the schema of its class, which another process does not have."""
        return _restored, (self._held, {name: getattr(self, name) for name, _ in self.__kie_plan__()})

    def __repr__(self) -> str:
        return f"<{super().__repr__()} source={self.info.source!r}>"


def load(model: str, document: object, result: str | None) -> tuple[type[VendorRequest], dict[str, Any]]:
    """Make the class of a model, and its row for the catalog. Raises `ConfigError`."""
    if document is None:
        raise ConfigError(f"the vendor has no schema for {model}; RawRequest sends a request without one")
    if not isinstance(document, Mapping):
        close = getattr(document, "close", None)
        if close is not None:  # a coroutine that nobody will await
            close()
        raise ConfigError(f"what there is for {model} is not a schema but {type(document).__name__}; {_AWAITED}")
    compiler = import_module("kie_codegen.vendor")
    try:
        held: vendor.Dynamic = compiler.dynamic(dict(document), model, result)
    except compiler.CompileFailed as failure:
        raise ConfigError(f"the vendor's schema of {model} cannot be used: {failure}") from None
    return _class(held), held.row


def _class(held: vendor.Dynamic) -> type[VendorRequest]:
    """Make the class of a model. The same schema always gives the same class."""
    model = str(held.row["id"])
    known = _classes.get(model)
    if known is not None and known._held == held:
        return known
    schema.GIVEN["vendor", held.slug] = schema.Schema(held.document)
    required = held.document["required"]
    fields = {
        held.names[wire]: _field(wire, node, wire in required) for wire, node in held.document["properties"].items()
    }
    made = attrs.make_class(
        held.title, fields, bases=(VendorRequest,), frozen=True, kw_only=True, repr=False, slots=True
    )
    made.__module__ = __name__
    made.__doc__ = f"{held.document['description']}\n\nModel `{model}`, from the vendor's schema."
    cls = cast("type[VendorRequest]", made)
    cls.info = ModelInfo(slug=held.slug, package="vendor", model=model, result=held.row["result"], source="vendor")
    cls._held = held
    _classes[model] = cls
    return cls


_classes: dict[str, type[VendorRequest]] = {}


def _restored(held: vendor.Dynamic, fields: dict[str, object]) -> VendorRequest:
    """Restore a request from a pickle."""
    return _class(held)(**fields)


def _field(wire: str, node: JSONObject, required: bool) -> Any:
    """Make the attribute of a field."""
    default = attrs.NOTHING if required else None
    converter = _items if node.get("type") == "array" else None
    return attrs.field(default=default, converter=converter, metadata={"wire": wire})


def _items(value: Any) -> object:
    return None if value is None else items(value)


_AWAITED = "await the schema of an asynchronous client: load_vendor(id, await client.vendor.schema(id))"
