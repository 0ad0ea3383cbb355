"""Tasks: wait for the end of a task, and read its result. May import every room below."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Sequence
from typing import TypeAlias, TypeGuard

import attrs

from kie._core.errors import (
    ApiError,
    CircuitOpen,
    ConfigError,
    Forbidden,
    InsufficientCredits,
    KeyLimitReached,
    ModelRetired,
    NotFound,
    RateLimited,
    ResultInvalid,
    TaskFailed,
    TaskTimeout,
    TransportFailed,
    Unauthorized,
    annotate,
)
from kie._core.planned import Origin, Wanted
from kie._core.request import Request
from kie._core.result_types import read_result
from kie._core.results import AnyResult, Result, Switch
from kie._core.status import TaskStatus
from kie._core.tasks import TaskRef
from kie._exchange.exchange import OutOfTime
from kie._flow.context import Context
from kie._flow.effects import Callbacks, Flow, Listen, Notify
from kie._flow.events import ref_of, repeated, switched, traced
from kie._policy.codes import judge
from kie._policy.limits import Permit
from kie._records.lifecycles import Lifecycle, lifecycle
from kie._tasks.awaiting import Awaited, awaited
from kie._tasks.poll import kind_of, missing, poll, settled
from kie._tasks.submit import record, submit

Bind: TypeAlias = Callable[[Result], AnyResult]
"""Binds a result to a client, so that it can save itself."""

OF_ACCOUNT = (Unauthorized, Forbidden, InsufficientCredits, KeyLimitReached, RateLimited)
"""Refusals that concern the account, so another request would be refused as well."""

LATE_GRACE = 10.0
"""Seconds for which a task from an earlier ref may have no record: it may just have been submitted elsewhere."""


def wait(ctx: Context, ref: TaskRef, *, fresh: bool) -> Flow[TaskStatus]:
    """Poll a task until it has ended, and return its last status, also of a failed one.

    Raises `ConfigError` for `via` where tasks are not reported, `TaskTimeout` at the deadline, and an `ApiError` that
    polling again would not help, such as a wrong key.
    """
    waiting = _Waiting.begin(ctx, ref, fresh=fresh)
    deadline = waiting.started + ctx.options.timeout
    while True:
        via = waiting.listening(deadline)
        if via is not None:
            yield from waiting.listen(via, deadline)
        try:
            permit = (yield from waiting.permit(deadline)) if via is None else None
            asked = permit.at if permit is not None else waiting.now
            status = yield from poll(ctx, ref, deadline=deadline, patient=False, permit=permit)
        except OutOfTime as error:
            raise waiting.timeout(ctx.services.now(), waiting.trouble or error.message) from None
        except (TransportFailed, CircuitOpen, ApiError) as error:
            waiting.failed(error)
            continue
        ended = yield from waiting.saw(status, asked)
        if ended is not None:
            return ended


@attrs.define(eq=False)
class _Waiting:
    """A wait for one task. `polls` counts the polls that found a record, `failures` those since then that did not."""

    ctx: Context
    ref: TaskRef
    row: Lifecycle
    fresh: bool
    started: float
    now: float
    task: Awaited
    via: Callbacks | None
    last: TaskStatus | None = None
    trouble: str = ""
    polls: int = 0
    failures: int = 0
    asked_for: float = 0.0

    @classmethod
    def begin(cls, ctx: Context, ref: TaskRef, *, fresh: bool) -> _Waiting:
        row = lifecycle(ref.lifecycle)
        now = ctx.services.now()
        task = awaited(ctx, ref, fresh=fresh, at_once=not fresh or row.kind != "poll")
        via = ctx.options.via
        if via is not None:
            reported = [operation.callback for operation in row.submit.values()]
            if not fresh and "via" in ctx.given and not any(reported):
                raise ConfigError(f"tasks of {row.title} are never reported: leave out via, and task {ref} is polled")
            via = via if reported and all(reported) else None
        return cls(ctx, ref, row, fresh, now, now, task, via)

    def listening(self, deadline: float) -> Callbacks | None:
        """The callbacks to wait for before the next poll, if any. Raises `TaskTimeout` if no poll fits any more."""
        left, begun = deadline - self.now, bool(self.polls or self.failures)
        if left < 0.5 and (begun or left <= 0):
            raise self.timeout(self.now, self.trouble)
        return self.via if self.fresh or begun else None

    def timeout(self, now: float, why: str) -> TaskTimeout:
        """The error for a task that has not ended in time."""
        return TaskTimeout(self.ref, elapsed=now - self.started, status=self.last, why=why)

    def listen(self, via: Callbacks, deadline: float) -> Flow[None]:
        """Wait for a callback, but not forever: it may get lost."""
        left = deadline - self.now
        seconds = min(self.ctx.options.poll.while_listening, max(left - 2, left / 2))
        if (yield from Listen(via, self.ref.id, seconds)):
            self.via = None  # the record may lag behind the callback, so it is polled from now on
        self.now = self.ctx.services.now()

    def permit(self, deadline: float) -> Flow[Permit]:
        """Wait until the task should be polled."""
        return self.task.permit(self.now, failures=self.failures, pause=self.asked_for, deadline=deadline)

    def failed(self, error: TransportFailed | CircuitOpen | ApiError) -> None:
        """Record that a poll failed. Raises the error if polling again would not help."""
        if isinstance(error, ApiError) and not judge(error.status, error.code, self.row.codes).retry_read:
            raise error
        self.failures, self.trouble = self.failures + 1, error.message
        asked_for = 0.0 if isinstance(error, TransportFailed) else error.retry_after or 0.0
        self.asked_for = min(asked_for, self.ctx.options.retry.retry_after_cap)
        self.now = self.ctx.services.now()

    def saw(self, status: TaskStatus | None, asked: float) -> Flow[TaskStatus | None]:
        """Record what a poll found. Returns the status if the task has ended."""
        self.asked_for, self.trouble, self.now = 0.0, "", self.ctx.services.now()
        if status is None:
            grace = float(self.row.not_found["grace"])
            grace = grace if self.fresh else min(grace, LATE_GRACE)
            if self.last is None and self.now - self.started > grace:
                raise missing(self.ctx, self.ref)
            self.failures += 1
            return None
        self.failures, self.last, self.polls = 0, status, self.polls + 1
        self.task.saw(status, asked, self.now)
        if self.ctx.options.on_progress is not None:
            yield from Notify(self.ctx.options.on_progress, (status, self.now - self.started, self.polls))
            self.now = self.ctx.services.now()
        return status if status.done else None


def finish(
    ctx: Context, ref: TaskRef, kind: str | None, bind: Bind, *, fresh: bool, status: TaskStatus | None = None
) -> Flow[AnyResult]:
    """Wait for a task, unless its last `status` is known, and read its result.

    `kind` is the kind of its result; None takes that of the model in its record. Raises `TaskFailed`, `TaskTimeout`,
    `ResultInvalid`. Any other error names the task.
    """
    try:
        return (yield from _finish(ctx, ref, kind, bind, fresh=fresh, status=status))
    except BaseException as error:
        if not isinstance(error, (TaskFailed, TaskTimeout, ResultInvalid)):
            note = f"task {ref} is not lost: client.task('{ref}').wait() or `kie wait {ref}` waits for it"
            annotate(error, note, ref=ref)
        if ctx.options.library is not None and isinstance(error, (TaskTimeout, NotFound)):
            from kie._tasks.keeping import given_up

            yield from given_up(ctx, ctx.options.library, ref, kind, error)
        raise


@traced("wait")
def _finish(
    ctx: Context, ref: TaskRef, kind: str | None, bind: Bind, *, fresh: bool, status: TaskStatus | None
) -> Flow[AnyResult]:
    if status is None:
        status = yield from wait(ctx, ref, fresh=fresh)
    if ctx.services.keeps_journal:
        yield from record(ctx, {"event": "end", "ref": str(ref), "state": status.state})
    yield from settled(ctx, status)
    kind = kind or kind_of(status.ref, status.kind)
    if ctx.options.library is not None:
        from kie._tasks.keeping import finished

        yield from finished(ctx, ctx.options.library, status, kind)
    return bind(result_of(status, kind))


def result_of(status: TaskStatus, kind: str) -> Result:
    """The result of an ended task. Raises the error that it ended with."""
    if status.state == "failed":
        raise TaskFailed(status.ref, code=status.fail_code, service_message=status.fail_message, status=status)
    return read_result(kind, status)


@traced("task")
def run(
    ctx: Context,
    request: Request[Result],
    bind: Bind,
    label: str | None = None,
    alternatives: Sequence[Wanted] = (),
    origin: Origin | None = None,
) -> Flow[AnyResult]:
    """Submit a request and wait for its result: the whole life of a task, or of those that failed at no cost.

    The alternatives are submitted instead, one after the other, each only if nothing was paid for those before it.
    `origin` is how a plan came to the request, for the library.
    """
    waiting = deque(alternatives)
    switches: list[Switch] = []
    while True:
        try:
            result = yield from _run(ctx, Wanted(request, origin), bind, label)
        except BaseException as error:
            if not waiting or not may_switch(error):
                if switches:
                    annotate(error, "before it: " + "; ".join(map(str, switches)), switches=tuple(switches))
                raise
            other = waiting.popleft()
            to = other.request.info.name
            switches.append(Switch(model=request.info.name, to=to, why=error.message, ref=ref_of(error)))
            ctx.services.warn(str(switches[-1]))
            switched(ctx, switches[-1], error)
            request, origin = other.request, other.origin
            continue
        return attrs.evolve(result, switches=tuple(switches)) if switches else result


def may_switch(error: BaseException) -> TypeGuard[TaskFailed | ModelRetired | ApiError]:
    """Whether another request may be submitted: nothing was paid, and the refusal does not concern the account."""
    match error:
        case TaskFailed():
            return error.status is not None and error.status.credits == 0
        case ApiError():
            return ref_of(error) is None and error.task_created is False and not isinstance(error, OF_ACCOUNT)
        case _:
            return isinstance(error, ModelRetired)


def _run(ctx: Context, wanted: Wanted, bind: Bind, label: str | None) -> Flow[AnyResult]:
    """Run one request, and run it again after tasks that failed at no cost, as often as the options allow."""
    attempt = 1
    while True:
        started = yield from submit(ctx, wanted.request, label=label, origin=wanted.origin)
        kind = wanted.request.info.result
        try:
            return (yield from finish(ctx, started.ref, kind, bind, fresh=started.fresh, status=started.status))
        except TaskFailed as failed:
            if not submitted_again(ctx, failed, attempt):
                raise
            attempt += 1


def submitted_again(ctx: Context, failed: TaskFailed, attempt: int) -> bool:
    """Whether to submit a request again after its task failed; if so, observers are told. `attempt` counts from 1."""
    if attempt > ctx.options.retry_free or not cost_nothing(failed.status):
        if attempt > 1:
            annotate(failed, f"it was submitted {attempt} times: the earlier tasks also failed at no cost")
        return False
    why = f"{failed.code}: {failed.service_message}" if failed.service_message else str(failed.code)
    ctx.services.warn(f"task {failed.ref} failed at no cost ({why}): it is submitted again, {attempt + 1} in all")
    repeated(ctx, failed, attempt)
    return True


def cost_nothing(status: TaskStatus | None) -> bool:
    """Whether a task failed inside the service or behind it, and the service says that it cost nothing."""
    code = status.fail_code if status is not None else None
    if status is None or code is None or not code.isdecimal():
        return False
    inside = judge(200, int(code)).error in ("ServerError", "Maintenance")
    return inside and status.credits == 0
