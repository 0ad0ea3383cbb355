"""Over HTTP: who may call, from where, and with which budget. Requests go to an application in memory."""

from __future__ import annotations

import subprocess
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from decimal import Decimal
from pathlib import Path
from typing import Any

import httpx2
import pytest
from mcp import Client
from mcp.client.streamable_http import streamable_http_client

from kie import Budget
from kie._agents import http
from kie._agents.http import Caller
from kie._core.errors import ConfigError
from tests.agents.conftest import IMAGE, Desk, Desks, agree, data, error, finish
from tests.agents.test_stdio import SECONDS, command, environment
from tests.processes import bounded

PORT = 8321
URL = f"http://127.0.0.1:{PORT}{http.PATH}"
ANN = Caller(name="ann", token="token-of-ann-1234567", budget=Decimal(20))
BOB = Caller(name="bob", token="token-of-bob-1234567", budget=Decimal(100))
HELLO = {
    "jsonrpc": "2.0",
    "id": 1,
    "method": "initialize",
    "params": {"protocolVersion": "2025-06-18", "capabilities": {}, "clientInfo": {"name": "test", "version": "1"}},
}
ACCEPT = {"accept": "application/json, text/event-stream"}


@asynccontextmanager
async def serving(desk: Desk) -> AsyncIterator[Any]:
    application = http.app(desk.tools, [ANN, BOB], PORT)
    async with application.router.lifespan_context(application):
        yield httpx2.ASGITransport(application)


@asynccontextmanager
async def calling(transport: Any, caller: Caller, mode: str, answer: Any = None) -> AsyncIterator[Client]:
    headers = {"authorization": f"Bearer {caller.token}"}
    async with httpx2.AsyncClient(transport=transport, headers=headers) as browser:
        streams = streamable_http_client(URL, http_client=browser)
        async with Client(streams, mode=mode, elicitation_callback=answer) as client:
            yield client


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({}, 401),
        ({"authorization": "Bearer wrong"}, 401),
        ({"authorization": "Bearer "}, 401),
        ({"authorization": f"Basic {ANN.token}"}, 401),
        ({"authorization": f"Bearer {ANN.token}x"}, 401),
        ({"authorization": "Bearer ünï".encode()}, 401),
        ({"authorization": f"Bearer {ANN.token}"}, 200),
        ({"authorization": f"Bearer {ANN.token}", "host": "evil.example"}, 421),
        ({"authorization": f"Bearer {ANN.token}", "host": "127.0.0.1:1"}, 421),
        ({"authorization": f"Bearer {ANN.token}", "host": "localhost.evil.example:8321"}, 421),
        ({"authorization": f"Bearer {ANN.token}", "origin": "http://evil.example"}, 403),
        ({"authorization": f"Bearer {ANN.token}", "origin": "null"}, 403),
        ({"authorization": f"Bearer {ANN.token}", "origin": f"http://127.0.0.1:{PORT}"}, 200),
        ({"authorization": f"Bearer {ANN.token}", "host": f"localhost:{PORT}"}, 200),
    ],
    ids=str,
)
def test_strangers_other_hosts_and_other_origins_are_refused(
    desks: Desks, headers: Mapping[str, Any], status: int
) -> None:
    desk = desks()

    async def work() -> None:
        async with serving(desk) as transport, httpx2.AsyncClient(transport=transport) as client:
            answer = await client.post(URL, json=HELLO, headers={**ACCEPT, **headers})
            assert answer.status_code == status
            assert ANN.token not in answer.text and "authorization" not in answer.headers

    finish(work)


def test_each_caller_has_a_budget_of_its_own(desks: Desks, mode: str) -> None:
    desk = desks(free=50, budget=Budget(60))

    async def work() -> None:
        async with (
            serving(desk) as transport,
            calling(transport, ANN, mode) as ann,
            calling(transport, BOB, mode) as bob,
        ):
            data(await ann.call_tool("generate", IMAGE))
            assert error(await ann.call_tool("generate", IMAGE))["left"] == "2"
            for _ in range(2):
                data(await bob.call_tool("generate", IMAGE))
            assert error(await bob.call_tool("generate", IMAGE))["left"] == "6"  # of the server's
            assert data(await ann.call_tool("account", {}))["budget"]["spent"] == "18"

    finish(work)
    assert desk.sent == 3


