"""Core: every error this package raises. May import only `_core`.

::

    KieError
    ├── ConfigError              a client cannot be built or used as asked (no key, bad option)
    │   ├── ArgumentInvalid      TypeError: a call does not take such an argument
    │   ├── PresetInvalid        a preset cannot be read; all its faults are listed
    │   └── UnknownModel         no such model in the catalog
    ├── RequestInvalid           ValueError: the request breaks its schema; nothing was sent
    │   └── MediaRejected        only its media are at fault
    ├── MediaPending             local media must be uploaded before the wire form exists
    ├── NotReady                 ValueError: a plan is invalid, incomplete, too dear or not confirmed; nothing was sent
    ├── ModelRetired             the vendor no longer runs this model
    ├── BudgetExceeded           a request may cost more than a budget has left; nothing was sent
    ├── CircuitOpen              the server failed too often recently; nothing was sent
    ├── TransportFailed          no answer; `sent` tells whether the request may have arrived
    ├── ApiError                 the service refused; one subclass for each documented code
    │   ├── BadRequest 400   ├── Unauthorized 401   ├── InsufficientCredits 402   ├── Forbidden 403
    │   ├── NotFound 404     ├── Unprocessable 422  ├── RateLimited 429, 430      ├── KeyLimitReached 433
    │   ├── MediaUnreachable 451  ├── Maintenance 455, 550  └── ServerError 500   └── FeatureDisabled 505
    ├── SubmitUnknown            a submission may or may not have created a task; never resent
    ├── TaskFailed               the task ended as failed
    ├── TaskTimeout              TimeoutError: still unfinished at the deadline; the ref is kept
    ├── BatchStopped             a batch ended before this input was sent, or before its task ended
    ├── ResultInvalid            the task succeeded but its result cannot be read
    ├── DownloadFailed           a result could not be fetched
    └── WebhookRejected          a delivery is not a callback of the service, or not a new one

Errors pickle, say what to do next, and never contain the API key.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Literal, Self, TypeAlias, cast

from kie._core.issues import Issue
from kie._core.json import JSON
from kie._core.later import LaterGeneric, later
from kie._core.safe_text import attribute_of

if TYPE_CHECKING:
    from datetime import datetime
    from decimal import Decimal

    from kie._core.estimates import Estimate, TotalEstimate
    from kie._core.request import Request
    from kie._core.results import Result
    from kie._core.status import TaskStatus
    from kie._core.tasks import TaskRef
    from kie._plans.plan import Plan
else:
    datetime = later("datetime", "datetime")
    Decimal = later("decimal", "Decimal")
    Estimate = later("kie._core.estimates", "Estimate")
    TotalEstimate = later("kie._core.estimates", "TotalEstimate")
    Request = LaterGeneric("kie._core.request", "Request")
    Result = later("kie._core.results", "Result")
    TaskRef = later("kie._core.tasks", "TaskRef")
    TaskStatus = later("kie._core.status", "TaskStatus")
    Plan = later("kie._plans.plan", "Plan")


class KieError(Exception):
    """Base of all errors of this package."""

    message: str
    """What happened, and what to do next."""

    def __init__(self, message: str, /) -> None:
        super().__init__(message)
        self.message = message

    def __reduce__(self) -> tuple[object, ...]:
        from kie._core.portable import portable  # imported late: only a pickled error needs `pickle`

        # a request may hold an open file, or the handle of a task
        return (_rebuild, (type(self), self.args, portable(self.__dict__.copy())))

    def __copy__(self) -> Self:
        return cast("Self", _rebuild(type(self), self.args, self.__dict__.copy()))


_GIVEN = "__kie_facts__"
"""The attribute in which an error keeps the names of attributes added by `annotate`."""


def annotate(error: BaseException, note: str, **facts: object) -> bool:
    """Add a note and attributes to any error. Attributes that it already has of its own are kept.

    The same error may be raised again about another task. Then the earlier additions are replaced.

    Returns:
        Whether all attributes could be added. A frozen dataclass accepts none.
    """
    taken = True
    try:
        if note not in getattr(error, "__notes__", ()):
            error.add_note(note)
    except Exception:
        taken = False
    if facts.keys() & {"ref", "task_created"}:
        forget(error)
    for name, fact in facts.items():
        taken = _give(error, name, fact) and taken
    return taken


def name_task(error: BaseException, ref: TaskRef) -> bool:
    """Add the ref of a task that was created to any error.

    Returns:
        Whether the error accepted it.
    """
    return annotate(error, f"task {ref} was created: client.task('{ref}').wait() waits for it", ref=ref)


def named_task(error: BaseException) -> TaskRef | None:
    """The ref that `name_task`, or the code that waited for the task, added to an error."""
    held = getattr(error, "__dict__", {})
    return cast("TaskRef | None", held.get("ref")) if "ref" in held.get(_GIVEN, ()) else None


def pass_on(told: BaseException, error: BaseException) -> None:
    """Copy what was added to another error: its notes, its ref, and whether a task may exist."""
    facts = {
        name: attribute_of(told, name) for name in ("ref", "task_created") if name in getattr(told, "__dict__", {})
    }
    said = [told.message] if facts and isinstance(told, KieError) else []
    for note in (*said, *getattr(told, "__notes__", ())):
        annotate(error, note, **facts)


def forget(error: BaseException) -> None:
    """Remove what was added to an error about an earlier task."""
    for name in getattr(error, "__dict__", {}).get(_GIVEN, ()):
        if name != "outcomes":
            error.__dict__.pop(name, None)


def _give(error: BaseException, name: str, fact: object) -> bool:
    try:
        given = error.__dict__.get(_GIVEN, ())
        if name in given or not hasattr(error, name):
            setattr(error, name, fact)
            setattr(error, _GIVEN, (*given, name) if name not in given else given)
        return getattr(error, name) is fact or bool(getattr(error, name) == fact)
    except Exception:
        return False


def _rebuild(cls: type[KieError], args: tuple[object, ...], state: dict[str, object]) -> KieError:
    error = cls.__new__(cls, *args)
    error.args = args
    error.__dict__.update(state)
    return error


class ConfigError(KieError):
    """The client cannot be built, or cannot do this, as it is configured."""


class ArgumentInvalid(ConfigError, TypeError):
    """A call does not accept this argument. Nothing was sent; the message says what was probably meant."""


class PresetInvalid(ConfigError):
    """A preset cannot be used."""

    source: str
    """The file or the folder."""
    faults: tuple[str, ...]
    """Everything that is wrong with it."""

    def __init__(self, source: str, faults: Sequence[str]) -> None:
        super().__init__("\n".join(f"{source}: {fault}" for fault in faults))
        self.source = source
        self.faults = tuple(faults)


class UnknownModel(ConfigError):
    """There is no such model in the catalog."""

    nearest: tuple[str, ...]
    """The ids that look most like the name; empty if none does."""

    def __init__(self, name: str, nearest: Sequence[str]) -> None:
        hint = f"did you mean {', '.join(nearest)}? " if nearest else ""
        super().__init__(
            f"no model {name!r:.120} in the catalog; {hint}`kie models` lists all; RawRequest sends requests to models "
            "that kie does not know"
        )
        self.nearest = tuple(nearest)


class RequestInvalid(KieError, ValueError):
    """The request breaks the model's schema. Nothing was uploaded or sent.

    The message names fields as the caller did: by their Python names, or by their wire names if a body was given. What
    the caller typed is shown unchanged.

    Args:
        model: The id of the model.
        issues: Every fault.
        captured: The date of the documentation that the schema was checked against (ISO 8601).
        names: The name of each field in the message, by its key (`dialogue.voiceId`), if it differs from its wire name.
    """

    model: str
    """The id of the model."""
    issues: tuple[Issue, ...]
    """Every fault. Paths use wire names."""
    captured: str
    """The date of the documentation that the schema was checked against (ISO 8601); empty if there is no schema."""

    def __init__(
        self, model: str, issues: Sequence[Issue], *, captured: str = "", names: Mapping[str, str] | None = None
    ) -> None:
        lines = "".join(f"\n  {issue.renamed(names) if names else issue}" for issue in issues)
        way_out = (
            f"\nIf the service has changed (schema as of {captured}), "
            "request.unchecked(field=value) sends wire fields as they are."
        )
        super().__init__(
            f"{model}: {len(issues)} {'fault' if len(issues) == 1 else 'faults'}{lines}{way_out if captured else ''}"
        )
        self.model = model
        self.issues = tuple(issues)
        self.captured = captured


class MediaRejected(RequestInvalid):
    """Media are missing, of the wrong type, or too large; nothing else is wrong. Nothing was uploaded."""


class MediaPending(KieError):
    """The request contains local media that are not uploaded yet, so it has no wire form.

    `client.submit` and `client.run` upload them by themselves.
    """

    paths: tuple[str, ...]
    """Where the local media are in the request, such as `image_urls[0]`."""

    def __init__(self, paths: Sequence[str]) -> None:
        super().__init__(
            f"local media in {', '.join(paths)}: submit the request with a client (it uploads first), "
            "or call request.resolved({path: url})"
        )
        self.paths = tuple(paths)


class NotReady(KieError, ValueError):
    """A plan cannot be run: it is invalid or incomplete, costs too much, or must be confirmed. Nothing was sent."""

    plan: Plan
    """The plan. `plan.answer(...)` supplies what is missing."""
    issues: tuple[Issue, ...]
    """What is wrong or missing. Paths use wire names."""

    def __init__(self, plan: Plan) -> None:
        issues = (*plan.faults, *plan.missing)
        way = "choose cheaper options, or raise the limit"
        if plan.faults:
            way = "fix what is invalid"
        elif plan.request is None:
            way = "plan.answer(...) gives what is missing"
        elif plan.decision == "require_confirmation":
            way = "run(plan, confirmed=True) runs it once somebody has confirmed it"
        lines = "".join(f"\n  {text}" for text in issues or plan.reasons)
        super().__init__(f"the plan for {plan.model or plan.family} is {plan._said}: {way}{lines}")
        self.plan = plan
        self.issues = issues


class ModelRetired(KieError):
    """The vendor has withdrawn the model. Nothing was sent."""

    model: str
    """The id of the model."""
    successors: tuple[str, ...]
    """The ids of the models to use instead; empty if the vendor names none."""

    def __init__(self, model: str, successors: Sequence[str] = ()) -> None:
        instead = f"; use {' or '.join(successors)} instead" if successors else ""
        super().__init__(f"{model} is retired{instead}. allow_retired=True submits it anyway.")
        self.model = model
        self.successors = tuple(successors)


class BudgetExceeded(KieError):
    """A request may cost more than its budget allows. Nothing was uploaded or sent."""

    estimate: Estimate | TotalEstimate
    """What the request would probably cost; for a batch, all of its requests."""
    needed: Decimal | None
    """The credits that would have to be reserved; None if the price list gives no upper bound."""
    left: Decimal | None
    """The credits that the budget still allows; None if no limit applies here."""

    def __init__(
        self,
        message: str,
        *,
        estimate: Estimate | TotalEstimate,
        needed: Decimal | None = None,
        left: Decimal | None = None,
    ) -> None:
        super().__init__(message)
        self.estimate = estimate
        self.needed = needed
        self.left = left


class TransportFailed(KieError):
    """No answer arrived."""

    sent: bool | None
    """False if the request provably did not reach the service; None if that cannot be known."""
    origin: str | None = None
    """The server that was asked: scheme, host and port."""

    def __init__(self, message: str, *, sent: bool | None) -> None:
        super().__init__(message)
        self.sent = sent


class CircuitOpen(KieError):
    """A server failed too often recently, so nothing was sent.

    `client.breaker.reset()` lets calls through at once.
    """

    origin: str
    """The server: scheme, host and port."""
    retry_after: float
    """Seconds until the server is tried again; 0 if another call is trying it now."""

    def __init__(self, origin: str, *, retry_after: float) -> None:
        when = f"in {retry_after:.0f} s" if retry_after >= 1 else "very soon"
        super().__init__(
            f"{origin} failed too often recently, so nothing was sent. It is tried again {when}; "
            "client.breaker.reset() does so at once."
        )
        self.origin = origin
        self.retry_after = retry_after


class ApiError(KieError):
    """The service refused a request."""

    service_message: str
    """What the service said, in its own words."""
    status: int
    """The HTTP status. It is 200 for most refusals: the code in the envelope decides."""
    code: int | None
    """The code in the envelope; None if the answer had none."""
    request_id: str | None
    """The service's id of the exchange, for its support; None if it sent none."""
    retry_after: float | None
    """How many seconds to wait, if the service said so."""
    task_created: bool | None
    """False if the service says that no task was started, None if that cannot be known. It matters only for
    submissions."""
    origin: str | None = None
    """The server that refused: scheme, host and port."""

    def __init__(
        self,
        message: str,
        *,
        status: int,
        code: int | None = None,
        request_id: str | None = None,
        retry_after: float | None = None,
        task_created: bool | None = False,
        hint: str = "",
    ) -> None:
        shown = code if code is not None else f"HTTP {status}"
        super().__init__(f"{shown}: {message}" + (f" ({hint})" if hint else ""))
        self.service_message = message
        self.status = status
        self.code = code
        self.request_id = request_id
        self.retry_after = retry_after
        self.task_created = task_created


