"""Flow: runs many flows side by side, without threads, clocks or event loops: drivers provide those. May import
`_core`.

A flow that sleeps, or waits for an answer, costs no thread and no task: it is a generator in a heap or a table.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Sequence
from heapq import heappop, heappush
from typing import TypeAlias, TypeVar, cast

from kie._flow.effects import (
    Effect,
    Ended,
    Flow,
    Join,
    Notify,
    OnDisk,
    Record,
    Send,
    Sleep,
    Start,
    Stop,
    Stopped,
    end_now,
)

T = TypeVar("T")


INTERRUPTED_AGAIN = "interrupted a second time, while it was waited for"
"""Why a submission has no answer although its connection may have delivered one."""

NOTING = 3.0
"""Seconds for which a third interruption lets a batch note what is known of its submissions."""


class Fiber:
    """One of the flows: `job` is the effect that a driver is carrying out for it, `step` counts its resumptions."""

    __slots__ = ("asleep", "flow", "job", "key", "step", "stop")

    def __init__(self, key: int, flow: Flow[object]) -> None:
        self.key = key
        self.flow = flow
        self.job: Effect[object] | None = None
        self.stop: Stopped | None = None
        self.asleep = False
        self.step = 0


_WHOLE = (Notify, OnDisk, Record)
"""Effects that are carried out even for a flow that was stopped."""

_Resumption: TypeAlias = tuple[Fiber, object, BaseException | None]


class Scheduler:
    """A root flow and those that it starts.

    `advance` runs every flow as far as possible and returns the effects that take time, for the driver to carry out;
    the driver reports back with `resume`. `wake_at` is when to call `advance` again at the latest. `result` is what the
    root returned, once it has `finished`, or raises its `error`. `write` carries out what flows that end at once still
    write to the disk.
    """

    def __init__(self, root: Flow[object], now: Callable[[], float], write: Callable[[Effect[object]], object]) -> None:
        self.dropped: list[Fiber] = []
        self.finished = False
        self.value: object = None
        self.error: BaseException | None = None
        self._now = now
        self._write = write
        self._root = Fiber(-1, root)
        self._fibers: dict[int, Fiber] = {}
        self._ready: deque[_Resumption] = deque([(self._root, None, None)])
        self._sleepers: list[tuple[float, int, int, Fiber]] = []
        self._slept = 0
        self._ended: deque[Ended] = deque()
        self._join: Join | None = None
        self._interrupt: BaseException | None = None

    @property
    def ready(self) -> bool:
        """Whether a flow can continue now."""
        return bool(self._ready)

    @property
    def wake_at(self) -> float | None:
        """When the next sleeper wakes, or the root stops waiting; None: not before the driver reports back."""
        sleepers = self._sleepers
        while sleepers and sleepers[0][2] != sleepers[0][3].step:
            heappop(sleepers)
        until = self._join.until if self._join is not None else None
        if not sleepers:
            return until
        return sleepers[0][0] if until is None else min(sleepers[0][0], until)

    def advance(self) -> list[tuple[Fiber, Effect[object]]]:
        """Run every flow that can continue; return the effects to carry out for them."""
        self._wake()
        jobs = []
        while self._ready:
            fiber, value, error = self._ready.popleft()
            effect = fiber.job = self._run(fiber, value, error)
            if effect is not None:
                jobs.append((fiber, effect))
        return [job for job in jobs if job[0].job is job[1]]  # some were stopped before they started

    def resume(self, fiber: Fiber, step: int, value: object, error: BaseException | None = None) -> None:
        """Report the result of an effect. A result that no flow waits for any more is ignored."""
        if fiber.step == step and fiber.job is not None:
            self._go(fiber, value, error)

    def interrupt(self, error: BaseException) -> None:
        """Throw an error into the root where it waits, or as soon as it does."""
        if not self.finished and self._interrupt is None:
            self._interrupt = error
            if self._join is not None:
                self._join = None
                self._ready.append((self._root, None, error))

    def result(self) -> object:
        """What the root returned. Raises what it raised."""
        if self.error is not None:
            raise self.error
        return self.value

    def give_up(self, error: BaseException) -> None:
        """Throw an error into every flow that waits for an exchange: the result of the exchange stays unknown."""
        for fiber in self._fibers.values():
            if isinstance(fiber.job, Send):
                self.dropped.append(fiber)
                self._go(fiber, None, error)

    def abort(self) -> None:
        """End every flow, at once. A submission that is under way stays without an answer."""
        for fiber in [*self._fibers.values(), self._root]:
            end_now(fiber.flow, self._write)
        self.finished = True

    def _go(self, fiber: Fiber, value: object, error: BaseException | None) -> None:
        fiber.job = None
        fiber.asleep = False
        fiber.step += 1
        self._ready.append((fiber, value, error))

    def _wake(self) -> None:
        while (moment := self.wake_at) is not None and moment <= self._now():
            if self._sleepers and self._sleepers[0][0] == moment:
                self._go(heappop(self._sleepers)[3], None, None)
            else:
                self._join = None
                self._ready.append((self._root, None, None))

    def _run(self, fiber: Fiber, value: object, error: BaseException | None) -> Effect[object] | None:
        """Run one flow until it needs time. Returns the effect that a driver has to carry out, if it is one."""
        flow = fiber.flow
        while True:
            try:
                effect = flow.send(value) if error is None else flow.throw(error)
            except StopIteration as end:
                self._end(fiber, end.value, None)
                return None
            except BaseException as failure:
                self._end(fiber, None, failure)
                return None
            if isinstance(effect, (Start, Join, Stop)):
                resumption = self._control(effect)
                if resumption is None:
                    return None
                value, error = resumption
            elif fiber.stop is not None and not isinstance(effect, _WHOLE):
                value, error = None, fiber.stop
            elif isinstance(effect, Sleep):
                self._sleep(fiber, effect.seconds)
                return None
            else:
                return effect

    def _control(self, effect: Start | Join | Stop) -> tuple[object, BaseException | None] | None:
        """Start, join or stop flows. Returns what the flow is resumed with; None if it has to wait."""
        match effect:
            case Start(key, flow):
                self._fibers[key] = fiber = Fiber(key, flow)
                self._ready.append((fiber, None, None))
            case Stop(why):
                self._stop(why)
            case Join():
                if self._interrupt is not None:
                    error, self._interrupt = self._interrupt, None
                    return None, error
                if self._ended:
                    return self._ended.popleft(), None
                self._join = effect
                return None
        return None, None

    def _sleep(self, fiber: Fiber, seconds: float) -> None:
        fiber.asleep = True
        self._slept += 1
        heappush(self._sleepers, (self._now() + seconds, self._slept, fiber.step, fiber))

    def _stop(self, why: str) -> None:
        for fiber in self._fibers.values():
            fiber.stop = stop = Stopped(why)
            job = fiber.job
            if fiber.asleep or (job is not None and not _must_end(job)):
                if job is not None:
                    self.dropped.append(fiber)
                self._go(fiber, None, stop)

    def _end(self, fiber: Fiber, value: object, error: BaseException | None) -> None:
        if fiber is self._root:
            self.value, self.error = value, error
            for left in self._fibers.values():
                end_now(left.flow, self._write)
            self.finished = True
            return
        self._fibers.pop(fiber.key, None)
        self._ended.append(Ended(fiber.key, value, error))
        if self._join is not None:
            self._join = None
            self._ready.append((self._root, self._ended.popleft(), None))


def _must_end(job: Effect[object]) -> bool:
    """Whether an effect must be completed: a submission, a record of one, or a call of a user's function."""
    return isinstance(job, _WHOLE) or (isinstance(job, Send) and job.request.creates_task)


def gather(flows: Sequence[Flow[T]], width: int) -> Flow[list[T | Exception]]:
    """Run flows side by side, `width` at a time. Returns what each one returned or raised, in order."""
    found: dict[int, T | Exception] = {}
    started = 0
    while len(found) < len(flows):
        if started < len(flows) and started - len(found) < width:
            yield from Start(started, flows[started])
            started += 1
            continue
        ended = cast("Ended", (yield from Join()))
        if ended.error is not None and not isinstance(ended.error, Exception):
            raise ended.error
        found[ended.key] = ended.error if ended.error is not None else cast("T", ended.value)
    return [found[key] for key in range(len(flows))]
