"""Simulator: which tasks a callback is due for, and when. May import `_core`."""

from __future__ import annotations

import heapq
from collections import deque
from decimal import Decimal

import attrs

from kie.simulator._task_store import SimTask


@attrs.frozen(kw_only=True)
class Callback:
    """A callback for a task that has ended, ready to be posted."""

    task_id: str
    """The id of the task."""
    url: str
    """Where it goes: the callback URL of the submission."""
    headers: dict[str, str]
    """The headers to post, with the signature if the simulator has a webhook key."""
    body: bytes = attrs.field(repr=False)
    """The JSON to post."""


class CallbackQueue:
    """The tasks that have a callback URL: those at work, and those that have ended and wait for their callback."""

    def __init__(self) -> None:
        self._expected: list[tuple[float, int, SimTask]] = []
        self._ended: deque[tuple[SimTask, Decimal]] = deque()

    def expect(self, task: SimTask) -> None:
        """Take note of a task that is at work."""
        if task.callback_url is not None:
            heapq.heappush(self._expected, (task.ends, task.number, task))

    def end(self, task: SimTask, balance: Decimal) -> None:
        """A task has ended; `balance` is what was left then."""
        if task.callback_url is not None:
            self._ended.append((task, balance))

    def take(self) -> list[tuple[SimTask, Decimal]]:
        """The tasks whose callbacks are due, each given once, with the balance at their end."""
        due = list(self._ended)
        self._ended.clear()
        return due

    def next_due(self) -> float | None:
        """When the next callback is due, as things stand; None if no task is at work."""
        if self._ended:
            return self._ended[0][0].ends
        while self._expected and self._expected[0][2].done:
            heapq.heappop(self._expected)
        return self._expected[0][0] if self._expected else None
