"""What 10,000 waiting tasks cost over the idle client, in MB. Linux only."""

from __future__ import annotations

import asyncio
import gc
import json
import subprocess
import sys
from pathlib import Path
from typing import Any

from kie import AsyncKie, Kie, PollPolicy, RateLimit
from kie._core.call import HttpRequest, HttpResponse

ROOT = Path(__file__).parent.parent.parent
TOTAL = 10_000
RECORD: dict[str, Any] = {
    "taskId": "",
    "model": "nano-banana-pro",
    "state": "waiting",
    "param": json.dumps({"input": json.dumps({"prompt": "A lighthouse at dusk, oil on canvas" * 5})}),
    "resultJson": "",
    "failCode": None,
    "failMsg": None,
    "costTime": None,
    "completeTime": None,
    "createTime": 1776862567160,
}


def resident() -> float:
    """Megabytes of memory that this process occupies."""
    gc.collect()
    with open("/proc/self/status") as status:
        return next(int(line.split()[1]) for line in status if line.startswith("VmRSS")) / 1024


class Waiting:
    """Every task is found waiting, at once."""

    def send(self, request: HttpRequest, timeout: float) -> HttpResponse:
        record = {**RECORD, "taskId": request.url.rpartition("=")[2]}
        return HttpResponse(status=200, headers={}, body=json.dumps({"code": 200, "data": record}).encode())

    def stream(self, *_: object) -> Any:
        raise NotImplementedError

    def close(self) -> None:
        pass


class AsyncWaiting(Waiting):
    async def send(self, request: HttpRequest, timeout: float) -> HttpResponse:  # type: ignore[override]
        await asyncio.sleep(0)
        return super().send(request, timeout)


class Measured(Exception):
    """Ends the batch."""


class Meter:
    """Measures when every task has been looked at."""

    def __init__(self) -> None:
        self.idle = resident()
        self.looks = 0

    def look(self, *_: object) -> None:
        self.looks += 1
        if self.looks == TOTAL:
            print(round(resident() - self.idle, 1))
            raise Measured


REFS = [f"{number:032x}" for number in range(TOTAL)]
SELDOM = PollPolicy(min_interval=3600, max_interval=3600)
"""Once looked at, a task sleeps as long as this runs."""


def sync() -> None:
    client = Kie("key", transport=Waiting(), rate_limit=RateLimit.unlimited())
    client.batch.wait(REFS[:1], batch_timeout=0.1, poll=SELDOM)
    client.batch.wait(REFS, poll=SELDOM, on_progress=Meter().look, stop_on_failure=True, timeout=1e6)


async def aio() -> None:
    client = AsyncKie("key", transport=AsyncWaiting(), rate_limit=RateLimit.unlimited())  # type: ignore[arg-type]
    await client.batch.wait(REFS[:1], batch_timeout=0.1, poll=SELDOM)
    await client.batch.wait(REFS, poll=SELDOM, on_progress=Meter().look, stop_on_failure=True, timeout=1e6)


def occupied(kind: str) -> float:
    """What 10,000 waiting tasks cost over the idle client, `sync` or `async`: megabytes of a process of their own."""
    command = [sys.executable, "-m", "tests.batch.waiting", kind]
    done = subprocess.run(command, cwd=ROOT, stdout=subprocess.PIPE, text=True, check=False, timeout=120)
    return float(done.stdout)


if __name__ == "__main__":
    sync() if sys.argv[1] == "sync" else asyncio.run(aio())
