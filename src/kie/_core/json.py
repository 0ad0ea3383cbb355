"""Core: the type of a JSON value. May import nothing of ours."""

from __future__ import annotations

from functools import cache, lru_cache
from typing import TYPE_CHECKING, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Callable

    JSON: TypeAlias = bool | int | float | str | list["JSON"] | dict[str, "JSON"] | None
    """Any value that a JSON document can hold."""
else:  # a value that knows no name: `typing.get_type_hints` evaluates annotations where `JSON` may not be imported
    JSON = bool | int | float | str | list | dict | None

JSONObject: TypeAlias = dict[str, JSON]


@cache
def _decoder() -> Callable[[str], JSON]:
    """Python's decoder, imported when it is first needed: request classes load without it."""
    from json import JSONDecoder

    return JSONDecoder().decode


def decode(body: bytes) -> JSON:
    """Read JSON. Raises ValueError for anything else, whatever the bytes."""
    try:
        value = _decoder()(body.decode())
    except RecursionError:
        raise ValueError("nested too deeply") from None
    return value


@lru_cache(maxsize=1024)
def _steps(path: str) -> tuple[str, ...]:
    return tuple(part.replace("~1", "/").replace("~0", "~") for part in path.split("/")[1:])


def pointer(document: JSON, path: str) -> JSON:
    """Return what a JSON Pointer points at, or None where any step is missing.

    JSON that arrives as text inside a string (as `resultJson` does) has to be decoded first; see
    `kie._records.reading`.
    """
    return next(iter(reach(document, path)), None)


def reach(document: JSON, path: str) -> list[JSON]:
    """Everything that a pointer finds, in order; in it `*` stands for every item of a list or value of an object."""
    value = document
    for key in _steps(path):
        if key == "*":
            items = value if isinstance(value, list) else value.values() if isinstance(value, dict) else ()
            rest = path.split("/*", 1)[1]
            return [found for item in items for found in reach(item, rest)]
        if isinstance(value, dict) and key in value:
            value = value[key]
        elif isinstance(value, list) and key.isdigit() and int(key) < len(value):
            value = value[int(key)]
        else:
            return []
    return [value]
