"""Floor 3: tells observers what happens. May import `core`, `telemetry`.

Every function here makes an effect, or wraps a flow, for a client that has observers; a flow asks
`if options.observers` first, so that one without pays for nothing.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import TYPE_CHECKING, Concatenate, ParamSpec, TypeVar

import attrs

from kie.core.call import TransportError
from kie.core.errors import ApiError, KieError, SubmitUnknown, TaskFailed, TaskTimeout
from kie.core.request import Request
from kie.core.results import Result
from kie.core.tasks import TaskRef
from kie.flows.effects import Emit, Flow, Now
from kie.flows.options import Options

if TYPE_CHECKING:
    from kie.core.call import Bucket
    from kie.core.tasks import TaskStatus
    from kie.policy.breaker import Change
    from kie.telemetry.events import Event, Outcome, Work, WorkKind

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
    from kie.telemetry import events

    started: float = yield Now()
    ref = subject if isinstance(subject, TaskRef) else None
    above = options.observers.work
    model = subject.info.name if isinstance(subject, Request) else ref.model if ref else above.model if above else None
    work = events.Work(kind, model, above)
    scoped = within(options, work, ref, started=started)
    try:
        value = yield from flow(scoped)
    except GeneratorExit:
        raise
    except BaseException as error:
        url = str(subject) if kind == "download" else ""
        yield Emit(scoped.observers, _failed(kind, scoped, error, url))
        raise
    if kind in ("task", "wait"):
        yield Emit(scoped.observers, _succeeded(scoped, value))
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
    from kie.telemetry.events import Work

    return within(options, observers.work or Work("call", ref.model if ref else None), ref)


def _work(options: Options) -> Work:
    assert options.observers.work is not None, "a flow that tells observers something is `traced` or `scoped`"  # noqa: S101
    return options.observers.work


def _failed(kind: WorkKind, options: Options, error: BaseException, url: str) -> Callable[[float], Event]:
    from kie.telemetry import events

    observers = options.observers
    work, name = _work(options), type(error).__name__

    def make(now: float) -> Event:
        duration = now - observers.started
        if kind == "upload":
            return events.FileUploaded(work=work, at=now, duration=duration, error=name)
        if kind == "download":
            return events.FileDownloaded(work=work, at=now, url=url, duration=duration, error=name)
        ref, code = getattr(error, "ref", None) or observers.ref, getattr(error, "code", None)
        return events.TaskFinished(
            work=work,
            at=now,
            ref=ref,
            outcome=outcome_of(error, submitting=ref is None),
            duration=duration,
            code=None if code is None else str(code),
            error=name,
        )

    return make


def outcome_of(error: BaseException, *, submitting: bool) -> Outcome:
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


def _succeeded(options: Options, value: object) -> Callable[[float], Event]:
    from kie.telemetry import events

    status: TaskStatus | None = value.status if isinstance(value, Result) else None
    return lambda now: events.TaskFinished(
        work=_work(options),
        at=now,
        ref=status.ref if status else options.observers.ref,
        outcome="succeeded",
        duration=now - options.observers.started,
        credits=status.credits if status else None,
    )


def submitted(options: Options, ref: TaskRef) -> Emit:
    from kie.telemetry import events

    started = options.observers.started
    return Emit(
        options.observers,
        lambda now: events.TaskSubmitted(work=_work(options), at=now, ref=ref, duration=now - started),
    )


def polled(options: Options, ref: TaskRef, status: TaskStatus | None) -> Emit:
    from kie.telemetry import events

    return Emit(
        options.observers,
        lambda now: events.TaskPolled(
            work=_work(options),
            at=now,
            ref=ref,
            state=status.state if status else None,
            raw_state=status.raw_state if status else None,
        ),
    )


def uploaded(options: Options, size: int | None) -> Emit:
    from kie.telemetry import events

    observers = options.observers
    return Emit(
        observers,
        lambda now: events.FileUploaded(work=_work(options), at=now, duration=now - observers.started, bytes=size),
    )


def downloaded(options: Options, url: str, size: int) -> Emit:
    from kie.telemetry import events

    observers = options.observers
    return Emit(
        observers,
        lambda now: events.FileDownloaded(
            work=_work(options), at=now, url=url, duration=now - observers.started, bytes=size
        ),
    )


def limited(options: Options, bucket: Bucket, delay: float, *, refused: bool = False) -> Emit:
    from kie.telemetry import events

    return Emit(
        options.observers,
        lambda now: events.RequestLimited(
            work=_work(options), at=now, ref=options.observers.ref, bucket=bucket, delay=delay, refused=refused
        ),
    )


def breaker_changed(options: Options, origin: str, change: Change) -> Emit:
    from kie.telemetry import events

    return Emit(
        options.observers,
        lambda now: events.BreakerChanged(
            work=_work(options), at=now, ref=options.observers.ref, origin=origin, before=change[0], after=change[1]
        ),
    )


@attrs.define
class Exchange:
    """Tells of one call's attempts: each sent, answered, and perhaps followed by another."""

    options: Options
    operation: str
    method: str
    url: str
    attempt: int = 0
    _since: float = 0.0
    _last: tuple[int | None, int | None, str | None] = (None, None, None)

    def sent(self, attempt: int, size: int | None) -> Emit:
        from kie.telemetry import events

        self.attempt = attempt

        def make(now: float) -> Event:
            self._since = now
            return events.RequestSent(
                work=_work(self.options),
                at=now,
                ref=self.options.observers.ref,
                operation=self.operation,
                attempt=attempt,
                method=self.method,
                url=self.url,
                bytes=size,
            )

        return Emit(self.options.observers, make)

    def answered(
        self,
        *,
        status: int | None = None,
        code: int | None = None,
        error: str | None = None,
        size: int | None = None,
    ) -> Emit:
        from kie.telemetry import events

        self._last = (status, code, error)
        return Emit(
            self.options.observers,
            lambda now: events.RequestAnswered(
                work=_work(self.options),
                at=now,
                ref=self.options.observers.ref,
                operation=self.operation,
                attempt=self.attempt,
                method=self.method,
                url=self.url,
                duration=now - self._since,
                status=status,
                code=code,
                error=error,
                bytes=size,
            ),
        )

    def lost(self, failure: BaseException) -> Emit:
        """No answer came."""
        return self.answered(error=fault(failure))

    def retried(self, delay: float) -> Emit:
        """Another attempt follows what was answered or lost."""
        from kie.telemetry import events

        status, code, error = self._last
        return Emit(
            self.options.observers,
            lambda now: events.RequestRetried(
                work=_work(self.options),
                at=now,
                ref=self.options.observers.ref,
                operation=self.operation,
                attempt=self.attempt,
                delay=delay,
                status=status,
                code=code,
                error=error,
            ),
        )


def fault(failure: BaseException) -> str:
    """What to call an exchange without an answer."""
    if isinstance(failure, TransportError):
        return "timeout" if failure.timeout else "TransportFailed"
    return type(failure).__name__ if isinstance(failure, Exception) else "cancelled"
