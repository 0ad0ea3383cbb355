"""Floor 1: what is known of a task. May import only `core`."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Literal, Protocol, TypeAlias, runtime_checkable

import attrs

from kie._core.json import JSON

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime
    from decimal import Decimal

    from kie._core.results import Result

State: TypeAlias = Literal["queued", "running", "succeeded", "failed"]
"""Every state of every family comes down to one of these; a value nobody documented counts as running."""

_PREFIX = re.compile(r"([a-z][a-z0-9-]*):(.+)", re.DOTALL)


@attrs.frozen
class TaskRef:
    """All that is needed to find a task again: its id, the family it lives in, and its model if known.

    `str(ref)` is `veo:<id>`, or the bare id for the Market (`jobs`); `TaskRef.parse` reads both.
    """

    id: str
    lifecycle: str = "jobs"
    model: str | None = attrs.field(default=None, eq=False)

    def __str__(self) -> str:
        return self.id if self.lifecycle == "jobs" else f"{self.lifecycle}:{self.id}"

    @classmethod
    def parse(cls, text: str, *, model: str | None = None) -> TaskRef:
        """Read the form that `str` writes. A text without a family belongs to the Market."""
        match = _PREFIX.fullmatch(text)
        return cls(match[2], match[1], model) if match else cls(text, model=model)

    @property
    def ref(self) -> TaskRef:
        """Itself, so that a ref may stand wherever a task or a result may."""
        return self


@runtime_checkable
class HasRef(Protocol):
    """Anything that points at a task: a `TaskRef`, a task handle, a status, a result."""

    @property
    def ref(self) -> TaskRef: ...


TaskReference: TypeAlias = "str | HasRef"
"""A request field that names an earlier task takes its id, or anything that has a `ref`."""


@attrs.frozen(kw_only=True)
class TaskStatus:
    """One look at a task.

    `state` is one of four, `raw_state` the service's own word. `urls` are the results in the service's
    order; `data` is whatever else the result holds. `credits` is what the task cost, where the service said
    so; `seconds` how long it ran, as the service counts. Times are aware; `times_assumed` is True where the
    service named no zone. `expired` is True where the service says that it no longer keeps the result. `kind` is what
    the task gives. `raw` is the record as it came.
    """

    ref: TaskRef
    state: State
    raw_state: str | None = None
    urls: tuple[str, ...] = ()
    data: JSON = None
    fail_code: str | None = None
    fail_message: str | None = None
    credits: Decimal | None = None
    progress: float | None = None
    seconds: float | None = None
    created_at: datetime | None = None
    completed_at: datetime | None = None
    times_assumed: bool = False
    expired: bool = False
    kind: str = "json"
    raw: JSON = attrs.field(default=None, repr=False)

    @property
    def done(self) -> bool:
        """Whether the task has ended, well or badly."""
        return self.state in ("succeeded", "failed")

    @property
    def partial(self) -> Result | None:
        """What a task that is still at work has given so far (Suno's first track, say), None if nothing.

        Of the type that the finished task gives; it belongs to no client and cannot save itself.
        """
        if self.done or not (self.urls or self.data):
            return None
        from kie._core.results import partial_result

        return partial_result(self)

    @classmethod
    def from_callback(cls, body: Mapping[str, JSON], *, of: str | None = None) -> TaskStatus:
        """The status in a report that the service posted to a callback URL: the one that a look would find.

        Args:
            body: The JSON document of the report.
            of: The family, such as `"veo"`, where it is known; most reports of failures do not tell.

        Raises `ResultInvalid` for a body that is no report. Nothing here says that the service sent it: see
        `kie.webhooks`.
        """
        from importlib import import_module

        # by name: reading goes by the lifecycle table, which is two floors up
        found: TaskStatus = import_module("kie._records.reading").read_callback(body, of)
        return found
