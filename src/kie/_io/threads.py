"""IO: runs a flow that starts many flows, with blocking I/O. May import every room below.

One thread runs the flows, and others perform blocking effects. The caller's thread only receives events, so that Ctrl-C
cannot interrupt anything halfway.
"""

from __future__ import annotations

import queue
import threading
from collections.abc import Callable, Generator
from contextvars import copy_context
from typing import TYPE_CHECKING, TypeVar

from kie._core.call import TransportError
from kie._flow.effects import Delivering, Effect, Flow, Notify, Stopped
from kie._flow.scheduler import INTERRUPTED_AGAIN, NOTING, Fiber, Scheduler

if TYPE_CHECKING:
    from kie._io.sync import Driver

T = TypeVar("T")

WORKERS = 32
"""The most threads that exchange requests at the same time."""

_NOTICE = 0.5
"""The longest time, in seconds, until Ctrl-C is noticed on systems where waiting for a lock cannot be interrupted."""


class Threads:
    """The threads of one flow that starts many. Functions of the user are called one at a time, on any of them.

    They are daemons, so a program that ends does not wait for answers. `on_end` is called when everything has ended.
    """

    def __init__(self, flow: Flow[object], driver: Driver, on_end: Callable[[], object] | None = None) -> None:
        self._now = driver.session.clock.now
        self._scheduler = Scheduler(flow, self._now, driver.session.on_disk)
        self._perform = driver.perform
        self._over = threading.Event()
        self._on_end = on_end
        self._jobs: queue.SimpleQueue[tuple[Fiber, int, Effect[object]] | None] = queue.SimpleQueue()
        self._events: queue.SimpleQueue[tuple[Callable[..., None], tuple[object, ...]]] = queue.SimpleQueue()
        self._busy = self._workers = 0
        self._callbacks = threading.Lock()
        self._begun = threading.Lock()

    def start(self) -> None:
        """Start. If anything interrupts this call, the caller must call `stop`, because the thread may already run."""
        self._spawn(self._loop)

    def run(self) -> object:
        """Start, and wait for the end. Returns what the flow returned, and raises what it raised.

        If the caller is interrupted, the flow is stopped once the submissions under way have ended.
        """
        try:
            self.start()
            self._wait()
        except BaseException:
            self.stop()
            raise
        return self.result()

    def result(self) -> object:
        """What the flow returned. Raises what it raised."""
        return self._scheduler.result()

    def stop(self) -> None:
        """Stop, and wait until everything has ended, including submissions under way.

        After a second interruption, it waits for no more answers, only until the journal has noted that they are
        missing, and every input has its outcome. After a third one, that may take `NOTING` seconds. If no thread has
        begun, none will.
        """
        if self._begun.acquire(blocking=False):
            self._scheduler.abort()
            return
        try:
            self._events.put((self._scheduler.interrupt, (Stopped("interrupted"),)))
            self._wait()
        except BaseException:
            self._events.put((self._scheduler.give_up, (TransportError(INTERRUPTED_AGAIN, sent=None),)))
            try:
                self._wait()
            except BaseException:
                self._over.wait(NOTING)
                raise
            raise

    def _wait(self) -> None:
        while not self._over.wait(_NOTICE):
            pass

    def _spawn(self, target: Callable[[], None]) -> None:
        context = copy_context()
        threading.Thread(target=context.run, args=(target,), name="kie-batch", daemon=True).start()

    def _loop(self) -> None:
        if not self._begun.acquire(blocking=False):
            return
        scheduler = self._scheduler
        try:
            while True:
                for fiber, effect in scheduler.advance():
                    self._begin(fiber, effect)
                if scheduler.finished:
                    break
                self._listen(scheduler.wake_at)
        except BaseException as bug:
            scheduler.abort()
            scheduler.error = bug
        for _ in range(self._workers):
            self._jobs.put(None)
        self._over.set()
        if self._on_end is not None:
            self._on_end()

    def _listen(self, until: float | None) -> None:
        """Wait for the next event, and process all available ones."""
        try:
            report, arguments = self._events.get(timeout=None if until is None else max(0.0, until - self._now()))
            while True:
                report(*arguments)
                report, arguments = self._events.get_nowait()
        except queue.Empty:
            pass

    def _begin(self, fiber: Fiber, effect: Effect[object]) -> None:
        self._busy += 1
        if self._busy > self._workers and self._workers < WORKERS:
            self._workers += 1
            self._spawn(self._work)
        self._jobs.put((fiber, fiber.step, effect))

    def _work(self) -> None:
        while (job := self._jobs.get()) is not None:
            fiber, step, effect = job
            value: object = None
            error: BaseException | None = None
            try:
                if isinstance(effect, Notify):
                    with self._callbacks:
                        value = self._perform(effect)
                else:
                    value = self._perform(effect)
            except BaseException as failure:
                error = failure
            self._events.put((self._answered, (fiber, step, value, error)))

    def _answered(self, fiber: Fiber, step: int, value: object, error: BaseException | None) -> None:
        self._busy -= 1
        self._scheduler.resume(fiber, step, value, error)


class _End:
    """Marks the end of a stream's queue."""


def stream(flow: Delivering[T], driver: Driver) -> Generator[T, None, None]:
    """Yield what a flow delivers, through one queue. Raises what the flow raises.

    If the caller is interrupted or stops early, the flow is stopped.
    """
    items: queue.SimpleQueue[T | _End] = queue.SimpleQueue()
    threads = Threads(flow(items.put, items.qsize), driver, lambda: items.put(_End()))
    try:
        threads.start()
        while not isinstance(item := _take(items), _End):
            yield item
    except BaseException:
        threads.stop()
        raise
    threads.result()


def _take(items: queue.SimpleQueue[T]) -> T:
    while True:
        try:
            return items.get(timeout=_NOTICE)
        except queue.Empty:
            continue
