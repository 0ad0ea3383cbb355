"""A pytest plugin that runs the collected tests against mutants: each in a fork of the process that collected them.

The first fork finds out which test runs which lines, and how long it takes. A mutant then meets only the tests that
run its line, the fastest first, and among them those that killed most others, and dies of the first that fails.
"""

from __future__ import annotations

import functools
import gc
import math
import os
import pickle
import signal
import tempfile
import time
from collections.abc import Callable, Iterator, MutableSequence
from importlib import import_module
from multiprocessing.sharedctypes import RawArray
from pathlib import Path
from types import CodeType, FunctionType
from typing import Any, TypeAlias, cast

import coverage
import pytest
from _pytest.runner import runtestprotocol

from tests.mutation.mutants import Mutant

Baseline: TypeAlias = tuple[dict[tuple[str, int], set[int]], list[float]]
"""The tests that run each line of a file, by their positions, and the seconds that each test takes."""


class Mutations:
    """Runs mutants until they are through or time is up. `survivors` and `skipped` are what is left of them."""

    def __init__(self, mutants: list[Mutant], *, seconds: float, patience: float, jobs: int) -> None:
        self.mutants = mutants
        self.survivors: list[Mutant] = []
        self.skipped: list[Mutant] = []
        self._until = time.monotonic() + seconds
        self._patience = patience
        self._jobs = jobs
        self._files = {str(Path(mutant.path).resolve()) for mutant in mutants}

    def pytest_runtestloop(self, session: pytest.Session) -> bool:
        import hypothesis.configuration  # not before pytest has: it wants to be the first to import plugins

        with tempfile.TemporaryDirectory() as folder:
            hypothesis.configuration.set_hypothesis_home_dir(folder)  # examples that kill mutants are of no use later
            self._run(session.items)
        return True

    def _run(self, items: list[pytest.Item]) -> None:
        for path in {mutant.path for mutant in self.mutants}:  # some are imported late only
            import_module(".".join(Path(path).with_suffix("").parts[1:]))
        reached, durations = self._baseline(items)
        print(f"{len(items)} tests take {sum(filter(math.isfinite, durations)):.0f} seconds", flush=True)
        for item, seconds in zip(items, durations, strict=True):
            if seconds == math.inf:
                print(f"{item.nodeid} fails without any mutant: it is left out", flush=True)
        _functions()
        _caches()
        gc.freeze()  # the collector of a fork need not touch, and so copy, what is here already
        kills = RawArray("i", len(items))  # shared with the forks
        running: dict[int, tuple[Mutant, float]] = {}
        left = iter(self.mutants)
        while True:
            while len(running) < self._jobs and (mutant := next(left, None)) is not None:
                tests = {test for line in mutant.lines for test in reached.get((_full(mutant), line), ())}
                if time.monotonic() > self._until:
                    self.skipped.append(mutant)
                elif not tests:
                    self._survived(mutant, "no test runs it")
                else:
                    chosen = list(
                        self._affordable(sorted(tests, key=lambda test: durations[test] / (1 + kills[test])), durations)
                    )
                    limits = {test: math.ceil(5 + 10 * durations[test]) for test in chosen}
                    pid = _fork(functools.partial(_meet, mutant, items, limits, kills))
                    running[pid] = (mutant, time.monotonic() + sum(limits.values()))
            if not running:
                return
            time.sleep(0.01)
            for pid, (mutant, limit) in list(running.items()):
                late = time.monotonic() > limit
                if late:
                    os.kill(pid, 9)
                ended, status = os.waitpid(pid, 0 if late else os.WNOHANG)
                if ended:
                    del running[pid]
                    if status == 0:
                        self._survived(mutant, "it survived")

    def _survived(self, mutant: Mutant, why: str) -> None:
        self.survivors.append(mutant)
        print(f"{mutant.path}:{mutant.line} {mutant.qualname}: {mutant.change} – {why}", flush=True)

    def _affordable(self, tests: list[int], durations: list[float]) -> Iterator[int]:
        spent = 0.0
        for test in tests:
            spent += durations[test]
            if spent > self._patience and (spent > durations[test] or spent == math.inf):
                return
            yield test

    def _baseline(self, items: list[pytest.Item]) -> Baseline:
        """The tests that run each line of the files, and the seconds that each test takes."""
        with tempfile.TemporaryFile() as file:
            pid = _fork(lambda: file.write(pickle.dumps(self._traced(items))) and file.flush())
            if os.waitpid(pid, 0)[1] != 0:
                raise pytest.UsageError("the tests fail without any mutant")
            file.seek(0)
            return cast(Baseline, pickle.load(file))

    def _traced(self, items: list[pytest.Item]) -> Baseline:
        durations: list[float] = []
        measured = coverage.Coverage(data_file=None, config_file=False, include=sorted(self._files))
        measured.start()
        for number, item in enumerate(items):
            measured.switch_context(str(number))
            _forget_what_is_cached(self._files)  # else only the first test runs the lines of a function that is cached
            begun = time.perf_counter()
            passed = _passes(item, items[number + 1] if number + 1 < len(items) else None)
            durations.append(time.perf_counter() - begun if passed else math.inf)
        measured.stop()
        data = measured.get_data()
        reached = {
            (file, line): {int(test) for test in tests if test}
            for file in self._files
            for line, tests in data.contexts_by_lineno(file).items()
        }
        return reached, durations


def _full(mutant: Mutant) -> str:
    return str(Path(mutant.path).resolve())


def _meet(mutant: Mutant, items: list[pytest.Item], limits: dict[int, int], kills: MutableSequence[int]) -> None:
    """Put a mutant in its place and run tests until one fails, or takes longer than its seconds."""
    _forget_what_is_cached({_full(mutant)})
    _replace(mutant.code(), _full(mutant))
    for test, following in zip(limits, [*list(limits)[1:], None], strict=True):
        if hasattr(signal, "alarm"):
            signal.alarm(limits[test])  # it ends the process, whatever loop that is in
        if not _passes(items[test], None if following is None else items[following]):
            kills[test] += 1
            os._exit(1)


def _replace(code: CodeType, full: str) -> None:
    for function in _functions()[full, code.co_qualname]:
        function.__code__ = code


@functools.cache
def _functions() -> dict[tuple[str, str], list[FunctionType]]:
    found: dict[tuple[str, str], list[FunctionType]] = {}
    for thing in gc.get_objects():
        if isinstance(thing, FunctionType):
            found.setdefault((thing.__code__.co_filename, thing.__code__.co_qualname), []).append(thing)
    return found


def _forget_what_is_cached(files: set[str]) -> None:
    for cached in _caches():
        if cached.__wrapped__.__code__.co_filename in files:
            cached.cache_clear()


@functools.cache
def _caches() -> list[functools._lru_cache_wrapper[Any]]:
    found = [thing for thing in gc.get_objects() if isinstance(thing, functools._lru_cache_wrapper)]
    return [cached for cached in found if isinstance(cached.__wrapped__, FunctionType)]


def _passes(item: pytest.Item, following: pytest.Item | None) -> bool:
    return all(report.passed or report.skipped for report in runtestprotocol(item, log=False, nextitem=following))


def _fork(work: Callable[[], object]) -> int:
    """Run something in a fork, silently: 0 is how it ends if nothing is raised."""
    pid = os.fork()
    if pid == 0:
        try:
            silent = os.open(os.devnull, os.O_RDWR)
            for stream in (0, 1, 2):
                os.dup2(silent, stream)
            work()
        except BaseException:
            os._exit(2)
        os._exit(0)
    return pid
