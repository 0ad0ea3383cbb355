"""The one place that knows an HTTP library: users' own clients, errors, pools, open files."""

from __future__ import annotations

import asyncio
import gzip
import io
import os
import re
import ssl
import threading
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import closing, suppress
from functools import partial
from types import ModuleType, SimpleNamespace
from typing import Any

import httpx
import httpx2
import pytest

from kie import AsyncKie, ConfigError, Kie
from kie._core.call import FilePart, HttpRequest, HttpResponse, Multipart, TransportError
from kie._io import bodies
from kie._io.offload import in_thread
from kie._io.pools import IDLE_FOR_SUBMISSIONS
from kie._io.transport import AsyncHttpxTransport, HttpxTransport
from kie.models import NanoBananaPro
from tests.io.test_deadline import DRIVERS, answering, send
from tests.processes import LONGEST, exit_code, joined

URL = "https://api.kie.ai/api/v1/chat/credit"
GET = HttpRequest(method="GET", url=URL)
LIBRARIES = {"httpx": httpx, "httpx2": httpx2}

Handler = Callable[[Any], Any]


class Rig:
    """A user's client over a handler, and our transport over that client."""

    def __init__(self, library: ModuleType, asynchronous: bool, handler: Handler, **settings: Any) -> None:
        self.library = library
        self.asynchronous = asynchronous
        mock = library.MockTransport(handler)
        self.client = (library.AsyncClient if asynchronous else library.Client)(transport=mock, **settings)
        self.transport: Any = (AsyncHttpxTransport if asynchronous else HttpxTransport)(self.client)

    def send(self, request: HttpRequest = GET, timeout: float = 7.0) -> HttpResponse:
        sent: Any = self.transport.send(request, timeout)
        answer: HttpResponse = asyncio.run(sent) if self.asynchronous else sent
        return answer

    def fetch(self, url: str, headers: dict[str, str], timeout: float = 7.0) -> tuple[int, bytes]:
        return (
            asyncio.run(self._afetch(url, headers, timeout))
            if self.asynchronous
            else self._fetch(url, headers, timeout)
        )

    def _fetch(self, url: str, headers: dict[str, str], timeout: float) -> tuple[int, bytes]:
        with self.transport.stream(url, headers, timeout) as answer:
            return answer.status, b"".join(answer.chunks)

    async def _afetch(self, url: str, headers: dict[str, str], timeout: float) -> tuple[int, bytes]:
        async with self.transport.stream(url, headers, timeout) as answer:
            return answer.status, b"".join([chunk async for chunk in answer.chunks])

    def close(self) -> None:
        closing = self.transport.close()
        if self.asynchronous:
            asyncio.run(closing)

    def body(self, chunks: Iterator[bytes], closed: list[bool]) -> Any:
        """A response body that is made while it is read, and notes when it is closed."""
        base = self.library.AsyncByteStream if self.asynchronous else self.library.SyncByteStream

        class Body(base):  # type: ignore[misc, valid-type]
            def __iter__(self) -> Iterator[bytes]:
                yield from chunks

            async def __aiter__(self) -> AsyncIterator[bytes]:
                for chunk in chunks:
                    yield chunk

            def close(self) -> None:
                closed.append(True)

            async def aclose(self) -> None:
                closed.append(True)

        return Body()


@pytest.fixture(params=[(name, mode) for name in LIBRARIES for mode in ("sync", "async")], ids="-".join)
def rig(request: pytest.FixtureRequest) -> Callable[..., Rig]:
    """Makes a `Rig` for each library, blocking and not."""
    name, mode = request.param

    def make(handler: Handler | None = None, **settings: Any) -> Rig:
        library: Any = LIBRARIES[name]
        return Rig(library, mode == "async", handler or (lambda _: library.Response(200, text="{}")), **settings)

    return make


