"""The simulator's answers have the shapes of the recorded service's."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from kie.simulator import Simulator
from tests.simulator.support import HEADERS, LATER, accept, ask, poll, read, submit

SESSIONS = Path(__file__).parent.parent / "recordings" / "sessions"
NEWER = {"creditsConsumed", "operationType", "successFlag", "paramJson", "response"}
"""Keys that the service added after the first recordings were made."""

OLDER = {"grok-imagine/text-to-video", "grok-imagine-image-2-0/image-edit"}
"""Models that were sent what they do not take any more: in 2026-03 a duration as text, and in 2026-08 the parts
of an image; another model changes those since, and the service refuses them here."""


@pytest.fixture(params=["scrubbed", "original"])
def folder(request: pytest.FixtureRequest) -> tuple[Path, ...]:
    """The recordings kept here, and, where they are at hand, those that they were made from."""
    if request.param == "scrubbed":
        return (SESSIONS,)
    reference: Path = request.getfixturevalue("reference")
    return reference / "live", reference / "live-2026-10"


def exchanges(folder: tuple[Path, ...], part: str) -> list[dict[str, Any]]:
    found = [
        exchange
        for each in folder
        for file in sorted(each.glob("*.json"))
        for exchange in json.loads(file.read_text()).get("exchanges", [])
        if part in exchange["url"]
    ]
    assert found
    return found


def records(folder: tuple[Path, ...]) -> list[dict[str, Any]]:
    """What polls in the Market found."""
    found = [exchange["response"]["data"] for exchange in exchanges(folder, "recordInfo")]
    return [data for data in found if data and "state" in data]


def keys_of(record: dict[str, Any]) -> dict[str, object]:
    """The shape of a record, key by key."""
    return {key: kinds(item) for key, item in record.items()}


def kinds(value: object) -> object:
    """The shape of a JSON value: keys, and types of what they hold."""
    if isinstance(value, dict):
        return {key: kinds(item) for key, item in value.items()}
    return type(value).__name__


def test_createtask_answers_have_the_recorded_shape(folder: tuple[Path, ...]) -> None:
    ours = kinds(submit(Simulator()))
    accepted = [e for e in exchanges(folder, "createTask") if e["response"]["code"] == 200]
    assert accepted
    for exchange in accepted:
        assert exchange["status"] == 200
        assert kinds(exchange["response"]) == ours


def test_records_have_the_recorded_shape_while_pending_and_when_done(folder: tuple[Path, ...]) -> None:
    state = Simulator()
    task_id = accept(state)
    pending, done = poll(state, task_id), poll(state, task_id, now=LATER)
    for theirs in records(folder):
        ours = done if theirs["state"] == "success" else pending
        older = NEWER - theirs.keys()
        shape = {key: kind for key, kind in keys_of(ours["data"]).items() if key not in older}
        assert keys_of(theirs) == shape
        assert list(json.loads(theirs["param"])) == list(json.loads(ours["data"]["param"]))


def test_recorded_states_of_known_models_are_the_simulators(folder: tuple[Path, ...]) -> None:
    seen = {(record["model"], record["state"]) for record in records(folder)}
    state = Simulator(accept_unknown=True, limits=False, credits=10**6)
    for model, word in seen:
        if word == "success" or model in OLDER:
            continue
        sent = next(e["request"] for e in exchanges(folder, "createTask") if e["request"]["model"] == model)
        assert poll(state, accept(state, sent))["data"]["state"] == word


def test_recorded_submissions_are_accepted(folder: tuple[Path, ...]) -> None:
    state = Simulator(accept_unknown=True, limits=False, credits=10**6)
    for exchange in exchanges(folder, "createTask"):
        if exchange["response"]["code"] == 200 and exchange["request"]["model"] not in OLDER:
            assert submit(state, exchange["request"])["code"] == 200


def test_uploads_have_the_recorded_shape(folder: tuple[Path, ...]) -> None:
    sent = next(e for e in exchanges(folder, "file-base64-upload"))
    state = Simulator()
    ours = read(ask(state, "POST", "/api/file-base64-upload", sent["request"], headers=HEADERS))
    theirs = sent["response"]
    assert kinds(ours) == kinds(theirs)
    changing = {"downloadUrl", "uploadedAt"}
    assert {k: v for k, v in ours["data"].items() if k not in changing} == {
        k: v for k, v in theirs["data"].items() if k not in changing
    }


def test_the_balance_and_a_wrong_link_are_answered_as_recorded(folder: tuple[Path, ...]) -> None:
    credit, link = exchanges(folder, "chat/credit")[0], exchanges(folder, "common/download-url")[0]
    state = Simulator(credits=str(credit["response"]["data"]))
    assert read(ask(state, "GET", "/api/v1/chat/credit")) == credit["response"]
    assert read(ask(state, "POST", "/api/v1/common/download-url", link["request"])) == link["response"]
