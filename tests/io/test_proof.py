"""A request counts as not sent only if that is proved; connections belong to their loop; answers to their request."""

from __future__ import annotations

import asyncio
import gc
import os
import socket
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import httpx
import httpx2
import pytest

from kie import AsyncKie, ConfigError, Journal, Kie, KieError, SubmitUnknown, TransportFailed, no_retry, simulated
from kie._core.call import HttpRequest, TransportError
from kie._io.pools import Pools, own_host
from kie._io.transport import AsyncHttpxTransport, HttpxTransport
from kie.models import NanoBananaPro
from tests.processes import LONGEST, exit_code, joined

REQUEST = NanoBananaPro(prompt="A lighthouse")
ACCEPTED = b'{"code":200,"msg":"success","data":{"taskId":"%s"}}'


def http(body: bytes, status: int = 200, headers: bytes = b"") -> bytes:
    return b"HTTP/1.1 %d X\r\n%sContent-Length: %d\r\n\r\n%s" % (status, headers, len(body), body)


Talk = Callable[[socket.socket, list[bytes]], None]


@contextmanager
def server(talk: Talk, host: str = "127.0.0.1") -> Iterator[tuple[str, list[bytes]]]:
    """A raw server: `talk` has each connection, and puts the requests that it reads into a list."""
    listener = socket.create_server((host, 0))
    seen: list[bytes] = []

    def serve(connection: socket.socket) -> None:
        with connection, suppress(OSError):
            talk(connection, seen)

    def accept() -> None:
        while True:
            try:
                connection, _ = listener.accept()
            except OSError:
                return
            threading.Thread(target=serve, args=(connection,), daemon=True).start()

    threading.Thread(target=accept, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{listener.getsockname()[1]}", seen
    finally:
        listener.shutdown(socket.SHUT_RDWR)
        listener.close()


def read_request(connection: socket.socket) -> bytes:
    """One request; empty at the end of the connection."""
    data = b""
    while b"\r\n\r\n" not in data:
        if not (piece := connection.recv(65536)):
            return b""
        data += piece
    head, _, body = data.partition(b"\r\n\r\n")
    length = next((int(line[15:]) for line in head.lower().split(b"\r\n") if line.startswith(b"content-length:")), 0)
    while len(body) < length and (piece := connection.recv(65536)):
        body += piece
    return head + b"\r\n\r\n" + body


def client(url: str, asynchronous: bool, **options: Any) -> Callable[[int], list[Any]]:
    """Submits so many times with one client; gives each ref's id or the error."""
    options = {"base_url": url, "upload_url": url, "retry": no_retry(), "breaker": None, **options}

    def blocking(count: int) -> list[Any]:
        found: list[Any] = []
        with Kie("key-of-this-test", **options) as kie:
            for _ in range(count):
                try:
                    found.append(kie.submit(REQUEST).id)
                except KieError as error:
                    found.append(error)
        if (own := options.get("http_client")) is not None:
            own.close()
        return found

    async def later(count: int) -> list[Any]:
        found: list[Any] = []
        async with AsyncKie("key-of-this-test", **options) as kie:
            for _ in range(count):
                try:
                    found.append((await kie.submit(REQUEST)).id)
                except KieError as error:
                    found.append(error)
        if (own := options.get("http_client")) is not None:
            await own.aclose()
        return found

    return (lambda count: asyncio.run(later(count))) if asynchronous else blocking


MODES = pytest.mark.parametrize("asynchronous", [False, True], ids=["sync", "async"])


# what was left over


@MODES
@pytest.mark.parametrize("own", [None, "httpx", "httpx2"])
def test_what_follows_an_answer_is_never_the_answer_to_the_next_request(asynchronous: bool, own: str | None) -> None:
    def talk(connection: socket.socket, seen: list[bytes]) -> None:
        while request := read_request(connection):
            seen.append(request)
            number = b"t%d" % len(seen)
            connection.sendall(http(ACCEPTED % number) + http(ACCEPTED % b"poison"))

    with server(talk) as (url, seen):
        options: dict[str, Any] = {}
        if own is not None:
            library: Any = {"httpx": httpx, "httpx2": httpx2}[own]
            options["http_client"] = library.AsyncClient() if asynchronous else library.Client()
        assert client(url, asynchronous, **options)(3) == ["t1", "t2", "t3"]
        assert len(seen) == 3


@MODES
def test_an_answer_that_comes_before_the_request_is_not_its_answer(asynchronous: bool) -> None:
    spoken = threading.Event()

    def talk(connection: socket.socket, seen: list[bytes]) -> None:
        connection.sendall(http(ACCEPTED % b"poison"))
        spoken.set()
        if request := read_request(connection):
            seen.append(request)

    with server(talk) as (url, seen), pytest.MonkeyPatch.context() as patch:
        from kie._io.watch import Watch

        before = Watch._before_writing

        def patient(self: Watch) -> None:
            assert spoken.wait(LONGEST)
            before(self)

        patch.setattr(Watch, "_before_writing", patient)
        [error] = client(url, asynchronous)(1)
    assert isinstance(error, TransportFailed)
    assert error.sent is False
    assert seen == []


@MODES
def test_a_connection_is_given_back_after_each_answer(asynchronous: bool) -> None:
    connections = list[int]()

    def talk(connection: socket.socket, seen: list[bytes]) -> None:
        connections.append(connection.fileno())
        while request := read_request(connection):
            seen.append(request)
            connection.sendall(http(ACCEPTED % b"t%d" % len(seen)))

    with server(talk) as (url, seen):
        assert client(url, asynchronous)(3) == ["t1", "t2", "t3"]
        assert (len(seen), len(connections)) == (3, 1)


@MODES
def test_cookies_change_nothing(asynchronous: bool) -> None:
    def talk(connection: socket.socket, seen: list[bytes]) -> None:
        while request := read_request(connection):
            seen.append(request)
            connection.sendall(
                http(ACCEPTED % b"t%d" % len(seen), headers=b"Set-Cookie: x=\xff\r\nSet-Cookie: a=b\r\n")
            )

    with server(talk) as (url, seen):
        assert client(url, asynchronous)(3) == ["t1", "t2", "t3"]
        own: Any = httpx.AsyncClient() if asynchronous else httpx.Client()
        assert client(url, asynchronous, http_client=own)(3) == ["t4", "t5", "t6"]
        assert not any(b"cookie" in request.lower() for request in seen)


@MODES
def test_no_cookie_of_a_file_is_in_the_next_request(asynchronous: bool) -> None:
    def talk(connection: socket.socket, seen: list[bytes]) -> None:
        while request := read_request(connection):
            seen.append(request)
            connection.sendall(http(b"x", headers=b"Set-Cookie: a=b; Path=/\r\n"))

    async def fetched(url: str) -> None:
        transport = AsyncHttpxTransport()
        for _ in range(2):
            async with transport.stream(url, {}, 5.0) as answer:
                assert [chunk async for chunk in answer.chunks] == [b"x"]
        await transport.close()

    with server(talk) as (url, seen):
        if asynchronous:
            asyncio.run(fetched(url))
        else:
            transport = HttpxTransport()
            for _ in range(2):
                with transport.stream(url, {}, 5.0) as answer:
                    assert list(answer.chunks) == [b"x"]
            transport.close()
        assert len(seen) == 2
        assert not any(b"cookie" in request.lower() for request in seen)


@MODES
@pytest.mark.parametrize("step", ["send", "_send_single_request"])
def test_what_stands_in_for_a_step_of_the_library_gets_every_request(
    asynchronous: bool, step: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[str] = []

    def answer(_: object, request: httpx2.Request, **__: object) -> httpx2.Response:
        asked.append(request.headers["authorization"])
        return httpx2.Response(200, json={"code": 200, "data": {"taskId": "t1"}}, request=request)

    async def later(client: object, request: httpx2.Request, **options: object) -> httpx2.Response:
        return answer(client, request, **options)

    with server(lambda connection, seen: seen.append(read_request(connection))) as (url, seen):
        monkeypatch.setattr(*(httpx2.AsyncClient, step, later) if asynchronous else (httpx2.Client, step, answer))
        assert client(url, asynchronous)(2) == ["t1", "t1"]
    assert asked == ["Bearer key-of-this-test"] * 2
    assert seen == []


# what provably did not leave


@MODES
@pytest.mark.parametrize("answer", [http(b"no", 403), http(b"", 502), b"", b"HTTP/1.1 200 OK\r\n\r\n", b"xx\r\n\r\n"])
def test_a_proxy_that_does_not_connect_sent_nothing(
    answer: bytes, asynchronous: bool, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    def talk(connection: socket.socket, seen: list[bytes]) -> None:
        seen.append(read_request(connection))
        connection.sendall(answer)

    with server(talk) as (url, seen):
        monkeypatch.setenv("HTTPS_PROXY", url)
        [error] = client("https://api.kie.invalid", asynchronous, journal=tmp_path / "j")(1)
    assert isinstance(error, TransportFailed)
    assert error.sent is False
    assert [request[:8] for request in seen] == [b"CONNECT "]
    assert [entry.state for entry in Journal(tmp_path / "j").entries()] == ["refused"]


@MODES
def test_a_proxy_that_wants_credentials_is_asked_once(asynchronous: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    def talk(connection: socket.socket, seen: list[bytes]) -> None:
        seen.append(read_request(connection))
        connection.sendall(http(b"", 407, b"Proxy-Authenticate: Basic\r\n"))

    from kie import RetryPolicy

    with server(talk) as (url, seen):
        monkeypatch.setenv("HTTPS_PROXY", url)
        [error] = client("https://api.kie.invalid", asynchronous, retry=RetryPolicy(attempts=3))(1)
    assert isinstance(error, ConfigError)
    assert len(seen) == 1


@MODES
@pytest.mark.parametrize("said", [b"", b"HTTP/1.1 200 OK\r\n", b"HTTP/1.1 102 Processing\r\n\r\n"])
def test_a_proxy_that_never_makes_the_connection_proves_that_nothing_was_sent(
    said: bytes, asynchronous: bool, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    def talk(connection: socket.socket, seen: list[bytes]) -> None:
        seen.append(read_request(connection))
        connection.sendall(said)
        connection.recv(1)  # until the client gives up

    with server(talk) as (url, seen):
        monkeypatch.setenv("HTTPS_PROXY", url)
        options = {"request_timeout": 0.3, "retry": no_retry(), "journal": tmp_path / "j"}
        [error] = client("https://api.kie.invalid", asynchronous, **options)(1)
    assert len(seen) == 1
    assert isinstance(error, TransportFailed) and error.sent is False
    assert [entry.state for entry in Journal(tmp_path / "j").entries()] == ["refused"]


@MODES
@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "127.0.0.2", "127.255.1.3"])
def test_a_loopback_server_is_not_asked_through_a_proxy(
    host: str, asynchronous: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Also with a version of the library that can except hosts only, not networks."""
    opened = Pools(httpx2.Client).get(False, host=own_host(f"http://{host}:1"))
    assert all(pattern.pattern.count("/") == 2 for pattern in opened._mounts)

    def talk(connection: socket.socket, seen: list[bytes]) -> None:
        while request := read_request(connection):
            seen.append(request)
            connection.sendall(http(ACCEPTED % b"t1"))

    with server(talk) as (proxy, asked), server(talk, socket.gethostbyname(host)) as (url, _):
        for name in ("HTTP_PROXY", "ALL_PROXY"):
            monkeypatch.setenv(name, proxy)
        assert client(url.replace("127.0.0.1", host), asynchronous)(1) == ["t1"]
        assert asked == []


SETTINGS = {
    "SSL_CERT_FILE": f"{__file__}/none",
    "SSL_CERT_DIR": f"{__file__}/none{os.pathsep}{__file__}",
    "ALL_PROXY": "socks5://user:hunter2@127.0.0.1:1",
    "HTTPS_PROXY": "foo://user:hunter2@127.0.0.1:1",
}


@MODES
@pytest.mark.parametrize("variable", SETTINGS)
def test_a_setting_that_cannot_be_used_is_named_before_anything_is_noted(
    variable: str, asynchronous: bool, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    for name in SETTINGS:
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv(variable, SETTINGS[variable])
    [error] = client("https://127.0.0.1:9", asynchronous, journal=tmp_path / "j")(1)
    assert isinstance(error, ConfigError)
    assert variable in error.message and "hunter2" not in error.message
    assert __file__ not in error.message
    assert Journal(tmp_path / "j").entries() == []


@pytest.mark.parametrize("library", ["httpx", "httpx2"])
def test_a_fault_of_the_protocol_in_the_answer_does_not_say_that_nothing_was_sent(library: str) -> None:
    module: Any = {"httpx": httpx, "httpx2": httpx2}[library]

    def talk(connection: socket.socket, seen: list[bytes]) -> None:
        seen.append(read_request(connection))
        connection.sendall(b"\0\0\0 no protocol at all\r\n\r\n")

    with server(talk) as (url, seen):
        [error] = client(url, False, http_client=module.Client())(1)
    assert isinstance(error, SubmitUnknown)
    assert len(seen) == 1


@pytest.mark.parametrize("library", ["httpx", "httpx2"])
def test_a_transport_that_sends_again_by_itself_is_stopped(library: str) -> None:
    module: Any = {"httpx": httpx, "httpx2": httpx2}[library]

    class Stubborn(module.HTTPTransport):  # type: ignore[misc]
        def handle_request(self, request: Any) -> Any:
            try:
                return super().handle_request(request)
            except module.RemoteProtocolError:
                return super().handle_request(request)

    def talk(connection: socket.socket, seen: list[bytes]) -> None:
        if request := read_request(connection):
            seen.append(request)

    with server(talk) as (url, seen):
        [error] = client(url, False, http_client=module.Client(transport=Stubborn()))(1)
    assert isinstance(error, SubmitUnknown)
    assert len(seen) == 1


def test_a_request_whose_head_the_library_refuses_was_not_sent() -> None:
    request = HttpRequest(
        method="POST", url="http://127.0.0.1:9/", headers={"A": "b\n"}, content=b"{}", creates_task=True
    )

    def talk(connection: socket.socket, seen: list[bytes]) -> None:
        seen.append(read_request(connection))

    with server(talk) as (url, _), pytest.raises(TransportError) as caught:
        HttpxTransport().send(HttpRequest(method="POST", url=url, headers=request.headers, creates_task=True), 5)
    assert caught.value.sent is False


# wrong clients


@pytest.mark.parametrize("wrong", [httpx.AsyncClient(), httpx2.AsyncClient(), httpx.Client, object(), "http://x"])
def test_kie_refuses_what_is_not_a_blocking_client(wrong: Any) -> None:
    with pytest.raises(ConfigError, match="http_client of Kie"):
        Kie("key", http_client=wrong)


@pytest.mark.parametrize("wrong", [httpx.Client(), httpx2.Client(), httpx.AsyncClient, object()])
def test_async_kie_refuses_what_is_not_an_asynchronous_client(wrong: Any) -> None:
    with pytest.raises(ConfigError, match="http_client of AsyncKie"):
        AsyncKie("key", http_client=wrong)


@MODES
def test_a_closed_client_sends_nothing(asynchronous: bool, tmp_path: Path) -> None:
    own: Any = httpx.AsyncClient() if asynchronous else httpx.Client()
    asyncio.run(own.aclose()) if asynchronous else own.close()
    [error] = client("http://127.0.0.1:9", asynchronous, http_client=own, journal=tmp_path / "j")(1)
    assert isinstance(error, ConfigError)
    assert Journal(tmp_path / "j").entries() == []


# event loops


@pytest.mark.filterwarnings("error::ResourceWarning")
def test_an_async_client_works_under_one_loop_after_the_other(tmp_path: Path) -> None:
    with simulated(speed=1000) as service:
        kie = AsyncKie("simulated", base_url=service.base_url, upload_url=service.upload_url, journal=tmp_path / "j")

        async def submit() -> str:
            return (await kie.submit(REQUEST)).id

        found = [asyncio.run(submit()) for _ in range(4)]
        asyncio.run(kie.close())
        assert found == [accepted.task_id for accepted in service.state.accepted]
    assert [entry.state for entry in Journal(tmp_path / "j").entries()] == ["open"] * 4


def test_an_async_client_works_under_several_loops_at_once() -> None:
    with simulated(speed=1000) as service:
        kie = AsyncKie("simulated", base_url=service.base_url, upload_url=service.upload_url)
        found: list[str] = []
        together = threading.Barrier(4)

        async def submit() -> None:
            for _ in range(2):
                together.wait(LONGEST)
                found.append((await kie.submit(REQUEST)).id)

        threads = [threading.Thread(target=asyncio.run, args=(submit(),)) for _ in range(4)]
        for thread in threads:
            thread.start()
        joined(*threads)
        asyncio.run(kie.close())
        assert sorted(found) == sorted(accepted.task_id for accepted in service.state.accepted)
        assert len(found) == 8


def test_connections_are_closed_at_the_end_of_their_loop() -> None:
    transport = AsyncHttpxTransport()
    opened: list[Any] = []

    async def use() -> None:
        await transport.open()
        opened.extend(transport._pools._open.values())

    asyncio.run(use())
    assert len(opened) == 1 and opened[0].is_closed
    assert not transport._pools._open


def test_closing_never_fails_and_closes_what_can_be_closed() -> None:
    transport = AsyncHttpxTransport()
    loop = asyncio.new_event_loop()
    loop.run_until_complete(transport.open())
    loop.close()  # without its usual end

    async def close() -> None:
        await transport.open()
        await transport.close()
        await transport.close()

    asyncio.run(close())
    with pytest.raises(ConfigError, match="closed"):
        asyncio.run(transport.open())


@pytest.mark.filterwarnings("ignore:.*unclosed", "ignore::pytest.PytestUnraisableExceptionWarning")
@pytest.mark.parametrize("library", ["httpx", "httpx2"])
def test_a_users_client_of_a_loop_that_ended_tells_of_every_charge(library: str, tmp_path: Path) -> None:
    with simulated(speed=1000) as service:
        urls = {"base_url": service.base_url, "upload_url": service.upload_url}
        known, unknown = submitted_under_many_loops(library, journal=tmp_path / "j", **urls)
        assert known <= len(service.state.accepted) <= known + unknown
    gc.collect()  # the connections of a loop that ended, which nobody could close


def submitted_under_many_loops(library: str, **options: Any) -> tuple[int, int]:
    module: Any = {"httpx": httpx, "httpx2": httpx2}[library]
    kie = AsyncKie("simulated", http_client=module.AsyncClient(), retry=no_retry(), **options)

    async def submit() -> object:
        return (await kie.submit(REQUEST)).id

    known = unknown = 0
    for _ in range(4):
        try:
            asyncio.run(submit())
            known += 1
        except SubmitUnknown:
            unknown += 1
        except TransportFailed as error:
            assert error.sent is False
    return known, unknown


# forks


@pytest.mark.skipif(not hasattr(os, "fork"), reason="no fork on this platform")
@pytest.mark.filterwarnings("ignore:.*fork.*:DeprecationWarning")
def test_children_of_one_client_note_every_charge(tmp_path: Path) -> None:
    with simulated(speed=1000) as service:
        kie = Kie("simulated", journal=tmp_path / "j", base_url=service.base_url, upload_url=service.upload_url)
        children = []
        for _ in range(3):
            if (child := os.fork()) == 0:
                try:
                    kie.submit(REQUEST)
                finally:
                    os._exit(0)
            children.append(child)
        assert [exit_code(child) for child in children] == [0] * 3
        noted = {entry.ref.id for entry in Journal(tmp_path / "j").entries() if entry.ref}
        assert noted == {accepted.task_id for accepted in service.state.accepted}
        assert len(noted) == 3


FORKS = """
import os, signal, sys, threading, time
from kie import Kie, no_retry
from kie._io.process import PROCESS

client = Kie("k" * 32, base_url="http://127.0.0.1:9", upload_url="http://127.0.0.1:9", retry=no_retry(), breaker=None)

def ask():
    try:
        client.credits()
    except Exception:
        pass

if sys.argv[1] == "lock":
    ask()
    PROCESS._lock.acquire()
else:
    threading.Thread(target=ask, daemon=True).start()
    while sys.argv[1] not in sys.modules:
        pass
if (child := os.fork()) == 0:
    signal.alarm(90)
    ask()
    os._exit(7)
_, status = os.waitpid(child, 0)
os._exit(os.waitstatus_to_exitcode(status))
"""


@pytest.mark.skipif(not hasattr(os, "fork"), reason="no fork on this platform")
@pytest.mark.parametrize("moment", ["lock", "httpx2", "httpcore2", "importlib.metadata", "h11"])
def test_a_child_does_not_hang_whatever_the_parent_was_at(moment: str) -> None:
    ended = subprocess.run([sys.executable, "-W", "ignore", "-c", FORKS, moment], check=False, timeout=150)
    assert ended.returncode == 7


RECEIVER = """
import os, signal
from kie.webhooks import Receiver
from tests.webhooks.support import NOW, SECRET, Delivery, StillClock, over_wsgi

receiver = Receiver(SECRET, clock=StillClock())
processor = receiver.wsgi.processor
processor._working.add("task_1.%d" % NOW)
processor._lock.acquire()
receiver._waiters._lock.acquire()
if (child := os.fork()) == 0:
    signal.alarm(90)
    answer = over_wsgi(receiver, Delivery())
    os._exit(7 if answer[0] == 200 and receiver.wait("task_1", 0.0) else 8)
_, status = os.waitpid(child, 0)
os._exit(os.waitstatus_to_exitcode(status))
"""


@pytest.mark.skipif(not hasattr(os, "fork"), reason="no fork on this platform")
def test_a_receiver_made_before_a_fork_receives_whatever_a_thread_of_the_parent_was_at() -> None:
    ended = subprocess.run([sys.executable, "-W", "ignore", "-c", RECEIVER], check=False, timeout=150)
    assert ended.returncode == 7
