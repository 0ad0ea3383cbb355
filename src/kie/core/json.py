"""Floor 1: the type of a JSON value. May import nothing of ours."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from typing import TypeAlias

JSON: TypeAlias = "bool | int | float | str | list[JSON] | dict[str, JSON] | None"
"""Any value that a JSON document can hold."""

JSONObject: TypeAlias = "dict[str, JSON]"


@lru_cache(maxsize=1024)
def _steps(path: str) -> tuple[str, ...]:
    return tuple(part.replace("~1", "/").replace("~0", "~") for part in path.split("/")[1:])


def pointer(document: JSON, path: str) -> JSON:
    """Return what a JSON Pointer points at, or None where any step is missing.

    JSON that arrives as text inside a string (as `resultJson` does) has to be decoded first; see
    `kie.flows.reading`.
    """
    value = document
    for key in _steps(path):
        if isinstance(value, dict):
            value = value.get(key)
        elif isinstance(value, list) and key.isdigit() and int(key) < len(value):
            value = value[int(key)]
        else:
            return None
    return value


def reach(document: JSON, path: str) -> Iterator[JSON]:
    """Everything that a pointer finds, in order; in it `*` stands for every item of a list or value of an object."""
    yield from _reach(document, _steps(path))


def _reach(value: JSON, steps: tuple[str, ...]) -> Iterator[JSON]:
    for place, key in enumerate(steps):
        if key == "*":
            items = value if isinstance(value, list) else value.values() if isinstance(value, dict) else ()
            for item in items:
                yield from _reach(item, steps[place + 1 :])
            return
        if isinstance(value, dict) and key in value:
            value = value[key]
        elif isinstance(value, list) and key.isdigit() and int(key) < len(value):
            value = value[int(key)]
        else:
            return
    yield value
