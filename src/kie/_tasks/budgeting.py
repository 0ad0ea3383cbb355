"""Tasks: reserves credits of a budget before anything is uploaded, and settles them. May import `_core`, `_flow`."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from decimal import Decimal
from functools import partial
from typing import TYPE_CHECKING, TypeVar, cast

from kie._core.errors import BudgetExceeded, ConfigError, KieError, SubmitUnknown, name_task, pass_on
from kie._core.estimates import Alike, Estimate, TotalEstimate
from kie._core.journal_entry import JournalEntry
from kie._core.json import JSONObject
from kie._core.numbers import amount
from kie._core.request import Request
from kie._core.results import Result
from kie._core.safe_text import attribute_of
from kie._core.status import TaskStatus
from kie._core.tasks import TaskRef
from kie._flow import events
from kie._flow.context import Context
from kie._flow.effects import Flow, Inspected, Notify, OnDisk, Recall, surely
from kie._tasks.estimate import lengths, one, priced

if TYPE_CHECKING:
    from kie._io.budget import Budget
    from kie._tasks.submit import Started

T = TypeVar("T")


def within_budget(
    ctx: Context,
    request: Request[Result],
    body: JSONObject,
    local: Mapping[str, Inspected],
    key: str,
    sending: Flow[Started],
) -> Flow[Started]:
    """Tell observers what a checked request will cost, reserve that, and only then upload and send it."""
    now = ctx.services.wall()
    price = priced(request, body, lengths(request, local), now.date())
    events.estimated(ctx, price)
    budget = ctx.budget
    if budget is None:
        return (yield from sending)
    try:
        return (yield from _within(ctx, budget, price, now, budget._id(key), request, sending))
    except BudgetExceeded as error:
        events.refused(ctx, error)
        raise


def _within(
    ctx: Context,
    budget: Budget,
    price: Estimate,
    now: datetime,
    key: str,
    request: Request[Result],
    sending: Flow[Started],
) -> Flow[Started]:
    needed = yield from _bound(budget, request, price)
    try:
        yield from _kept(budget, partial(budget._reserve, price, needed, key, now))
        started = yield from sending
    except BaseException as error:
        try:
            yield from _given_up(ctx, budget, key, error)
        except BaseException as another:
            pass_on(error, another)
            raise
        raise
    try:
        yield from began(ctx, budget, key, started.ref)
    except BaseException as error:
        name_task(error, started.ref)
        raise
    return started


def _bound(budget: Budget, request: Request[Result], price: Estimate) -> Flow[Decimal]:
    """How much to reserve for a request: the most that it may cost. Raises `BudgetExceeded` if that is not known."""
    if price.at_most is not None:
        return price.at_most
    needed = price.at_least
    for part in budget._chain():
        if callable(part.unpriced):
            answer = yield from Notify(part.unpriced, (request, price))
            if answer is None or answer is False:
                raise part._unpriced(price, "the function `unpriced` refused it")
            needed = max(needed, amount("what `unpriced` returns", cast("Decimal", answer)))
        elif part.unpriced == "refuse":
            raise part._unpriced(price, "Budget(unpriced='allow') submits it anyway")
    return needed


def _given_up(ctx: Context, budget: Budget, key: str, error: BaseException) -> Flow[None]:
    """After an error that ended a submission, free the reserved credits unless a task exists or may exist."""
    earlier = attribute_of(error, "entry")
    if budget._place is not None and isinstance(earlier, JournalEntry):  # another sent it: credits stay reserved
        if earlier.ref is not None:
            yield from began(ctx, budget, key, earlier.ref)
        return
    ref = attribute_of(error, "ref")
    unknown = isinstance(error, SubmitUnknown) or attribute_of(error, "task_created", False) is None
    if isinstance(ref, TaskRef) or not unknown:
        yield from began(ctx, budget, key, ref if isinstance(ref, TaskRef) else None)


def began(ctx: Context, budget: Budget, key: str, ref: TaskRef | None) -> Flow[None]:
    """Record the task for which credits are reserved, so that it can be settled when it ends; free them if there is
    none."""
    change = partial(budget._free, key, tasks=False) if ref is None else partial(budget._assign, key, ref)
    yield from _noted(ctx, budget, change)


def settle(ctx: Context, budget: Budget, status: TaskStatus) -> Flow[None]:
    """Settle a task that has ended: its cost is spent, and the rest is free again."""
    yield from _noted(ctx, budget, partial(budget.settle, status.ref, status.credits))


def affordable(ctx: Context, budget: Budget, inputs: Iterable[tuple[Request[Result], str | None]]) -> Flow[None]:
    """Check before a batch begins whether the budget allows all that it submits. Raises `BudgetExceeded`.

    Requests that are invalid, or that the budget refuses one by one, are reported in turn and do not count. Neither do
    those that were submitted earlier under their label.
    """
    parts, alike = list[Estimate](), Alike()
    for request, label in inputs:
        try:
            if (yield from _submitted(ctx, label)):
                continue
            price = yield from one(ctx, request)
        except KieError:
            continue
        if not budget._refuses(price):
            parts.append(alike.kept(price))
    try:
        yield from _kept(budget, partial(budget._fits, TotalEstimate(parts=tuple(parts)), ctx.services.wall()))
    except BudgetExceeded as error:
        events.refused(events.scoped(ctx), error)
        raise


def within(ctx: Context, budget: Budget, prices: Iterable[Estimate]) -> Flow[None]:
    """Check whether the budget allows all of these, each one and together. Raises `BudgetExceeded`."""
    parts = tuple(prices)
    try:
        for price in parts:
            yield from _kept(budget, partial(budget._fits, price, ctx.services.wall()))
        yield from _kept(budget, partial(budget._fits, TotalEstimate(parts=parts), ctx.services.wall()))
    except BudgetExceeded as error:
        events.refused(events.scoped(ctx), error)
        raise


def _submitted(ctx: Context, label: str | None) -> Flow[bool]:
    """Whether the journal knows a submission with the label."""
    if label is None or not ctx.services.keeps_journal:
        return False
    return (yield from Recall(label, ctx.options.base_url)) is not None


def _noted(ctx: Context, budget: Budget, change: Callable[[], object]) -> Flow[None]:
    """Change the account, even if that is interrupted once. If that fails, credits stay reserved, but no task or result
    is lost."""
    yield from surely(partial(_attempted, ctx, budget, change))


def _attempted(ctx: Context, budget: Budget, change: Callable[[], object]) -> Flow[None]:
    """Change the account. A failure is a warning, so that `surely` still raises what interrupted the first attempt."""
    try:
        yield from _kept(budget, change)
    except ConfigError as error:
        ctx.services.warn(f"the budget still reserves credits that it could release: {error.message}")


def _kept(budget: Budget, change: Callable[[], T]) -> Flow[T]:
    """Change the account, in a file or not."""
    return (yield from OnDisk(change)) if budget._on_disk else change()
