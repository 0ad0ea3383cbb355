"""Floor 3: one call to the service, repeated where that is safe. May import `core`, `policy`.

What may be sent twice is decided here, from `codes.yaml` and from whether the request can have arrived.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from email.utils import parsedate_to_datetime
from typing import Any, TypeVar, cast
from urllib.parse import urlencode

import attrs

from kie._core.call import Call, HttpRequest, HttpResponse, TransportError
from kie._core.errors import ApiError, CircuitOpen, KieError, ResultInvalid, TransportFailed
from kie._core.json import JSON
from kie._exchange import breaking
from kie._flow import events as watch
from kie._flow.effects import Flow, Send, Sleep
from kie._flow.options import Options
from kie._policy.breaker import Ticket
from kie._policy.codes import Meaning, judge
from kie._policy.limits import Permit
from kie._policy.retry import RetryPolicy
from kie._records.reading import decode

T = TypeVar("T")

LEAST_FOR_SUBMISSION = 2.0
"""Seconds that have to be left before a deadline to begin a submission: cut off, its outcome would be unknown."""


@attrs.define(kw_only=True)
class Answer:
    """An answer of the service, judged."""

    status: int
    code: int | None
    message: str
    document: JSON
    meaning: Meaning
    headers: Mapping[str, str] = attrs.field(factory=dict, repr=False)

    @property
    def retry_after(self) -> float | None:
        """Seconds that the service asks to wait, if it does."""
        return retry_after_of(self.headers)

    @property
    def accepted(self) -> bool:
        """Whether it is an envelope that says 200."""
        return self.code == 200 and self.meaning.error is None

    @property
    def contradicts_itself(self) -> bool:
        """Whether it is an envelope that says 200 inside an HTTP error."""
        return self.code == 200 and self.status >= 400

    def exception(self, *, creating: bool) -> ApiError:
        """The error for this answer: to a call that creates a task, or to one that cannot have created any."""
        return self.meaning.exception(
            self.message,
            creating=creating,
            status=self.status,
            code=self.code,
            request_id=self.headers.get("x-request-id") or self.headers.get("cf-ray"),
            retry_after=self.retry_after,
        )


class OutOfTime(KieError):
    """The deadline passed before an answer came. Flows turn it into `TaskTimeout`; it never reaches users."""


class OutcomeUnknown(KieError):
    """A submission may have arrived and has no usable answer. Flows turn it into `SubmitUnknown`."""


def exchange(
    options: Options,
    call: Call[Any],
    *,
    retry: RetryPolicy | None = None,
    deadline: float | None = None,
    overrides: Mapping[str, Meaning] | None = None,
    permit: Permit | None = None,
    before: Callable[[], Flow[None]] | None = None,
) -> Flow[Answer]:
    """Send a call and return the accepted answer.

    `permit`: the one that it has already, for its first attempt. `before` is a flow that runs before it is first sent.

    Raises the `ApiError` for a refusal, `TransportFailed` where no answer came, `OutcomeUnknown` for a call that
    is not idempotent and may have arrived, `CircuitOpen` where nothing was sent, `OutOfTime` once `deadline`
    (monotonic) has passed.
    """
    policy = retry or options.retry
    options, world = watch.scoped(options), options.world
    request = to_http(options, call)
    origin = breaking.origin_of(options.server(call.server))
    repeatable = call.multipart is None or call.multipart.file.repeatable
    watched = watch.Exchange(options, call.operation, request.method, request.url)
    started, attempt = world.now(), 0
    error: KieError | None = None
    while True:
        attempt += 1
        ticket, permit = yield from _enter(options, call, origin, deadline, error, permit if attempt == 1 else None)
        refused = sent = False
        fared: bool | None = None
        try:
            if before is not None and attempt == 1:
                yield from before()
            came = yield from _attempt(options, call, request, attempt, deadline, watched, overrides)
            refused = isinstance(came, Answer) and came.meaning.rate_limited
            sent, fared = isinstance(came, Answer) or came.sent is not False, _fared(call, came)
        finally:
            opened = breaking.report(options, origin, ticket, fared)
            if permit is not None:
                world.settle(call.bucket, permit, refused=refused, sent=sent)
                started += permit.queued  # a queue of our own is no trouble of the service
        retry_after: float | None = None
        if isinstance(came, TransportError):
            if came.sent is not False and not call.idempotent:
                raise OutcomeUnknown(str(came)) from came
            error = TransportFailed(f"{call.operation}: {came}", sent=came.sent)
            again = came.sent is False or repeatable
        else:
            if came.accepted:
                return came
            if not call.idempotent and came.contradicts_itself:
                raise OutcomeUnknown(f"the answer says both 200 and HTTP {came.status}")
            if not call.idempotent and came.code is None and not 400 <= came.status < 500:
                raise OutcomeUnknown(f"the answer (HTTP {came.status}) cannot be read")
            error, retry_after = came.exception(creating=not call.idempotent), came.retry_after
            if refused:
                watch.limited(options, call.bucket, retry_after or 0.0, refused=True)
            again = (came.meaning.retry_read and repeatable) if call.idempotent else came.meaning.retry_submit
        if not again or opened or attempt >= policy.attempts:
            raise error
        now = world.now()
        delay = policy.delay(attempt, world.luck(), retry_after)
        if now + delay - started > policy.budget or (deadline is not None and now + delay >= deadline):
            raise error
        watched.retried(delay)
        yield Sleep(delay)


def _attempt(
    options: Options,
    call: Call[Any],
    request: HttpRequest,
    attempt: int,
    deadline: float | None,
    watched: watch.Exchange,
    overrides: Mapping[str, Meaning] | None,
) -> Flow[Answer | TransportError]:
    """Send once; tell the observers what came."""
    limit = options.upload_timeout if call.server == "upload" else options.request_timeout
    timeout = _bounded(options, limit, deadline, call)
    watched.sent(attempt, None if request.multipart else len(request.content or b""))
    try:
        response: HttpResponse = yield Send(request, timeout)
    except BaseException as failure:
        watched.lost(failure)
        if not isinstance(failure, TransportError):
            raise
        return failure
    answer = read_answer(response, overrides)
    error = None if answer.accepted else answer.meaning.error or "ApiError"
    watched.answered(status=answer.status, code=answer.code, error=error, size=len(response.body))
    return answer


def _enter(
    options: Options,
    call: Call[Any],
    origin: str,
    deadline: float | None,
    error: KieError | None,
    permit: Permit | None,
) -> Flow[tuple[Ticket | None, Permit | None]]:
    """Pass the circuit breaker, and get a permit under the limit that the call draws from, unless it has one.

    Raises `CircuitOpen`, or `error` if that is why there is another attempt: the caller is to know what went wrong.
    The breaker is asked again after a wait for a permit; while nothing is sent, a permit is not used up.
    """
    world = options.world
    entered = False
    try:
        ticket = breaking.admit(options, origin)
        if permit is None and call.bucket != "none":
            permit = world.reserve(call.bucket)
        if permit is not None and permit.wait > 0:
            breaking.report(options, origin, ticket, None)
            watch.limited(options, call.bucket, permit.wait)
            while permit is not None and permit.wait > 0:
                if deadline is not None and world.now() + permit.wait >= deadline:
                    raise OutOfTime(f"the limit on {call.bucket} requests leaves no time")
                yield Sleep(permit.wait)
                permit = world.reserve(call.bucket, permit)
            ticket = breaking.admit(options, origin)
        entered = True
        return ticket, permit
    except CircuitOpen as failure:
        raise error or failure from None
    finally:
        if permit is not None and not entered:
            world.settle(call.bucket, permit, sent=False)


def _fared(call: Call[Any], came: Answer | TransportError) -> bool | None:
    """What an attempt says of the health of the service; None if nothing.

    An envelope with code 500 is also how the service reports a bad field of a submission: no sign of either.
    """
    if isinstance(came, TransportError):
        return None if came.local else False
    if not came.meaning.breaker_failure:
        return True
    if not call.idempotent and came.code is not None and came.status < 500:
        return None
    return False


def _bounded(options: Options, limit: float, deadline: float | None, call: Call[Any]) -> float:
    """The time that an exchange may take: its own limit, or what is left."""
    if deadline is None:
        return limit
    left = deadline - options.world.now()
    if left <= (0 if call.idempotent else LEAST_FOR_SUBMISSION):
        raise OutOfTime("the deadline has passed" if left <= 0 else "the deadline is too near to begin a submission")
    return min(limit, left)


_encode = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode


def to_http(options: Options, call: Call[Any]) -> HttpRequest:
    """The HTTP request of a call, without the key."""
    url = options.server(call.server) + call.path
    if call.query:
        url += "?" + urlencode(call.query)
    headers = {"Accept": "application/json"}
    content = None
    if call.json is not None:
        content = _encode(call.json).encode()
        headers["Content-Type"] = "application/json"
    return HttpRequest(
        method=call.method,
        url=url,
        headers=headers,
        content=content,
        multipart=call.multipart,
        auth=call.auth,
        fresh=not call.idempotent,
    )


def read_answer(response: HttpResponse, overrides: Mapping[str, Meaning] | None = None) -> Answer:
    """Judge whatever came back. A body that is no envelope leaves `code` None."""
    try:
        document = decode(response.body)
    except ValueError:
        document = None
    code: int | None = None
    message = ""
    if isinstance(document, dict):
        code = _code(document.get("code"))
        spoken = document.get("msg")
        if not isinstance(spoken, str):
            spoken = next((document[key] for key in ("message", "error") if isinstance(document.get(key), str)), "")
        message = str(spoken)[:500]
    if code is None and not message:
        message = _excerpt(response)
    return Answer(
        status=response.status,
        code=code,
        message=message,
        document=document,
        meaning=judge(response.status, code, overrides),
        headers=response.headers,
    )


def _code(value: JSON) -> int | None:
    if isinstance(value, str) and value.isascii() and value.isdigit() and len(value) < 6:
        return int(value)
    if isinstance(value, float) and value.is_integer():
        return int(value)
    return value if isinstance(value, int) and not isinstance(value, bool) else None


def _excerpt(response: HttpResponse) -> str:
    text = " ".join(response.body[:400].decode("utf-8", "replace").split())
    return f"the answer is not JSON: {text[:160]}" if text else "the answer is empty"


def retry_after_of(headers: Mapping[str, str]) -> float | None:
    """Seconds from a Retry-After header: a figure, or a date counted from the answer's own Date."""
    value = headers.get("retry-after", "").strip()
    if not value:
        return None
    try:
        seconds = float(value)
    except ValueError:
        try:
            then, now = parsedate_to_datetime(value), parsedate_to_datetime(headers.get("date", ""))
            seconds = (then - now).total_seconds()
        except (ValueError, TypeError):
            return None
    return seconds if 0 <= seconds < float("inf") else None


def typed(options: Options, call: Call[T]) -> Flow[T]:
    """Send a call and read its answer into its type. Raises `ResultInvalid` for one that cannot be read."""
    answer = yield from exchange(options, call)
    try:
        return call.parse(answer.document)
    except (TypeError, ValueError, AttributeError, KeyError) as error:
        raise ResultInvalid(None, f"{call.operation} cannot be read ({error})", raw=answer.document) from error
