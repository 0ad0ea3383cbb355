"""Core: what is known of a task. May import only `_core`."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Literal, Protocol, TypeAlias, runtime_checkable

import attrs

from kie._core.json import JSON, decode_answer
from kie._core.later import later

if TYPE_CHECKING:
    from datetime import datetime
    from decimal import Decimal

    from kie._core.results import Result
else:
    datetime = later("datetime", "datetime")
    Decimal = later("decimal", "Decimal")
    Result = later("kie._core.results", "Result")

State: TypeAlias = Literal["queued", "running", "succeeded", "failed"]
"""Every state of every family comes down to one of these; a value nobody documented counts as running."""

_PREFIX = r"(?s)([a-z][a-z0-9-]*):(.+)"

_LONGEST_ID = 512


def is_usable_id(task_id: str) -> bool:
    """Whether a task can be asked for by an id: a text that can be sent, shown and typed again."""
    damaged = "\ufffd" in task_id  # what stands where half a character came
    return len(task_id) <= _LONGEST_ID and task_id.isprintable() and not damaged


@attrs.frozen
class TaskRef:
    """All that is needed to find a task again. `str(ref)` is what `TaskRef.parse` reads."""

    id: str
    """The id that the service gave the task."""
    lifecycle: str = "jobs"
    """The family that the task belongs to: `jobs` for the Market, else such as `veo` or `suno`."""
    model: str | None = attrs.field(default=None, eq=False)
    """The id of the task's model in the catalog, where it is known. Refs of the same task are equal without it."""

    def __str__(self) -> str:
        bare = self.lifecycle == "jobs" and not (":" in self.id and re.fullmatch(_PREFIX, self.id))
        return self.id if bare else f"{self.lifecycle}:{self.id}"

    @classmethod
    def parse(cls, text: str, *, model: str | None = None) -> TaskRef:
        """Read what `str` writes: `veo:<id>`, or the bare id for the Market, unless that looks like `veo:<id>`.

        Args:
            text: The text.
            model: The model of the task, where it is known; the text does not name it.

        Returns:
            The ref.
        """
        match = re.fullmatch(_PREFIX, text)
        return cls(match[2], match[1], model) if match else cls(text, model=model)

    @property
    def ref(self) -> TaskRef:
        """Itself, so that a ref may stand wherever a task or a result may."""
        return self


@runtime_checkable
class HasRef(Protocol):
    """Anything that points at a task: a `TaskRef`, a task handle, a status, a result."""

    @property
    def ref(self) -> TaskRef:
        """The task."""
        ...


TaskReference: TypeAlias = str | HasRef
"""A request field that names an earlier task takes its id, or anything that has a `ref`."""


def _read(raw: JSON | bytes) -> JSON:
    """A record, which may be kept as it came: as text it takes a third of the memory, and few ask for it."""
    return decode_answer(raw) if isinstance(raw, bytes) else raw


@attrs.frozen(kw_only=True)
class TaskStatus:
    """What the service says of a task at one moment."""

    ref: TaskRef
    """The task."""
    state: State
    """What the state comes down to. A state that nobody documented counts as `running`."""
    raw_state: str | None = None
    """The state in the service's own word (`SUCCESS`, `waiting` …); None where the record names none."""
    urls: tuple[str, ...] = ()
    """The URLs of the result's files, in the service's order; empty until there are any."""
    data: JSON = attrs.field(default=None, hash=False)
    """Whatever else the result holds, as the service sends it: first and last frames, tracks, text …"""
    fail_code: str | None = None
    """Why the task failed, as the service's code; None unless it failed and the service says so."""
    fail_message: str | None = None
    """Why the task failed, in the service's words; None unless it failed and the service says so."""
    credits: Decimal | None = None
    """What the task cost, in credits; None until it has ended, and where the service does not say."""
    held: Decimal | None = None
    """What the service holds for a task that has not ended, in credits. The charge may be another."""
    progress: float | None = None
    """How far the task is, as the service counts: the Market in percent (0 to 100), GPT-4o images as a share (0 to 1).
    None where it does not say: only some models do. Source: the vendor's pages on task details."""
    seconds: float | None = None
    """How long the task ran, in seconds, as the service counts; None until it has ended."""
    created_at: datetime | None = None
    """When the service took the task on. The time is aware; see `times_assumed`."""
    completed_at: datetime | None = None
    """When the task ended. The time is aware; see `times_assumed`."""
    times_assumed: bool = False
    """Whether the service names no time zone, so that the zone of these times is an assumption."""
    expired: bool = False
    """Whether the service says that it no longer keeps the result."""
    searched: bool = False
    """Whether the record names no files where its family does, so that `urls` holds what a search of it found."""
    kind: str = "json"
    """The kind of result that the task gives: `image`, `video`, `music` …"""
    _raw: JSON | bytes = attrs.field(default=None, alias="raw", repr=False, hash=False, eq=_read)
    partial: Result | None = attrs.field(default=None, repr=False, eq=False)
    """What a running task has given so far, such as Suno's first track; None if nothing. It has the type that the
    finished task will give, but belongs to no client: it cannot save itself."""

    @property
    def raw(self) -> JSON:
        """The record as the service sent it."""
        return _read(self._raw)

    @property
    def done(self) -> bool:
        """Whether the task has ended, well or badly."""
        return self.state in ("succeeded", "failed")

    def _repr_html_(self) -> str:
        """What a notebook shows: how far the task is, or its result."""
        from kie._core import notebook

        return notebook.of_status(self)
