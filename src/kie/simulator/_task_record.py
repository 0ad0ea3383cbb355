"""Simulator: writes the record of a simulated task, and its callback. May import `_core`, `_records`.

A record has the keys that its row reads. Records of the Market also have all other keys seen in recordings.
"""

from __future__ import annotations

import copy
from collections.abc import Callable
from decimal import Decimal
from typing import cast

import attrs

from kie._core.json import JSON, JSONObject
from kie._core.status import State
from kie._records.lifecycles import Lifecycle
from kie.simulator._messages import json_text
from kie.simulator._record_writer import (
    callback_document,
    encode_embedded,
    meet_condition,
    put,
    put_result,
    put_urls,
    snake,
    typed,
    word_for,
    words_for,
)
from kie.simulator._task_store import SimTask

MARKET = "jobs"


@attrs.frozen(kw_only=True)
class RecordWriter:
    """Writes the record of one task as a poll at a given time finds it."""

    task: SimTask
    now: float
    urls: list[JSON]
    """Where the files of the task are served."""
    milliseconds: Callable[[float], int]
    """Converts a time of the clock into milliseconds since 1970."""

    @property
    def ended(self) -> bool:
        """Whether the record shows the end of the task."""
        return self.task.done and self.task.forced_polls == 0

    @property
    def state(self) -> State:
        """The state that the record shows."""
        if not self.ended:
            return "running"
        return "failed" if self.task.failure else "succeeded"

    def record(self) -> JSONObject:
        """The `data` of the answer to a poll."""
        task, row = self.task, self.task.row
        data: JSONObject = self._market_keys() if row.name == MARKET else {}
        document: JSONObject = {"data": data}
        for path in row.task_id[:1] or ["/data/taskId"] if row.kind != "immediate" else ():
            put(document, path, task.id)
        if self.state == "succeeded":
            if row.name == MARKET:
                data["response"] = data["resultJson"] = market_result(task, self.urls)
            else:
                put_result(document, row, copy.deepcopy(task.data), self.urls)
        elif not self.ended:
            self._put_first_parts(document)
        self._put_state(document)
        self._put_failure(document)
        self._put_times(document)
        if row.credits:
            put(document, row.credits[0], 0.0 if self.state == "failed" else float(task.price))
        encode_embedded(document, row.embedded)
        return cast("JSONObject", document["data"])

    def _put_state(self, document: JSONObject) -> None:
        row = self.task.row
        said = word_for(row.states, self.state) if self.ended else self.task.forced_state or self._busy_word()
        if row.state and said:
            put(document, row.state[0], typed(said))
        if self.state == "succeeded":
            meet_condition(document, row.states, said)

    def _put_failure(self, document: JSONObject) -> None:
        if self.state != "failed" or self.task.failure is None:
            return
        row = self.task.row
        for pointers, text in zip((row.fail_code, row.fail_message), self.task.failure, strict=True):
            if pointers:
                put(document, pointers[0], text if row.name == MARKET else typed(text))

    def _put_times(self, document: JSONObject) -> None:
        times = self.task.row.times
        for pointers, moment in (
            (times.created, self.task.created),
            (times.completed, self.task.ends if self.ended else None),
        ):
            if pointers and "*" not in pointers[0]:
                put(document, pointers[0], None if moment is None else self.milliseconds(moment))

    def _put_first_parts(self, document: JSONObject) -> None:
        """Write the results that a piece of music shows before it is finished."""
        task = self.task
        in_stages = task.kind == "music" and task.row.name != MARKET and not task.failure
        stage = self._stage() if in_stages else 0
        if stage:
            put_result(document, task.row, copy.deepcopy(task.data), [])
            put_urls(document, task.row.urls, self.urls[: stage - 1])

    def _busy_word(self) -> str:
        """The word for the progress of a task that is running, in a family with several such words."""
        said = words_for(self.task.row.states, "running")
        return said[self._stage()] if len(said) > 2 and self.task.kind == "music" else self.task.busy_word

    def _stage(self) -> int:
        """The stage of a piece of music. 0: nothing is ready; 1: the lyrics are ready; 2: the first track is ready."""
        task = self.task
        done = (min(self.now, task.ends) - task.created) / max(task.ends - task.created, 1e-9)
        return min(2, int(done * 3))

    def _market_keys(self) -> JSONObject:
        """The keys of a Market record that its row does not read."""
        task = self.task
        parameters: JSONObject = {"input": json_text(task.input), "model": task.model}
        if task.callback_url is not None:
            parameters[str(task.row.submission().callback)] = task.callback_url
        return {
            **{"taskId": task.id, "model": task.model, "state": "", "param": json_text(parameters)},
            **{"resultJson": "", "failCode": None, "failMsg": None},
            **{"costTime": int(task.duration) if self.ended else None, "completeTime": None, "createTime": None},
            **{"creditsConsumed": 0.0, "operationType": task.model, "paramJson": json_text(parameters)},
            "successFlag": {"succeeded": 1, "failed": 3}.get(self.state, 0),
        }

    def callback(self, balance: Decimal) -> bytes:
        """The body of the callback for a task that has ended. `balance` is the balance at that time."""
        task, data = self.task, self.record()
        state: State = "failed" if task.failure else "succeeded"
        document = callback_document(task.row, task.id, state, data, task.data, self.urls)
        code, message = (501, "task failed.") if task.failure else (200, "task completed successfully.")
        if task.row.name == MARKET:
            document = {"data": _market_callback(data, task, balance)}
            message = f"Playground {message}"
        elif task.failure:
            code = int(task.failure[0]) if task.failure[0].isdigit() else code
            message = task.failure[1]
        return json_text({"code": code, "msg": message, **document}).encode("utf-8", "surrogatepass")


