"""Floor 3: which options one call can override, for type checkers. May import `policy`, `telemetry`."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, TypedDict

from kie._core.outcomes import OnOutcome, OnSubmission
from kie._flow.effects import Callbacks
from kie._flow.options import OnProgress, OnSubmitted
from kie._policy.breaker import CircuitBreaker
from kie._policy.polling import PollPolicy
from kie._policy.retry import RetryPolicy

if TYPE_CHECKING:
    from kie.telemetry._events import Observer


class Overrides(TypedDict, total=False):
    """Options for one call, or for `with_options`. `kie._flow.options.Options` says what each means."""

    timeout: float
    request_timeout: float
    upload_timeout: float
    retry: RetryPolicy
    poll: PollPolicy
    breaker: CircuitBreaker | None
    observers: Iterable[Observer]
    callback_url: str | None
    via: Callbacks | None
    on_submitted: OnSubmitted | None
    on_progress: OnProgress | None
    allow_retired: bool
    upload_path: str
    max_download: int


class BatchOptions(Overrides, total=False):
    """Options of a batch. `kie._batch.batch.Batch` says what each means; the others are for its single tasks."""

    concurrency: int | None
    batch_timeout: float | None
    stop_on_failure: bool
    progress: OnOutcome | None
    on_submission: OnSubmission | None
