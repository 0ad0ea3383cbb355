"""Flow: tells observers what happens. May import `_core`, `telemetry`.

A client without observers has no scope: then every function here returns at once, and `kie.telemetry` stays unloaded.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import TYPE_CHECKING, Concatenate, ParamSpec, TypedDict, TypeVar

import attrs

from kie._core.call import TransportError
from kie._core.errors import (
    ApiError,
    BudgetExceeded,
    SubmitUnknown,
    TaskFailed,
    TaskTimeout,
    name_task,
    pass_on,
)
from kie._core.request import Request
from kie._core.results import AnyResult, Switch
from kie._core.safe_text import attribute_of
from kie._core.status import TaskStatus
from kie._core.tasks import TaskRef
from kie._flow.context import Context, Scope
from kie._flow.effects import Flow

if TYPE_CHECKING:
    from kie._core.call import Bucket
    from kie._core.estimates import Estimate
    from kie._policy.breaker import Change
    from kie.telemetry._events import TaskOutcome, Work, WorkKind

T = TypeVar("T")
P = ParamSpec("P")

_TASKS = ("task", "submit", "wait")


def traced(
    kind: WorkKind,
) -> Callable[[Callable[Concatenate[Context, P], Flow[T]]], Callable[Concatenate[Context, P], Flow[T]]]:
    """Make a flow one piece of work for observers, unless it is already part of a task's work."""

    def decorate(flow: Callable[Concatenate[Context, P], Flow[T]]) -> Callable[Concatenate[Context, P], Flow[T]]:
        @wraps(flow)
        def observed(ctx: Context, /, *arguments: P.args, **named: P.kwargs) -> Flow[T]:
            if not ctx.options.observers or (kind in _TASKS and ctx.scope is not None):
                return flow(ctx, *arguments, **named)
            return _traced(kind, ctx, arguments[0], lambda inner: flow(inner, *arguments, **named))

        return observed

    return decorate


def _traced(kind: WorkKind, ctx: Context, subject: object, flow: Callable[[Context], Flow[T]]) -> Flow[T]:
    from kie.telemetry._events import Work

    ref = subject if isinstance(subject, TaskRef) else None
    parent = ctx.scope.work if ctx.scope else None
    model = (
        subject.info.name if isinstance(subject, Request) else ref.model if ref else parent.model if parent else None
    )
    source = subject.info.source or None if isinstance(subject, Request) else parent.source if parent else None
    scope = Scope(Work(kind, model=model, parent=parent, source=source), ctx.services.now(), ref)
    inner = attrs.evolve(ctx, scope=scope)
    try:
        value = yield from flow(inner)
    except BaseException as error:
        try:
            _failed(kind, inner, scope, error, str(subject) if kind == "download" else "")
        except BaseException as interruption:  # from an observer: it replaces the error that ends the call
            pass_on(error, interruption)
            raise
        raise
    if kind in ("task", "wait"):
        try:
            _succeeded(inner, scope, value)
        except BaseException as interruption:
            if scope.ref is not None:
                name_task(interruption, scope.ref)
            raise
    return value


def scoped(ctx: Context, ref: TaskRef | None = None) -> Context:
    """The context with a piece of work for observers, and with the task that it is now known to be about."""
    scope = ctx.scope
    if not ctx.options.observers or (scope is not None and ref is None):
        return ctx
    from kie.telemetry._events import Work

    work = scope.work if scope else Work("call", model=ref.model if ref else None)
    return attrs.evolve(ctx, scope=Scope(work, scope.started if scope else 0.0, ref))


class _Facts(TypedDict):
    """The fields that every event has."""

    work: Work
    at: float
    ref: TaskRef | None


def _facts(ctx: Context, scope: Scope, ref: TaskRef | None = None) -> _Facts:
    return {"work": scope.work, "at": ctx.services.now(), "ref": ref or scope.ref}


