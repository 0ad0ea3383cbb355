"""Library: one prompt as a request of each model, all checked. May import `_core`, `_flow`, `_plans`, `_tasks`."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, cast

import attrs

from kie._core import paths
from kie._core.errors import ArgumentInvalid, ConfigError, KieError, NotReady, RequestInvalid, UnknownModel
from kie._core.estimates import Estimate
from kie._core.issues import Issue
from kie._core.outcomes import Outcome
from kie._core.request import Request
from kie._core.results import AnyResult, Result
from kie._flow.context import Context
from kie._flow.effects import Flow, OnDisk
from kie._library.comparison import Comparison, ComparisonRow
from kie._library.run import Run
from kie._plans.plan import MEDIA, Asked, Plan, drafted
from kie._tasks.budgeting import within
from kie._tasks.by_name import is_plan, requested
from kie._tasks.check import check
from kie._tasks.estimate import one

if TYPE_CHECKING:
    from kie._library.library import Library

_UNKNOWN = "additionalProperties"
"""The rule that a field breaks that a model does not have."""


@attrs.frozen(kw_only=True)
class ComparedModel:
    """One of the models: what is submitted, or what is wrong with it."""

    name: str
    item: Request[Result] | Plan | None = None
    request: Request[Result] | None = None
    issues: tuple[Issue, ...] = ()
    left_out: tuple[str, ...] = ()
    changes: tuple[str, ...] = ()
    named: bool = False
    """Whether it was made of a name, so that it took the fields."""
    decided: bool = True
    """Whether it is known which model it is."""


@attrs.frozen
class ComparisonInput:
    """What is to be compared. `issues` are the faults of no model alone."""

    prompt: str
    entries: Sequence[ComparedModel]
    issues: Sequence[Issue] = ()

    @property
    def title(self) -> str:
        """What is invalid, if anything is."""
        return f"compare ({', '.join(dict.fromkeys(entry.name for entry in self.entries))})"

    @property
    def items(self) -> list[Request[Result] | Plan]:
        """What is submitted, once everything is checked."""
        return [entry.item for entry in self.entries if entry.item is not None]


def wanted(prompt: str, models: Iterable[object], fields: Mapping[str, object]) -> ComparisonInput:
    """Make a request of each model. What is wrong with one is in its entry.

    Args:
        prompt: The prompt.
        models: Classes, ids, names of families, requests, plans or mappings.
        fields: Other fields, by loose names, each for the models that have it.

    Raises:
        ArgumentInvalid: There are no several models, or an argument is nothing of the kind.
    """
    if isinstance(models, (str, bytes, Mapping, Request)) or not isinstance(models, Iterable):
        raise ArgumentInvalid(f"compare needs a prompt and a list of models, not {models!r:.80}")
    if not isinstance(prompt, str):
        raise ArgumentInvalid(f"the prompt must be text, not {prompt!r:.80}")
    found = [_entry(prompt, model, fields) for model in models]
    if not found:
        raise ArgumentInvalid("compare needs at least one model: its id, its class or a request")
    named = [entry for entry in found if entry.named]
    judges = [entry for entry in named if entry.decided]
    lacked = [name for name in fields if all(name in entry.left_out for entry in judges)] if judges or not named else []
    why = (
        "is not a field of any of these models" if named else "cannot be given: the requests have their fields already"
    )
    return ComparisonInput(prompt, found, [Issue(name, _UNKNOWN, why) for name in lacked])


def _entry(prompt: str, model: object, fields: Mapping[str, object]) -> ComparedModel:
    if isinstance(model, type) and issubclass(model, Request) and hasattr(model, "info"):
        model = model.info.name
    if isinstance(model, str):
        return _of_name(model, {"prompt": prompt, **fields})
    if not isinstance(model, (Request, Mapping)) and not is_plan(model):
        raise ArgumentInvalid(f"each model must be an id, a class, a request or a plan, not {model!r:.80}")
    name = model.info.name if isinstance(model, Request) else str(getattr(model, "model", None) or "request")
    try:
        request = requested(model)
    except (RequestInvalid, NotReady) as error:
        return ComparedModel(name=name, issues=error.issues or (Issue("", "decision", error.message),))
    except (ConfigError, UnknownModel) as error:
        return ComparedModel(name=name, issues=(Issue("model", "unknown_model", error.message),))
    item = model if isinstance(model, Plan) else request
    changes = model.changes if isinstance(model, Plan) else ()
    return ComparedModel(name=request.info.name, item=item, request=request, changes=changes)


def _of_name(name: str, fields: Mapping[str, object]) -> ComparedModel:
    """Make the request of a model or family, without the fields that it does not have."""
    media = {kind: value for kind, value in fields.items() if kind in MEDIA}
    given = {field: value for field, value in fields.items() if field not in MEDIA}
    left_out: list[str] = []
    while True:
        plan = drafted(Asked(name=name, fields=given, media=media))
        unknown = {issue.path for issue in plan.faults if issue.rule == _UNKNOWN}
        lacked = [field for field in given if field != "prompt" and paths.render((field,)) in unknown]
        if not lacked:
            break
        left_out += lacked
        given = {field: value for field, value in given.items() if field not in lacked}
    return ComparedModel(
        name=plan.model or name,
        item=plan,
        request=plan.request,
        issues=(*plan.faults, *plan.missing),
        left_out=tuple(left_out),
        changes=plan.changes,
        named=True,
        decided=plan.model is not None,
    )


def checked(ctx: Context, asked: ComparisonInput) -> Flow[list[Estimate]]:
    """Check every request as far as that is possible without sending anything, and what all may cost together.

    Raises:
        BudgetExceeded: They may cost more than the budget has left.
        RequestInvalid: At least one is invalid; every fault of every model is listed.
    """
    issues = [*asked.issues]
    prices: list[Estimate] = []
    for index, entry in enumerate(asked.entries):
        issues += _placed(index, entry.issues)
        if entry.request is None:
            continue
        try:
            yield from check(ctx, entry.request)
            prices.append((yield from one(ctx, entry.request)))
        except RequestInvalid as error:
            issues += _placed(index, error.issues)
        except KieError as error:
            issues += _placed(index, [Issue("", "check", error.message)])
    if issues:
        raise RequestInvalid(asked.title, issues)
    if ctx.budget is not None:
        yield from within(ctx, ctx.budget, prices)
    return prices


def _placed(index: int, issues: Iterable[Issue]) -> Iterator[Issue]:
    """Faults of one model as faults of the call."""
    for issue in issues:
        place = paths.render(("models", index, *paths.parse(issue.path)))
        yield attrs.evolve(issue, path=place, message=issue.parts)


def compared(
    ctx: Context, asked: ComparisonInput, prices: Sequence[Estimate], outcomes: Sequence[Outcome[AnyResult]] = ()
) -> Flow[Comparison]:
    """Put together what came of it; without outcomes it was a dry run."""
    found: list[Outcome[AnyResult] | None] = [*outcomes]
    if not outcomes:
        found = [None] * len(prices)
    runs = yield from OnDisk(lambda: [_run(ctx.options.library, outcome) for outcome in found])
    rows = [
        ComparisonRow(
            request=cast("Request[Result]", entry.request),
            estimate=price,
            outcome=outcome,
            left_out=entry.left_out,
            changes=entry.changes,
            run=run,
        )
        for entry, price, outcome, run in zip(asked.entries, prices, found, runs, strict=True)
    ]
    return Comparison(prompt=asked.prompt, rows=tuple(rows), tags=tuple(ctx.options.tags))


def _run(library: Library | None, outcome: Outcome[AnyResult] | None) -> Run | None:
    """What the library keeps of an outcome; None if it keeps nothing, or cannot say."""
    if library is None or outcome is None or outcome.ref is None:
        return None
    try:
        return library.get(outcome.ref)
    except ConfigError:
        return None
