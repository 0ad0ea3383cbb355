"""Testing: runs many flows at once in virtual time, one event after the other, the same way every time.

May import everything below.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Generator
from heapq import heappop, heappush
from typing import TypeVar, cast

import attrs

from kie._core.call import HttpResponse
from kie._flow.effects import Delivering, Effect, Fetch, Fetched, Flow, Send, Stopped
from kie._flow.scheduler import Fiber, Scheduler
from kie._io.session import fetch_headers
from kie._io.sync import Driver, kept
from kie.testing._clock import VirtualClock
from kie.testing._wire import Wire

T = TypeVar("T")
Steps = Generator[float, None, T]


@attrs.define
class VirtualDriver(Driver):
    """A driver without threads: exchanges and downloads side by side overlap in virtual time."""

    clock: VirtualClock = attrs.field(kw_only=True)
    wire: Wire = attrs.field(kw_only=True)

    def sending(self, effect: Send) -> Steps[HttpResponse]:
        """Exchange a request for an answer."""
        prepared = self.session.prepare(effect.request)
        return self.session.redact((yield from self.wire.steps(prepared, effect.timeout)))

    def fetching(self, effect: Fetch) -> Steps[Fetched]:
        """Fetch a file."""
        return kept(effect, (yield from self.wire.fetch(effect.url, fetch_headers(effect.partial), effect.timeout)))

    def drive_many(self, flow: Flow[T]) -> T:
        """Run a flow that starts others to its end."""
        run = _Run(self, flow)
        try:
            while run.advance():
                pass
        except BaseException:
            run.stop()
            raise
        return cast("T", run.result())

    def stream(self, flow: Delivering[T]) -> Generator[T, None, None]:
        """Run a flow that starts others, and yield what it delivers, as it comes."""
        items: deque[T] = deque()
        run = _Run(self, flow(items.append, items.__len__))
        try:
            while run.advance() or items:
                while items:
                    yield items.popleft()
        except BaseException:
            run.stop()
            raise
        run.result()


async def at_once(function: Callable[[], T]) -> T:
    """Call a function that blocks, on the event loop: in virtual time a thread would finish at a moment of its own."""
    return function()


class _Run:
    """One flow over many, and the exchanges under way with the moments of their next steps."""

    def __init__(self, driver: VirtualDriver, flow: Flow[object]) -> None:
        self._scheduler = Scheduler(flow, driver.clock.now, driver.session.on_disk)
        self._driver = driver
        self._events: list[tuple[float, int, Fiber, int, Steps[object]]] = []
        self._count = 0

    def advance(self) -> bool:
        """Run what can continue, and let time pass until more can. False at the end."""
        scheduler = self._scheduler
        for fiber, effect in scheduler.advance():
            self._begin(fiber, effect)
        if not scheduler.finished:
            self._move()
        return not scheduler.finished

    def stop(self) -> None:
        """Stop the flow, and wait until it has ended."""
        self._scheduler.interrupt(Stopped("interrupted"))
        while self.advance():
            pass

    def result(self) -> object:
        """What the flow returned. Raises what it raised."""
        return self._scheduler.result()

    def _begin(self, fiber: Fiber, effect: Effect[object]) -> None:
        if isinstance(effect, (Send, Fetch)):
            driver = self._driver
            steps = driver.sending(effect) if isinstance(effect, Send) else driver.fetching(effect)
            self._step(fiber, fiber.step, steps)
            return
        value: object = None
        error: BaseException | None = None
        try:
            value = self._driver.perform(effect)
        except BaseException as failure:
            error = failure
        self._scheduler.resume(fiber, fiber.step, value, error)

    def _step(self, fiber: Fiber, number: int, steps: Steps[object]) -> None:
        try:
            seconds = next(steps)
        except StopIteration as end:
            self._scheduler.resume(fiber, number, end.value)
        except BaseException as failure:
            self._scheduler.resume(fiber, number, None, failure)
        else:
            self._count += 1
            heappush(self._events, (self._driver.clock.now() + seconds, self._count, fiber, number, steps))

    def _move(self) -> None:
        """Let time pass until the next event. Raises RuntimeError if there will be none: every flow would wait."""
        clock, events, wake_at = self._driver.clock, self._events, self._scheduler.wake_at
        moments = [moment for moment in (wake_at, events[0][0] if events else None) if moment is not None]
        if self._scheduler.ready:
            return
        if not moments:
            raise RuntimeError("the test would wait forever: a flow waits for an effect that is not carried out")
        clock.reach(min(moments))
        while events and events[0][0] <= clock.now():
            _, _, fiber, number, steps = heappop(events)
            self._step(fiber, number, steps)
