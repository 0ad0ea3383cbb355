"""`kie batch` with many lines: time and memory of a dry run of a million; a run's memory must not grow with its lines.

Each is measured in its own process. The service of the runs is in memory: it accepts every task, and every task has
ended by its first poll.
"""

from __future__ import annotations

import itertools
import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import attrs

from benchmarks.batch import RECORD
from benchmarks.measure import Figure, Memory, peak
from kie import Kie, PollPolicy, RateLimit
from kie._cli import batch_index
from kie._cli.app import root
from kie._cli.cli_context import CliContext
from kie._core.call import HttpRequest, HttpResponse
from kie._flow.overrides import Overrides

MANY = 1_000_000
RUN = (2_000, 22_000)
"""The numbers of lines of two runs. The second has 20,000 more."""
INSTANT = PollPolicy(min_interval=1e-9, max_interval=1e-9, speed=1e9)


def write(path: Path, lines: int) -> None:
    """Write a batch file with typical lines."""
    with path.open("w", encoding="utf-8") as file:
        for number in range(lines):
            prompt = f"A lighthouse at dusk, oil on canvas, number {number}"
            line = {"id": f"light-{number}", "model": "nano-banana-pro", "prompt": prompt, "resolution": "2K"}
            file.write(f"{json.dumps(line)}\n")


class Service:
    """Accepts every task, and reports each one as ended."""

    def __init__(self) -> None:
        self._numbers = itertools.count(1)

    def send(self, request: HttpRequest, timeout: float) -> HttpResponse:
        task = request.url.rpartition("=")[2]
        data: Any = {**RECORD, "taskId": task}
        if "createTask" in request.url:
            made = f"{next(self._numbers):032x}"
            data = {"taskId": made, "recordId": made}
        return HttpResponse(status=200, headers={}, body=json.dumps({"code": 200, "msg": "", "data": data}).encode())

    def stream(self, url: str, headers: Mapping[str, str], timeout: float) -> Any:
        raise NotImplementedError

    def close(self) -> None:
        pass


@attrs.define(kw_only=True)
class Context(CliContext):
    """The context of an invocation that uses the service in memory."""

    def connect(self, key: str | None, journal: Path | None, options: Overrides) -> Kie:
        made: Overrides = {**options, "poll": INSTANT}
        return Kie("key", transport=Service(), journal=journal, rate_limit=RateLimit.unlimited(), **made)


def invoke(*args: str) -> None:
    """Run `kie batch` in this process, and print its exit code, its CPU seconds and its peak memory."""
    if "--out" in args:
        batch_index.CACHE = 1024  # otherwise its growth would hide all other growth
    started = time.process_time()
    try:
        root.main(["batch", *args], obj=Context())
    except SystemExit as end:
        code = end.code
    print(json.dumps([code, time.process_time() - started, peak()]), file=sys.stderr)


def measured(*args: str) -> tuple[float, float]:
    """CPU seconds and megabytes that `kie batch` takes in its own process."""
    command = [sys.executable, "-m", "benchmarks.lines", *args]
    done = subprocess.run(command, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
    code, seconds, megabytes = json.loads(done.stderr.splitlines()[-1])
    assert code == 0, done.stderr
    return seconds, megabytes


def lines() -> Iterator[Figure | Memory]:
    if sys.platform != "linux":
        return
    with tempfile.TemporaryDirectory() as folder:
        source, out, journal = (Path(folder) / name for name in ("batch.jsonl", "out", "journal"))
        write(source, MANY)
        for what, json_ in (("", ()), (" --json", ("--json",))):
            seconds, megabytes = measured(str(source), "--dry-run", *json_)
            yield Memory(f"kie batch --dry-run{what} of {MANY:,} lines", megabytes, 150)
            yield Figure(f"CPU of that ({MANY / seconds:,.0f} lines a second)", seconds, 90)
        found: list[float] = []
        for count in RUN:
            write(source, count)
            seconds, megabytes = measured(
                str(source), "--out", str(out), "--journal", str(journal), "--table", f"{out}.csv", "--quiet", "--json"
            )
            found.append(megabytes)
            out.unlink()
            journal.unlink()
        more = RUN[1] - RUN[0]
        yield Memory(f"{more:,} lines more in kie batch, by default, with --table", max(0.0, found[1] - found[0]), 15)
        yield Figure("CPU of a line of such a run", seconds / RUN[1], 5e-3)


if __name__ == "__main__":
    if len(sys.argv) > 1:
        invoke(*sys.argv[1:])
    else:
        for figure in lines():
            print(figure, flush=True)
