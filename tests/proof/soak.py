"""The soak: 200 tasks at a time for a minute, on real sockets. Descriptors, threads and memory level off."""

from __future__ import annotations

import asyncio
import gc
import os
import subprocess
import sys
import threading
import time
from itertools import count
from pathlib import Path

import attrs

from kie import AsyncKie, Kie, RateLimit
from kie.models import NanoBananaPro

SECONDS = 60
TOGETHER = 200
SERVER = """
import sys, time
from kie import simulated
with simulated(speed=5, limits=False, credits=10**9) as service:
    print(service.base_url, flush=True)
    sys.stdin.read()
"""


@attrs.frozen
class Use:
    """What the process holds at one moment."""

    at: float
    descriptors: int
    threads: int
    memory: float

    def shown(self) -> str:
        """The figures in words."""
        held = f"{self.descriptors} descriptors, {self.threads} threads, {self.memory:.0f} MB"
        return f"after {self.at:.0f} s {held}"

    @classmethod
    def now(cls, started: float) -> Use:
        """Measure it. Memory is what is resident, in MB."""
        gc.collect()
        pages = int(Path("/proc/self/statm").read_text().split()[1])
        return cls(
            time.monotonic() - started,
            len(os.listdir("/proc/self/fd")),
            threading.active_count(),
            pages * os.sysconf("SC_PAGE_SIZE") / 1e6,
        )


def main() -> list[str]:
    """Soak both clients. Returns the faults that were found."""
    faults: list[str] = []
    for name, work in (("sync", sync_soak), ("async", async_soak)):
        with subprocess.Popen([sys.executable, "-c", SERVER], stdin=subprocess.PIPE, stdout=subprocess.PIPE) as server:
            assert server.stdout is not None and server.stdin is not None
            url = server.stdout.readline().decode().strip()
            done, uses = work(url)
            server.stdin.close()
        half = next(use for use in uses if use.at >= SECONDS / 2)
        last = uses[-1]
        print(f"soak {name}: {done:,} tasks; {half.shown()}; {last.shown()}", flush=True)
        if last.descriptors > half.descriptors + 20:
            faults.append(f"{name}: descriptors grow from {half.descriptors} to {last.descriptors}")
        if last.threads > half.threads + 5:
            faults.append(f"{name}: threads grow from {half.threads} to {last.threads}")
        if last.memory > half.memory * 1.1 + 5:
            faults.append(f"{name}: memory grows from {half.memory:.0f} to {last.memory:.0f} MB")
        if done < 10 * TOGETHER:
            faults.append(f"{name}: only {done} tasks ended")
    return faults


def sync_soak(url: str) -> tuple[int, list[Use]]:
    """One batch after the other, `TOGETHER` wide."""
    done, started, uses = 0, time.monotonic(), list[Use]()
    with Kie("simulated", base_url=url, upload_url=url, rate_limit=RateLimit.unlimited()) as client:
        while time.monotonic() - started < SECONDS:
            requests = [NanoBananaPro(prompt=str(number)) for number in range(TOGETHER)]
            outcomes = client.batch.run(requests, concurrency=TOGETHER)
            done += sum(outcome.ok for outcome in outcomes)
            for thread in threading.enumerate():  # those of the batch are on their way out
                if thread is not threading.current_thread() and thread.name == "kie-batch":
                    thread.join(5)
            uses.append(Use.now(started))
    return done, uses


def async_soak(url: str) -> tuple[int, list[Use]]:
    """`TOGETHER` tasks that each run one request after the other."""

    async def work() -> tuple[int, list[Use]]:
        numbers, done, started, uses = count(), 0, time.monotonic(), list[Use]()

        async def one(client: AsyncKie) -> None:
            nonlocal done
            while time.monotonic() - started < SECONDS:
                await client.run(NanoBananaPro(prompt=str(next(numbers))))
                done += 1

        async def watch() -> None:
            while time.monotonic() - started < SECONDS:
                await asyncio.sleep(2)
                uses.append(Use.now(started))

        limit = RateLimit.unlimited()
        async with AsyncKie("simulated", base_url=url, upload_url=url, rate_limit=limit) as client:
            await asyncio.gather(watch(), *(one(client) for _ in range(TOGETHER)))
        return done, uses

    return asyncio.run(work())
