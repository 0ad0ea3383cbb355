"""Floor 3: the life of a task: submit, look, wait. May import `core`, `policy`."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import TypeVar, cast

import attrs

from kie._core.errors import (
    ApiError,
    CircuitOpen,
    ConfigError,
    KieError,
    SubmitUnknown,
    TaskFailed,
    TaskTimeout,
    TransportFailed,
)
from kie._core.issues import Issue
from kie._core.json import JSONObject, pointer
from kie._core.request import Request, invalid, unknown_references
from kie._core.result_types import read_result
from kie._core.results import Result, Saver
from kie._core.tasks import HasRef, TaskRef, TaskStatus
from kie._exchange.exchange import Answer, OutcomeUnknown, OutOfTime, exchange
from kie._flow.effects import Flow, Listen, Notify
from kie._flow.events import polled, scoped, submitted, traced
from kie._flow.options import Options
from kie._policy.codes import judge
from kie._policy.limits import Place
from kie._policy.retry import no_retry
from kie._records.lifecycles import Submission, lifecycle
from kie._records.reading import read_status, read_task_id
from kie._tasks.awaiting import awaited
from kie._tasks.check import examine

R = TypeVar("R", bound=Result)


@attrs.frozen
class Started:
    """A task that was created. `status` is its last one already, where the family answers at once."""

    ref: TaskRef
    status: TaskStatus | None = None


PLACEHOLDER_CALLBACK = "https://callback.invalid/kie"
"""Sent where the service insists on a callback URL and the user gave none: `.invalid` can never resolve (RFC 2606)."""


LATE_GRACE = 10.0
"""Seconds for which a task that is taken up again may have no record: it may just have been submitted elsewhere."""


def submit(options: Options, request: Request[Result]) -> Flow[TaskRef]:
    """Check a request, upload its local media, and create the task: once. Raises what `begin` raises."""
    return (yield from begin(options, request)).ref


@traced("submit")
def begin(
    options: Options,
    request: Request[Result],
    *,
    deadline: float | None = None,
    before: Callable[[], object] | None = None,
) -> Flow[Started]:
    """Check a request, upload its local media, and create the task: once.

    A family that answers at once gives the status as well; one whose reads make the result is not submitted at all.
    `before` is called when it is about to be sent for the first time. Raises what `check` and `upload` raise,
    `ApiError` for a refusal, `SubmitUnknown` where the task may exist, `OutOfTime` where it was not sent because
    `deadline` (monotonic) was too near.
    """
    row = lifecycle(request.info.lifecycle)
    callback_url = options.via.url if options.via is not None else options.callback_url
    world = options.world
    shown = examine(options, request)
    yield from examine_references(options, request)
    ready = (yield from _upload(options, request)) if shown else request
    if row.kind == "read-until-ready":
        return Started(TaskRef(row.read_id(ready.to_wire()), row.name, request.info.name))
    submission = row.submission(request.info.operation)
    body = with_callback(submission, ready.to_wire(), callback_url)
    key = f"{int(world.luck() * 2**53):014x}"
    entry: JSONObject = {"id": key, "model": request.info.name, "lifecycle": row.name}
    sent_at: datetime | None = None

    def note() -> Flow[None]:
        nonlocal sent_at
        at = world.wall()
        world.record(lambda: {**entry, "event": "submit", "at": at.isoformat(), "request": ready.fingerprint()})
        sent_at = at
        if before is not None:
            yield Notify(before, ())

    try:
        call = submission.call(body)
        answer = yield from exchange(options, call, deadline=deadline, overrides=row.codes, before=note)
        task_id = read_task_id(row, answer.document) or (key if row.kind == "immediate" else None)
        if task_id is None:
            raise OutcomeUnknown("it was accepted, but the answer names no task")
    except OutcomeUnknown as unknown:
        _record(options, {**entry, "event": "unknown"})
        raise SubmitUnknown(request, cast("datetime", sent_at), why=unknown.message) from unknown.__cause__
    except KieError as error:
        created = error.task_created if isinstance(error, ApiError) else False
        if sent_at is not None:
            _record(options, {**entry, "event": "refused" if created is False else "unknown"})
        raise
    ref = TaskRef(task_id, row.name, request.info.name)
    _record(options, {**entry, "event": "task", "ref": str(ref)})
    world.begun(str(ref), world.now())
    submitted(options, ref)
    if options.on_submitted is not None:
        yield Notify(options.on_submitted, (ref,))
    return Started(ref, read_status(row, ref, answer.document) if row.kind == "immediate" else None)


def _record(options: Options, entry: JSONObject) -> None:
    """Note what came of a submission. A disk that is full by now must not hide that it was accepted."""
    try:
        options.world.record(lambda: entry)
    except ConfigError as error:
        options.world.warn(f"{error.message}; it lacks: {entry}")


def _upload(options: Options, request: Request[Result]) -> Flow[Request[Result]]:
    from kie._tasks.upload import upload_local

    return (yield from upload_local(options, request))


def with_callback(submission: Submission, body: JSONObject, url: str | None) -> JSONObject:
    """Put the callback URL where the operation wants it; a placeholder where it insists and none was given."""
    field = submission.callback
    if field and url is None and submission.callback_required:
        url = PLACEHOLDER_CALLBACK
    return {**body, field: url} if field and url is not None else body


def look(
    options: Options, ref: TaskRef, *, deadline: float | None = None, patient: bool = True, place: Place | None = None
) -> Flow[TaskStatus | None]:
    """Look at a task once. None means that there is no record (yet).

    With `patient`, transient errors are repeated by the retry policy; a waiting flow looks again by itself. `place`:
    the one that the look has under the limit.
    """
    row = lifecycle(ref.lifecycle)
    options = scoped(options, ref)
    try:
        answer: Answer = yield from exchange(
            options,
            row.reading(ref.id),
            retry=None if patient else no_retry(),
            deadline=deadline,
            overrides=row.codes,
            place=place,
        )
    except ApiError as error:
        meaning = judge(error.status, error.code, row.codes)
        if error.code in row.not_ready:
            status = TaskStatus(ref=ref, state="running", raw_state=str(error.code), kind=row.result)
            polled(options, ref, status)
            return status
        if error.code in row.not_found["codes"] or (error.code is None and meaning.not_found):
            polled(options, ref, None)
            return None
        if meaning.ends_task:
            status = TaskStatus(
                ref=ref, state="failed", kind=row.result, fail_code=str(error.code), fail_message=error.service_message
            )
            polled(options, ref, status)
            return status
        raise
    document = answer.document
    if row.not_found.get("empty_data") and not pointer(document, "/data"):
        polled(options, ref, None)
        return None
    status = read_status(row, ref, document)
    polled(options, ref, status)
    if status.raw_state is not None and status.raw_state not in row.states:
        options.world.warn(f"{row.title} reports the unknown state {status.raw_state!r}; taken as running")
    return status


def examine_references(options: Options, request: Request[Result]) -> Flow[None]:
    """Look at the earlier tasks that a request builds on, where it needs them finished and that is not known yet.

    A look is free, while the service accepts some requests on tasks that cannot work, and charges for them. Raises
    `RequestInvalid` with every fault.
    """
    issues: list[Issue] = []
    for path, value, families in unknown_references(request):
        refs = [value.ref] if isinstance(value, HasRef) else [TaskRef(value, name) for name in families]
        statuses: list[TaskStatus] = []
        for ref in refs:
            if lifecycle(ref.lifecycle).poll is not None:
                status = yield from look(options, ref)
                statuses += [status] if status is not None else []
        if not statuses:
            names = " or ".join(lifecycle(name).title for name in families)
            issues.append(
                Issue(path, "references", f"there is no record of task {refs[0]} (any more); it needs one of {names}")
            )
        elif statuses[0].state != "succeeded":
            issues.append(Issue(path, "references", f"needs a finished task; {statuses[0].ref} is {statuses[0].state}"))
        elif statuses[0].expired:
            issues.append(Issue(path, "references", f"the result of task {statuses[0].ref} has expired"))
    if issues:
        raise invalid(request, issues)


def refresh(options: Options, ref: TaskRef, *others: TaskRef) -> Flow[TaskStatus]:
    """Look at a task once; where it has no record, under the other refs. Raises `ApiError` if none has one."""
    for candidate in (ref, *others):
        status = yield from look(options, candidate)
        if status is not None:
            return status
    raise _missing(ref)


def _missing(ref: TaskRef) -> ApiError:
    from kie._core.errors import NotFound

    return NotFound(f"there is no record of task {ref}", status=200, code=404, hint="ids are kept for about 14 days")


def wait(options: Options, ref: TaskRef, *, fresh: bool) -> Flow[TaskStatus]:
    """Look at a task until it has ended, and return its last status, also of a failed one.

    Raises `TaskTimeout` at the deadline, and an `ApiError` that will not go away by itself (a wrong key, say).
    """
    try:
        return (yield from _wait(options, ref, fresh=fresh))
    except BaseException as error:
        if not isinstance(error, TaskTimeout):
            error.add_note(f"task {ref} is not lost: client.task('{ref}').wait() or `kie wait {ref}` takes it up")
        raise


def _wait(options: Options, ref: TaskRef, *, fresh: bool) -> Flow[TaskStatus]:  # noqa: PLR0915 - one loop
    row = lifecycle(ref.lifecycle)
    world = options.world
    started = world.now()
    deadline = started + options.timeout
    grace = float(row.not_found["grace"]) if fresh else min(float(row.not_found["grace"]), LATE_GRACE)
    task = awaited(options, ref, fresh=fresh, at_once=not fresh or row.kind != "poll")
    last: TaskStatus | None = None
    trouble = ""
    looks = failures = 0
    asked_for = 0.0
    reports = bool(row.submit) and all(operation.callback for operation in row.submit.values())
    via = options.via if reports else None
    now = started
    while True:
        left = deadline - now
        if left < 0.5 and (looks or failures or left <= 0):
            raise TaskTimeout(ref, elapsed=now - started, status=last, why=trouble)
        listening = via is not None and bool(fresh or looks or failures)
        if via is not None and listening:
            heard = yield Listen(via, ref.id, min(options.poll.while_listening, max(left - 2, left / 2)))
            via = None if heard else via  # the record may lag behind the callback: polled then
            now = world.now()
        place: Place | None = None
        try:
            if not listening:
                place = yield from task.turn(now, looks=looks, failures=failures, pause=asked_for, deadline=deadline)
            asked: float = place.at if place is not None else now
            status = yield from look(options, ref, deadline=deadline, patient=False, place=place)
        except OutOfTime as error:
            raise TaskTimeout(ref, elapsed=world.now() - started, status=last, why=trouble or error.message) from None
        except (TransportFailed, CircuitOpen, ApiError) as error:
            if isinstance(error, ApiError) and not judge(error.status, error.code, row.codes).retry_read:
                raise
            failures, trouble = failures + 1, error.message
            asked_for = 0.0 if isinstance(error, TransportFailed) else error.retry_after or 0.0
            asked_for = min(asked_for, options.retry.retry_after_cap)
            now = world.now()
            continue
        asked_for, trouble = 0.0, ""
        now = world.now()
        if status is None:
            if last is None and now - started > grace:
                raise _missing(ref)
            failures += 1
            continue
        failures, last = 0, status
        looks += 1
        task.saw(status, asked, now)
        if options.on_progress is not None:
            yield Notify(options.on_progress, (status, now - started, looks))
            now = world.now()
        if status.done:
            return status


@traced("wait")
def finish(
    options: Options, ref: TaskRef, kind: str | None, saver: Saver, *, fresh: bool, status: TaskStatus | None = None
) -> Flow[Result]:
    """Wait for a task, unless its last `status` is known, and read its result.

    `kind` is what it gives; None goes by the model in its record. Raises `TaskFailed`, `TaskTimeout`, `ResultInvalid`.
    """
    if status is None:
        status = yield from wait(options, ref, fresh=fresh)
    _record(options, {"event": "end", "ref": str(ref), "state": status.state})
    return result_of(status, kind or kind_of(status.ref, status.kind), saver)


def result_of(status: TaskStatus, kind: str, saver: Saver | None) -> Result:
    """The result of an ended task, or the error that it ended with."""
    if status.state == "failed":
        raise TaskFailed(status.ref, code=status.fail_code, service_message=status.fail_message, status=status)
    return read_result(kind, status, saver)


@traced("task")
def run(options: Options, request: Request[R], saver: Saver) -> Flow[R]:
    """Submit a request and wait for its result: the whole life of a task."""
    started = yield from begin(options, request)
    result = yield from finish(options, started.ref, request.info.result, saver, fresh=True, status=started.status)
    return cast(R, result)


def kind_of(ref: TaskRef, default: str) -> str:
    """The kind of result of a task that was taken up by its ref: what the catalog says of its model."""
    from kie import catalog

    entry = catalog.find(ref.model) if ref.model else None
    return entry.result if entry else default
