"""Compares four processes that share the limits of one key in a database with what the account allows.

60 tasks in all, in real time, against a simulator that counts as the service does: 20 submissions in any 10 seconds, 10
reads in any second. The processes know of each other only through the database. The exit status is 1 if a figure does
not hold.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import attrs

from benchmarks.measure import Ratio
from kie import Kie, simulated
from kie._io.database import database
from kie.models import NanoBananaPro
from kie.telemetry import Event, RequestAnswered, TaskSubmitted
from tests.postgres import binaries, new_database, running

PROCESSES = 4
TASKS = 60
RATIO = 1.15
REFUSALS = 2
TRANSACTIONS = 4.0


@attrs.frozen
class Count:
    """A claim: something happened at most `limit` times."""

    name: str
    count: float
    limit: float

    @property
    def holds(self) -> bool:
        return self.count <= self.limit

    def __str__(self) -> str:
        return f"{self.name:<58} {self.count:>10g}   (limit {self.limit:g})  {'ok' if self.holds else 'TOO MANY'}"


def work(base: str, store: str, tasks: int) -> None:
    """Run one process: it submits its tasks once it is told to begin, and reports what it saw."""
    refused, transactions = 0, 0
    submitted: dict[str, float] = {}
    shared = database(store)
    begun = shared.transaction

    def counted(lock: str, *, patient: bool = True) -> object:
        nonlocal transactions
        transactions += lock.endswith(":submit")
        return begun(lock, patient=patient)

    def observe(event: Event) -> None:
        nonlocal refused
        refused += isinstance(event, RequestAnswered) and 429 in (event.status, event.code)
        if isinstance(event, TaskSubmitted):
            submitted[str(event.ref)] = time.time()

    shared.transaction = counted  # type: ignore[method-assign,assignment]
    with Kie("key", base_url=base, upload_url=base, limit_store=store, observers=[observe]) as client:
        client.credits()
        print("ready", flush=True)
        sys.stdin.readline()
        outcomes = client.batch.run([NanoBananaPro(prompt=f"A lighthouse, {n}") for n in range(tasks)])
    results = [outcome.unwrap() for outcome in outcomes]
    tasks_seen = [(submitted[str(result.ref)], result.seconds or 0.0) for result in results]
    print(json.dumps({"refused": refused, "transactions": transactions, "tasks": tasks_seen}), flush=True)


@contextmanager
def started(*arguments: object) -> Iterator[subprocess.Popen[str]]:
    code = f"import benchmarks.sharing as s; s.work(*{arguments!r})"
    with subprocess.Popen([sys.executable, "-c", code], stdin=-1, stdout=-1, text=True) as process:
        try:
            yield process
        finally:
            process.kill()


def together(kind: str, store: str, tasks: int = TASKS) -> Iterator[Ratio | Count]:
    """Run all processes. The n-th submission (from 0) is allowed after 10 · (n div 20) seconds; then its task runs."""
    with ExitStack() as stack:
        service = stack.enter_context(simulated(speed=1, credits=10**6, seed=1))
        with Kie("another", base_url=service.base_url, upload_url=service.base_url) as client:
            client.submit(NanoBananaPro(prompt="the simulator reads what it knows of models"))
        each = tasks // PROCESSES
        workers = [stack.enter_context(started(service.base_url, store, each)) for _ in range(PROCESSES)]
        for worker in workers:
            assert worker.stdout is not None and worker.stdout.readline() == "ready\n"
        began = time.perf_counter()
        found = []
        for worker in workers:
            assert worker.stdin is not None
            worker.stdin.write("\n")
            worker.stdin.flush()
        for worker in workers:
            assert worker.stdout is not None
            found.append(json.loads(worker.stdout.readline()))
        took = time.perf_counter() - began
    in_order = sorted(tuple(task) for one in found for task in one["tasks"])
    assert len(in_order) == tasks
    least = max(10.0 * (number // 20) + seconds for number, (_, seconds) in enumerate(in_order))
    yield Ratio(f"{tasks} tasks of {PROCESSES} processes, {kind} / the limit", took, least, RATIO, took / least)
    yield Count(f"answers 429 to them, {kind}", sum(one["refused"] for one in found), REFUSALS)
    yield Count(
        f"transactions for a submission, {kind}", sum(one["transactions"] for one in found) / tasks, TRANSACTIONS
    )


def sharing() -> Iterator[Ratio | Count]:
    with tempfile.TemporaryDirectory() as folder:
        yield from together("SQLite", f"sqlite:///{Path(folder) / 'limits.sqlite'}")
    if binaries() is None:
        print("Postgres is not installed: it is not measured")
        return
    with running() as server:
        yield from together("Postgres", new_database(server))


if __name__ == "__main__":
    failed = False
    for line in sharing():
        print(line, flush=True)
        failed |= not line.holds
    sys.exit(failed)
