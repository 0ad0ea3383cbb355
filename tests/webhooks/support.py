"""Deliveries to a receiver, in process: over ASGI and over WSGI."""

from __future__ import annotations

import asyncio
import io
import json
from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from typing import Any
from wsgiref.validate import validator

import attrs

from kie.webhooks import Receiver, sign

SECRET = "whsec_test_key_1"
NOW = 1_767_225_600


class StillClock:
    """A clock for receivers that passes when it is told to."""

    def __init__(self) -> None:
        self.passed = 0.0

    def now(self) -> float:
        return self.passed

    def wall(self) -> datetime:
        return datetime.fromtimestamp(NOW + self.passed, UTC)


def body_of(task_id: str = "task_1", state: str = "success", **data: Any) -> bytes:
    result = {"resultJson": '{"resultUrls":["https://example.com/a.png"]}'} if state == "success" else {}
    return json.dumps(
        {"code": 200, "msg": "ok", "data": {"taskId": task_id, "state": state, **result, **data}}
    ).encode()


@attrs.frozen(kw_only=True)
class Delivery:
    """One request to a receiver. `length` is what Content-Length says: the truth, a lie, or None for chunks."""

    body: bytes = attrs.field(factory=body_of)
    method: str = "POST"
    headers: list[tuple[str, str]] | None = None
    at: int = NOW
    secret: str = SECRET
    content_type: str = "application/json"
    length: int | str | None = "true"
    pieces: int = 1
    lost: bool = False

    def all_headers(self) -> list[tuple[str, str]]:
        found = self.headers
        if found is None:
            found = list(sign(self.body, self.secret, now=self.at).items())
        found = [*found, ("Content-Type", self.content_type)]
        if self.length is None:
            return [*found, ("Transfer-Encoding", "chunked")]
        return [*found, ("Content-Length", str(len(self.body) if self.length == "true" else self.length))]


Answer = tuple[int, dict[str, Any], dict[str, str]]


def over_asgi(receiver: Receiver, delivery: Delivery) -> Answer:
    return asyncio.run(asgi(receiver, delivery))


async def asgi(receiver: Receiver, delivery: Delivery) -> Answer:
    scope = {
        "type": "http",
        "method": delivery.method,
        "path": "/",
        "headers": [(name.lower().encode(), value.encode()) for name, value in delivery.all_headers()],
    }
    size = max(1, -(-len(delivery.body) // delivery.pieces))
    parts = [delivery.body[start : start + size] for start in range(0, len(delivery.body), size)] or [b""]
    waiting = [{"type": "http.request", "body": part, "more_body": True} for part in parts]
    if delivery.lost:
        waiting.append({"type": "http.disconnect"})
    else:
        waiting[-1]["more_body"] = False
    sent: list[dict[str, Any]] = []

    async def receive() -> dict[str, Any]:
        return waiting.pop(0)

    async def send(message: dict[str, Any]) -> None:
        sent.append(message)

    await receiver.asgi(scope, receive, send)
    start, end = sent
    headers = {name.decode(): value.decode() for name, value in start["headers"]}
    return start["status"], json.loads(end["body"]), headers


class _Pieces(io.BytesIO):
    """A stream that gives as much as has arrived, and breaks or ends after that."""

    def __init__(self, delivery: Delivery) -> None:
        super().__init__(delivery.body)
        self._size = max(1, -(-len(delivery.body) // delivery.pieces))
        self._lost = delivery.lost

    def read(self, size: int | None = -1, /) -> bytes:
        found = super().read(min(size, self._size) if size and size > 0 else size)
        if self._lost and not found:
            raise ConnectionResetError
        return found


def over_wsgi(receiver: Receiver, delivery: Delivery) -> Answer:
    environ: dict[str, Any] = {
        "REQUEST_METHOD": delivery.method,
        "SCRIPT_NAME": "",
        "PATH_INFO": "/",
        "QUERY_STRING": "",
        "SERVER_NAME": "localhost",
        "SERVER_PORT": "80",
        "SERVER_PROTOCOL": "HTTP/1.1",
        "wsgi.version": (1, 0),
        "wsgi.url_scheme": "http",
        "wsgi.input": _Pieces(delivery),
        "wsgi.errors": io.StringIO(),
        "wsgi.multithread": True,
        "wsgi.multiprocess": False,
        "wsgi.run_once": False,
    }
    if delivery.length is None:
        environ["wsgi.input_terminated"] = True
    for name, value in delivery.all_headers():
        key = name.upper().replace("-", "_")
        key = key if key in ("CONTENT_TYPE", "CONTENT_LENGTH") else f"HTTP_{key}"
        environ[key] = f"{environ[key]},{value}" if key in environ else value
    started: list[tuple[str, list[tuple[str, str]]]] = []

    def start_response(status: str, headers: list[tuple[str, str]], exc_info: object = None) -> Callable[..., object]:
        started.append((status, headers))
        return lambda data: None

    # the validator of the standard library wants a true Content-Length: lies are tried without it
    application: Any = validator(receiver.wsgi) if delivery.length == "true" else receiver.wsgi
    parts: Iterable[bytes] = application(environ, start_response)
    answer = b"".join(parts)
    if hasattr(parts, "close"):
        parts.close()
    status, headers = started[0]
    return int(status.split()[0]), json.loads(answer), {name.lower(): value for name, value in headers}


WAYS = {"asgi": over_asgi, "wsgi": over_wsgi}