class BadRequest(ApiError):
    """400: something is malformed or missing."""


class Unauthorized(ApiError):
    """401: the key is missing or wrong."""


class InsufficientCredits(ApiError):
    """402: the account has too few credits."""


class Forbidden(ApiError):
    """403: the edge of the service refused the request, or the key may not use this model."""


class NotFound(ApiError):
    """404: no such route or record."""


class Unprocessable(ApiError):
    """422: a parameter breaks a rule, or a record does not exist. Also 500, where the service names a field."""

    field: str | None = None
    """The field that the service refuses; None if it names none."""


class RateLimited(ApiError):
    """429, 430: too many requests; nothing was started."""


class KeyLimitReached(ApiError):
    """433: the cap of this sub-key is reached."""


class MediaUnreachable(ApiError):
    """451: the service could not fetch a media URL."""


class Maintenance(ApiError):
    """455, 550: the service, or the model behind it, is not accepting work now; nothing was started."""


class ServerError(ApiError):
    """500: an error inside the service. It is also how the service reports some invalid fields."""


class FeatureDisabled(ApiError):
    """505: this feature is switched off."""


class SubmitUnknown(KieError):
    """A submission got no usable answer: a task may exist and may be charged. It is never sent again."""

    request: Request[Result]
    """What was sent."""
    sent_at: datetime
    """When it was sent. The time is aware, in UTC."""
    ref: TaskRef | None
    """The task that the answer named; None if no id arrived."""

    def __init__(self, request: Request[Result], sent_at: datetime, *, why: str, ref: TaskRef | None = None) -> None:
        check = f"`kie status {ref}` tells whether it exists; " if ref else ""
        super().__init__(
            f"the outcome of submitting {request.info.name} at {sent_at.isoformat(timespec='seconds')} is unknown "
            f"({why}). It was not sent again, because that could cost twice: {check}look at the account's log "
            "(https://kie.ai/logs) and the balance before you try again."
        )
        self.request = request
        self.sent_at = sent_at
        self.ref = ref


