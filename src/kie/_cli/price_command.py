"""CLI: `kie price MODEL`: shows what a request would cost. May import every room below."""

from __future__ import annotations

from functools import partial

import attrs

from kie._cli.cli_context import CliContext
from kie._cli.click_options import option
from kie._cli.listing import Column, ListOptions, RowListing
from kie._cli.output import cost, document, note, say
from kie._cli.output import price as priced
from kie._cli.run_command import Action, RunGroup
from kie._core.json import JSONObject
from kie._core.request import Request
from kie._core.results import Result


@attrs.frozen(kw_only=True)
class PriceOptions:
    """The options of `kie price` besides the fields of the model."""

    fields: str | None = option(
        metavar="NAMES", help="Show these figures only, separated by commas, such as credits,usd."
    )
    quiet: bool = option(is_flag=True, help="Show no hints.")
    sets: tuple[str, ...] = option(
        "--set", multiple=True, metavar="KEY=JSON", help="Set a field to a JSON value, as it is sent. Repeatable."
    )
    unchecked: bool = option(
        is_flag=True, help="Take the values of --set unchecked, even for unknown fields and unknown models."
    )


class PriceGroup(RunGroup):
    """The commands of `kie run`, but they only show the price of the request."""

    kind = PriceOptions
    spends = False

    @property
    def action(self) -> Action:
        """What to do with the request."""
        return show_price


def show_price(context: CliContext, options: PriceOptions, request: Request[Result]) -> int:
    """Carry out `kie price`: show the price of the request, and the reasons."""
    with context.client(keyless=True) as client:
        estimate = client.estimate(request)
    facts: JSONObject = {"model": estimate.model, **priced(estimate)}
    columns: list[Column[JSONObject]] = [Column(name, name.capitalize(), partial(_cell, name)) for name in facts]
    listing = RowListing(columns, dict, ListOptions(fields=options.fields))
    if context.as_json:
        document(listing.documents([facts])[0])
        return 0
    if options.fields is not None:
        listing.show([facts])
        return 0
    say(cost(estimate))
    for term in estimate.terms:
        say(f"  {term}")
    for text in estimate.notes:
        note(text)
    return 0


def _cell(name: str, facts: JSONObject) -> str:
    value = facts[name]
    return "; ".join(map(str, value)) if isinstance(value, list) else "" if value is None else str(value)


price = PriceGroup(
    "price",
    help="Say what a request would cost, by the price list of this package. Sends nothing and needs no key.",
    subcommand_metavar="MODEL --FIELD VALUE …",
    no_args_is_help=True,
)