def test_the_command_serves_over_http_with_a_token_that_it_shows_once(tmp_path: Path, mode: str) -> None:
    asked = list[str]()

    async def work(url: str, token: str) -> None:
        headers = {"authorization": f"Bearer {token}"}
        async with httpx2.AsyncClient(headers=headers, timeout=SECONDS) as browser:
            streams = streamable_http_client(url, http_client=browser)
            async with Client(streams, mode=mode, elicitation_callback=agree(asked)) as client:
                assert data(await client.call_tool("generate", IMAGE))["state"] == "succeeded"

    program = command("--root", tmp_path, "--simulate", "--speed", 50, "--http", "127.0.0.1:0")
    with (
        subprocess.Popen(program, stderr=subprocess.PIPE, text=True, env=environment(tmp_path)) as process,
        bounded(process),
    ):
        try:
            assert process.stderr is not None
            url = process.stderr.readline().split()[3]
            token = process.stderr.readline().split()[-1]
            finish(lambda: work(url, token))
        finally:
            process.terminate()
            rest = process.communicate(timeout=SECONDS)[1]
    assert len(asked) == 1 and token not in rest and "Traceback" not in rest


def test_a_session_belongs_to_the_caller_that_began_it(desks: Desks) -> None:
    desk = desks()

    async def work() -> None:
        async with serving(desk) as transport, httpx2.AsyncClient(transport=transport) as client:
            own = {**ACCEPT, "authorization": f"Bearer {ANN.token}"}
            begun = await client.post(URL, json=HELLO, headers=own)
            session = {"mcp-session-id": begun.headers["mcp-session-id"]}
            other = {**ACCEPT, "authorization": f"Bearer {BOB.token}", **session}
            listing = {"jsonrpc": "2.0", "id": 2, "method": "tools/list"}
            assert (await client.post(URL, json=listing, headers=other)).status_code == 404
            assert (await client.post(URL, json=listing, headers={**own, **session})).status_code == 200

    finish(work)


def test_a_token_is_taken_from_the_variable_or_made(tmp_path: Path) -> None:
    (found,), new = http.callers(None, {http.VARIABLE: "a" * 16})
    assert found.token == "a" * 16 and not new
    (made,), new = http.callers(None, {})
    (other,), _ = http.callers(None, {})
    assert new and len(made.token) >= 32 and made.token != other.token and made.token not in repr(made)
    with pytest.raises(ConfigError, match="guess"):
        http.callers(None, {http.VARIABLE: "short"})


def test_a_file_of_callers_is_read_and_all_its_faults_are_reported(tmp_path: Path) -> None:
    path = tmp_path / "tokens"
    path.write_text(f"# who may call\nann {ANN.token} 20\n\nbob {BOB.token}\n")
    found, new = http.callers(path, {})
    assert [(each.name, each.budget) for each in found] == [("ann", Decimal(20)), ("bob", None)] and not new
    path.write_text(f"ann\nann {ANN.token} many\nann short\nbob {BOB.token}\nbob {ANN.token}\n")
    with pytest.raises(ConfigError) as caught:
        http.callers(path, {})
    assert all(f"line {number}" in caught.value.message for number in (1, 2, 3, 5)) and ANN.token not in str(caught)
    path.write_text(f"ann {ANN.token} 20\nbob {ANN.token}\n")
    with pytest.raises(ConfigError, match="line 2 repeats the name or the token of another line"):
        http.callers(path, {})
    path.write_text("# nobody\n")
    with pytest.raises(ConfigError, match="at least one caller"):
        http.callers(path, {})


@pytest.mark.parametrize("host", ["0.0.0.0", "[::]", "192.168.1.2", "example.com"])
def test_nobody_listens_beyond_this_machine(host: str) -> None:
    with pytest.raises(ConfigError, match="listens on this machine only"):
        http.listener(f"{host}:0")


def test_a_port_that_is_taken_is_named() -> None:
    with http.listener("127.0.0.1:0") as taken:
        taken.listen()
        with pytest.raises(ConfigError, match="in use"):
            http.listener(f"127.0.0.1:{taken.getsockname()[1]}")
