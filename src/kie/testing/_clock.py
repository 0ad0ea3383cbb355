"""Testing: a clock that moves only when a flow sleeps. May import nothing of ours."""

from __future__ import annotations

import asyncio
import heapq
import threading
from datetime import UTC, datetime, timedelta
from itertools import count

EPOCH = datetime(2026, 9, 1, 12, tzinfo=UTC)
"""The date and time at which a virtual clock begins."""

_IDLE_ROUNDS = 20


class VirtualClock:
    """A clock for a driver whose sleeps take no real time.

    `sleep` moves the clock at once. `async_sleep` wakes the sleepers of one event loop in the order of their times, as
    soon as every other coroutine waits: sleeps side by side do not add up.
    """

    def __init__(self) -> None:
        self._now = 0.0
        self._lock = threading.Lock()
        self._order = count()
        self._sleepers: list[tuple[float, int, asyncio.Future[None]]] = []
        self._slept = 0
        self._mover: asyncio.Task[None] | None = None

    def now(self) -> float:
        """The time.

        Returns:
            Seconds since the clock began.
        """
        return self._now

    def wall(self) -> datetime:
        """The date and time.

        Returns:
            1 September 2026, 12:00 UTC, and what has passed since the clock began.
        """
        return EPOCH + timedelta(seconds=self._now)

    @property
    def offset(self) -> float:
        """Seconds to add to `now` for seconds since 1970."""
        return EPOCH.timestamp()

    def sleep(self, seconds: float) -> None:
        """Move the clock.

        Args:
            seconds: By how many seconds; a negative number does not move it.
        """
        with self._lock:
            self._now += max(0.0, seconds)

    def reach(self, moment: float) -> None:
        """Move the clock forward to a moment, unless it has passed.

        Args:
            moment: Seconds since the clock began.
        """
        with self._lock:
            self._now = max(self._now, moment)

    async def async_sleep(self, seconds: float) -> None:
        """Wait until the clock has moved. For asyncio only.

        Args:
            seconds: How long to wait.
        """
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
        """Wake the earliest sleeper whenever all coroutines wait."""
        while self._sleepers:
            await self._all_asleep()
            moment, _, awake = heapq.heappop(self._sleepers)
            if not awake.done():
                self.reach(moment)
                awake.set_result(None)

    async def _all_asleep(self) -> None:
        """Return once no coroutine has begun to sleep for some rounds of the event loop: then all of them wait."""
        idle, seen = 0, self._slept
        while idle < _IDLE_ROUNDS:
            await asyncio.sleep(0)
            idle, seen = (idle + 1, seen) if seen == self._slept else (0, self._slept)