def test_a_request_goes_through_a_users_client_as_it_is(rig: Callable[..., Rig]) -> None:
    seen: list[Any] = []
    made: Rig = rig(
        lambda request: seen.append(request) or made.library.Response(201, headers={"X-Y": "z"}, content=b"ok")
    )
    request = HttpRequest(
        method="POST", url=f"{URL}?a=b%20c", headers={"Authorization": "Bearer k"}, content=b'{"a":1}'
    )

    answer = made.send(request)

    assert (answer.status, answer.body, answer.headers["x-y"]) == (201, b"ok", "z")
    assert (seen[0].method, str(seen[0].url), seen[0].content) == ("POST", f"{URL}?a=b%20c", b'{"a":1}')
    assert seen[0].headers["authorization"] == "Bearer k"
    assert seen[0].headers["accept-encoding"] == "gzip", "nothing else is decoded"


def test_a_redirect_is_not_followed_even_if_the_users_client_follows(rig: Callable[..., Rig]) -> None:
    seen: list[str] = []
    made: Rig = rig(
        lambda request: (
            seen.append(str(request.url)) or made.library.Response(302, headers={"location": "https://x.example"})
        ),
        follow_redirects=True,
    )
    assert made.send().status == 302
    assert made.fetch("https://files.example/a.png", {})[0] == 302
    assert seen == [URL, "https://files.example/a.png"]


def test_every_request_brings_its_own_timeout(rig: Callable[..., Rig]) -> None:
    seen: list[Any] = []
    made: Rig = rig(
        lambda request: seen.append(request.extensions["timeout"]) or made.library.Response(200), timeout=99
    )
    made.send(timeout=7)
    made.fetch(URL, {}, timeout=8)
    assert seen == [dict.fromkeys(("connect", "read", "write", "pool"), seconds) for seconds in (7, 8)]


def test_closing_leaves_a_users_client_open(rig: Callable[..., Rig]) -> None:
    made: Rig = rig()
    made.send()
    made.close()
    assert not made.client.is_closed
    assert made.send().status == 200


@pytest.mark.parametrize("library", LIBRARIES)
def test_kie_takes_a_users_client_and_does_not_close_it(library: str) -> None:
    module: Any = LIBRARIES[library]
    answer = '{"code":200,"msg":"success","data":12.5}'
    client = module.Client(transport=module.MockTransport(lambda _: module.Response(200, text=answer)))
    with Kie("key", http_client=client) as kie:
        assert str(kie.credits()) == "12.5"
    assert not client.is_closed


@pytest.mark.parametrize("library", LIBRARIES)
def test_async_kie_takes_a_users_client_and_does_not_close_it(library: str) -> None:
    module: Any = LIBRARIES[library]
    answer = '{"code":200,"msg":"success","data":12.5}'
    client = module.AsyncClient(transport=module.MockTransport(lambda _: module.Response(200, text=answer)))

    async def main() -> None:
        async with AsyncKie("key", http_client=client) as kie:
            assert str(await kie.credits()) == "12.5"

    asyncio.run(main())
    assert not client.is_closed


ERRORS = {
    "ConnectError": (False, False),
    "ConnectTimeout": (False, True),
    "PoolTimeout": (False, True),
    "UnsupportedProtocol": (False, False),
    "LocalProtocolError": (None, False),
    "ReadTimeout": (None, True),
    "WriteTimeout": (None, True),
    "ReadError": (None, False),
    "WriteError": (None, False),
    "CloseError": (None, False),
    "RemoteProtocolError": (None, False),
    "ProxyError": (None, False),
    "DecodingError": (None, False),
}


@pytest.mark.parametrize("name", ERRORS)
def test_an_error_says_whether_the_request_can_have_arrived(name: str, rig: Callable[..., Rig]) -> None:
    def fail(request: Any) -> Any:
        raise getattr(made.library, name)("it went wrong", request=request)

    made: Rig = rig(fail)
    for action in (made.send, lambda: made.fetch(URL, {})):
        with pytest.raises(TransportError, match="it went wrong") as caught:
            action()
        assert (caught.value.sent, caught.value.timeout) == ERRORS[name]


