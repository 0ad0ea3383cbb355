"""IO: runs a flow that starts many flows, on asyncio or trio. May import every room below.

Flows have no tasks of their own. Each effect that takes time has a task while it lasts, and one task is the timer.
"""

from __future__ import annotations

import sys
from collections import deque
from collections.abc import AsyncGenerator, Callable, Coroutine
from functools import partial
from typing import TYPE_CHECKING, Any, TypeVar

import anyio
import attrs

from kie._core.call import TransportError
from kie._flow.effects import Delivering, Effect, Fetch, Flow, Send, Stopped
from kie._flow.scheduler import INTERRUPTED_AGAIN, NOTING, Fiber, Scheduler
from kie._io.offload import on_asyncio

if TYPE_CHECKING:
    from kie._io.aio import AsyncDriver

T = TypeVar("T")

AT_ONCE = 100
"""The most exchanges at the same time: the number of connections that the HTTP library keeps."""


async def _begun(work: Coroutine[Any, Any, None]) -> None:
    await work


@attrs.define(eq=False)
class Job:
    """An effect performed for a flow. If it is dropped, it is cancelled, and nobody waits for its answer."""

    fiber: Fiber
    step: int
    effect: Effect[object]
    cancel: Callable[[], object] | None = None
    dropped: bool = False

    def drop(self) -> None:
        self.dropped = True
        if self.cancel is not None:
            self.cancel()


