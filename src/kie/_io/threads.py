"""Floor 4: runs a flow over many flows with blocking I/O. May import `core`, `flows`.

One thread runs the flows in turns, others carry out what blocks. The caller's thread only takes what comes, so that
Ctrl-C can interrupt nothing halfway.
"""

from __future__ import annotations

import queue
import threading
from collections.abc import Callable, Iterator
from contextvars import copy_context
from typing import Any

from kie._flow.effects import Effect, Flow, Notify, Stopped
from kie._flow.scheduler import Interleaver, Strand

WORKERS = 32
"""Threads that exchange requests at the same time, at most."""

_NOTICE = 0.5
"""Seconds after which Ctrl-C is noticed at the latest, on systems where waiting for a lock cannot be interrupted."""


class Threads:
    """The threads of one batch. Functions of the user are called one at a time, on any of them.

    They are daemons: a program that has to end does not wait for an answer.
    """

    def __init__(self, flow: Flow[Any], perform: Callable[[Effect], Any], now: Callable[[], float]) -> None:
        self.items: queue.SimpleQueue[tuple[str, Any]] = queue.SimpleQueue()
        self._core = Interleaver(flow, now)
        self._perform = perform
        self._now = now
        self._jobs: queue.SimpleQueue[tuple[Strand, int, Effect] | None] = queue.SimpleQueue()
        self._events: queue.SimpleQueue[Callable[[], None]] = queue.SimpleQueue()
        self._busy = self._workers = 0
        self._callbacks = threading.Lock()
        self._spawn(self._run)

    def _spawn(self, target: Callable[[], None]) -> None:
        context = copy_context()
        threading.Thread(target=context.run, args=(target,), name="kie-batch", daemon=True).start()

    def interrupt(self) -> None:
        """Stop: submissions under way are waited for."""
        self._events.put(lambda: self._core.interrupt(Stopped("interrupted")))

    def _run(self) -> None:
        core = self._core
        try:
            while True:
                for strand, effect in core.advance():
                    self._begin(strand, effect)
                while core.given:
                    self.items.put(("item", core.given.popleft()))
                if core.finished:
                    break
                self._listen(core.wake_at)
        except BaseException as bug:
            core.abort()
            core.error = bug
        self.items.put(("end", core.error))
        for _ in range(self._workers):
            self._jobs.put(None)

    def _listen(self, until: float | None) -> None:
        """Wait for the next event, and take all that are there."""
        try:
            self._events.get(timeout=None if until is None else max(0.0, until - self._now()))()
            while True:
                self._events.get_nowait()()
        except queue.Empty:
            pass

    def _begin(self, strand: Strand, effect: Effect) -> None:
        self._busy += 1
        if self._busy > self._workers and self._workers < WORKERS:
            self._workers += 1
            self._spawn(self._work)
        self._jobs.put((strand, strand.turn, effect))

    def _work(self) -> None:
        while (job := self._jobs.get()) is not None:
            strand, turn, effect = job
            value, error = None, None
            try:
                if isinstance(effect, Notify):
                    with self._callbacks:
                        value = self._perform(effect)
                else:
                    value = self._perform(effect)
            except BaseException as failure:
                error = failure
            self._events.put(lambda answer=(strand, turn, value, error): self._answered(*answer))  # type: ignore[misc]

    def _answered(self, strand: Strand, turn: int, value: Any, error: BaseException | None) -> None:
        self._busy -= 1
        self._core.resume(strand, turn, value, error)


def stream(threads: Threads, late: Callable[[Any], object] | None = None) -> Iterator[Any]:
    """What a flow gives, as it comes. Raises what it raises.

    If the caller is interrupted or stops early, the flow is stopped, and `late` gets what it still gives.
    """
    error: BaseException | None = None
    try:
        while True:
            kind, item = _take(threads)
            if kind == "end":
                error = item
                break
            yield item
    except BaseException:
        threads.interrupt()
        while (last := _take(threads))[0] != "end":
            if late is not None:
                late(last[1])
        raise
    if error is not None:
        raise error


def _take(threads: Threads) -> tuple[str, Any]:
    while True:
        try:
            return threads.items.get(timeout=_NOTICE)
        except queue.Empty:
            continue
