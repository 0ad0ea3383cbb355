"""Telemetry: the events that observers receive. May import `_core`.

An event never holds the key, a prompt or a message of the service. Durations are in seconds of the monotonic clock.
"""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Literal, Protocol, TypeAlias
from urllib.parse import urlsplit

import attrs

from kie._core.call import Bucket
from kie._core.later import later
from kie._core.status import State
from kie._core.tasks import TaskRef

if TYPE_CHECKING:
    from kie._core.estimates import Estimate
else:
    Estimate = later("kie._core.estimates", "Estimate")
    Work = later(__name__, "Work")  # attrs made the class's own constructor before this name existed

WorkKind: TypeAlias = Literal["task", "submit", "wait", "upload", "download", "call"]
"""What a piece of work does: a `task` from its submission to its end (`client.run`), only its `submit` or its `wait`,
an `upload`, a `download`, or any other `call`."""

TaskOutcome: TypeAlias = Literal["succeeded", "failed", "timeout", "refused", "unknown", "cancelled", "error"]
"""How the work on a task ended.

- `succeeded`, `failed`: the task ended so.
- `timeout`: the task did not finish in time; it keeps running.
- `refused`: the service, or your budget, refused to create the task.
- `unknown`: a submission may or may not have created a task.
- `cancelled`: the caller cancelled, by Ctrl-C for example; a task that exists keeps running.
- `error`: any other error.
"""


@attrs.frozen(eq=False)
class Work:
    """What an event is part of. All events of one piece of work hold the same object, which equals only itself."""

    kind: WorkKind
    """What the work does."""
    model: str | None = attrs.field(default=None, kw_only=True)
    """The model that the work is about, if any."""
    parent: Work | None = attrs.field(default=None, kw_only=True)
    """The work that this is part of: an upload may be part of a task."""
    source: str | None = attrs.field(default=None, kw_only=True)
    """`vendor` if the work is about a request whose class was made of the vendor's schema; None for any other."""


@attrs.frozen(kw_only=True)
class Event:
    """What all events have in common."""

    work: Work = attrs.field(eq=False, repr=False)
    """The piece of work that the event is part of."""
    at: float
    """When it happened, in seconds of the monotonic clock."""
    ref: TaskRef | None = None
    """The task, once it is known."""

    @property
    def model(self) -> str | None:
        """The model that the work is about, if any."""
        return self.work.model


@attrs.frozen(kw_only=True)
class _Attempt(Event):
    """One attempt of one operation."""

    operation: str
    """The operation's id in the OpenAPI document, or `download`."""
    attempt: int
    """The number of the attempt, from 1."""


@attrs.frozen(kw_only=True)
class _Http(_Attempt):
    method: str
    """The HTTP method."""
    url: str
    """The URL; without its query, unless the observer has `show_queries` set."""


@attrs.frozen(kw_only=True)
class RequestSent(_Http):
    """A request is about to be sent."""

    bytes: int | None = None
    """Size of the request's body; None for a file that is streamed."""


@attrs.frozen(kw_only=True)
class RequestAnswered(_Http):
    """An answer came, or the exchange failed without one."""

    duration: float
    """Seconds since the request was sent."""
    status: int | None = None
    """The HTTP status; None if no answer came."""
    code: int | None = None
    """The code in the answer's envelope, if it has one."""
    error: str | None = None
    """None if the service accepted. Otherwise the name of the error class that the answer stands for, `timeout`,
    `cancelled`, or `TransportFailed` for a lost exchange."""
    bytes: int | None = None
    """Size of the answer's body; None if no answer came."""


@attrs.frozen(kw_only=True)
class RequestRetried(_Attempt):
    """An attempt failed, and another one follows."""

    delay: float
    """Seconds until the next attempt."""
    status: int | None = None
    """The HTTP status of the failed attempt; None if no answer came."""
    code: int | None = None
    """The code in the failed attempt's envelope, if it has one."""
    error: str | None = None
    """The name of the error class that the failed attempt stands for."""


@attrs.frozen(kw_only=True)
class RequestLimited(Event):
    """A request waits for a permit of the rate limit, or the service refused it with 429."""

    bucket: Bucket
    """The limit that the request counts against."""
    delay: float
    """Seconds until the permit. If `refused`, the seconds that the service asks for; 0 if it names no time."""
    refused: bool = False
    """Whether the service refused the request."""


