"""Floor 3: tells observers what happens. May import `core`, `telemetry`.

Every function here makes an effect, or wraps a flow, for a client that has observers; a flow asks
`if options.observers` first, so that one without pays for nothing.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import TYPE_CHECKING, Any, Concatenate, ParamSpec, TypeVar

import attrs

from kie._core.call import TransportError
from kie._core.errors import ApiError, KieError, SubmitUnknown, TaskFailed, TaskTimeout
from kie._core.request import Request
from kie._core.results import Result
from kie._core.tasks import TaskRef
from kie._flow.effects import Flow
from kie._flow.options import Options

if TYPE_CHECKING:
    from kie._core.call import Bucket
    from kie._core.tasks import TaskStatus
    from kie._policy.breaker import Change
    from kie.telemetry._events import Event, TaskOutcome, Work, WorkKind

T = TypeVar("T")
P = ParamSpec("P")


def traced(kind: WorkKind) -> Callable[[Callable[Concatenate[Options, P], Flow[T]]], Callable[..., Flow[T]]]:
    """Makes a flow one piece of work for observers, unless it is part of a task's already."""

    def decorate(flow: Callable[Concatenate[Options, P], Flow[T]]) -> Callable[..., Flow[T]]:
        @wraps(flow)
        def observed(options: Options, /, *arguments: P.args, **named: P.kwargs) -> Flow[T]:
            if not options.observers or (kind in _TASKS and options.observers.work is not None):
                return flow(options, *arguments, **named)
            return _traced(kind, options, arguments[0], lambda scoped: flow(scoped, *arguments, **named))

        return observed

    return decorate


_TASKS = ("task", "submit", "wait")


def _traced(kind: WorkKind, options: Options, subject: object, flow: Callable[[Options], Flow[T]]) -> Flow[T]:
    from kie.telemetry import _events as events

    started = options.world.now()
    ref = subject if isinstance(subject, TaskRef) else None
    above = options.observers.work
    model = subject.info.name if isinstance(subject, Request) else ref.model if ref else above.model if above else None
    work = events.Work(kind, model, above)
    scoped = within(options, work, ref, started=started)
    try:
        value = yield from flow(scoped)
    except BaseException as error:
        _failed(kind, scoped, error, str(subject) if kind == "download" else "")
        raise
    if kind in ("task", "wait"):
        _succeeded(scoped, value)
    return value


def within(options: Options, work: Work, ref: TaskRef | None, *, started: float | None = None) -> Options:
    """The options of a part of the work, or of the same work once the task is known."""
    since = options.observers.started if started is None else started
    return attrs.evolve(options, observers=options.observers.within(work, ref=ref, started=since))


def scoped(options: Options, ref: TaskRef | None = None) -> Options:
    """The options with a piece of work for observers to go by, and the task that it has come to be about."""
    observers = options.observers
    if not observers or (observers.work is not None and ref is None):
        return options
    from kie.telemetry._events import Work

    return within(options, observers.work or Work("call", ref.model if ref else None), ref)


def _work(options: Options) -> Work:
    assert options.observers.work is not None, "a flow that tells observers something is `traced` or `scoped`"  # noqa: S101
    return options.observers.work


def _told(
    options: Options,
    kind: str,
    *,
    ref: TaskRef | None = None,
    since: float | None = None,
    **facts: object,
) -> None:
    """Tell of the work in hand; with `since` the event's duration is the time from then on."""
    observers = options.observers
    if not observers:
        return
    from kie.telemetry import _events as events

    work = _work(options)

    def make(now: float) -> Event:
        lasting = {} if since is None else {"duration": now - since}
        return getattr(events, kind)(work=work, at=now, ref=ref or observers.ref, **lasting, **facts)

    options.world.note(observers, make)


