"""Tasks: check a request, upload its local media, and create the task: once. May import `_core`, `_exchange`, `_flow`,
`_records`."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import TYPE_CHECKING, cast

import attrs

from kie._core.call import SIMULATOR
from kie._core.errors import ConfigError, KieError, SubmitUnknown, annotate, forget, name_task
from kie._core.issues import Issue
from kie._core.journal_entry import JournalEntry
from kie._core.json import JSONObject
from kie._core.planned import Origin
from kie._core.request import Request, invalid, unknown_references
from kie._core.results import Result
from kie._core.safe_text import attribute_of, described, repr_of
from kie._core.status import TaskStatus
from kie._core.tasks import HasRef, TaskRef, is_usable_id
from kie._exchange.answers import Answer
from kie._exchange.exchange import MAY_EXIST, OutcomeUnknown, exchange
from kie._flow import events
from kie._flow.context import Context
from kie._flow.effects import Flow, Inspected, Notify, Recall, Record, surely
from kie._flow.options import of_kind
from kie._records.lifecycles import Lifecycle, Submission, lifecycle
from kie._records.reading import find_task_id, read_status
from kie._tasks.check import examine, known_request
from kie._tasks.poll import poll

if TYPE_CHECKING:
    from kie._core.price_counters import Seconds

PLACEHOLDER_CALLBACK = "https://callback.invalid/kie"
"""Sent if the service requires a callback URL and the user gave none: `.invalid` can never resolve (RFC 2606)."""


@attrs.frozen
class Started:
    """A task that was created. If its family answers at once, `status` is already its final status.

    It is not `fresh` if an earlier submission created it. `lengths` has the lengths of local media that its price
    depends on.
    """

    ref: TaskRef
    status: TaskStatus | None = None
    fresh: bool = True
    lengths: Seconds = attrs.field(factory=dict)


@events.traced("submit")
def submit(
    ctx: Context,
    request: Request[Result],
    *,
    label: str | None = None,
    deadline: float | None = None,
    before: Callable[[], Flow[None]] | None = None,
    paused: Callable[[], Flow[None]] | None = None,
    origin: Origin | None = None,
) -> Flow[Started]:
    """Check a request, upload its local media, and create the task: once.

    For a family that answers at once, the status is returned as well; one whose reads make the result is not submitted
    at all.

    Args:
        ctx: Options and services.
        request: What to submit.
        label: The user's own name for it: if the journal knows a submission of that name, it is not made again.
        deadline: When it is too late to begin, in monotonic seconds.
        before: A flow that runs just before the request is sent, each time.
        paused: A flow that runs before a pause, after an attempt that created nothing.
        origin: How a plan came to the request, for the library.

    Returns:
        The task.

    Raises:
        RequestInvalid: The request, its media or its references are invalid; nothing was sent.
        ModelRetired: The vendor has withdrawn the model.
        ApiError: The service refused.
        SubmitUnknown: The task may exist.
        BudgetExceeded: It may cost more than the budget allows; nothing was uploaded or sent.
        ConfigError: The library certainly cannot keep it; nothing was uploaded or sent.
        OutOfTime: It was not sent, because `deadline` was too near.
    """
    known_request(request)
    if label is not None:
        earlier = yield from Recall(known_label(ctx, label), ctx.options.base_url)
        if earlier is not None:
            return (yield from _earlier(ctx, request, earlier))
    if ctx.options.library is not None:
        from kie._tasks.keeping import expected

        yield from expected(ctx, ctx.options.library)
    body, local = yield from examine(ctx, request)
    callback_url = _callback_url(ctx, request)
    yield from examine_references(ctx, request)
    key = f"{int(ctx.services.random() * 2**53):014x}"
    sending = _create(
        ctx,
        request,
        body,
        local,
        callback_url,
        key,
        label=label,
        deadline=deadline,
        before=before,
        paused=paused,
        origin=origin,
    )
    if ctx.budget is not None or ctx.scope is not None:
        from kie._tasks.budgeting import within_budget

        sending = within_budget(ctx, request, body, local, key, sending)
    try:
        return (yield from sending)
    except _LabelTaken as taken:
        return (yield from _earlier(ctx, request, taken.entry))


def _create(
    ctx: Context,
    request: Request[Result],
    body: JSONObject,
    local: Mapping[str, Inspected],
    callback_url: str | None,
    key: str,
    *,
    label: str | None,
    deadline: float | None,
    before: Callable[[], Flow[None]] | None,
    paused: Callable[[], Flow[None]] | None,
    origin: Origin | None,
) -> Flow[Started]:
    """Upload the local media of a checked request, and create its task. `key` is its name in the journal."""
    row, measured = lifecycle(request.info.lifecycle), _lengths(request, local) if local else {}
    wire = (yield from _upload(ctx, request, local)).to_wire() if local else request._on_wire(body)
    submission = _Submission(ctx, request, wire, row, key, label, before, paused, origin, local, measured)
    if row.kind == "read-until-ready":
        submission.ref = ref = submission.task(row.read_id(wire))
        yield from submission.keep()
        return Started(ref, lengths=measured)
    try:
        answer = yield from submission.send(callback_url, deadline)
        ref = yield from submission.created()
        immediate = row.kind == "immediate"
        status = read_status(row, ref, answer.document, answer.body) if immediate else None
        return Started(ref, status, lengths=measured)
    except _LabelTaken:
        raise
    except BaseException as error:
        yield from submission.escaped(error)
        raise


@attrs.define(eq=False)
class _Submission:
    """One submission in progress: `key` is its name in the journal.

    `sent_at` is when it was last noted and sent, `pending` says that it may have created a task, `ref` is its task once
    that is known, `noted` says that the journal has its outcome, and `simulated` that the server is a simulator.
    `origin`, the `local` media and their `lengths` are for the library.
    """

    ctx: Context
    request: Request[Result]
    wire: JSONObject
    row: Lifecycle
    key: str
    label: str | None = None
    before: Callable[[], Flow[None]] | None = None
    paused: Callable[[], Flow[None]] | None = None
    origin: Origin | None = None
    local: Mapping[str, Inspected] = attrs.field(factory=dict)
    lengths: Seconds = attrs.field(factory=dict)
    sent_at: datetime | None = None
    pending: bool = False
    ref: TaskRef | None = None
    noted: bool = False
    simulated: bool = False

    def send(self, callback_url: str | None, deadline: float | None) -> Flow[Answer]:
        """Send it, and find its task."""
        operation = self.row.submission(self.request.info.operation)
        call = operation.call(with_callback(operation, self.wire, callback_url))
        try:
            answer = yield from exchange(
                self.ctx,
                call,
                deadline=deadline,
                overrides=self.row.codes,
                before=self._begin,
                paused=self._pause,
                task_id=lambda document: find_task_id(self.row, document),
            )
            self.simulated = answer.headers.get("server") == SIMULATOR
            task_id = find_task_id(self.row, answer.document) or (self.key if self.row.kind == "immediate" else None)
            if task_id is None:
                raise OutcomeUnknown("it was accepted, but the answer names no task")
            if not is_usable_id(task_id):
                raise OutcomeUnknown("it was accepted", task_id)
        except OutcomeUnknown as unknown:
            named, why = unknown.task_id, unknown.message
            self.ref = self.task(named) if named and is_usable_id(named) else None
            if named and self.ref is None:
                why += f", but no task can be polled by the id in the answer: {named[:600]!a}"
            raise SubmitUnknown(
                self.request, cast("datetime", self.sent_at), why=why, ref=self.ref
            ) from unknown.__cause__
        self.ref = self.task(task_id)
        return answer

    def task(self, task_id: str) -> TaskRef:
        """The task of that id."""
        return TaskRef(task_id, self.row.name, self.request.info.name)

    def _begin(self) -> Flow[None]:
        """Record that it is about to be sent. Repeated after a pause, before which it was recorded as refused."""
        self.sent_at = at = self.ctx.services.wall()
        self.noted = False
        if self.ctx.services.keeps_journal:
            try:
                taken = yield from Record(lambda: self._noted(at))
            except ConfigError:
                self.sent_at = None
                raise
            if taken is not None:
                raise _LabelTaken(taken)
        if self.before is not None:
            yield from self.before()
        self.pending = True

    def _pause(self) -> Flow[None]:
        self.pending = False
        yield from self._note("refused")
        if self.paused is not None:
            yield from self.paused()

    def _noted(self, at: datetime) -> JSONObject:
        """The journal entry before the submission. Its hash is that of the request as the user made it."""
        label: JSONObject = {} if self.label is None else {"label": self.label}
        facts: JSONObject = {"at": at.isoformat(), "request": self.request.fingerprint()}
        source: JSONObject = {"source": self.request.info.source} if self.request.info.source else {}
        simulated: JSONObject = {"simulated": True} if self.ctx.services.simulated else {}
        return {**self._entry("submit"), **facts, **label, **source, "server": self.ctx.options.base_url, **simulated}

    def created(self) -> Flow[TaskRef]:
        """Record the task, and tell the user: the function gets the ref even if something interrupts the recording."""
        ref = cast("TaskRef", self.ref)
        interruption: BaseException | None = None
        for step in (self._note("task"), self.keep()):
            try:
                yield from step
            except BaseException as error:
                interruption = interruption or error
        self.ctx.services.begun(str(ref), self.ctx.services.now())
        events.submitted(self.ctx, ref)
        yield from notify(self.ctx.options.on_submitted, (ref,), ref, self.request, cast("datetime", self.sent_at))
        if interruption is not None:
            raise interruption
        return ref

    def escaped(self, error: BaseException) -> Flow[None]:
        """Handle any error that ends the submission: record what it leaves behind, and add that to the error."""
        ref, ours = self.ref, isinstance(error, KieError)
        if not ours:  # it may have been raised before, about another task, so its attributes prove nothing
            forget(error)
        if self.sent_at is None:
            return
        unknown = attribute_of(error, "task_created", False) is None if ours else self.pending
        unknown = unknown or isinstance(error, SubmitUnknown)
        if ref is not None:
            if not isinstance(error, SubmitUnknown):
                name_task(error, ref)
        elif unknown and not ours:
            annotate(error, MAY_EXIST, task_created=None)
        if self.noted:
            return
        steps = {"journal": self._note("task" if ref is not None else "unknown" if unknown else "refused")}
        if ref is not None or unknown:
            steps["library"] = self.keep(error.message if isinstance(error, KieError) else described(error))
        for name, step in steps.items():
            try:
                yield from step
            except BaseException as another:  # a second Ctrl-C, say: the first is raised, which says what is known
                annotate(error, f"the {name} could not record it: {repr_of(another)}")

    def keep(self, why: str = "") -> Flow[None]:
        """Keep it in the library, if there is one. `why` explains why its task is not known."""
        if self.ctx.options.library is None:
            return
        from kie._tasks.keeping import KeptSubmission, accepted, occasion

        submission = KeptSubmission(
            key=self.key,
            request=self.request,
            wire=self.wire,
            local=self.local,
            lengths=self.lengths,
            ref=self.ref,
            why=why,
            label=self.label,
            origin=self.origin,
            occasion=occasion(self.ctx, self.sent_at, simulated=self.simulated),
        )
        yield from accepted(self.ctx, self.ctx.options.library, submission)

    def _note(self, event: str) -> Flow[None]:
        """Record the outcome of the submission."""
        self.noted = True
        if self.ctx.services.keeps_journal:
            facts: JSONObject = {} if self.ref is None else {"ref": str(self.ref)}
            simulated: JSONObject = {"simulated": True} if self.simulated else {}
            entry: JSONObject = {**self._entry(event), **facts, **simulated}
            yield from surely(lambda: record(self.ctx, entry))

    def _entry(self, event: str) -> JSONObject:
        return {"id": self.key, "model": self.request.info.name, "lifecycle": self.row.name, "event": event}


class _LabelTaken(Exception):
    """Something else was submitted under the label after it was found to be free."""

    def __init__(self, entry: JournalEntry) -> None:
        self.entry = entry


def known_label(ctx: Context, label: str) -> str:
    """Check that a label can be looked up. Raises `ConfigError`."""
    of_kind("label", label, str, "text")
    if not label or label.isspace():
        raise ConfigError("label cannot be empty")
    if not ctx.services.keeps_journal:
        raise ConfigError("label needs a journal: make the client with journal=PATH")
    return label


def _earlier(ctx: Context, request: Request[Result], entry: JournalEntry) -> Flow[Started]:
    """The task that an earlier submission of the same label created. Nothing is sent."""
    if entry.request not in (None, request.fingerprint()):
        what = f"task {entry.ref}" if entry.ref is not None else f"a submission of {entry.model}"
        raise ConfigError(
            f"label {entry.label!r} belongs to {what} of {entry.at[:19]}, which was another request: "
            "give this one a label of its own"
        )
    if entry.ref is None:
        raise SubmitUnknown(
            request,
            datetime.fromisoformat(entry.at),
            why=f"label {entry.label!r} was submitted then, and no answer was recorded",
        )
    events.about(ctx, entry.ref)
    if ctx.options.library is not None:
        from kie._tasks.keeping import earlier

        at = datetime.fromisoformat(entry.at)
        yield from earlier(ctx, ctx.options.library, request, entry.ref, at, entry.label)
    yield from notify(ctx.options.on_submitted, (entry.ref,), entry.ref, request, datetime.fromisoformat(entry.at))
    return Started(entry.ref, fresh=False)


def notify(
    function: Callable[..., object] | None,
    arguments: tuple[object, ...],
    ref: TaskRef,
    request: Request[Result],
    sent_at: datetime,
) -> Flow[None]:
    """Call a user's function with a task. An error that it raises gets the ref; if it cannot, it becomes
    `SubmitUnknown`."""
    if function is None:
        return
    try:
        yield from Notify(function, arguments)
    except BaseException as error:
        if not name_task(error, ref) and isinstance(error, Exception):
            why = f"it was accepted, but the function that receives its ref raised {described(error)}"
            raise SubmitUnknown(request, sent_at, why=why, ref=ref) from error
        raise


def record(ctx: Context, entry: JSONObject) -> Flow[None]:
    """Record in the journal how a submission ended.

    A disk that is now full must not hide that it was accepted.
    """
    try:
        yield from Record(lambda: entry)
    except ConfigError as error:
        ctx.services.warn(f"{error.message}; it lacks: {entry}")


def _upload(ctx: Context, request: Request[Result], local: Mapping[str, Inspected]) -> Flow[Request[Result]]:
    from kie._tasks.upload import upload_local

    return (yield from upload_local(ctx, request, local))


def _lengths(request: Request[Result], local: Mapping[str, Inspected]) -> Seconds:
    from kie._tasks.estimate import lengths

    return lengths(request, local)


def _callback_url(ctx: Context, request: Request[Result]) -> str | None:
    """The callback URL to send, if any. Raises `ConfigError` if one was given for an operation that takes none."""
    options = ctx.options
    url = options.via.url if options.via is not None else options.callback_url
    if url is None or takes_callback(request):
        return url
    named = "via" if options.via is not None else "callback_url"
    if named in ctx.given:
        raise no_callback(request, named)
    ctx.services.warn(f"{request.info.name} takes no callback URL: its tasks are polled")
    return None


def takes_callback(request: Request[Result]) -> bool:
    """Whether the operation that creates a request's task takes a callback URL."""
    row = lifecycle(request.info.lifecycle)
    return row.kind != "read-until-ready" and row.submission(request.info.operation).callback is not None


