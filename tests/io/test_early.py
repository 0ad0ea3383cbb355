"""A server that answers an upload before it has the whole of it: what it says is heard."""

from __future__ import annotations

import io
import socket
import threading
from functools import partial

import pytest

from kie._core.call import FilePart, HttpRequest, Multipart, TransportError
from kie._io.early import EarlyAnswer, is_http1
from tests.io.test_deadline import CLIENTS, DRIVERS, send
from tests.io.test_proof import http
from tests.io.test_proof import server as listening

HELD = 60.0
"""Seconds for which a server that has answered holds a connection at most: the test fails if it needs them."""
SOON = 120.0
LARGE = 24 * 1024 * 1024
"""Bytes that no buffers on the way take."""
CONTINUE = b"HTTP/1.1 102 Processing\r\nA: b\r\n\r\n"

pytestmark = pytest.mark.filterwarnings("ignore:Async generator:ResourceWarning")  # the library's own, under trio

clients = pytest.mark.parametrize(
    ("driver", "client"), [(driver, client) for driver in DRIVERS for client in CLIENTS if "httpx2" not in client]
)


def upload(url: str, size: int = LARGE) -> HttpRequest:
    part = FilePart("a.mp4", content_type="video/mp4", open=partial(io.BytesIO, bytes(size)))
    return HttpRequest(method="POST", url=url, multipart=Multipart({}, file=part))


@clients
@pytest.mark.parametrize("status", [413, 401, 302, 500])
def test_a_refusal_ends_an_upload_though_the_server_reads_no_more_of_it(status: int, driver: str, client: str) -> None:
    over = threading.Event()

    def talk(connection: socket.socket, seen: list[bytes]) -> None:
        seen.append(connection.recv(1024))
        connection.sendall(CONTINUE + http(b"no", status))
        over.wait(HELD)

    with listening(talk) as (url, _):
        answer = send(driver, upload(url), CLIENTS[client], timeout=SOON)
        over.set()
    assert (answer.status, answer.body) == (status, b"no")


@clients
@pytest.mark.parametrize("early", [CONTINUE * 3, http(b"kept"), http(b"kept")[:20]], ids=["1xx", "200", "half of 200"])
def test_an_upload_goes_on_where_nobody_has_refused_it(early: bytes, driver: str, client: str) -> None:
    whole = http(b"kept")
    rest = whole if early.startswith(CONTINUE) else whole[len(early) :]
    read = threading.Event()

    def talk(connection: socket.socket, seen: list[bytes]) -> None:
        head = connection.recv(1024)
        connection.sendall(early)
        size = len(head)
        while size < LARGE and (piece := connection.recv(1024 * 1024)):
            size += len(piece)
        if size >= LARGE:
            read.set()
        connection.sendall(rest)

    with listening(talk) as (url, _):
        answer = send(driver, upload(url), CLIENTS[client], timeout=SOON)
        assert (answer.status, answer.body, read.wait(HELD)) == (200, b"kept", True)


@pytest.mark.parametrize("driver", DRIVERS)
def test_a_long_body_that_is_no_file_is_refused_early_too(driver: str) -> None:
    over = threading.Event()

    def talk(connection: socket.socket, seen: list[bytes]) -> None:
        seen.append(connection.recv(1024))
        connection.sendall(http(b"no", 413))
        over.wait(HELD)

    with listening(talk) as (url, _):
        answer = send(driver, HttpRequest(method="POST", url=url, content=bytes(LARGE)), timeout=SOON)
        over.set()
    assert answer.status == 413


@pytest.mark.parametrize("driver", DRIVERS)
def test_an_upload_whose_server_only_hangs_up_leaves_it_open_whether_it_arrived(driver: str) -> None:
    over = threading.Event()

    def talk(connection: socket.socket, seen: list[bytes]) -> None:
        seen.append(connection.recv(1024))
        connection.shutdown(socket.SHUT_WR)
        over.wait(HELD)

    with listening(talk) as (url, _):
        with pytest.raises(TransportError) as caught:
            send(driver, upload(url), timeout=SOON)
        over.set()
    assert (caught.value.sent, caught.value.timeout) == (None, False)


@pytest.mark.parametrize(
    ("came", "ends"),
    [
        (b"", False),
        (b"HTTP/1.1 41", False),
        (b"HTTP/1.1 413", True),
        (b"HTTP/1.0 302 Found\r\n", True),
        (b"HTTP/1.1 200 OK\r\n\r\n", False),
        (CONTINUE, False),
        (CONTINUE[:-2], False),
        (b"HTTP/1.1 100 \r\n\r\n" + CONTINUE + b"HTTP/1.1 401 X\r\n", True),
        (b"\x15\x03\x03 no protocol", True),
    ],
)
def test_what_came_early_ends_a_request_if_it_refuses_it(came: bytes, ends: bool) -> None:
    early = EarlyAnswer()
    for at in range(len(came)):
        early.add(came[at : at + 1])
    assert early.ends_the_request is ends
    assert early.room == (0 if ends else 64 * 1024 - len(came))
    assert early.take(5) + early.take(10**6) == came and not early


def test_what_comes_early_is_bounded_and_its_end_ends_the_request() -> None:
    early = EarlyAnswer()
    while early.room:
        early.add(CONTINUE[: early.room])
    assert len(early.take(10**6)) == 64 * 1024
    early.add(b"")
    assert early.ends_the_request


def test_over_http2_answers_come_at_any_time() -> None:
    assert not is_http1(b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n") and is_http1(b"POST /api HTTP/1.1\r\n")
