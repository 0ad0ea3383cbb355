"""`kie mcp` as the protocol's own inspector sees it: a client that is not ours. Each test is bounded.

`make inspector` installs it.
"""

from __future__ import annotations

import json
import subprocess
from pathlib import Path
from typing import Any

import pytest

from tests.agents.conftest import IMAGE
from tests.agents.test_stdio import command, environment
from tests.processes import LONGEST

INSPECTOR = Path(__file__).parents[2] / ".venv/inspector/node_modules/.bin/mcp-inspector-cli"
SECONDS = LONGEST

pytestmark = pytest.mark.skipif(not INSPECTOR.exists(), reason="the inspector of the protocol is not installed")


def inspected(folder: Path, method: str, *arguments: str) -> Any:
    """What the server answers to one method."""
    server = command("--root", folder, "--simulate", "--speed", 50)
    done = subprocess.run(
        [INSPECTOR, "--cli", *server, "--method", method, *arguments],
        capture_output=True,
        text=True,
        timeout=SECONDS,
        env=environment(folder),
    )
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def called(folder: Path, tool: str, arguments: dict[str, Any]) -> Any:
    given = [word for name, value in arguments.items() for word in ("--tool-arg", f"{name}={json.dumps(value)}")]
    return inspected(folder, "tools/call", "--tool-name", tool, *given)


def test_the_inspector_lists_the_tools(tmp_path: Path) -> None:
    tools = inspected(tmp_path, "tools/list")["tools"]
    assert len(tools) == 9 and all(tool["inputSchema"]["type"] == "object" for tool in tools)


def test_the_inspector_cannot_be_asked_so_nothing_is_spent(tmp_path: Path) -> None:
    answer = called(tmp_path, "generate", IMAGE)
    assert answer["isError"] and answer["structuredContent"]["error"]["type"] == "CannotAsk"
