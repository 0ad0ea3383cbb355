"""Medians of measurements made in turns, so that other load on the machine affects both sides alike."""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Self

import attrs


@attrs.frozen
class Ratio:
    """A claim: `ours` takes at most `limit` times as long as `theirs`.

    Both are medians, in seconds. `value` is the median of the ratios of consecutive measurements.
    """

    name: str
    ours: float
    theirs: float
    limit: float
    value: float

    @classmethod
    def of(cls, name: str, ours: Sequence[float], theirs: Sequence[float], limit: float) -> Self:
        """Make a ratio from measurements made in turns."""
        value = statistics.median(one / other for one, other in zip(ours, theirs, strict=True))
        return cls(name, statistics.median(ours), statistics.median(theirs), limit, value)

    @property
    def holds(self) -> bool:
        return self.value <= self.limit

    def __str__(self) -> str:
        verdict = "ok" if self.holds else "TOO SLOW"
        figures = f"{_show(self.ours):>10} against {_show(self.theirs):>10}"
        return f"{self.name:<58} {figures}   {self.value:5.2f} x (limit {self.limit:g} x)  {verdict}"


@attrs.frozen
class Figure:
    """A claim: something takes at most `limit` seconds (median)."""

    name: str
    seconds: float
    limit: float

    @property
    def holds(self) -> bool:
        return self.seconds <= self.limit

    def __str__(self) -> str:
        verdict = "ok" if self.holds else "TOO SLOW"
        return f"{self.name:<58} {_show(self.seconds):>10}   (limit {_show(self.limit)})  {verdict}"


@attrs.frozen
class Memory:
    """A claim: something occupies at most `limit` megabytes."""

    name: str
    megabytes: float
    limit: float

    @property
    def holds(self) -> bool:
        return self.megabytes <= self.limit

    def __str__(self) -> str:
        verdict = "ok" if self.holds else "TOO LARGE"
        return f"{self.name:<58} {self.megabytes:>7.1f} MB   (limit {self.limit:g} MB)  {verdict}"


def peak() -> float:
    """The peak memory of this process, in megabytes. Linux only.

    This is not `ru_maxrss`, which in a new process starts with the parent's value.
    """
    status = Path("/proc/self/status").read_text("utf-8")
    return next(int(line.split()[1]) for line in status.splitlines() if line.startswith("VmHWM")) / 1024


def _show(seconds: float) -> str:
    if seconds >= 100:
        return f"{seconds:.0f} s"
    return f"{seconds * 1e3:.2f} ms" if seconds >= 1e-3 else f"{seconds * 1e6:.2f} µs"


def compare(
    name: str,
    ours: Callable[[], object],
    theirs: Callable[[], object],
    limit: float,
    *,
    inner: int,
    count: int = 201,
) -> Ratio:
    """Compare the CPU time of two functions in turns: `count` rounds of `inner` calls each."""
    rounds: tuple[list[float], list[float]] = ([], [])
    for function in (ours, theirs):
        for _ in range(inner):
            function()
    for _ in range(count):
        for function, times in zip((ours, theirs), rounds, strict=True):
            started = time.process_time()
            for _ in range(inner):
                function()
            times.append((time.process_time() - started) / inner)
    return Ratio.of(name, *rounds, limit)


def clock(name: str, function: Callable[[], object], limit: float, *, inner: int) -> Figure:
    """Time one function: 201 rounds of `inner` calls each."""
    return Figure(name, compare(name, function, function, 1, inner=inner).ours, limit)


CLOCKED = "import time; started = time.perf_counter(); {code}; print(time.perf_counter() - started)"


def compare_fresh(name: str, ours: str, theirs: str, limit: float, *, rounds: int = 21) -> Ratio:
    """Time two pieces of code in new interpreters, in turns. The interpreter's own start does not count.

    Both sides have compiled bytecode, as after an installation, because the first turn writes it.
    """
    times: tuple[list[float], list[float]] = ([], [])
    with tempfile.TemporaryDirectory() as bytecode:
        environment = {**os.environ, "PYTHONPYCACHEPREFIX": bytecode, "PYTHONDONTWRITEBYTECODE": ""}
        for turn in range(rounds + 1):
            for code, found in zip((ours, theirs), times, strict=True):
                command = [sys.executable, "-c", CLOCKED.format(code=code)]
                done = subprocess.run(command, capture_output=True, text=True, check=True, env=environment)
                if turn:
                    found.append(float(done.stdout))
    return Ratio.of(name, *times, limit)
