"""Core: a status keeps the record that it was read from."""

from __future__ import annotations

import json
import pickle

from kie import TaskRef, TaskStatus

RECORD = {"code": 200, "data": {"taskId": "t", "state": "waiting"}}


def _status(raw: object) -> TaskStatus:
    return TaskStatus(ref=TaskRef("t"), state="queued", raw=raw)  # type: ignore[arg-type]


def test_a_record_that_is_kept_as_text_is_read_when_it_is_asked_for() -> None:
    status = _status(json.dumps(RECORD).encode())
    assert status.raw == RECORD
    assert "waiting" not in repr(status)


def test_what_a_user_does_to_a_record_does_not_change_the_status_that_was_read_from_text() -> None:
    status = _status(json.dumps(RECORD).encode())
    status.raw.clear()  # type: ignore[union-attr]
    assert status.raw == RECORD


def test_statuses_are_equal_if_their_records_are_however_these_are_kept() -> None:
    status = _status(json.dumps(RECORD, indent=1).encode())
    assert status == _status(RECORD)
    assert status != _status({**RECORD, "code": 500})
    assert pickle.loads(pickle.dumps(status)) == status
    assert hash(status) == hash(_status(RECORD))