def _failed(kind: WorkKind, ctx: Context, scope: Scope, error: BaseException, url: str) -> None:
    from kie.telemetry import _events as events

    name, facts = type(error).__name__, _facts(ctx, scope, ref_of(error))
    duration = facts["at"] - scope.started
    if kind == "upload":
        return ctx.emit(events.FileUploaded(**facts, duration=duration, error=name))
    if kind == "download":
        return ctx.emit(events.FileDownloaded(**facts, duration=duration, url=url, error=name))
    code, outcome = attribute_of(error, "code"), outcome_of(error, submitting=facts["ref"] is None)
    shown = str(code) if isinstance(code, (str, int)) else None
    status = attribute_of(error, "status")
    paid = status.credits if isinstance(status, TaskStatus) else None
    return ctx.emit(
        events.TaskFinished(**facts, duration=duration, outcome=outcome, code=shown, error=name, credits=paid)
    )


def ref_of(error: BaseException) -> TaskRef | None:
    """The task that an error is about; None for none."""
    ref = attribute_of(error, "ref")
    return ref if isinstance(ref, TaskRef) else None


def outcome_of(error: BaseException, *, submitting: bool) -> TaskOutcome:
    """How an error ends the work on a task."""
    match error:
        case TaskFailed():
            return "failed"
        case TaskTimeout():
            return "timeout"
        case SubmitUnknown():
            return "unknown"
        case _ if submitting and attribute_of(error, "task_created", False) is None:
            return "unknown"
        case ApiError() | BudgetExceeded() if submitting:
            return "refused"
        case Exception():
            return "error"
        case _:
            return "cancelled"


def _succeeded(ctx: Context, scope: Scope, value: object) -> None:
    from kie.telemetry._events import TaskFinished

    status = value.status if isinstance(value, AnyResult) else None
    facts, paid = _facts(ctx, scope, status.ref if status else None), status.credits if status else None
    ctx.emit(TaskFinished(**facts, duration=facts["at"] - scope.started, outcome="succeeded", credits=paid))


def estimated(ctx: Context, price: Estimate) -> None:
    """What a request will probably cost, before its media are uploaded."""
    if scope := ctx.scope:
        from kie.telemetry._events import TaskEstimated

        ctx.emit(TaskEstimated(**_facts(ctx, scope), estimate=price))


def refused(ctx: Context, error: BudgetExceeded) -> None:
    """A budget refused the possible cost of a request, or of a whole batch."""
    if scope := ctx.scope:
        from kie._core.estimates import TotalEstimate
        from kie.telemetry._events import BudgetRefused

        price = error.estimate
        many = len(price.parts) if isinstance(price, TotalEstimate) else 1
        ctx.emit(BudgetRefused(**_facts(ctx, scope), requests=many, needed=error.needed, left=error.left))


def submitted(ctx: Context, ref: TaskRef) -> None:
    """The service accepted a task: from here on the work is about it."""
    if scope := ctx.scope:
        from kie.telemetry._events import TaskSubmitted

        scope.ref = ref
        facts = _facts(ctx, scope)
        ctx.emit(TaskSubmitted(**facts, duration=facts["at"] - scope.started))


def about(ctx: Context, ref: TaskRef) -> None:
    """The work is about a task that is known already: nothing was submitted."""
    if ctx.scope:
        ctx.scope.ref = ref


def repeated(ctx: Context, failed: TaskFailed, attempt: int) -> None:
    """A task failed at no cost, and its request is submitted again."""
    if scope := ctx.scope:
        from kie.telemetry._events import TaskRepeated

        ctx.emit(TaskRepeated(**_facts(ctx, scope, failed.ref), attempt=attempt, code=failed.code))
        scope.ref = None  # later events are about the next task


def switched(ctx: Context, switch: Switch, error: BaseException) -> None:
    """A request failed at no cost, and another one is submitted instead."""
    if scope := ctx.scope:
        from kie.telemetry._events import TaskSwitched

        code = attribute_of(error, "code")
        shown = str(code) if isinstance(code, (str, int)) else None
        facts = _facts(ctx, scope, switch.ref)
        ctx.emit(TaskSwitched(**facts, failed=switch.model, to=switch.to, error=type(error).__name__, code=shown))
        scope.ref = None  # later events are about the next task