class TaskFailed(KieError):
    """The task failed."""

    ref: TaskRef
    """The task."""
    code: str | None
    """The service's code for the reason; None if it gave none."""
    service_message: str | None
    """The reason in the service's words; None if it gave none."""
    status: TaskStatus | None
    """The record of the task; None if it was not read."""

    def __init__(
        self, ref: TaskRef, *, code: str | None, service_message: str | None, status: TaskStatus | None = None
    ) -> None:
        detail = f" ({code})" if code else ""
        super().__init__(f"task {ref} failed{detail}: {service_message or 'the service gave no reason'}")
        self.ref = ref
        self.code = code
        self.service_message = service_message
        self.status = status


class TaskTimeout(KieError, TimeoutError):
    """The task had not ended at the deadline. It keeps running: `client.task(error.ref).wait()` waits for it."""

    ref: TaskRef
    """The task."""
    elapsed: float
    """How long the client waited, in seconds."""
    status: TaskStatus | None
    """The last status that was read; None if the service never had a record of the task."""

    def __init__(self, ref: TaskRef, *, elapsed: float, status: TaskStatus | None = None, why: str = "") -> None:
        last = status.raw_state or status.state if status else "never seen"
        super().__init__(
            f"task {ref} had not ended after {elapsed:.0f} s (last state: {last}{'; ' + why if why else ''}). "
            f"It keeps running: client.task('{ref}').wait() or `kie wait {ref}` waits for it."
        )
        self.ref = ref
        self.elapsed = elapsed
        self.status = status


