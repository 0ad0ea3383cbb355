"""Library: the format of `run.json`. May import `_core`.

The schema next to this file defines the document. A reader validates against it, and keeps fields it does not know.
"""

from __future__ import annotations

import json
import os
import stat
from collections.abc import Mapping
from datetime import UTC, datetime
from decimal import Decimal, InvalidOperation
from functools import cache
from importlib import resources
from math import isinf
from pathlib import Path
from types import NoneType
from typing import TYPE_CHECKING, Any, cast

import attrs

from kie._core.errors import ConfigError
from kie._core.json import DEEPEST, JSON, JSONObject, decode_foreign
from kie._core.safe_text import text_of
from kie._core.tasks import TaskRef
from kie._library.run import Run, RunError, RunEstimate, RunFile, RunLibrary, RunPrompts

if TYPE_CHECKING:
    from jsonschema_rs import Validator

_JSON = json.JSONEncoder(allow_nan=False).encode

_FLAGS = os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)
"""`O_NONBLOCK`, so that a named pipe is refused instead of waited for."""
_MOST = 32 * 1024 * 1024

SCHEMA = 1
"""The version of the format that this package writes."""

_OTHERWISE: dict[type, dict[str, str]] = {Run: {"task": "ref"}}
"""Fields that have a different name in the document."""


class BrokenRecord(ConfigError):
    """A `run.json` that cannot be read: it is broken, of a newer version, or not of this package."""


def schema() -> JSONObject:
    """The published JSON Schema of `run.json`."""
    return cast(JSONObject, json.loads(resources.files("kie._library").joinpath("run.schema.json").read_bytes()))


@cache
def _validator() -> Validator:
    import jsonschema_rs

    return jsonschema_rs.validator_for(schema(), validate_formats=True)


@cache
def _fields(cls: type) -> tuple[tuple[str, str, object], ...]:
    """The fields of a class that are written: attribute, name in the document, default."""
    names = _OTHERWISE.get(cls, {})
    return tuple(
        (field.name, names.get(str(field.name), str(field.name)), _default(field))
        for field in attrs.fields(cls)
        if field.name != "folder" and not field.name.startswith("_")
    )


def _default(field: attrs.Attribute[Any]) -> object:
    made: Any = field.default
    return made.factory() if hasattr(made, "factory") else made


def document_of(run: Run, former: Mapping[str, JSON] | None = None) -> JSONObject:
    """Convert a run to a document.

    Args:
        run: The run.
        former: The previous document: its fields that this version does not know are kept.

    Returns:
        The document.
    """
    document = {"schema": SCHEMA, **cast(JSONObject, _plain(run))}
    if former is not None:
        _keep(former, document, Run)
    return document


def _plain(value: object) -> JSON:
    kind: type = type(value)
    if kind in _AS_THEY_ARE:
        return cast(JSON, value)
    if kind in _WRITTEN:
        return {
            key: found if type(found) in _AS_THEY_ARE else _plain(found)
            for name, key, default in _fields(kind)
            if (found := getattr(value, name)) is not default and found != default
        }
    if isinstance(value, tuple):
        return [_plain(item) for item in value]
    if isinstance(value, (TaskRef, Decimal)):
        return str(value)
    if isinstance(value, datetime):
        aware = value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)
        return aware.isoformat()
    return dict(value) if isinstance(value, Mapping) else cast(JSON, value)


_AS_THEY_ARE = frozenset([str, int, float, bool, NoneType])
_WRITTEN = frozenset([Run, RunFile, RunPrompts, RunEstimate, RunError])


def _keep(former: Mapping[str, JSON], document: JSONObject, cls: type) -> None:
    """Copy what only the former document has and is not a field of this version."""
    known = {key for _, key, _ in _fields(cls)}
    for key, value in former.items():
        if key not in known:
            document.setdefault(key, value)
    for key, part in (("prompts", RunPrompts), ("estimate", RunEstimate), ("error", RunError)):
        old, new = former.get(key), document.get(key)
        if cls is Run and isinstance(old, dict) and isinstance(new, dict):
            _keep(old, new, part)
    for key in ("inputs", "outputs") if cls is Run else ():
        earlier = {(each.get("role"), each.get("index", 0)): each for each in _objects(former.get(key))}
        for each in _objects(document.get(key)):
            _keep(earlier.get((each.get("role"), each.get("index", 0)), {}), each, RunFile)


