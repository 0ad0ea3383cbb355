"""Durable batches: how fast lines are stored, and what waiting costs, on SQLite and (if available) on Postgres."""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack

from benchmarks.measure import Figure, Memory
from kie import simulated
from tests import postgres

LINES = 100_000
HELD = 1000
"""Lines that one machine works on at a time: the default."""

STORE = """
import json, sys, time
from benchmarks.measure import peak
from kie.durable import Durable
from kie.models import NanoBananaPro
url, lines = sys.argv[1], int(sys.argv[2])
with Durable._of(url, "bench", None, None) as engine:
    started = time.perf_counter()
    engine.batch("spring", (NanoBananaPro(prompt=f"A lighthouse at dusk, number {n}") for n in range(lines)))
    print(json.dumps([time.perf_counter() - started, peak()]))
"""

WAIT = """
import json, sys, time
from benchmarks.measure import peak
from kie import RateLimit
from kie.durable import Durable
from kie.models import NanoBananaPro
url, lines, base = sys.argv[1], int(sys.argv[2]), sys.argv[3]
fast = RateLimit(submissions=10_000)
with Durable(url, machine="bench", api_key="simulated", base_url=base, upload_url=base, rate_limit=fast) as engine:
    batch = engine.batch("summer", (NanoBananaPro(prompt=f"A lighthouse at dusk, number {n}") for n in range(lines)))
    until = time.monotonic() + 120
    while batch.counts().get("waiting", 0) < lines and time.monotonic() < until:
        time.sleep(0.2)
    assert batch.counts() == {"waiting": lines}, batch.counts()
    cpu, started = time.process_time(), time.monotonic()
    time.sleep(10)
    share = (time.process_time() - cpu) / (time.monotonic() - started)
    print(json.dumps([share, peak()]))
"""


def durable() -> Iterator[Figure | Memory]:
    """Store 100,000 lines while no machine works, then wait for 1,000 long tasks at 10 polls a second."""
    with ExitStack() as stack:
        folder = stack.enter_context(tempfile.TemporaryDirectory())
        urls = {"SQLite": f"sqlite:///{folder}/runs.sqlite"}
        if postgres.binaries() is not None:
            urls["Postgres"] = postgres.new_database(stack.enter_context(postgres.running()))
        for name, url in urls.items():
            seconds, megabytes = _measured(STORE, url, LINES)
            yield Figure(f"store one of 100,000 lines in {name}", seconds / LINES, 1 / 500)
            yield Memory(f"store 100,000 lines in {name}: the whole process", megabytes, 120)
        service = stack.enter_context(simulated(speed=0.001, limits=False, credits=10**9))
        share, megabytes = _measured(WAIT, f"sqlite:///{folder}/waiting.sqlite", HELD, service.base_url)
        yield Figure("wait for 1,000 tasks, CPU seconds in one", share, 0.2)
        yield Memory("wait for 1,000 tasks: the whole process", megabytes, 170)


def _measured(program: str, *arguments: object) -> tuple[float, float]:
    command = [sys.executable, "-c", program, *map(str, arguments)]
    done = subprocess.run(command, capture_output=True, text=True, check=True, timeout=600)
    first, second = json.loads(done.stdout)
    return first, second