def no_callback(request: Request[Result], named: str) -> ConfigError:
    """The error for a callback URL where none is taken. `named` is the name of the argument."""
    return ConfigError(f"{request.info.name} takes no callback URL: leave out {named}, and poll the task")


def with_callback(submission: Submission, body: JSONObject, url: str | None) -> JSONObject:
    """Insert the callback URL where the operation expects it, or a placeholder if one is required but not given."""
    field = submission.callback
    if field and url is None and submission.callback_required:
        url = PLACEHOLDER_CALLBACK
    return {**body, field: url} if field and url is not None else body


def examine_references(ctx: Context, request: Request[Result]) -> Flow[None]:
    """Poll the earlier tasks that a request builds on, if it needs them finished and that is not known yet.

    A poll is free, whereas the service accepts, and charges for, some requests on tasks that cannot work. Raises
    `RequestInvalid` with every fault.
    """
    issues: list[Issue] = []
    for path, value, families in unknown_references(request):
        fault = yield from _reference_fault(ctx, value, families)
        if fault is not None:
            issues.append(Issue(path, "references", fault))
    if issues:
        raise invalid(request, issues)


def _reference_fault(ctx: Context, value: HasRef | str, families: tuple[str, ...]) -> Flow[str | None]:
    """What is wrong with an earlier task; None if it has finished well."""
    refs = [value.ref] if isinstance(value, HasRef) else [TaskRef(value, name) for name in families]
    for ref in refs:
        status = yield from poll(ctx, ref)
        if status is None:
            continue
        if status.state != "succeeded":
            return f"needs a finished task; {status.ref} is {status.state}"
        return f"the result of task {status.ref} has expired" if status.expired else None
    names = " or ".join(lifecycle(name).title for name in families)
    return f"there is no record of task {refs[0]} (any more); it needs one of {names}"
