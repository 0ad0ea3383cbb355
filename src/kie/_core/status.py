"""Core: what the service says of a task. May import only `_core`.

Apart from `core.tasks`, which names tasks: requests load with the names alone.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, TypeAlias

import attrs

from kie._core.json import JSON, decode_answer
from kie._core.later import later
from kie._core.tasks import TaskRef

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
