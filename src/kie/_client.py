"""Client: the synchronous client, made by `make generate` from codegen/templates/clients. Thin: what happens is in `_tasks`, how in `_io`."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from os import PathLike
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Generic, Self, TypeVar, cast, overload

from kie._core.arguments import helpful
from kie._core.assets import AnyAsset, Files
from kie._core.attributes import Guiding
from kie._core.errors import ConfigError, TaskFailed, TaskTimeout
from kie._core.json import JSON, JSONObject
from kie._core.later import later
from kie._core.media import Media, UploadedFile
from kie._core.request import Request
from kie._core.results import Result
from kie._core.status import TaskStatus
from kie._core.tasks import HasRef, TaskRef
from kie._core.transfers import OnTransfer
from kie._flow.context import Context
from kie._flow.effects import Callbacks
from kie._flow.options import UNSET, OnProgress, OnSubmitted, Unset, given
from kie._io.breakers import Breaker
from kie._io.secrets import Secret
from kie._io.session import Session, from_environment
from kie._io.sync import ClientSaver, Driver
from kie._io.transport import HttpxClient, HttpxTransport, Transport, check_transport
from kie._policy.breaker import CircuitBreaker
from kie._policy.polling import PollPolicy
from kie._policy.rate import RateLimit
from kie._policy.retry import RetryPolicy
from kie._tasks import by_name, check, poll, submit, wait

if TYPE_CHECKING:
    from kie._batch.batch import Batch
    from kie._core.estimates import Estimate, TotalEstimate
    from kie._core.price_list import Price, PriceChanges
    from kie._io.budget import Budget
    from kie._library.comparison import Comparison
    from kie._library.library import Library
    from kie._plans.enhance import Enhancer
    from kie._plans.plan import Plan
    from kie._plans.policies import EnhancePolicy
    from kie._vendor import Vendor
    from kie.telemetry._events import Observer
else:
    Budget = later("kie._io.budget", "Budget")
    Library = later("kie._library.library", "Library")
    Vendor = later("kie._vendor", "Vendor")
    Batch = later("kie._batch.batch", "Batch")
    Price = later("kie._core.price_list", "Price")
    PriceChanges = later("kie._core.price_list", "PriceChanges")
    Estimate = later("kie._core.estimates", "Estimate")
    TotalEstimate = later("kie._core.estimates", "TotalEstimate")
    Observer = later("kie.telemetry._events", "Observer")
    Comparison = later("kie._library.comparison", "Comparison")
    Plan = later("kie._plans.plan", "Plan")
    EnhancePolicy = later("kie._plans.policies", "EnhancePolicy")
    Enhancer = later("kie._plans.enhance", "Enhancer")

R = TypeVar("R", bound=Result)


class Task(Guiding, Generic[R]):
    """A task at the service.

    Attributes:
        ref: Everything needed to find the task again.
        status: What the last poll found; None before the first one.
    """

    _elsewhere = "task"

    def __init__(
        self,
        driver: Driver,
        ctx: Context,
        ref: TaskRef,
        kind: str | None,
        *,
        fresh: bool = False,
        status: TaskStatus | None = None,
    ) -> None:
        self.ref = ref
        self.status = status
        self._driver = driver
        self._ctx = ctx
        self._kind = kind
        self._fresh = fresh

    @property
    def id(self) -> str:
        """The task's id."""
        return self.ref.id

    @helpful
    def refresh(
        self,
        *,
        request_timeout: float | Unset = UNSET,
        retry: RetryPolicy | Unset = UNSET,
        breaker: CircuitBreaker | None | Unset = UNSET,
        observers: Iterable[Observer] | Unset = UNSET,
    ) -> TaskStatus:
        """Poll the task once. A failed task is a status, not an error.

        Args:
            request_timeout: Maximum number of seconds for one request to the API, including its answer.
            retry: How often, and at what intervals, requests that may be repeated are sent again. `no_retry()` sends
                everything once.
            breaker: Stops calls to a server that keeps failing. None never stops them.
            observers: Called with every event: see `kie.telemetry`.

        Returns:
            The status, which is also kept in `status`.

        Raises:
            ApiError: The service refused, or has no record of the task.
            TransportFailed: No answer came.
        """
        ctx = self._ctx.overriding(
            given(request_timeout=request_timeout, retry=retry, breaker=breaker, observers=observers)
        )
        self.status = self._driver.drive(poll.refresh(ctx, self.ref))
        return self.status

    @helpful
    def wait(
        self,
        *,
        request_timeout: float | Unset = UNSET,
        retry: RetryPolicy | Unset = UNSET,
        breaker: CircuitBreaker | None | Unset = UNSET,
        observers: Iterable[Observer] | Unset = UNSET,
        via: Callbacks | None | Unset = UNSET,
        timeout: float | Unset = UNSET,
        poll: PollPolicy | Unset = UNSET,
        on_progress: OnProgress | None | Unset = UNSET,
        library: Library | None | Unset = UNSET,
        download_timeout: float | Unset = UNSET,
        downloads: int | Unset = UNSET,
        max_download: int | Unset = UNSET,
        on_transfer: OnTransfer | None | Unset = UNSET,
    ) -> R:
        """Poll the task until it has ended, and return its result.

        Args:
            request_timeout: Maximum number of seconds for one request to the API, including its answer.
            retry: How often, and at what intervals, requests that may be repeated are sent again. `no_retry()` sends
                everything once.
            breaker: Stops calls to a server that keeps failing. None never stops them.
            observers: Called with every event: see `kie.telemetry`.
            via: A `kie.webhooks.Receiver` to listen to while waiting. Its URL replaces `callback_url`: passing both to
                a call raises `ConfigError`.
            timeout: Seconds to wait for a task. After that, `TaskTimeout` is raised with the ref of the task, which
                keeps running at the service.
            poll: When to poll a task: see docs/polling.md.
            on_progress: Called after each poll with the status, the elapsed seconds and the number of polls.
            library: A `Library` that keeps every run: request, inputs, outcome, costs and files. Pass None to a call to
                leave it out of the library. See docs/library.md.
            download_timeout: Maximum number of seconds without progress during a download.
            downloads: Maximum number of files of a result to fetch at the same time; at least 1.
            max_download: Maximum size of a downloaded file, in bytes.
            on_transfer: Called with a `Transfer` while files are uploaded or downloaded: name, direction, bytes so far
                and in total. It must not be async, even for an `AsyncKie`, and is never called by two threads at once.

        Returns:
            The result, of the type that the request class names.

        Raises:
            TaskFailed: The task failed; `status` is its last record.
            TaskTimeout: It was not finished after `timeout` seconds; it keeps running.
            ResultInvalid: It succeeded, but its result cannot be read.
            ApiError: The service refused a poll, and polling again would not help.
        """
        ctx = self._ctx.overriding(
            given(
                request_timeout=request_timeout,
                retry=retry,
                breaker=breaker,
                observers=observers,
                via=via,
                timeout=timeout,
                poll=poll,
                on_progress=on_progress,
                library=library,
                download_timeout=download_timeout,
                downloads=downloads,
                max_download=max_download,
                on_transfer=on_transfer,
            )
        )
        bind = ClientSaver(self._driver, ctx).bind
        known = self.status if self.status is not None and self.status.done else None
        flow = wait.finish(ctx, self.ref, self._kind, bind, fresh=self._fresh, status=known)
        try:
            result = self._driver.drive(flow)
        except (TaskFailed, TaskTimeout) as error:
            self.status = error.status or self.status
            raise
        self.status = result.status
        return cast("R", result)

    def _repr_html_(self) -> str:
        """What a notebook shows: how far the task is, or its result."""
        from kie._core import notebook

        return notebook.of_task(self.ref, self.status)

    def __repr__(self) -> str:
        return f"<Task {self.ref} {self.status.state if self.status else 'not polled'}>"


