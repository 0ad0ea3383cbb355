"""Core: request classes as pydantic fields. May import only `_core`, and pydantic, which calls this module.

Pydantic validates the input of a model: a request, or an object with its fields by their wire or Python names. Every
fault becomes a separate error at its place.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, cast

from kie._core import paths
from kie._core.errors import RequestInvalid
from kie._core.json import JSON, JSONObject
from kie._core.model_info import ModelInfo
from kie._core.schema import documented

if TYPE_CHECKING:
    from pydantic_core import CoreSchema

    from kie._core.request import Request


def core_schema(cls: type[Request[Any]]) -> CoreSchema:
    """How pydantic validates and serialises requests of a class."""
    from pydantic_core import core_schema as made

    if not isinstance(cast("object", cls.info if hasattr(cls, "info") else None), ModelInfo):
        return made.is_instance_schema(cls)

    def validate(value: object) -> Request[Any]:
        if isinstance(value, cls):
            return value
        return _validated(cls, value)

    def serialise(request: Request[Any]) -> JSONObject:
        request.to_wire()  # raises the error about local media, if there are any
        return request._encode()[0]

    return made.no_info_plain_validator_function(
        validate,
        metadata={"pydantic_js_functions": [lambda _schema, _handler: json_schema(cls)]},
        serialization=made.plain_serializer_function_ser_schema(serialise),
    )


def _validated(cls: type[Request[Any]], value: object) -> Request[Any]:
    from pydantic_core import InitErrorDetails, PydanticCustomError, ValidationError

    if not isinstance(value, Mapping):
        raise PydanticCustomError(
            "request_type", "Input should be an object with the fields of {name}", {"name": cls.__name__}
        )
    names = {wire: name for name, wire in cls.__kie_plan__()}
    try:
        return cls(**{names.get(str(name), str(name)): item for name, item in value.items()})
    except RequestInvalid as error:
        details = [
            InitErrorDetails(
                type=PydanticCustomError(cast("Any", issue.rule), "{reason}", {"reason": issue.message}),
                loc=_place(paths.parse(issue.path), value, names),
                input=_at(value, paths.parse(issue.path), names),
            )
            for issue in error.issues
        ]
        raise ValidationError.from_exception_data(cls.__name__, details) from None


def _place(path: paths.Path, value: Mapping[str, object], names: Mapping[str, str]) -> paths.Path:
    """A place, with the field names that the caller used."""
    if path and isinstance(path[0], str) and path[0] not in value and names.get(path[0], path[0]) in value:
        return (names[path[0]], *path[1:])
    return path


def _at(value: object, path: paths.Path, names: Mapping[str, str]) -> object:
    """The value at a place; the whole value if something on the way is missing."""
    for step in path:
        if isinstance(value, Mapping):
            found = value.get(step, value.get(names.get(str(step), str(step)), value))
        elif isinstance(value, (list, tuple)) and isinstance(step, int) and step < len(value):
            found = value[step]
        else:
            return value
        value = found
    return value


def json_schema(cls: type[Request[Any]]) -> dict[str, Any]:
    """The JSON Schema of a model's input in the documented form, for OpenAPI."""
    schema = cls.info.schema
    if schema is None:
        return {"type": "object", "title": cls.__name__}
    found = cast("dict[str, Any]", _plain(documented(schema.document)))
    return {**found, "title": cls.__name__}


def _plain(node: JSON) -> JSON:
    """A schema without the keywords of this package, and with the documented form of each field."""
    if isinstance(node, list):
        return [_plain(item) for item in node]
    if not isinstance(node, dict):
        return node
    kept = {
        name: item for name, item in documented(node).items() if name[:5] != "x-kie" and name not in ("$id", "$schema")
    }
    found: JSONObject = {}
    for name, item in kept.items():
        if name == "properties" and isinstance(item, dict):
            found[name] = {key: _plain(field) for key, field in item.items()}
        elif name in ("enum", "const", "default", "examples", "required"):
            found[name] = item
        else:
            found[name] = _plain(item)
    return found
