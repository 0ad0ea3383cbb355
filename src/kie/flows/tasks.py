"""Floor 3: the life of a task: submit, look, wait. May import `core`, `policy`."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import TypeVar, cast

from kie.core.errors import (
    ApiError,
    ConfigError,
    KieError,
    SubmitUnknown,
    TaskFailed,
    TaskTimeout,
    TransportFailed,
)
from kie.core.json import JSONObject, pointer
from kie.core.request import Request
from kie.core.results import Result, Saver, read_result
from kie.core.tasks import TaskRef, TaskStatus
from kie.flows.check import examine
from kie.flows.effects import Flow, Luck, Notify, Now, Record, Sleep, WallTime, Warn
from kie.flows.exchange import Answer, OutcomeUnknown, OutOfTime, exchange
from kie.flows.lifecycles import Lifecycle, lifecycle
from kie.flows.options import Options
from kie.flows.reading import read_status, read_task_id
from kie.policy.codes import judge
from kie.policy.retry import no_retry

R = TypeVar("R", bound=Result)

PLACEHOLDER_CALLBACK = "https://callback.invalid/kie"
"""Sent where the service insists on a callback URL and the user gave none: `.invalid` can never resolve (RFC 2606)."""


LATE_GRACE = 10.0
"""Seconds for which a task that is taken up again may have no record: it may just have been submitted elsewhere."""


def submit(
    options: Options,
    request: Request[Result],
    *,
    deadline: float | None = None,
    before: Callable[[], object] | None = None,
) -> Flow[TaskRef]:
    """Check a request, upload its local media, and create the task: once.

    `before` is called when it is about to be sent for the first time. Raises what `check` and `upload` raise,
    `ApiError` for a refusal, `SubmitUnknown` where the task may exist, `OutOfTime` where it was not sent because
    `deadline` (monotonic) was too near.
    """
    row = lifecycle(request.info.lifecycle)
    shown = yield from examine(options, request)
    ready = (yield from _upload(options, request)) if shown else request
    body = with_callback(row, ready.to_wire(), options.callback_url)
    number: float = yield Luck()
    entry: JSONObject = {"id": f"{int(number * 2**53):014x}", "model": request.info.name, "lifecycle": row.name}
    sent_at: datetime | None = None

    def note() -> Flow[None]:
        nonlocal sent_at
        at: datetime = yield WallTime()
        yield Record(lambda: {**entry, "event": "submit", "at": at.isoformat(), "request": ready.fingerprint()})
        sent_at = at
        if before is not None:
            yield Notify(before, ())

    try:
        call = row.submission(body)
        answer = yield from exchange(options, call, deadline=deadline, overrides=row.codes, before=note)
        task_id = read_task_id(row, answer.document)
        if task_id is None:
            raise OutcomeUnknown("it was accepted, but the answer names no task")
    except OutcomeUnknown as unknown:
        yield from _record({**entry, "event": "unknown"})
        raise SubmitUnknown(request, cast("datetime", sent_at), why=unknown.message) from unknown.__cause__
    except KieError as error:
        created = error.task_created if isinstance(error, ApiError) else False
        if sent_at is not None:
            yield from _record({**entry, "event": "refused" if created is False else "unknown"})
        raise
    ref = TaskRef(task_id, row.name, request.info.model)
    yield from _record({**entry, "event": "task", "ref": str(ref)})
    if options.on_submitted is not None:
        yield Notify(options.on_submitted, (ref,))
    return ref


def _record(entry: JSONObject) -> Flow[None]:
    """Note what came of a submission. A disk that is full by now must not hide that it was accepted."""
    try:
        yield Record(lambda: entry)
    except ConfigError as error:
        yield Warn(f"{error.message}; it lacks: {entry}")


def _upload(options: Options, request: Request[Result]) -> Flow[Request[Result]]:
    from kie.flows.upload import upload_local

    return (yield from upload_local(options, request))


def with_callback(row: Lifecycle, body: JSONObject, url: str | None) -> JSONObject:
    """Put the callback URL where the lifecycle wants it; a placeholder where it insists and none was given."""
    field = row.callback.get("field")
    if field and url is None and row.callback.get("required"):
        url = PLACEHOLDER_CALLBACK
    return {**body, field: url} if field and url is not None else body


def look(
    options: Options, ref: TaskRef, *, deadline: float | None = None, patient: bool = True
) -> Flow[TaskStatus | None]:
    """Look at a task once. None means that there is no record (yet).

    With `patient`, transient errors are repeated by the retry policy; a waiting flow looks again by itself.
    """
    row = lifecycle(ref.lifecycle)
    try:
        answer: Answer = yield from exchange(
            options,
            row.reading(ref.id),
            retry=None if patient else no_retry(),
            deadline=deadline,
            overrides=row.codes,
        )
    except ApiError as error:
        meaning = judge(error.status, error.code, row.codes)
        if error.code in row.not_found["codes"] or (error.code is None and meaning.not_found):
            return None
        if meaning.ends_task:
            return TaskStatus(ref=ref, state="failed", fail_code=str(error.code), fail_message=error.service_message)
        raise
    document = answer.document
    if row.not_found.get("empty_data") and not pointer(document, "/data"):
        return None
    status = read_status(row, ref, document)
    if status.raw_state is not None and status.raw_state not in row.states:
        yield Warn(f"{row.title} reports the unknown state {status.raw_state!r}; taken as running")
    return status


def refresh(options: Options, ref: TaskRef) -> Flow[TaskStatus]:
    """Look at a task once. Raises `ApiError` where there is no record."""
    status = yield from look(options, ref)
    if status is None:
        raise _missing(ref)
    return status


def _missing(ref: TaskRef) -> ApiError:
    from kie.core.errors import NotFound

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


def _wait(options: Options, ref: TaskRef, *, fresh: bool) -> Flow[TaskStatus]:
    row = lifecycle(ref.lifecycle)
    started: float = yield Now()
    deadline = started + options.timeout
    grace = float(row.not_found["grace"]) if fresh else min(float(row.not_found["grace"]), LATE_GRACE)
    last: TaskStatus | None = None
    trouble = ""
    looks = failures = 0
    delay = options.poll.delay(0, (yield Luck())) if fresh else 0.0
    while True:
        now: float = yield Now()
        left = deadline - now
        if left < 0.5 and (looks or left <= 0):
            raise TaskTimeout(ref, elapsed=now - started, status=last, why=trouble)
        if delay > 0:
            yield Sleep(min(delay, max(left - 2, left / 2)))
        asked_for = 0.0
        try:
            status = yield from look(options, ref, deadline=deadline, patient=False)
        except OutOfTime as error:
            raise TaskTimeout(ref, elapsed=(yield Now()) - started, status=last, why=trouble or error.message) from None
        except (TransportFailed, ApiError) as error:
            if isinstance(error, ApiError) and not judge(error.status, error.code, row.codes).retry_read:
                raise
            failures, trouble = failures + 1, error.message
            asked_for = (error.retry_after or 0.0) if isinstance(error, ApiError) else 0.0
        else:
            failures, trouble = 0, ""
            now = yield Now()
            if status is None and now - started > grace:
                raise _missing(ref)
            if status is not None:
                last = status
                looks += 1
                if options.on_progress is not None:
                    yield Notify(options.on_progress, (status, now - started, looks))
                if status.done:
                    return status
        delay = options.poll.delay(looks + 2 * failures, (yield Luck()))
        delay = max(delay, min(asked_for, options.retry.retry_after_cap))


def finish(options: Options, ref: TaskRef, kind: str, saver: Saver, *, fresh: bool) -> Flow[Result]:
    """Wait for a task and read its result. Raises `TaskFailed`, `TaskTimeout`, `ResultInvalid`."""
    status = yield from wait(options, ref, fresh=fresh)
    yield from _record({"event": "end", "ref": str(ref), "state": status.state})
    return result_of(status, kind, saver)


def result_of(status: TaskStatus, kind: str, saver: Saver | None) -> Result:
    """The result of an ended task, or the error that it ended with."""
    if status.state == "failed":
        raise TaskFailed(status.ref, code=status.fail_code, service_message=status.fail_message, status=status)
    return read_result(kind, status, saver)


def run(options: Options, request: Request[R], saver: Saver) -> Flow[R]:
    """Submit a request and wait for its result: the whole life of a task."""
    ref = yield from submit(options, request)
    result = yield from finish(options, ref, request.info.result, saver, fresh=True)
    return cast(R, result)


def kind_of(ref: TaskRef, default: str = "json") -> str:
    """The kind of result of a task that was taken up by its ref: what the catalog says of its model."""
    from kie import catalog

    entry = catalog.find(ref.model) if ref.model else None
    return entry.result if entry else default


def finish_any(options: Options, ref: TaskRef, saver: Saver) -> Flow[Result]:
    """Wait for a task whose request is not at hand. The model in its record tells the kind of result."""
    status = yield from wait(options, ref, fresh=False)
    yield from _record({"event": "end", "ref": str(ref), "state": status.state})
    return result_of(status, kind_of(status.ref), saver)
