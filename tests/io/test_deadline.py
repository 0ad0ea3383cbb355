"""Servers that always send something, and never an answer: no exchange takes longer than it may.

The connections are real, and time is virtual: it passes as pieces come, or when a silent server lets it.
"""

from __future__ import annotations

import asyncio
import gzip
import io
import os
import selectors
import socket
import threading
import zlib
from collections.abc import Callable, Coroutine, Iterator
from contextlib import closing, contextmanager, nullcontext, suppress
from importlib import import_module
from pathlib import Path
from time import monotonic
from types import SimpleNamespace
from typing import Any, TypeVar, cast

import attrs
import httpx
import httpx2
import pytest
import trio

from kie._core.call import FilePart, HttpRequest, HttpResponse, Multipart, TransportError
from kie._core.errors import DownloadFailed
from kie._flow.effects import Fetch, Fetched
from kie._flow.options import Options
from kie._io import bodies
from kie._io import deadline as deadlines
from kie._io.aio import AsyncDriver
from kie._io.process import Process
from kie._io.secrets import Secret
from kie._io.session import Session
from kie._io.sync import kept
from kie._io.transport import AsyncHttpxTransport, HttpxTransport
from tests.processes import joined

ALLOWED = 0.25
MOMENT = 0.002
"""Seconds after which an event loop on virtual time looks at the time again."""
AT_ONCE = 0.02
"""What is allowed where a blocking socket waits for real, for a server that is silent."""
PATIENCE = 60.0
"""Seconds that a blocking socket waits for real, beyond what is left on virtual time, for a server that sends."""
PIECE = 0.02
"""Seconds that pass with each piece that comes."""
ENOUGH = 60.0
LATE = 8.0
"""An exchange that has not ended by then would not end at all."""

Found = TypeVar("Found")

pytestmark = pytest.mark.filterwarnings("ignore:Async generator:ResourceWarning")  # the library's own, under trio

CHUNKED = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n"
FLOODS = {
    "header lines": (b"HTTP/1.1 200 OK\r\n", b"a: b\r\n"),
    "1xx answers": (b"", b"HTTP/1.1 102 Processing\r\n\r\n"),
    "1xx answers that are never whole": (b"HTTP/1.1 102 Processing\r\n", b"a: b\r\n"),
    "a status line": (b"HTTP/1.1 200 ", b"x"),
    "a chunk extension": (CHUNKED + b"\r\n1;", b"a"),
    "empty extensions of tiny chunks": (CHUNKED + b"\r\n", b"1;a=b\r\n \r\n"),
    "trailers": (CHUNKED + b"\r\n1\r\n \r\n0\r\n", b"a: b\r\n"),
    "empty pieces of gzip": (CHUNKED + b"Content-Encoding: gzip\r\n\r\na\r\n" + gzip.compress(b"")[:10] + b"\r\n",
                             b"5\r\n\x00\x00\x00\xff\xff\r\n"),
    "a body byte by byte": (b"HTTP/1.1 200 OK\r\nContent-Length: 1000000000\r\n\r\n", b" "),
    "nothing": (b"", b""),
}  # fmt: skip


class Time:
    """Seconds that pass only as pieces come: of so many bytes at most."""

    def __init__(self, size: int = 16) -> None:
        self.now = 0.0
        self.size = size
        self.patience = PATIENCE

    def monotonic(self) -> float:
        return self.now

    def came(self) -> None:
        self.now += PIECE
        assert self.now < LATE, "this exchange would not end"

    def passes(self) -> None:
        """Let all the time pass that any exchange is allowed."""
        self.now += 2 * ALLOWED


class Loop(asyncio.SelectorEventLoop):
    """An event loop on virtual time. It sleeps for moments only, and then looks at the time again."""

    def __init__(self, time: Time) -> None:
        super().__init__(Moments())
        self.time = time.monotonic  # type: ignore[method-assign]


class Moments(selectors.DefaultSelector):
    def select(self, timeout: float | None = None) -> list[tuple[selectors.SelectorKey, int]]:
        return super().select(MOMENT if timeout is None else min(timeout, MOMENT))


