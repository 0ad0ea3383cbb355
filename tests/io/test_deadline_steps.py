"""What a deadline allows at each step of an exchange: without servers, and with a clock that is set by hand."""

from __future__ import annotations

import asyncio
import io
import socket
from types import SimpleNamespace
from typing import Any

import anyio
import pytest

from kie._core.call import FilePart, TransportError
from kie._core.errors import DownloadFailed
from kie._io import deadline as deadlines
from kie._io.bodies import RequestFile
from kie._io.deadline import _CURRENT, _PIECE, _PROGRESS, Deadline, wrap

URL = "https://files.example/a.png"


class Hands:
    """A clock that is set by hand."""

    now = 100.0

    def monotonic(self) -> float:
        return self.now


@pytest.fixture
def hands(monkeypatch: pytest.MonkeyPatch) -> Hands:
    found = Hands()
    monkeypatch.setattr(deadlines, "time", found)
    return found


class Connection:
    """A stream of the library that leads to an address, and notes what it is asked for."""

    def __init__(self, address: str = "8.8.8.8") -> None:
        self.address = address
        self.asked: list[str] = []
        self.timeouts: list[float | None] = []
        self.written = b""
        self.closed = False

    def get_extra_info(self, info: str) -> Any:
        self.asked.append(info)
        return (self.address, 443) if info == "server_addr" else None

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        self.written += buffer
        self.timeouts.append(timeout)

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        self.timeouts.append(timeout)
        return b"x" * max_bytes

    def start_tls(self, ssl_context: Any, server_hostname: str | None = None, timeout: float | None = None) -> Any:
        self.timeouts.append(timeout)
        if server_hostname != "files.example":
            raise OSError("handshake failed")
        return self

    def close(self) -> None:
        self.closed = True


class AsyncConnection:
    """The same on an event loop."""

    def __init__(self, wrapped: Connection) -> None:
        self.wrapped = wrapped
        self.get_extra_info = wrapped.get_extra_info

    async def write(self, buffer: bytes, timeout: float | None = None) -> None:
        self.wrapped.write(buffer, timeout)

    async def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        if timeout is None:
            await anyio.sleep_forever()  # whoever hears what a server says early sets no limit
        return self.wrapped.read(max_bytes, timeout)

    async def start_tls(self, *arguments: Any, **options: Any) -> Any:
        self.wrapped.start_tls(*arguments, **options)
        return self

    async def aclose(self) -> None:
        await anyio.sleep(0)
        self.wrapped.close()


class AsyncBackend:
    def __init__(self, connection: Connection) -> None:
        self.connection = connection

    async def connect_tcp(self, host: str, port: int, **_: object) -> AsyncConnection:
        return AsyncConnection(self.connection)

    async def connect_unix_socket(self, path: str, **_: object) -> AsyncConnection:
        return AsyncConnection(self.connection)


class SyncBackend:
    """A network backend of the library, by its name, that connects to what it leads to."""

    def __init__(self, *answers: Connection | Exception) -> None:
        self.answers = list(answers)
        self.calls: list[tuple[str, float | None]] = []

    def connect_tcp(self, host: str, port: int, timeout: float | None = None, **_: object) -> Connection:
        self.calls.append((host, timeout))
        answer = self.answers.pop(0)
        if isinstance(answer, Exception):
            raise answer
        return answer

    def connect_unix_socket(self, path: str, timeout: float | None = None, **_: object) -> Connection:
        return self.connect_tcp(path, 0, timeout)


class OtherBackend(SyncBackend):
    pass


def wrapped(backend: SyncBackend | AsyncBackend, proxy: str | None = None) -> Any:
    """The backend as a client of the library has it from then on."""
    pool = SimpleNamespace(_network_backend=backend, _proxy_url=proxy)
    method = "handle_request" if isinstance(backend, SyncBackend) else "handle_async_request"
    wrap(SimpleNamespace(_transport=SimpleNamespace(_pool=pool, **{method: None})))
    return pool._network_backend


def leads_to(monkeypatch: pytest.MonkeyPatch, *addresses: str) -> None:
    found = [(socket.AF_INET, socket.SOCK_STREAM, 0, "", (address, 443)) for address in addresses]
    monkeypatch.setattr(deadlines, "socket", SimpleNamespace(getaddrinfo=lambda *_, **__: found, SOCK_STREAM=1))


def test_the_time_ends_at_its_end(hands: Hands) -> None:
    deadline = Deadline(5)
    assert deadline.left() == 5
    hands.now += 4.5
    assert deadline.left() == 0.5
    hands.now += 0.5
    for sent in (True, False, None):
        with pytest.raises(TransportError, match="timed out after 5 s") as raised:
            deadline.left(sent=sent)
        assert (raised.value.sent, raised.value.timeout) == (sent, True)


