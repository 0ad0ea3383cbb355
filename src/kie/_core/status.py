"""Core: the status of a task. May import only `_core`.

It is separate from `core.tasks`, which names tasks, because requests need only the names.
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
"""Every state of every family maps to one of these; an undocumented value counts as running."""


def _read(raw: JSON | bytes) -> JSON:
    """Decode a record. It may be stored as bytes, which take a third of the memory, and is rarely read."""
    return decode_answer(raw) if isinstance(raw, bytes) else raw


@attrs.frozen(kw_only=True)
class TaskStatus:
    """What the service says about a task at one moment."""

    ref: TaskRef
    """The task."""
    state: State
    """The state, as one of `State`. An undocumented state counts as `running`."""
    raw_state: str | None = None
    """The state in the service's own word (`SUCCESS`, `waiting` …); None if the record names none."""
    urls: tuple[str, ...] = ()
    """The URLs of the result's files, in the service's order; empty until there are any."""
    data: JSON = attrs.field(default=None, hash=False)
    """Whatever else the result contains, as the service sent it: first and last frames, tracks, text …"""
    fail_code: str | None = None
    """Why the task failed, as the service's code; None unless it failed and the service says so."""
    fail_message: str | None = None
    """Why the task failed, in the service's words; None unless it failed and the service says so."""
    credits: Decimal | None = None
    """What the task cost, in credits; None until it has ended, and if the service does not say."""
    held: Decimal | None = None
    """Credits that the service has reserved for a task that has not ended. The charge may differ."""
    progress: float | None = None
    """The progress that the service reports: in percent (0 to 100) in the Market, as a fraction (0 to 1) for GPT-4o
    images. None if it reports none: only some models do. Source: the vendor's pages on task details."""
    seconds: float | None = None
    """How long the task ran, in seconds, by the service's count; None until it has ended."""
    created_at: datetime | None = None
    """When the service accepted the task. The time has a zone; see `times_assumed`."""
    completed_at: datetime | None = None
    """When the task ended. The time has a zone; see `times_assumed`."""
    times_assumed: bool = False
    """Whether the zone of these times is an assumption, because the service names none."""
    expired: bool = False
    """Whether the service says that it no longer keeps the result."""
    searched: bool = False
    """Whether the record names no files where its family does, so `urls` contains what a search of the record found."""
    kind: str = "json"
    """The kind of result that the task gives: `image`, `video`, `music` …"""
    _raw: JSON | bytes = attrs.field(default=None, alias="raw", repr=False, hash=False, eq=_read)
    partial: Result | None = attrs.field(default=None, repr=False, eq=False)
    """What a running task has produced so far, such as Suno's first track; None if nothing. It has the type of the
    final result, but belongs to no client, so it cannot save itself."""

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
