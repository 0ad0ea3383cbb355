"""Exchange: one call to the service, repeated if that is safe. May import `_core`, `_policy`, `_flow`.

What may be sent twice is decided here, from `codes.yaml` and from whether the request can have arrived.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from typing import TypeAlias, TypeVar
from urllib.parse import quote, quote_plus

import attrs

from kie._core.call import Call, HttpRequest, TransportError
from kie._core.errors import ApiError, CircuitOpen, ConfigError, KieError, ResultInvalid, TransportFailed, annotate
from kie._core.json import JSON, leading
from kie._core.safe_text import repr_of
from kie._exchange import breaking
from kie._exchange.answers import Answer, read_answer
from kie._flow import events
from kie._flow.context import Context
from kie._flow.effects import Flow, Open, Send, Sleep, Stopped
from kie._policy.breaker import Admission
from kie._policy.codes import Meaning
from kie._policy.limits import Permit
from kie._policy.retry import RetryPolicy

T = TypeVar("T")

LEAST_FOR_SUBMISSION = 2.0
"""Seconds that must be left before a deadline to begin a submission: cut off, its outcome would be unknown."""

MAY_EXIST = (
    "a submission was under way: a task may exist and be charged. It is not sent again; look at the account's log "
    "(https://kie.ai/logs) and the balance before you try again"
)
"""The note on any error that interrupts a submission. `task_created` of that error is None."""

MAY_COST = "a request to a language model was under way and may be charged; it is not sent again"
"""The same for a call that costs credits but creates no task."""

Meanings: TypeAlias = Mapping[str, Meaning]


class OutOfTime(KieError):
    """The deadline passed before an answer came. Flows turn it into `TaskTimeout`; it never reaches users."""


class OutcomeUnknown(KieError):
    """A submission may have arrived and has no usable answer. Flows turn it into `SubmitUnknown`.

    `task_id` is the id of a task that the answer names anyway.
    """

    def __init__(self, message: str, task_id: str | None = None) -> None:
        super().__init__(message)
        self.task_id = task_id


def exchange(
    ctx: Context,
    call: Call[object],
    *,
    retry: RetryPolicy | None = None,
    deadline: float | None = None,
    overrides: Meanings | None = None,
    permit: Permit | None = None,
    before: Callable[[], Flow[None]] | None = None,
    paused: Callable[[], Flow[None]] | None = None,
    task_id: Callable[[JSON], str | None] | None = None,
) -> Flow[Answer]:
    """Send a call and return the accepted answer.

    Args:
        ctx: Options and services.
        call: What to send.
        retry: The policy; by default that of the options.
        deadline: When to give up, in monotonic seconds.
        overrides: What codes mean in the family of the task.
        permit: A permit that the first attempt already has.
        before: A flow that runs before the call is sent, each time.
        paused: A flow that runs before each pause, after an attempt that created nothing.
        task_id: Finds the id of the task in an answer: one that names a task is never taken for a refusal.

    Returns:
        An answer that the service accepted.

    Raises:
        ApiError: The service refused.
        TransportFailed: No answer came.
        OutcomeUnknown: The call may have created a task, and there is no usable answer.
        CircuitOpen: Nothing was sent.
        OutOfTime: `deadline` has passed.

    Any other error raised while a call that creates a task may be on its way gets a note that says so.
    """
    work = _Exchange(events.scoped(ctx), call, retry or ctx.options.retry, deadline, overrides, task_id)
    number = 0
    try:
        while True:
            number += 1
            came = yield from work.attempt(number, permit if number == 1 else None, before)
            if isinstance(came, Answer) and came.accepted:
                return came
            yield from work.pause(number, came, paused)
    except OutcomeUnknown:
        raise
    except BaseException as error:
        if work.pending and not work.annotate(error) and isinstance(error, Exception):
            raise OutcomeUnknown(repr_of(error)) from error
        raise


@attrs.define(eq=False)
class _Exchange:
    """One call in progress. `error` is the error of the last attempt, `started` is when the first one began.

    `pending` says that the call may have created a task, and no answer has denied that yet.
    """

    ctx: Context
    call: Call[object]
    policy: RetryPolicy
    deadline: float | None
    overrides: Meanings | None
    task_id: Callable[[JSON], str | None] | None
    request: HttpRequest = attrs.field(init=False)
    origin: str = attrs.field(init=False)
    attempts: events.Attempts | None = attrs.field(init=False)
    started: float = attrs.field(init=False)
    error: KieError | None = None
    opened: bool = False
    pending: bool = False

    def __attrs_post_init__(self) -> None:
        self.request = to_http(self.ctx, self.call)
        self.origin = breaking.origin_of(self.ctx.options.server(self.call.endpoint.server))
        self.attempts = None
        if self.ctx.scope is not None:
            self.attempts = events.Attempts(self.ctx, self.call.operation, self.request.method, self.request.url)
        self.started = self.ctx.services.now()

    def annotate(self, error: BaseException) -> bool:
        """Add a note to an error about what may have happened at the service."""
        if not self.call.endpoint.enveloped:
            return annotate(error, MAY_COST)
        return annotate(error, MAY_EXIST, task_created=None)

    def attempt(
        self, number: int, permit: Permit | None, before: Callable[[], Flow[None]] | None
    ) -> Flow[Answer | TransportError]:
        """Send once, as soon as the circuit breaker and the limit allow it, and report the result to both.

        The breaker is asked again after a wait for the permit; a permit is not used up if nothing is sent.
        """
        services, bucket = self.ctx.services, self.call.endpoint.bucket
        came: Answer | TransportError | None = None
        admission = None
        try:
            admission = self._admit()
            if permit is None and bucket != "none":
                permit = yield from services.reserve(bucket)
            if permit is not None and permit.wait > 0:
                breaking.report(self.ctx, self.origin, admission, None)
                admission = None
                events.limited(self.ctx, bucket, max(permit.wait, permit.at - services.now()))
                yield from self._queue(permit)
                admission = self._admit()
            if before is not None:
                yield from Open(self.request.url)
                yield from before()
            came = yield from self._send(number)
            return came
        finally:
            self.opened = breaking.report(self.ctx, self.origin, admission, _health(self.call, came))
            if permit is not None:
                refused = isinstance(came, Answer) and came.meaning.rate_limited
                sent = isinstance(came, Answer) or (came is not None and came.sent is not False)
                services.settle(bucket, permit, refused=refused, sent=sent)
                self.started += permit.queued  # waiting for our own limits is not a failure of the service

    def _admit(self) -> Admission | None:
        """Ask the circuit breaker. Raises `CircuitOpen`, or the error of the last attempt, which tells the caller
        more."""
        try:
            return breaking.admit(self.ctx, self.origin)
        except CircuitOpen as failure:
            raise self.error or failure from None

    def _queue(self, permit: Permit) -> Flow[None]:
        """Wait until a permit may be used."""
        services, bucket = self.ctx.services, self.call.endpoint.bucket
        while permit.wait > 0:
            if self.deadline is not None and max(permit.at, services.now() + permit.wait) >= self.deadline:
                raise OutOfTime(f"the limit on {bucket} requests leaves no time")
            yield from Sleep(permit.wait)
            yield from services.reserve(bucket, permit)

    def _send(self, number: int) -> Flow[Answer | TransportError]:
        timeout = self._timeout()
        if self.attempts is not None:
            self.attempts.sent(number, None if self.request.multipart else len(self.request.content or b""))
        self.pending = self.call.endpoint.creates_task
        try:
            response = yield from Send(self.request, timeout)
        except BaseException as failure:
            if self.attempts is not None:
                self.attempts.lost(failure)
            if isinstance(failure, (ConfigError, Stopped)):  # raised instead of sending
                self.pending = False
            if not isinstance(failure, TransportError):
                raise
            return failure
        answer = read_answer(response, self.overrides, enveloped=self.call.endpoint.enveloped)
        if self.attempts is not None:
            error = None if answer.accepted else answer.meaning.error or "ApiError"
            self.attempts.answered(status=answer.status, code=answer.code, error=error, size=len(response.body))
        return answer

    def _timeout(self) -> float:
        """The seconds that an exchange may take: its own limit, or what is left."""
        options = self.ctx.options
        limit = options.upload_timeout if self.call.endpoint.server == "upload" else options.request_timeout
        if self.deadline is None:
            return limit
        left = self.deadline - self.ctx.services.now()
        if left <= 0:
            raise OutOfTime("the deadline has passed")
        if self.call.endpoint.creates_task and left <= LEAST_FOR_SUBMISSION:
            raise OutOfTime("the deadline is too near to begin a submission")
        return min(limit, left)

    def pause(self, number: int, came: Answer | TransportError, paused: Callable[[], Flow[None]] | None) -> Flow[None]:
        """Wait before the next attempt. Raises the error of this one if there may not be another."""
        retry_after: float | None = None
        if isinstance(came, TransportError):
            error, again = self._unanswered(came), True
        else:
            error, again, retry_after = *self._refused(came), came.retry_after
        self.pending = False
        self.error = error
        if isinstance(error, (ApiError, TransportFailed)):
            error.origin = self.origin
        if not again or self.opened or number >= self.policy.attempts:
            raise error
        services = self.ctx.services
        now = services.now()
        delay = self.policy.delay(number, services.random(), retry_after)
        late = self.deadline is not None and now + delay >= self.deadline
        if late or now + delay - self.started > self.policy.budget:
            raise error
        if self.attempts is not None:
            self.attempts.retried(delay)
        if paused is not None:
            yield from paused()
        yield from Sleep(delay)

    def _unanswered(self, came: TransportError) -> KieError:
        """The error if no answer came and the call may be sent again."""
        if came.sent is not False and self.call.endpoint.creates_task:
            named = self._named(leading(came.received.encode()))
            begun = " ".join(came.received[:400].split())[:160]
            raise OutcomeUnknown(f"{came}; the answer begins: {begun}" if begun else str(came), named) from came
        return TransportFailed(f"{self.call.operation}: {came}", sent=came.sent)

    def _named(self, document: JSON) -> str | None:
        """The task that an answer names, unless it is an earlier task that the request itself refers to."""
        named = self.task_id(document) if self.task_id is not None else None
        return None if named is not None and _encode(named).encode() in (self.request.content or b"") else named

    def _refused(self, came: Answer) -> tuple[KieError, bool]:
        """The error of a refusal, and whether the call may be sent again."""
        creates = self.call.endpoint.creates_task
        named = self._named(came.document)
        if creates and came.contradicts_itself:
            raise OutcomeUnknown(f"the answer says both 200 and HTTP {came.status}", named)
        unread = f"the answer (HTTP {came.status}) cannot be read: {came.message}"
        if named is not None:
            refused = f"the answer refuses (HTTP {came.status}, code {came.code}) and names a task"
            raise OutcomeUnknown(unread if came.code is None else refused, named)
        if creates and came.code is None and came.meaning.task_created is not False:
            raise OutcomeUnknown(unread)
        if came.meaning.rate_limited:
            events.limited(self.ctx, self.call.endpoint.bucket, came.retry_after or 0.0, refused=True)
        again = came.meaning.retry_submit and came.trusted if creates else came.meaning.retry_read
        return came.exception(creating=creates), again


def _health(call: Call[object], came: Answer | TransportError | None) -> bool | None:
    """What an attempt says about the health of the service; None if nothing.

    An envelope with code 500 is also how the service reports an invalid field of a submission: a sign of neither.
    """
    if came is None:
        return None
    if isinstance(came, TransportError):
        return None if came.local else False
    if not came.meaning.breaker_failure:
        return True
    if call.endpoint.creates_task and came.code is not None and came.status < 500:
        return None
    return False


def _quoted(text: str) -> str:
    return text if text.isascii() and text.isalnum() else quote_plus(text)


_encode = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode


def to_http(ctx: Context, call: Call[object]) -> HttpRequest:
    """The HTTP request of a call, without the key. Raises `ConfigError` for text that cannot be sent."""
    try:
        return _to_http(ctx, call)
    except UnicodeEncodeError as error:
        raise ConfigError(
            f"{call.operation}: a text contains half of a surrogate pair ({error.object[error.start]!a}), "
            "which is not valid Unicode; nothing was sent"
        ) from None


def _to_http(ctx: Context, call: Call[object]) -> HttpRequest:
    endpoint = call.endpoint
    for text in call.multipart.fields.values() if call.multipart is not None else ():
        text.encode()
    path = endpoint.path
    for name, value in call.arguments.items():
        path = path.replace(f"{{{name}}}", quote(value, safe="/"))
    url = ctx.options.server(endpoint.server) + path
    if call.query:
        url += "?" + "&".join([f"{_quoted(name)}={_quoted(value)}" for name, value in call.query.items()])
    headers = {"Accept": "application/json"}
    content = None
    if call.json is not None:
        content = _encode(call.json).encode()
        headers["Content-Type"] = "application/json"
    return HttpRequest(
        method=endpoint.method,
        url=url,
        headers=headers,
        content=content,
        multipart=call.multipart,
        auth=endpoint.auth,
        creates_task=endpoint.creates_task,
    )


def typed(ctx: Context, call: Call[T]) -> Flow[T]:
    """Send a call and read its answer into its type. Raises `ResultInvalid` if it cannot be read."""
    answer = yield from exchange(ctx, call)
    try:
        return call.parse(answer.document)
    except (TypeError, ValueError, AttributeError, KeyError) as error:
        raise ResultInvalid(None, f"{call.operation} cannot be read ({error})", raw=answer.document) from error