def _objects(value: JSON) -> list[JSONObject]:
    return [each for each in value if isinstance(each, dict)] if isinstance(value, list) else []


def encoded(document: JSONObject) -> tuple[str, JSONObject]:
    """Encode a document as the content of a file, one field a line, and return it as it will be read back.

    Raises `ConfigError` if it could not be read back.
    """
    try:
        lines = (f" {_JSON(key)}: {_JSON(value)}" for key, value in document.items())
        content = "{\n" + ",\n".join(lines) + "\n}\n"
        if len(content) > _MOST:  # the text is ASCII
            raise BrokenRecord(f"it would have more than {_MOST:,} bytes")
        return content, read_document(content.encode())
    except (ValueError, TypeError, RecursionError) as error:
        raise ConfigError(f"run {document.get('id')} cannot be kept: {text_of(error)}") from error
    except BrokenRecord as error:
        raise ConfigError(f"run {document.get('id')} cannot be kept: {error.message}") from error


def read_document(content: bytes) -> JSONObject:
    """Parse the content of a `run.json`. Raises `BrokenRecord`, which states the reason but not the path."""
    try:
        document = _decoded(content)
    except (ValueError, RecursionError) as error:
        raise BrokenRecord(f"it is not JSON: {text_of(error)}") from error
    if not isinstance(document, dict) or "schema" not in document:
        raise BrokenRecord("it does not describe a run: it has no schema number")
    version = document["schema"]
    if isinstance(version, int) and not isinstance(version, bool) and version > SCHEMA:
        raise BrokenRecord(
            f"it was written by a newer version of kie (schema {version}; this one reads {SCHEMA}): upgrade kie"
        )
    try:
        fault = None if _validator().is_valid(document) else next(iter(_validator().iter_errors(document)))
    except (ValueError, TypeError, OverflowError) as error:
        raise BrokenRecord(f"it cannot be checked: {text_of(error)}") from error
    if fault is not None:
        where = ".".join(map(str, fault.instance_path)) or "the document"
        raise BrokenRecord(f"{where}: {fault.message[:200]}")
    for key in ("submitted_at", "ended_at"):
        try:
            if (time := document.get(key)) is not None:
                _time(str(time))
        except (ValueError, OverflowError) as error:
            raise BrokenRecord(f"{key}: {text_of(error)}") from error
    return document


def _no_number(name: str) -> None:
    raise ValueError(f"{name} is not a number")


def _number(text: str) -> float:
    number = float(text)
    if isinf(number):  # Python would write it in a form that others reject
        raise ValueError(f"{text[:20]} is too large for a number")
    return number


_raw_decode = json.JSONDecoder(parse_constant=_no_number, parse_float=_number).raw_decode


def _decode(text: str) -> Any:
    """Decode like `JSONDecoder.decode`, but without its two searches for whitespace."""
    text = text.strip(" \t\n\r")
    found, end = _raw_decode(text)
    if end != len(text):
        raise json.JSONDecodeError("Extra data", text, end)
    return found


def _decoded(content: bytes) -> JSON:
    """Parse JSON. Most texts cannot be too deep or malformed, so these skip the checks."""
    content = content.removeprefix(b"\xef\xbb\xbf")
    if content.count(b"[") + content.count(b"{") > DEEPEST or (b"\\" in content and b"\\ud" in content.lower()):
        found = decode_foreign(content)
        _decode(content.decode())
        return found
    return cast(JSON, _decode(content.decode()))


def content_of(path: str | Path) -> tuple[bytes, os.stat_result]:
    """The content of a `run.json`, and the `stat` of the file when it was read.

    Raises `BrokenRecord`, `FileNotFoundError`.
    """
    try:
        handle = os.open(path, _FLAGS)
        try:
            found = os.fstat(handle)
            if not stat.S_ISREG(found.st_mode):
                raise BrokenRecord(f"{path} cannot be read: it is not a regular file")
            if found.st_size > _MOST:
                raise BrokenRecord(f"{path} cannot be read: it has more than {_MOST:,} bytes")
            content = piece = os.read(handle, found.st_size + 1)
            while piece and len(content) < found.st_size:
                content += (piece := os.read(handle, found.st_size))
            return content, found
        finally:
            os.close(handle)
    except (FileNotFoundError, NotADirectoryError) as error:
        raise FileNotFoundError(error.errno, error.strerror, str(path)) from None
    except (OSError, ValueError) as error:
        why = getattr(error, "strerror", None) or text_of(error)
        raise BrokenRecord(f"{path} cannot be read: {why}") from error