def polled(ctx: Context, ref: TaskRef, status: TaskStatus | None) -> None:
    """A task was polled; `status` is None if it has no record."""
    if scope := ctx.scope:
        from kie.telemetry._events import TaskPolled

        state, raw = (status.state, status.raw_state) if status else (None, None)
        ctx.emit(TaskPolled(**_facts(ctx, scope, ref), state=state, raw_state=raw))


def uploaded(ctx: Context, size: int | None) -> None:
    """An upload is done."""
    if scope := ctx.scope:
        from kie.telemetry._events import FileUploaded

        facts = _facts(ctx, scope)
        ctx.emit(FileUploaded(**facts, duration=facts["at"] - scope.started, bytes=size))


def downloaded(ctx: Context, url: str, size: int) -> None:
    """A download is done."""
    if scope := ctx.scope:
        from kie.telemetry._events import FileDownloaded

        facts = _facts(ctx, scope)
        ctx.emit(FileDownloaded(**facts, duration=facts["at"] - scope.started, url=url, bytes=size))


def limited(ctx: Context, bucket: Bucket, delay: float, *, refused: bool = False) -> None:
    """A request waits for its permit, or the service refused it with 429."""
    if scope := ctx.scope:
        from kie.telemetry._events import RequestLimited

        ctx.emit(RequestLimited(**_facts(ctx, scope), bucket=bucket, delay=delay, refused=refused))


def breaker_changed(ctx: Context, origin: str, change: Change) -> None:
    """A circuit changed its state."""
    if scope := ctx.scope:
        from kie.telemetry._events import BreakerChanged

        ctx.emit(BreakerChanged(**_facts(ctx, scope), origin=origin, before=change[0], after=change[1]))


class _Answered(TypedDict):
    status: int | None
    code: int | None
    error: str | None


@attrs.define
class Attempts:
    """Reports the attempts of one call: each is sent, answered, and perhaps followed by another."""

    ctx: Context
    operation: str
    method: str
    url: str
    number: int = 0
    _since: float = 0.0
    _last: _Answered | None = None

    def sent(self, number: int, size: int | None) -> None:
        """A request is about to be sent."""
        self.number = number
        if scope := self.ctx.scope:
            from kie.telemetry._events import RequestSent

            facts = _facts(self.ctx, scope)
            self._since = facts["at"]
            named = {"operation": self.operation, "method": self.method, "url": self.url}
            self.ctx.emit(RequestSent(**facts, **named, attempt=number, bytes=size))

    def answered(
        self, *, status: int | None = None, code: int | None = None, error: str | None = None, size: int | None = None
    ) -> None:
        """The result of the attempt."""
        if scope := self.ctx.scope:
            from kie.telemetry._events import RequestAnswered

            self._last = {"status": status, "code": code, "error": error}
            facts, named = (
                _facts(self.ctx, scope),
                {"operation": self.operation, "method": self.method, "url": self.url},
            )
            took = facts["at"] - self._since
            self.ctx.emit(
                RequestAnswered(**facts, **named, **self._last, attempt=self.number, bytes=size, duration=took)
            )

    def lost(self, failure: BaseException) -> None:
        """No answer came."""
        self.answered(error=fault(failure))

    def retried(self, delay: float) -> None:
        """Another attempt follows one that was answered or lost."""
        if (scope := self.ctx.scope) and self._last:
            from kie.telemetry._events import RequestRetried

            facts = _facts(self.ctx, scope)
            event = RequestRetried(**facts, **self._last, operation=self.operation, attempt=self.number, delay=delay)
            self.ctx.emit(event)


def fault(failure: BaseException) -> str:
    """The `error` value of an exchange without an answer."""
    if isinstance(failure, TransportError):
        return "timeout" if failure.timeout else "TransportFailed"
    return type(failure).__name__ if isinstance(failure, Exception) else "cancelled"
