"""On real sockets: a simulated service reports to a receiver, and a client that waits returns."""

from __future__ import annotations

import asyncio
import contextlib
import http.client
import socket
import threading
from collections.abc import Iterator
from typing import Any
from wsgiref.simple_server import WSGIRequestHandler, make_server

import pytest
import uvicorn

from kie import PollPolicy, TaskStatus, simulated
from kie.models import NanoBananaPro
from kie.webhooks import Receiver, sign
from tests.processes import LONGEST, joined, until
from tests.webhooks.support import body_of

SECRET = "whsec_end_to_end"
CITY = NanoBananaPro(prompt="A futuristic city at sunset")
RARELY = PollPolicy(min_interval=100, max_interval=100)
"""So rarely that only a callback can end the wait within the time of a test."""


class Quiet(WSGIRequestHandler):
    def log_message(self, format: str, *args: Any) -> None:
        pass


@contextlib.contextmanager
def over_wsgi(**options: Any) -> Iterator[Receiver]:
    """A receiver behind the WSGI server of the standard library."""
    with make_server("127.0.0.1", 0, lambda *_: [], handler_class=Quiet) as server:
        receiver = Receiver(SECRET, url=f"http://127.0.0.1:{server.server_port}/kie", **options)
        server.set_app(receiver.wsgi)
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        try:
            yield receiver
        finally:
            server.shutdown()
            joined(thread)


@contextlib.contextmanager
def over_asgi(**options: Any) -> Iterator[Receiver]:
    """A receiver behind uvicorn, in a thread of its own."""
    listener = socket.create_server(("127.0.0.1", 0))
    receiver = Receiver(SECRET, url=f"http://127.0.0.1:{listener.getsockname()[1]}/kie", **options)
    config = uvicorn.Config(receiver.asgi, http="h11", ws="none", log_config=None, lifespan="on")
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]})
    thread.start()
    try:
        yield receiver
    finally:
        server.should_exit = True
        joined(thread)
        listener.close()


@pytest.fixture(params=[over_wsgi, over_asgi], ids=["wsgi", "asgi"])
def serve(request: pytest.FixtureRequest) -> Any:
    return request.param


def test_run_returns_when_the_callback_arrives(serve: Any) -> None:
    got: list[TaskStatus] = []
    with (
        simulated(speed=100, webhook_key=SECRET) as service,
        service.client(poll=RARELY) as client,
        serve(on_status=got.append) as receiver,
    ):
        result = client.run(CITY, via=receiver, timeout=90)
        until(lambda: service.state.deliveries)  # the service may still be reading what the receiver answered
    assert result.urls and [status.urls for status in got] == [result.urls]
    assert [outcome for _, outcome in service.state.deliveries] == ["200"]
    assert [operation for operation, _ in service.state.log] == ["createTask", "getTask"]


def test_run_of_an_async_client_returns_when_the_callback_arrives(serve: Any) -> None:
    async def run(receiver: Receiver) -> list[Any]:
        async with simulated(speed=100, webhook_key=SECRET) as service:
            client = service.async_client(poll=RARELY)
            results = await asyncio.gather(*(client.run(CITY, via=receiver, timeout=90) for _ in range(5)))
            assert [operation for operation, _ in service.state.log].count("getTask") == 5
            return results

    with serve() as receiver:
        results = asyncio.run(run(receiver))
    assert len({result.urls for result in results}) == 5


def test_a_report_whose_handler_failed_comes_again(serve: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("kie.simulator._server.CALLBACK_PAUSE", 0.01)
    tries: list[TaskStatus] = []
    done = threading.Event()

    def handle(status: TaskStatus) -> None:
        tries.append(status)
        if len(tries) == 1:
            raise RuntimeError("not now")
        done.set()

    with (
        simulated(speed=1000, webhook_key=SECRET) as service,
        service.client() as client,
        serve(on_status=handle) as receiver,
    ):
        client.submit(CITY, via=receiver)
        assert done.wait(LONGEST)
    assert len(tries) == 2
    assert service.state.deliveries[0][1] == "500"


def test_a_receiver_of_another_secret_falls_back_to_polling(serve: Any) -> None:
    with (
        simulated(speed=1000, webhook_key="another secret") as service,
        service.client() as client,
        serve() as receiver,
    ):
        assert client.run(CITY, via=receiver).urls
        assert {outcome for _, outcome in service.state.deliveries} <= {"401"}


def exchange(receiver: Receiver, raw: bytes) -> int:
    """Send bytes as they are, close the sending side, and read the status."""
    port = int(receiver.url.split(":")[2].split("/")[0])
    with socket.create_connection(("127.0.0.1", port), timeout=10) as connection:
        connection.sendall(raw)
        connection.shutdown(socket.SHUT_WR)
        answer = http.client.HTTPResponse(connection)
        answer.begin()
        return answer.status


def raw(body: bytes, signed: bytes, *, length: int | None = None, chunked: bool = False) -> bytes:
    headers = {**sign(signed, SECRET), "Host": "localhost", "Content-Type": "application/json", "Connection": "close"}
    if chunked:
        headers["Transfer-Encoding"] = "chunked"
        body = b"".join(b"%x\r\n%s\r\n" % (len(part), part) for part in (body[:50], body[50:])) + b"0\r\n\r\n"
    else:
        headers["Content-Length"] = str(len(body) if length is None else length)
    lines = ["POST /kie HTTP/1.1", *(f"{name}: {value}" for name, value in headers.items())]
    return "\r\n".join([*lines, "", ""]).encode() + body


def test_sockets_refuse_what_memory_refuses(serve: Any) -> None:
    good, large = body_of(), body_of(param="x" * 5000)
    with serve(max_bytes=1000) as receiver:
        assert exchange(receiver, raw(good, good)) == 200
        assert exchange(receiver, raw(good, good)) == 200
        assert exchange(receiver, raw(b"{}", good)) == 400
        assert exchange(receiver, raw(body_of("task_2"), good)) == 401
        assert exchange(receiver, raw(large, good)) == 413
    with over_wsgi() as receiver:
        assert exchange(receiver, raw(good, good, length=len(good) + 10)) == 400


def test_chunks_are_taken_from_a_server_that_reads_them() -> None:
    good, large = body_of(), body_of(param="x" * 5000)
    with over_asgi(max_bytes=1000) as receiver:
        assert exchange(receiver, raw(good, good, chunked=True)) == 200
        assert exchange(receiver, raw(large, good, chunked=True)) == 413
