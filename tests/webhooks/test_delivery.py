"""What a receiver decides about a delivery, without a server."""

from __future__ import annotations

import logging

import pytest

from kie import TaskRef, TaskStatus
from kie.webhooks import Receiver, WebhookRejected
from tests.webhooks.support import SECRET

PROCESSOR = Receiver(SECRET, url="https://example.com/kie").asgi.processor


def status(task_id: str, state: str) -> TaskStatus:
    return TaskStatus(ref=TaskRef(task_id), state=state)  # type: ignore[arg-type]


@pytest.mark.parametrize("reported", ["running", "succeeded", "failed"])
def test_a_record_confirms_a_report_if_it_has_ended_too(reported: str) -> None:
    found = status("1", "failed")
    assert PROCESSOR.confirmed(status("1", reported), found) is found


@pytest.mark.parametrize(("task_id", "state"), [("1", "running"), ("2", "succeeded")])
def test_a_record_that_has_not_ended_or_is_of_another_task_confirms_no_end(task_id: str, state: str) -> None:
    with pytest.raises(WebhookRejected) as caught:
        PROCESSOR.confirmed(status("1", "succeeded"), status(task_id, state))
    assert caught.value.reason == "unconfirmed"


def test_a_fault_of_our_own_is_logged_with_its_traceback_and_told_to_nobody(caplog: pytest.LogCaptureFixture) -> None:
    fault = ZeroDivisionError("a secret of ours")
    reply = PROCESSOR.reply(fault)
    assert (reply.status, reply.body) == (500, b'{"error": "failed"}')
    [record] = caplog.records
    assert (record.levelno, record.message) == (logging.ERROR, "a callback could not be received")
    assert record.exc_info is not None and record.exc_info[1] is fault
