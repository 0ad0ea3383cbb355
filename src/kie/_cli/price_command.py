"""CLI: `kie price MODEL`: what a request would cost. May import every room below."""

from __future__ import annotations

from kie._cli.cli_context import CliContext
from kie._cli.output import cost, document, note, say
from kie._cli.output import price as priced
from kie._cli.run_command import Action, RunGroup, RunOptions
from kie._core.request import Request
from kie._core.results import Result


class PriceGroup(RunGroup):
    """The same commands, which only say what the request would cost."""

    @property
    def action(self) -> Action:
        """What is done with the request."""
        return show_price


def show_price(context: CliContext, _: RunOptions, request: Request[Result]) -> int:
    """Carry out `kie price`: show what the request would cost, and why."""
    with context.client(keyless=True) as client:
        estimate = client.estimate(request)
    if context.as_json:
        document({"model": estimate.model, **priced(estimate)})
        return 0
    say(cost(estimate))
    for term in estimate.terms:
        say(f"  {term}")
    for text in estimate.notes:
        note(text)
    return 0


price = PriceGroup(
    "price",
    help="Say what a request would cost, by the price list of this package. Sends nothing and needs no key.",
    subcommand_metavar="MODEL --FIELD VALUE …",
    no_args_is_help=True,
    short_help="Say what a request would cost.",
)
