"""Floor 1: what observers are told. May import `core`.

An event never holds the key, a prompt or a message of the service. Durations are in seconds of the monotonic clock.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, Protocol, TypeAlias
from urllib.parse import urlsplit

import attrs

if TYPE_CHECKING:
    from decimal import Decimal

    from kie._core.call import Bucket
    from kie._core.tasks import State, TaskRef

WorkKind: TypeAlias = Literal["task", "submit", "wait", "upload", "download", "call"]
Outcome: TypeAlias = Literal["succeeded", "failed", "timeout", "refused", "unknown", "cancelled", "error"]


@attrs.frozen(eq=False)
class Work:
    """What an event is part of. All events of one piece of work hold the same object; it is equal to no other.

    `kind`: a `task` from its submission to its end (`client.run`), only its `submit` or its `wait`, an `upload`, a
    `download`, or any other `call`. `parent` is the work that this one was done for: an upload may be part of a task.
    """

    kind: WorkKind
    model: str | None = None
    parent: Work | None = None


@attrs.frozen(kw_only=True)
class Event:
    """What all events have: the `work` they are part of, when they happened (`at`, monotonic seconds), and the `ref`
    of the task, as far as it is known by then."""

    work: Work = attrs.field(eq=False, repr=False)
    at: float
    ref: TaskRef | None = None

    @property
    def model(self) -> str | None:
        """The model that the work is about, if any."""
        return self.work.model


@attrs.frozen(kw_only=True)
class _Attempt(Event):
    """One exchange: its operation (as in the OpenAPI document, or `download`) and which attempt it is, from 1."""

    operation: str
    attempt: int


@attrs.frozen(kw_only=True)
class _Http(_Attempt):
    method: str
    url: str


@attrs.frozen(kw_only=True)
class RequestSent(_Http):
    """A request is about to be sent. `bytes` is the size of its body; None for a file that is streamed."""

    bytes: int | None = None


@attrs.frozen(kw_only=True)
class RequestAnswered(_Http):
    """An answer came, or there is none: then `status` is None.

    `code` is the envelope's code. `error` is None if the service accepted, else what is wrong: the name of the error
    class that this answer stands for, `timeout`, `cancelled`, or for a lost exchange `TransportFailed`. `bytes` is the
    size of the answer's body.
    """

    duration: float
    status: int | None = None
    code: int | None = None
    error: str | None = None
    bytes: int | None = None


@attrs.frozen(kw_only=True)
class RequestRetried(_Attempt):
    """Attempt number `attempt` failed; the next follows in `delay` seconds."""

    delay: float
    status: int | None = None
    code: int | None = None
    error: str | None = None


@attrs.frozen(kw_only=True)
class RequestLimited(Event):
    """A request waits `delay` seconds for its place under a limit (`bucket`), or the service `refused` one with 429.

    With `refused`, `delay` is what the service asks for: 0 if it names no time.
    """

    bucket: Bucket
    delay: float
    refused: bool = False


@attrs.frozen(kw_only=True)
class BreakerChanged(Event):
    """The circuit of an origin went from one state to another: `closed`, `open` or `half_open`."""

    origin: str
    before: str
    after: str


@attrs.frozen(kw_only=True)
class TaskSubmitted(Event):
    """The service accepted a task; `ref` is its ref. `duration` counts from the call on, uploads included."""

    duration: float


@attrs.frozen(kw_only=True)
class TaskPolled(Event):
    """A task was looked at. `state` is None if there is no record of it yet; `raw_state` is the service's own word."""

    state: State | None
    raw_state: str | None = None


@attrs.frozen(kw_only=True)
class TaskFinished(Event):
    """The end of a `task` or `wait`, or of a `submit` that failed; there is one for each, whatever happens.

    `outcome`: the task `succeeded` or `failed`; it was not finished in time (`timeout`; it goes on); the service
    `refused` to create it; whether it exists is `unknown`; the caller `cancelled` (Ctrl-C too; a task that exists goes
    on); any other `error`. `error` names the class, `code` is the service's. `duration` counts from the call on.
    """

    outcome: Outcome
    duration: float
    code: str | None = None
    error: str | None = None
    credits: Decimal | None = None


@attrs.frozen(kw_only=True)
class FileUploaded(Event):
    """An upload ended. `bytes` is None where the size is not known; `error` names the error class if it failed."""

    duration: float
    bytes: int | None = None
    error: str | None = None


@attrs.frozen(kw_only=True)
class FileDownloaded(Event):
    """A download ended. `error` names the error class if it failed."""

    url: str
    duration: float
    bytes: int | None = None
    error: str | None = None


class Observer(Protocol):
    """What is called with every event, by the thread or the task that makes the call: it should be quick.

    Any function of one argument is one. What it raises is swallowed, with one warning for each observer. One that is
    used by several threads has to be thread-safe. An observer with a true attribute `show_queries` is given URLs with
    their query, which in a signed URL is what gives access; all others without.
    """

    def __call__(self, event: Event, /) -> object: ...


def without_query(url: str) -> str:
    """A URL without what may be secret in it: query, fragment, user name and password."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return url.partition("?")[0].partition("#")[0]
    return parts._replace(netloc=parts.netloc.rpartition("@")[2], query="", fragment="").geturl()
