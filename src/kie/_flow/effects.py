"""Flow: the I/O that a flow asks its driver for. May import `_core`.

A flow is a generator. It yields an effect and is resumed with what the effect gives; if the effect fails, the error is
thrown into the flow at that place. `response = yield from Send(request, timeout)` does both, with its type.
"""

from __future__ import annotations

from collections.abc import Callable, Generator, Mapping
from typing import TYPE_CHECKING, Generic, Protocol, TypeAlias, TypeVar, cast

import attrs

from kie._core.call import FilePart, HttpRequest, HttpResponse
from kie._core.errors import KieError
from kie._core.journal_entry import JournalEntry
from kie._core.media_rules import MediaFacts
from kie._core.transfers import Moved

if TYPE_CHECKING:
    from kie._core.json import JSON

T = TypeVar("T")
T_co = TypeVar("T_co", covariant=True)


class Effect(Generic[T_co]):
    """One piece of I/O, which gives a `T_co`."""

    __slots__ = ()

    def __iter__(self) -> Generator[Effect[object], object, T_co]:
        # the only place where a driver's answer takes the type that the effect promises
        return cast("T_co", (yield self))


Flow: TypeAlias = Generator[Effect[object], object, T]
"""A generator of effects that returns a `T`."""


Delivering: TypeAlias = Callable[[Callable[[T], object], Callable[[], int]], Flow[None]]
"""Makes a flow that delivers items, from a function that receives an item and one that counts the waiting items."""


def none_waits() -> int:
    """A count for consumers that take every delivery at once."""
    return 0


@attrs.frozen
class Open(Effect[None]):
    """Prepare to send to a URL: read certificates and settings. Fails with `ConfigError`."""

    url: str


@attrs.frozen
class Send(Effect[HttpResponse]):
    """Exchange a request for a response, within `timeout` seconds. Fails with `TransportError`."""

    request: HttpRequest
    timeout: float


@attrs.frozen
class Sleep(Effect[None]):
    """Let time pass."""

    seconds: float


class Callbacks(Protocol):
    """How a waiting client learns of callbacks: a `kie.webhooks.Receiver`."""

    @property
    def url(self) -> str:
        """Where the service reaches it. Raises `ConfigError` if it was not given one."""
        ...

    def wait(self, task_id: str, seconds: float) -> bool:
        """Wait for the report that a task has ended.

        Args:
            task_id: The id of the task.
            seconds: How long to wait.

        Returns:
            Whether a report came in time.
        """
        ...

    async def wait_async(self, task_id: str, seconds: float) -> bool:
        """Wait in the same way on an event loop, for asyncio and trio.

        Args:
            task_id: The id of the task.
            seconds: How long to wait.

        Returns:
            Whether a report came in time.
        """
        ...


@attrs.frozen
class Listen(Effect[bool]):
    """Let time pass until a callback says that a task has ended. Gives whether one did."""

    callbacks: Callbacks
    task_id: str
    seconds: float


@attrs.frozen
class Notify(Effect[object]):
    """Call a user's function; under asyncio it may return an awaitable, which is awaited."""

    function: Callable[..., object]
    arguments: tuple[object, ...]


@attrs.frozen
class Pull(Effect[T_co]):
    """Take the next item of a user's iterator. It may take long: once the batch ends, nobody waits for it."""

    function: Callable[[], T_co]


@attrs.frozen
class Fetched:
    """The result of a `Fetch`. `path` is None if the status is not 200, or if the body is unfit, as `fault` says.

    `suffix` is the extension that the content has.
    """

    status: int
    headers: Mapping[str, str]
    path: str | None
    size: int = 0
    fault: str = ""
    suffix: str = ""


class Partial:
    """The part of a file that has arrived. The driver fills it in; after a break, the next attempt continues there.

    `path` is empty while there is nothing, and `size` is 0 unless the next attempt may go on there. `etag` is the
    version of the file at the server, and `total` its size. `drop` removes the part, even while it is written. Once it
    is `over`, nobody waits for the file: a thread that still writes it stops, and keeps nothing of it.
    """

    def __init__(self) -> None:
        self.over = False
        self.forget()

    def forget(self) -> None:
        """Start from the beginning."""
        self.path = ""
        self.size = 0
        self.etag = ""
        self.total: int | None = None
        self.drop: Callable[[], object] = _nothing

    def end(self) -> None:
        """Remove the part, and anything that is still written to it."""
        self.over = True
        self.drop()


