"""Simulator: writes the facts of a task where its lifecycle row reads them. The inverse of `_records.reading`.

May import `_core`, `_records`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from kie._core.json import JSON, JSONObject, reach
from kie._core.status import State
from kie._records.lifecycles import Condition, Lifecycle, States
from kie.simulator._messages import json_text


def words_for(states: States, state: State) -> list[str]:
    """Every word for a state: first the words that always mean it, in the order of the table, then those that may."""
    plain = [name for name, meant in states.items() if meant == state]
    maybe = [name for name, meant in states.items() if isinstance(meant, Condition) and _meant(meant) == state]
    return [name for name in (*plain, *maybe) if name != "absent"]


def word_for(states: States, state: State) -> str | None:
    """The service's word for a state; None if it has none."""
    return next(iter(words_for(states, state)), None)


def _meant(condition: Condition) -> State:
    """The state that a word with a condition means, for a task that succeeds or fails in the ordinary way."""
    return condition.then if condition.equals is None else condition.otherwise


def meet_condition(document: JSONObject, states: States, said: str | None) -> None:
    """Write a value where the condition of a word reads one, unless there is a value already."""
    condition = states.get(said if said is not None else "absent")
    if not isinstance(condition, Condition) or condition.equals is not None:
        return
    if not any(value for path in condition.where for value in reach(document, path)):
        put(document, condition.where[0], ["simulated"])


def typed(value: str) -> JSON:
    """A word of the table in the type that the service uses: digits as numbers, true and false as booleans."""
    if value in ("true", "false"):
        return value == "true"
    return int(value) if value.isascii() and value.isdigit() else value


def put(document: JSONObject, path: str, value: JSON) -> None:
    """Write a value at a pointer, creating its parents. A `*` spreads the items of a list value over list items."""
    _put(document, path.split("/")[1:], value)


def _put(node: JSON, steps: list[str], value: JSON) -> None:
    key, rest = steps[0], steps[1:]
    if key == "*":
        items = value if isinstance(value, list) else [value]
        if isinstance(node, list):
            node.extend({} for _ in range(len(items) - len(node)))
            for item, own in zip(node, items, strict=False):
                if own is not None:
                    _put(item, rest, own)
        return
    if not isinstance(node, dict):
        return
    if not rest:
        node[key] = value
        return
    empty: JSON = [] if rest[0] == "*" else {}
    if not isinstance(node.get(key), (dict, list)):
        node[key] = empty
    _put(node[key], rest, value)


def put_urls(document: JSONObject, pointers: tuple[str, ...], urls: list[JSON]) -> None:
    """Write the URLs of a result at the row's pointers: as a list if the name is a plural, otherwise one by one."""
    if not pointers:
        return
    first = pointers[0]
    if "*" in first or first.endswith("s"):
        put(document, first, list(urls))
    elif len(urls) == 1:
        put(document, first, urls[0])
    else:
        for path, url in zip(pointers, urls, strict=False):
            put(document, path, url)


def snake(value: JSON) -> JSON:
    """Convert every key to snake case, which many callbacks use."""
    if isinstance(value, list):
        return [snake(item) for item in value]
    if not isinstance(value, dict):
        return value
    return {re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", key).lower(): snake(item) for key, item in value.items()}


def put_result(document: JSONObject, row: Lifecycle, data: JSON, urls: list[JSON]) -> None:
    """Write a result into a record."""
    if row.data and data is not None:
        _merge(document, row.data[0], data)
    if urls or data is None:
        put_urls(document, row.urls, urls)


def callback_document(
    row: Lifecycle, task_id: str, state: State, record: JSONObject, data: JSON, urls: list[JSON]
) -> JSONObject:
    """The document of a callback: in the row's form for callbacks if it has one, otherwise the record itself."""
    callback = row.callback
    if not (callback.urls or callback.data or callback.state):
        document: JSONObject = {"data": dict(record)}
    else:
        document = {"data": {}}
        if callback.state and (said := word_for(callback.states, state)):
            put(document, callback.state[0], typed(said))
        if state == "succeeded":
            spelling = [*callback.urls, *callback.signs, *callback.data]
            spelt = snake(data) if any("_" in path for path in spelling) else data
            if callback.data and spelt is not None:
                _merge(document, callback.data[0], spelt)
            put_urls(document, callback.urls, urls)
    put(document, (callback.id or row.task_id)[0], task_id)
    return document


def _merge(document: JSONObject, path: str, value: JSON) -> None:
    """Write a value at a path. An object is merged with an object that is there already."""
    steps = path.split("/")[1:]
    node: JSON = document
    for key in steps:
        node = node.get(key) if isinstance(node, dict) else None
    if isinstance(node, dict) and isinstance(value, dict):
        node.update(value)
    else:
        put(document, path, value)


def encode_embedded(document: JSONObject, embedded: Iterable[str]) -> None:
    """Encode the parts of a record that the service holds as JSON text."""
    for path in embedded:
        steps = path.split("/")[1:]
        node: JSON = document
        for key in steps[:-1]:
            node = node.get(key) if isinstance(node, dict) else None
        if isinstance(node, dict) and isinstance(node.get(steps[-1]), (dict, list)):
            node[steps[-1]] = json_text(node[steps[-1]])
