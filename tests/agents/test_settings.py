"""The options of `kie mcp`, in this process: to import the SDK takes seconds, and each case would import it again."""

from __future__ import annotations

import gc
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from kie._agents import http
from kie._agents.tools import AgentTools
from kie._cli import mcp_command
from kie._cli.app import root

Invoke = Callable[..., Result]


@pytest.fixture
def mcp(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Invoke:
    """Run `kie mcp` with no variable of the user."""
    for variable in ("XDG_STATE_HOME", "XDG_CONFIG_HOME", "HOME"):
        monkeypatch.setenv(variable, str(tmp_path))
    # what a program does once would keep the garbage of every test before
    monkeypatch.setattr(gc, "freeze", lambda: None)
    return lambda *arguments: CliRunner().invoke(root, ["mcp", *arguments])


async def unwanted(*_: object) -> None:
    raise AssertionError("it serves")


async def nobody(tools: AgentTools) -> None:
    async with tools.client:
        pass


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ([], "no API key"),
        (["--simulate", "--root", "missing"], "--root"),
        (["--simulate", "--free", "many"], "--free"),
        (["--simulate", "--free", "-1"], "--free"),
        (["--token-file", "x"], "--http"),
        (["--speed", "3"], "--simulate"),
        (["--simulate", "--http", "0.0.0.0:0"], "this machine only"),
        (["--simulate", "--http", "example.com:80"], "this machine only"),
        (["--simulate", "--http", "8080"], "HOST:PORT"),
        (["--simulate", "--http", "127.0.0.1:99999"], "HOST:PORT"),
        (["--simulate", "--http", "127.0.0.1:0", "--token-file", "missing"], "cannot be read"),
    ],
    ids=lambda value: value if isinstance(value, str) else " ".join(value),
)
def test_settings_that_make_no_sense_end_it_before_it_serves(
    mcp: Invoke, monkeypatch: pytest.MonkeyPatch, arguments: list[str], said: str
) -> None:
    monkeypatch.setattr(mcp_command, "_serve", unwanted)
    monkeypatch.setattr(http, "serve", unwanted)
    done = mcp(*arguments)
    assert isinstance(done.exception, SystemExit), done.exception
    assert done.exit_code == 2 and said in done.stderr and not done.stdout


def test_free_is_noted_only_without_a_budget(mcp: Invoke, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(mcp_command, "_serve", nobody)
    done = mcp("--simulate", "--free", "10")
    assert done.exit_code == 0 and "--budget" in done.stderr, done.stderr
    done = mcp("--simulate", "--free", "10", "--budget", "50")
    assert done.exit_code == 0 and not done.stderr
