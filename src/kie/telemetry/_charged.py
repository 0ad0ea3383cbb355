"""Telemetry: which charges an observer has counted. May import `_core`."""

from __future__ import annotations

from collections import OrderedDict
from threading import Lock

from kie._core.tasks import TaskRef

REMEMBERED = 1024
"""Number of tasks that an observer remembers."""


class Charged:
    """The tasks whose charge was counted: the last ones, so that whoever waits for a task twice counts it once.

    Thread-safe.
    """

    def __init__(self) -> None:
        self._lock = Lock()
        self._refs: OrderedDict[TaskRef, None] = OrderedDict()

    def first(self, ref: TaskRef | None) -> bool:
        """Whether the charge of a task was not counted before."""
        with self._lock:
            if ref is None:
                return True
            known = ref in self._refs
            self._refs[ref] = None
            self._refs.move_to_end(ref)
            if len(self._refs) > REMEMBERED:
                self._refs.popitem(last=False)
            return not known
