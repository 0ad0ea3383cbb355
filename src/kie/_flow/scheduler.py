"""Floor 3: runs many flows in turns. No thread, no clock, no event loop: drivers bring those. May import `core`.

A flow that sleeps, or waits for an answer, costs no thread and no task: it is a generator in a heap or a table.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from heapq import heappop, heappush
from typing import Any

from kie._flow.effects import Effect, Fetch, Flow, Give, Join, Joined, Listen, Notify, Send, Sleep, Start, Stop, Stopped


class Strand:
    """One of the flows: `job` is the effect that a driver is carrying out for it, `turn` counts its resumptions."""

    __slots__ = ("asleep", "flow", "job", "key", "stop", "turn")

    def __init__(self, key: int, flow: Flow[Any]) -> None:
        self.key = key
        self.flow = flow
        self.job: Effect | None = None
        self.stop: Stopped | None = None
        self.asleep = False
        self.turn = 0


class Interleaver:
    """A root flow and those that it starts.

    `advance` runs every flow as far as it goes and returns the effects that take time, for the driver to carry out;
    it reports back with `resume`. `wake_at` is when to call `advance` again at the latest. What the root gives is
    in `given`.
    """

    def __init__(self, root: Flow[Any], now: Callable[[], float]) -> None:
        self.given: deque[Any] = deque()
        self.dropped: list[Strand] = []
        self.finished = False
        self.error: BaseException | None = None
        self._now = now
        self._root = Strand(-1, root)
        self._strands: dict[int, Strand] = {}
        self._ready: deque[tuple[Strand, Any, BaseException | None]] = deque([(self._root, None, None)])
        self._sleepers: list[tuple[float, int, int, Strand]] = []
        self._slept = 0
        self._ended: deque[Joined] = deque()
        self._join: Join | None = None
        self._interrupt: BaseException | None = None

    @property
    def ready(self) -> bool:
        """Whether a flow can go on now."""
        return bool(self._ready)

    @property
    def wake_at(self) -> float | None:
        """When the next sleeper wakes, or the root stops waiting; None: not before somebody reports back."""
        sleepers = self._sleepers
        while sleepers and sleepers[0][2] != sleepers[0][3].turn:
            heappop(sleepers)
        moments = [sleepers[0][0]] if sleepers else []
        if self._join is not None and self._join.until is not None:
            moments.append(self._join.until)
        return min(moments) if moments else None

    def advance(self) -> list[tuple[Strand, Effect]]:
        """Run every flow that can go on; return what is to be carried out for them."""
        self._wake()
        jobs = []
        while self._ready:
            strand, value, error = self._ready.popleft()
            effect = self._step(strand, value, error)
            if effect is not None:
                strand.job = effect
                jobs.append((strand, effect))
        return [(strand, effect) for strand, effect in jobs if strand.job is effect]

    def resume(self, strand: Strand, turn: int, value: Any, error: BaseException | None = None) -> None:
        """Report what came of an effect. An answer that nobody waits for any more is ignored."""
        if strand.turn == turn and strand.job is not None:
            self._go(strand, value, error)

    def interrupt(self, error: BaseException) -> None:
        """Throw an error into the root where it waits, or as soon as it does."""
        if not self.finished and self._interrupt is None:
            self._interrupt = error
            if self._join is not None:
                self._join = None
                self._ready.append((self._root, None, error))

    def abort(self) -> None:
        """Close every flow, at once. A submission that is under way stays without an answer."""
        for strand in [*self._strands.values(), self._root]:
            strand.flow.close()
        self._strands.clear()
        self.finished = True

    def _go(self, strand: Strand, value: Any, error: BaseException | None) -> None:
        strand.job = None
        strand.asleep = False
        strand.turn += 1
        self._ready.append((strand, value, error))

    def _wake(self) -> None:
        now = self._now()
        while (moment := self.wake_at) is not None and moment <= now:
            if self._sleepers and self._sleepers[0][0] == moment:
                self._go(heappop(self._sleepers)[3], None, None)
            else:
                self._join = None
                self._ready.append((self._root, None, None))

    def _step(self, strand: Strand, value: Any, error: BaseException | None) -> Effect | None:
        """Run one flow until it needs time. Returns the effect that a driver has to carry out, if it is one."""
        flow = strand.flow
        while True:
            try:
                effect = flow.send(value) if error is None else flow.throw(error)
            except StopIteration as end:
                self._end(strand, end.value, None)
                return None
            except BaseException as failure:
                self._end(strand, None, failure)
                return None
            value = error = None
            kind = type(effect)
            if kind is Sleep or kind is Send or kind is Fetch or kind is Listen:
                if strand.stop is not None:
                    error = strand.stop
                    continue
                if kind is not Sleep:
                    return effect
                strand.asleep = True
                self._slept += 1
                heappush(self._sleepers, (self._now() + effect.seconds, self._slept, strand.turn, strand))  # type: ignore[union-attr]
                return None
            match effect:
                case Notify():
                    return effect
                case Start(key, started):
                    self._strands[key] = fresh = Strand(key, started)
                    self._ready.append((fresh, None, None))
                case Join():
                    if self._interrupt is not None:
                        error, self._interrupt = self._interrupt, None
                    elif self._ended:
                        value = self._ended.popleft()
                    else:
                        self._join = effect
                        return None
                case Stop(why):
                    self._stop(why)
                case Give(item):
                    self.given.append(item)

    def _stop(self, why: str) -> None:
        for strand in self._strands.values():
            strand.stop = stop = Stopped(why)
            job = strand.job
            if strand.asleep or (job is not None and not _may_create(job)):
                if job is not None:
                    self.dropped.append(strand)
                self._go(strand, None, stop)

    def _end(self, strand: Strand, value: Any, error: BaseException | None) -> None:
        if strand is self._root:
            self.finished, self.error = True, error
            return
        self._strands.pop(strand.key, None)
        self._ended.append(Joined(strand.key, value, error))
        if self._join is not None:
            self._join = None
            self._ready.append((self._root, self._ended.popleft(), None))


def _may_create(job: Effect) -> bool:
    """Whether an effect has to come to its end: a submission, or what a user's function does."""
    return isinstance(job, Notify) or (isinstance(job, Send) and job.request.fresh)