def _nothing() -> None:
    """Does nothing: there is nothing to remove."""


@attrs.frozen
class Fetch(Effect[Fetched]):
    """Stream a URL, without the key, into a file `<stem><ext>` in a directory, or `<stem>-2<ext>` if that is taken.

    `suffix` stands for the extension of the content, if it is given. A large file that breaks off is kept in `partial`,
    and that part is not requested again. `moved` is called with the progress. The file appears only when it is
    complete, and is what a model of this `kind` makes. With `once`, a file of the same name and content counts as the
    file: no second one is made. Fails with `TransportError`, or `DownloadFailed` for a local reason.
    """

    url: str
    directory: str
    stem: str
    timeout: float
    max_bytes: int
    kind: str = "file"
    overwrite: bool = False
    suffix: str | None = None
    partial: Partial = attrs.field(factory=Partial, eq=False, repr=False)
    moved: Moved | None = attrs.field(default=None, eq=False, repr=False)
    once: bool = False


@attrs.frozen
class Inspected:
    """The result of an `Inspect`: the facts, and the bytes to send. There is no file if it cannot be read."""

    facts: MediaFacts
    file: FilePart | None


@attrs.frozen
class Inspect(Effect[Inspected]):
    """Inspect local media: format, size and, with the `media` extra, sides and duration.

    `max_bytes` is how much of a stream is read; an image in memory is encoded in one of `formats`.
    """

    media: object
    max_bytes: int | None = None
    formats: tuple[str, ...] = ()


@attrs.frozen
class Record(Effect[JournalEntry | None]):
    """Write an entry to the journal, on disk. If a submission already has its label, gives that one instead.

    Fails with `ConfigError`.
    """

    entry: Callable[[], Mapping[str, JSON]]


@attrs.frozen
class Recall(Effect[JournalEntry | None]):
    """Find the submission to a server that has a label. Fails with `ConfigError`."""

    label: str
    server: str


@attrs.frozen
class OnDisk(Effect[T_co]):
    """Call an internal function that reads or writes internal files. It is never cut short."""

    function: Callable[[], T_co]


@attrs.frozen
class Together(Effect[T_co]):
    """Run a flow that starts others to its end, in a place where only one flow runs, or among other started flows."""

    flow: Flow[T_co]


@attrs.frozen
class Start(Effect[None]):
    """Start another flow, which runs beside this one."""

    key: int
    flow: Flow[object]


@attrs.frozen
class Ended:
    """How a started flow ended: with a value, or an error."""

    key: int
    value: object
    error: BaseException | None


@attrs.frozen
class Join(Effect["Ended | None"]):
    """Wait until a flow that was started has ended; None if `until` (monotonic) comes first."""

    until: float | None = None


@attrs.frozen
class Stop(Effect[None]):
    """End every started flow with `Stopped`, but let submissions that are under way finish."""

    why: str


class Stopped(KieError):
    """Thrown into a flow that is to end. Flows turn it into what users see."""


class Exited(BaseException):
    """Thrown into a flow that ends at once. After a `GeneratorExit`, it could not write to the disk."""


def surely(change: Callable[[], Flow[T]]) -> Flow[T]:
    """Make a change that may be made twice: again if Ctrl-C or the like interrupts it, which is then raised."""
    try:
        return (yield from change())
    except BaseException as error:
        if isinstance(error, Exception) and not isinstance(error, Stopped):
            raise
        yield from change()
        raise


def end_now(flow: Flow[object], write: Callable[[Effect[object]], object]) -> BaseException:
    """End a flow at once. What it still writes to the disk is written; nothing else that it asks for is done.

    Returns:
        The error that the flow ended with: usually the one thrown into it, with the flow's own notes.
    """
    exited = Exited()
    try:
        effect = flow.throw(exited)
        while True:
            if not isinstance(effect, (OnDisk, Record)):
                effect = flow.throw(exited)
                continue
            try:
                value = write(effect)
            except BaseException as error:
                effect = flow.throw(error)
            else:
                effect = flow.send(value)
    except StopIteration:
        return exited
    except BaseException as error:
        return error