CERTIFICATES = {
    18: ("self-signed certificate", "is not trusted (self-signed certificate)", "in SSL_CERT_FILE"),
    20: ("unable to get local issuer certificate", "is not trusted (unable", "update the certificates of this machine"),
    10: ("certificate has expired", "is not valid now (certificate has expired)", "check the clock"),
    9: ("certificate is not yet valid", "is not valid now", "check the clock"),
    62: (
        "Hostname mismatch, certificate is not valid for 'a'.",
        "for another host (Hostname mismatch",
        "check the URL",
    ),
}


@pytest.mark.parametrize("says", [True, False], ids=["with a text", "without one, as under trio"])
@pytest.mark.parametrize("code", CERTIFICATES)
def test_a_certificate_that_is_refused_says_why_and_what_to_do(
    code: int, says: bool, rig: Callable[..., Rig], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("SSL_CERT_FILE", raising=False)
    monkeypatch.setenv("SSL_CERT_DIR", "/a/folder")
    why, what, do = CERTIFICATES[code]

    def fail(request: Any) -> Any:
        fault = ssl.SSLCertVerificationError(1, f"[SSL: CERTIFICATE_VERIFY_FAILED] {why} (_ssl.c:1006)")
        fault.verify_code, fault.verify_message = code, why
        try:
            raise ConnectionError from fault
        except ConnectionError as broken:
            raise made.library.ConnectError(str(fault) if says else "", request=request) from broken

    made: Rig = rig(fail)
    for action in (made.send, lambda: made.fetch(URL, {})):
        with pytest.raises(TransportError) as caught:
            action()
        text = str(caught.value)
        assert caught.value.sent is False
        assert text.startswith(f"the server's certificate {'is ' * (code == 62)}{what}") and do in text
        assert "_ssl.c" not in text and "/a/folder" not in text
        assert ("SSL_CERT_DIR is set: only what it names is trusted" in text) is (code in (18, 20))


def test_an_error_without_a_text_says_what_its_cause_says(rig: Callable[..., Rig]) -> None:
    def fail(request: Any) -> Any:
        try:
            raise ConnectionError from causes.pop()
        except ConnectionError as broken:
            raise made.library.ReadError("", request=request) from broken

    made: Rig = rig(fail)
    causes = [ConnectionResetError(), ConnectionResetError(104, "reset by peer"), ssl.SSLError(1, "[SSL] (_ssl.c:2)")]
    for said in ("the TLS connection broke (malformed data)", "ReadError: [Errno 104] reset", "ConnectionResetError"):
        with pytest.raises(TransportError, match=re.escape(said)) as caught:
            made.send()
        assert caught.value.sent is None


@pytest.mark.parametrize("driver", DRIVERS)
def test_a_server_that_speaks_no_tls_was_sent_nothing_and_the_url_is_to_be_checked(driver: str) -> None:
    with answering(b"") as url, pytest.raises(TransportError) as caught:
        send(driver, HttpRequest(method="POST", url=f"https{url[4:]}/x", content=b"{}", creates_task=True), timeout=20)
    text = str(caught.value)
    assert caught.value.sent is False
    assert text.startswith("no TLS connection could be made (") and "check that the URL is right" in text
    assert "_ssl.c" not in text


def test_a_url_that_the_library_refuses_was_not_sent(rig: Callable[..., Rig]) -> None:
    made: Rig = rig()
    with pytest.raises(TransportError) as caught:
        made.fetch("https://host:port/x", {})
    assert caught.value.sent is False


def test_an_error_of_the_operating_system_leaves_it_open_whether_it_arrived(rig: Callable[..., Rig]) -> None:
    def fail(request: Any) -> Any:
        raise OSError("the cable was cut")

    with pytest.raises(TransportError) as caught:
        rig(fail).send()
    assert caught.value.sent is None


def test_a_fault_of_the_program_is_not_taken_for_one_of_the_network(rig: Callable[..., Rig]) -> None:
    def fail(request: Any) -> Any:
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        rig(fail).send()


def test_an_oversized_answer_is_cut_off_and_its_connection_closed(
    rig: Callable[..., Rig], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bodies, "MAX_ANSWER", 100)
    closed: list[bool] = []
    read: list[int] = []

    def chunks() -> Iterator[bytes]:
        for number in range(1000):
            read.append(number)
            yield b"x" * 40

    made: Rig = rig(lambda _: made.library.Response(200, stream=made.body(chunks(), closed)))
    with pytest.raises(TransportError, match="larger than 100 bytes") as caught:
        made.send()
    assert caught.value.sent is None
    assert len(read) <= 4
    assert closed


def test_an_answer_without_an_end_takes_no_more_memory_than_32_megabytes(rig: Callable[..., Rig]) -> None:
    taken = 0

    def chunks() -> Iterator[bytes]:
        nonlocal taken
        for _ in range(64):
            taken += 1
            yield bytes(2**20)

    made: Rig = rig(lambda _: made.library.Response(200, stream=made.body(chunks(), [])))
    with pytest.raises(TransportError, match="larger than 33,554,432 bytes"):
        made.send()
    assert taken == 33


def test_gzip_of_nothing_is_cut_off_by_what_is_sent(rig: Callable[..., Rig], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bodies, "MAX_ANSWER", 100)
    members = iter([gzip.compress(b"")] * 1000)
    headers = {"content-encoding": "gzip"}
    made: Rig = rig(lambda _: made.library.Response(200, headers=headers, stream=made.body(members, [])))
    with pytest.raises(TransportError, match="larger than 100 bytes"):
        made.send()
    assert len([*members]) > 990


def test_an_answer_of_just_the_largest_size_is_read(rig: Callable[..., Rig], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bodies, "MAX_ANSWER", 100)
    made: Rig = rig(lambda _: made.library.Response(200, content=b"x" * 100))
    assert len(made.send().body) == 100


def test_a_body_that_ends_early_is_a_transport_error_in_the_middle_of_a_stream(rig: Callable[..., Rig]) -> None:
    closed: list[bool] = []

    def chunks() -> Iterator[bytes]:
        yield b"x"
        raise made.library.RemoteProtocolError("peer closed the connection")

    made: Rig = rig(lambda _: made.library.Response(200, stream=made.body(chunks(), closed)))
    with pytest.raises(TransportError) as caught:
        made.fetch(URL, {})
    assert caught.value.sent is None
    assert closed


def test_what_came_of_an_answer_that_breaks_off_is_reported(rig: Callable[..., Rig]) -> None:
    def chunks() -> Iterator[bytes]:
        yield b'{"taskId":'
        yield "\xb4t1\xb4}".encode()
        raise made.library.RemoteProtocolError("peer closed the connection")

    made: Rig = rig(lambda _: made.library.Response(200, stream=made.body(chunks(), [])))
    with pytest.raises(TransportError) as caught:
        made.send()
    assert caught.value.received == '{"taskId":\xb4t1\xb4}'


def test_what_came_of_gzip_without_an_end_is_reported(rig: Callable[..., Rig]) -> None:
    def chunks() -> Iterator[bytes]:
        yield gzip.compress(b'{"taskId":"t1"}')[:-4]

    headers = {"content-encoding": "gzip"}
    made: Rig = rig(lambda _: made.library.Response(200, headers=headers, stream=made.body(chunks(), [])))
    with pytest.raises(TransportError, match="its gzip stream has no end") as caught:
        made.send()
    assert caught.value.received == '{"taskId":"t1"}'


def test_what_the_reader_of_a_stream_raises_passes_unchanged_and_closes_it(rig: Callable[..., Rig]) -> None:
    closed: list[bool] = []
    made: Rig = rig(lambda _: made.library.Response(200, stream=made.body(iter([b"x"]), closed)))

    def read() -> None:
        with made.transport.stream(URL, {}, 1.0):
            raise KeyError("mine")

    async def aread() -> None:
        async with made.transport.stream(URL, {}, 1.0):
            raise KeyError("mine")

    with pytest.raises(KeyError, match="mine"):
        asyncio.run(aread()) if made.asynchronous else read()
    assert closed


# multipart


def upload(file: FilePart) -> HttpRequest:
    return HttpRequest(
        method="POST", url="https://kieai.redpandaai.co/api", multipart=Multipart({"uploadPath": "a"}, file=file)
    )


def test_a_file_is_closed_after_sending(rig: Callable[..., Rig]) -> None:
    bodies: list[bytes] = []
    opened: list[io.BytesIO] = []

    def open_it() -> io.BytesIO:
        opened.append(io.BytesIO(b"PIXELS"))
        return opened[-1]

    async def handle_later(request: Any) -> Any:
        bodies.append(await request.aread())
        return made.library.Response(200)

    def handle(request: Any) -> Any:
        bodies.append(request.read())
        return made.library.Response(200)

    made: Rig = rig(handle)
    if made.asynchronous:
        made = rig(handle_later)
    made.send(upload(FilePart("cat.png", content_type="image/png", open=open_it)))

    assert [file.closed for file in opened] == [True]
    assert b'name="uploadPath"\r\n\r\na\r\n' in bodies[0]
    assert b'name="file"; filename="cat.png"\r\nContent-Type: image/png\r\n\r\nPIXELS\r\n' in bodies[0]


def test_a_file_is_closed_after_a_failure(rig: Callable[..., Rig]) -> None:
    file = io.BytesIO(b"PIXELS")

    def fail(request: Any) -> Any:
        raise made.library.ConnectError("refused", request=request)

    made: Rig = rig(fail)
    with pytest.raises(TransportError):
        made.send(upload(FilePart("cat.png", content_type="image/png", open=lambda: file)))
    assert file.closed


def test_a_file_that_cannot_be_opened_any_more_was_not_sent(rig: Callable[..., Rig]) -> None:
    def gone() -> Any:
        raise FileNotFoundError(2, "No such file or directory")

    made: Rig = rig()
    with pytest.raises(TransportError, match=r"cannot open cat\.png") as caught:
        made.send(upload(FilePart("cat.png", content_type="image/png", open=gone)))
    assert caught.value.sent is False


class Slow(io.BytesIO):
    """A file of which each piece of 64 KB takes two seconds to send."""

    def __init__(self, now: list[float], pieces: int) -> None:
        super().__init__(b"x" * pieces * 65536)
        self.now = now

    def read(self, size: int | None = -1) -> bytes:
        self.now[0] += 2
        return super().read(size)


def test_an_upload_may_take_longer_than_it_may_stand_still(
    rig: Callable[..., Rig], monkeypatch: pytest.MonkeyPatch
) -> None:
    now = [0.0]
    monkeypatch.setattr("kie._io.deadline.time", SimpleNamespace(monotonic=lambda: now[0]))

    def handle(request: Any) -> Any:
        request.read()
        return made.library.Response(200, text="kept")

    async def handle_later(request: Any) -> Any:
        await request.aread()
        return made.library.Response(200, text="kept")

    made: Rig = rig(handle)
    if made.asynchronous:
        made = rig(handle_later)
    answer = made.send(upload(FilePart("a.mp4", content_type="video/mp4", open=lambda: Slow(now, 32))), timeout=3)
    assert (answer.body, now[0] > 60) == (b"kept", True)


def test_the_answer_to_an_upload_may_take_as_long_as_what_is_on_the_way(rig: Callable[..., Rig]) -> None:
    limits: list[dict[str, float]] = []

    def handle(request: Any) -> Any:  # a mock has read the body by now
        limits.append(request.extensions["timeout"])
        return made.library.Response(200)

    made: Rig = rig(handle)
    for size, more in ((0, 0), (4, 4), (40, 32)):
        opened = partial(io.BytesIO, bytes(size * 1024 * 1024))
        made.send(upload(FilePart("a.mp4", content_type="video/mp4", open=opened)), timeout=3)
        assert limits[-1] == {"connect": 3, "read": 3 + more, "write": 3, "pool": 3}


# our own pools


def keepalive(client: Any) -> float:
    expiry: float = client._transport._pool._keepalive_expiry
    return expiry


def test_right_after_a_submission_its_connections_serve_all_requests(monkeypatch: pytest.MonkeyPatch) -> None:
    moment = [100.0]
    monkeypatch.setattr("kie._io.pools.time", SimpleNamespace(monotonic=lambda: moment[0]))
    transport = HttpxTransport()
    usual = transport._pools.get(transport._pools.choose(False))
    fresh = transport._pools.get(transport._pools.choose(True))
    assert usual is not fresh
    moment[0] += IDLE_FOR_SUBMISSIONS - 0.1
    assert transport._pools.get(transport._pools.choose(False)) is fresh
    moment[0] += 0.1
    assert transport._pools.get(transport._pools.choose(False)) is usual
    assert transport._pools.get(transport._pools.choose(True)) is fresh
    transport.close()


def test_submissions_use_connections_that_were_not_idle_for_long() -> None:
    transport = HttpxTransport()
    usual, fresh = transport._pools.get(False), transport._pools.get(True)
    assert (keepalive(usual), keepalive(fresh)) == (30.0, 2.0)
    assert transport._pools.get(False) is usual and transport._pools.get(True) is fresh
    transport.close()
    assert usual.is_closed and fresh.is_closed


def test_async_submissions_use_connections_that_were_not_idle_for_long() -> None:
    transport = AsyncHttpxTransport()
    usual, fresh = transport._pools.get(False), transport._pools.get(True)
    assert (keepalive(usual), keepalive(fresh)) == (30.0, 2.0)
    asyncio.run(transport.close())
    assert usual.is_closed and fresh.is_closed


def test_only_what_creates_a_task_asks_for_a_fresh_connection() -> None:
    asked: list[tuple[str, bool]] = []

    class Noting(HttpxTransport):
        def _pool(self, fresh: bool, url: str = "") -> Any:
            asked.append(("pool", fresh))
            return super()._pool(fresh, url)

    def handle(request: httpx2.Request) -> httpx2.Response:
        data: Any = {"taskId": "1"} if request.url.path.endswith("createTask") else 3
        return httpx2.Response(200, json={"code": 200, "msg": "success", "data": data})

    with httpx2.Client(transport=httpx2.MockTransport(handle)) as client:
        kie = Kie("key", transport=Noting(client))
        kie.submit(NanoBananaPro(prompt="x"))
        kie.credits()
    assert asked == [("pool", True), ("pool", True), ("pool", False)]  # opened before the note; sent; read


def test_only_what_creates_a_task_asks_for_a_fresh_connection_on_an_event_loop_too() -> None:
    asked: list[bool] = []

    class Noting(AsyncHttpxTransport):
        async def _pool(self, fresh: bool, url: str = "", lane: int = 0) -> Any:
            asked.append(fresh)
            return await super()._pool(fresh, url, lane)

    def handle(request: httpx2.Request) -> httpx2.Response:
        data: Any = {"taskId": "1"} if request.url.path.endswith("createTask") else 3
        return httpx2.Response(200, json={"code": 200, "msg": "success", "data": data})

    async def main() -> None:
        async with httpx2.AsyncClient(transport=httpx2.MockTransport(handle)) as client:
            kie = AsyncKie("key", transport=Noting(client))
            await kie.submit(NanoBananaPro(prompt="x"))
            await kie.credits()

    asyncio.run(main())
    assert asked == [True, True, False]  # opened before the note; sent; read


def test_a_closed_transport_says_so() -> None:
    transport = HttpxTransport()
    transport._pools.get(False)
    transport.close()
    with pytest.raises(ConfigError, match="closed"):
        transport._pools.get(False)
    transport.close()


def test_tasks_that_send_first_need_one_thread_between_them(monkeypatch: pytest.MonkeyPatch) -> None:
    from kie._io import transport as module

    threads: list[object] = []

    async def counting(function: Callable[[], Any]) -> Any:
        threads.append(function)
        return await in_thread(function)

    async def main() -> None:
        transport = AsyncHttpxTransport()
        await asyncio.gather(*(transport.open() for _ in range(50)))
        await transport.close()

    monkeypatch.setattr(module, "in_thread", counting)
    asyncio.run(main())
    assert len(threads) == 1


def test_many_exchanges_at_once_are_spread_over_clients_and_few_stay_with_one() -> None:
    """Each request looks through the connections of its client."""

    async def main() -> list[int]:
        arrived, all_there, served = 0, asyncio.Event(), set[Any]()

        async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            nonlocal arrived
            served.add(asyncio.current_task())
            with closing(writer), suppress(asyncio.IncompleteReadError):
                while await reader.readuntil(b"\r\n\r\n"):
                    arrived += 1
                    if arrived >= 25:
                        all_there.set()
                    await all_there.wait()
                    writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}")

        async with await asyncio.start_server(answer, "127.0.0.1", 0) as server:
            url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/"
            transport = AsyncHttpxTransport()
            request = HttpRequest(method="GET", url=url)
            await asyncio.gather(*(transport.send(request, 30) for _ in range(25)))
            spread = len(transport._pools._open)
            for client in transport._pools.take(asyncio.get_running_loop()):
                await client.aclose()
            with pytest.raises(TransportError):
                await transport.send(HttpRequest(method="GET", url="http://127.0.0.1:1/"), 30)
            for _ in range(25):
                await transport.send(request, 30)
            alone = len(transport._pools._open)
            await transport.close()
            await asyncio.gather(*served)
            return [spread, alone]

    assert asyncio.run(main()) == [5, 1]