class Kie(Guiding):
    """A client of Kie.ai. Thread-safe; use it as a context manager, or `close` it.

    Args:
        api_key: The API key; by default that of KIE_API_KEY.
        base_url: The API server. Defaults to KIE_BASE_URL, else Kie's own. The key is sent only to this server and to
            `upload_url`.
        upload_url: The upload server. Defaults to KIE_UPLOAD_URL, else Kie's own.
        http_client: Your own client of `httpx2` or `httpx`, which you close yourself.
        transport: Anything else that sends requests and returns responses, instead of `http_client`.
        journal: A file that records every submission before and after it is sent.
        limit_group: A name that the keys of one account share, so that they share its limits.
        rate_limit: How often requests may be sent, for all clients of this process with the same key or `limit_group`.
            None leaves the current limit unchanged.
        limit_store: The URL of a database that keeps the limits, so that all processes that name it share them:
            `sqlite:///PATH` for those of one machine, `postgresql://USER@HOST/NAME` for many machines. It applies to
            all clients of this process with the same key or `limit_group`. If `budget` is a number, its account is
            there, too. None leaves the current store unchanged.
        request_timeout: Maximum number of seconds for one request to the API, including its answer. Default: `30.0`.
        retry: How often, and at what intervals, requests that may be repeated are sent again. `no_retry()` sends
            everything once.
        breaker: Stops calls to a server that keeps failing. None never stops them.
        observers: Called with every event: see `kie.telemetry`.
        allow_retired: Submit to a model that the vendor has retired, instead of raising `ModelRetired`.
        callback_url: The URL to which the service reports the outcome of a task. Passing it to a call raises
            `ConfigError` if the operation takes no callback URL.
        on_submitted: Called with the ref of a task before its first poll.
        budget: What tasks may cost: a `Budget`, or a number of credits for this client or call alone. Passed to a call,
            it narrows the budget of the client. See docs/budgets.md.
        upload_path: The folder at the upload host for local media. The host requires one. Default: `'kie-python'`.
        tags: Tags that the `library` keeps with each run.
        source: Where each run comes from, for the `library` to keep: user, channel, agent, project or anything else, as
            JSON.
        upload_timeout: Maximum number of seconds without progress during an upload. Default: `300.0`.
        retry_free: How often to submit a task again if it failed inside the service and, as the service reports, cost
            nothing; 0 for never. Default: `0`.
        via: A `kie.webhooks.Receiver` to listen to while waiting. Its URL replaces `callback_url`: passing both to a
            call raises `ConfigError`.
        timeout: Seconds to wait for a task. After that, `TaskTimeout` is raised with the ref of the task, which keeps
            running at the service. Default: `1800.0`.
        poll: When to poll a task: see docs/polling.md.
        on_progress: Called after each poll with the status, the elapsed seconds and the number of polls.
        library: A `Library` that keeps every run: request, inputs, outcome, costs and files. Pass None to a call to
            leave it out of the library. See docs/library.md.
        download_timeout: Maximum number of seconds without progress during a download. Default: `300.0`.
        downloads: Maximum number of files of a result to fetch at the same time; at least 1. Default: `5`.
        max_download: Maximum size of a downloaded file, in bytes. Default: `4 * 1024 ** 3`.
        on_transfer: Called with a `Transfer` while files are uploaded or downloaded: name, direction, bytes so far and
            in total. It must not be async, even for an `AsyncKie`, and is never called by two threads at once.

    Raises:
        ConfigError: There is no key, or an option is invalid.
    """

    _elsewhere = "client"

    @helpful
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
        limit_store: str | None = None,
        request_timeout: float | Unset = UNSET,
        retry: RetryPolicy | Unset = UNSET,
        breaker: CircuitBreaker | None | Unset = UNSET,
        observers: Iterable[Observer] | Unset = UNSET,
        allow_retired: bool | Unset = UNSET,
        callback_url: str | None | Unset = UNSET,
        on_submitted: OnSubmitted | None | Unset = UNSET,
        budget: Budget | Decimal | float | None | Unset = UNSET,
        upload_path: str | Unset = UNSET,
        tags: Sequence[str] | Unset = UNSET,
        source: Mapping[str, JSON] | Unset = UNSET,
        upload_timeout: float | Unset = UNSET,
        retry_free: int | Unset = UNSET,
        via: Callbacks | None | Unset = UNSET,
        timeout: float | Unset = UNSET,
        poll: PollPolicy | Unset = UNSET,
        on_progress: OnProgress | None | Unset = UNSET,
        library: Library | None | Unset = UNSET,
        download_timeout: float | Unset = UNSET,
        downloads: int | Unset = UNSET,
        max_download: int | Unset = UNSET,
        on_transfer: OnTransfer | None | Unset = UNSET,
    ) -> None:
        key, api_key = Secret.given(api_key), None  # the frame of an error shows no key
        store, limit_store = Secret.named(limit_store), None
        if http_client is not None and transport is not None:
            raise ConfigError("http_client and transport are mutually exclusive: pass one of them")
        options = from_environment(base_url, upload_url)
        session = Session.make(
            options,
            api_key=key,
            limit_group=limit_group,
            journal=journal,
            rate_limit=rate_limit,
            limit_store=store,
        )
        budget = session.own_budget(budget)
        if transport is not None:
            check_transport(transport, asynchronous=False)
        self._driver = Driver(session, HttpxTransport(http_client) if transport is None else transport)
        self._ctx = Context(options=options, services=session, asynchronous=False).with_options(
            given(
                request_timeout=request_timeout,
                retry=retry,
                breaker=breaker,
                observers=observers,
                allow_retired=allow_retired,
                callback_url=callback_url,
                on_submitted=on_submitted,
                budget=budget,
                upload_path=upload_path,
                tags=tags,
                source=source,
                upload_timeout=upload_timeout,
                retry_free=retry_free,
                via=via,
                timeout=timeout,
                poll=poll,
                on_progress=on_progress,
                library=library,
                download_timeout=download_timeout,
                downloads=downloads,
                max_download=max_download,
                on_transfer=on_transfer,
            )
        )
        self._owner = True

    @helpful
    def with_options(
        self,
        *,
        request_timeout: float | Unset = UNSET,
        retry: RetryPolicy | Unset = UNSET,
        breaker: CircuitBreaker | None | Unset = UNSET,
        observers: Iterable[Observer] | Unset = UNSET,
        allow_retired: bool | Unset = UNSET,
        callback_url: str | None | Unset = UNSET,
        on_submitted: OnSubmitted | None | Unset = UNSET,
        budget: Budget | Decimal | float | None | Unset = UNSET,
        upload_path: str | Unset = UNSET,
        tags: Sequence[str] | Unset = UNSET,
        source: Mapping[str, JSON] | Unset = UNSET,
        upload_timeout: float | Unset = UNSET,
        retry_free: int | Unset = UNSET,
        via: Callbacks | None | Unset = UNSET,
        timeout: float | Unset = UNSET,
        poll: PollPolicy | Unset = UNSET,
        on_progress: OnProgress | None | Unset = UNSET,
        library: Library | None | Unset = UNSET,
        download_timeout: float | Unset = UNSET,
        downloads: int | Unset = UNSET,
        max_download: int | Unset = UNSET,
        on_transfer: OnTransfer | None | Unset = UNSET,
    ) -> Self:
        """Copy the client with other options.

        The copy shares this one's connections, limits and journal. It owns none of them, so closing it does nothing.

        Args:
            request_timeout: Maximum number of seconds for one request to the API, including its answer.
            retry: How often, and at what intervals, requests that may be repeated are sent again. `no_retry()` sends
                everything once.
            breaker: Stops calls to a server that keeps failing. None never stops them.
            observers: Called with every event: see `kie.telemetry`.
            allow_retired: Submit to a model that the vendor has retired, instead of raising `ModelRetired`.
            callback_url: The URL to which the service reports the outcome of a task. Passing it to a call raises
                `ConfigError` if the operation takes no callback URL.
            on_submitted: Called with the ref of a task before its first poll.
            budget: What tasks may cost: a `Budget`, or a number of credits for this client or call alone. Passed to a
                call, it narrows the budget of the client. See docs/budgets.md.
            upload_path: The folder at the upload host for local media. The host requires one.
            tags: Tags that the `library` keeps with each run.
            source: Where each run comes from, for the `library` to keep: user, channel, agent, project or anything
                else, as JSON.
            upload_timeout: Maximum number of seconds without progress during an upload.
            retry_free: How often to submit a task again if it failed inside the service and, as the service reports,
                cost nothing; 0 for never.
            via: A `kie.webhooks.Receiver` to listen to while waiting. Its URL replaces `callback_url`: passing both to
                a call raises `ConfigError`.
            timeout: Seconds to wait for a task. After that, `TaskTimeout` is raised with the ref of the task, which
                keeps running at the service.
            poll: When to poll a task: see docs/polling.md.
            on_progress: Called after each poll with the status, the elapsed seconds and the number of polls.
            library: A `Library` that keeps every run: request, inputs, outcome, costs and files. Pass None to a call to
                leave it out of the library. See docs/library.md.
            download_timeout: Maximum number of seconds without progress during a download.
            downloads: Maximum number of files of a result to fetch at the same time; at least 1.
            max_download: Maximum size of a downloaded file, in bytes.
            on_transfer: Called with a `Transfer` while files are uploaded or downloaded: name, direction, bytes so far
                and in total. It must not be async, even for an `AsyncKie`, and is never called by two threads at once.

        Returns:
            The copy.

        Raises:
            ConfigError: An option is invalid.
        """
        other = object.__new__(type(self))
        other._driver = self._driver
        other._ctx = self._ctx.with_options(
            given(
                request_timeout=request_timeout,
                retry=retry,
                breaker=breaker,
                observers=observers,
                allow_retired=allow_retired,
                callback_url=callback_url,
                on_submitted=on_submitted,
                budget=budget,
                upload_path=upload_path,
                tags=tags,
                source=source,
                upload_timeout=upload_timeout,
                retry_free=retry_free,
                via=via,
                timeout=timeout,
                poll=poll,
                on_progress=on_progress,
                library=library,
                download_timeout=download_timeout,
                downloads=downloads,
                max_download=max_download,
                on_transfer=on_transfer,
            )
        )
        other._owner = False
        return other

    def __copy__(self) -> Self:
        return self.with_options()

    def __deepcopy__(self, memo: dict[int, object]) -> Self:
        return self.with_options()

    @property
    def breaker(self) -> Breaker:
        """The circuit breaker: `state()`, `stats()`, `reset()`. Copies from `with_options` share its circuits."""
        return self._driver.session.breaker(self._ctx)

    @property
    def budget(self) -> Budget | None:
        """What tasks of this client may cost, with `spent`, `reserved` and `left`; None if it has no budget."""
        return self._ctx.budget

    @property
    def library(self) -> Library | None:
        """The library that keeps the runs of this client; None if it has none."""
        return self._ctx.options.library

    @overload
    def run(
        self,
        request: Request[R],
        *,
        label: str | None = None,
        alternatives: Iterable[Request[R]] = (),
        request_timeout: float | Unset = UNSET,
        retry: RetryPolicy | Unset = UNSET,
        breaker: CircuitBreaker | None | Unset = UNSET,
        observers: Iterable[Observer] | Unset = UNSET,
        allow_retired: bool | Unset = UNSET,
        callback_url: str | None | Unset = UNSET,
        on_submitted: OnSubmitted | None | Unset = UNSET,
        budget: Budget | Decimal | float | None | Unset = UNSET,
        upload_path: str | Unset = UNSET,
        tags: Sequence[str] | Unset = UNSET,
        source: Mapping[str, JSON] | Unset = UNSET,
        upload_timeout: float | Unset = UNSET,
        retry_free: int | Unset = UNSET,
        via: Callbacks | None | Unset = UNSET,
        timeout: float | Unset = UNSET,
        poll: PollPolicy | Unset = UNSET,
        on_progress: OnProgress | None | Unset = UNSET,
        library: Library | None | Unset = UNSET,
        download_timeout: float | Unset = UNSET,
        downloads: int | Unset = UNSET,
        max_download: int | Unset = UNSET,
        on_transfer: OnTransfer | None | Unset = UNSET,
    ) -> R: ...

    @overload
    def run(
        self,
        request: Request[Result] | Plan,
        *,
        label: str | None = None,
        confirmed: bool = False,
        alternatives: Iterable[Request[Result] | Plan] = (),
        request_timeout: float | Unset = UNSET,
        retry: RetryPolicy | Unset = UNSET,
        breaker: CircuitBreaker | None | Unset = UNSET,
        observers: Iterable[Observer] | Unset = UNSET,
        allow_retired: bool | Unset = UNSET,
        callback_url: str | None | Unset = UNSET,
        on_submitted: OnSubmitted | None | Unset = UNSET,
        budget: Budget | Decimal | float | None | Unset = UNSET,
        upload_path: str | Unset = UNSET,
        tags: Sequence[str] | Unset = UNSET,
        source: Mapping[str, JSON] | Unset = UNSET,
        upload_timeout: float | Unset = UNSET,
        retry_free: int | Unset = UNSET,
        via: Callbacks | None | Unset = UNSET,
        timeout: float | Unset = UNSET,
        poll: PollPolicy | Unset = UNSET,
        on_progress: OnProgress | None | Unset = UNSET,
        library: Library | None | Unset = UNSET,
        download_timeout: float | Unset = UNSET,
        downloads: int | Unset = UNSET,
        max_download: int | Unset = UNSET,
        on_transfer: OnTransfer | None | Unset = UNSET,
    ) -> Result: ...

    @overload
    def run(
        self,
        request: str | Mapping[str, object],
        *,
        label: str | None = None,
        confirmed: bool = False,
        alternatives: Iterable[Request[Result] | Plan] = (),
        request_timeout: float | Unset = UNSET,
        retry: RetryPolicy | Unset = UNSET,
        breaker: CircuitBreaker | None | Unset = UNSET,
        observers: Iterable[Observer] | Unset = UNSET,
        allow_retired: bool | Unset = UNSET,
        callback_url: str | None | Unset = UNSET,
        on_submitted: OnSubmitted | None | Unset = UNSET,
        budget: Budget | Decimal | float | None | Unset = UNSET,
        upload_path: str | Unset = UNSET,
        tags: Sequence[str] | Unset = UNSET,
        source: Mapping[str, JSON] | Unset = UNSET,
        upload_timeout: float | Unset = UNSET,
        retry_free: int | Unset = UNSET,
        via: Callbacks | None | Unset = UNSET,
        timeout: float | Unset = UNSET,
        poll: PollPolicy | Unset = UNSET,
        on_progress: OnProgress | None | Unset = UNSET,
        library: Library | None | Unset = UNSET,
        download_timeout: float | Unset = UNSET,
        downloads: int | Unset = UNSET,
        max_download: int | Unset = UNSET,
        on_transfer: OnTransfer | None | Unset = UNSET,
        **fields: object,
    ) -> Result: ...

    def run(
        self,
        request: Request[R] | Request[Result] | Plan | str | Mapping[str, object],
        *positional: object,
        label: str | None = None,
        confirmed: bool = False,
        alternatives: Iterable[Request[R]] | Iterable[Request[Result] | Plan] = (),
        request_timeout: float | Unset = UNSET,
        retry: RetryPolicy | Unset = UNSET,
        breaker: CircuitBreaker | None | Unset = UNSET,
        observers: Iterable[Observer] | Unset = UNSET,
        allow_retired: bool | Unset = UNSET,
        callback_url: str | None | Unset = UNSET,
        on_submitted: OnSubmitted | None | Unset = UNSET,
        budget: Budget | Decimal | float | None | Unset = UNSET,
        upload_path: str | Unset = UNSET,
        tags: Sequence[str] | Unset = UNSET,
        source: Mapping[str, JSON] | Unset = UNSET,
        upload_timeout: float | Unset = UNSET,
        retry_free: int | Unset = UNSET,
        via: Callbacks | None | Unset = UNSET,
        timeout: float | Unset = UNSET,
        poll: PollPolicy | Unset = UNSET,
        on_progress: OnProgress | None | Unset = UNSET,
        library: Library | None | Unset = UNSET,
        download_timeout: float | Unset = UNSET,
        downloads: int | Unset = UNSET,
        max_download: int | Unset = UNSET,
        on_transfer: OnTransfer | None | Unset = UNSET,
        **fields: object,
    ) -> R | Result:
        """Submit a request, wait, and return its result.

        Nothing is uploaded or sent if any part of the request is invalid, and nothing that creates a task is sent
        twice unless the first provably did not arrive.

        Args:
            request: What to make: an instance of a class of `kie.models`; or the id of a model, with its fields as
                keyword arguments; or `{"model": ..., "input": {...}}`; or a plan from `client.plan`. All of them are
                checked in the same way.
            label: Your own name for this submission, such as an order number. The journal remembers it: a later call
                with the same label finds the earlier task, in any process and after any crash, and you do not pay
                twice. It is free again once the task has failed.
            confirmed: Whether somebody has confirmed the cost of a plan whose `decision` is `require_confirmation`.
            alternatives: Requests or plans to submit instead of this one, one after the other, if its model is
                withdrawn, or if it failed or was refused at no cost. `result.switches` lists what was replaced.
            request_timeout: Maximum number of seconds for one request to the API, including its answer.
            retry: How often, and at what intervals, requests that may be repeated are sent again. `no_retry()` sends
                everything once.
            breaker: Stops calls to a server that keeps failing. None never stops them.
            observers: Called with every event: see `kie.telemetry`.
            allow_retired: Submit to a model that the vendor has retired, instead of raising `ModelRetired`.
            callback_url: The URL to which the service reports the outcome of a task. Passing it to a call raises
                `ConfigError` if the operation takes no callback URL.
            on_submitted: Called with the ref of a task before its first poll.
            budget: What tasks may cost: a `Budget`, or a number of credits for this client or call alone. Passed to a
                call, it narrows the budget of the client. See docs/budgets.md.
            upload_path: The folder at the upload host for local media. The host requires one.
            tags: Tags that the `library` keeps with each run.
            source: Where each run comes from, for the `library` to keep: user, channel, agent, project or anything
                else, as JSON.
            upload_timeout: Maximum number of seconds without progress during an upload.
            retry_free: How often to submit a task again if it failed inside the service and, as the service reports,
                cost nothing; 0 for never.
            via: A `kie.webhooks.Receiver` to listen to while waiting. Its URL replaces `callback_url`: passing both to
                a call raises `ConfigError`.
            timeout: Seconds to wait for a task. After that, `TaskTimeout` is raised with the ref of the task, which
                keeps running at the service.
            poll: When to poll a task: see docs/polling.md.
            on_progress: Called after each poll with the status, the elapsed seconds and the number of polls.
            library: A `Library` that keeps every run: request, inputs, outcome, costs and files. Pass None to a call to
                leave it out of the library. See docs/library.md.
            download_timeout: Maximum number of seconds without progress during a download.
            downloads: Maximum number of files of a result to fetch at the same time; at least 1.
            max_download: Maximum size of a downloaded file, in bytes.
            on_transfer: Called with a `Transfer` while files are uploaded or downloaded: name, direction, bytes so far
                and in total. It must not be async, even for an `AsyncKie`, and is never called by two threads at once.
            *positional: Refused: the fields of a model are keyword arguments.
            **fields: The fields of a model that is named by its id, by their names in Python or on the wire.

        Returns:
            The result, of the type that the request class names.

        Raises:
            ArgumentInvalid: There is no such argument; the message says what was probably meant.
            UnknownModel: No model has this id.
            ConfigError: `label` belongs to another request, there is no journal, or the library cannot be written.
            RequestInvalid: The request, its media or its references are invalid; nothing was sent.
            ModelRetired: The vendor has withdrawn the model.
            BudgetExceeded: It may cost more than `budget` allows; nothing was uploaded or sent.
            NotReady: The plan is invalid, incomplete, rejected or must be confirmed; nothing was sent.
            ApiError: The service refused.
            TransportFailed: No answer came.
            SubmitUnknown: A task may exist although no answer says so. The request is never sent again.
            TaskFailed: The task failed.
            TaskTimeout: It was not finished after `timeout` seconds; it keeps running.
            ResultInvalid: It succeeded, but its result cannot be read.
        """
        wanted, *others = by_name.candidates(request, positional, fields, alternatives, confirmed=confirmed)
        ctx = self._ctx.overriding(
            given(
                request_timeout=request_timeout,
                retry=retry,
                breaker=breaker,
                observers=observers,
                allow_retired=allow_retired,
                callback_url=callback_url,
                on_submitted=on_submitted,
                budget=budget,
                upload_path=upload_path,
                tags=tags,
                source=source,
                upload_timeout=upload_timeout,
                retry_free=retry_free,
                via=via,
                timeout=timeout,
                poll=poll,
                on_progress=on_progress,
                library=library,
                download_timeout=download_timeout,
                downloads=downloads,
                max_download=max_download,
                on_transfer=on_transfer,
            )
        )
        bind = ClientSaver(self._driver, ctx).bind
        flow = wait.run(ctx, wanted.request, bind, label, others, origin=wanted.origin)
        return cast("R", self._driver.drive(flow))

    @overload
    def submit(
        self,
        request: Request[R],
        *,
        label: str | None = None,
        request_timeout: float | Unset = UNSET,
        retry: RetryPolicy | Unset = UNSET,
        breaker: CircuitBreaker | None | Unset = UNSET,
        observers: Iterable[Observer] | Unset = UNSET,
        allow_retired: bool | Unset = UNSET,
        callback_url: str | None | Unset = UNSET,
        on_submitted: OnSubmitted | None | Unset = UNSET,
        budget: Budget | Decimal | float | None | Unset = UNSET,
        upload_path: str | Unset = UNSET,
        tags: Sequence[str] | Unset = UNSET,
        source: Mapping[str, JSON] | Unset = UNSET,
        upload_timeout: float | Unset = UNSET,
        via: Callbacks | None | Unset = UNSET,
        timeout: float | Unset = UNSET,
        poll: PollPolicy | Unset = UNSET,
        on_progress: OnProgress | None | Unset = UNSET,
        library: Library | None | Unset = UNSET,
        download_timeout: float | Unset = UNSET,
        downloads: int | Unset = UNSET,
        max_download: int | Unset = UNSET,
        on_transfer: OnTransfer | None | Unset = UNSET,
    ) -> Task[R]: ...

    @overload
    def submit(
        self,
        request: Plan,
        *,
        label: str | None = None,
        confirmed: bool = False,
        request_timeout: float | Unset = UNSET,
        retry: RetryPolicy | Unset = UNSET,
        breaker: CircuitBreaker | None | Unset = UNSET,
        observers: Iterable[Observer] | Unset = UNSET,
        allow_retired: bool | Unset = UNSET,
        callback_url: str | None | Unset = UNSET,
        on_submitted: OnSubmitted | None | Unset = UNSET,
        budget: Budget | Decimal | float | None | Unset = UNSET,
        upload_path: str | Unset = UNSET,
        tags: Sequence[str] | Unset = UNSET,
        source: Mapping[str, JSON] | Unset = UNSET,
        upload_timeout: float | Unset = UNSET,
        via: Callbacks | None | Unset = UNSET,
        timeout: float | Unset = UNSET,
        poll: PollPolicy | Unset = UNSET,
        on_progress: OnProgress | None | Unset = UNSET,
        library: Library | None | Unset = UNSET,
        download_timeout: float | Unset = UNSET,
        downloads: int | Unset = UNSET,
        max_download: int | Unset = UNSET,
        on_transfer: OnTransfer | None | Unset = UNSET,
    ) -> Task[Result]: ...

    @overload
    def submit(
        self,
        request: str | Mapping[str, object],
        *,
        label: str | None = None,
        confirmed: bool = False,
        request_timeout: float | Unset = UNSET,
        retry: RetryPolicy | Unset = UNSET,
        breaker: CircuitBreaker | None | Unset = UNSET,
        observers: Iterable[Observer] | Unset = UNSET,
        allow_retired: bool | Unset = UNSET,
        callback_url: str | None | Unset = UNSET,
        on_submitted: OnSubmitted | None | Unset = UNSET,
        budget: Budget | Decimal | float | None | Unset = UNSET,
        upload_path: str | Unset = UNSET,
        tags: Sequence[str] | Unset = UNSET,
        source: Mapping[str, JSON] | Unset = UNSET,
        upload_timeout: float | Unset = UNSET,
        via: Callbacks | None | Unset = UNSET,
        timeout: float | Unset = UNSET,
        poll: PollPolicy | Unset = UNSET,
        on_progress: OnProgress | None | Unset = UNSET,
        library: Library | None | Unset = UNSET,
        download_timeout: float | Unset = UNSET,
        downloads: int | Unset = UNSET,
        max_download: int | Unset = UNSET,
        on_transfer: OnTransfer | None | Unset = UNSET,
        **fields: object,
    ) -> Task[Result]: ...

    def submit(
        self,
        request: Request[R] | Plan | str | Mapping[str, object],
        *positional: object,
        label: str | None = None,
        confirmed: bool = False,
        request_timeout: float | Unset = UNSET,
        retry: RetryPolicy | Unset = UNSET,
        breaker: CircuitBreaker | None | Unset = UNSET,
        observers: Iterable[Observer] | Unset = UNSET,
        allow_retired: bool | Unset = UNSET,
        callback_url: str | None | Unset = UNSET,
        on_submitted: OnSubmitted | None | Unset = UNSET,
        budget: Budget | Decimal | float | None | Unset = UNSET,
        upload_path: str | Unset = UNSET,
        tags: Sequence[str] | Unset = UNSET,
        source: Mapping[str, JSON] | Unset = UNSET,
        upload_timeout: float | Unset = UNSET,
        via: Callbacks | None | Unset = UNSET,
        timeout: float | Unset = UNSET,
        poll: PollPolicy | Unset = UNSET,
        on_progress: OnProgress | None | Unset = UNSET,
        library: Library | None | Unset = UNSET,
        download_timeout: float | Unset = UNSET,
        downloads: int | Unset = UNSET,
        max_download: int | Unset = UNSET,
        on_transfer: OnTransfer | None | Unset = UNSET,
        **fields: object,
    ) -> Task[R] | Task[Result]:
        """Check a request, upload its local media, create the task, and return its handle without waiting.

        Args:
            request: What to make: an instance of a class of `kie.models`; or the id of a model, with its fields as
                keyword arguments; or `{"model": ..., "input": {...}}`; or a plan from `client.plan`. All of them are
                checked in the same way.
            label: Your own name for this submission, such as an order number. The journal remembers it: a later call
                with the same label finds the earlier task, in any process and after any crash, and you do not pay
                twice. It is free again once the task has failed.
            confirmed: Whether somebody has confirmed the cost of a plan whose `decision` is `require_confirmation`.
            request_timeout: Maximum number of seconds for one request to the API, including its answer.
            retry: How often, and at what intervals, requests that may be repeated are sent again. `no_retry()` sends
                everything once.
            breaker: Stops calls to a server that keeps failing. None never stops them.
            observers: Called with every event: see `kie.telemetry`.
            allow_retired: Submit to a model that the vendor has retired, instead of raising `ModelRetired`.
            callback_url: The URL to which the service reports the outcome of a task. Passing it to a call raises
                `ConfigError` if the operation takes no callback URL.
            on_submitted: Called with the ref of a task before its first poll.
            budget: What tasks may cost: a `Budget`, or a number of credits for this client or call alone. Passed to a
                call, it narrows the budget of the client. See docs/budgets.md.
            upload_path: The folder at the upload host for local media. The host requires one.
            tags: Tags that the `library` keeps with each run.
            source: Where each run comes from, for the `library` to keep: user, channel, agent, project or anything
                else, as JSON.
            upload_timeout: Maximum number of seconds without progress during an upload.
            via: A `kie.webhooks.Receiver` to listen to while waiting. Its URL replaces `callback_url`: passing both to
                a call raises `ConfigError`.
            timeout: Seconds to wait for a task. After that, `TaskTimeout` is raised with the ref of the task, which
                keeps running at the service.
            poll: When to poll a task: see docs/polling.md.
            on_progress: Called after each poll with the status, the elapsed seconds and the number of polls.
            library: A `Library` that keeps every run: request, inputs, outcome, costs and files. Pass None to a call to
                leave it out of the library. See docs/library.md.
            download_timeout: Maximum number of seconds without progress during a download.
            downloads: Maximum number of files of a result to fetch at the same time; at least 1.
            max_download: Maximum size of a downloaded file, in bytes.
            on_transfer: Called with a `Transfer` while files are uploaded or downloaded: name, direction, bytes so far
                and in total. It must not be async, even for an `AsyncKie`, and is never called by two threads at once.
            *positional: Refused: the fields of a model are keyword arguments.
            **fields: The fields of a model that is named by its id, by their names in Python or on the wire.

        Returns:
            The handle of the task, which keeps these options.

        Raises:
            ArgumentInvalid: There is no such argument; the message says what was probably meant.
            UnknownModel: No model has this id.
            ConfigError: `label` belongs to another request, there is no journal, or the library cannot be written.
            RequestInvalid: The request, its media or its references are invalid; nothing was sent.
            ModelRetired: The vendor has withdrawn the model.
            BudgetExceeded: It may cost more than `budget` allows; nothing was uploaded or sent.
            NotReady: The plan is invalid, incomplete, rejected or must be confirmed; nothing was sent.
            ApiError: The service refused.
            TransportFailed: No answer came.
            SubmitUnknown: A task may exist although no answer says so. The request is never sent again.
        """
        (wanted,) = by_name.candidates(request, positional, fields, (), confirmed=confirmed)
        ctx = self._ctx.overriding(
            given(
                request_timeout=request_timeout,
                retry=retry,
                breaker=breaker,
                observers=observers,
                allow_retired=allow_retired,
                callback_url=callback_url,
                on_submitted=on_submitted,
                budget=budget,
                upload_path=upload_path,
                tags=tags,
                source=source,
                upload_timeout=upload_timeout,
                via=via,
                timeout=timeout,
                poll=poll,
                on_progress=on_progress,
                library=library,
                download_timeout=download_timeout,
                downloads=downloads,
                max_download=max_download,
                on_transfer=on_transfer,
            )
        )
        flow = submit.submit(ctx, wanted.request, label=label, origin=wanted.origin)
        started, kind = self._driver.drive(flow), wanted.request.info.result
        return Task(self._driver, ctx, started.ref, kind, fresh=started.fresh, status=started.status)

    def check(
        self,
        request: Request[Result] | Plan | str | Mapping[str, object],
        *,
        allow_retired: bool | Unset = UNSET,
        **fields: object,
    ) -> JSONObject:
        """Check everything that can be checked without sending anything: a dry run.

        Args:
            request: What would be submitted: a request, a plan, or the id of a model or a mapping, as `run` takes it.
            allow_retired: Accept a model that the vendor has retired.
            **fields: The fields of a model that is named by its id.

        Returns:
            The input that would be sent, with a placeholder for each file that would be uploaded.

        Raises:
            ArgumentInvalid: There is no such argument; the message says what was probably meant.
            MediaRejected: Local media break a rule; every fault of every file is listed.
            ModelRetired: The vendor has withdrawn the model.
            RequestInvalid: The fields of a model that is named by its id are invalid.
            UnknownModel: No model has this id.
        """
        wanted = by_name.requested(request, (), fields, confirmed=True)
        ctx = self._ctx.overriding(given(allow_retired=allow_retired))
        return self._driver.drive(check.check(ctx, wanted))

    def plan(
        self,
        model: str | Request[Result] | Plan | Mapping[str, object] | type[Request[Result]],
        /,
        *,
        images: object = None,
        videos: object = None,
        audios: object = None,
        reference: object = None,
        task_mode: str | None = None,
        warn_above: Decimal | float | None = None,
        confirm_above: Decimal | float | None = None,
        budget: Budget | Decimal | float | None | Unset = UNSET,
        balance: Decimal | float | bool = False,
        success_rate: bool = False,
        local_files: bool | None = None,
        preset: str | None = None,
        presets: str | PathLike[str] | Iterable[str | PathLike[str]] = (),
        enhance: EnhancePolicy | None = None,
        enhancer: Enhancer | None = None,
        **fields: object,
    ) -> Plan:
        """Turn loose input into a request, or say what is missing. Nothing that costs is sent.

        Names and values may be spelled in any way that means only one thing, media go into the fields that they are
        for, and `plan.changes` lists what was interpreted differently from what was given. A plan never chooses between
        prices: it offers `choices` instead. What is wrong with the input is in the plan, not raised.

        Args:
            model: The name of a family (`kling 3.0`) or of a model, in any spelling; or a request, a mapping, or an
                earlier plan.
            images: Images, one or several; or by role: `{"first_frame": ..., "last_frame": ...}`. Here, a string that
                is not a URL is the path of a file.
            videos: Videos, in the same way.
            audios: Recordings, in the same way.
            reference: Reference media of any kind.
            task_mode: What to do, such as `image_to_video`, if a family has models for several tasks.
            warn_above: If it may cost this many credits or more, the decision is `warn`.
            confirm_above: If it may cost this many credits or more, the decision is `require_confirmation`.
            budget: The most that it may cost, in credits, or a `Budget`; by default that of the client.
            balance: The credits of the account; True reads them from the service, which costs nothing.
            local_files: Whether a string in `images` and the like that is not a URL is the path of a file. False makes
                it a fault: use that for input from strangers, who could otherwise make you upload any of your files.
            success_rate: Ask the service how many tasks of the model succeeded recently, and warn if few did.
            preset: The name of a preset for the prompt; one for the model or its family, if absent.
            presets: Folders of presets, which take precedence over the user's and the packaged ones. See
                docs/presets.md.
            enhance: `off` leaves the prompt as it is. `preview` enhances it only to show the result; `ask` uses the
                result once it is confirmed, `auto` uses it at once. By default `auto` with an `enhancer`, `off` without
                one.
            enhancer: What enhances prompts, such as `kie.plans.ChatEnhancer(client)`, which costs credits. If it fails,
                the plan has a warning, and the prompt is used as it was given.
            **fields: The fields, in any spelling.

        Returns:
            The plan, for `client.run`.

        Raises:
            ArgumentInvalid: A plan cannot be made of the first argument.
            ConfigError: A figure is not a number, `enhance` is not a policy, or the account of the budget cannot be
                read.
            ApiError: The service refused to tell the balance.
            TransportFailed: No answer came.
        """
        from kie._plans import planning

        ctx = self._ctx.overriding(given(budget=budget))
        media = {"images": images, "videos": videos, "audios": audios, "reference": reference}
        flow = planning.plan(
            ctx,
            model,
            fields,
            media=media,
            task_mode=task_mode,
            warn_above=warn_above,
            confirm_above=confirm_above,
            balance=balance,
            success_rate=success_rate,
            local_files=local_files,
            preset=preset,
            presets=presets,
            enhance=enhance,
            enhancer=enhancer,
        )
        return self._driver.drive(flow)

    @overload
    def estimate(self, request: Request[Result] | Plan) -> Estimate: ...

    @overload
    def estimate(self, request: str | Mapping[str, object], **fields: object) -> Estimate: ...

    @overload
    def estimate(self, request: Iterable[Request[Result] | Mapping[str, object]]) -> TotalEstimate: ...

    def estimate(
        self,
        request: Request[Result] | Plan | str | Mapping[str, object] | Iterable[Request[Result] | Mapping[str, object]],
        **fields: object,
    ) -> Estimate | TotalEstimate:
        """Estimate what a request will cost, or what several will cost together. Nothing is sent.

        The prices are those of the vendor's list that came with this package; they are not a billing contract. If the
        request leaves something to the service, or the length of its media is not known, the estimate is a range. Local
        media are inspected with the extra `media`.

        Args:
            request: What would be submitted: one request or plan, or several; or the id of a model or mappings, as `run` takes
                them.
            **fields: The fields of a model that is named by its id.

        Returns:
            The estimate: `credits` if it is exact, else `at_least` and `at_most`, in credits.

        Raises:
            ArgumentInvalid: There is no such argument; the message says what was probably meant.
            RequestInvalid: The fields of a model that is named by its id are invalid.
            UnknownModel: No model has this id.
        """
        from kie._tasks import estimate

        wanted = by_name.several(request, fields)
        return self._driver.drive(estimate.estimate(self._ctx, wanted))

    def compare(
        self,
        prompt: str,
        models: Iterable[str | type[Request[Result]] | Request[Result] | Plan],
        *,
        dry_run: bool = False,
        request_timeout: float | Unset = UNSET,
        retry: RetryPolicy | Unset = UNSET,
        breaker: CircuitBreaker | None | Unset = UNSET,
        observers: Iterable[Observer] | Unset = UNSET,
        allow_retired: bool | Unset = UNSET,
        callback_url: str | None | Unset = UNSET,
        on_submitted: OnSubmitted | None | Unset = UNSET,
        budget: Budget | Decimal | float | None | Unset = UNSET,
        upload_path: str | Unset = UNSET,
        tags: Sequence[str] | Unset = UNSET,
        source: Mapping[str, JSON] | Unset = UNSET,
        upload_timeout: float | Unset = UNSET,
        retry_free: int | Unset = UNSET,
        via: Callbacks | None | Unset = UNSET,
        timeout: float | Unset = UNSET,
        poll: PollPolicy | Unset = UNSET,
        on_progress: OnProgress | None | Unset = UNSET,
        library: Library | None | Unset = UNSET,
        download_timeout: float | Unset = UNSET,
        downloads: int | Unset = UNSET,
        max_download: int | Unset = UNSET,
        on_transfer: OnTransfer | None | Unset = UNSET,
        **fields: object,
    ) -> Comparison:
        """Run one prompt on several models side by side, and compare the results in a table.

        Every request is made and checked before any is sent, and all of them together must fit into the budget. After
        that, a request that fails does not stop the others: its row says what happened.

        Args:
            prompt: The prompt.
            models: The models: ids, classes or names of families, as `plan` reads them. Requests and plans run as they are.
            dry_run: Check and estimate only. Nothing is sent; each row is `planned`.
            request_timeout: Maximum number of seconds for one request to the API, including its answer.
            retry: How often, and at what intervals, requests that may be repeated are sent again. `no_retry()` sends
                everything once.
            breaker: Stops calls to a server that keeps failing. None never stops them.
            observers: Called with every event: see `kie.telemetry`.
            allow_retired: Submit to a model that the vendor has retired, instead of raising `ModelRetired`.
            callback_url: The URL to which the service reports the outcome of a task. Passing it to a call raises
                `ConfigError` if the operation takes no callback URL.
            on_submitted: Called with the ref of a task before its first poll.
            budget: What tasks may cost: a `Budget`, or a number of credits for this client or call alone. Passed to a
                call, it narrows the budget of the client. See docs/budgets.md.
            upload_path: The folder at the upload host for local media. The host requires one.
            tags: Tags that the `library` keeps with each run.
            source: Where each run comes from, for the `library` to keep: user, channel, agent, project or anything
                else, as JSON.
            upload_timeout: Maximum number of seconds without progress during an upload.
            retry_free: How often to submit a task again if it failed inside the service and, as the service reports,
                cost nothing; 0 for never.
            via: A `kie.webhooks.Receiver` to listen to while waiting. Its URL replaces `callback_url`: passing both to
                a call raises `ConfigError`.
            timeout: Seconds to wait for a task. After that, `TaskTimeout` is raised with the ref of the task, which
                keeps running at the service.
            poll: When to poll a task: see docs/polling.md.
            on_progress: Called after each poll with the status, the elapsed seconds and the number of polls.
            library: A `Library` that keeps every run: request, inputs, outcome, costs and files. Pass None to a call to
                leave it out of the library. See docs/library.md.
            download_timeout: Maximum number of seconds without progress during a download.
            downloads: Maximum number of files of a result to fetch at the same time; at least 1.
            max_download: Maximum size of a downloaded file, in bytes.
            on_transfer: Called with a `Transfer` while files are uploaded or downloaded: name, direction, bytes so far
                and in total. It must not be async, even for an `AsyncKie`, and is never called by two threads at once.
            **fields: Other fields, in any spelling, and `images`, `videos`, `audios` and `reference` as `plan` takes
                them. Each goes to every model that has it; `row.left_out` lists those that a model does not have.

        Returns:
            The comparison: a row for each model, in their order. `str` makes a table of it.

        Raises:
            ArgumentInvalid: An argument cannot be compared.
            RequestInvalid: A request is invalid, or no model has one of the fields. The error lists every fault of
                every model; nothing was sent.
            BudgetExceeded: Together they may cost more than `budget` allows; nothing was sent.
        """
        from kie._batch.flow import inputs_of
        from kie._library import comparing

        others = given(
            request_timeout=request_timeout,
            retry=retry,
            breaker=breaker,
            observers=observers,
            allow_retired=allow_retired,
            callback_url=callback_url,
            on_submitted=on_submitted,
            budget=budget,
            upload_path=upload_path,
            tags=tags,
            source=source,
            upload_timeout=upload_timeout,
            retry_free=retry_free,
            via=via,
            timeout=timeout,
            poll=poll,
            on_progress=on_progress,
            library=library,
            download_timeout=download_timeout,
            downloads=downloads,
            max_download=max_download,
            on_transfer=on_transfer,
        )
        ctx = self._ctx.overriding(others)
        asked = comparing.wanted(prompt, models, fields)
        prices = self._driver.drive(comparing.checked(ctx, asked))
        outcomes = []
        if not dry_run:
            flow = self.batch._flow(inputs_of(asked.items, requests=True), {}, others)
            outcomes = self._driver.gather(flow)
        return self._driver.drive(comparing.compared(ctx, asked, prices, outcomes))

    @overload
    def task(self, ref: str | HasRef, *, of: type[Request[R]]) -> Task[R]: ...

    @overload
    def task(self, ref: str | HasRef, *, of: None = None) -> Task[Result]: ...

    def task(self, ref: str | HasRef, *, of: type[Request[R]] | None = None) -> Task[R] | Task[Result]:
        """Get the handle of an earlier task. Nothing is sent until the handle is used.

        Args:
            ref: Its id or ref, or anything that has a `ref`: a result, a status, a handle.
            of: Its request class, which names the type of its result.

        Returns:
            The handle.

        Raises:
            ConfigError: The ref belongs to another family than the class.
        """
        found = poll.ref_of(ref, of)
        return Task(self._driver, self._ctx, found, of.info.result if of else None)

    @property
    def batch(self) -> Batch:
        """Many tasks at once: `batch.run`, `batch.stream`, `batch.submit`, `batch.wait`."""
        from kie._batch.batch import Batch

        return Batch(self._driver, self._ctx)

    @property
    def vendor(self) -> Vendor:
        """What the vendor itself says about its models today: `vendor.models`, `vendor.schema` and others."""
        from kie._vendor import Vendor

        return Vendor(self._driver, self._ctx)

    @helpful
    def upload(
        self,
        media: Media,
        *,
        name: str | None = None,
        folder: str | None = None,
        request_timeout: float | Unset = UNSET,
        retry: RetryPolicy | Unset = UNSET,
        breaker: CircuitBreaker | None | Unset = UNSET,
        observers: Iterable[Observer] | Unset = UNSET,
        upload_timeout: float | Unset = UNSET,
        on_transfer: OnTransfer | None | Unset = UNSET,
    ) -> UploadedFile:
        """Upload local media or a data URL, or have an http(s) URL fetched.

        Uploads are free and are kept for 24 hours at least. Media type and extension come from the content. An open
        file is read from its current position, and returned to it. See docs/media.md.

        Args:
            media: What to upload: a path, bytes, an open binary file or stream, an upload object of a web framework, a
                PIL image, a numpy array, a data URL, or the URL of a file elsewhere.
            name: The file's name at the upload host; by default random. It gets the extension of the content, and is
                cut to 255 bytes. An earlier file of that name is overwritten.
            folder: The folder at the upload host; by default the option `upload_path`.
            request_timeout: Maximum number of seconds for one request to the API, including its answer.
            retry: How often, and at what intervals, requests that may be repeated are sent again. `no_retry()` sends
                everything once.
            breaker: Stops calls to a server that keeps failing. None never stops them.
            observers: Called with every event: see `kie.telemetry`.
            upload_timeout: Maximum number of seconds without progress during an upload.
            on_transfer: Called with a `Transfer` while files are uploaded or downloaded: name, direction, bytes so far
                and in total. It must not be async, even for an `AsyncKie`, and is never called by two threads at once.

        Returns:
            The uploaded file, which requests accept in place of its URL.

        Raises:
            MediaRejected: It cannot be uploaded.
            ApiError: The service refused.
            TransportFailed: No answer came.
        """
        from kie._tasks import upload

        ctx = self._ctx.overriding(
            given(
                request_timeout=request_timeout,
                retry=retry,
                breaker=breaker,
                observers=observers,
                upload_timeout=upload_timeout,
                on_transfer=on_transfer,
            )
        )
        return self._driver.drive(upload.upload(ctx, media, name=name, folder=folder))

    @overload
    def download(
        self,
        file: str | AnyAsset,
        directory: str | PathLike[str] = ".",
        *,
        name: str | None = None,
        overwrite: bool = False,
        request_timeout: float | Unset = UNSET,
        retry: RetryPolicy | Unset = UNSET,
        breaker: CircuitBreaker | None | Unset = UNSET,
        observers: Iterable[Observer] | Unset = UNSET,
        download_timeout: float | Unset = UNSET,
        downloads: int | Unset = UNSET,
        max_download: int | Unset = UNSET,
        on_transfer: OnTransfer | None | Unset = UNSET,
    ) -> Path: ...

    @overload
    def download(
        self,
        file: Files,
        directory: str | PathLike[str] = ".",
        *,
        name: str | None = None,
        overwrite: bool = False,
        request_timeout: float | Unset = UNSET,
        retry: RetryPolicy | Unset = UNSET,
        breaker: CircuitBreaker | None | Unset = UNSET,
        observers: Iterable[Observer] | Unset = UNSET,
        download_timeout: float | Unset = UNSET,
        downloads: int | Unset = UNSET,
        max_download: int | Unset = UNSET,
        on_transfer: OnTransfer | None | Unset = UNSET,
    ) -> list[Path]: ...

    @helpful
    def download(
        self,
        file: str | AnyAsset | Files,
        directory: str | PathLike[str] = ".",
        *,
        name: str | None = None,
        overwrite: bool = False,
        request_timeout: float | Unset = UNSET,
        retry: RetryPolicy | Unset = UNSET,
        breaker: CircuitBreaker | None | Unset = UNSET,
        observers: Iterable[Observer] | Unset = UNSET,
        download_timeout: float | Unset = UNSET,
        downloads: int | Unset = UNSET,
        max_download: int | Unset = UNSET,
        on_transfer: OnTransfer | None | Unset = UNSET,
    ) -> Path | list[Path]:
        """Download one or several files of results into a directory, each completely or not at all.

        The extension follows the content. An expired link is renewed once.

        Args:
            file: A URL or an asset of a result, or several of them; the option `downloads` says how many are fetched at
                a time.
            directory: Where to save them; created if needed.
            name: The file's name without extension; for several files, `_0`, `_1` … follow.
            overwrite: Replace a file of the same name. By default, the next free name is used: `cat-2.png`.
            request_timeout: Maximum number of seconds for one request to the API, including its answer.
            retry: How often, and at what intervals, requests that may be repeated are sent again. `no_retry()` sends
                everything once.
            breaker: Stops calls to a server that keeps failing. None never stops them.
            observers: Called with every event: see `kie.telemetry`.
            download_timeout: Maximum number of seconds without progress during a download.
            downloads: Maximum number of files of a result to fetch at the same time; at least 1.
            max_download: Maximum size of a downloaded file, in bytes.
            on_transfer: Called with a `Transfer` while files are uploaded or downloaded: name, direction, bytes so far
                and in total. It must not be async, even for an `AsyncKie`, and is never called by two threads at once.

        Returns:
            The path, or the paths in the order of the files.

        Raises:
            DownloadFailed: A file could not be fetched, is cut off, or is not what a model makes, such as an error
                page. Its `saved` are the paths of the others.
        """
        from kie._tasks import download

        ctx = self._ctx.overriding(
            given(
                request_timeout=request_timeout,
                retry=retry,
                breaker=breaker,
                observers=observers,
                download_timeout=download_timeout,
                downloads=downloads,
                max_download=max_download,
                on_transfer=on_transfer,
            )
        )
        files, folder = download.files_of(file, name), download.folder_of(directory, overwrite)
        if isinstance(file, (str, AnyAsset)):
            one = download.download(ctx, file, folder, name, overwrite=overwrite)
            return Path(self._driver.drive(one))
        every = download.download_all(ctx, files, folder, overwrite=overwrite)
        paths = self._driver.drive_many(every)
        return [Path(path) for path in paths]

    @helpful
    def download_url(
        self,
        file: str | AnyAsset,
        *,
        request_timeout: float | Unset = UNSET,
        retry: RetryPolicy | Unset = UNSET,
        breaker: CircuitBreaker | None | Unset = UNSET,
        observers: Iterable[Observer] | Unset = UNSET,
    ) -> str:
        """Get a link to a result that anyone can open for 20 minutes.

        Args:
            file: An asset of a result, or its URL. For an image of GPT-4o, pass the asset, which knows its task: the
                service needs both task and URL.
            request_timeout: Maximum number of seconds for one request to the API, including its answer.
            retry: How often, and at what intervals, requests that may be repeated are sent again. `no_retry()` sends
                everything once.
            breaker: Stops calls to a server that keeps failing. None never stops them.
            observers: Called with every event: see `kie.telemetry`.

        Returns:
            The link.

        Raises:
            Unprocessable: Kie did not make the file.
        """
        from kie._tasks import account

        ctx = self._ctx.overriding(
            given(request_timeout=request_timeout, retry=retry, breaker=breaker, observers=observers)
        )
        return self._driver.drive(account.download_url(ctx, file))

    @helpful
    def credits(
        self,
        *,
        request_timeout: float | Unset = UNSET,
        retry: RetryPolicy | Unset = UNSET,
        breaker: CircuitBreaker | None | Unset = UNSET,
        observers: Iterable[Observer] | Unset = UNSET,
    ) -> Decimal:
        """Get the exact balance, including its decimals.

        Args:
            request_timeout: Maximum number of seconds for one request to the API, including its answer.
            retry: How often, and at what intervals, requests that may be repeated are sent again. `no_retry()` sends
                everything once.
            breaker: Stops calls to a server that keeps failing. None never stops them.
            observers: Called with every event: see `kie.telemetry`.

        Returns:
            The credits of the account.

        Raises:
            ResultInvalid: The answer is not a number.
        """
        from kie._tasks import account

        ctx = self._ctx.overriding(
            given(request_timeout=request_timeout, retry=retry, breaker=breaker, observers=observers)
        )
        return self._driver.drive(account.balance(ctx))

    @helpful
    def check_credits(
        self,
        minimum: Decimal | float,
        *,
        request_timeout: float | Unset = UNSET,
        retry: RetryPolicy | Unset = UNSET,
        breaker: CircuitBreaker | None | Unset = UNSET,
        observers: Iterable[Observer] | Unset = UNSET,
    ) -> Decimal:
        """Make sure that the balance is large enough.

        Args:
            minimum: The credits that are needed.
            request_timeout: Maximum number of seconds for one request to the API, including its answer.
            retry: How often, and at what intervals, requests that may be repeated are sent again. `no_retry()` sends
                everything once.
            breaker: Stops calls to a server that keeps failing. None never stops them.
            observers: Called with every event: see `kie.telemetry`.

        Returns:
            The balance.

        Raises:
            InsufficientCredits: The balance is less than `minimum`.
        """
        from kie._tasks import account

        ctx = self._ctx.overriding(
            given(request_timeout=request_timeout, retry=retry, breaker=breaker, observers=observers)
        )
        return self._driver.drive(account.check_credits(ctx, minimum))

    @helpful
    def has_credits(
        self,
        minimum: Decimal | float,
        *,
        request_timeout: float | Unset = UNSET,
        retry: RetryPolicy | Unset = UNSET,
        breaker: CircuitBreaker | None | Unset = UNSET,
        observers: Iterable[Observer] | Unset = UNSET,
    ) -> bool:
        """Tell whether the balance is large enough.

        Args:
            minimum: The credits that are needed.
            request_timeout: Maximum number of seconds for one request to the API, including its answer.
            retry: How often, and at what intervals, requests that may be repeated are sent again. `no_retry()` sends
                everything once.
            breaker: Stops calls to a server that keeps failing. None never stops them.
            observers: Called with every event: see `kie.telemetry`.

        Returns:
            Whether the balance is at least `minimum`.
        """
        from kie._tasks import account

        ctx = self._ctx.overriding(
            given(request_timeout=request_timeout, retry=retry, breaker=breaker, observers=observers)
        )
        return self._driver.drive(account.has_credits(ctx, minimum))

    @helpful
    def prices(
        self,
        search: str = "",
        *,
        kind: str = "",
        request_timeout: float | Unset = UNSET,
        retry: RetryPolicy | Unset = UNSET,
        breaker: CircuitBreaker | None | Unset = UNSET,
        observers: Iterable[Observer] | Unset = UNSET,
    ) -> list[Price]:
        """Get rows of the public price list.

        Args:
            search: Only rows that match this text.
            kind: Only rows of this kind: `image`, `video`, `music` or `chat`.
            request_timeout: Maximum number of seconds for one request to the API, including its answer.
            retry: How often, and at what intervals, requests that may be repeated are sent again. `no_retry()` sends
                everything once.
            breaker: Stops calls to a server that keeps failing. None never stops them.
            observers: Called with every event: see `kie.telemetry`.

        Returns:
            The rows, in the order of the list.
        """
        from kie._tasks import account

        ctx = self._ctx.overriding(
            given(request_timeout=request_timeout, retry=retry, breaker=breaker, observers=observers)
        )
        return self._driver.drive(account.prices(ctx, search, kind))

    @helpful
    def refresh_prices(
        self,
        *,
        request_timeout: float | Unset = UNSET,
        retry: RetryPolicy | Unset = UNSET,
        breaker: CircuitBreaker | None | Unset = UNSET,
        observers: Iterable[Observer] | Unset = UNSET,
    ) -> PriceChanges:
        """Fetch the public price list and keep it: from then on, estimates use its figures.

        It is written completely or not at all, into the file that `KIE_PRICES` names, by default one in the user's
        state folder. If a row is gone, counts something else or has no figure, its packaged figure is kept. Nothing
        else fetches the list.

        Args:
            request_timeout: Maximum number of seconds for one request to the API, including its answer.
            retry: How often, and at what intervals, requests that may be repeated are sent again. `no_retry()` sends
                everything once.
            breaker: Stops calls to a server that keeps failing. None never stops them.
            observers: Called with every event: see `kie.telemetry`.

        Returns:
            How it differs from the list that was in use: the one that was kept before, or else the one that came with
            this package.

        Raises:
            ApiError: The service refused; it may answer code 4030 in some regions.
            ConfigError: The file cannot be written, or is something else, which is left unchanged.
            ResultInvalid: The list cannot be used; nothing was written.
            TransportFailed: No answer came.
        """
        from kie._io import price_file
        from kie._tasks import account

        ctx = self._ctx.overriding(
            given(request_timeout=request_timeout, retry=retry, breaker=breaker, observers=observers)
        )
        return self._driver.drive(account.refresh_prices(ctx, price_file.place, price_file.save))

    @helpful
    def price_counts(
        self,
        *,
        request_timeout: float | Unset = UNSET,
        retry: RetryPolicy | Unset = UNSET,
        breaker: CircuitBreaker | None | Unset = UNSET,
        observers: Iterable[Observer] | Unset = UNSET,
    ) -> dict[str, int]:
        """Count the rows of the public price list.

        Args:
            request_timeout: Maximum number of seconds for one request to the API, including its answer.
            retry: How often, and at what intervals, requests that may be repeated are sent again. `no_retry()` sends
                everything once.
            breaker: Stops calls to a server that keeps failing. None never stops them.
            observers: Called with every event: see `kie.telemetry`.

        Returns:
            The number of rows in all, and of each kind.
        """
        from kie._tasks import account

        ctx = self._ctx.overriding(
            given(request_timeout=request_timeout, retry=retry, breaker=breaker, observers=observers)
        )
        return self._driver.drive(account.price_counts(ctx))

    def close(self) -> None:
        """Send nothing more, and close the connections. Your own `http_client` stays open, and a copy closes nothing.

        A submission under way keeps its connection until its answer has come, so that its task is known.
        """
        if self._owner:
            if self._driver.session.shares:
                self._driver.session.close()
            self._driver.transport.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def __repr__(self) -> str:
        made = "_ctx" in vars(self)  # a crash report shows also one that could not be made
        return f"Kie({f'base_url={self._ctx.options.base_url!r}' if made else '...'})"