class TrioClock(trio.abc.Clock):
    """The same for trio."""

    def __init__(self, time: Time) -> None:
        self.time = time

    def start_clock(self) -> None:
        pass

    def current_time(self) -> float:
        return self.time.now

    def deadline_to_sleep_time(self, deadline: float) -> float:
        return min(max(0.0, deadline - self.time.now), MOMENT)


@pytest.fixture
def time(monkeypatch: pytest.MonkeyPatch) -> Time:
    """The time of all exchanges, in pieces of 16 bytes, each of which takes a moment."""
    time = Time()
    monkeypatch.setattr(deadlines, "time", time)
    for library in ("httpcore", "httpcore2"):
        for module, kind in (("sync", "SyncStream"), ("anyio", "AnyIOStream"), ("trio", "TrioStream")):
            stream = getattr(import_module(f"{library}._backends.{module}"), kind)
            monkeypatch.setattr(stream, "read", in_pieces(stream.read, time, asynchronous=module != "sync"))
    return time


def in_pieces(read: Callable[..., Any], time: Time, *, asynchronous: bool) -> Callable[..., Any]:
    def blocking(self: object, max_bytes: int, timeout: float | None = None) -> Any:
        # a socket waits for real: a machine that is slow for a moment must not count as a server that is silent
        found = read(self, min(max_bytes, time.size), None if timeout is None else timeout + time.patience)
        time.came()
        return found

    async def awaited(self: object, max_bytes: int, timeout: float | None = None) -> Any:
        found = await read(self, min(max_bytes, time.size), timeout)
        time.came()
        return found

    return awaited if asynchronous else blocking


def run(driver: str, time: Time | None, main: Callable[[], Coroutine[Any, Any, Found]]) -> Found:
    if driver == "trio":
        return trio.run(main, clock=None if time is None else TrioClock(time))
    with asyncio.Runner(loop_factory=None if time is None else lambda: Loop(time)) as runner:
        return runner.run(main())


