"""Floor 5: the synchronous client. Thin: what happens is in `flows`, how in `io`."""

from __future__ import annotations

from decimal import Decimal
from os import PathLike, fspath
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Generic, TypeVar, cast, overload

import attrs

from kie._core.json import JSONObject
from kie._core.media import Media, UploadedFile
from kie._core.request import Request
from kie._core.results import Result
from kie._core.tasks import HasRef, TaskRef, TaskStatus
from kie._flow.options import Options
from kie._flow.options import overridden as _with
from kie._io.session import Session, from_environment
from kie._io.sync import Driver, SyncSaver
from kie._io.transport import HttpxClient, HttpxTransport, Transport
from kie._tasks import check
from kie._tasks import life as tasks

if TYPE_CHECKING:
    from typing import Self, Unpack

    from kie._batch.batch import Batch
    from kie._core.results import Asset
    from kie._flow.overrides import Overrides
    from kie._io.breakers import Breaker
    from kie._policy.rate import RateLimit
    from kie._tasks.account import Price

R = TypeVar("R", bound=Result)


class Task(Generic[R]):
    """A task at the service. `ref` is all that is needed to find it again; `status` is the last look at it."""

    def __init__(
        self,
        driver: Driver,
        options: Options,
        ref: TaskRef,
        kind: str | None,
        *,
        fresh: bool = False,
        status: TaskStatus | None = None,
    ) -> None:
        self.ref = ref
        self.status = status
        self._driver = driver
        self._options = options
        self._kind = kind
        self._fresh = fresh

    @property
    def id(self) -> str:
        """The task's id."""
        return self.ref.id

    def refresh(self, **overrides: Unpack[Overrides]) -> TaskStatus:
        """Look at the task once. A failed task is a status, not an error. Raises `ApiError`, `TransportFailed`."""
        self.status = self._driver.drive(tasks.refresh(_with(self._options, overrides), self.ref))
        return self.status

    def wait(self, **overrides: Unpack[Overrides]) -> R:
        """Look until the task has ended; return its result.

        Raises `TaskFailed`, `TaskTimeout` (after `timeout` seconds; the task goes on), `ResultInvalid`, `ApiError`.
        """
        options = _with(self._options, overrides)
        saver = SyncSaver(self._driver, options)
        known = self.status if self.status is not None and self.status.done else None
        result = self._driver.drive(tasks.finish(options, self.ref, self._kind, saver, fresh=self._fresh, status=known))
        self.status = result.status
        return cast(R, result)

    def __repr__(self) -> str:
        return f"<Task {self.ref} {self.status.state if self.status else 'not looked at'}>"


