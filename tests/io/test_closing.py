"""A client that is closed while it submits sends nothing more, and no task is lost."""

from __future__ import annotations

import asyncio
import json
import threading
from collections.abc import Callable, Iterator
from contextlib import closing, suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import httpx2
import pytest

from kie import AsyncKie, ConfigError, Journal, Kie, TaskRef
from kie._core.safe_text import attribute_of
from kie._io.bodies import arguments_of
from kie._io.pools import Pools
from kie.models import NanoBananaPro
from tests.processes import LONGEST, joined

REQUEST = NanoBananaPro(prompt="A lighthouse")


class Server:
    """Accepts submissions, and answers each once `answer` is set. `arrived` is set by the first."""

    def __init__(self) -> None:
        self.arrived, self.answer, self.left = threading.Event(), threading.Event(), threading.Event()
        self.seen: list[str] = []
        outer = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_POST(self) -> None:
                self.rfile.read(int(self.headers["content-length"]))
                outer.seen.append(self.path)
                outer.arrived.set()
                outer.answer.wait(LONGEST)
                body = json.dumps({"code": 200, "msg": "success", "data": {"taskId": "t1"}}).encode()
                self.send_response(200)
                self.send_header("content-length", str(len(body)))
                self.end_headers()
                with suppress(OSError):
                    self.wfile.write(body)

            def do_GET(self) -> None:
                outer.seen.append(self.path)
                self.send_error(500)

            def finish(self) -> None:
                super().finish()
                outer.left.set()

            def log_message(self, format: str, *_: object) -> None:
                pass

            def handle(self) -> None:
                with suppress(OSError):
                    super().handle()

        self.http = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.http.daemon_threads = True
        self.url = f"http://127.0.0.1:{self.http.server_port}"
        threading.Thread(target=self.http.serve_forever, daemon=True).start()

    def close(self) -> None:
        self.answer.set()
        self.http.shutdown()
        self.http.server_close()


@pytest.fixture
def server() -> Iterator[Server]:
    with closing(Server()) as found:
        yield found


def in_thread(function: Callable[[], object], found: list[Any]) -> threading.Thread:
    def work() -> None:
        try:
            found.append(function())
        except BaseException as error:
            found.append(error)

    thread = threading.Thread(target=work, daemon=True)
    thread.start()
    return thread


def test_a_submission_gets_its_answer_although_its_client_is_closed(server: Server, tmp_path: Path) -> None:
    client, found = Kie("key", base_url=server.url, journal=tmp_path / "journal.jsonl"), list[Any]()
    thread = in_thread(lambda: client.submit(REQUEST), found)
    assert server.arrived.wait(LONGEST)
    client.close()
    with pytest.raises(ConfigError, match="this client is closed"):
        client.submit(REQUEST)
    server.answer.set()
    joined(thread)
    assert found[0].ref.id == "t1"
    assert server.left.wait(LONGEST), "its connection is closed once the answer has come"
    assert [entry.state for entry in Journal(tmp_path / "journal.jsonl").entries()] == ["open"]
    assert server.seen == ["/api/v1/jobs/createTask"]


def test_a_run_whose_client_is_closed_names_its_task(server: Server) -> None:
    client, found = Kie("key", base_url=server.url), list[Any]()
    thread = in_thread(lambda: client.run(REQUEST), found)
    assert server.arrived.wait(LONGEST)
    client.close()
    server.answer.set()
    joined(thread)
    assert isinstance(found[0], ConfigError)
    ref = attribute_of(found[0], "ref")
    assert isinstance(ref, TaskRef) and ref.id == "t1"
    assert server.seen == ["/api/v1/jobs/createTask"]


def test_a_submission_on_an_event_loop_gets_its_answer_although_its_client_is_closed(server: Server) -> None:
    async def main() -> Any:
        client = AsyncKie("key", base_url=server.url)
        under_way = asyncio.create_task(client.submit(REQUEST))
        assert await asyncio.to_thread(server.arrived.wait, LONGEST)
        await client.close()
        with pytest.raises(ConfigError, match="this client is closed"):
            await client.submit(REQUEST)
        server.answer.set()
        task = await asyncio.wait_for(under_way, LONGEST)
        assert await asyncio.to_thread(server.left.wait, LONGEST)
        return task

    assert asyncio.run(main()).ref.id == "t1"
    assert server.seen == ["/api/v1/jobs/createTask"]


def test_a_client_is_closed_when_its_last_submission_has_ended() -> None:
    pools = Pools(lambda **_: object())
    busy, idle = pools.get(True), pools.get(False)
    pools.submitting(busy)
    pools.submitting(busy)
    assert pools.shut() == [idle]
    assert (pools.submitted(busy), pools.submitted(busy)) == (False, True)
    assert not pools._taken
    with pytest.raises(ConfigError, match="closed"):
        pools.submitting(busy)