def market_result(task: SimTask, urls: list[JSON]) -> JSON:
    """The content of `resultJson`: tracks in a list; any other data that is not a file in an object."""
    data = snake(copy.deepcopy(task.data))
    match task.kind:
        case "music":
            return {"code": 200, "data": cast("JSON", _with_urls(data, urls))}
        case "stems":
            listed = _with_urls(data["origin_data"] if isinstance(data, dict) else [], urls)
            named = {f"{str(item['stem_type_group_name']).lower()}_url": item["audio_url"] for item in listed}
            return {"resultObject": {**named, "originData": cast("JSON", listed)}}
        case "image" | "video" | "audio":
            return {"resultUrls": urls, **(data if isinstance(data, dict) else {})}
        case "json":
            return copy.deepcopy(task.data)
        case _:
            return {"resultObject": {"result": data} if isinstance(data, str) else data}


def _with_urls(items: JSON, urls: list[JSON]) -> list[JSONObject]:
    listed = [item for item in items if isinstance(item, dict)] if isinstance(items, list) else []
    return [{**item, "audio_url": url} for item, url in zip(listed, urls, strict=True)]


def _market_callback(data: JSONObject, task: SimTask, balance: Decimal) -> JSONObject:
    newer = ("creditsConsumed", "operationType", "response", "successFlag", "paramJson")
    kept = {name: value for name, value in data.items() if name not in newer}
    if task.failure:
        kept["resultJson"] = None
    return kept | {
        "updateTime": data["completeTime"],
        "consumeCredits": data["creditsConsumed"],
        "remainedCredits": float(balance),
    }


def result_data(row: Lifecycle, data: JSON, urls: list[JSON]) -> JSON:
    """The `data` of an answer that contains nothing but a result."""
    document: JSONObject = {"data": {}}
    put_result(document, row, data, urls)
    return document["data"]


def busy_word(row: Lifecycle, *, generating: bool) -> str:
    """A family's word for a task that is running."""
    order: list[State] = ["running", "queued"] if generating or row.name != MARKET else ["queued", "running"]
    return next((found for state in order if (found := word_for(row.states, state))), "")