@contextmanager
def server(
    begin: bytes, again: bytes | Iterator[bytes], pause: float = 0.02, time: Time | None = None
) -> Iterator[str]:
    """A server that answers every request with the first bytes, and then with the others forever.

    On virtual `time` it never pauses; if it is silent, all the time passes that there is.
    """
    if time is not None and not again:
        time.patience = 0.0
    listening = socket.create_server(("127.0.0.1", 0))
    over = threading.Event()

    def serve(connection: socket.socket) -> None:
        with connection, suppress(OSError):
            connection.recv(65536)
            connection.sendall(begin)
            if time is not None and not again:
                time.passes()
            while not over.wait(pause if time is None or not again else 0):
                connection.sendall(again if isinstance(again, bytes) else next(again, b""))

    def accept() -> None:
        with suppress(OSError):
            while True:
                threading.Thread(target=serve, args=(listening.accept()[0],), daemon=True).start()

    thread = threading.Thread(target=accept, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{listening.getsockname()[1]}"
    finally:
        over.set()
        with suppress(OSError):
            listening.shutdown(socket.SHUT_RDWR)  # wakes the thread that accepts
        joined(thread)
        listening.close()


def own(library: Any, asynchronous: bool) -> Any:
    return (library.AsyncClient if asynchronous else library.Client)()


CLIENTS: dict[str, Callable[[bool], Any]] = {
    "the default client": lambda _: None,
    "a client of httpx": lambda asynchronous: own(httpx, asynchronous),
    "a client of httpx2": lambda asynchronous: own(httpx2, asynchronous),
}
DRIVERS = ["sync", "asyncio", "trio"]


def send(
    driver: str,
    request: HttpRequest,
    client: Callable[[bool], Any] = lambda _: None,
    timeout: float = ALLOWED,
    time: Time | None = None,
) -> HttpResponse:
    if driver == "sync":
        made = client(False)
        with made or nullcontext(), closing(HttpxTransport(made)) as transport:
            return transport.send(request, timeout)

    async def sent() -> HttpResponse:
        made = client(True)
        async with made or nullcontext():
            transport = AsyncHttpxTransport(made)
            try:
                return await transport.send(request, timeout)
            finally:
                await transport.close()

    return run(driver, time, sent)


def get(url: str) -> HttpRequest:
    return HttpRequest(method="POST", url=f"{url}/x", content=b"{}", creates_task=True)


@pytest.mark.parametrize("driver", DRIVERS)
@pytest.mark.parametrize(
    ("flood", "client"),
    [(flood, "the default client") for flood in FLOODS]
    + [("header lines", "a client of httpx"), ("header lines", "a client of httpx2")],
)
def test_no_answer_takes_longer_than_its_exchange_may(flood: str, client: str, driver: str, time: Time) -> None:
    allowed = AT_ONCE if flood == "nothing" else ALLOWED
    with server(*FLOODS[flood], time=time) as url, pytest.raises(TransportError) as caught:
        send(driver, get(url), CLIENTS[client], allowed, time)

    assert caught.value.timeout
    assert caught.value.sent is None
    if flood != "nothing":
        assert allowed <= time.now <= allowed + 2 * PIECE


@pytest.mark.parametrize("driver", DRIVERS)
def test_a_handshake_that_never_ends_is_cut_off_and_proves_that_nothing_was_sent(driver: str, time: Time) -> None:
    with server(b"", b"", time=time) as url, pytest.raises(TransportError) as caught:
        send(driver, get(url.replace("http:", "https:")), timeout=AT_ONCE, time=time)

    assert caught.value.timeout
    assert caught.value.sent is False


@pytest.mark.parametrize("driver", DRIVERS)
@pytest.mark.parametrize("answer", [(b"HTTP/1.1 200 OK\r\n", b"a: b\r\n"), (b"", b"HTTP/1.1 102 Wait\r\n\r\n")])
def test_a_proxy_that_never_connects_is_cut_off(
    driver: str, answer: tuple[bytes, bytes], time: Time, monkeypatch: pytest.MonkeyPatch
) -> None:
    with server(*answer, time=time) as url:
        monkeypatch.setenv("HTTPS_PROXY", url)
        with pytest.raises(TransportError) as caught:
            send(driver, get("https://api.kie.ai"), time=time)

    assert caught.value.timeout
    assert ALLOWED <= time.now <= ALLOWED + 2 * PIECE


def test_a_host_with_many_addresses_that_do_not_answer_gets_no_more_time(monkeypatch: pytest.MonkeyPatch) -> None:
    waited: list[float] = []

    class SyncBackend:
        def connect_tcp(self, host: str, port: int, timeout: float, **options: object) -> object:
            waited.append(timeout)
            clock[0] += timeout * 0.75
            raise httpx2.ConnectTimeout(host)

    clock = [0.0]
    monkeypatch.setattr(deadlines, "time", SimpleNamespace(monotonic=lambda: clock[0]))
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: [(0, 0, 0, "", (f"{n}", 0)) for n in "abc"])
    client = httpx2.Client()
    pool: Any = client._transport
    pool._pool._network_backend = SyncBackend()
    transport = HttpxTransport(client)

    with pytest.raises(TransportError):
        transport.send(get("http://many.example"), 8.0)

    client.close()
    assert waited == [8.0, 2.0, 0.5]


class SlowStream:
    """A peer that takes each piece only after three quarters of the time, and then answers."""

    def __init__(self, clock: list[float]) -> None:
        self.clock = clock
        self.taken = 0
        self.answer = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}"

    def write(self, buffer: bytes, timeout: float) -> None:
        self.taken += len(buffer)
        self.clock[0] += 0.75 * ALLOWED

    def read(self, size: int, timeout: float) -> bytes:
        found, self.answer = self.answer, b""
        return found

    def close(self) -> None:
        pass

    def get_extra_info(self, _: str) -> None:
        return None