def test_a_transport_that_is_closed_gives_no_client_of_a_loop_that_does_not_know_it_yet() -> None:
    pools, loop = Pools(lambda **_: object()), object()
    client = pools.get(True, loop)
    assert pools.opened(True, loop) is client
    assert pools.shut() == []
    assert pools.opened(True, loop) is None
    with pytest.raises(ConfigError, match="this client is closed"):
        pools.get(True, loop)
    assert pools.take(loop) == [client]


def test_a_client_whose_submission_ended_before_is_closed_at_once() -> None:
    pools = Pools(lambda **_: object())
    client = pools.get(True)
    pools.submitting(client)
    assert not pools.submitted(client)
    assert pools.shut() == [client]


@pytest.mark.parametrize("asynchronous", [False, True])
def test_a_client_that_is_closed_while_its_connections_are_set_up_sends_nothing(
    asynchronous: bool, server: Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    began, closed, opened = threading.Event(), threading.Event(), Pools._opened

    def slowly(self: Pools, fresh: bool, host: str) -> Any:
        began.set()
        assert closed.wait(LONGEST)
        return opened(self, fresh, host)

    async def main(client: AsyncKie) -> Any:
        under_way = asyncio.create_task(client.submit(REQUEST))
        assert await asyncio.to_thread(began.wait, LONGEST)
        await client.close()
        closed.set()
        with pytest.raises(ConfigError, match="this client is closed") as caught:
            await asyncio.wait_for(under_way, LONGEST)
        return caught.value

    monkeypatch.setattr(Pools, "_opened", slowly)
    options: dict[str, Any] = {"base_url": server.url, "journal": tmp_path / "journal.jsonl"}
    client: Kie | AsyncKie
    if asynchronous:
        client = AsyncKie("key", **options)
        error = asyncio.run(main(client))
    else:
        client, found = Kie("key", **options), list[Any]()
        thread = in_thread(lambda: client.submit(REQUEST), found)
        assert began.wait(LONGEST)
        client.close()
        closed.set()
        joined(thread)
        error = found[0]
    assert isinstance(error, ConfigError) and attribute_of(error, "task_created", False) is False
    assert list(Journal(tmp_path / "journal.jsonl").entries()) == []
    assert not client._driver.transport._pools._open  # type: ignore[union-attr]
    assert server.seen == []


@pytest.mark.parametrize("asynchronous", [False, True])
def test_a_client_that_is_closed_just_before_it_sends_says_that_nothing_was_sent(
    asynchronous: bool, server: Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    client: Kie | AsyncKie = (AsyncKie if asynchronous else Kie)(
        "key", base_url=server.url, journal=tmp_path / "journal.jsonl"
    )

    def closing_first(*args: Any) -> Any:
        client._driver.transport._pools.shut()  # type: ignore[union-attr]
        return arguments_of(*args)

    monkeypatch.setattr("kie._io.transport.arguments_of", closing_first)
    with pytest.raises(ConfigError, match="this client is closed") as caught:
        asyncio.run(awaited(client)) if isinstance(client, AsyncKie) else client.submit(REQUEST)
    assert attribute_of(caught.value, "task_created", False) is False
    assert [entry.state for entry in Journal(tmp_path / "journal.jsonl").entries()] == ["refused"]
    assert server.seen == []


async def awaited(client: AsyncKie) -> Any:
    return await client.submit(REQUEST)


def test_nothing_is_sent_on_an_event_loop_while_its_connections_are_closed(
    server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    server.answer.set()
    aclose, refused = httpx2.AsyncClient.aclose, list[ConfigError]()

    async def main() -> None:
        client = AsyncKie("key", base_url=server.url)

        async def closing(self: httpx2.AsyncClient) -> None:
            with pytest.raises(ConfigError, match="this client is closed") as caught:
                await client.submit(REQUEST)
            refused.append(caught.value)
            await aclose(self)

        await client.submit(REQUEST)
        monkeypatch.setattr(httpx2.AsyncClient, "aclose", closing)
        await client.close()
        monkeypatch.setattr(httpx2.AsyncClient, "aclose", aclose)

    asyncio.run(main())
    assert len(refused) == 1
    assert server.seen == ["/api/v1/jobs/createTask"]


def test_a_client_may_be_closed_while_it_is_being_closed() -> None:
    """As by a second signal, while the handler of the first closes it."""
    pools, found = Pools(lambda **_: object()), list[Any]()

    class Signalled(dict[Any, Any]):
        def pop(self, *args: Any) -> Any:
            client = super().pop(*args)
            if not found:
                found.append(None)
                found[0] = pools.shut()
            return client

    clients = [pools.get(True), pools.get(False)]
    pools._open = Signalled(pools._open)
    assert (pools.shut(), found) == (clients[:1], [clients[1:]])
