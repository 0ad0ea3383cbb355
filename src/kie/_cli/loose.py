"""CLI: loose input: options of any name, and questions on a terminal. May import `_plans`, `_core`."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from decimal import Decimal
from typing import TYPE_CHECKING, Any, cast

import attrs
import click

from kie._cli.cli_context import CliContext
from kie._cli.click_options import option
from kie._cli.fields import kebab
from kie._cli.output import is_terminal, note
from kie._cli.values import Typed, settings
from kie._core.errors import NotReady, RequestInvalid
from kie._core.estimates import shown
from kie._core.issues import Issue
from kie._core.json import JSON
from kie._core.numbers import amount
from kie._core.request import Request
from kie._core.results import Result
from kie._plans.policies import POLICIES, EnhancePolicy

if TYPE_CHECKING:
    from kie._client import Kie
    from kie._plans.choices import Choice
    from kie._plans.enhance import Enhancer
    from kie._plans.families import Family
    from kie._plans.plan import Plan

MOST_QUESTIONS = 20
"""The most questions about one plan. A plan that needs more is not being answered seriously."""


@attrs.frozen(kw_only=True)
class LooseOptions:
    """The options for a plan, besides the fields."""

    task_mode: str | None = option(
        metavar="NAME", help="What to do, such as image_to_video, if a family has models for several tasks."
    )


@attrs.frozen(kw_only=True, slots=False)  # used next to another base class
class PromptArguments:
    """The options for a prompt."""

    preset: str | None = option(metavar="NAME", help="A preset for the prompt: `kie presets` lists them.")
    presets: tuple[str, ...] = option(
        multiple=True, metavar="FOLDER", help="A folder of presets, which takes precedence over your own. Repeatable."
    )
    enhance: str = option(
        type=click.Choice(POLICIES),
        default="off",
        metavar="POLICY",
        help="Have a language model at Kie enhance the prompt, which costs credits: `preview` only shows the new "
        "prompt, `ask` uses it once you confirm it, `auto` uses it at once. Default: off.",
    )
    enhance_model: str | None = option(metavar="ID", help="The language model for --enhance. Default: gpt-5-2.")

    @property
    def asked_for(self) -> bool:
        """Whether the options ask for a change of the prompt."""
        return self.preset is not None or bool(self.presets) or self.enhance != "off"


@attrs.frozen(kw_only=True)
class AgreeingOptions(PromptArguments):
    """The options for the prompt of a request that is submitted."""

    yes: bool = option(is_flag=True, help="Confirm the prompt that --enhance ask makes.")


@attrs.frozen(kw_only=True)
class SpendingOptions(LooseOptions, PromptArguments):
    """The options for a plan that costs credits."""

    warn_above: str | None = option(metavar="CREDITS", help="Warn if a task may cost this much or more.")
    confirm_above: str | None = option(
        metavar="CREDITS", help="Ask for confirmation if a task may cost this much or more."
    )


@attrs.frozen(kw_only=True)
class ConfirmingOptions(SpendingOptions):
    """The options for a plan that is carried out."""

    yes: bool = option(is_flag=True, help="Confirm the cost.")


def of_any_name(args: Sequence[str]) -> dict[str, object]:
    """Parse options of any name: `--name value`, `--name=value`, `--switch`, `--no-switch`; repeated ones are a list.

    Args:
        args: The arguments that are not declared options.

    Raises:
        UsageError: A word belongs to no option.
    """
    found: dict[str, list[object]] = {}
    left = [*args]
    while left:
        text = left.pop(0)
        if not text.startswith("--") or text == "--":
            raise click.UsageError(f"unexpected {text!r}: a text with spaces in it needs quotes")
        name, sign, said = text[2:].partition("=")
        value: object = said
        if not sign and left and not left[0].startswith("--"):
            value = left.pop(0)
        elif not sign:
            value, name = not name.startswith("no-"), name.removeprefix("no-")
        found.setdefault(name, []).append(value)
    return {name: values[0] if len(values) == 1 else values for name, values in found.items()}


def loose_fields(family: Family | None, args: Sequence[str], sets: Sequence[str]) -> dict[str, object]:
    """Read the fields of a loose request: media become files, and `@file` the text in it.

    Args:
        family: The family of the request; None if its name is unknown.
        args: The arguments that are not declared options.
        sets: The values of `--set`.

    Raises:
        RequestInvalid: A file cannot be read, or a value of `--set` is not JSON.
    """
    typed = Typed(frozenset())
    issues: list[Issue] = []
    found = {name: _value(family, typed, name, value) for name, value in of_any_name(args).items()}
    found |= settings(sets, issues)
    issues += typed.issues
    if issues:
        raise RequestInvalid("the request" if family is None else family.name, issues)
    return found


def _value(family: Family | None, typed: Typed, name: str, value: object) -> object:
    if isinstance(value, list):
        return [_value(family, typed, name, item) for item in value]
    if not isinstance(value, str):
        return value
    from kie._plans.roles import is_media

    return typed.medium(value, name) if is_media(name, family) else typed.text(value, name)


def planned(
    context: CliContext,
    name: str,
    fields: Mapping[str, object],
    options: LooseOptions,
    *,
    simulate: float | None = None,
    **more: bool,
) -> Plan:
    """Make a plan with the settings of this invocation. Nothing is sent unless `more` needs the service.

    Args:
        context: The invocation.
        name: The name of a model or a family.
        fields: The fields.
        options: The other options.
        simulate: How many times faster than real time the simulator runs; None for the service.
        **more: Arguments of `client.plan` that may query the service.
    """
    spending = options if isinstance(options, SpendingOptions) else SpendingOptions(task_mode=options.task_mode)
    with _client(context, spending, simulate, keyless=not any(more.values())) as client:
        return _planned(client, name, fields, spending, **more)


def _client(
    context: CliContext, options: object, simulate: float | None = None, *, keyless: bool = True
) -> AbstractContextManager[Kie]:
    """The client for planning: it enhances prompts with the simulator if nothing may be sent."""
    if not isinstance(options, PromptArguments) or options.enhance == "off":
        return context.client(keyless=keyless)
    return context.opened(simulate=simulate) if simulate is not None else context.client()


def prompted(
    context: CliContext, request: Request[Result], options: AgreeingOptions, simulate: float | None
) -> Request[Result]:
    """Put a preset around the prompt of a request or have it enhanced, if the options say so.

    Raises:
        NotReady: The preset does not exist, the prompt became invalid, or nobody agreed to it.
    """
    if not options.asked_for:
        return request
    fields = {wire: value for python, wire in request.__kie_plan__() if (value := getattr(request, python)) is not None}
    with _client(context, options, simulate) as client:
        plan = client.plan(
            {"model": request.info.name, "input": fields},
            preset=options.preset,
            presets=options.presets or (),
            enhance=cast("EnhancePolicy", options.enhance),
            enhancer=_enhancer(client, options),
        )
    for line in prompt_lines(plan):
        note(line)
    for issue in plan.warnings:
        note(f"warning: {issue}")
    if plan.request is None:
        raise NotReady(plan)
    if plan.asks_about_prompt:
        agreed = options.yes or (interactive(context) and click.confirm("Use this prompt?", err=True))
        if not agreed:
            raise NotReady(plan)
    return plan.request


def _planned(client: Kie, name: str, fields: Mapping[str, object], options: SpendingOptions, **more: bool) -> Plan:
    given: dict[str, Any] = {
        key.replace("-", "_") if key.replace("-", "_") in _MEDIA else key: v for key, v in fields.items()
    }
    media = {key: given.pop(key) for key in _MEDIA if key in given}
    return client.plan(
        name,
        images=media.get("images"),
        videos=media.get("videos"),
        audios=media.get("audios"),
        reference=media.get("reference"),
        task_mode=options.task_mode,
        warn_above=_credits("--warn-above", options.warn_above),
        confirm_above=_credits("--confirm-above", options.confirm_above),
        balance=more.get("balance", False),
        success_rate=more.get("success_rate", False),
        preset=options.preset,
        presets=options.presets or (),
        enhance=cast("EnhancePolicy", options.enhance),
        enhancer=_enhancer(client, options),
        **{_field(key): value for key, value in given.items()},
    )


def _enhancer(client: Kie, options: object) -> Enhancer | None:
    if not isinstance(options, PromptArguments) or options.enhance == "off":
        return None
    from kie._plans.enhance import ChatEnhancer

    return ChatEnhancer(client) if options.enhance_model is None else ChatEnhancer(client, model=options.enhance_model)


_MEDIA = ("images", "videos", "audios", "reference")
_OWN = {
    *("task_mode", "warn_above", "confirm_above", "budget", "balance", "success_rate"),
    *("preset", "presets", "enhance", "enhancer"),
}


def _field(name: str) -> str:
    """The name of a field as passed on: a field named like an argument of `client.plan` keeps its dashes."""
    return f"-{name}" if name in _OWN else name


def _credits(name: str, text: str | None) -> Decimal | None:
    return None if text is None else amount(name, text)


def interactive(context: CliContext) -> bool:
    """Whether a user can be asked on a terminal."""
    return not context.as_json and is_terminal(sys.stdin) and is_terminal(sys.stderr)


def settled(context: CliContext, plan: Plan, options: LooseOptions, simulate: float | None = None) -> Request[Result]:
    """Get the request of a plan. On a terminal, ask for missing fields and for consent to the price.

    A free request needs no confirmation.

    Raises:
        NotReady: It is invalid, incomplete, rejected or was not confirmed.
    """
    for text in plan.changes:
        note(f"read: {text}")
    asks = interactive(context)
    for _ in range(MOST_QUESTIONS):
        if plan.state != "needs_input" or not asks:
            break
        answer = _answer(plan)
        if answer is None:
            break
        with _client(context, options, simulate) as client:
            plan = client.plan(plan.answer(**answer), enhancer=_enhancer(client, options), enhance=plan.enhance)
    for issue in plan.warnings:
        note(f"warning: {issue}")
    for choice in plan.choices:
        note(f"choice: {choice_text(choice)}")
    if not isinstance(options, ConfirmingOptions) and plan.request is not None:
        return plan.request
    confirmed = getattr(options, "yes", False)
    if plan.decision == "require_confirmation" and plan.request is not None and not confirmed and asks:
        for line in prompt_lines(plan):
            note(line)
        note("; ".join(plan.reasons))
        confirmed = click.confirm("Run it?", err=True)
    return plan.require(confirmed=confirmed)


def prompt_lines(plan: Plan) -> Iterator[str]:
    """Describe what happened to the prompt, for people."""
    if plan.preset.preset is not None and plan.preset.source != "pattern":
        yield f"preset: {plan.preset.preset.name} ({plan.preset.reason})"
    if plan.prompts is not None and plan.prompts.enhanced is not None:
        used = "" if plan.prompts.enhanced in plan.prompts.final else ", not used"
        yield f"enhanced prompt{used}: {plan.prompts.enhanced}"


def _answer(plan: Plan) -> dict[str, object] | None:
    """Ask for the first missing field; None if its value cannot be typed in one line."""
    for choices in _grouped(plan.choices):
        return {choices[0].field: _chosen(choices)}
    issue = plan.missing[0]
    if issue.rule != "required" or "[" in issue.path or "." in issue.path:
        return None
    note(f"{issue.path} {issue.message}")
    return {issue.path: click.prompt(issue.path, err=True)}


def _grouped(choices: Sequence[Choice]) -> Iterator[list[Choice]]:
    for name in dict.fromkeys(choice.field for choice in choices):
        yield [choice for choice in choices if choice.field == name]


def _chosen(choices: Sequence[Choice]) -> JSON:
    for index, choice in enumerate(choices, 1):
        note(f"  {index}  {choice_text(choice)}")
    number = click.prompt(choices[0].field, type=click.IntRange(1, len(choices)), err=True)
    return choices[number - 1].value


def choice_text(choice: Choice) -> str:
    """Describe a choice for people: how to make it, and the highest price of the request with it."""
    price = "price not known" if choice.at_most is None else f"at most {shown(choice.at_most)} credits"
    value = str(choice.value).lower() if isinstance(choice.value, bool) else choice.value
    return f"{value}  {price}" if choice.field == "model" else f"--{kebab(choice.field)} {value}  {price}"
