"""Flow: the options of a client for code that passes them on, made by `make generate` from `Options`."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, TypedDict

from kie._core.json import JSON
from kie._core.later import later
from kie._core.transfers import OnTransfer
from kie._flow.effects import Callbacks
from kie._flow.options import OnProgress, OnSubmitted
from kie._policy.breaker import CircuitBreaker
from kie._policy.polling import PollPolicy
from kie._policy.retry import RetryPolicy

if TYPE_CHECKING:
    from decimal import Decimal

    from kie._io.budget import Budget
    from kie._library.library import Library
    from kie.telemetry._events import Observer
else:
    Budget = later("kie._io.budget", "Budget")
    Library = later("kie._library.library", "Library")
    Decimal = later("decimal", "Decimal")
    Observer = later("kie.telemetry._events", "Observer")


class Overrides(TypedDict, total=False):
    """Options for one call, or for `with_options`."""

    request_timeout: float
    """Seconds that one exchange with the API may take."""

    retry: RetryPolicy
    """How what may be repeated is repeated. `no_retry()` sends everything once."""

    breaker: CircuitBreaker | None
    """Stops calls to a server that keeps failing. None: never."""

    observers: Iterable[Observer]
    """Called with every event: see `kie.telemetry`."""

    allow_retired: bool
    """Submit to a model that the vendor has retired, instead of raising `ModelRetired`."""

    callback_url: str | None
    """Where the service reports the outcome of a task. Given for a call, it raises `ConfigError` if the operation takes no callback URL."""

    on_submitted: OnSubmitted | None
    """Called with the ref of a task before its first poll."""

    budget: Budget | Decimal | float | None
    """What tasks may cost: a `Budget`, or a number of credits for this client or call alone. Given for a call, it narrows the one of the client. See docs/budgets.md."""

    upload_path: str
    """The folder at the upload host for local media. The host requires one."""

    tags: Sequence[str]
    """Tags that the `library` keeps with each run."""

    source: Mapping[str, JSON]
    """What the `library` keeps of where each run comes from: user, channel, agent, project or whatever else JSON can hold."""

    upload_timeout: float
    """Seconds that an upload may go without progress."""

    retry_free: int
    """How often a task is submitted again that failed inside the service and, as the service reports, cost nothing; 0 for never."""

    via: Callbacks | None
    """A `kie.webhooks.Receiver` that waiting listens to. Its URL takes the place of `callback_url`: to give both for a call raises `ConfigError`."""

    timeout: float
    """Seconds to wait for a task. After that it keeps running at the service, and `TaskTimeout` holds its ref."""

    poll: PollPolicy
    """When a task is polled: see docs/polling.md."""

    on_progress: OnProgress | None
    """Called with the status, the elapsed seconds and the number of polls, after each poll."""

    library: Library | None
    """A `Library` that keeps every run: request, inputs, outcome, costs and files. Given as None for a call, it keeps that one out. See docs/library.md."""

    download_timeout: float
    """Seconds that a download may go without progress."""

    downloads: int
    """How many files of a result are fetched at the same time, at most; 1 or more."""

    max_download: int
    """Bytes that one downloaded file may have, at most."""

    on_transfer: OnTransfer | None
    """Called with a `Transfer` while files are uploaded or downloaded: name, direction, bytes so far and in all. It is an ordinary function, also of an `AsyncKie`, and no two threads call it at a time."""
