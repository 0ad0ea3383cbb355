"""Floor 3: many tasks at once: a flow over many flows. May import `core`, `policy`."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable
from functools import partial
from typing import Any, cast

import attrs

from kie._core.errors import BatchStopped, CircuitOpen, ConfigError, TaskTimeout
from kie._core.numbers import at_least, positive
from kie._core.outcomes import OnOutcome, OnSubmission, Outcome
from kie._core.request import Request
from kie._core.results import Result, Saver
from kie._core.tasks import HasRef, TaskRef
from kie._exchange.exchange import OutOfTime
from kie._flow.effects import Flow, Give, Join, Joined, Notify, Sleep, Start, Stop, Stopped
from kie._flow.events import traced
from kie._flow.options import Options
from kie._flow.overrides import BatchOptions, Overrides
from kie._tasks.life import begin, finish

PROBED = 1.0
"""While one attempt finds out whether a server has recovered, the others ask after so many seconds again."""


@attrs.frozen(kw_only=True)
class Plan:
    """How to go about a batch; `kie._batch.batch` says what each field means. `finish` is False to submit only."""

    concurrency: int | None = 5
    timeout: float | None = None
    stop_on_failure: bool = False
    progress: OnOutcome | None = None
    on_submission: OnSubmission | None = None
    finish: bool = True

    @classmethod
    def split(cls, given: BatchOptions, *, finish: bool) -> tuple[Plan, Overrides]:
        """A plan, and the options that concern the single tasks. Raises `ConfigError`."""
        rest: dict[str, Any] = dict(given)
        names = ("concurrency", "stop_on_failure", "progress", "on_submission")
        own = {name: rest.pop(name) for name in names if name in rest}
        return cls(timeout=rest.pop("batch_timeout", None), finish=finish, **own), cast("Overrides", rest)

    def __attrs_post_init__(self) -> None:
        if self.concurrency is not None:
            at_least("concurrency", self.concurrency)
        if self.timeout is not None:
            positive("batch_timeout", self.timeout)


@attrs.define
class Work:
    """One input while the batch runs. `error` says what is wrong with it from the beginning."""

    index: int
    request: Request[Result] | None = None
    ref: TaskRef | None = None
    error: Exception | None = None
    started: float | None = None
    submitted: float | None = None


def requests_of(inputs: Iterable[object]) -> list[Work]:
    """The inputs of a batch that submits. What is no request is an outcome, not an exception."""
    return [_request(index, item) for index, item in enumerate(inputs)]


def refs_of(inputs: Iterable[object]) -> list[Work]:
    """The inputs of a batch that waits."""
    return [_ref(index, item) for index, item in enumerate(inputs)]


def either_of(inputs: Iterable[object]) -> list[Work]:
    """The inputs of a batch that submits requests and waits for tasks."""
    return [
        _request(index, item) if isinstance(item, Request) else _ref(index, item) for index, item in enumerate(inputs)
    ]


def _request(index: int, item: object) -> Work:
    if isinstance(item, Request):
        return Work(index, request=item)
    return Work(index, error=ConfigError(f"input {index} is no request but {type(item).__name__}"))


def _ref(index: int, item: object) -> Work:
    if isinstance(item, str) and item.strip():
        return Work(index, ref=TaskRef.parse(item))
    if isinstance(item, Outcome):
        if item.ref is None:
            return Work(index, request=item.request, error=item.error)
        return Work(index, ref=item.ref)
    found = item.ref if isinstance(item, HasRef) else None
    if isinstance(found, TaskRef):
        return Work(index, ref=found)
    return Work(index, error=ConfigError(f"input {index} names no task but is {type(item).__name__}"))


def batch(options: Options, work: list[Work], plan: Plan, saver: Saver) -> Flow[None]:  # noqa: PLR0915 - one loop
    """Carry out all of it, `plan.concurrency` at a time; gives exactly one `Outcome` for each, as they come.

    Whatever is thrown into it while it waits stops it: a submission that is under way is awaited, everything else
    ends. Then every input has its outcome, and the error is raised.
    """
    begun = options.world.now()
    until = None if plan.timeout is None else begun + plan.timeout
    pending, live = deque(work), dict[int, Work]()
    width = plan.concurrency or len(work) or 1
    done, why, late = 0, "", False
    if options.via is not None:  # thousands cannot listen at once: they are polled
        options = attrs.evolve(options, via=None, callback_url=options.via.url)
    progress, broken = plan.progress, cast("BaseException | None", None)
    while pending or live:
        now = options.world.now()
        if pending and (why or len(live) < width):
            one = pending.popleft()
            if not why and one.error is None:
                one.started = now
                live[one.index] = one
                yield Start(one.index, _flow(options, one, plan, saver, until))
                continue
            error: Exception | None = one.error or BatchStopped(why, one.ref)
            outcome = _outcome(one, None, error, begun, now)
        else:
            try:
                joined: Joined | None = yield Join(None if why else until)
            except GeneratorExit:
                raise
            except BaseException as interrupt:
                broken, why = broken or interrupt, why or "the batch was interrupted"
                yield Stop(why)
                continue
            if joined is None:
                late, why = True, "the time of the batch was up"
                yield Stop(why)
                continue
            one, error = live.pop(joined.key), None
            if isinstance(joined.error, Exception):
                error = _translated(joined.error, one, why, late, now - begun)
            elif joined.error is not None:
                broken, why = broken or joined.error, why or "the batch was interrupted"
                error = BatchStopped(why, one.ref)
                yield Stop(why)
            outcome = _outcome(one, joined.value, error, begun, options.world.now())
        done += 1
        yield Give(outcome)
        if progress is not None:
            try:
                yield Notify(progress, (done, len(work), outcome))
            except GeneratorExit:
                raise
            except BaseException as fault:
                progress, broken, why = None, broken or fault, why or "progress raised an error"
                yield Stop(why)
        if plan.stop_on_failure and not outcome.ok and not why:
            why = f"input {outcome.index} failed"
            yield Stop(why)
    if broken is not None:
        raise broken


def _flow(options: Options, one: Work, plan: Plan, saver: Saver, until: float | None) -> Flow[Result | None]:
    if one.ref is not None:
        return finish(options, one.ref, None, saver, fresh=False)
    return _from_request(options, cast("Request[Result]", one.request), one, plan, saver, until)


@traced("task")
def _from_request(
    options: Options, request: Request[Result], one: Work, plan: Plan, saver: Saver, until: float | None
) -> Flow[Result | None]:
    noting = plan.on_submission
    before = None if noting is None else partial(noting, one.index, None)
    # on_submitted is called here, when the ref is known whatever it does
    quiet = attrs.evolve(options, on_submitted=None)
    give_up = options.world.now() + options.timeout
    give_up = give_up if until is None else min(give_up, until)
    while True:
        try:
            started = yield from begin(quiet, request, deadline=until, before=before)
            break
        except CircuitOpen as stopped:  # nothing was sent: the others need not fail as well
            pause = max(stopped.retry_after, PROBED)
            if options.world.now() + pause >= give_up:
                raise
            yield Sleep(pause)
    ref = one.ref = started.ref
    one.submitted = options.world.now()
    if noting is not None:
        yield Notify(noting, (one.index, ref))
    if options.on_submitted is not None:
        yield Notify(options.on_submitted, (ref,))
    if not plan.finish:
        return None
    return (yield from finish(options, ref, request.info.result, saver, fresh=True, status=started.status))


def _translated(error: Exception, one: Work, why: str, late: bool, elapsed: float) -> Exception:
    """What a flow ended with, in the words of a batch."""
    if isinstance(error, OutOfTime) and one.ref is None:
        return BatchStopped(why or f"the time of the batch was up ({error.message})")
    if not isinstance(error, Stopped):
        return error
    if late and one.ref is not None:
        return TaskTimeout(one.ref, elapsed=elapsed, why=why)
    return BatchStopped(why, one.ref)


def _outcome(one: Work, result: Result | None, error: Exception | None, begun: float, now: float) -> Outcome[Result]:
    return Outcome(
        index=one.index,
        request=one.request,
        ref=one.ref,
        result=result,
        error=error,
        started=None if one.started is None else one.started - begun,
        submitted=None if one.submitted is None else one.submitted - begun,
        ended=now - begun,
    )
