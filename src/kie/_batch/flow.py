"""Batch: runs many tasks at once, each in a flow. May import `_core`, `_exchange`, `_flow`, `_tasks`."""

from __future__ import annotations

from collections import deque
from collections.abc import AsyncIterable, Callable, Iterable, Iterator, Mapping, Sequence, Sized
from collections.abc import Set as AbstractSet
from functools import partial
from itertools import islice
from math import inf
from types import NoneType
from typing import Any, TypeAlias, cast

import attrs

from kie._core.errors import (
    BatchStopped,
    CircuitOpen,
    ConfigError,
    InsufficientCredits,
    KieError,
    RateLimited,
    SubmitUnknown,
    TaskFailed,
    TaskTimeout,
    named_task,
)
from kie._core.numbers import at_least, seconds, together
from kie._core.outcomes import AnyOutcome, Failed, Ok, OnOutcome, OnPostponed, OnSubmission, Outcome, Submitted
from kie._core.planned import Origin
from kie._core.price_counters import Seconds
from kie._core.request import Request
from kie._core.results import AnyResult, Result
from kie._core.safe_text import TAMED, attribute_of, described, repr_of
from kie._core.tasks import TaskRef
from kie._exchange.exchange import OutOfTime
from kie._flow.context import Context
from kie._flow.effects import Ended, Flow, Join, Notify, Pull, Sleep, Start, Stop, Stopped, none_waits
from kie._flow.events import traced
from kie._flow.options import Options, in_group, of_kind
from kie._tasks.by_name import is_plan, origin_of, requested
from kie._tasks.estimate import later_priced
from kie._tasks.submit import notify, submit
from kie._tasks.wait import Bind, finish, submitted_again

PROBED = 1.0
"""Seconds after which an input asks again, at the earliest: while one attempt finds out whether a server has recovered,
or after the service has refused all attempts because of its limits."""

AHEAD = 32
"""Inputs that are checked, uploaded and about to be submitted at the same time, unless `concurrency` says otherwise:
enough to use the whole limit on submissions, few enough for a batch of any length."""

WAITED_FOR = 1000
"""The most tasks of an iterator that are only waited for at the same time, since there may be any number of them."""

UNTAKEN = 1000
"""The number of outcomes not yet taken by the caller at which no more inputs are taken from an iterator."""

UNPAID = 1000
"""After this many requests of an iterator in a row for which the account has too few credits, no more are taken: the
iterator may have no end."""

_PAUSE = 0.1
"""Seconds between two checks whether outcomes were taken."""

_PULLING = -2
"""The key of the flow that takes the next input from an iterator; inputs have their indices."""

Deliver: TypeAlias = Callable[[Outcome[AnyResult]], object]


@attrs.frozen(kw_only=True)
class BatchOptions:
    """The options of a batch. Declared like `Options`: each docstring is the option's help."""

    concurrency: int | None = None
    """Maximum number of inputs in progress at the same time, from check to result; at least 1. By default as many as
    the rate limits allow: the next input is submitted as soon as it may be, and waiting takes no thread."""

    batch_timeout: float | None = None
    """Maximum number of seconds for the whole batch. After that, unfinished tasks get a `TaskTimeout`, and inputs that
    were not sent a `BatchStopped`; no submission begins in the last two seconds."""

    labels: Iterable[str | None] | None = attrs.field(default=None, metadata=in_group("sending"))
    """A label for each input, or None for one without: see `submit`. Needs a journal. If the inputs are an iterator,
    the labels may be one, too."""

    stop_on_failure: bool = False
    """End the batch after the first outcome that is an error, as `batch_timeout` does."""

    progress: OnOutcome | None = None
    """Called after each outcome with the number of outcomes so far, the number of inputs, and the outcome. If the
    inputs are an iterator, their number grows as they are taken from it."""

    on_submission: OnSubmission | None = attrs.field(default=None, metadata=in_group("sending"))
    """Called with the index of an input and None just before each attempt to submit it, and again with its index and
    ref. If the first of these calls raises, nothing is sent."""

    on_postponed: OnPostponed | None = attrs.field(default=None, metadata=in_group("sending"))
    """Called with the index of an input if an attempt created no task and another one follows after a pause. Until
    `on_submission` is called again, nothing is being sent for this input."""

    def __attrs_post_init__(self) -> None:
        kinds: Any = (Callable, NoneType)
        together(
            self._check_figures,
            partial(of_kind, "stop_on_failure", self.stop_on_failure, bool, "True or False"),
            *(
                partial(of_kind, name, getattr(self, name), kinds, "a function or None")
                for name in ("progress", "on_submission", "on_postponed")
            ),
            self._check_labels,
        )

    def _check_figures(self) -> None:
        if self.concurrency is not None:
            at_least("concurrency", self.concurrency)
        if self.batch_timeout is not None:
            seconds(self, "batch_timeout")

    def _check_labels(self) -> None:
        if self.labels is None:
            return
        disordered = isinstance(self.labels, (str, bytes, AbstractSet, Mapping))
        if disordered or not isinstance(self.labels, Iterable):
            raise ConfigError(f"labels must be a list of strings, not {repr_of(self.labels):.80}")
        if isinstance(self.labels, Sequence):
            for label in self.labels:
                _is_label(label)


