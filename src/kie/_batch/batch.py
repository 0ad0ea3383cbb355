"""Batch: many tasks at once, synchronously, made by `make generate` from codegen/templates/clients. Thin: what happens is in `_batch.flow`, how in `_io`."""

from __future__ import annotations

from collections.abc import Generator, Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, TypeVar, cast, overload

from kie._batch.flow import BatchOptions, Input, Supply, batch, inputs_of
from kie._core.arguments import helpful
from kie._core.json import JSON
from kie._core.later import later
from kie._core.outcomes import Failed, OnOutcome, OnPostponed, OnSubmission, Outcome, Submitted
from kie._core.request import Request
from kie._core.results import AnyResult, Result
from kie._core.tasks import HasRef
from kie._core.transfers import OnTransfer
from kie._flow.context import Context
from kie._flow.effects import Callbacks, Delivering
from kie._flow.options import UNSET, OnProgress, OnSubmitted, Unset, given
from kie._io.sync import ClientSaver, Driver
from kie._policy.breaker import CircuitBreaker
from kie._policy.polling import PollPolicy
from kie._policy.retry import RetryPolicy

if TYPE_CHECKING:
    from decimal import Decimal

    from kie._io.budget import Budget
    from kie._library.library import Library
    from kie._plans.plan import Plan
    from kie.telemetry._events import Observer
else:
    Budget = later("kie._io.budget", "Budget")
    Library = later("kie._library.library", "Library")
    Decimal = later("decimal", "Decimal")
    Observer = later("kie.telemetry._events", "Observer")
    Plan = later("kie._plans.plan", "Plan")

R = TypeVar("R", bound=Result)


