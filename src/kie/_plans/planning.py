"""Plans: makes plans for a client, with facts that only a client can find out. May import every room below.

Nothing is sent unless the caller wants the balance or the success rate of a model. Reading these is free.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from decimal import Decimal
from os import PathLike
from types import NoneType

import attrs

from kie._core import paths
from kie._core.errors import ArgumentInvalid, KieError
from kie._core.field_facts import NO_FACTS
from kie._core.issues import Issue
from kie._core.media_rules import ANY_FILE
from kie._core.numbers import amount
from kie._core.prices import media_that_count
from kie._core.request import Request
from kie._core.results import Result
from kie._flow.context import Context
from kie._flow.effects import Flow, Inspect, Inspected, OnDisk
from kie._flow.options import of_kind
from kie._io.budget import Budget
from kie._plans.enhance import Brief, Enhanced, Enhancer, policy_of
from kie._plans.enhancing import by_policy
from kie._plans.enhancing import enhance as ask
from kie._plans.plan import MEDIA, Asked, Plan, drafted
from kie._plans.policies import EnhancePolicy
from kie._plans.preflight import Limits
from kie._plans.preset_files import find
from kie._plans.prompting import PromptOptions
from kie._plans.states import LOW_SUCCESS_RATE
from kie._tasks import account, vendor
from kie._tasks.by_name import body_of
from kie._tasks.estimate import lengths

LOW = 80.0
"""The success rate of a model is low below this percentage."""


def plan(
    ctx: Context,
    name: object,
    fields: Mapping[str, object],
    *,
    media: Mapping[str, object],
    task_mode: str | None = None,
    warn_above: Decimal | float | None = None,
    confirm_above: Decimal | float | None = None,
    balance: Decimal | float | bool = False,
    success_rate: bool = False,
    local_files: bool | None = None,
    preset: str | None = None,
    presets: str | PathLike[str] | Iterable[str | PathLike[str]] = (),
    enhance: EnhancePolicy | None = None,
    enhancer: Enhancer | None = None,
) -> Flow[Plan]:
    """Make a plan. Local media are inspected if their length affects the price. Nothing that costs credits is sent.

    An enhancer may cost credits; the caller who passes one is responsible for that.
    """
    of_kind("task_mode", task_mode, (str, NoneType), "text")
    of_kind("success_rate", success_rate, bool, "True or False")
    of_kind("local_files", local_files, (bool, NoneType), "True or False")
    asked = _asked(name, fields, media, task_mode)
    if local_files is not None:
        asked = attrs.evolve(asked, local_files=local_files)
    limits = yield from _limits(ctx, asked.limits, warn_above, confirm_above, balance)
    prompt_options = yield from _prompt_options(asked, preset, presets, enhance, enhancer)
    asked = attrs.evolve(asked, limits=limits, prompt_options=prompt_options)
    found = drafted(asked)
    if prompt_options.policy != "off" and found.request is not None and found._brief is not None:
        asked = attrs.evolve(asked, prompt_options=(yield from _enhanced(asked, found._brief, enhancer)))
        found = drafted(asked)
    if found.request is not None:
        seconds = yield from _seconds(found.request)
        noticed = (yield from _noticed(ctx, found.request.info.name)) if success_rate else {}
        if seconds or noticed:
            found = drafted(attrs.evolve(asked, seconds=seconds, noticed=noticed))
    return found


def exact_plan(ctx: Context, model: str, fields: Mapping[str, object], *, balance: Decimal | None = None) -> Flow[Plan]:
    """Make a plan of exactly the given fields of a model. Nothing is interpreted loosely, and nothing is sent.

    Args:
        ctx: Options and services.
        model: The id of the model.
        fields: Its fields by their names on the wire. They may contain local media.
        balance: The credits of the account; None if they are not known.

    Returns:
        The plan. If it is incomplete, it has the choices with their prices.

    Raises:
        UnknownModel: There is no such model.
    """
    limits = yield from _limits(ctx, Limits(), None, None, False if balance is None else balance)
    asked = Asked(name=model, fields=fields, exact=True, limits=limits)
    found = drafted(asked)
    if found.request is not None and (seconds := (yield from _seconds(found.request))):
        found = drafted(attrs.evolve(asked, seconds=seconds))
    return found


def _prompt_options(
    asked: Asked,
    preset: str | None,
    presets: str | PathLike[str] | Iterable[str | PathLike[str]],
    policy: EnhancePolicy | None,
    enhancer: Enhancer | None,
) -> Flow[PromptOptions]:
    """The options for the prompt. Omitted ones are those of the earlier plan."""
    of_kind("preset", preset, (str, type(None)), "the name of a preset")
    if isinstance(presets, (str, PathLike)):
        presets = (presets,)
    of_kind("presets", presets, Iterable, "folders, in a list")
    if enhancer is not None and policy is None:
        policy = "auto"
    wanted = asked.prompt_options.policy if policy is None else policy_of(policy)
    if asked.request is not None:
        if preset is not None or wanted != "off":
            argument = "preset" if preset is not None else "enhance"
            raise ArgumentInvalid(f"{argument} belongs to a plan that is made by name: this request is complete")
        return asked.prompt_options
    folders = [*presets]
    found = yield from OnDisk(lambda: find(folders))
    if not folders and asked.prompt_options.found.presets:
        found = asked.prompt_options.found
    return attrs.evolve(asked.prompt_options, preset=preset or asked.prompt_options.preset, found=found, policy=wanted)


def _enhanced(asked: Asked, brief: Brief, enhancer: Enhancer | None) -> Flow[PromptOptions]:
    """Have the prompt enhanced, unless an earlier plan did that in the same way."""
    prompt_options = asked.prompt_options
    if enhancer is None and brief.prompt in prompt_options.enhanced:
        made = by_policy(prompt_options.enhanced[brief.prompt], prompt_options.policy)
        return attrs.evolve(prompt_options, enhanced={brief.prompt: made})

    def faults(prompt: str) -> Iterable[Issue]:
        tried = {brief.prompt: Enhanced(raw=brief.prompt, final=prompt)}
        found = drafted(attrs.evolve(asked, prompt_options=attrs.evolve(prompt_options, enhanced=tried)))
        return (*found.faults, *found.missing)

    made = yield from ask(brief, prompt_options.policy, enhancer, check=faults)
    return attrs.evolve(prompt_options, enhanced={brief.prompt: made})


def _asked(name: object, fields: Mapping[str, object], media: Mapping[str, object], task_mode: str | None) -> Asked:
    given = {kind: value for kind, value in media.items() if value is not None}
    if isinstance(name, (Request, Plan)):
        if fields or given or task_mode is not None:
            first = next(iter({**fields, **given, "task_mode": task_mode}))
            raise ArgumentInvalid(f"{first} belongs to a plan that is made by name; here it is .answer({first}=...)")
        return name._asked if isinstance(name, Plan) else Asked(request=name)
    if isinstance(name, Mapping):
        model, inner = body_of(name)
        fields = {**inner, **fields}
        given = {**{kind: inner[kind] for kind in MEDIA if kind in inner}, **given}
        fields = {field: value for field, value in fields.items() if field not in MEDIA}
        return Asked(name=model, fields=fields, media=given, task_mode=task_mode)
    if isinstance(name, type) and issubclass(name, Request) and hasattr(name, "info"):
        name = name.info.name
    if not isinstance(name, str):
        raise ArgumentInvalid(f"a plan needs the name of a model or a family, or a request, not {name!r:.80}")
    return Asked(name=name, fields=fields, media=given, task_mode=task_mode)


def _limits(
    ctx: Context,
    before: Limits,
    warn_above: Decimal | float | None,
    confirm_above: Decimal | float | None,
    balance: Decimal | float | bool,
) -> Flow[Limits]:
    """The limits of this call. Omitted ones are those of the earlier plan."""
    has = before.balance
    if balance is True:
        has = yield from account.balance(ctx)
    elif balance is not False:
        has = amount("balance", balance)
    limits = Limits(
        warn_above=before.warn_above if warn_above is None else amount("warn_above", warn_above),
        confirm_above=before.confirm_above if confirm_above is None else amount("confirm_above", confirm_above),
        balance=has,
    )
    budget = ctx.budget
    if budget is None:
        return limits
    if budget._on_disk:
        return (yield from OnDisk(lambda: _within(limits, budget)))
    return _within(limits, budget)


def _within(limits: Limits, budget: Budget) -> Limits:
    """Add to the limits what a budget has left now."""
    chain = [*budget._chain()]
    left = [limit for one in chain for limit in (one.left, one.per_task) if limit is not None]
    refuses = any(one.unpriced == "refuse" for one in chain)
    return attrs.evolve(limits, left=min(left, default=None), priced_only=refuses)


def _seconds(request: Request[Result]) -> Flow[Mapping[str, list[Decimal | None]]]:
    """The lengths of local media that affect the price."""
    counted = media_that_count(request.info.name)
    local: dict[str, Inspected] = {}
    for path, medium in request.local_media.items() if counted else ():
        field = paths.key(paths.parse(path))
        if field in counted:
            rule = request.info.fields.get(field, NO_FACTS).media or ANY_FILE
            local[path] = yield from Inspect(medium, rule.max_bytes, rule.formats)
    return lengths(request, local)


def _noticed(ctx: Context, model: str) -> Flow[Mapping[str, Issue]]:
    """Warn if few tasks of a model succeeded recently."""
    try:
        points = yield from vendor.success_rate(ctx, model)
    except KieError as error:
        ctx.services.warn(f"the success rate of {model} is not known: {error.message}")
        return {}
    rates = [point.succeeded for point in points if point.succeeded is not None][-6:]
    if not rates or (mean := sum(rates) / len(rates)) >= LOW:
        return {}
    said = f"only {mean:.0f} % of the tasks of {model} succeeded recently"
    return {model: Issue("model", LOW_SUCCESS_RATE, said)}