def test_threads_that_send_first_open_one_pool_between_them() -> None:
    transport = HttpxTransport()
    start = threading.Barrier(8)
    found: list[object] = []

    def first() -> None:
        start.wait(LONGEST)
        found.append(transport._pools.get(False))

    threads = [threading.Thread(target=first) for _ in range(8)]
    for thread in threads:
        thread.start()
    joined(*threads)
    assert len(found) == 8
    assert len(set(map(id, found))) == 1
    transport.close()


def test_a_body_that_trickles_ends_with_the_time_of_the_exchange(monkeypatch: pytest.MonkeyPatch) -> None:
    now = [0.0]
    monkeypatch.setattr("kie._io.deadline.time", SimpleNamespace(monotonic=lambda: now[0]))

    def trickle() -> Iterator[bytes]:
        for _ in range(100):
            now[0] += 0.5
            yield b" "

    http = httpx2.Client(transport=httpx2.MockTransport(lambda _: httpx2.Response(200, content=trickle())))
    with pytest.raises(TransportError) as caught:
        HttpxTransport(http).send(HttpRequest(method="GET", url="https://api.kie.ai/x"), 3)
    assert (caught.value.timeout, caught.value.sent) == (True, None)
    assert now[0] <= 4


def test_nothing_is_opened_before_something_is_sent() -> None:
    transport = HttpxTransport()
    assert not transport._pools._open
    transport.close()


@pytest.mark.skipif(not hasattr(os, "fork"), reason="no fork on this platform")
@pytest.mark.filterwarnings("ignore:.*fork.*:DeprecationWarning")
@pytest.mark.parametrize("kind", [HttpxTransport, AsyncHttpxTransport])
def test_a_child_process_opens_its_own_pools_and_leaves_the_parents_alone(kind: Any) -> None:
    transport = kind()
    parents = transport._pools.get(False)
    child = os.fork()
    if child == 0:
        wrong = 1
        try:
            if not transport._pools.take() and not parents.is_closed:
                mine = transport._pools.get(False)
                wrong = int(mine is parents or transport._pools.get(False) is not mine)
        finally:
            os._exit(wrong)
    assert exit_code(child) == 0
    assert transport._pools.get(False) is parents and not parents.is_closed
