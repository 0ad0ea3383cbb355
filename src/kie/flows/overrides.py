"""Floor 3: which options one call can override, for type checkers. May import `policy`, `telemetry`."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, TypedDict

from kie.flows.effects import Callbacks
from kie.flows.options import OnProgress, OnSubmitted
from kie.policy.breaker import CircuitBreaker
from kie.policy.polling import PollPolicy
from kie.policy.retry import RetryPolicy

if TYPE_CHECKING:
    from kie.telemetry.events import Observer


class Overrides(TypedDict, total=False):
    """Options for one call, or for `with_options`. `kie.flows.options.Options` says what each means."""

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
