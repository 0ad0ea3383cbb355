"""Floor 4: runs a flow over many flows on asyncio or trio. May import `core`, `flows`.

There is no task per flow: one for effects that take time, while they do, and one that wakes the next sleeper.
"""

from __future__ import annotations

import sys
from collections import deque
from collections.abc import AsyncGenerator, Callable, Coroutine
from typing import TYPE_CHECKING, Any

import anyio
import attrs

from kie._core.call import TransportError
from kie._flow.effects import Effect, Flow, Stopped
from kie._flow.scheduler import Interleaver, Strand

if TYPE_CHECKING:
    from kie._io.aio import AsyncDriver


AT_ONCE = 100
"""Exchanges at the same time, at most: as many as the HTTP library keeps connections."""


def _on_asyncio() -> bool:
    asyncio = sys.modules.get("asyncio")
    try:
        return asyncio is not None and asyncio.get_running_loop() is not None
    except RuntimeError:
        return False


async def _begun(work: Coroutine[Any, Any, None]) -> None:
    await work


@attrs.define(eq=False)
class Job:
    """An effect that is carried out for a flow. Dropped: it is cancelled, and nobody waits for its answer."""

    strand: Strand
    turn: int
    effect: Effect
    cancel: Callable[[], object] | None = None
    dropped: bool = False

    def drop(self) -> None:
        self.dropped = True
        if self.cancel is not None:
            self.cancel()


class Tasks:
    """The tasks of one batch."""

    def __init__(self, flow: Flow[Any], driver: AsyncDriver) -> None:
        self.core = Interleaver(flow, driver.session.clock.now)
        self._driver = driver
        self._waiting: deque[Job] = deque()
        self._jobs: dict[Strand, Job] = {}
        self._running: set[object] = set()
        self._timer: tuple[float, anyio.CancelScope] | None = None
        self._native = _on_asyncio()
        self._news = self._event()

    def _event(self) -> Any:
        """anyio's takes several times as long as asyncio's own."""
        if not self._native:
            return anyio.Event()
        import asyncio

        return asyncio.Event()

    async def listen(self) -> None:
        """Wait until something is given, or everything has ended."""
        self._news = self._event()
        await self._news.wait()

    def turn(self, *, free: bool = False) -> Job | None:
        """Run every flow that can go on, begin what takes time, and set the timer.

        Who is `free` to carry out something himself gets the first of it, so that it takes no other task.
        """
        core = self.core
        if core.finished:
            return None
        try:
            jobs = core.advance()
        except BaseException as bug:
            core.abort()
            core.error = bug
            jobs = []
        for strand in core.dropped:
            job = self._jobs.pop(strand, None)
            if job is not None:
                job.drop()
        core.dropped.clear()
        self._waiting.extend(Job(strand, strand.turn, effect) for strand, effect in jobs)
        following = self._next() if free else None
        while (other := self._next()) is not None:
            self._spawn(self._work(other), other)
        self._set_timer()
        if core.given or core.finished:
            self._news.set()
        return following

    def _next(self) -> Job | None:
        """The next effect that may be begun."""
        while self._waiting and len(self._jobs) < AT_ONCE:
            job = self._waiting.popleft()
            if job.strand.turn == job.turn:  # else it was stopped before it came to that
                self._jobs[job.strand] = job
                return job
        return None

    def _set_timer(self) -> None:
        moment = None if self.core.finished else self.core.wake_at
        if self._timer is not None:
            if moment is not None and self._timer[0] <= moment:
                return
            self._timer[1].cancel()
            self._timer = None
        if moment is not None:
            self._timer = moment, anyio.CancelScope()
            self._spawn(self._tick(*self._timer))

    async def _tick(self, moment: float, scope: anyio.CancelScope) -> None:
        with scope:
            await self._driver.sleep(max(0.0, moment - self._driver.session.clock.now()))
            self._timer = None
            self.turn()

    async def _work(self, job: Job) -> None:
        if self._native:
            await self._carry_out(job)
            return
        with anyio.CancelScope() as scope:
            job.cancel = scope.cancel
            await self._carry_out(job)

    async def _carry_out(self, job: Job) -> None:
        """Carry out an effect, and then another as long as there is any to begin."""
        while not job.dropped:
            value, error = None, None
            try:
                value = await self._driver.perform(job.effect)
            except Exception as failure:
                error = failure
            except BaseException:
                if not job.dropped:  # the whole program is ending; nobody may wait for this answer
                    self._answer(job, None, TransportError("cancelled", sent=None))
                    self.turn()
                    raise
                if not self._native:  # the scope around it has to see this
                    raise
            following = self.turn(free=self._answer(job, value, error))
            if following is None:
                return
            following.cancel, job = job.cancel, following

    def _answer(self, job: Job, value: Any, error: Exception | None) -> bool:
        """Report what came of an effect. Returns whether anybody waits for it."""
        awaited = self._jobs.get(job.strand) is job
        if awaited:
            del self._jobs[job.strand]
        self.core.resume(job.strand, job.turn, value, error)
        return awaited

    def _spawn(self, work: Coroutine[Any, Any, None], job: Job | None = None) -> None:
        if self._native:
            import asyncio

            task = asyncio.get_running_loop().create_task(work)
            if job is not None:
                job.cancel = task.cancel
            self._running.add(task)
            task.add_done_callback(self._running.discard)
        else:
            trio: Any = sys.modules["trio"]
            trio.lowlevel.spawn_system_task(_begun, work)

    def end(self) -> None:
        """Cancel whatever still runs: nobody waits for it."""
        for job in [*self._jobs.values()]:
            job.drop()
        if not self.core.finished:
            self.core.abort()
        self._set_timer()


async def stream(
    flow: Flow[Any], driver: AsyncDriver, late: Callable[[Any], object] | None = None
) -> AsyncGenerator[Any, None]:
    """What a flow gives, as it comes. Raises what it raises.

    If the caller is cancelled or stops early, the flow is stopped, and `late` gets what it still gives.
    """
    tasks = Tasks(flow, driver)
    core = tasks.core
    try:
        tasks.turn()
        while True:
            while core.given:
                yield core.given.popleft()
            if core.finished:
                break
            await tasks.listen()
    except BaseException:
        core.interrupt(Stopped("interrupted"))
        try:
            with anyio.CancelScope(shield=True):
                tasks.turn()
                while not core.finished:
                    await tasks.listen()
        finally:
            if late is not None:
                for item in core.given:
                    late(item)
        raise
    finally:
        tasks.end()
    if core.error is not None:
        raise core.error
