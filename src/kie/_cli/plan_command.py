"""CLI: `kie plan NAME`: turns loose input into a request, or shows what it lacks. May import every room below."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import attrs
import click

from kie._cli.cli_context import CliContext, connection_options, context_of, json_option
from kie._cli.click_options import ThoroughCommand, option, options_of, parsed
from kie._cli.exit_codes import plan_code
from kie._cli.loose import SpendingOptions, choice_text, loose_fields, planned, prompt_lines
from kie._cli.model_commands import model_names
from kie._cli.output import cost, document, note, preview
from kie._core.errors import UnknownModel
from kie._core.issues import Issue

if TYPE_CHECKING:
    from kie._plans.families import Family
    from kie._plans.plan import Plan

ABOUT = """Turn loose input into a request, or say what is missing. Sends nothing that costs, and needs no key,
unless --enhance asks a language model.

NAME is a family (`kie models --families`) or a model, in any spelling. Every other option is a field, also in any
spelling. --image, --video, --audio, --first-frame, --last-frame and --reference take a file or a URL.

\b
  kie plan "kling 3.0" --prompt "Waves" --image start.png --duration 5s --quality pro

\b
Exit codes: 0 ready, 2 invalid, 6 over the budget or the balance, 7 something is missing, 8 must be confirmed."""


@attrs.frozen(kw_only=True)
class PlanOptions(SpendingOptions):
    """The options of `kie plan` besides the fields."""

    balance: bool = option(
        is_flag=True, help="Read the balance of the account, and refuse what costs more. Needs a key."
    )
    success_rate: bool = option(
        is_flag=True, help="Ask how many tasks of the model succeeded recently, and warn if few did. Needs a key."
    )
    sets: tuple[str, ...] = option("--set", multiple=True, metavar="KEY=JSON", help="Give a field a JSON value.")
    quiet: bool = option(is_flag=True, help="Show the request only.")


def _plan(context: CliContext, name: str, options: PlanOptions, args: Sequence[str]) -> int:
    fields = loose_fields(family_of(name), args, options.sets)
    found = planned(context, name, fields, options, balance=options.balance, success_rate=options.success_rate)
    if context.as_json:
        document(found.to_dict())
    else:
        show(found, quiet=options.quiet)
    return plan_code(found)


def family_of(name: str) -> Family | None:
    """Return the family of a name; None if the name is unknown."""
    from kie._plans.families import named

    try:
        return named(name)
    except UnknownModel:
        return None


def show(plan: Plan, *, quiet: bool) -> None:
    """Show a plan: the request on stdout, everything about it on stderr."""
    if plan.request is not None:
        preview(plan.to_dict()["request"])
    if quiet:
        return
    note(f"{plan.model or plan.family}: {plan.state}")
    for line in prompt_lines(plan):
        note(f"  {line}")
    for title, lines in (
        ("read", plan.changes),
        ("fault", [_said(issue) for issue in plan.faults]),
        ("missing", [_said(issue) for issue in plan.missing]),
        ("warning", [_said(issue) for issue in plan.warnings]),
        ("default", [_said(issue) for issue in plan.defaulted]),
        ("choice", [choice_text(each) for each in plan.choices]),
    ):
        for line in lines:
            note(f"  {title}: {line}")
    if plan.estimate is not None:
        note(f"would cost {cost(plan.estimate)}")
    for reason in plan.reasons if plan.request is not None else ():
        note(f"{plan.decision}: {reason}")


def _said(issue: Issue) -> str:
    return str(issue) if issue.path else issue.message


def _call(name: str, **given: object) -> int:
    ctx = click.get_current_context()
    return _plan(context_of(ctx), name, parsed(PlanOptions, given), ctx.args)


plan = ThoroughCommand(
    "plan",
    params=[
        click.Argument(["name"], metavar="NAME", shell_complete=model_names),
        *options_of(PlanOptions),
        json_option(),
        *connection_options(),
    ],
    callback=_call,
    help=ABOUT,
    short_help="Turn loose input into a request, or say what is missing.",
    options_metavar="--FIELD VALUE … [OPTIONS]",
    no_args_is_help=True,
    context_settings={"ignore_unknown_options": True, "allow_extra_args": True, "max_content_width": 110},
)