def _is_label(label: object) -> None:
    of_kind("a label", label, (str, NoneType), "text or None")


@attrs.define
class Input:
    """One input while the batch runs. `error` is set if it was invalid from the beginning."""

    index: int
    request: Request[Result] | None = None
    ref: TaskRef | None = None
    error: Exception | None = None
    label: str | None = None
    origin: Origin | None = None
    announced: bool = False
    started: float | None = None
    submitted: float | None = None
    attempts: int = 0
    lengths: Seconds = attrs.field(factory=dict)


@attrs.define(eq=False)
class Supply:
    """Inputs whose number is not known: each is taken from an iterator when there is room for it.

    Threads may share it, one at a time. `taken` counts what was taken so far; `over` says that nothing more will be.
    """

    items: Iterator[object]
    requests: bool
    tasks: bool
    labels: Iterator[str | None] | None = None
    taken: int = 0
    over: bool = False

    def next(self) -> Input | None:
        """Take the next input; None if there is none. Raises what the iterators raise, and `ConfigError`."""
        try:
            with TAMED:
                item = next(self.items)
        except StopIteration:
            self.over = True
            return None
        one = _input(self.taken, item, self.requests, self.tasks)
        if self.labels is not None:
            try:
                with TAMED:
                    one.label = next(self.labels)
            except StopIteration:
                raise ConfigError(
                    f"labels has no entry for input {one.index}: give a label, or None, for each input"
                ) from None
            _is_label(one.label)
        self.taken += 1
        return one


def inputs_of(items: Iterable[object], *, requests: bool = False, tasks: bool = False) -> list[Input] | Supply:
    """The inputs of a batch that submits requests, waits for tasks, or both. Anything else is an outcome, not an
    exception. Inputs without a length are not looked into yet. Raises `ConfigError` for anything that is not a list or
    an iterable."""
    if isinstance(items, (str, bytes, Mapping)) or not isinstance(items, Iterable):
        what = " or ".join(["requests"] * requests + ["tasks"] * tasks)
        given = repr_of(items)[:200]
        if isinstance(items, AsyncIterable):
            given += f", which is asynchronous: collect the {what} first, [one async for one in ...]"
        raise ConfigError(
            f"the inputs of a batch must be a list (or other iterable) of {what}, not {given}; nothing was sent"
        )
    if not isinstance(items, Sized):
        return Supply(iter(items), requests, tasks)
    return [_input(index, item, requests, tasks) for index, item in enumerate(items)]


def _input(index: int, item: object, requests: bool, tasks: bool) -> Input:
    origin: Origin | None = None
    if requests and (isinstance(item, Mapping) or is_plan(item)):
        origin = origin_of(item)
        try:
            item = requested(item)
        except KieError as error:
            return Input(index, error=error)
    if requests and isinstance(item, Request):
        return Input(index, request=item, origin=origin)
    if tasks and isinstance(item, AnyOutcome) and item.ref is None:
        return Input(index, request=item.request, error=item.error if isinstance(item, Failed) else None)
    ref = TaskRef.parse(item) if isinstance(item, str) and item.strip() else getattr(item, "ref", None)
    if tasks and isinstance(ref, TaskRef):
        return Input(index, ref=ref)
    wanted = " or ".join(["a request"] * requests + ["the ref of a task"] * tasks)
    return Input(index, error=ConfigError(f"input {index} must be {wanted}, not {repr_of(item):.80}"))


