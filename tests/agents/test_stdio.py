"""`kie mcp` as a client starts it: a process that speaks over its standard streams. Each test is bounded."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from mcp import Client, StdioServerParameters

from kie._io.journal import Journal
from kie.simulator import SimulatedService, simulated
from tests.agents.conftest import IMAGE, KEY, agree, data, error, finish
from tests.processes import LONGEST, bounded, until

SECONDS = LONGEST


@pytest.fixture
def service() -> Iterator[SimulatedService]:
    with simulated(speed=50, keys=[KEY], limits=False) as started:
        yield started


def environment(folder: Path, service: SimulatedService | None = None) -> dict[str, str]:
    own = {"XDG_STATE_HOME": folder / "state", "XDG_CONFIG_HOME": folder / "config", "HOME": folder}
    servers = {"KIE_BASE_URL": service.base_url, "KIE_UPLOAD_URL": service.upload_url} if service else {}
    key = {"KIE_API_KEY": KEY} if service else {}
    return {**os.environ, **{name: str(value) for name, value in own.items()}, **servers, **key}


def command(*arguments: object) -> list[str]:
    return [sys.executable, "-m", "kie", "mcp", *map(str, arguments)]


def started(folder: Path, *arguments: object, service: SimulatedService | None = None) -> StdioServerParameters:
    program, *rest = command("--root", folder, *arguments)
    return StdioServerParameters(command=program, args=rest, env=environment(folder, service))


def test_a_process_serves_both_eras_asks_and_saves(tmp_path: Path, service: SimulatedService, mode: str) -> None:
    asked = list[str]()

    async def work() -> None:
        server = started(tmp_path, "--budget", 20, service=service)
        async with Client(server, mode=mode, elicitation_callback=agree(asked)) as client:
            assert [tool.name for tool in (await client.list_tools()).tools] == [
                *("find_models", "describe_model", "plan", "generate", "tasks", "save", "upload", "library", "account")
            ]
            made = data(await client.call_tool("generate", IMAGE))
            assert made["state"] == "succeeded" and len(asked) == 1
            (name,) = data(await client.call_tool("save", {"ref": made["ref"], "folder": "out"}))["files"]
            assert (tmp_path / name).is_file()
            assert error(await client.call_tool("generate", IMAGE))["type"] == "BudgetExceeded"
            assert error(await client.call_tool("save", {"ref": made["ref"], "folder": ".."}))["type"] == "Outside"

    finish(work)
    (entry,) = Journal(tmp_path / "state" / "kie" / "journal.jsonl").entries()
    assert entry.state == "succeeded" and len(service.state.accepted) == 1


def test_the_simulator_needs_no_key_and_costs_nothing(tmp_path: Path) -> None:
    async def work() -> None:
        server = started(tmp_path, "--simulate", "--speed", 50, "--free", 50)
        async with Client(server) as client:
            assert data(await client.call_tool("generate", IMAGE))["state"] == "succeeded"
            assert data(await client.call_tool("account", {}))["simulated"]

    finish(work)


class Raw:
    """A client that writes and reads lines, so that it can be killed in the middle."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self.process = process

    def send(self, message: Mapping[str, object]) -> None:
        assert self.process.stdin is not None
        self.process.stdin.write(json.dumps({"jsonrpc": "2.0", **message}) + "\n")
        self.process.stdin.flush()

    def call(self, number: int, method: str, **params: object) -> dict[str, Any]:
        self.send({"id": number, "method": method, "params": params})
        assert self.process.stdout is not None
        for line in self.process.stdout:
            found: dict[str, Any] = json.loads(line)
            if found.get("id") == number:
                return found
        raise AssertionError("the server has ended")


@contextmanager
def raw(folder: Path, *arguments: object, service: SimulatedService | None = None) -> Iterator[Raw]:
    process = subprocess.Popen(
        command("--root", folder, *arguments),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env=environment(folder, service),
    )
    try:
        with bounded(process):
            made = Raw(process)
            known = {"clientInfo": {"name": "test", "version": "1"}}
            made.call(1, "initialize", protocolVersion="2025-06-18", capabilities={}, **known)
            made.send({"method": "notifications/initialized"})
            yield made
    finally:
        process.communicate(timeout=SECONDS)


@pytest.mark.parametrize("how", ["killed", "left"])
def test_a_task_of_a_client_that_is_gone_is_in_the_journal(tmp_path: Path, how: str) -> None:
    with simulated(speed=0.1, keys=[KEY], limits=False) as service:
        with raw(tmp_path, "--free", 50, service=service) as client:
            client.send({"id": 2, "method": "tools/call", "params": {"name": "generate", "arguments": IMAGE}})
            journal = Journal(tmp_path / "state" / "kie" / "journal.jsonl")
            until(lambda: any(entry.ref for entry in journal.entries()))
            if how == "killed":
                client.process.kill()
            else:
                client.process.stdin.close()  # type: ignore[union-attr]
                client.process.stdin = None
            client.process.wait(SECONDS)
        (entry,) = journal.entries()
        assert entry.state == "open" and str(entry.ref) == service.state.accepted[0].task_id
        with raw(tmp_path, service=service) as client:
            found = client.call(2, "tools/call", name="tasks", arguments={})
            (row,) = found["result"]["structuredContent"]["tasks"]
            assert row["ref"] == str(entry.ref)


def test_what_is_not_a_message_is_answered_and_ends_nothing(tmp_path: Path) -> None:
    with raw(tmp_path, "--simulate") as client:
        assert client.process.stdin is not None
        client.process.stdin.write("this is not JSON\n{}\n[]\n\n")
        unknown = client.call(2, "tools/call", name="drain", arguments={})
        assert "error" in unknown or unknown["result"]["isError"]
        wrong = client.call(3, "tools/call", name="generate", arguments={"model": 5, "input": [1]})
        assert wrong["result"]["isError"]
        assert len(client.call(4, "tools/list")["result"]["tools"]) == 9


def run(*arguments: object, folder: Path, **more: str) -> subprocess.CompletedProcess[str]:
    program = [sys.executable, "-m", "kie", *map(str, arguments)]
    return subprocess.run(
        program, input="", capture_output=True, text=True, timeout=SECONDS, env={**environment(folder), **more}
    )


def test_settings_that_make_no_sense_end_it_with_the_reason(tmp_path: Path) -> None:
    done = run("mcp", folder=tmp_path)
    assert done.returncode == 2 and "no API key" in done.stderr and not done.stdout and "Traceback" not in done.stderr


def test_free_without_a_budget_is_noted(tmp_path: Path) -> None:
    done = run("mcp", "--simulate", "--free", "10", folder=tmp_path)
    assert done.returncode == 0 and "--budget" in done.stderr


def test_without_the_extra_the_command_says_what_to_install(tmp_path: Path) -> None:
    (tmp_path / "mcp").mkdir()
    (tmp_path / "mcp" / "__init__.py").write_text("raise ImportError('no', name='mcp')")
    path = os.pathsep.join([str(tmp_path), os.environ.get("PYTHONPATH", "")])
    done = run("mcp", "--simulate", folder=tmp_path, PYTHONPATH=path)
    assert done.returncode == 2 and "pip install 'kie[mcp]'" in done.stderr
    assert run("--version", folder=tmp_path, PYTHONPATH=path).returncode == 0
