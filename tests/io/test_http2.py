"""A submission over HTTP/2: once its first byte may have left, a fault in the answer leaves it unknown."""

from __future__ import annotations

import asyncio
import json
import socket
import struct
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager, suppress
from itertools import count
from typing import Any

import attrs
import httpx
import httpx2
import pytest

from kie import AsyncKie, Kie, RateLimit, SubmitUnknown, TransportFailed, no_retry
from kie._io.watch import Watch
from kie.models import NanoBananaPro
from tests.processes import LONGEST, joined

h2 = pytest.importorskip("h2", reason="the library for HTTP/2 is not installed")
from h2.config import H2Configuration  # noqa: E402
from h2.connection import H2Connection  # noqa: E402
from h2.events import DataReceived, PingAckReceived, StreamEnded  # noqa: E402

CITY = NanoBananaPro(prompt="A city")
ACCEPTED = json.dumps({"code": 200, "msg": "success", "data": {"taskId": "t"}}).encode()
KEYS = count()

Answer = Callable[[H2Connection, socket.socket, int], object]


def answered(connection: H2Connection, stream: int, length: int = len(ACCEPTED)) -> None:
    connection.send_headers(stream, [(":status", "200"), ("content-length", str(length))])
    connection.send_data(stream, ACCEPTED, end_stream=True)


def frame(kind: int, flags: int, stream: int, payload: bytes) -> bytes:
    return struct.pack(">I", len(payload))[1:] + bytes([kind, flags]) + struct.pack(">I", stream) + payload


def headers_then(kind: int, payload: bytes) -> Answer:
    def answer(connection: H2Connection, peer: socket.socket, stream: int) -> None:
        connection.send_headers(stream, [(":status", "200")])
        peer.sendall(connection.data_to_send() + frame(kind, 0x4, stream, payload))

    return answer


FAULTS: dict[str, Answer] = {
    "fewer bytes are announced": lambda c, peer, stream: answered(c, stream, len(ACCEPTED) - 5),
    "more bytes are announced": lambda c, peer, stream: answered(c, stream, len(ACCEPTED) + 5),
    "the stream is reset": lambda c, peer, stream: c.reset_stream(stream, 2),
    "the stream is refused": lambda c, peer, stream: c.reset_stream(stream, 7),
    "the connection goes away and names an earlier stream": lambda c, peer, stream: peer.sendall(
        frame(7, 0, 0, struct.pack(">II", max(stream - 2, 0), 0))
    ),
    "the connection goes away and names this stream": lambda c, peer, stream: peer.sendall(
        frame(7, 0, 0, struct.pack(">II", stream, 2))
    ),
    "the connection is closed": lambda c, peer, stream: peer.shutdown(socket.SHUT_RDWR),
    "a body without a head": lambda c, peer, stream: peer.sendall(frame(0, 1, stream, ACCEPTED)),
    "a window that grows by nothing": lambda c, peer, stream: peer.sendall(frame(8, 0, stream, bytes(4))),
    "a ping of three bytes": lambda c, peer, stream: peer.sendall(frame(6, 0, 0, b"123")),
    "headers that cannot be decoded": lambda c, peer, stream: peer.sendall(frame(1, 4, stream, b"\xff" * 6)),
    "a frame that is too large": headers_then(0, b"x" * 20_000),
    "a second head that ends nothing": headers_then(1, b"\x88"),
}


@attrs.define(eq=False)
class Server:
    """Takes submissions over HTTP/2, from which each creates a task, and answers when `together` are there.

    If there are several, each is followed by a ping, and `arrived` is released when the client has answered it. Nothing
    is then left for the client to read. The library takes no care of threads that write while another one reads: it may
    give two of them the same stream. After the answer, the server hangs up.
    """

    answer: Answer
    together: int = 1
    tasks: int = 0
    url: str = ""
    arrived: threading.Semaphore = attrs.field(factory=lambda: threading.Semaphore(0))
    spoken: threading.Event = attrs.field(factory=threading.Event)
    """Whether it has sent its settings to a client, as any server does at once."""

    def serve(self, peer: socket.socket) -> None:
        connection = H2Connection(
            H2Configuration(client_side=False, validate_outbound_headers=False, normalize_outbound_headers=False)
        )
        connection.initiate_connection()
        streams: list[int] = []
        with peer, suppress(Exception):  # what the client makes of a fault is its own matter
            peer.sendall(connection.data_to_send())
            self.spoken.set()
            while data := peer.recv(65536):
                for event in connection.receive_data(data):
                    if isinstance(event, DataReceived):
                        connection.acknowledge_received_data(event.flow_controlled_length, event.stream_id)
                    if isinstance(event, StreamEnded):
                        self.tasks += 1
                        streams.append(event.stream_id)
                        if self.together > 1:
                            connection.ping(b"all read")
                    if isinstance(event, PingAckReceived):
                        self.arrived.release()
                        if len(streams) == self.together:
                            self.answer(connection, peer, streams[-1])
                            peer.shutdown(socket.SHUT_WR)
                if self.together == 1 and streams:
                    self.answer(connection, peer, streams.pop())
                peer.sendall(connection.data_to_send())


