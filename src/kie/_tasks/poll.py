"""Tasks: poll a task once. May import `_core`, `_exchange`, `_flow`, `_policy`, `_records`, `catalog`."""

from __future__ import annotations

from kie._core.errors import ApiError, ConfigError, NotFound, TransportFailed
from kie._core.json import JSON, pointer
from kie._core.request import Request
from kie._core.results import Result
from kie._core.status import TaskStatus
from kie._core.tasks import HasRef, TaskRef, is_usable_id
from kie._exchange.breaking import origin_of
from kie._exchange.exchange import exchange
from kie._flow import events
from kie._flow.context import Context
from kie._flow.effects import Flow
from kie._flow.options import of_kind
from kie._policy.codes import judge
from kie._policy.limits import Permit
from kie._policy.retry import no_retry
from kie._records.lifecycles import Lifecycle, lifecycle
from kie._records.reading import read_status, read_task_id


def poll(
    ctx: Context, ref: TaskRef, *, deadline: float | None = None, patient: bool = True, permit: Permit | None = None
) -> Flow[TaskStatus | None]:
    """Poll a task once. None means that it has no record (yet).

    With `patient`, a poll is repeated after transient errors, by the retry policy; a waiting flow polls again by
    itself. `permit` is a permit that the poll already has.
    """
    row = lifecycle(ref.lifecycle)
    ctx = events.scoped(ctx, ref)
    try:
        answer = yield from exchange(
            ctx,
            row.reading(ref.id),
            retry=None if patient else no_retry(),
            deadline=deadline,
            overrides=row.codes,
            permit=permit,
        )
    except ApiError as error:
        status = _status_of(error, ref, row)
    else:
        _check_owner(answer.document, ref, row)
        empty = row.not_found.get("empty_data") and not pointer(answer.document, "/data")
        status = None if empty else read_status(row, ref, answer.document, answer.body)
        if status and status.raw_state is not None and status.raw_state not in row.states:
            ctx.services.warn(
                f"{row.title} reports the unknown state {status.raw_state!r}; it is taken as {status.state}"
            )
        if status and status.searched:
            ctx.services.warn(
                f"{ref} succeeded, but its record names no file where {row.title} does; {len(status.urls)} URLs were "
                "found by searching it: check that they are the results"
            )
    events.polled(ctx, ref, status)
    return status


def _check_owner(document: JSON, ref: TaskRef, row: Lifecycle) -> None:
    """Refuse the record of another task, as from a cache or a mixed-up connection. Raises `TransportFailed`."""
    named = read_task_id(row, document)
    if named is not None and named != ref.id:
        raise TransportFailed(f"the answer is the record of another task ({named[:80]}), not of {ref.id}", sent=True)


def _status_of(error: ApiError, ref: TaskRef, row: Lifecycle) -> TaskStatus | None:
    """Read a status from a refusal; None if it says that there is no record. Raises the refusal if it says neither."""
    meaning = judge(error.status, error.code, row.codes)
    if error.code in row.not_ready:
        return TaskStatus(ref=ref, state="running", raw_state=str(error.code), kind=row.result)
    if error.code in row.not_found["codes"] or (error.code is None and meaning.not_found):
        return None
    if not meaning.ends_task:
        raise error
    code = str(error.code)
    return TaskStatus(ref=ref, state="failed", kind=row.result, fail_code=code, fail_message=error.service_message)


def refresh(ctx: Context, ref: TaskRef, *others: TaskRef) -> Flow[TaskStatus]:
    """Poll a task once; if it has no record, try its other refs. Raises `ApiError` if none has one."""
    for candidate in (ref, *others):
        status = yield from poll(ctx, candidate)
        if status is not None:
            yield from settled(ctx, status)
            if ctx.options.library is not None and status.done:
                from kie._tasks.keeping import finished

                kind = kind_of(status.ref, status.kind)
                yield from finished(ctx, ctx.options.library, status, kind, fetch=False)
            return status
    raise missing(ctx, ref)


def settled(ctx: Context, status: TaskStatus) -> Flow[None]:
    """Report the cost of an ended task to the budget, if there is one."""
    if ctx.budget is not None and status.done:
        from kie._tasks.budgeting import settle

        yield from settle(ctx, ctx.budget, status)


def missing(ctx: Context, ref: TaskRef) -> ApiError:
    """The error for a task without a record."""
    error = NotFound(f"there is no record of task {ref}", status=200, code=404, hint="ids are kept for about 14 days")
    error.origin = origin_of(ctx.options.base_url)
    return error


def ref_of(task: str | HasRef, of: type[Request[Result]] | None = None) -> TaskRef:
    """The ref of a task. Raises `ConfigError` if the request class `of` is of another family or model."""
    of_kind("a task", task, (str, HasRef), "an id, or anything with a ref")
    if isinstance(task, str) and not task.strip():
        raise ConfigError("the id of a task cannot be empty")
    found = TaskRef.parse(task) if isinstance(task, str) else task.ref
    if not is_usable_id(found.id):
        raise ConfigError(
            f"no task can be polled by the id {found.id[:100]!a}, which cannot be sent: copy it from a journal or from "
            "https://kie.ai/logs"
        )
    if of is None:
        return found
    asked: object = of
    if not (isinstance(asked, type) and issubclass(asked, Request)) or not hasattr(asked, "info"):
        raise ConfigError(f"of must be a request class of kie.models, not {of!r}")
    family = of.info.lifecycle
    if isinstance(task, str) and ":" not in task:
        return TaskRef(found.id, family, of.info.name)
    if found.lifecycle != family:
        raise ConfigError(f"task {found} belongs to {found.lifecycle}, but {of.__name__} to {family}: leave out of=")
    if found.model is None:
        return TaskRef(found.id, family, of.info.name)
    from kie import catalog

    known = catalog.find(found.model)
    if known is not None and known.id != of.info.name:
        raise ConfigError(f"task {found} is of {known.id}, not of {of.info.name} ({of.__name__}): leave out of=")
    return found


def kind_of(ref: TaskRef, default: str) -> str:
    """The kind of result of a task that is only known by its ref, from the catalog's entry of its model."""
    from kie import catalog

    entry = catalog.find(ref.model) if ref.model else None
    return entry.result if entry else default