class BatchStopped(KieError):
    """A batch ended before this input did."""

    ref: TaskRef | None
    """The task, which keeps running at the service; None if nothing was sent for this input."""

    def __init__(self, why: str, ref: TaskRef | None = None) -> None:
        rest = (
            f"task {ref} keeps running: client.task('{ref}').wait() waits for it" if ref else "nothing was sent for it"
        )
        super().__init__(f"{why}; {rest}")
        self.ref = ref


class ResultInvalid(KieError):
    """The service says that the task succeeded, but its result is missing or cannot be read."""

    ref: TaskRef | None
    """The task; None for an answer that belongs to no task."""
    raw: JSON
    """The record as the service sent it."""

    def __init__(self, ref: TaskRef | None, why: str, *, raw: JSON = None) -> None:
        kept = "" if raw is None else " The record as it came is in error.raw."
        super().__init__(f"{f'task {ref}' if ref else 'the answer'}: {why}.{kept}")
        self.ref = ref
        self.raw = raw


class DownloadFailed(KieError):
    """A file could not be downloaded."""

    url: str
    """The URL of the file, without its query."""
    status: int | None
    """The HTTP status; None if there was no answer."""
    saved: tuple[str, ...]
    """If several files were requested: the paths of those that were downloaded."""

    def __init__(self, url: str, why: str, *, status: int | None = None) -> None:
        shown = url.split("?", 1)[0]
        super().__init__(f"could not download {shown}: {why}")
        self.url = shown
        self.status = status
        self.saved = ()


