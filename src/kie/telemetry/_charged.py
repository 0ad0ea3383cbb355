"""Telemetry: remembers which charges an observer has counted. May import `_core`."""

from __future__ import annotations

from collections import OrderedDict
from threading import Lock

from kie._core.tasks import TaskRef

REMEMBERED = 1024
"""Number of tasks that an observer remembers."""


class Charged:
    """The most recent tasks whose charge was counted, so that waiting twice for a task counts its charge once.

    Thread-safe.
    """

    def __init__(self) -> None:
        self._lock = Lock()
        self._refs: OrderedDict[TaskRef, None] = OrderedDict()

    def first(self, ref: TaskRef | None) -> bool:
        """Mark the charge of a task as counted. Returns whether this is the first time."""
        with self._lock:
            if ref is None:
                return True
            known = ref in self._refs
            self._refs[ref] = None
            self._refs.move_to_end(ref)
            if len(self._refs) > REMEMBERED:
                self._refs.popitem(last=False)
            return not known
