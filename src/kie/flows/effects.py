"""Floor 3: what a flow can ask its driver for. May import `core`, `policy`, `telemetry`.

A flow yields an effect and is resumed with what the effect gives; if the effect fails, the error is thrown into
the flow at that place.
"""

from __future__ import annotations

from collections.abc import Callable, Generator, Mapping, Sequence
from typing import TYPE_CHECKING, Any, Protocol, TypeAlias, TypeVar

import attrs

from kie.core.call import Bucket, HttpRequest
from kie.core.errors import KieError
from kie.core.json import JSON

if TYPE_CHECKING:
    from kie.policy.breaker import CircuitBreaker, Ticket
    from kie.policy.durations import Typical
    from kie.policy.limits import Place
    from kie.policy.polling import PollPolicy
    from kie.policy.sharing import Claim
    from kie.telemetry.events import Event, Observer

T = TypeVar("T")


@attrs.define
class Send:
    """Exchange a request for an `HttpResponse`, within `timeout` seconds. Fails with `TransportError`."""

    request: HttpRequest
    timeout: float


@attrs.define
class Sleep:
    """Let time pass."""

    seconds: float


class Callbacks(Protocol):
    """Where a waiting client learns of callbacks: a `kie.webhooks.Receiver`."""

    @property
    def url(self) -> str:
        """Where the service reaches it. Raises `ConfigError` if nobody told."""
        ...

    def wait(self, task_id: str, seconds: float) -> bool:
        """Wait for the report that a task has ended. False if none came in time."""
        ...

    async def wait_async(self, task_id: str, seconds: float) -> bool:
        """The same for asyncio and trio."""
        ...


@attrs.define
class Listen:
    """Let time pass, until a callback says that a task has ended. Gives whether one did."""

    callbacks: Callbacks
    task_id: str
    seconds: float


@attrs.define(init=False)
class Now:
    """The monotonic clock, in seconds: a float."""


@attrs.define(init=False)
class WallTime:
    """The calendar clock: an aware `datetime`. Never used for deadlines."""


@attrs.define(init=False)
class Luck:
    """A random float in [0, 1)."""


@attrs.define
class Reserve:
    """Take a place under a limit, or ask again for one that had to wait. Gives a `Place`, or None for no limit."""

    bucket: Bucket
    place: Place | None = None


@attrs.define
class Settle:
    """Tell the limiter what came of a place: an answer, a 429 (`refused`), or that nothing was sent."""

    bucket: Bucket
    place: Place
    refused: bool = False
    sent: bool = True


@attrs.define
class Admit:
    """Ask a circuit breaker for leave to send to an origin. Gives a `Ticket`. Fails with `CircuitOpen`."""

    policy: CircuitBreaker
    origin: str


@attrs.define
class Report:
    """Tell a circuit breaker what came of an attempt (None: nothing). Gives the change of its state, or None."""

    ticket: Ticket
    success: bool | None


@attrs.define
class Emit:
    """Tell observers of an event, which is made from the monotonic time. It never fails."""

    observers: Sequence[Observer]
    make: Callable[[float], Event]


@attrs.define
class Turn:
    """Ask for a turn to look at a task.

    Gives a `Place` and the seconds until then; or None, and those until to ask again.
    """

    claim: Claim


@attrs.define
class Expect:
    """What is known of how long a model's tasks take. Gives the `Plan` for it."""

    model: str
    typical: Typical | None
    policy: PollPolicy


@attrs.define
class Observed:
    """A model's task ended between `low` and `high` seconds after it was submitted."""

    model: str
    low: float
    high: float


@attrs.define
class Begun:
    """A task was submitted (`now`), or: when was it? Gives the monotonic time, None for one not of this process."""

    ref: str
    now: float | None = None


@attrs.define
class Record:
    """Append a line to the journal, if there is one, and force it to disk. The entry is made only then."""

    entry: Callable[[], Mapping[str, JSON]]


@attrs.define
class Notify:
    """Call a user's function; under asyncio it may return an awaitable, which is awaited."""

    function: Callable[..., object]
    arguments: tuple[object, ...]


@attrs.define
class Inspect:
    """Look at local media. Gives `MediaFacts`."""

    media: object


@attrs.define
class OpenMedia:
    """Make local media ready for a multipart body. Gives a `FilePart`."""

    media: object
    name: str | None = None


@attrs.define
class Fetch:
    """Stream a URL, without the key, into a file `<stem><ext>` in a directory. Gives `Fetched`.

    The file appears only when it is whole. Fails with `TransportError`, or `DownloadFailed` for a local reason.
    """

    url: str
    directory: str
    stem: str
    timeout: float
    max_bytes: int


@attrs.define
class Fetched:
    """What came of a `Fetch`: `path` is None unless the status is 200."""

    status: int
    headers: Mapping[str, str]
    path: str | None
    size: int = 0


@attrs.define
class Warn:
    """Log a warning; the same text once per process."""

    message: str


@attrs.define
class Start:
    """Begin another flow, which runs side by side with this one."""

    key: int
    flow: Flow[Any]


@attrs.define
class Join:
    """Wait until a flow that was started has ended: gives its `Joined`; None if `until` (monotonic) comes first."""

    until: float | None = None


@attrs.define
class Joined:
    """How a started flow ended: with a value, or an error."""

    key: int
    value: Any
    error: BaseException | None


@attrs.define
class Stop:
    """End every started flow with `Stopped`, as soon as no submission of it is under way."""

    why: str


class Stopped(KieError):
    """Thrown into a flow that is to end. Flows turn it into what users see."""


@attrs.define
class Give:
    """Hand a value to whoever drives this flow, and go on."""

    value: Any


Effect: TypeAlias = (
    Send
    | Sleep
    | Listen
    | Now
    | WallTime
    | Luck
    | Reserve
    | Settle
    | Admit
    | Report
    | Emit
    | Turn
    | Expect
    | Observed
    | Begun
    | Record
    | Notify
    | Inspect
    | OpenMedia
    | Fetch
    | Warn
    | Start
    | Join
    | Stop
    | Give
)
Flow: TypeAlias = Generator[Effect, Any, T]
"""A generator of effects that returns a `T`."""