def batch(
    ctx: Context,
    inputs: list[Input] | Supply,
    options: BatchOptions,
    bind: Bind,
    deliver: Deliver,
    untaken: Callable[[], int] = none_waits,
    *,
    wait: bool = True,
) -> Flow[None]:
    """Run all inputs, and deliver exactly one `Outcome` for each as soon as it is known.

    If all inputs together may cost more than the budget has left, it does nothing and raises `BudgetExceeded`. Inputs
    of an iterator are checked one by one instead. An error thrown into it while it waits stops it: submissions under
    way are awaited, and everything else ends. Then every input has its outcome, unless it is still in the iterator, and
    the error is raised. Once the account has too few credits, at most `UNPAID` more requests are taken from an
    iterator. Without `wait`, tasks are only submitted.
    """
    if ctx.options.via is not None:  # thousands of tasks cannot listen at once, so they are polled
        url = ctx.options.via.url
        ctx = attrs.evolve(ctx, options=attrs.evolve(ctx.options, via=None, callback_url=url))
    if isinstance(inputs, Supply):
        inputs.labels = None if options.labels is None else iter(options.labels)
    else:
        inputs = _labelled(inputs, options.labels)
    if ctx.budget is not None and not isinstance(inputs, Supply):
        from kie._tasks.budgeting import affordable

        wanted = [(one.request, one.label) for one in inputs if one.request is not None and one.error is None]
        yield from affordable(ctx, ctx.budget, wanted)
    yield from _Batch(ctx, inputs, options, bind, deliver, untaken, wait).run()


def _labelled(inputs: list[Input], given: Iterable[str | None] | None) -> list[Input]:
    """The inputs with their labels. Raises `ConfigError` if these do not fit."""
    if given is None:
        return inputs
    labels = given if isinstance(given, Sequence) else [*islice(given, len(inputs) + 1)]
    if len(labels) != len(inputs):
        raise ConfigError(
            f"labels has {len(labels)} items for {len(inputs)} inputs: give a label, or None, for each input"
        )
    taken: dict[str, int] = {}
    for one, label in zip(inputs, labels, strict=True):
        _is_label(label)
        if label is not None and (first := taken.setdefault(label, one.index)) != one.index:
            raise ConfigError(
                f"inputs {first} and {one.index} have the same label {label!r}: each input needs a label of its own"
            )
        one.label = label
    return inputs


