"""Core: JSON: the type of values, reading documents at a bounded cost, and looking up places in them.

May import nothing of ours.
"""

from __future__ import annotations

from functools import cache, lru_cache
from itertools import accumulate
from math import isfinite
from typing import TYPE_CHECKING, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Callable

    JSON: TypeAlias = bool | int | float | str | list["JSON"] | dict[str, "JSON"] | None
    """Any value that a JSON document can hold."""
else:  # without names: `typing.get_type_hints` evaluates annotations where `JSON` may not be imported
    JSON = bool | int | float | str | list | dict | None

JSONObject: TypeAlias = dict[str, JSON]


class RepeatedName(ValueError):
    """An object has two values under one name. A reader would silently take the last."""


def _named_once(pairs: list[tuple[str, JSON]]) -> JSONObject:
    found = dict(pairs)
    if len(found) < len(pairs):
        names = [name for name, _ in pairs]
        raise RepeatedName(f"names {next(name for name in names if names.count(name) > 1)!r:.80} twice")
    return found


@cache
def _decoder(*, strict: bool) -> Callable[[str], tuple[JSON, int]]:
    """Make Python's decoder. It is imported late, because request classes load without it."""
    from json import JSONDecoder

    return JSONDecoder(object_pairs_hook=_named_once if strict else None).raw_decode


MOST_VALUES = 500_000
"""The most values read from a document. Each costs about a hundred bytes of memory."""

DEEPEST = 64
"""The deepest nesting read from a document, so that recursive code can walk through it safely."""

_BLANKS = " \t\n\r"
"""JSON's white space."""

_UNESCAPED = ((b"\\\\", b""), (b'\\"', b""))
_NO_BRACKETS = bytes(set(range(256)) - set(b"[]{}"))
_STEPS = {ord("["): 1, ord("{"): 1, ord("]"): -1, ord("}"): -1}


def decode(body: bytes, most: int = MOST_VALUES, *, strict: bool = False) -> JSON:
    """Read JSON, at a bounded cost.

    Args:
        body: The document in UTF-8.
        most: How many values it may have.
        strict: Whether to refuse objects with two values under one name, as in documents that people write.

    Returns:
        The document.

    Raises:
        RepeatedName: `strict` is set, and an object has two values under one name.
        ValueError: It is not JSON, has too many values, or is nested too deeply. No bytes raise anything else.
    """
    opened = body.count(b"[") + body.count(b"{")
    if len(body) > most and opened + body.count(b",") > most:
        raise ValueError(f"more than {most:,} values")
    if opened > DEEPEST and _depth(body) > DEEPEST:
        raise ValueError(f"nested more than {DEEPEST} levels deep")
    text = body.decode().strip(_BLANKS)
    try:
        document, end = _decoder(strict=strict)(text)
    except RecursionError:
        raise ValueError("nested too deeply") from None
    if end != len(text):
        raise ValueError(f"it continues after the document, which ends at character {end}")
    return document


def decode_foreign(body: bytes, most: int = MOST_VALUES) -> JSON:
    """Read JSON from a server, like `decode`. Halves of surrogate pairs, which are not valid text, are replaced."""
    document = decode(body, most)
    return well_formed(document) if b"\\ud" in body or b"\\uD" in body else document


def in_utf8(body: bytes) -> bytes:
    """Convert an answer to UTF-8 without a BOM. UTF-16 and UTF-32 are recognised by their BOM, or by zero bytes."""
    if body.startswith(b"\xef\xbb\xbf"):
        return body[3:]
    if b"\0" not in body[:4]:
        return body
    from json import detect_encoding

    return body.decode(detect_encoding(body), "replace").encode()


def decode_answer(body: bytes) -> JSON:
    """Read JSON in an answer like `decode_foreign`, but tolerate invalid bytes: a bad message must not lose the id."""
    body = in_utf8(body)
    try:
        return decode_foreign(body)
    except UnicodeDecodeError:
        return decode_foreign(body.decode("utf-8", "replace").encode())