RejectReason: TypeAlias = Literal[
    "method",
    "too_large",
    "truncated",
    "unsigned",
    "timestamp",
    "stale",
    "early",
    "charset",
    "not_json",
    "no_task",
    "signature",
    "replayed",
    "unrecognised",
    "unconfirmed",
    "busy",
]
"""Why a delivery was refused. `WebhookRejected` says what each means."""

_REJECTED: dict[RejectReason, tuple[int, str]] = {
    "method": (405, "it is not a POST request"),
    "too_large": (413, "it is larger than max_bytes"),
    "truncated": (400, "its body is not as long as its Content-Length says, or it has none"),
    "unsigned": (401, "it has no signature; a key at https://kie.ai/settings turns signing on"),
    "timestamp": (401, "its timestamp is not in Unix seconds"),
    "stale": (401, "its timestamp is too old"),
    "early": (401, "its timestamp is in the future; check the clock of this machine"),
    "charset": (400, "it is not UTF-8"),
    "not_json": (400, "it is not JSON"),
    "no_task": (400, "it names no task, or more than one"),
    "signature": (401, "its signature matches none of the secrets"),
    "replayed": (401, "its signature was used before, with another body"),
    "unrecognised": (400, "no family of models sends such callbacks"),
    "unconfirmed": (500, "it says that the task has ended, but the service does not say so yet"),
    "busy": (500, "the same callback is being handled now"),
}


class WebhookRejected(KieError):
    """A delivery was refused. The error never says what signature was expected."""

    reason: RejectReason
    """The reason in one word."""
    status: int
    """The HTTP status to answer with: 400 for what cannot be read, 401 for what the service did not sign recently, 405
    for any method but POST, 413 for a body that is too large. 500, for `unconfirmed` and `busy`, makes the service send
    the callback again."""

    def __init__(self, reason: RejectReason) -> None:
        self.reason = reason
        self.status, why = _REJECTED[reason]
        super().__init__(f"the delivery was refused ({reason}): {why}")