class Kie:
    """A client of Kie.ai. Thread-safe; use it as a context manager, or `close` it.

    `api_key` is taken from KIE_API_KEY if absent. `base_url` and `upload_url` (KIE_BASE_URL, KIE_UPLOAD_URL) name
    other servers, a simulator say; the key goes to these two only. `http_client` is a client of
    `httpx2` or `httpx` of your own, which you close. `journal` is a file in which every submission is noted before and
    after. `rate_limit` sets how often the service is asked, for every client of this process that uses the same key or
    `limit_group`, which shares limits between several keys of one account. All other options are those of
    `kie._flow.options.Options`. Raises `ConfigError`.
    """

    def __init__(
        self,
        api_key: str | None = None,
        *,
        base_url: str | None = None,
        upload_url: str | None = None,
        http_client: HttpxClient | None = None,
        transport: Transport | None = None,
        journal: str | PathLike[str] | None = None,
        limit_group: str | None = None,
        rate_limit: RateLimit | None = None,
        **options: Unpack[Overrides],
    ) -> None:
        self.options = Options(**from_environment(base_url, upload_url), **options)
        session = Session.make(
            self.options, api_key=api_key, limit_group=limit_group, journal=journal, rate_limit=rate_limit
        )
        self._driver = Driver(session, transport or HttpxTransport(http_client))
        self.options = attrs.evolve(self.options, world=session)

    def with_options(self, **options: Unpack[Overrides]) -> Self:
        """A client with other options that shares this one's connections, limits and journal."""
        other = object.__new__(type(self))
        other.options = _with(self.options, options)
        other._driver = self._driver
        return other

    @property
    def breaker(self) -> Breaker:
        """The circuit breaker: `state()`, `stats()`, `reset()`. Copies by `with_options` share its circuits."""
        return self._driver.session.breaker(self.options)

    def run(self, request: Request[R], **overrides: Unpack[Overrides]) -> R:
        """Submit a request, wait, and return its result.

        Nothing is uploaded or sent if any part of the request is invalid, and nothing that creates a task is sent
        twice unless the first provably did not arrive. Raises what `submit` and `Task.wait` raise.
        """
        options = _with(self.options, overrides)
        return self._driver.drive(tasks.run(options, request, SyncSaver(self._driver, options)))

    def submit(self, request: Request[R], **overrides: Unpack[Overrides]) -> Task[R]:
        """Check a request, upload its local media, create the task, and return its handle without waiting.

        Raises `MediaRejected`, `ModelRetired`, `ApiError`, `TransportFailed`, or `SubmitUnknown` where the task
        may exist although no answer says so.
        """
        options = _with(self.options, overrides)
        started = self._driver.drive(tasks.begin(options, request))
        kind = request.info.result
        return Task(self._driver, options, started.ref, kind, fresh=True, status=started.status)

    def check(self, request: Request[Result], **overrides: Unpack[Overrides]) -> JSONObject:
        """The dry run: check all that can be checked without sending anything; return the input that would be sent.

        Raises `MediaRejected` with every fault of every file, `ModelRetired`.
        """
        return check.check(_with(self.options, overrides), request)

    @overload
    def task(self, ref: str | HasRef, *, of: type[Request[R]]) -> Task[R]: ...

    @overload
    def task(self, ref: str | HasRef, *, of: None = None) -> Task[Result]: ...

    def task(self, ref: str | HasRef, *, of: type[Request[R]] | None = None) -> Task[R] | Task[Result]:
        """The handle of an earlier task, by its id, ref, result or handle. `of` names its request class, for typing.

        Nothing is sent until the handle is used.
        """
        found = TaskRef.parse(ref) if isinstance(ref, str) else ref.ref
        if of is not None and isinstance(ref, str) and ":" not in ref:
            found = TaskRef(found.id, of.info.lifecycle, of.info.name)
        return Task(self._driver, self.options, found, of.info.result if of else None)

    @property
    def batch(self) -> Batch:
        """Many tasks at once: `batch.run`, `batch.stream`, `batch.submit`, `batch.wait`."""
        from kie._batch.batch import Batch

        return Batch(self._driver, self.options)

    def upload(self, media: Media, *, name: str | None = None, folder: str | None = None) -> UploadedFile:
        """Upload a path, bytes or binary file (streamed) or a data URL, or have an http(s) URL fetched.

        `name` is the file's name at the upload host (random if absent; a name used before is overwritten),
        `folder` its folder. Uploads are free and are kept for 24 hours at least. Raises `MediaRejected`,
        `ApiError`, `TransportFailed`.
        """
        from kie._tasks import upload

        return self._driver.drive(upload.upload(self.options, media, name=name, folder=folder))

    def download(self, url: str, directory: str | PathLike[str] = ".", *, name: str | None = None) -> Path:
        """Fetch a result into a directory, whole or not at all; return its path. `name` is without extension.

        A file of that name is replaced. A link that is gone is renewed once. Raises `DownloadFailed`.
        """
        from kie._tasks import download

        return Path(self._driver.drive(download.download(self.options, url, fspath(directory), name)))

    def download_url(self, file: str | Asset) -> str:
        """A link to a result that anyone can open for 20 minutes.

        Args:
            file: An asset of a result, or its URL. For an image of GPT-4o the asset, which knows its task: the service
                links to those by task and URL.

        Raises `Unprocessable` for a URL that Kie did not make.
        """
        from kie._tasks import account

        return self._driver.drive(account.download_url(self.options, file))

    def credits(self) -> Decimal:
        """The balance, exactly: it has decimals."""
        from kie._tasks import account

        return self._driver.drive(account.balance(self.options))

    def check_credits(self, minimum: Decimal | float) -> Decimal:
        """The balance, if it is at least `minimum`; else raises `InsufficientCredits`."""
        from kie._tasks import account

        return self._driver.drive(account.check_credits(self.options, minimum))

    def has_credits(self, minimum: Decimal | float) -> bool:
        """Whether the balance is at least `minimum`."""
        from kie._tasks import account

        return self._driver.drive(account.has_credits(self.options, minimum))

    def prices(self, search: str = "", *, kind: str = "") -> list[Price]:
        """Rows of the public price list: those that match, of a kind (`image`, `video`, `music`, `chat`) or all."""
        from kie._tasks import account

        return self._driver.drive(account.prices(self.options, search, kind))

    def price_counts(self) -> dict[str, int]:
        """How many rows the public price list has, in all and of each kind."""
        from kie._tasks import account

        return self._driver.drive(account.price_counts(self.options))

    def close(self) -> None:
        """Close the connections. A client of your own stays open."""
        self._driver.transport.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def __repr__(self) -> str:
        return f"Kie(base_url={self.options.base_url!r})"
