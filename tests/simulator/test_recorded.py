"""The simulator's answers have the shapes of the recorded service's."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from kie.simulator import Simulator
from tests.simulator.support import HEADERS, LATER, accept, ask, look, read, submit

NEWER = {"creditsConsumed"}
"""Keys that the service added after the recordings were made."""


def exchanges(folder: Path, part: str) -> list[dict[str, Any]]:
    found = [
        exchange
        for file in sorted((folder / "live").glob("*.json"))
        for exchange in json.loads(file.read_text())["exchanges"]
        if part in exchange["url"]
    ]
    if not found:
        pytest.skip(f"no recording of {part}")
    return found


def kinds(value: object) -> object:
    """The shape of a JSON value: keys, and types of what they hold."""
    if isinstance(value, dict):
        return {key: kinds(item) for key, item in value.items()}
    return type(value).__name__


def test_createtask_answers_have_the_recorded_shape(reference: Path) -> None:
    ours = kinds(submit(Simulator()))
    accepted = [e for e in exchanges(reference, "createTask") if e["response"]["code"] == 200]
    assert accepted
    for exchange in accepted:
        assert exchange["status"] == 200
        assert kinds(exchange["response"]) == ours


def test_records_have_the_recorded_shape_while_pending_and_when_done(reference: Path) -> None:
    state = Simulator()
    task_id = accept(state)
    pending, done = look(state, task_id), look(state, task_id, now=LATER)
    for exchange in exchanges(reference, "recordInfo"):
        theirs = exchange["response"]
        ours = done if theirs["data"]["state"] == "success" else pending
        shape = {key: kind for key, kind in kinds(ours["data"]).items() if key not in NEWER}  # type: ignore[attr-defined]
        assert kinds(theirs["data"]) == shape
        assert list(json.loads(theirs["data"]["param"])) == list(json.loads(ours["data"]["param"]))


def test_recorded_states_of_known_models_are_the_simulators(reference: Path) -> None:
    seen = {
        (e["response"]["data"]["model"], e["response"]["data"]["state"]) for e in exchanges(reference, "recordInfo")
    }
    state = Simulator(accept_unknown=True, limits=False)
    for model, word in seen:
        if word == "success":
            continue
        sent = next(e["request"] for e in exchanges(reference, "createTask") if e["request"]["model"] == model)
        assert look(state, accept(state, sent))["data"]["state"] == word


def test_recorded_submissions_are_accepted(reference: Path) -> None:
    state = Simulator(accept_unknown=True, limits=False)
    for exchange in exchanges(reference, "createTask"):
        if exchange["response"]["code"] == 200:
            assert submit(state, exchange["request"])["code"] == 200


def test_uploads_have_the_recorded_shape(reference: Path) -> None:
    sent = next(e for e in exchanges(reference, "file-base64-upload"))
    state = Simulator()
    ours = read(ask(state, "POST", "/api/file-base64-upload", sent["request"], headers=HEADERS))
    theirs = sent["response"]
    assert kinds(ours) == kinds(theirs)
    changing = {"downloadUrl", "uploadedAt"}
    assert {k: v for k, v in ours["data"].items() if k not in changing} == {
        k: v for k, v in theirs["data"].items() if k not in changing
    }


def test_the_balance_and_a_wrong_link_are_answered_as_recorded(reference: Path) -> None:
    state = Simulator(credits="5916.25")
    credit, link = exchanges(reference, "chat/credit")[0], exchanges(reference, "common/download-url")[0]
    assert read(ask(state, "GET", "/api/v1/chat/credit")) == credit["response"]
    assert read(ask(state, "POST", "/api/v1/common/download-url", link["request"])) == link["response"]
