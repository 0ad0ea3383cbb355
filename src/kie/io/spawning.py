"""Floor 4: runs a flow over many flows on asyncio or trio. May import `core`, `flows`.

There is no task per flow: one for each effect that takes time while it does, and one that wakes the next sleeper.
"""

from __future__ import annotations

import sys
from collections import deque
from collections.abc import AsyncIterator, Callable, Coroutine
from typing import TYPE_CHECKING, Any

import anyio

from kie.core.call import TransportError
from kie.flows.effects import Effect, Flow, Stopped
from kie.flows.interleave import Interleaver, Strand

if TYPE_CHECKING:
    from kie.io.aio import AsyncDriver


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


class Tasks:
    """The tasks of one batch."""

    def __init__(self, flow: Flow[Any], driver: AsyncDriver) -> None:
        self.core = Interleaver(flow, driver.session.perform, driver.session.clock.now)
        self.news = anyio.Event()
        self._driver = driver
        self._jobs: deque[tuple[Strand, int, Effect]] = deque()
        self._scopes: dict[Strand, anyio.CancelScope] = {}
        self._running: set[object] = set()
        self._timer: tuple[float, anyio.CancelScope] | None = None
        self._native = _on_asyncio()

    def turn(self) -> None:
        """Run every flow that can go on, begin what takes time, and set the timer."""
        core = self.core
        if core.finished:
            return
        try:
            jobs = core.advance()
        except BaseException as bug:
            core.abort()
            core.error = bug
            jobs = []
        for strand in core.dropped:
            scope = self._scopes.get(strand)
            if scope is not None:
                scope.cancel()
        core.dropped.clear()
        for strand, effect in jobs:
            self._jobs.append((strand, strand.turn, effect))
        while self._jobs and len(self._scopes) < AT_ONCE:
            self._begin(*self._jobs.popleft())
        self._set_timer()
        if core.given or core.finished:
            self.news.set()

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

    def _begin(self, strand: Strand, turn: int, effect: Effect) -> None:
        if strand.turn == turn:  # else it was stopped before it came to that
            scope = self._scopes[strand] = anyio.CancelScope()
            self._spawn(self._carry_out(strand, turn, effect, scope))

    async def _carry_out(self, strand: Strand, turn: int, effect: Effect, scope: anyio.CancelScope) -> None:
        value, error = None, None
        with scope:
            try:
                value = await self._driver.perform(effect)
            except Exception as failure:
                error = failure
            except BaseException:
                if not scope.cancel_called:  # the whole program is ending; nobody may wait for this answer
                    self._answer(strand, turn, scope, None, TransportError("cancelled", sent=None))
                raise
        self._answer(strand, turn, scope, value, error)

    def _answer(self, strand: Strand, turn: int, scope: anyio.CancelScope, value: Any, error: Exception | None) -> None:
        if self._scopes.get(strand) is scope:
            del self._scopes[strand]
        self.core.resume(strand, turn, value, error)
        self.turn()

    def _spawn(self, work: Coroutine[Any, Any, None]) -> None:
        if self._native:
            import asyncio

            task = asyncio.get_running_loop().create_task(work)
            self._running.add(task)
            task.add_done_callback(self._running.discard)
        else:
            trio: Any = sys.modules["trio"]
            trio.lowlevel.spawn_system_task(_begun, work)

    def end(self) -> None:
        """Cancel whatever still runs: nobody waits for it."""
        for scope in [*self._scopes.values()]:
            scope.cancel()
        if not self.core.finished:
            self.core.abort()
        self._set_timer()


async def stream(
    flow: Flow[Any], driver: AsyncDriver, late: Callable[[Any], object] | None = None
) -> AsyncIterator[Any]:
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
            tasks.news = anyio.Event()
            await tasks.news.wait()
    except BaseException:
        core.interrupt(Stopped("interrupted"))
        try:
            with anyio.CancelScope(shield=True):
                tasks.turn()
                while not core.finished:
                    tasks.news = anyio.Event()
                    await tasks.news.wait()
        finally:
            if late is not None:
                for item in core.given:
                    late(item)
        raise
    finally:
        tasks.end()
    if core.error is not None:
        raise core.error
