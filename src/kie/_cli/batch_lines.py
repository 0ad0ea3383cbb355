"""CLI: the input file of `kie batch`, one request a line. May import every room below."""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from typing import cast

import attrs

from kie._cli.model_commands import resolve
from kie._cli.values import Typed
from kie._core.errors import ConfigError, KieError, RequestInvalid
from kie._core.issues import Issue
from kie._core.json import JSON, JSONObject, decode
from kie._core.request import Request
from kie._core.results import Result
from kie.catalog import Model


@attrs.define(kw_only=True)
class Line:
    """One line of the input file: a request, or the error that says what is wrong with it.

    `key` identifies the line across runs: its id, else a digest of its fields.
    """

    number: int
    key: str
    digest: str
    id: str | None = None
    model: str | None = None
    request: Request[Result] | None = None
    error: KieError | None = None

    def identity(self) -> JSONObject:
        """Return what the output file says about the line itself."""
        return {"line": self.number, "id": self.id, "model": self.model, "digest": self.digest}


def read_lines(data: bytes) -> list[Line]:
    """Read the input file. An invalid line becomes a line with an error."""
    lines: list[Line] = []
    seen: Counter[str] = Counter()
    for number, text in enumerate(data.decode("utf-8-sig", "surrogateescape").split("\n"), 1):
        if text.strip():
            lines.append(_line(number, text, seen))
    return lines


def _line(number: int, text: str, seen: Counter[str]) -> Line:
    given, fault = _fields(text)
    canonical = json.dumps(given, sort_keys=True) if given else text
    digest = hashlib.sha256(canonical.encode("utf-8", "surrogatepass")).hexdigest()[:16]
    id, model = given.pop("id", None), given.pop("model", None)
    name = f"id:{id}" if _is_id(id) else digest
    seen[name] += 1
    line = Line(
        number=number,
        key=name if seen[name] == 1 else f"{name}#{seen[name]}",
        digest=digest,
        id=str(id) if _is_id(id) else None,
        model=model if isinstance(model, str) else None,
    )
    fault = fault or _fault(line, id, repeated=seen[name] > 1)
    try:
        if fault:
            raise RequestInvalid(line.model or f"line {number}", [Issue("", "line", fault)])
        line.request = _request(str(model), given)
    except (RequestInvalid, ConfigError) as error:
        line.error = error
    return line


def _fields(text: str) -> tuple[JSONObject, str]:
    """Return the object that a line holds, and what is wrong with the line if it holds none."""
    try:
        value = decode(text.encode("utf-8", "surrogateescape"))
        json.dumps(value, ensure_ascii=False).encode()
    except UnicodeEncodeError:
        return {}, "contains half of a surrogate pair, which is not valid Unicode"
    except ValueError as error:
        return {}, f"is not JSON: {error}"
    return (value, "") if isinstance(value, dict) else ({}, "is not a JSON object")


def _is_id(value: JSON) -> bool:
    return isinstance(value, (str, int)) and not isinstance(value, bool)


def _fault(line: Line, id: JSON, *, repeated: bool) -> str:
    """Return what is wrong with the id or the model of a line; an empty text for nothing."""
    if id is not None and line.id is None:
        return "`id` has to be text or a whole number"
    if line.id is not None and repeated:
        return f"the id {line.id} is taken by an earlier line"
    return "" if line.model else "`model` is missing"


def _request(model: str, given: JSONObject) -> Request[Result]:
    """Build the request of a line. Raises `RequestInvalid` with every fault, `UnknownModel`."""
    entry = resolve(model)
    cls = entry.request_class
    plan = cls.__kie_plan__()  # a line names its fields as in Python or as on the wire
    python, wire = {wire: python for python, wire in plan}, dict(plan)
    typed = Typed(cls.info.media_fields, [], lambda: b"")
    fields = {
        python.get(name, name): typed.nested(value, wire.get(name, name))
        for name, value in _input(entry, given).items()
    }
    try:
        made = cls(**fields)
    except RequestInvalid as error:
        raise RequestInvalid(entry.id, [*typed.issues, *error.issues], captured=error.captured) from None
    if typed.issues:
        raise RequestInvalid(entry.id, typed.issues)
    return made


def _input(entry: Model, given: JSONObject) -> JSONObject:
    """Return the fields of the model: those of `input` if the line has one, else those of the line itself."""
    if not isinstance(given.get("input"), dict) or any(field.name == "input" for field in entry.fields):
        return given
    beside = [Issue(key, "additionalProperties", "stands beside `input`") for key in given if key != "input"]
    if beside:
        raise RequestInvalid(entry.id, beside)
    return cast(JSONObject, given["input"])
