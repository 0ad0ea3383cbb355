"""Reports on ended tasks."""

from __future__ import annotations

import asyncio
import base64
import hashlib
import hmac
import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any

import pytest

from kie import simulated
from kie._records.callbacks import signature as sign
from kie.models import NanoBananaPro
from kie.simulator import Simulator
from tests.processes import LONGEST, joined
from tests.simulator.support import CITY, LATER, accept, poll

HOOK = "http://127.0.0.1:9/hook"


@pytest.mark.parametrize(
    ("key", "task_id", "timestamp", "signature"),
    [
        ("whsec_test_key_1", "task_12345678", "1767225600", "03ZZXyTtpn8UMxZtoF1RJiY42b+EIF1uH4q8yFFPOmY="),
        (
            "another-key",
            "e989621f54392584b05867f87b160672",
            "1755599644",
            "HqfYUKXFawLXRlkexmprXYtPcu+OU2ZLd2JQySnpyEg=",
        ),
    ],
)
def test_signatures_match_the_known_ones(key: str, task_id: str, timestamp: str, signature: str) -> None:
    assert sign(key, task_id, timestamp) == signature


def test_a_callback_has_the_shape_of_a_record_and_the_balance() -> None:
    state = Simulator(wall_offset=1000.0)
    task_id = accept(state, {**CITY, "callBackUrl": HOOK})
    assert state.due_callbacks(1.0) == []
    [callback] = state.due_callbacks(LATER)
    body = json.loads(callback.body)
    record = poll(state, task_id, now=LATER)["data"]
    assert (callback.url, body["code"]) == (HOOK, 200)
    data = body["data"]
    assert (data.pop("consumeCredits"), data.pop("remainedCredits")) == (18, 982)
    assert data.pop("updateTime") == record["completeTime"]
    for newer in ("creditsConsumed", "operationType", "response", "successFlag", "paramJson"):
        del record[newer]
    assert data == record
    assert json.loads(record["param"])["callBackUrl"] == HOOK
    assert state.due_callbacks(LATER) == []


def test_a_failed_task_is_reported_with_code_501_and_costs_nothing() -> None:
    state = Simulator(faults=[{"on": "createTask", "do": "fail_task", "code": "500", "msg": "no"}])
    accept(state, {**CITY, "callBackUrl": HOOK})
    [callback] = state.due_callbacks(LATER)
    body = json.loads(callback.body)
    assert body["code"] == 501
    data = body["data"]
    assert (data["state"], data["failCode"], data["failMsg"], data["resultJson"]) == ("fail", "500", "no", None)
    assert (data["consumeCredits"], data["remainedCredits"]) == (0.0, 1000.0)


def test_callbacks_are_signed_only_with_a_key() -> None:
    for key in (None, "secret"):
        state = Simulator(webhook_key=key, wall_offset=5000.0)
        task_id = accept(state, {**CITY, "callBackUrl": HOOK})
        [callback] = state.due_callbacks(LATER)
        stamp = callback.headers.get("x-webhook-timestamp")
        if key is None:
            assert stamp is None
            assert "x-webhook-signature" not in callback.headers
        else:
            assert stamp == "15000"
            digest = hmac.new(b"secret", f"{task_id}.{stamp}".encode(), hashlib.sha256).digest()
            assert base64.b64decode(callback.headers["x-webhook-signature"]) == digest


def test_the_next_callback_is_known_beforehand() -> None:
    state = Simulator()
    accept(state)
    assert state.next_callback() is None
    accept(state, {**CITY, "callBackUrl": HOOK})
    assert 5 < (state.next_callback() or 0) < 11
    poll(state, "x", now=LATER)
    assert state.next_callback() is not None
    state.due_callbacks(LATER)
    assert state.next_callback() is None


@contextmanager
def receiver(*statuses: int) -> Iterator[tuple[str, list[tuple[dict[str, str], Any]], threading.Event]]:
    """A server that notes what it is posted, and answers with these statuses in turn; then the event is set."""
    got: list[tuple[dict[str, str], Any]] = []
    done = threading.Event()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = json.loads(self.rfile.read(int(self.headers["content-length"])))
            got.append(({name.lower(): value for name, value in self.headers.items()}, body))
            self.send_response(statuses[len(got) - 1])
            self.send_header("content-length", "0")
            self.end_headers()
            if len(got) == len(statuses):
                done.set()

        def log_message(self, format: str, *args: object) -> None:
            pass

    with HTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_port}/hook?x=1", got, done
        finally:
            server.shutdown()
            joined(thread)


def test_a_running_service_posts_signed_callbacks_and_tries_again(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("kie.simulator._server.CALLBACK_PAUSE", 0.01)
    with receiver(500, 200) as (url, got, done), simulated(speed=200, webhook_key="secret") as service:
        task = service.client().submit(NanoBananaPro(prompt="x"), callback_url=url)
        assert done.wait(LONGEST)
        headers, body = got[1]
        assert got[0] == got[1]
        assert body["data"]["taskId"] == task.id
        assert headers["x-webhook-signature"] == sign("secret", task.id, headers["x-webhook-timestamp"])
    assert [outcome for _, outcome in service.state.deliveries][:1] == ["500"]


def test_three_failed_deliveries_are_the_end() -> None:
    from kie.simulator._server import Server

    async def run() -> list[tuple[str, str]]:
        state = Simulator()
        accept(state, {**CITY, "callBackUrl": HOOK})
        [callback] = state.due_callbacks(LATER)
        server = object.__new__(Server)
        server.state = state
        await server._post(callback)
        return state.deliveries

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("kie.simulator._server.CALLBACK_PAUSE", 0.001)
        assert asyncio.run(run()) == [(HOOK, "ConnectError")] * 3


@pytest.mark.parametrize("url", ["https://example.com/hook", "http://example.com/hook", "https://127.0.0.1/hook"])
def test_nothing_is_posted_to_other_machines(url: str) -> None:
    from kie.simulator._server import Server

    async def run() -> list[tuple[str, str]]:
        state = Simulator()
        accept(state, {**CITY, "callBackUrl": url})
        [callback] = state.due_callbacks(LATER)
        server = object.__new__(Server)
        server.state = state
        await server._post(callback)
        return state.deliveries

    assert asyncio.run(run()) == [(url, "refused: it is not http on this machine")]
