"""Compares a batch over a loopback socket with a bare `httpx2.AsyncClient` that makes the same exchanges.

The server runs in its own process. It is either one that answers at once, to measure the client, or the simulator.
"""

from __future__ import annotations

import asyncio
import json
import statistics
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import httpx2

from benchmarks.measure import Figure, Ratio
from kie import AsyncKie, PollPolicy, RateLimit, simulated
from kie._io.process import Process
from kie.models import Kling30Video, NanoBananaPro
from kie.testing import virtual_kie

TASKS = 1000
CPU_PER_TASK = 4e-3
"""Seconds of our own CPU time that a task with two exchanges may take."""

ACCEPTED = json.dumps({"code": 200, "msg": "success", "data": {"taskId": "t", "recordId": "t"}})
RECORD: dict[str, Any] = {
    "taskId": "t",
    "model": "nano-banana-pro",
    "state": "success",
    "param": json.dumps({"input": json.dumps({"prompt": "A lighthouse at dusk"}), "model": "nano-banana-pro"}),
    "resultJson": '{"resultUrls":["https://example.com/a.png"]}',
    "failCode": None,
    "failMsg": None,
    "costTime": 12,
    "createTime": 1776862567160,
}
DONE = json.dumps({"code": 200, "msg": "success", "data": RECORD})


class Server(asyncio.Protocol):
    """Implements just enough HTTP for the clients here."""

    def __init__(self) -> None:
        self._data = b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport: Any = transport

    def data_received(self, data: bytes) -> None:
        self._data += data
        while b"\r\n\r\n" in self._data:
            head, _, rest = self._data.partition(b"\r\n\r\n")
            found = [line for line in head.lower().split(b"\r\n") if line.startswith(b"content-length:")]
            length = int(found[0].partition(b":")[2]) if found else 0
            if len(rest) < length:
                return
            self._data = rest[length:]
            body = (ACCEPTED if head.startswith(b"POST") else DONE).encode()
            head = b"HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: %d\r\n\r\n" % len(body)
            self._transport.write(head + body)


async def serve() -> None:
    server = await asyncio.get_running_loop().create_server(Server, "127.0.0.1", 0)
    print(f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}", flush=True)
    await server.serve_forever()


def simulate() -> None:
    """Serve a simulator in which every task has ended by its first poll."""
    with simulated(speed=1e9, credits=10**9, limits=False) as service:
        print(service.base_url, flush=True)
        threading.Event().wait()


class Forgetful(Process):
    """Learns no durations, because the bare client does not wait before it polls."""

    def observed(self, model: str, seconds: float) -> None:
        pass


async def ours(base: str, requests: list[NanoBananaPro], at_once: int) -> None:
    # the bare client has no limits and polls at once, so ours does the same
    instant = PollPolicy(min_interval=1e-9, max_interval=1e-9, speed=1e9)
    async with AsyncKie("key", base_url=base, poll=instant, rate_limit=RateLimit.unlimited()) as client:
        client._driver.session.process = Forgetful()
        client._driver.session.process.limit(client._driver.session.group, RateLimit.unlimited())
        outcomes = await client.batch.run(requests, concurrency=at_once)
    assert all(outcome.ok for outcome in outcomes)


async def theirs(base: str, requests: list[NanoBananaPro], at_once: int) -> None:
    headers = {"Authorization": "Bearer key", "User-Agent": "loop", "Accept": "application/json"}
    bodies = iter([request.to_wire() for request in requests])
    async with httpx2.AsyncClient(headers=headers, timeout=30) as http:

        async def work() -> None:
            for body in bodies:
                made = (await http.post(f"{base}/api/v1/jobs/createTask", json=body)).json()
                params = {"taskId": made["data"]["taskId"]}
                found = (await http.get(f"{base}/api/v1/jobs/recordInfo", params=params)).json()
                assert json.loads(found["data"]["resultJson"])["resultUrls"]

        await asyncio.gather(*(work() for _ in range(at_once)))


@contextmanager
def served(server: str) -> Iterator[str]:
    """Run a server in its own process, and yield its base URL."""
    command = [sys.executable, "-c", f"import asyncio, benchmarks.batch as b; {server}"]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    try:
        assert process.stdout is not None
        yield process.stdout.readline().strip()
    finally:
        process.kill()
        process.communicate()


def side_by_side(server: str, at_once: int, rounds: int) -> tuple[list[float], list[float], list[float]]:
    """Measure both sides in turns, against a server in its own process.

    Returns the seconds per task of ours, of theirs, and of our own CPU time.
    """
    with served(server) as base:
        requests = [NanoBananaPro(prompt=f"A lighthouse, number {number}") for number in range(TASKS)]
        rates: tuple[list[float], list[float]] = ([], [])
        processor: list[float] = []
        for turn in range(rounds + 1):
            for side, work in enumerate((ours, theirs)):
                started, used = time.perf_counter(), time.process_time()
                asyncio.run(work(base, requests, at_once))
                if turn:
                    rates[side].append((time.perf_counter() - started) / TASKS)
                    if work is ours:
                        processor.append((time.process_time() - used) / TASKS)
    return (*rates, processor)


def batch() -> Iterator[Ratio | Figure]:
    one, other, processor = side_by_side("asyncio.run(b.serve())", 5, 15)
    yield Ratio.of(f"a task of a batch of {TASKS} over a socket / a bare AsyncClient", one, other, 1 / 0.8)
    yield Figure("CPU of such a task", statistics.median(processor), CPU_PER_TASK)
    one, other, _ = side_by_side("b.simulate()", 50, 7)
    yield Ratio.of(f"{TASKS} tasks, 50 at once, simulated / a bare AsyncClient", one, other, 1.2)


def width() -> Iterator[Ratio]:
    """Compare 100 videos in a batch of default width, in virtual time, with what the limits allow.

    20 submissions are allowed per 10 s, so the n-th (from 0) is allowed after 10 · (n div 20) seconds, and the 100th
    after 40. Then its task runs. No batch can end before the last task.
    """
    client, _, time = virtual_kie(credits=10**6)
    outcomes = client.batch.run([Kling30Video(prompt=str(n), mode="std", duration="5") for n in range(100)])
    outcomes.sort(key=lambda outcome: outcome.submitted or 0.0)
    durations = [outcome.unwrap().seconds or 0.0 for outcome in outcomes]
    least = max(10 * (number // 20) + duration for number, duration in enumerate(durations))
    yield Ratio("a batch of 100 videos / what the limits allow", time.now(), least, 1.15, time.now() / least)


if __name__ == "__main__":
    for line in [*width(), *batch()]:
        print(line)
