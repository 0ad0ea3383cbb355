"""Callbacks that lack the usual envelope, and states that nobody documented."""

from __future__ import annotations

import json
from typing import Any

import pytest

from kie import ConfigError, Kie, TransportFailed
from kie._core.call import HttpRequest, HttpResponse
from kie._core.tasks import TaskRef
from kie._records.lifecycles import lifecycle
from kie._records.reading import read_status
from kie.webhooks import Receiver, parse

URL = "https://example.com/out.mp4"
RESULT = json.dumps({"resultUrls": [URL]})


@pytest.mark.parametrize(
    "callback",
    [
        {"taskId": "t1", "state": "success", "resultJson": RESULT},
        {"task_id": "t1", "state": "success", "resultJson": RESULT},
        {"taskId": "t1", "code": 200, "msg": "ok", "data": {"state": "success", "resultJson": RESULT}},
        {"code": 200, "taskId": "t1", "state": "success", "resultJson": RESULT},
    ],
)
def test_a_report_whose_id_stands_at_the_top_is_read(callback: Any) -> None:
    status = parse(callback)
    assert (str(status.ref), status.state, status.urls) == ("t1", "succeeded", (URL,))


def test_a_failure_whose_id_stands_at_the_top_is_read() -> None:
    status = parse({"taskId": "t1", "state": "fail", "failCode": "500", "failMsg": "no"})
    assert (str(status.ref), status.state, status.fail_code, status.fail_message) == ("t1", "failed", "500", "no")


@pytest.mark.parametrize("name", ["audio_url", "audioUrl"])
def test_a_song_is_found_in_either_case(name: str) -> None:
    track: Any = {"id": "a", name: URL, "image_url": "https://example.com/cover.png"}
    status = parse({"code": 200, "data": {"callbackType": "complete", "taskId": "t1", "data": [track]}})
    assert (status.state, status.urls) == ("succeeded", (URL,))


def read(family: str = "jobs", **data: Any) -> str:
    row = lifecycle(family)
    return read_status(row, TaskRef("t1", family), {"code": 200, "data": {"taskId": "t1", **data}}).state


@pytest.mark.parametrize(
    ("record", "state"),
    [
        ({"state": "completed", "resultJson": RESULT}, "succeeded"),
        ({"state": "SUCCESS", "resultJson": RESULT}, "succeeded"),
        ({"status": "success", "resultJson": RESULT}, "succeeded"),
        ({"state": "archived", "resultJson": RESULT, "completeTime": 1757584164490}, "succeeded"),
        ({"state": None, "resultJson": RESULT, "completeTime": 1757584164490}, "succeeded"),
        ({"state": "waiting", "resultJson": RESULT, "completeTime": 1757584164490}, "succeeded"),
        ({"state": "generating", "failCode": "500", "failMsg": "internal error"}, "failed"),
        ({"state": "cancelled"}, "failed"),
        ({"state": "GENERATE_FAILED"}, "failed"),
        ({"state": "moderated", "failCode": "400", "completeTime": 1757584164490}, "failed"),
    ],
)
def test_an_end_that_is_reported_in_a_way_that_nobody_documented_ends_the_wait(
    record: dict[str, Any], state: str
) -> None:
    assert read(**record) == state


@pytest.mark.parametrize(
    "record",
    [
        {"state": "completed"},
        {"state": "retrying", "failCode": "500", "failMsg": "again"},
        {"state": "upscaling", "resultJson": RESULT},
        {"state": "generating", "failCode": "500"},
        {"state": "waiting", "resultJson": RESULT},
        {},
    ],
)
def test_a_state_that_does_not_say_that_it_is_the_end_goes_on(record: dict[str, Any]) -> None:
    assert read(**record) in ("running", "queued")


def test_a_flag_of_success_may_be_a_truth_value() -> None:
    assert read("veo", successFlag=True, response={"resultUrls": [URL]}) == "succeeded"


@pytest.mark.parametrize("secret", [None, 5, b"secret", [b"secret"], ["fine", None], {"a": "b"}])
def test_a_secret_that_is_not_text_is_a_config_error(secret: Any) -> None:
    with pytest.raises(ConfigError, match="must be a string"):
        Receiver(secret)


class Answering:
    """Answers every request with the same record."""

    def __init__(self, task_id: str) -> None:
        self.record = {"taskId": task_id, "state": "success", "resultJson": RESULT}

    def send(self, request: HttpRequest, timeout: float) -> HttpResponse:
        return HttpResponse(status=200, headers={}, body=json.dumps({"code": 200, "data": self.record}).encode())

    def stream(self, *arguments: object) -> Any:
        raise AssertionError

    def close(self) -> None:
        pass


def test_the_record_of_another_task_is_refused() -> None:
    assert Kie("key", transport=Answering("t1")).task("t1").refresh().state == "succeeded"
    with pytest.raises(TransportFailed, match="another task"):
        Kie("key", transport=Answering("t2")).task("t1").refresh()


def test_waiting_for_the_reports_of_a_family_that_sends_none_is_a_config_error() -> None:
    receiver = Receiver("secret", url="https://example.com/hook")
    with pytest.raises(ConfigError, match="leave out via"):
        Kie("key", transport=Answering("t1")).task("veo-1080p:t1").wait(via=receiver)
