"""Simulator: answers polls of tasks of every family. May import `_core`, `_records`."""

from __future__ import annotations

from kie._records.lifecycles import Lifecycle
from kie.simulator._messages import Incoming, Refused, SimResponse, envelope
from kie.simulator._routes import POLLED
from kie.simulator._sample_media import recipe
from kie.simulator._simulator import Simulator
from kie.simulator._submissions import bend
from kie.simulator._task_record import MARKET, result_data
from kie.simulator._task_store import SimTask

UPGRADE = 60.0
"""Seconds from the end of a video until its version in higher resolution is ready. Source: 1 to 3 minutes, vendor's
pages."""


def poll(state: Simulator, incoming: Incoming) -> SimResponse:
    """Answer a poll with the task's record, or say why not."""
    rows = POLLED[incoming.operation]
    parameter = next(iter(rows[0].poll_parameters))
    task_id = incoming.request.query.get(parameter, "")
    if not task_id:
        raise Refused(400, f"{parameter} is required")
    if rows[0].kind == "read-until-ready":
        return _better_version(state, rows[0], task_id, incoming)
    tasks = [task for row in rows if (task := state.store.find(row.name, task_id)) is not None]
    if not tasks:
        return _missing(rows[0])
    return _record(state, _shown(tasks), incoming)


def _shown(tasks: list[SimTask]) -> SimTask:
    """Choose between a video and its better version, which share an id: the better one, once it is ready."""
    return max(tasks, key=lambda task: (task.done, task.number) if task.done else (False, -task.number))


def _record(state: Simulator, task: SimTask, incoming: Incoming) -> SimResponse:
    if incoming.rule is not None:
        bend(state, task, incoming.rule, incoming.now, submitted=False)
    if task.hidden_polls > 0:
        task.hidden_polls -= 1
        return _missing(task.row)
    record = state.record(task, incoming.now)
    task.end_seen = task.end_seen or (task.done and task.forced_polls == 0)
    if task.forced_polls > 0:
        task.forced_polls -= 1
        if task.forced_polls == 0:
            task.forced_state = None
    return envelope(200, "success", record)


def _missing(row: Lifecycle) -> SimResponse:
    """The answer that a family gives if it has no such record."""
    if row.name == MARKET:
        raise Refused(422, "recordInfo is null")
    if row.not_found["empty_data"]:
        return envelope(200, "success", None)
    raise Refused(422, "The record does not exist")


def _better_version(state: Simulator, row: Lifecycle, task_id: str, incoming: Incoming) -> SimResponse:
    """Answer a request for the better version of a video. The first request starts it; it is ready later."""
    task = state.store.find_any(task_id)
    if task is None or not task.succeeded:
        raise Refused(422, "Record does not exist")
    if incoming.now < task.ends + UPGRADE / state.speed:
        raise Refused(next(iter(row.not_ready), 400), "The video is still being processed. Please try again later.")
    query = incoming.request.query
    stem = "-".join([task_id, row.name, *(query.get(name, "") for name in list(row.poll_parameters)[1:])])
    name = f"{stem}.mp4"
    state.files.own(task, {name: recipe("video", task.input)})
    return envelope(200, "success", result_data(row, None, state.urls([name])))
