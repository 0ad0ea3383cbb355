"""Durable: converts requests and outcomes to text for a database, and back. May import `_core`, `_records`, `_tasks`,
`catalog`.

The text is JSON, never a pickle, so that write access to the database does not allow to run code here. It has no keys.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Mapping
from contextlib import suppress
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

from kie._core import errors, paths
from kie._core.error_facts import error_facts
from kie._core.errors import ConfigError, KieError, TaskFailed
from kie._core.json import JSONObject
from kie._core.outcomes import Failed, Ok, Outcome
from kie._core.raw import RawRequest
from kie._core.request import Request, UncheckedRequest
from kie._core.results import AnyResult, Result
from kie._core.safe_text import described
from kie._core.status import TaskStatus
from kie._records.lifecycles import lifecycle
from kie._records.reading import read_status
from kie._tasks.estimate import later_priced
from kie._tasks.wait import Bind, result_of

if TYPE_CHECKING:
    from kie._durable.line_store import LineRow


def stored(request: Request[Result]) -> str:
    """Convert a request to text. Local media are named by their absolute paths.

    Raises:
        ConfigError: It holds media in memory, or other processes could not find its class.
    """
    text = json.dumps(_document(request), sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    if restored(text).fingerprint() != request.fingerprint():
        raise ConfigError(
            f"a request of {request.info.name} cannot be stored as it is: make it of a class of kie.models"
        )
    return text


def _document(request: Request[Result]) -> JSONObject:
    if isinstance(request, UncheckedRequest):
        more = RawRequest(request.info.name, request.wire_fields)
        return {"checked": _document(request.request), "more": _document(more)}
    body, local = request._encode()
    media: JSONObject = {path: _place(path, medium) for path, medium in local.items()}
    document: JSONObject = {"model": request.info.name, "fields": body, "media": media}
    if isinstance(request, RawRequest):
        document["lifecycle"] = request.lifecycle
    return document


def _place(path: str, media: object) -> str:
    if isinstance(media, str) and media.startswith("data:"):
        return media
    if isinstance(media, (str, os.PathLike)):
        return os.path.abspath(os.fspath(cast("str | os.PathLike[str]", media)))
    raise ConfigError(f"{path} is held in memory, which no other process can read: give the path of a file, or a URL")


def restored(text: str) -> Request[Result]:
    """Read a request from a text that `stored` made.

    Raises:
        ConfigError: Its model is not in this version, or the text is not such a request.
        RequestInvalid: The request breaks the schema of this version.
    """
    try:
        return _request(cast(JSONObject, json.loads(text)))
    except (ArithmeticError, AttributeError, LookupError, RecursionError, TypeError, ValueError) as error:
        if isinstance(error, KieError):
            raise
        raise ConfigError(f"what is stored is not a request that this version can read: {described(error)}") from None


def _request(document: Mapping[str, Any]) -> Request[Result]:
    if "checked" in document:
        return _request(document["checked"]).unchecked(**_fields(document["more"]))
    fields = _fields(document)
    if "lifecycle" in document:
        return cast("Request[Result]", RawRequest(document["model"], fields, lifecycle=document["lifecycle"]))
    from kie import catalog

    model = catalog.find(document["model"])
    if model is None:
        raise ConfigError(
            f"model {document['model']!r} is not in this version of kie: use the version that stored the batch"
        )
    cls = model.request_class
    return cls(**cls._from_wire_fields(fields))


def _fields(document: Mapping[str, Any]) -> JSONObject:
    places = {at: place if place.startswith("data:") else Path(place) for at, place in document["media"].items()}
    return cast(JSONObject, paths.replaced(document["fields"], places))


def digest_of(text: str) -> str:
    """The digest of a stored request."""
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:32]


def outcome_text(error: BaseException | None, status: TaskStatus | None, kind: str | None, files: list[str]) -> str:
    """Convert the outcome of a line to text."""
    found: JSONObject = {"files": [*files], "kind": kind}
    if status is not None:
        found["record"] = status.raw
    if isinstance(error, KieError):
        found["error"] = error_facts(error)
    elif error is not None:
        found["error"] = {"type": "KieError", "message": described(error)}
    return json.dumps(found, ensure_ascii=False, separators=(",", ":"))


def status_of(row: LineRow) -> TaskStatus | None:
    """The stored status of a line's task, by its last record; None if there is none."""
    ref, said = row.task, row.said
    return None if ref is None or "record" not in said else read_status(lifecycle(ref.lifecycle), ref, said["record"])


def outcome_of(row: LineRow, begun: float, bind: Bind | None = None) -> Outcome[AnyResult]:
    """Read the outcome of a line that has ended.

    Args:
        row: The line.
        begun: When the batch began, in seconds since 1970.
        bind: Binds a result to a client.
    """
    said = cast("dict[str, Any]", row.said)
    request = _known(row)
    ref = row.task
    status = status_of(row)
    # the times come from clocks of several machines, which may disagree
    submitted = None if row.submitted_at is None else max(row.submitted_at - begun, 0.0)
    day = datetime.fromtimestamp(row.submitted_at or row.queued_at, UTC).date()
    common: dict[str, Any] = {
        "index": row.line,
        "request": request,
        "ref": ref,
        "started": submitted,
        "submitted": submitted,
        "ended": max((row.ended_at or begun) - begun, 0.0),
        "attempts": row.attempt + row.tries + (ref is not None),
        "estimating": None if request is None else partial(later_priced, request, {}, day),
    }
    if "error" not in said and status is not None:
        try:
            result = result_of(status, cast("str", said.get("kind")))
            return Ok(result=result if bind is None else bind(result), **common)
        except KieError as error:  # the version that wrote the record read it differently
            return Failed(error=error, **common)
    facts = said.get("error")
    return Failed(error=_error(facts if isinstance(facts, dict) else {}, row, request, status), **common)


def _known(row: LineRow) -> Request[Result] | None:
    try:
        return restored(row.request)
    except KieError:
        return None


def _error(
    facts: Mapping[str, Any], row: LineRow, request: Request[Result] | None, status: TaskStatus | None
) -> KieError:
    """Rebuild an error from stored facts: its class and known attributes. Other attributes are None."""
    ref = row.task
    if facts.get("type") == "TaskFailed" and ref is not None:
        code, why = (None, None) if status is None else (status.fail_code, status.fail_message)
        return TaskFailed(ref, code=code or facts.get("code"), service_message=why, status=status)
    cls = getattr(errors, str(facts.get("type")), KieError)
    if not (isinstance(cls, type) and issubclass(cls, KieError)):
        cls = KieError
    message = str(facts.get("message", "it ended, but its outcome was not recorded"))
    error = cls.__new__(cls, message)
    error.args, error.message = (message,), message
    state: dict[str, object] = {"issues": (), "request": request, "ref": ref}
    with suppress(ValueError):
        state["sent_at"] = datetime.fromisoformat(row.noted_at or "")
    for each in cls.__mro__:
        for name in getattr(each, "__annotations__", {}):
            if name not in error.__dict__:
                error.__dict__[name] = state.get(name, facts.get(name))
    if ref is not None:
        error.__dict__["ref"] = ref
    return error
