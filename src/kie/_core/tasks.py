"""Core: names of tasks. May import nothing of ours. The status of a task is in `core.status`."""

from __future__ import annotations

import re
from typing import Protocol, TypeAlias, runtime_checkable

import attrs

_PREFIX = r"(?s)([a-z][a-z0-9-]*):(.+)"

_LONGEST_ID = 512


def is_usable_id(task_id: str) -> bool:
    """Whether an id can be used to find a task: it can be sent, shown and typed again."""
    damaged = "\ufffd" in task_id  # the replacement for an incomplete character
    return len(task_id) <= _LONGEST_ID and task_id.isprintable() and not damaged


@attrs.frozen
class TaskRef:
    """Everything needed to find a task again. `str(ref)` is what `TaskRef.parse` reads."""

    id: str
    """The id that the service gave the task."""
    lifecycle: str = "jobs"
    """The family that the task belongs to: `jobs` for the Market, otherwise a name such as `veo` or `suno`."""
    model: str | None = attrs.field(default=None, eq=False)
    """The id of the task's model in the catalog, if it is known. Refs of the same task are equal without it."""

    def __str__(self) -> str:
        bare = self.lifecycle == "jobs" and not (":" in self.id and re.fullmatch(_PREFIX, self.id))
        return self.id if bare else f"{self.lifecycle}:{self.id}"

    @classmethod
    def parse(cls, text: str, *, model: str | None = None) -> TaskRef:
        """Read what `str` writes: `veo:<id>`, or the bare id for the Market, unless that looks like `veo:<id>`.

        Args:
            text: The text.
            model: The model of the task, if it is known; the text does not name it.

        Returns:
            The ref.
        """
        match = re.fullmatch(_PREFIX, text)
        return cls(match[2], match[1], model) if match else cls(text, model=model)

    @property
    def ref(self) -> TaskRef:
        """The ref itself, so it can be used wherever a task or a result can."""
        return self


@runtime_checkable
class HasRef(Protocol):
    """Anything that refers to a task: a `TaskRef`, a task handle, a status, a result."""

    @property
    def ref(self) -> TaskRef:
        """The task."""
        ...


TaskReference: TypeAlias = str | HasRef
"""A request field that names an earlier task takes its id, or anything that has a `ref`."""