MOST_LEADING = 64 * 1024
"""The number of bytes that `leading` searches."""


def leading(body: bytes) -> JSON:
    """The first object in an answer that is not a valid document, for example because of text before or after it.

    Returns:
        The object; None if there is no complete one.
    """
    text = in_utf8(body)[:MOST_LEADING].decode("utf-8", "replace")
    start = text.find("{")
    if start < 0 or _depth(text[start:].encode()) > DEEPEST:
        return None
    try:
        return well_formed(_decoder(strict=False)(text[start:])[0])
    except (ValueError, RecursionError):
        return None


def well_formed(value: JSON) -> JSON:
    """Make all texts of a value encodable, by replacing halves of surrogate pairs."""
    if isinstance(value, str):
        return value.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    if isinstance(value, list):
        return [well_formed(item) for item in value]
    if isinstance(value, dict):
        return {str(well_formed(key)): well_formed(item) for key, item in value.items()}
    return value


def finite(value: JSON) -> JSON:
    """Make a value valid JSON. Python also reads `NaN` and `1e999`, and writes them in a form that others reject.

    Args:
        value: The value.

    Returns:
        The value, with None for such numbers.
    """
    if isinstance(value, float):
        return value if isfinite(value) else None
    if isinstance(value, list):
        return [finite(item) for item in value]
    return {key: finite(item) for key, item in value.items()} if isinstance(value, dict) else value


def _depth(body: bytes) -> int:
    """The greatest depth of brackets outside texts."""
    for old, new in _UNESCAPED:
        body = body.replace(old, new)
    brackets = b"".join(body.split(b'"')[::2]).translate(None, _NO_BRACKETS)
    return max(accumulate(_STEPS[bracket] for bracket in brackets), default=0)


@lru_cache(maxsize=1024)
def _steps(path: str) -> tuple[str, ...]:
    return tuple(part.replace("~1", "/").replace("~0", "~") for part in path.split("/")[1:])


@lru_cache(maxsize=1024)
def _compiled(paths: tuple[str, ...]) -> tuple[tuple[str, tuple[str, ...], bool], ...]:
    """Split each path into steps, and say whether one of them is `*`."""
    return tuple((path, steps, "*" in steps) for path in paths for steps in (_steps(path),))


def pointer(document: JSON, path: str) -> JSON:
    """Return the value at a JSON Pointer, or None if a step is missing. Of several values, the first that is not null.

    JSON that arrives as text (like `resultJson`) has to be decoded first; see `kie._records.reading`.
    """
    return first(document, (path,))


def first(document: JSON, paths: tuple[str, ...]) -> JSON:
    """Return the value of the first of several pointers that finds one, as `pointer` does."""
    for path, steps, each in _compiled(paths):
        value = document
        for key in steps:
            if type(value) is dict and not each:
                value = value.get(key)
            elif value is None:
                break
            else:
                value = next((found for found in reach(document, path) if found is not None), None)
                break
        if value is not None:
            return value
    return None


def every(document: JSON, paths: tuple[str, ...]) -> list[JSON]:
    """Return all values that any of several pointers finds, in order."""
    found: list[JSON] = []
    for path, steps, each in _compiled(paths):
        value = document
        for key in steps:
            if each or type(value) is not dict:
                found += reach(document, path)
                break
            if key not in value:
                break
            value = value[key]
        else:
            found.append(value)
    return found


def reach(document: JSON, path: str) -> list[JSON]:
    """Return all values that a pointer finds, in order. `*` means every item of a list or value of an object."""
    value = document
    for key in _steps(path):
        if type(value) is dict and key in value and key != "*":
            value = value[key]
        elif key == "*":
            items = value if isinstance(value, list) else value.values() if isinstance(value, dict) else ()
            rest = path.split("/*", 1)[1]
            return [found for item in items for found in reach(item, rest)]
        elif isinstance(value, list) and key.isdigit() and int(key) < len(value):
            value = value[int(key)]
        else:
            return []
    return [value]