def test_more_time_counts_from_now_on(hands: Hands) -> None:
    deadline = Deadline(5)
    hands.now += 4
    deadline.extend(2)
    assert deadline.left() == 7
    hands.now += 3
    deadline.renew()
    assert deadline.left() == 7


def test_a_byte_now_and_then_does_not_make_a_download_last_for_ever(hands: Hands) -> None:
    deadline = Deadline(5)

    def drip() -> None:
        for _ in range(100):
            hands.now += 1
            deadline.left()
            deadline.moved(1)

    with pytest.raises(TransportError, match="timed out after 5 s"):
        drip()


def test_what_of_an_upload_is_still_on_its_way_gives_a_slow_server_time_to_read_it(hands: Hands) -> None:
    deadline = Deadline(5, moving=True)
    size = 10 * 1024**2
    file = RequestFile(FilePart("a.bin", content_type="x/y", open=lambda: io.BytesIO(bytes(size))), deadline)
    file.limits = {"read": 5.0}
    file.open()
    while file.read(1024**2):
        hands.now += 4
        assert deadline.left() == 1
    assert deadline.left() == file.limits["read"] == 5 + 10
    hands.now += 14
    assert deadline.left() == 1


def test_enough_content_begins_the_time_again_and_less_does_not(hands: Hands) -> None:
    deadline = Deadline(5)
    for _ in range(2):
        hands.now += 1
        before = deadline.left()
        deadline.moved(_PROGRESS - 1)
        assert deadline.left() == before
        deadline.moved(1)
        assert deadline.left() == 5


@pytest.mark.parametrize(("moving", "left"), [(True, 5), (False, 4)])
def test_a_piece_of_the_request_begins_the_time_again_only_where_it_is_to(
    moving: bool, left: float, hands: Hands
) -> None:
    deadline = Deadline(5, moving=moving)
    assert deadline.wrote is False
    hands.now += 1
    deadline.writing()
    assert (deadline.left(), deadline.wrote) == (left, True)


def test_only_where_a_url_may_not_lead_everywhere_is_the_address_asked_for() -> None:
    inside = Connection("10.0.0.1")
    Deadline(5).judge(inside)
    assert inside.asked == []
    Deadline(5, outside=URL).judge(Connection())
    Deadline(5, outside=URL).judge(SimpleNamespace(get_extra_info=lambda _: None))
    with pytest.raises(DownloadFailed, match=r"resolves to 10\.0\.0\.1, a private address"):
        Deadline(5, outside=URL).judge(inside)


def test_it_counts_in_its_block_alone(hands: Hands) -> None:
    connection = Connection()
    stream = wrapped(SyncBackend(connection)).connect_tcp("files.example", 443, timeout=30)
    outer, inner = Deadline(9), Deadline(2)
    stream.read(1, timeout=30)
    with outer:
        stream.read(1, timeout=30)
        with inner:
            stream.read(1, timeout=30)
            stream.read(1, timeout=1)
        stream.read(1)
    stream.read(1, timeout=None)
    assert connection.timeouts == [30, 9, 2, 1, 9, None]