@contextmanager
def serving(answer: Answer, together: int = 1) -> Iterator[Server]:
    server = Server(answer, together)
    listening = socket.create_server(("127.0.0.1", 0))
    server.url = f"http://127.0.0.1:{listening.getsockname()[1]}"

    def accept() -> None:
        with suppress(OSError):
            while True:
                threading.Thread(target=server.serve, args=(listening.accept()[0],), daemon=True).start()

    thread = threading.Thread(target=accept, daemon=True)
    thread.start()
    try:
        yield server
    finally:
        with suppress(OSError):
            listening.shutdown(socket.SHUT_RDWR)
        joined(thread)
        listening.close()


def options(url: str) -> dict[str, Any]:
    servers, unbounded = {"base_url": url, "upload_url": url}, {"breaker": None, "rate_limit": RateLimit.unlimited()}
    return {**servers, **unbounded, "retry": no_retry(), "request_timeout": 60.0}


def submitted(library: str, url: str) -> str:
    name, _, asynchronous = library.partition(", ")
    module: Any = {"httpx": httpx, "httpx2": httpx2}[name]
    if not asynchronous:
        own: Any = module.Client(http1=False, http2=True)
        with own, Kie(f"key-{next(KEYS)}", http_client=own, **options(url)) as client:
            return str(client.submit(CITY).ref)

    async def main() -> str:
        async with (
            module.AsyncClient(http1=False, http2=True) as own,
            AsyncKie(f"key-{next(KEYS)}", http_client=own, **options(url)) as client,
        ):
            return str((await client.submit(CITY)).ref)

    return asyncio.run(main())


LIBRARIES = ["httpx", "httpx2", "httpx, asynchronous", "httpx2, asynchronous"]


@pytest.mark.parametrize("library", LIBRARIES)
def test_a_submission_over_http2_gives_its_task(library: str) -> None:
    with serving(lambda connection, peer, stream: answered(connection, stream)) as server:
        assert submitted(library, server.url) == "t"
    assert server.tasks == 1


@pytest.mark.parametrize("library", LIBRARIES)
def test_the_settings_that_a_server_sends_first_are_not_taken_for_an_answer(
    library: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = Watch._before_writing

    def patient(self: Watch) -> None:
        assert server.spoken.wait(LONGEST)
        before(self)

    monkeypatch.setattr(Watch, "_before_writing", patient)
    with serving(lambda connection, peer, stream: answered(connection, stream)) as server:
        assert submitted(library, server.url) == "t"
    assert server.tasks == 1


@pytest.mark.parametrize("library", LIBRARIES)
@pytest.mark.parametrize("fault", FAULTS)
def test_a_fault_in_an_answer_over_http2_leaves_one_submission_unknown(fault: str, library: str) -> None:
    with serving(FAULTS[fault]) as server, pytest.raises(SubmitUnknown) as caught:
        submitted(library, server.url)
    assert caught.value.ref is None
    assert server.tasks == 1


@pytest.mark.parametrize("library", [httpx, httpx2])
@pytest.mark.parametrize("fault", ["a ping of three bytes", "the connection is closed"])
def test_one_bad_read_leaves_every_submission_on_that_connection_unknown(fault: str, library: Any) -> None:
    sent: list[Future[Any]] = []
    with (
        serving(FAULTS[fault], together=5) as server,
        library.Client(http1=False, http2=True) as own,
        Kie(f"key-{next(KEYS)}", http_client=own, **options(server.url)) as client,
        ThreadPoolExecutor(5) as pool,
    ):
        for _ in range(5):
            sent.append(pool.submit(client.submit, CITY))
            assert server.arrived.acquire(timeout=LONGEST)
        found = [future.exception() for future in sent]
    assert [type(error) for error in found] == [SubmitUnknown] * 5
    assert server.tasks == 5


@pytest.mark.parametrize("library", LIBRARIES)
def test_a_connection_for_http2_that_was_never_made_sent_nothing(library: str) -> None:
    with socket.socket() as taken:  # and so nobody else can listen there
        taken.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{taken.getsockname()[1]}"
        with pytest.raises(TransportFailed) as caught:
            submitted(library, url)
    assert caught.value.sent is False
