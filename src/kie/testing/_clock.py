"""Floor 7: a clock that passes only when somebody sleeps. May import nothing of ours."""

from __future__ import annotations

import asyncio
import heapq
import threading
from datetime import UTC, datetime, timedelta
from itertools import count

EPOCH = datetime(2026, 9, 1, 12, tzinfo=UTC)
"""What the calendar says when a virtual clock begins."""

_QUIET_ROUNDS = 20


class VirtualClock:
    """A clock for a driver: `now`, `wall`, and ways to sleep that take no time.

    `sleep` moves the clock. `async_sleep` lets sleepers of one event loop wake in the order of their times, once
    nobody else has anything left to do: tasks that wait side by side do not add up.
    """

    def __init__(self) -> None:
        self._now = 0.0
        self._lock = threading.Lock()
        self._order = count()
        self._sleepers: list[tuple[float, int, asyncio.Future[None]]] = []
        self._slept = 0
        self._mover: asyncio.Task[None] | None = None

    def now(self) -> float:
        """Seconds since the clock began."""
        return self._now

    def wall(self) -> datetime:
        """The calendar: `EPOCH` and what has passed since."""
        return EPOCH + timedelta(seconds=self._now)

    @property
    def offset(self) -> float:
        """What to add to `now` for seconds since 1970."""
        return EPOCH.timestamp()

    def sleep(self, seconds: float) -> None:
        """Move the clock."""
        with self._lock:
            self._now += max(0.0, seconds)

    def reach(self, moment: float) -> None:
        """Move the clock on to a moment, if it is not there yet."""
        with self._lock:
            self._now = max(self._now, moment)

    async def async_sleep(self, seconds: float) -> None:
        """Wait until the clock has moved so far. Under asyncio only."""
        if seconds <= 0:
            await asyncio.sleep(0)
            return
        loop = asyncio.get_running_loop()
        awake = loop.create_future()
        self._slept += 1
        heapq.heappush(self._sleepers, (self._now + seconds, next(self._order), awake))
        if self._mover is None or self._mover.done():
            self._mover = loop.create_task(self._move())
        await awake

    async def _move(self) -> None:
        """Wake the earliest sleeper whenever everybody sleeps."""
        while self._sleepers:
            await self._silence()
            moment, _, awake = heapq.heappop(self._sleepers)
            if not awake.done():
                self.reach(moment)
                awake.set_result(None)

    async def _silence(self) -> None:
        """Wait until for some rounds of the event loop nobody has gone to sleep: then nobody is awake."""
        quiet, seen = 0, self._slept
        while quiet < _QUIET_ROUNDS:
            await asyncio.sleep(0)
            quiet, seen = (quiet + 1, seen) if seen == self._slept else (0, self._slept)