def test_each_piece_that_is_written_has_what_is_left(hands: Hands) -> None:
    class Slow(Connection):
        def write(self, buffer: bytes, timeout: float | None = None) -> None:
            super().write(buffer, timeout)
            hands.now += 2

    connection = Slow()
    stream = wrapped(SyncBackend(connection)).connect_tcp("files.example", 443)
    content = bytes(range(256)) * (3 * _PIECE // 256)
    stream.write(content, timeout=30)
    deadline = Deadline(5)
    with deadline, pytest.raises(TransportError) as raised:
        stream.write(content + b"more", timeout=30)
    assert raised.value.sent is None, "some of it has left"
    assert connection.written == content * 2
    assert connection.timeouts == [30, 30, 30, 5, 3, 1]
    late = Deadline(0)
    with late, pytest.raises(TransportError) as raised:
        stream.write(content)
    assert (raised.value.sent, late.wrote) == (False, False)


def test_addresses_are_tried_in_turn_within_the_same_time(hands: Hands, monkeypatch: pytest.MonkeyPatch) -> None:
    leads_to(monkeypatch, "8.8.8.1", "8.8.8.2", "8.8.8.3")

    class Waiting(SyncBackend):
        def connect_tcp(self, *arguments: Any, **options: Any) -> Connection:
            hands.now += 1
            return super().connect_tcp(*arguments, **options)

    # the library's own backend is known by its name
    backend = type("SyncBackend", (Waiting,), {})(OSError("refused"), OSError("refused"), Connection())
    with Deadline(5):
        wrapped(backend).connect_tcp("files.example", 443, timeout=30)
    assert backend.calls == [("8.8.8.1", 5), ("8.8.8.2", 4), ("8.8.8.3", 3)]


def test_the_error_of_the_last_address_counts(hands: Hands, monkeypatch: pytest.MonkeyPatch) -> None:
    leads_to(monkeypatch, "8.8.8.1", "8.8.8.2")
    backend = SyncBackend(OSError("first"), OSError("last"))
    with Deadline(5), pytest.raises(OSError, match="last"):
        wrapped(backend).connect_tcp("files.example", 443)


def test_addresses_that_are_left_when_the_time_has_passed_are_not_tried(
    hands: Hands, monkeypatch: pytest.MonkeyPatch
) -> None:
    leads_to(monkeypatch, "8.8.8.1", "8.8.8.2", "8.8.8.3")
    backend = SyncBackend(OSError("refused"), Connection(), Connection())
    with Deadline(0), pytest.raises(TransportError) as raised:
        wrapped(backend).connect_tcp("files.example", 443)
    assert (raised.value.sent, backend.calls) == (False, [])
    leads_to(monkeypatch, "8.8.8.1")
    with Deadline(0), pytest.raises(TransportError) as raised:
        wrapped(backend).connect_tcp("files.example", 443)
    assert (raised.value.sent, backend.calls) == (False, [])


def test_no_further_address_is_tried_once_the_time_has_passed(hands: Hands, monkeypatch: pytest.MonkeyPatch) -> None:
    leads_to(monkeypatch, "8.8.8.1", "8.8.8.2", "8.8.8.3")

    class Late(SyncBackend):
        def connect_tcp(self, *arguments: Any, **options: Any) -> Connection:
            hands.now += 6
            return super().connect_tcp(*arguments, **options)

    backend = type("SyncBackend", (Late,), {})(OSError("refused"), Connection(), Connection())
    with Deadline(5), pytest.raises(TransportError) as raised:
        wrapped(backend).connect_tcp("files.example", 443)
    assert (raised.value.sent, backend.calls) == (False, [("8.8.8.1", 5)])


def test_the_backend_of_a_user_is_asked_for_the_host(hands: Hands, monkeypatch: pytest.MonkeyPatch) -> None:
    leads_to(monkeypatch, "8.8.8.1", "8.8.8.2")
    backend = OtherBackend(Connection(), Connection())
    opened = wrapped(backend)
    with Deadline(5):
        opened.connect_tcp("files.example", 443, timeout=3)
    opened.connect_unix_socket("service.sock", timeout=4)
    assert backend.calls == [("files.example", 3), ("service.sock", 4)]


def test_without_a_deadline_a_connection_is_opened_as_before() -> None:
    backend = SyncBackend(Connection("10.0.0.1"))
    wrapped(backend).connect_tcp("files.example", 443, timeout=7)
    assert backend.calls == [("files.example", 7)]


@pytest.mark.parametrize("proxy", [None, "http://proxy.example"])
def test_a_connection_that_leads_inside_is_closed_unless_it_is_that_to_a_proxy(
    proxy: str | None, hands: Hands, monkeypatch: pytest.MonkeyPatch
) -> None:
    leads_to(monkeypatch, "10.0.0.1")
    connection = Connection("10.0.0.1")
    opened = wrapped(SyncBackend(connection), proxy)
    with Deadline(5, outside=URL):
        if proxy:
            opened.connect_tcp("proxy.example", 3128)
        else:
            with pytest.raises(DownloadFailed):
                opened.connect_tcp("files.example", 443)
    assert connection.closed is (proxy is None)


def test_on_an_event_loop_a_deadline_moves_with_what_renews_it(hands: Hands) -> None:
    async def main() -> None:
        deadline, began = Deadline(5), anyio.current_time()
        async with deadline:
            scope: Any = deadline._scope
            first: float = scope.deadline
            assert began - 0.001 <= first - 5 <= anyio.current_time() + 0.001
            hands.now += 60
            deadline.renew()
            assert scope.deadline == pytest.approx(first + 60, rel=0, abs=0.001)
            hands.now += 60
            await asyncio.to_thread(deadline.renew)  # a scope may be moved in its own thread alone
            assert scope.deadline == pytest.approx(first + 60, rel=0, abs=0.001)
        assert _CURRENT.get() is None

    asyncio.run(main())


@pytest.mark.parametrize(
    ("all_wrapped", "wrote", "sent"), [(True, False, False), (True, True, None), (False, False, None)]
)
def test_what_was_cut_off_was_not_sent_only_if_nothing_can_have_left(
    all_wrapped: bool, wrote: bool, sent: bool | None
) -> None:
    deadline = Deadline(0, wrapped=all_wrapped)

    async def exchange() -> None:
        async with deadline:
            if wrote:
                deadline.writing()
            await anyio.sleep_forever()

    async def main() -> None:
        with pytest.raises(TransportError) as raised:
            await exchange()
        assert (raised.value.sent, raised.value.timeout, _CURRENT.get()) == (sent, True, None)

    asyncio.run(main())


def test_a_handshake_has_what_is_left_and_closes_the_connection_if_it_fails(hands: Hands) -> None:
    connection = Connection()
    stream = wrapped(SyncBackend(connection)).connect_tcp("files.example", 443)
    with Deadline(5):
        stream.start_tls(None, "files.example", timeout=30)
        assert (connection.closed, connection.timeouts) == (False, [5])
        with pytest.raises(OSError, match="handshake"):
            stream.start_tls(None, "other.example", timeout=30)
    assert connection.closed
    with Deadline(0), pytest.raises(TransportError) as raised:
        stream.start_tls(None, "files.example")
    assert raised.value.sent is False


@pytest.mark.parametrize("proxy", [None, "http://proxy.example"])
@pytest.mark.parametrize("outside", [None, URL])
def test_on_an_event_loop_a_connection_that_leads_inside_is_closed(outside: str | None, proxy: str | None) -> None:
    connection = Connection("10.0.0.1")
    refused = outside is not None and proxy is None

    async def main() -> None:
        opened = wrapped(AsyncBackend(connection), proxy)
        await opened.connect_tcp("files.example", 443)
        async with Deadline(50, outside=outside):
            if refused:
                with pytest.raises(DownloadFailed):
                    await opened.connect_tcp("files.example", 443)
            else:
                await opened.connect_tcp("files.example", 443)

    asyncio.run(main())
    assert connection.closed is refused


def test_on_an_event_loop_each_piece_that_is_written_is_noted() -> None:
    connection = Connection()
    content = bytes(range(256)) * (2 * _PIECE // 256) + b"more"

    async def main() -> None:
        stream = await wrapped(AsyncBackend(connection)).connect_tcp("files.example", 443)
        await stream.write(content, timeout=30)
        deadline = Deadline(50)
        async with deadline:
            await stream.write(content, timeout=30)
        assert deadline.wrote

    asyncio.run(main())
    assert connection.written == content * 2
    assert connection.timeouts == [30] * 6


def test_on_an_event_loop_each_piece_of_an_upload_begins_the_time_again(hands: Hands) -> None:
    """Also while it is heard whether the server refuses the rest."""
    at: list[float] = []

    class Slow(Connection):
        def write(self, buffer: bytes, timeout: float | None = None) -> None:
            super().write(buffer, timeout)
            at.append(deadline.at)
            hands.now += 4

    connection = Slow()
    deadline = Deadline(5, moving=True)

    async def main() -> None:
        stream = await wrapped(AsyncBackend(connection)).connect_tcp("files.example", 443)
        async with deadline:
            await stream.write(b"POST / HTTP/1.1", timeout=30)
            await stream.write(b"x" * (2 * _PIECE), timeout=20)

    asyncio.run(main())
    assert at == [105, 109, 113]
    assert connection.timeouts == [30, 20, 20]


def test_on_an_event_loop_reading_keeps_the_limit_of_the_library() -> None:
    connection = Connection()

    async def main() -> bytes:
        stream = await wrapped(AsyncBackend(connection)).connect_tcp("files.example", 443)
        found: bytes = await stream.read(3, timeout=30)
        return found

    assert asyncio.run(main()) == b"xxx"
    assert connection.timeouts == [30]


def test_on_an_event_loop_a_handshake_that_fails_or_is_cancelled_closes_the_connection() -> None:
    connection = Connection()

    async def main() -> None:
        stream = await wrapped(AsyncBackend(connection)).connect_tcp("files.example", 443)
        await stream.start_tls(None, "files.example", timeout=30)
        assert not connection.closed
        with anyio.CancelScope() as scope:
            scope.cancel()  # closing must not be cancelled, too
            with pytest.raises(OSError, match="handshake"):
                await stream.start_tls(None, "other.example", timeout=30)

    asyncio.run(main())
    assert connection.closed
