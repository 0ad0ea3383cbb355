"""Measures the time from the start of `kie mcp` until a client has the list of tools."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from statistics import median

from benchmarks.measure import Figure

HELLO = {"protocolVersion": "2025-06-18", "capabilities": {}, "clientInfo": {"name": "bench", "version": "1"}}
MESSAGES: list[dict[str, object]] = [
    {"id": 1, "method": "initialize", "params": HELLO},
    {"method": "notifications/initialized"},
    {"id": 2, "method": "tools/list"},
]


def first_answer() -> float:
    """Seconds until the list of tools arrives."""
    lines = "".join(json.dumps({"jsonrpc": "2.0", **message}) + "\n" for message in MESSAGES)
    program = [sys.executable, "-m", "kie", "mcp", "--no-journal"]
    environment = {**os.environ, "KIE_API_KEY": "of-the-benchmark"}
    begun = time.perf_counter()
    with subprocess.Popen(
        program, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env=environment
    ) as process:
        assert process.stdin is not None and process.stdout is not None
        process.stdin.write(lines)
        process.stdin.flush()
        while json.loads(process.stdout.readline()).get("id") != 2:
            pass
        took = time.perf_counter() - begun
        process.stdin.close()
    return took


def agents() -> Iterator[Figure]:
    yield Figure("`kie mcp` lists its tools", median(first_answer() for _ in range(7)), 1.5)