class Batch:
    """Many tasks at once: `client.batch`.

    Every input ends in exactly one `Outcome`, whatever happens: inputs that are invalid, refused, failed, late, of
    unknown outcome or never reached are reported there, not raised. Equal inputs are separate inputs. Your functions
    are called one at a time.

    Inputs with a length, such as those in a list, are known beforehand. From anything else, such as a generator, the
    next input is taken only when there is room for it, so millions of them need no memory: one at a time, in a
    thread of the client, while your functions may run. The budget is then checked for each input in turn, not
    before the batch begins. Inputs that were not taken when the batch stops have no outcome. An error of the iterator
    stops the batch, like one in `progress`.

    Ctrl-C, or an error in `progress`, stops the batch. Submissions that are under way are waited for, so
    that their refs are known. Then the error is raised, with all outcomes in `error.outcomes`.
    """

    def __init__(self, driver: Driver, ctx: Context) -> None:
        self._driver = driver
        self._ctx = ctx

    @overload
    def run(
        self,
        requests: Iterable[Mapping[str, object] | Plan],
        *,
        concurrency: int | None | Unset = UNSET,
        batch_timeout: float | None | Unset = UNSET,
        stop_on_failure: bool | Unset = UNSET,
        progress: OnOutcome | None | Unset = UNSET,
        labels: Iterable[str | None] | None | Unset = UNSET,
        on_submission: OnSubmission | None | Unset = UNSET,
        on_postponed: OnPostponed | None | Unset = UNSET,
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
    ) -> list[Outcome[Result]]: ...

    @overload
    def run(
        self,
        requests: Iterable[Request[R]],
        *,
        concurrency: int | None | Unset = UNSET,
        batch_timeout: float | None | Unset = UNSET,
        stop_on_failure: bool | Unset = UNSET,
        progress: OnOutcome | None | Unset = UNSET,
        labels: Iterable[str | None] | None | Unset = UNSET,
        on_submission: OnSubmission | None | Unset = UNSET,
        on_postponed: OnPostponed | None | Unset = UNSET,
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
    ) -> list[Outcome[R]]: ...

    @helpful
    def run(
        self,
        requests: Iterable[Request[R]] | Iterable[Mapping[str, object] | Plan],
        *,
        concurrency: int | None | Unset = UNSET,
        batch_timeout: float | None | Unset = UNSET,
        stop_on_failure: bool | Unset = UNSET,
        progress: OnOutcome | None | Unset = UNSET,
        labels: Iterable[str | None] | None | Unset = UNSET,
        on_submission: OnSubmission | None | Unset = UNSET,
        on_postponed: OnPostponed | None | Unset = UNSET,
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
    ) -> list[Outcome[R]] | list[Outcome[Result]]:
        """Submit requests and wait for their results.

        Args:
            requests: What to make: requests, plans, or mappings such as `{"model": ..., "input": {...}}`.
            concurrency: Maximum number of inputs in progress at the same time, from check to result; at least 1. By
                default as many as the rate limits allow: the next input is submitted as soon as it may be, and waiting
                takes no thread.
            batch_timeout: Maximum number of seconds for the whole batch. After that, unfinished tasks get a
                `TaskTimeout`, and inputs that were not sent a `BatchStopped`; no submission begins in the last two
                seconds.
            stop_on_failure: End the batch after the first outcome that is an error, as `batch_timeout` does.
            progress: Called after each outcome with the number of outcomes so far, the number of inputs, and the
                outcome. If the inputs are an iterator, their number grows as they are taken from it.
            labels: A label for each input, or None for one without: see `submit`. Needs a journal. If the inputs are an
                iterator, the labels may be one, too.
            on_submission: Called with the index of an input and None just before each attempt to submit it, and again
                with its index and ref. If the first of these calls raises, nothing is sent.
            on_postponed: Called with the index of an input if an attempt created no task and another one follows after
                a pause. Until `on_submission` is called again, nothing is being sent for this input.
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
            The outcomes, in the order of the requests.

        Raises:
            ConfigError: An option is invalid; nothing was sent.
        """
        own, others = (
            given(
                concurrency=concurrency,
                batch_timeout=batch_timeout,
                stop_on_failure=stop_on_failure,
                progress=progress,
                labels=labels,
                on_submission=on_submission,
                on_postponed=on_postponed,
            ),
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
            ),
        )
        flow = self._flow(inputs_of(requests, requests=True), own, others)
        return cast("list[Outcome[R]]", self._driver.gather(flow))

    @overload
    def stream(
        self,
        inputs: Iterable[Mapping[str, object] | Plan],
        *,
        concurrency: int | None | Unset = UNSET,
        batch_timeout: float | None | Unset = UNSET,
        stop_on_failure: bool | Unset = UNSET,
        progress: OnOutcome | None | Unset = UNSET,
        labels: Iterable[str | None] | None | Unset = UNSET,
        on_submission: OnSubmission | None | Unset = UNSET,
        on_postponed: OnPostponed | None | Unset = UNSET,
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
    ) -> Generator[Outcome[Result], None, None]: ...

    @overload
    def stream(
        self,
        inputs: Iterable[Request[R] | HasRef | str],
        *,
        concurrency: int | None | Unset = UNSET,
        batch_timeout: float | None | Unset = UNSET,
        stop_on_failure: bool | Unset = UNSET,
        progress: OnOutcome | None | Unset = UNSET,
        labels: Iterable[str | None] | None | Unset = UNSET,
        on_submission: OnSubmission | None | Unset = UNSET,
        on_postponed: OnPostponed | None | Unset = UNSET,
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
    ) -> Generator[Outcome[R], None, None]: ...

    @helpful
    def stream(
        self,
        inputs: Iterable[Request[R] | HasRef | str] | Iterable[Mapping[str, object] | Plan],
        *,
        concurrency: int | None | Unset = UNSET,
        batch_timeout: float | None | Unset = UNSET,
        stop_on_failure: bool | Unset = UNSET,
        progress: OnOutcome | None | Unset = UNSET,
        labels: Iterable[str | None] | None | Unset = UNSET,
        on_submission: OnSubmission | None | Unset = UNSET,
        on_postponed: OnPostponed | None | Unset = UNSET,
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
    ) -> Generator[Outcome[R], None, None] | Generator[Outcome[Result], None, None]:
        """Submit requests and yield each outcome as soon as it is known.

        Nothing is sent before you ask for the first outcome. After that, work continues while you handle an outcome.
        Leaving or dropping the stream early stops the batch: nothing more is
        submitted.

        Args:
            inputs: What to make, as `run` takes it, or tasks (their refs, ids, handles or results), which are only waited for.
            concurrency: Maximum number of inputs in progress at the same time, from check to result; at least 1. By
                default as many as the rate limits allow: the next input is submitted as soon as it may be, and waiting
                takes no thread.
            batch_timeout: Maximum number of seconds for the whole batch. After that, unfinished tasks get a
                `TaskTimeout`, and inputs that were not sent a `BatchStopped`; no submission begins in the last two
                seconds.
            stop_on_failure: End the batch after the first outcome that is an error, as `batch_timeout` does.
            progress: Called after each outcome with the number of outcomes so far, the number of inputs, and the
                outcome. If the inputs are an iterator, their number grows as they are taken from it.
            labels: A label for each input, or None for one without: see `submit`. Needs a journal. If the inputs are an
                iterator, the labels may be one, too.
            on_submission: Called with the index of an input and None just before each attempt to submit it, and again
                with its index and ref. If the first of these calls raises, nothing is sent.
            on_postponed: Called with the index of an input if an attempt created no task and another one follows after
                a pause. Until `on_submission` is called again, nothing is being sent for this input.
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
            The outcomes as they come; `outcome.index` says which input it belongs to.

        Raises:
            ConfigError: An option is invalid; nothing was sent.
        """
        own, others = (
            given(
                concurrency=concurrency,
                batch_timeout=batch_timeout,
                stop_on_failure=stop_on_failure,
                progress=progress,
                labels=labels,
                on_submission=on_submission,
                on_postponed=on_postponed,
            ),
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
            ),
        )
        flow = self._flow(inputs_of(inputs, requests=True, tasks=True), own, others)
        return cast("Generator[Outcome[R], None, None]", self._driver.stream(flow))

    @overload
    def submit(
        self,
        requests: Iterable[Mapping[str, object] | Plan],
        *,
        concurrency: int | None | Unset = UNSET,
        batch_timeout: float | None | Unset = UNSET,
        stop_on_failure: bool | Unset = UNSET,
        progress: OnOutcome | None | Unset = UNSET,
        labels: Iterable[str | None] | None | Unset = UNSET,
        on_submission: OnSubmission | None | Unset = UNSET,
        on_postponed: OnPostponed | None | Unset = UNSET,
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
        library: Library | None | Unset = UNSET,
        on_transfer: OnTransfer | None | Unset = UNSET,
    ) -> list[Submitted[Result] | Failed[Result]]: ...

    @overload
    def submit(
        self,
        requests: Iterable[Request[R]],
        *,
        concurrency: int | None | Unset = UNSET,
        batch_timeout: float | None | Unset = UNSET,
        stop_on_failure: bool | Unset = UNSET,
        progress: OnOutcome | None | Unset = UNSET,
        labels: Iterable[str | None] | None | Unset = UNSET,
        on_submission: OnSubmission | None | Unset = UNSET,
        on_postponed: OnPostponed | None | Unset = UNSET,
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
        library: Library | None | Unset = UNSET,
        on_transfer: OnTransfer | None | Unset = UNSET,
    ) -> list[Submitted[R] | Failed[R]]: ...

    @helpful
    def submit(
        self,
        requests: Iterable[Request[R]] | Iterable[Mapping[str, object] | Plan],
        *,
        concurrency: int | None | Unset = UNSET,
        batch_timeout: float | None | Unset = UNSET,
        stop_on_failure: bool | Unset = UNSET,
        progress: OnOutcome | None | Unset = UNSET,
        labels: Iterable[str | None] | None | Unset = UNSET,
        on_submission: OnSubmission | None | Unset = UNSET,
        on_postponed: OnPostponed | None | Unset = UNSET,
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
        library: Library | None | Unset = UNSET,
        on_transfer: OnTransfer | None | Unset = UNSET,
    ) -> list[Submitted[R] | Failed[R]] | list[Submitted[Result] | Failed[Result]]:
        """Submit requests without waiting for their results.

        Args:
            requests: What to make: requests, plans, or mappings such as `{"model": ..., "input": {...}}`.
            concurrency: Maximum number of inputs in progress at the same time, from check to result; at least 1. By
                default as many as the rate limits allow: the next input is submitted as soon as it may be, and waiting
                takes no thread.
            batch_timeout: Maximum number of seconds for the whole batch. After that, unfinished tasks get a
                `TaskTimeout`, and inputs that were not sent a `BatchStopped`; no submission begins in the last two
                seconds.
            stop_on_failure: End the batch after the first outcome that is an error, as `batch_timeout` does.
            progress: Called after each outcome with the number of outcomes so far, the number of inputs, and the
                outcome. If the inputs are an iterator, their number grows as they are taken from it.
            labels: A label for each input, or None for one without: see `submit`. Needs a journal. If the inputs are an
                iterator, the labels may be one, too.
            on_submission: Called with the index of an input and None just before each attempt to submit it, and again
                with its index and ref. If the first of these calls raises, nothing is sent.
            on_postponed: Called with the index of an input if an attempt created no task and another one follows after
                a pause. Until `on_submission` is called again, nothing is being sent for this input.
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
            library: A `Library` that keeps every run: request, inputs, outcome, costs and files. Pass None to a call to
                leave it out of the library. See docs/library.md.
            on_transfer: Called with a `Transfer` while files are uploaded or downloaded: name, direction, bytes so far
                and in total. It must not be async, even for an `AsyncKie`, and is never called by two threads at once.

        Returns:
            Outcomes with a `ref`, in the order of the requests.

        Raises:
            ConfigError: An option is invalid; nothing was sent.
        """
        own, others = (
            given(
                concurrency=concurrency,
                batch_timeout=batch_timeout,
                stop_on_failure=stop_on_failure,
                progress=progress,
                labels=labels,
                on_submission=on_submission,
                on_postponed=on_postponed,
            ),
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
                library=library,
                on_transfer=on_transfer,
            ),
        )
        flow = self._flow(inputs_of(requests, requests=True), own, others, wait=False)
        return cast("list[Submitted[R] | Failed[R]]", self._driver.gather(flow))

    @helpful
    def wait(
        self,
        refs: Iterable[str | HasRef | Outcome[R] | Submitted[R]],
        *,
        concurrency: int | None | Unset = UNSET,
        batch_timeout: float | None | Unset = UNSET,
        stop_on_failure: bool | Unset = UNSET,
        progress: OnOutcome | None | Unset = UNSET,
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
    ) -> list[Outcome[R]]:
        """Wait for tasks.

        Args:
            refs: Ids, refs, handles, or the outcomes of `submit`.
            concurrency: Maximum number of inputs in progress at the same time, from check to result; at least 1. By
                default as many as the rate limits allow: the next input is submitted as soon as it may be, and waiting
                takes no thread.
            batch_timeout: Maximum number of seconds for the whole batch. After that, unfinished tasks get a
                `TaskTimeout`, and inputs that were not sent a `BatchStopped`; no submission begins in the last two
                seconds.
            stop_on_failure: End the batch after the first outcome that is an error, as `batch_timeout` does.
            progress: Called after each outcome with the number of outcomes so far, the number of inputs, and the
                outcome. If the inputs are an iterator, their number grows as they are taken from it.
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
            The outcomes, in the order of the refs.

        Raises:
            ConfigError: An option is invalid; nothing was sent.
        """
        own, others = (
            given(
                concurrency=concurrency, batch_timeout=batch_timeout, stop_on_failure=stop_on_failure, progress=progress
            ),
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
            ),
        )
        flow = self._flow(inputs_of(refs, tasks=True), own, others)
        return cast("list[Outcome[R]]", self._driver.gather(flow))

    def _flow(
        self, inputs: list[Input] | Supply, own: dict[str, object], others: dict[str, object], *, wait: bool = True
    ) -> Delivering[Outcome[AnyResult]]:
        self._ctx.check_functions(own)
        options, ctx = BatchOptions(**own), self._ctx.overriding(others)  # type: ignore[arg-type]
        bind = ClientSaver(self._driver, ctx).bind
        return lambda deliver, untaken: batch(ctx, inputs, options, bind, deliver, untaken, wait=wait)
