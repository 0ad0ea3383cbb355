"""CLI: the targets of result files, and the sidecar files next to them. May import `_core`."""

from __future__ import annotations

import json
import os
from collections.abc import Sequence
from pathlib import Path

from kie._cli.output import exact
from kie._core import paths
from kie._core.errors import ConfigError
from kie._core.file_name_template import file_name_template, with_id
from kie._core.json import JSON, JSONObject
from kie._core.request import Request
from kie._core.results import Result
from kie._core.status import TaskStatus


def prepare_folder(target: str | None) -> None:
    """Create the folder for results before anything is paid for.

    Raises:
        ConfigError: The folder is not named or cannot be created, or the file name has an unknown placeholder.
    """
    if target is None:
        return
    if not target.strip():
        raise ConfigError("--save is empty: name a folder, or . for this one, or leave it out")
    template = file_name_template(target)
    folder = template.directory.partition("{")[0]
    if folder != template.directory:  # the rest depends on the task
        folder = os.path.dirname(folder)
    try:
        Path(folder).mkdir(parents=True, exist_ok=True)
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or error
        raise ConfigError(f"cannot save into {folder}: {reason}; choose another folder with --save") from None


def target_of_line(target: str, id: str | None) -> str:
    """Return the target for the files of a batch line: named by the line's id, if it has one."""
    if id is None:
        return target
    if file_name_template(target).stem is None:
        target = os.path.join(target, "{id}_{n}.{ext}")
    return with_id(target, id)


def request_facts(request: Request[Result]) -> JSONObject:
    """Describe a request for people: its model, and its input with the paths of local files."""
    body, local = request._encode()
    shown = paths.replaced(body, {path: str(medium)[:500] for path, medium in local.items()})
    return {"model": request.info.name, "input": shown}  # type: ignore[dict-item]


def write_sidecars(request: JSONObject, status: TaskStatus, files: Sequence[str], **more: JSON) -> None:
    """Write a sidecar next to each file of a result: `picture.png.json` says how it was made. Raises `ConfigError`."""
    facts: JSONObject = {
        **more,
        **request,
        "ref": str(status.ref),
        "credits": exact(status.credits),
        "seconds": status.seconds,
        "created_at": status.created_at.isoformat() if status.created_at else None,
    }
    for file in files:
        path = Path(f"{file}.json")
        try:
            text = json.dumps({"file": Path(file).name, **facts}, indent=2, ensure_ascii=False)
            path.write_text(f"{text}\n", "utf-8")
        except (OSError, ValueError) as error:
            reason = getattr(error, "strerror", None) or error
            raise ConfigError(f"the sidecar {path} cannot be written: {reason}; the result itself is saved") from None