class Tasks:
    """The tasks of one batch."""

    def __init__(self, flow: Flow[object], driver: AsyncDriver) -> None:
        self.scheduler = Scheduler(flow, driver.session.clock.now, driver.session.on_disk)
        self._driver = driver
        self._waiting: deque[Job] = deque()
        self._jobs: dict[Fiber, Job] = {}
        self._running: set[object] = set()
        self._working = 0
        self._timer: tuple[float, anyio.CancelScope] | None = None
        self._native = on_asyncio()
        self._news = self._event()

    def _event(self) -> Any:
        """Make an event. anyio's takes several times as long as asyncio's own."""
        if not self._native:
            return anyio.Event()
        import asyncio

        return asyncio.Event()

    def deliver(self) -> None:
        """Wake the listener, because something was delivered."""
        self._news.set()

    async def listen(self) -> None:
        """Wait until something is delivered, or everything has ended."""
        self._news = self._event()
        await self._news.wait()

    async def run(self) -> object:
        """Run the flow to its end. Returns what it returns, and raises what it raises.

        If the caller is cancelled, the flow is stopped once the submissions under way have ended.
        """
        try:
            self.advance()
            while not self.scheduler.finished:
                await self.listen()
        except BaseException:
            await self.stop()
            raise
        finally:
            self.end()
        return self.scheduler.result()

    async def stop(self) -> None:
        """Stop the flow, and wait until it and all its effects have ended.

        After a second interruption, it waits for no more answers, only until the journal has noted that they are
        missing, and every input has its outcome. After a third one, that may take `NOTING` seconds.
        """
        self.scheduler.interrupt(Stopped("interrupted"))
        with anyio.CancelScope(shield=True):
            try:
                await self._ended()
            except BaseException:
                self.scheduler.give_up(TransportError(INTERRUPTED_AGAIN, sent=None))
                try:
                    await self._ended()
                except BaseException:
                    with anyio.move_on_after(NOTING):
                        await self._ended()
                    raise
                raise

    async def _ended(self) -> None:
        self.advance()
        while not self.scheduler.finished:
            await self.listen()
        self.end()
        while self._working:
            await self.listen()

    def advance(self, *, free: bool = False) -> Job | None:
        """Run every flow that can continue, start effects that take time, and set the timer.

        A caller that is `free` gets the first effect to perform itself, which saves a task.
        """
        scheduler = self.scheduler
        if scheduler.finished:
            return None
        try:
            jobs = scheduler.advance()
        except BaseException as bug:
            scheduler.abort()
            scheduler.error = bug
            jobs = []
        while scheduler.dropped:
            job = self._jobs.pop(scheduler.dropped.pop(), None)
            if job is not None:
                job.drop()
        for fiber, effect in jobs:
            self._waiting.append(Job(fiber, fiber.step, effect))
        following = self._next() if free else None
        while (other := self._next()) is not None:
            self._spawn(self._work(other), partial(self._unbegun, other), other)
        self._set_timer()
        if scheduler.finished:
            self._news.set()
        return following

    def _next(self) -> Job | None:
        """The next effect that may start."""
        while self._waiting and len(self._jobs) < AT_ONCE:
            job = self._waiting.popleft()
            if job.fiber.step == job.step:  # otherwise the flow was stopped before the effect started
                self._jobs[job.fiber] = job
                return job
        return None

    def _set_timer(self) -> None:
        moment = None if self.scheduler.finished else self.scheduler.wake_at
        if self._timer is not None:
            if moment is not None and self._timer[0] <= moment:
                return
            self._timer[1].cancel()
            self._timer = None
        if moment is not None:
            scope = anyio.CancelScope()
            self._timer = moment, scope
            self._spawn(self._tick(moment, scope), partial(self._ticked, scope))

    async def _tick(self, moment: float, scope: anyio.CancelScope) -> None:
        with scope:
            await self._driver.sleep(max(0.0, moment - self._driver.session.clock.now()))
            self._ticked(scope)

    def _ticked(self, scope: anyio.CancelScope) -> None:
        """Continue after a sleep, even if it ended early because the whole program is ending."""
        if self._timer is not None and self._timer[1] is scope:
            self._timer = None
            self.advance()

    def _unbegun(self, job: Job) -> None:
        """Answer for a job whose task was cancelled before its first step, because nothing else does."""
        if self._jobs.get(job.fiber) is job and not job.dropped:
            self._answer(job, None, _cancelled(job, sent=False))
            self.advance()

    async def _work(self, job: Job) -> None:
        self._working += 1
        try:
            if self._native:
                await self._carry_out(job)
                return
            with anyio.CancelScope() as scope:
                job.cancel = scope.cancel
                await self._carry_out(job)
        finally:
            self._working -= 1
            if not self._working:
                self._news.set()

    async def _carry_out(self, job: Job) -> None:
        """Perform an effect, then others as long as there are any to start."""
        while not job.dropped:
            value: object = None
            error: BaseException | None = None
            try:
                value = await self._driver.perform(job.effect)
            except GeneratorExit:  # from a user's function, or because this coroutine is closed
                self._answer(job, None, _cancelled(job))
                self.advance()
                return
            except anyio.get_cancelled_exc_class():
                if not job.dropped:  # the whole program is ending, and perhaps nobody waits for this answer
                    self._answer(job, None, _cancelled(job))
                    self.advance()
                    raise
                if not self._native:  # the surrounding scope has to see this
                    raise
            except BaseException as failure:  # such as `SystemExit`: the flow raises it where its caller waits
                error = failure
            following = self.advance(free=self._answer(job, value, error))
            if following is None:
                return
            following.cancel, job = job.cancel, following

    def _answer(self, job: Job, value: Any, error: BaseException | None) -> bool:
        """Report the outcome of an effect. Returns whether anybody waits for it."""
        awaited = self._jobs.get(job.fiber) is job
        if awaited:
            del self._jobs[job.fiber]
        self.scheduler.resume(job.fiber, job.step, value, error)
        return awaited

    def _spawn(self, work: Coroutine[Any, Any, None], ended: Callable[[], object], job: Job | None = None) -> None:
        """Start a task. `ended` is called when it ends, in whatever way."""
        if self._native:
            import asyncio

            task = asyncio.get_running_loop().create_task(work)
            if job is not None:
                job.cancel = task.cancel
            self._running.add(task)

            def done(task: object) -> None:
                self._running.discard(task)
                ended()

            task.add_done_callback(done)
        else:
            trio: Any = sys.modules["trio"]
            trio.lowlevel.spawn_system_task(_begun, work)

    def end(self) -> None:
        """Cancel everything that still runs, because nobody waits for it."""
        for job in [*self._jobs.values()]:
            job.drop()
        if not self.scheduler.finished:
            self.scheduler.abort()
        self._set_timer()


def _cancelled(job: Job, sent: bool | None = None) -> TransportError | Stopped:
    """The error for a flow whose effect was cancelled although the flow was not stopped."""
    exchanges = isinstance(job.effect, (Send, Fetch))
    return TransportError("cancelled", sent=sent) if exchanges else Stopped("it was cancelled")


async def stream(flow: Delivering[T], driver: AsyncDriver) -> AsyncGenerator[T, None]:
    """Yield what a flow delivers, through one queue. Raises what the flow raises.

    If the caller is cancelled or stops early, the flow is stopped.
    """
    items: deque[T] = deque()

    def deliver(item: T) -> None:
        items.append(item)
        tasks.deliver()

    tasks = Tasks(flow(deliver, items.__len__), driver)
    try:
        tasks.advance()
        while True:
            while items:
                yield items.popleft()
            if tasks.scheduler.finished:
                break
            await tasks.listen()
    except BaseException:
        await tasks.stop()
        raise
    finally:
        tasks.end()
    tasks.scheduler.result()