@attrs.frozen(kw_only=True)
class BreakerChanged(Event):
    """The circuit of an origin changed its state: `closed`, `open` or `half_open`."""

    origin: str
    """The origin, such as `https://api.kie.ai`."""
    before: str
    """The state before."""
    after: str
    """The state from now on."""


@attrs.frozen(kw_only=True)
class TaskSubmitted(Event):
    """The service accepted a task; `ref` is its ref."""

    duration: float
    """Seconds since the call began, uploads included."""


@attrs.frozen(kw_only=True)
class TaskPolled(Event):
    """A task was polled."""

    state: State | None
    """The state of the task; None if the service has no record of it yet."""
    raw_state: str | None = None
    """The service's own word for the state."""


@attrs.frozen(kw_only=True)
class TaskEstimated(Event):
    """A request was checked and estimated. It is uploaded and submitted next, unless a budget refuses it."""

    estimate: Estimate
    """The estimate."""


@attrs.frozen(kw_only=True)
class BudgetRefused(Event):
    """A budget refused a request, or all requests of a batch before it began. Nothing was uploaded or sent."""

    requests: int = 1
    """How many requests were refused together."""
    needed: Decimal | None = None
    """Credits that they may cost at most; None if that is not known."""
    left: Decimal | None = None
    """Credits that the limit leaves; None if `needed` is not known."""


@attrs.frozen(kw_only=True)
class TaskRepeated(Event):
    """A task failed inside the service at no cost, and its request is submitted again. `ref` is that task."""

    attempt: int
    """How often the request has been submitted so far."""
    code: str | None = None
    """The service's code for the failure, if it has one."""


@attrs.frozen(kw_only=True)
class TaskSwitched(Event):
    """A request failed at no cost, and one of its alternatives is submitted. `ref` is the task that failed."""

    failed: str
    """The id of the model of the request that failed."""
    to: str
    """The id of the model of the request that is submitted instead."""
    error: str
    """The name of the error class."""
    code: str | None = None
    """The service's code for the failure, if it has one."""


@attrs.frozen(kw_only=True)
class TaskFinished(Event):
    """A `task` or `wait` ended, or a `submit` failed. Each of them ends with exactly one such event."""

    outcome: TaskOutcome
    """How it ended."""
    duration: float
    """Seconds since the call began."""
    code: str | None = None
    """The service's code for the failure, if it has one."""
    error: str | None = None
    """The name of the error class; None if the task succeeded."""
    credits: Decimal | None = None
    """What the task cost in credits, where the service reports it."""


@attrs.frozen(kw_only=True)
class FileUploaded(Event):
    """An upload succeeded or failed."""

    duration: float
    """Seconds since the upload began."""
    bytes: int | None = None
    """Size of the file; None where it is not known."""
    error: str | None = None
    """The name of the error class; None if the upload succeeded."""


@attrs.frozen(kw_only=True)
class FileDownloaded(Event):
    """A download succeeded or failed."""

    url: str
    """The URL of the file; without its query, unless the observer has `show_queries` set."""
    duration: float
    """Seconds since the download began."""
    bytes: int | None = None
    """Size of the file; None if the download failed."""
    error: str | None = None
    """The name of the error class; None if the download succeeded."""


class Observer(Protocol):
    """Anything that can be called with one event; a plain function will do.

    The thread or task that makes the call also calls the observer, so it should be quick. What it raises is swallowed,
    with one warning per observer. An observer that several threads use must be thread-safe. URLs come without their
    query, which is what gives access in a signed URL, unless the observer has a true attribute `show_queries`.
    """

    def __call__(self, event: Event, /) -> object:
        """Receive an event.

        Args:
            event: What happened.

        Returns:
            Anything; it is ignored. An awaitable counts as a failure of the observer.
        """
        ...


def without_query(url: str) -> str:
    """Strip what may be secret from a URL: query, fragment, user name and password.

    Args:
        url: Any text.

    Returns:
        The URL without those parts.
    """
    try:
        parts = urlsplit(url)
    except ValueError:
        return url.partition("?")[0].partition("#")[0]
    return parts._replace(netloc=parts.netloc.rpartition("@")[2], query="", fragment="").geturl()