@attrs.define(eq=False)
class _Batch:
    """A running batch. Once it stops, `why` says why, `late` whether its time was up, and `broken` what to raise.

    `unpaid` says why nothing more is submitted once the account has too few credits; tasks keep running. `unsent`
    counts the inputs that were not started for that reason, since the last one that was. `crowded` is the time since
    which the service's limits have let no submission through, if there is one. `pulling` is set while the next input is
    taken from an iterator. `waited` counts the inputs in progress that are only waited for.
    """

    ctx: Context
    inputs: list[Input] | Supply
    options: BatchOptions
    bind: Bind
    deliver: Deliver
    untaken: Callable[[], int]
    wait: bool
    begun: float = attrs.field(init=False)
    until: float | None = attrs.field(init=False)
    supply: Supply | None = attrs.field(init=False)
    pending: deque[Input] = attrs.field(init=False)
    quiet: Options = attrs.field(init=False)
    live: dict[int, Input] = attrs.field(factory=dict)
    unsubmitted: int = 0
    waited: int = 0
    pulling: bool = False
    done: int = 0
    why: str = ""
    unpaid: str = ""
    unsent: int = 0
    crowded: float | None = None
    late: bool = False
    broken: BaseException | None = None

    def __attrs_post_init__(self) -> None:
        self.begun = self.ctx.services.now()
        self.until = None if self.options.batch_timeout is None else self.begun + self.options.batch_timeout
        self.supply = self.inputs if isinstance(self.inputs, Supply) else None
        self.pending = deque() if isinstance(self.inputs, Supply) else deque(self.inputs)
        self.quiet = attrs.evolve(self.ctx.options, on_submitted=None)

    def run(self) -> Flow[None]:
        """Start inputs while there is room, and collect those that end, until every input has its outcome."""
        while True:
            yield from self.start()
            if self.pending and (over := self._over(self.pending[0])):
                one = self.pending.popleft()
                self.unsent += 1
                if self.supply is not None and self.unsent >= UNPAID:
                    self.supply.over = True
                yield from self._deliver(one, None, one.error or BatchStopped(over, one.ref))
            elif self.live or self.pulling:
                yield from self._join()
            elif not self.pending:
                break
        if self.broken is not None:
            raise self.broken

    def start(self) -> Flow[None]:
        """Start the next inputs, as long as there is room for them."""
        while self.pending and not self._over(self.pending[0]) and self._room():
            one = self.pending.popleft()
            if one.error is not None:
                yield from self._deliver(one, None, one.error)
                continue
            one.started = self.ctx.services.now()
            self.unsent = 0
            self.live[one.index] = one
            self.unsubmitted += one.ref is None
            self.waited += one.request is None
            yield from Start(one.index, self._work(one))
        supply = self.supply
        if supply is not None and not (self.pending or self.pulling or supply.over or self.why) and self._room():
            self.pulling = True
            yield from Start(_PULLING, self._pull(supply))

    def _pull(self, supply: Supply) -> Flow[Input | None]:
        """Take the next input from the iterator, once the outcomes delivered so far have been taken."""
        while self.untaken() >= UNTAKEN:
            yield from Sleep(_PAUSE)
        return (yield from Pull(supply.next))

    def _pulled(self, supply: Supply, ended: Ended) -> Flow[None]:
        self.pulling = False
        if ended.error is not None:
            supply.over = True
            if not isinstance(ended.error, Stopped):
                yield from self._break(ended.error, "the iterator of the inputs raised an error")
        elif ended.value is not None:
            self.pending.append(cast("Input", ended.value))

    def _over(self, one: Input) -> str:
        """Why an input is no longer started; empty if it may be."""
        return self.why or (self.unpaid if one.ref is None else "")

    @property
    def total(self) -> int:
        """The number of inputs known so far."""
        return self.inputs.taken if isinstance(self.inputs, Supply) else len(self.inputs)

    @property
    def over(self) -> bool:
        """Whether nothing more is submitted."""
        return bool(self.why or self.unpaid)

    def _room(self) -> bool:
        if self.options.concurrency is not None:
            return len(self.live) < self.options.concurrency
        if self.supply is not None and self.waited >= WAITED_FOR:
            return False
        return self.unsubmitted < AHEAD

    def _join(self) -> Flow[None]:
        try:
            ended = yield from Join(None if self.why else self.until)
        except BaseException as interrupt:
            yield from self._break(interrupt, "the batch was interrupted")
            return
        if ended is None:
            self.late = True
            yield from self._stop("the batch ran out of time")
            return
        if ended.key == _PULLING and self.supply is not None:
            yield from self._pulled(self.supply, ended)
            return
        one = self.live.pop(ended.key)
        self.waited -= one.request is None
        self.unsubmitted -= one.request is not None and one.submitted is None
        yield from self._deliver(one, cast("AnyResult | None", ended.value), (yield from self._error(one, ended)))

    def _error(self, one: Input, ended: Ended) -> Flow[Exception | None]:
        """The error of an input, translated for a batch."""
        error = ended.error
        if one.ref is None and one.request is not None and error is not None:
            one.ref = error.ref if isinstance(error, SubmitUnknown) else named_task(error)
        if isinstance(error, InsufficientCredits) and one.ref is None and not self.unpaid:
            self.unpaid = f"the account has too few credits ({error.message})"
        if error is not None and not isinstance(error, Exception):
            yield from self._break(error, "the batch was interrupted")
            if one.ref is None and one.request is not None and attribute_of(error, "task_created", False) is None:
                return SubmitUnknown(one.request, self.ctx.services.wall(), why=described(error))
            return BatchStopped(self.why, one.ref)
        if isinstance(error, OutOfTime) and one.ref is None:
            return BatchStopped(self.why or f"the batch ran out of time ({error.message})")
        if not isinstance(error, Stopped):
            return error
        if self.late and one.ref is not None:
            return TaskTimeout(one.ref, elapsed=self.ctx.services.now() - self.begun, why=self.why)
        return BatchStopped(self.why or error.message, one.ref)

    def _deliver(self, one: Input, result: AnyResult | None, error: Exception | None) -> Flow[None]:
        outcome = self._outcome(one, result, error)
        self.done += 1
        self.deliver(outcome)
        if self.options.progress is not None:
            try:
                yield from Notify(self.options.progress, (self.done, self.total, outcome))
            except BaseException as fault:
                self.options = attrs.evolve(self.options, progress=None)
                yield from self._break(fault, "progress raised an error")
        if self.options.stop_on_failure and not outcome.ok and not self.why:
            yield from self._stop(f"input {outcome.index} failed")

    def _break(self, error: BaseException, why: str) -> Flow[None]:
        """Stop because of an error, which is raised at the end."""
        self.broken = self.broken or error
        yield from self._stop(why)

    def _stop(self, why: str) -> Flow[None]:
        self.why = self.why or why
        yield from Stop(self.why)

    def announce(self, one: Input) -> Flow[None]:
        """Announce that an input is about to be submitted. Raises `BatchStopped` if the account has too few credits."""
        if self.unpaid:
            raise BatchStopped(self.unpaid)
        one.announced = True
        if self.options.on_submission is not None:
            yield from Notify(self.options.on_submission, (one.index, None))

    def postponed(self, one: Input) -> Flow[None]:
        """Announce that an attempt created nothing; the input is announced again when it is sent again."""
        if one.announced and self.options.on_postponed is not None:
            yield from Notify(self.options.on_postponed, (one.index,))
        one.announced = False

    def submitted(self, one: Input, ref: TaskRef) -> Flow[None]:
        """Record the task of an input, call the user's functions, and start the next inputs in its place."""
        one.ref, one.submitted = ref, self.ctx.services.now()
        self.crowded = None
        self.unsubmitted -= 1
        request, at = cast("Request[Result]", one.request), self.ctx.services.wall()
        yield from notify(self.options.on_submission, (one.index, ref), ref, request, at)
        yield from notify(self.ctx.options.on_submitted, (ref,), ref, request, at)
        yield from self.start()

    def pause(self, one: Input, error: CircuitOpen | RateLimited, tries: int) -> float:
        """Seconds after which an input that was not sent, or created nothing, may be submitted again. Raises `error`
        if that would be too late.

        Others may use the same key: one that the limits refuse waits as long as they let anything through, and at most
        `timeout` seconds more.
        """
        services, options, policy = self.ctx.services, self.ctx.options, self.ctx.options.retry
        now = services.now()
        if isinstance(error, CircuitOpen):
            since, pause = cast("float", one.started), error.retry_after
        elif error.task_created is not False or policy.attempts == 1:
            raise error
        else:
            since = self.crowded = now if self.crowded is None else self.crowded
            pause = policy.delay(policy.attempts + tries, services.random(), error.retry_after)
        pause = max(pause, PROBED)
        if now + pause >= min(since + options.timeout, self.until or inf):
            raise error
        return pause

    def begin_again(self, one: Input) -> None:
        """Reset an input whose task failed at no cost: it is submitted again as if for the first time."""
        one.ref = one.submitted = None
        self.unsubmitted += 1

    def _work(self, one: Input) -> Flow[AnyResult | None]:
        if one.ref is not None:
            return finish(self.ctx, one.ref, None, self.bind, fresh=False)
        return _from_request(self.ctx, cast("Request[Result]", one.request), one, self)

    def _outcome(self, one: Input, result: AnyResult | None, error: Exception | None) -> Outcome[AnyResult]:
        def since(moment: float | None) -> float | None:
            return None if moment is None else moment - self.begun

        day = self.ctx.services.wall().date()
        common: dict[str, Any] = {
            "index": one.index,
            "request": one.request,
            "ref": one.ref,
            "started": since(one.started),
            "submitted": since(one.submitted),
            "ended": self.ctx.services.now() - self.begun,
            "attempts": one.attempts,
            "estimating": None if one.request is None else partial(later_priced, one.request, one.lengths, day),
        }
        if error is not None:
            return Failed(error=error, **common)
        if result is not None:
            return Ok(result=result, **common)
        return cast("Outcome[AnyResult]", Submitted(**common))


