"""Floor 7: runs many flows at once in virtual time, one event after the other, the same way every time.

May import everything below.
"""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterator
from heapq import heappop, heappush
from typing import Any

import attrs

from kie._core.call import HttpRequest, HttpResponse
from kie._flow.effects import Effect, Flow, Send, Stopped
from kie._flow.scheduler import Interleaver, Strand
from kie._io.sync import Driver
from kie.testing._clock import VirtualClock

Steps = Generator[float, None, HttpResponse]


@attrs.define
class VirtualDriver(Driver):
    """A driver without threads: exchanges side by side overlap in virtual time.

    `steps` carries out an exchange; it yields the seconds that have to pass before it goes on.
    """

    clock: VirtualClock = attrs.field(kw_only=True)
    steps: Callable[[HttpRequest, float], Steps] = attrs.field(kw_only=True)

    def stream(self, flow: Flow[None], late: Callable[[Any], object] | None = None) -> Iterator[Any]:
        """Run a flow that starts others, and yield what it gives, as it comes."""
        run = _Run(self, flow)
        try:
            yield from run.items()
        except BaseException:
            run.core.interrupt(Stopped("interrupted"))
            for item in run.items():
                if late is not None:
                    late(item)
            raise
        if run.core.error is not None:
            raise run.core.error


class _Run:
    """One batch: the flows, and the exchanges under way with the moments of their next steps."""

    def __init__(self, driver: VirtualDriver, flow: Flow[None]) -> None:
        self.core = Interleaver(flow, driver.clock.now)
        self._driver = driver
        self._events: list[tuple[float, int, Strand, int, Steps]] = []
        self._count = 0

    def items(self) -> Iterator[Any]:
        core = self.core
        while True:
            for strand, effect in core.advance():
                self._begin(strand, effect)
            while core.given:
                yield core.given.popleft()
            if core.finished:
                return
            self._move()

    def _begin(self, strand: Strand, effect: Effect) -> None:
        if isinstance(effect, Send):
            request = self._driver.session.prepare(effect.request)
            self._step(strand, strand.turn, self._driver.steps(request, effect.timeout))
            return
        value, error = None, None
        try:
            value = self._driver.perform(effect)
        except BaseException as failure:
            error = failure
        self.core.resume(strand, strand.turn, value, error)

    def _step(self, strand: Strand, turn: int, steps: Steps) -> None:
        try:
            seconds = next(steps)
        except StopIteration as end:
            self.core.resume(strand, turn, self._driver.session.redact(end.value))
        except BaseException as failure:
            self.core.resume(strand, turn, None, failure)
        else:
            self._count += 1
            heappush(self._events, (self._driver.clock.now() + seconds, self._count, strand, turn, steps))

    def _move(self) -> None:
        """Let time pass until the next event. Raises RuntimeError if there will be none: everybody would wait."""
        clock, events, wake_at = self._driver.clock, self._events, self.core.wake_at
        moments = [moment for moment in (wake_at, events[0][0] if events else None) if moment is not None]
        if self.core.ready:
            return
        if not moments:
            raise RuntimeError("nothing will ever happen: a flow waits for an effect that nobody carries out")
        clock.reach(min(moments))
        while events and events[0][0] <= clock.now():
            _, _, strand, turn, steps = heappop(events)
            self._step(strand, turn, steps)
