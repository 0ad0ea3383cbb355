"""Core: what the journal records about one submission. May import `_core` only."""

from __future__ import annotations

import attrs

from kie._core.tasks import TaskRef


@attrs.frozen(kw_only=True)
class JournalEntry:
    """What the journal knows of one submission."""

    id: str
    """The submission's own id, which the service does not know."""

    model: str
    """The model or operation that was submitted."""

    at: str
    """When it was submitted: ISO 8601, UTC."""

    state: str
    """`open` (the task has not been seen to end), `unknown` (submitted, but no answer was recorded: a task may exist),
    `refused` (nothing was created; it may be about to be sent again), `succeeded`, `failed`, `expired` (its record is
    gone), or `dismissed` by you."""

    ref: TaskRef | None = None
    """The task, once its id was known."""

    label: str | None = None
    """Your own name for the submission, if you gave one."""

    request: str | None = None
    """The hash of the request: its `fingerprint()`."""

    server: str | None = None
    """The API server that it went to. None in lines that were written before version 0.2."""

    source: str | None = None
    """`vendor` if the request class was made from the vendor's schema while the program ran; None for any other."""

    simulated: bool = False
    """Whether it went to a simulator: the client is from `kie.simulated()`, or the server said so in its answer."""

    @property
    def pending(self) -> bool:
        """Whether it still has to be settled, by an answer of the service or by you: `open` or `unknown`."""
        return self.state in ("open", "unknown")

    @property
    def vacant(self) -> bool:
        """Whether its label is free again: no task was created, or it failed, or you dismissed it."""
        return self.state in ("refused", "failed", "dismissed")