@traced("task")
def _from_request(ctx: Context, request: Request[Result], one: Input, run: _Batch) -> Flow[AnyResult | None]:
    """Submit one input and wait for it. Open circuits and limits do not make it fail: it tries again."""
    before, paused = partial(run.announce, one), partial(run.postponed, one)
    # `submitted` calls `on_submitted` when the ref is known, whatever that function does
    quiet = Context(options=run.quiet, services=ctx.services, given=ctx.given, scope=ctx.scope)
    tries = 0
    while True:
        try:
            started = yield from submit(
                quiet,
                request,
                label=one.label,
                deadline=run.until,
                before=before,
                paused=paused,
                origin=one.origin,
            )
        except (CircuitOpen, RateLimited) as stopped:
            pause = run.pause(one, stopped, tries)
            yield from run.postponed(one)
            yield from Sleep(pause)
            tries += 1
            continue
        one.attempts, one.lengths = one.attempts + 1, started.lengths
        yield from run.submitted(one, started.ref)
        if not run.wait:
            return None
        kind, status = request.info.result, started.status
        try:
            return (yield from finish(ctx, started.ref, kind, run.bind, fresh=started.fresh, status=status))
        except TaskFailed as failed:
            if run.over or not submitted_again(ctx, failed, one.attempts):
                raise
            run.begin_again(one)
