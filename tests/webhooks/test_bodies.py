"""How much of a body a receiver reads: no more than its limit, whatever the sender says or goes on sending."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from kie import AsyncKie
from kie.webhooks import Receiver
from tests.webhooks.support import NOW, SECRET, Delivery, StillClock, over_wsgi

LIMIT = 1000


def receiver(**options: Any) -> Receiver:
    return Receiver(SECRET, max_bytes=LIMIT, clock=StillClock(), **options)


def signed(*, length: int | None = None) -> Delivery:
    return Delivery(at=NOW, length=length)


class Endless:
    """A stream that never ends. `given` is what was read of it."""

    def __init__(self) -> None:
        self.given = 0
        self.asked: list[int] = []

    def read(self, size: int) -> bytes:
        assert self.given <= 2 * LIMIT, "it is read without bound"
        self.asked.append(size)
        self.given += min(size, 100)
        return b"x" * min(size, 100)


def environ(stream: Endless, length: int | None) -> dict[str, Any]:
    headers = {f"HTTP_{name.upper().replace('-', '_')}": value for name, value in signed().all_headers()[:-2]}
    sized = {"wsgi.input_terminated": True} if length is None else {"CONTENT_LENGTH": str(length)}
    return {"REQUEST_METHOD": "POST", "wsgi.input": stream, **headers, **sized}


def status_of(made: Receiver, request: dict[str, Any]) -> int:
    answered: list[str] = []
    app: Any = made.wsgi
    list(app(request, lambda status, headers: answered.append(status)))
    return int(answered[0][:3])


def test_a_wsgi_body_of_unknown_length_is_read_to_one_byte_over_the_limit() -> None:
    stream = Endless()
    assert status_of(receiver(), environ(stream, None)) == 413
    assert stream.given == LIMIT + 1


def test_no_more_of_a_wsgi_body_is_read_than_it_says_to_have() -> None:
    stream = Endless()
    status_of(receiver(), environ(stream, 250))
    assert stream.given == 250
    assert stream.asked == [250, 150, 50]


@pytest.mark.parametrize("pieces", [[LIMIT + 1], [LIMIT, 1], [400] * 3])
def test_an_asgi_body_is_not_read_on_once_it_is_too_large(pieces: list[int]) -> None:
    waiting = [{"type": "http.request", "body": b"x" * size, "more_body": True} for size in pieces]
    sent: list[dict[str, Any]] = []

    async def receive() -> dict[str, Any]:
        assert waiting, "it is read on"
        return waiting.pop(0)

    async def send(message: dict[str, Any]) -> None:
        sent.append(message)

    headers = [(name.lower().encode(), value.encode()) for name, value in signed().all_headers()]
    scope = {"type": "http", "method": "POST", "path": "/", "headers": headers}
    asyncio.run(receiver().asgi(scope, receive, send))
    assert sent[0]["status"] == 413


def test_an_asgi_sender_who_hangs_up_is_not_waited_for() -> None:
    waiting: list[dict[str, Any]] = [
        {"type": "http.request", "body": b"x", "more_body": True},
        {"type": "http.disconnect"},
    ]
    sent: list[dict[str, Any]] = []

    async def receive() -> dict[str, Any]:
        assert waiting, "it is read on"
        return waiting.pop(0)

    async def send(message: dict[str, Any]) -> None:
        sent.append(message)

    headers = [(name.lower().encode(), value.encode()) for name, value in signed().all_headers()]
    scope = {"type": "http", "method": "POST", "path": "/", "headers": headers}
    asyncio.run(receiver().asgi(scope, receive, send))
    assert sent[0]["status"] == 400


def test_an_async_client_cannot_confirm_under_wsgi(caplog: pytest.LogCaptureFixture) -> None:
    client = AsyncKie(api_key="simulated")
    status, _, _ = over_wsgi(receiver(confirm=client), Delivery(at=NOW))
    assert status == 500
    assert "an AsyncKie cannot confirm under WSGI" in caplog.text