@pytest.mark.parametrize("upload", [True, False])
def test_an_upload_may_take_as_long_as_it_moves_and_another_request_may_not(
    upload: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    clock = [0.0]
    monkeypatch.setattr(deadlines, "time", SimpleNamespace(monotonic=lambda: clock[0]))
    stream = SlowStream(clock)
    client = httpx2.Client()
    pool: Any = client._transport
    pool._pool._network_backend = SimpleNamespace(connect_tcp=lambda *_, **__: stream)
    transport = HttpxTransport(client)
    part = FilePart("a.bin", content_type="application/octet-stream", open=lambda: io.BytesIO(bytes(10**6)))
    request = HttpRequest(
        method="POST", url="http://slow.example/x", multipart=Multipart({}, file=part) if upload else None
    )
    if upload:
        assert transport.send(request, ALLOWED).status == 200
        assert stream.taken > 10**6
    else:
        with pytest.raises(TransportError, match=r"timed out after 0\.25 s") as caught:
            transport.send(attrs.evolve(request, content=bytes(10**6)), ALLOWED)
        assert caught.value.sent is None
        assert stream.taken < 10**5
    client.close()


def many_times(body: bytes, times: int) -> bytes:
    for _ in range(times):
        body = gzip.compress(body, 9)
    return body


@contextmanager
def answering(body: bytes, *headers: bytes) -> Iterator[str]:
    head = b"\r\n".join([b"HTTP/1.1 200 OK", b"Content-Length: %d" % len(body), *headers])
    with server(head + b"\r\n\r\n" + body, b"") as url:
        yield url


@pytest.mark.parametrize("driver", DRIVERS)
@pytest.mark.parametrize("client", CLIENTS)
def test_an_answer_that_is_encoded_more_than_once_is_refused(client: str, driver: str) -> None:
    encoding = b"Content-Encoding: gzip, gzip, gzip"
    with answering(many_times(bytes(10**7), 3), encoding) as url, pytest.raises(TransportError, match="not requested"):
        send(driver, get(url), CLIENTS[client], ENOUGH)


@pytest.mark.parametrize("driver", DRIVERS)
@pytest.mark.parametrize("client", CLIENTS)
def test_an_answer_that_is_too_large_once_decoded_is_cut_off(
    client: str, driver: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bodies, "MAX_ANSWER", 10_000)
    large = many_times(bytes(10_001), 1)
    with answering(large, b"Content-Encoding: gzip") as url, pytest.raises(TransportError, match="than 10,000 bytes"):
        send(driver, get(url), CLIENTS[client], ENOUGH)


@pytest.mark.parametrize("driver", DRIVERS)
@pytest.mark.parametrize("client", CLIENTS)
@pytest.mark.parametrize(
    "sent",
    [
        gzip.compress(b'{"code":200}'),
        gzip.compress(b'{"code"') + gzip.compress(b":200}"),
        gzip.compress(b'{"code":200}') + b"no gzip",
        gzip.compress(b'{"code":200}') + zlib.compress(b" "),
    ],
    ids=["one member", "two members", "one and something else", "one and another encoding"],
)
def test_an_answer_in_gzip_is_read(sent: bytes, client: str, driver: str) -> None:
    with answering(sent, b"Content-Encoding: GZIP") as url:
        assert send(driver, get(url), CLIENTS[client], ENOUGH).body == b'{"code":200}'


@pytest.mark.parametrize("driver", DRIVERS)
@pytest.mark.parametrize(
    "body", [gzip.compress(b'{"code":200}', mtime=0)[:-9], b"no gzip at all", zlib.compress(b"{}")]
)
def test_an_answer_whose_gzip_is_broken_is_an_error_and_no_text(driver: str, body: bytes) -> None:
    with answering(body, b"Content-Encoding: gzip") as url, pytest.raises(TransportError, match="gzip"):
        send(driver, get(url), timeout=ENOUGH)


def download(
    driver: str, url: str, folder: Path, limit: int = 10**9, *, allowed: float = ALLOWED, time: Time | None = None
) -> Fetched:
    """What the driver makes of a download, without the guard of private addresses."""
    fetch = Fetch(url, str(folder), "a", allowed, limit)
    if driver == "sync":
        with closing(HttpxTransport()) as blocking, blocking.stream(url, {}, allowed) as answer:
            return kept(fetch, answer)

    async def fetched() -> Fetched:
        transport = AsyncHttpxTransport()
        try:
            session = Session.make(Options(), api_key=Secret("a-key-of-some-length"), process=Process())
            found = await AsyncDriver(session, transport).perform(fetch)
            return cast("Fetched", found)
        finally:
            await transport.close()

    return run(driver, time, fetched)


def fetch(driver: str, url: str) -> bytes:
    if driver == "sync":
        with closing(HttpxTransport()) as blocking, blocking.stream(url, {}, ENOUGH) as answer:
            return b"".join(answer.chunks)

    async def fetched() -> bytes:
        transport = AsyncHttpxTransport()
        try:
            async with transport.stream(url, {}, ENOUGH) as answer:
                return b"".join([chunk async for chunk in answer.chunks])
        finally:
            await transport.close()

    return run(driver, None, fetched)


@pytest.mark.parametrize("driver", DRIVERS)
@pytest.mark.parametrize("flood", FLOODS)
def test_a_download_that_stands_still_is_cut_off_whatever_else_is_sent(
    flood: str, driver: str, time: Time, tmp_path: Path
) -> None:
    allowed = AT_ONCE if flood == "nothing" else ALLOWED
    expected = pytest.raises((TransportError, httpx2.TimeoutException))
    with server(*FLOODS[flood], time=time) as url, expected as caught:
        download(driver, f"{url}/a.png", tmp_path, allowed=allowed, time=time)

    assert getattr(caught.value, "timeout", True)
    if flood != "nothing":
        assert allowed <= time.now <= 2 * (allowed + 2 * PIECE), "the headers, and then the content"
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("driver", DRIVERS)
@pytest.mark.parametrize("encoded", [False, True])
def test_a_download_may_take_as_long_as_its_content_comes(
    encoded: bool, driver: str, time: Time, tmp_path: Path
) -> None:
    """In pieces of half a kilobyte, for four times as long as it may stand still."""
    time.size = 512
    content = b"GIF89a" + os.urandom(25_000) + b";"
    sent = gzip.compress(content) if encoded else content
    parts = iter(sent[start : start + 512] for start in range(0, len(sent), 512))
    encoding = b"Content-Encoding: gzip\r\n" if encoded else b""
    head = b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n%s\r\n" % (len(sent), encoding)
    with server(head, parts, time=time) as url:
        got = download(driver, f"{url}/a.gif", tmp_path, time=time)

    assert got.path is not None
    assert time.now >= 4 * ALLOWED - PIECE
    assert Path(got.path).read_bytes() == content


@pytest.mark.parametrize("driver", DRIVERS)
def test_a_download_of_encoded_nothing_ends_where_its_limit_is(driver: str, tmp_path: Path) -> None:
    begin, again = FLOODS["empty pieces of gzip"]
    with server(begin, again * 10_000, 0) as url:
        began = monotonic()
        with pytest.raises((DownloadFailed, TransportError)) as caught:
            download(driver, f"{url}/a.png", tmp_path, limit=1000)

    assert monotonic() - began < ENOUGH, "it ends"
    assert list(tmp_path.iterdir()) == []
    assert "max_download" in str(caught.value) or "timed out" in str(caught.value)


@pytest.mark.parametrize("driver", DRIVERS)
def test_a_download_whose_name_leads_into_a_private_network_sends_nothing(
    driver: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The name passed the first look; only now does it lead to this machine."""
    listening = socket.create_server(("127.0.0.1", 0))
    real = socket.getaddrinfo
    monkeypatch.setattr(socket, "getaddrinfo", lambda host, *more, **options: real("127.0.0.1", *more, **options))

    with pytest.raises(DownloadFailed, match=r"resolves to 127\.0\.0\.1, a private address"):
        fetch(driver, f"http://files.example.com:{listening.getsockname()[1]}/a.png")

    asked: list[bytes] = []
    listening.setblocking(False)
    with listening, suppress(BlockingIOError), listening.accept()[0] as connection:
        connection.settimeout(ENOUGH)
        asked.append(connection.recv(65536))
    assert asked in ([], [b""])


@pytest.mark.parametrize("library", [httpx, httpx2])
@pytest.mark.parametrize("asynchronous", [False, True])
def test_every_connection_of_a_client_is_bounded_also_those_through_a_proxy(library: Any, asynchronous: bool) -> None:
    """It stands on attributes that the library does not document: if one has moved, no exchange would be bounded."""
    cls = library.AsyncClient if asynchronous else library.Client
    client: Any = cls(mounts={"https://": type(cls()._transport)(proxy="http://127.0.0.1:9")})
    deadlines.wrap(client)

    pools = [transport._pool for transport in (client._transport, *client._mounts.values())]
    kind = deadlines._AsyncBackend if asynchronous else deadlines._Backend
    assert [type(pool._network_backend) for pool in pools] == [kind, kind]
    assert [pool._network_backend._direct for pool in pools] == [True, False]
    before = [pool._network_backend for pool in pools]
    deadlines.wrap(client)
    assert [pool._network_backend for pool in pools] == before
