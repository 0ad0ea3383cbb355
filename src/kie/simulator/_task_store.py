"""Simulator: keeps the accepted tasks, and ends them in time. May import `_core`, `_records`."""

from __future__ import annotations

import heapq
from collections.abc import Callable
from decimal import Decimal

import attrs

from kie._core.json import JSON, JSONObject
from kie._core.tasks import TaskRef
from kie._records.lifecycles import Lifecycle
from kie.simulator._routes import POLLED
from kie.simulator._sample_media import Recipe


@attrs.define(kw_only=True)
class SimTask:
    """One task. Moments are those of the clock that the simulator goes by."""

    id: str
    number: int
    """How many tasks were accepted before it."""
    row: Lifecycle
    model: str
    input: JSONObject
    kind: str
    """The kind of its result."""
    created: float
    duration: float
    """Seconds that its model would have taken."""
    ends: float
    """When it ends; the speed of the simulator is counted in."""
    price: Decimal
    busy_word: str
    """What its record says while it is at work."""
    callback_url: str | None = None
    failure: tuple[str, str] | None = None
    """Code and message, if it fails."""
    done: bool = False
    hidden_polls: int = 0
    """Polls that will not find it."""
    forced_state: str | None = None
    forced_polls: int = 0
    """Polls that will show `forced_state`."""
    end_seen: bool = False
    """Whether its end was shown or reported: from then on no fault makes it look unfinished."""
    files: dict[str, Recipe] = attrs.field(factory=dict)
    """Its results by name, in order."""
    more_files: dict[str, Recipe] = attrs.field(factory=dict)
    """Other files that it made; their URLs are in `data`."""
    data: JSON = None
    """What its record holds beside its results."""
    parts: tuple[str, ...] = ()
    """Ids that later requests may name: tracks, voices …"""

    @property
    def succeeded(self) -> bool:
        """Whether it has ended well."""
        return self.done and self.failure is None


class TaskStore:
    """Every task by its ref. `on_end` is called for each that ends."""

    def __init__(self, on_end: Callable[[SimTask], None]) -> None:
        self.by_ref: dict[str, SimTask] = {}
        self._on_end = on_end
        self._ends: list[tuple[float, int, SimTask]] = []

    def add(self, task: SimTask) -> None:
        """Keep a task, and end it when its time has come."""
        self.by_ref[_ref(task.row.name, task.id)] = task
        heapq.heappush(self._ends, (task.ends, task.number, task))

    def end(self, task: SimTask, at: float, failure: tuple[str, str] | None = None) -> None:
        """End a task at a moment, unless it has ended. `failure` is code and message."""
        if not task.done:
            task.ends, task.failure = at, failure or task.failure
            self._end(task)

    def settle(self, now: float) -> None:
        """End every task whose time has come."""
        while self._ends and self._ends[0][0] <= now:
            task = heapq.heappop(self._ends)[2]
            if not task.done:
                self._end(task)

    def _end(self, task: SimTask) -> None:
        task.done = True
        self._on_end(task)

    def unfinished(self) -> list[SimTask]:
        """The tasks that have not ended."""
        return [task for _, _, task in self._ends if not task.done]

    def find(self, lifecycle: str, task_id: str) -> SimTask | None:
        """The task of a family with this id."""
        return self.by_ref.get(_ref(lifecycle, task_id))

    def find_any(self, task_id: str) -> SimTask | None:
        """The first task with this id, whatever its family."""
        return next((task for task in self.by_ref.values() if task.id == task_id), None)

    def has_succeeded(self, name: str) -> bool:
        """Whether the id belongs to a task that has succeeded, or to a part of one."""
        return any(task.succeeded and (name == task.id or name in task.parts) for task in self.by_ref.values())

    def shares_record(self, row: Lifecycle, base: str) -> bool:
        """Whether a task of this family shares the id of the task that it builds on, so that one poll reads both."""
        together = POLLED.get(row.poll or "", ())
        return any(other.name != row.name and self.find(other.name, base) is not None for other in together)


def _ref(lifecycle: str, task_id: str) -> str:
    return str(TaskRef(task_id, lifecycle))
