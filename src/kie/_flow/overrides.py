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
    """Maximum number of seconds for one request to the API, including its answer."""

    retry: RetryPolicy
    """How often, and at what intervals, requests that may be repeated are sent again. `no_retry()` sends everything once."""

    breaker: CircuitBreaker | None
    """Stops calls to a server that keeps failing. None never stops them."""

    observers: Iterable[Observer]
    """Called with every event: see `kie.telemetry`."""

    allow_retired: bool
    """Submit to a model that the vendor has retired, instead of raising `ModelRetired`."""

    callback_url: str | None
    """The URL to which the service reports the outcome of a task. Passing it to a call raises `ConfigError` if the operation takes no callback URL."""

    on_submitted: OnSubmitted | None
    """Called with the ref of a task before its first poll."""

    budget: Budget | Decimal | float | None
    """What tasks may cost: a `Budget`, or a number of credits for this client or call alone. Passed to a call, it narrows the budget of the client. See docs/budgets.md."""

    upload_path: str
    """The folder at the upload host for local media. The host requires one."""

    tags: Sequence[str]
    """Tags that the `library` keeps with each run."""

    source: Mapping[str, JSON]
    """Where each run comes from, for the `library` to keep: user, channel, agent, project or anything else, as JSON."""

    upload_timeout: float
    """Maximum number of seconds without progress during an upload."""

    retry_free: int
    """How often to submit a task again if it failed inside the service and, as the service reports, cost nothing; 0 for never."""

    via: Callbacks | None
    """A `kie.webhooks.Receiver` to listen to while waiting. Its URL replaces `callback_url`: passing both to a call raises `ConfigError`."""

    timeout: float
    """Seconds to wait for a task. After that, `TaskTimeout` is raised with the ref of the task, which keeps running at the service."""

    poll: PollPolicy
    """When to poll a task: see docs/polling.md."""

    on_progress: OnProgress | None
    """Called after each poll with the status, the elapsed seconds and the number of polls."""

    library: Library | None
    """A `Library` that keeps every run: request, inputs, outcome, costs and files. Pass None to a call to leave it out of the library. See docs/library.md."""

    download_timeout: float
    """Maximum number of seconds without progress during a download."""

    downloads: int
    """Maximum number of files of a result to fetch at the same time; at least 1."""

    max_download: int
    """Maximum size of a downloaded file, in bytes."""

    on_transfer: OnTransfer | None
    """Called with a `Transfer` while files are uploaded or downloaded: name, direction, bytes so far and in total. It must not be async, even for an `AsyncKie`, and is never called by two threads at once."""
