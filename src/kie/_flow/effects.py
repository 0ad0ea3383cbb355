"""Floor 3: what a flow can ask its driver for. May import `core`, `policy`, `telemetry`.

A flow yields an effect and is resumed with what the effect gives; if the effect fails, the error is thrown into
the flow at that place.
"""

from __future__ import annotations

from collections.abc import Callable, Generator, Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any, Protocol, TypeAlias, TypeVar

import attrs

from kie._core.call import Bucket, HttpRequest
from kie._core.errors import KieError
from kie._core.json import JSON

if TYPE_CHECKING:
    from kie._core.call import FilePart
    from kie._core.media_rules import MediaFacts
    from kie._policy.breaker import Change, CircuitBreaker, Ticket
    from kie._policy.durations import Durations
    from kie._policy.limits import Permit
    from kie._policy.sharing import Due
    from kie.telemetry._events import Event, Observer

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


class World(Protocol):
    """What a flow asks for and gets at once: `kie._io.session.Session`."""

    def now(self) -> float: ...
    def wall(self) -> datetime: ...
    def luck(self) -> float: ...
    def reserve(self, bucket: Bucket, permit: Permit | None = None) -> Permit | None: ...
    def settle(self, bucket: Bucket, permit: Permit, *, refused: bool = False, sent: bool = True) -> None: ...
    def admit(self, policy: CircuitBreaker, origin: str) -> Ticket: ...
    def report(self, ticket: Ticket, success: bool | None) -> Change | None: ...
    def note(self, observers: Sequence[Observer], make: Callable[[float], Event]) -> None: ...
    def reserve_poll(self, due: Due) -> Permit | float: ...
    def withdraw(self, due: Due) -> None: ...
    def durations(self, model: str, known: Callable[[], Sequence[float]]) -> Durations: ...
    def observed(self, model: str, seconds: float) -> None: ...
    def begun(self, ref: str, now: float | None = None) -> float | None: ...
    def record(self, entry: Callable[[], Mapping[str, JSON]]) -> None: ...
    def inspect(self, media: object) -> MediaFacts: ...
    def open_media(self, media: object, name: str | None = None) -> FilePart: ...
    def warn(self, message: str) -> None: ...


@attrs.define
class Notify:
    """Call a user's function; under asyncio it may return an awaitable, which is awaited."""

    function: Callable[..., object]
    arguments: tuple[object, ...]


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


Effect: TypeAlias = Send | Sleep | Listen | Notify | Fetch | Start | Join | Stop | Give
Flow: TypeAlias = Generator[Effect, Any, T]
"""A generator of effects that returns a `T`."""
