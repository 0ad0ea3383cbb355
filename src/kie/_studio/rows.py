"""Studio: runs as the page has them. May import `_core`, `_library`."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Final, cast

from kie._core import paths
from kie._core.errors import ConfigError
from kie._core.estimates import shown, span
from kie._core.json import JSON, JSONObject, decode_foreign, finite
from kie._library.library import Library
from kie._library.page import is_odd
from kie._library.query import time_of
from kie._library.run import FileKind, Run, RunFile, RunState
from kie._studio.asgi import HttpRefusal, PageRequest
from kie._studio.shown_files import file_facts, value_of

LABEL: Final = "studio-"
"""How the labels begin under which the studio submits: they say nothing to people."""
_DATA: Final = "application/json"
_MOST_DATA: Final = 1024 * 1024
_MOST_ROWS: Final = 200
_STATES: Final = ("open", "succeeded", "failed", "unknown", "expired")
_KINDS: Final = ("image", "video", "audio", "file")


def row_of(run: Run, data: JSON = None) -> JSONObject:
    """Return a run as the page has it. It looks into the folder of the run.

    Args:
        run: The run.
        data: What its task gave beside files; None for what the library has of that.

    Returns:
        The row.
    """
    kept = {file.role: value for file in run.inputs if file.name and (value := value_of(run, file, file.name))}
    facts: JSONObject = {
        "id": run.id,
        "ref": None if run.task is None else str(run.task),
        "model": run.model,
        "state": run.state,
        "at": run.submitted_at.isoformat(),
        "seconds": run.seconds,
        "credits": None if run.credits is None else shown(run.credits),
        "estimate": None if run.estimate is None else span(run.estimate.at_least, run.estimate.at_most),
        "error": None if run.error is None else ": ".join(filter(None, (run.error.code, run.error.message))),
        "prompt": run.prompts.final or run.prompts.raw,
        "fields": cast(JSON, paths.replaced(run.fields, kept)),
        "inputs": [file_facts(run, file) for file in run.inputs],
        "outputs": [file_facts(run, file) for file in run.outputs if file.mime != _DATA],
        "parents": [*run.parents],
        "label": None if run.label is None or run.label.startswith(LABEL) else run.label,
        "tags": [*run.tags],
        "simulated": run.simulated,
        "odd": is_odd(run.fields),
    }
    if run.ended_at is not None:
        facts["ended"] = run.ended_at.isoformat()
    found = _data(run.outputs) if data is None else data
    return facts if found is None else {**facts, "data": found}


def _data(files: Iterable[RunFile]) -> JSON:
    """What a task gave that is not a file, as the library keeps it."""
    path = next((file.path for file in files if file.mime == _DATA and file.path is not None), None)
    try:
        if path is not None and path.stat().st_size <= _MOST_DATA:
            return finite(decode_foreign(path.read_bytes()))
    except (OSError, ValueError):
        pass  # it was deleted or changed by hand
    return None


def listed(library: Library, request: PageRequest) -> JSONObject:
    """List the runs that a request asks for, newest first.

    Args:
        library: The library.
        request: The request; its query says which runs.

    Returns:
        The rows, and whether there are more.

    Raises:
        Refused: The query cannot be read.
    """
    query = request.query
    limit = query.get("limit", "50")
    if not (limit.isascii() and limit.isdecimal() and 1 <= int(limit[:9]) <= _MOST_ROWS):
        raise HttpRefusal(400, "BadRequest", f"`limit` must be a number from 1 to {_MOST_ROWS}")
    state, kind = query.get("state") or None, query.get("kind") or None
    if state not in (None, *_STATES):
        raise HttpRefusal(400, "BadRequest", f"`state` must be one of {', '.join(_STATES)}")
    if kind not in (None, *_KINDS):
        raise HttpRefusal(400, "BadRequest", f"`kind` must be one of {', '.join(_KINDS)}")
    found = library.find(
        words=query.get("words") or None,
        model=query.get("model") or None,
        state=cast("RunState | None", state),
        kind=cast("FileKind | None", kind),
        until=_time(query.get("before")),
        limit=int(limit) + 1,
    )
    return {"runs": [row_of(run) for run in found[: int(limit)]], "more": len(found) > int(limit)}


def _time(text: str | None) -> datetime | None:
    if not text:
        return None
    try:
        return time_of("before", text.replace(" ", "+"), later=False)  # a plus that nobody encoded is a space
    except ConfigError as error:
        raise HttpRefusal(400, "BadRequest", error.message) from None
