"""What a refusal means: by HTTP status, by code, and by its text where that names a field."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from kie import ApiError, Journal, SubmitUnknown, TaskTimeout, TransportFailed
from kie._core.call import HttpResponse
from kie._exchange.answers import read_answer
from kie.errors import (
    InsufficientCredits,
    KeyLimitReached,
    Maintenance,
    MediaUnreachable,
    RateLimited,
    ServerError,
    Unprocessable,
)
from kie.models import NanoBananaPro
from kie.testing import trace, virtual_kie

REQUEST = NanoBananaPro(prompt="A lighthouse")

STATUSES: dict[int, type[ApiError]] = {
    402: InsufficientCredits,
    422: Unprocessable,
    430: RateLimited,
    433: KeyLimitReached,
    451: MediaUnreachable,
    455: Maintenance,
}


@pytest.mark.parametrize("body", [b"", b"<html>no</html>", b'{"error":"no"}'])
@pytest.mark.parametrize("status", STATUSES)
def test_a_status_without_an_envelope_has_its_own_class(status: int, body: bytes) -> None:
    error = read_answer(HttpResponse(status=status, headers={}, body=body)).exception(creating=True)
    assert type(error) is STATUSES[status]
    assert error.task_created is False
    assert "not JSON" not in str(error)


FIELDS = {
    "This field is required": None,
    "prompt is required": "prompt",
    "extend_times it must be a string": "extend_times",
    "output_format is not within the range of allowed options": "output_format",
    "The text length cannot exceed the maximum limit": None,
    "multi_shots cannot be empty": "multi_shots",
    "negativeTags cannot be null": "negativeTags",
    "Please enter negativeTags.": "negativeTags",
    "template_id cannot be empty when multiple image_urls are provided": "template_id",
    "bbox_list requires input_urls": "bbox_list",
}


@pytest.mark.parametrize("code", [422, 500])
@pytest.mark.parametrize("text", FIELDS)
def test_a_refusal_that_names_a_field_created_nothing(text: str, code: int, tmp_path: Path) -> None:
    fault = {"on": "createTask", "do": "garbage", "body": json.dumps({"code": code, "msg": text, "data": None})}
    client, _, _ = virtual_kie(faults=[fault], journal=tmp_path / "j")
    with pytest.raises(Unprocessable) as caught:
        client.submit(REQUEST)
    assert (caught.value.task_created, caught.value.field) == (False, FIELDS[text])
    assert [entry.state for entry in Journal(tmp_path / "j").entries()] == ["refused"]
    assert len(trace(client)) == 1


@pytest.mark.parametrize(
    "text",
    ["Server exception, please try again later", "Internal Error", "", "the worker is required elsewhere, sorry"],
)
def test_another_text_under_500_leaves_it_open(text: str) -> None:
    body = json.dumps({"code": 500, "msg": text, "data": None}).encode()
    error = read_answer(HttpResponse(status=200, headers={}, body=body)).exception(creating=True)
    assert type(error) is ServerError
    assert error.task_created is None


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_a_redirect_created_nothing_and_is_not_followed(status: int, tmp_path: Path) -> None:
    fault = {"on": "createTask", "do": "http", "status": status, "headers": {"location": "https://example.com/"}}
    client, service, _ = virtual_kie(faults=[fault], journal=tmp_path / "j")
    with pytest.raises(ApiError, match="base_url") as caught:
        client.submit(REQUEST)
    assert caught.value.task_created is False
    assert [entry.state for entry in Journal(tmp_path / "j").entries()] == ["refused"]
    assert len(trace(client)) == 1
    assert service.accepted == []


@pytest.mark.parametrize("status", [200, 204, 300, 304, 500, 503])
def test_another_status_without_an_envelope_leaves_it_open(status: int) -> None:
    client, _, _ = virtual_kie(faults=[{"on": "createTask", "do": "http", "status": status}])
    with pytest.raises(SubmitUnknown):
        client.submit(REQUEST)
    assert len(trace(client)) == 1


def test_a_record_of_another_task_is_not_taken_for_an_answer() -> None:
    client, _, _ = virtual_kie(timeout=100)
    task = client.submit(REQUEST)
    record = {"code": 200, "msg": "success", "data": {"taskId": "another", "state": "fail", "failMsg": "no"}}
    client, _, _ = virtual_kie(faults=[{"on": "getTask", "do": "garbage", "body": json.dumps(record)}], timeout=100)
    with pytest.raises(TransportFailed, match="record of another task"):
        client.task(task.ref).refresh()
    with pytest.raises(TaskTimeout, match="record of another task"):
        client.task(task.ref).wait()