def read(path: str | Path) -> JSONObject:
    """Read a `run.json`. Raises `BrokenRecord`, `FileNotFoundError`."""
    return read_again(path, None)[0]


def read_again(path: str | Path, checked: bytes | None) -> tuple[JSONObject, bytes]:
    """Read a `run.json` that was perhaps checked before: the document, and the content of the file.

    Raises `BrokenRecord`, `FileNotFoundError`.
    """
    content, _ = content_of(path)
    return loaded(content.decode()) if content == checked else _of_file(path, content), content


def read_with_stamp(path: str | Path) -> tuple[JSONObject, str, str]:
    """Read a `run.json`: the document, its text, and a stamp that reveals changes of the file.

    Raises `BrokenRecord`, `FileNotFoundError`.
    """
    content, found = content_of(path)
    return _of_file(path, content), content.decode().removeprefix("\ufeff"), stamp_of(found)


def _of_file(path: str | Path, content: bytes) -> JSONObject:
    try:
        return read_document(content)
    except BrokenRecord as error:
        raise BrokenRecord(f"{path} cannot be read: {error.message}") from error


def stamp_of(found: os.stat_result) -> str:
    """The stamp of a file: it differs once the file has changed."""
    return f"{found.st_mtime_ns}:{found.st_size}"


def loaded(text: str) -> JSONObject:
    """Parse a document that was checked before."""
    return cast(JSONObject, _decoded(text.encode()))


def run_of(document: JSONObject, folder: Path, keeper: RunLibrary | None = None) -> Run:
    """Build the run of a document that `read_document` returned.

    Args:
        document: The document.
        folder: The run's folder.
        keeper: The library that it belongs to.

    Returns:
        The run.

    Raises:
        Unreadable: It has an invalid time or number.
    """
    found = cast("dict[str, Any]", document)
    ref, prompts, estimate, error = (found.get(key) for key in ("ref", "prompts", "estimate", "error"))
    try:
        return Run(
            id=found["id"],
            model=found["model"],
            state=found["state"],
            submitted_at=_time(found["submitted_at"]),
            folder=folder,
            task=None if ref is None else TaskRef.parse(ref, model=found["model"]),
            ended_at=None if (ended := found.get("ended_at")) is None else _time(ended),
            request=found.get("request"),
            prompts=RunPrompts() if prompts is None else RunPrompts(**_of(RunPrompts, prompts)),
            preset=found.get("preset"),
            changes=tuple(found.get("changes") or ()),
            estimate=None if estimate is None else _estimate(estimate),
            credits=_amount(found.get("credits")),
            seconds=found.get("seconds"),
            error=None if error is None else RunError(**_of(RunError, error)),
            inputs=tuple(_file(each, folder) for each in found.get("inputs") or ()),
            outputs=tuple(_file(each, folder) for each in found.get("outputs") or ()),
            parents=tuple(found.get("parents") or ()),
            tags=tuple(found.get("tags") or ()),
            source=found.get("source") or {},
            label=found.get("label"),
            simulated=found.get("simulated") or False,
            server=found.get("server"),
            sdk=found.get("sdk"),
            catalog=found.get("catalog"),
            keeper=keeper,
        )
    except (ValueError, OverflowError, InvalidOperation) as fault:
        raise BrokenRecord(f"it cannot be read: {text_of(fault)}") from fault


_FILE = frozenset(key for _, key, _ in _fields(RunFile))


def _of(cls: type, document: Mapping[str, Any]) -> dict[str, Any]:
    return {name: document[key] for name, key, _ in _fields(cls) if document.get(key) is not None}


def _file(document: Mapping[str, Any], folder: Path) -> RunFile:
    return RunFile(
        **{key: value for key, value in document.items() if key in _FILE and value is not None}, folder=folder
    )


def _estimate(document: Mapping[str, Any]) -> RunEstimate:
    least = _amount(document["at_least"])
    return RunEstimate(at_least=cast(Decimal, least), at_most=_amount(document.get("at_most")))


def _amount(value: str | float | None) -> Decimal | None:
    return None if value is None else Decimal(str(value))


def _time(text: str) -> datetime:
    found = datetime.fromisoformat(text)
    if found.tzinfo is UTC:
        return found
    return found.replace(tzinfo=UTC) if found.tzinfo is None else found.astimezone(UTC)
