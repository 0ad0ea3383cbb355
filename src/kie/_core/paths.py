"""Core: writes, reads and follows places in a request, and replaces values there. May import nothing of ours.

A place is a path of steps from the model's input down: wire names, and positions in lists, from 0. Messages show it as
`dialogue[0].voice`. The facts of a field are stored under its key, which is the path without positions:
`dialogue.voice`. An ambiguous name is quoted: `["a.b"][0]`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import lru_cache
from typing import Any, TypeAlias, cast

import attrs

Path: TypeAlias = tuple[str | int, ...]
"""The steps to a place. `()` is the request as a whole."""

# `re` compiles and caches these on first use: request classes load without it
_BARE = r"[^.\[\]\"]+"
_STEP = r"""\[(?P<position>\d+)\]|\[(?P<quoted>"(?:[^"\\]|\\.)*")\]|(?P<dot>\.?)(?P<bare>[^.\[\]"]+)"""


def render(path: Path) -> str:
    """Write a path as people read it. `parse` reads it back."""
    import json

    text = "".join(
        f"[{step}]" if isinstance(step, int) else f".{step}" if re.fullmatch(_BARE, step) else f"[{json.dumps(step)}]"
        for step in path
    )
    return text.removeprefix(".")


@lru_cache(maxsize=1024)
def parse(text: str) -> Path:
    """Read what `render` writes. Any other text is the name of one field."""
    import json

    match = re.compile(_STEP).match
    steps: list[str | int] = []
    at = 0
    while at < len(text):
        step = match(text, at)
        if step is None or (step["bare"] is not None and bool(step["dot"]) != bool(at)):
            return (text,)
        if step["position"] is not None:
            steps.append(int(step["position"]))
        else:
            steps.append(step["bare"] if step["quoted"] is None else json.loads(step["quoted"]))
        at = step.end()
    return tuple(steps)


def key(path: Path) -> str:
    """The key of the field at a path, without positions: `dialogue.voice`."""
    return ".".join([step for step in path if isinstance(step, str)])


def renamed(path: Path, names: Mapping[str, str]) -> Path:
    """The path with other names for some of its fields.

    Args:
        path: A path of wire names.
        names: The new name of a field by its key.
    """
    return tuple(
        names.get(key(path[: index + 1]), step) if isinstance(step, str) else step for index, step in enumerate(path)
    )


def reach(value: object, wanted: str) -> Iterator[object]:
    """Yield all values at a key in a request or a body, in order, through every item of lists on the way.

    Absent and null values are left out. A list at the end is yielded as one value.
    """
    name, _, rest = wanted.partition(".")
    if isinstance(value, (list, tuple)):
        for item in value:
            yield from reach(item, wanted)
        return
    found = dict(_children(value)).get(name)
    if found is None:
        return
    if rest:
        yield from reach(found, rest)
    else:
        yield found


def replaced(value: object, changes: Mapping[str, object], path: Path = ()) -> object:
    """Replace values at some places in a value: in lists, mappings, requests and their parts.

    Args:
        value: A request, a part of one, or a JSON value. It is not changed.
        changes: The new values by the rendered path of their place.
        path: The path of the value itself.
    """
    shown = render(path)
    if path and shown in changes:
        return changes[shown]
    if isinstance(value, (list, tuple)):
        items = [replaced(item, changes, (*path, index)) for index, item in enumerate(value)]
        return items if isinstance(value, list) else tuple(items)
    if isinstance(value, Mapping):
        return {name: replaced(item, changes, (*path, str(name))) for name, item in value.items()}
    plan = _plan(value)
    if plan:
        values = {name: (wire, item) for name, wire in plan if (item := getattr(value, name)) is not None}
        record = cast(Any, value)  # only its subclasses are attrs classes, which type checkers cannot see
        return attrs.evolve(
            record, **{name: replaced(item, changes, (*path, wire)) for name, (wire, item) in values.items()}
        )
    return value


def _children(value: object) -> Iterator[tuple[str, object]]:
    """Yield the named values inside a value, by their names on the wire."""
    if isinstance(value, Mapping):
        yield from value.items()
    else:
        for name, wire in _plan(value):
            yield wire, getattr(value, name)


def _plan(value: object) -> tuple[tuple[str, str], ...]:
    """The (attribute, wire name) pairs of a request or a part; empty for other values."""
    plan = getattr(type(value), "__kie_plan__", None)
    return plan() if plan is not None else ()