def _failed(kind: WorkKind, options: Options, error: BaseException, url: str) -> None:
    since, name = options.observers.started, type(error).__name__
    if kind == "upload":
        return _told(options, "FileUploaded", since=since, error=name)
    if kind == "download":
        return _told(options, "FileDownloaded", since=since, url=url, error=name)
    ref, code = getattr(error, "ref", None) or options.observers.ref, getattr(error, "code", None)
    _told(
        options,
        "TaskFinished",
        ref=ref,
        since=since,
        outcome=outcome_of(error, submitting=ref is None),
        code=None if code is None else str(code),
        error=name,
    )


def outcome_of(error: BaseException, *, submitting: bool) -> TaskOutcome:
    """How an error ends the work on a task."""
    match error:
        case TaskFailed():
            return "failed"
        case TaskTimeout():
            return "timeout"
        case SubmitUnknown():
            return "unknown"
        case ApiError() if submitting:
            return "refused" if error.task_created is False else "unknown"
        case KieError():
            return "error"
        case Exception():
            return "error"
        case _:
            return "cancelled"


def _succeeded(options: Options, value: object) -> None:
    status: TaskStatus | None = value.status if isinstance(value, Result) else None
    _told(
        options,
        "TaskFinished",
        ref=status.ref if status else None,
        since=options.observers.started,
        outcome="succeeded",
        credits=status.credits if status else None,
    )


def submitted(options: Options, ref: TaskRef) -> None:
    """The service accepted a task: from here on the work is about it."""
    if options.observers:
        options.observers.ref = ref
    _told(options, "TaskSubmitted", since=options.observers.started)


def polled(options: Options, ref: TaskRef, status: TaskStatus | None) -> None:
    """A task was looked at; None where there is no record."""
    state, raw = (status.state, status.raw_state) if status else (None, None)
    _told(options, "TaskPolled", ref=ref, state=state, raw_state=raw)


def uploaded(options: Options, size: int | None) -> None:
    """An upload is done."""
    _told(options, "FileUploaded", since=options.observers.started, bytes=size)


def downloaded(options: Options, url: str, size: int) -> None:
    """A download is done."""
    _told(options, "FileDownloaded", since=options.observers.started, url=url, bytes=size)


def limited(options: Options, bucket: Bucket, delay: float, *, refused: bool = False) -> None:
    """A request waits for its place, or was refused one."""
    _told(options, "RequestLimited", bucket=bucket, delay=delay, refused=refused)


def breaker_changed(options: Options, origin: str, change: Change) -> None:
    """A circuit changed its state."""
    _told(options, "BreakerChanged", origin=origin, before=change[0], after=change[1])


@attrs.define
class Exchange:
    """Tells of one call's attempts: each sent, answered, and perhaps followed by another."""

    options: Options
    operation: str
    method: str
    url: str
    attempt: int = 0
    _since: float = 0.0
    _last: dict[str, object] = attrs.field(factory=dict)

    def _told(self, kind: str, **facts: Any) -> None:
        _told(self.options, kind, operation=self.operation, attempt=self.attempt, **facts)

    def sent(self, attempt: int, size: int | None) -> None:
        """A request is about to be sent."""
        self.attempt = attempt
        self._since = self.options.world.now() if self.options.observers else 0.0
        self._told("RequestSent", method=self.method, url=self.url, bytes=size)

    def answered(
        self,
        *,
        status: int | None = None,
        code: int | None = None,
        error: str | None = None,
        size: int | None = None,
    ) -> None:
        """What came of it."""
        self._last = {"status": status, "code": code, "error": error}
        facts = {"method": self.method, "url": self.url, "bytes": size, **self._last}
        self._told("RequestAnswered", since=self._since, **facts)

    def lost(self, failure: BaseException) -> None:
        """No answer came."""
        self.answered(error=fault(failure))

    def retried(self, delay: float) -> None:
        """Another attempt follows what was answered or lost."""
        self._told("RequestRetried", delay=delay, **self._last)


def fault(failure: BaseException) -> str:
    """What to call an exchange without an answer."""
    if isinstance(failure, TransportError):
        return "timeout" if failure.timeout else "TransportFailed"
    return type(failure).__name__ if isinstance(failure, Exception) else "cancelled"
