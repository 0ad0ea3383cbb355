"""CLI: `kie budget`: shows the account of a budget. May import every room below."""

from __future__ import annotations

import click

from kie._cli.cli_context import CliContext, connection_options, json_option
from kie._cli.click_options import ThoroughCommand, with_options
from kie._cli.listing import Column, RowListing, list_options
from kie._cli.output import document, exact, note, number, say
from kie._core.errors import ConfigError
from kie._core.json import JSON
from kie._core.numbers import NO_LIMIT, amount
from kie._policy.ledger import Reservation


@click.command(cls=ThoroughCommand)
@click.option("--release", metavar="ID", help="Release the reservation with this id, or that of this task.")
@click.option("--settle", nargs=2, metavar="ID CREDITS", help="Count these credits as spent for an id or a task.")
@with_options(*list_options(), json_option(), *connection_options())
@click.pass_obj
def budget(context: CliContext, /, release: str | None, settle: tuple[str, str] | None, **given: object) -> int:
    """Show the account of a budget that is kept in a file or a database: see --budget-file and --limit-store.

    Credits stay reserved after a crash, after a lost answer, and for a task that nobody waited for. `kie wait` settles
    a task. If there is no task, check https://kie.ai/logs, then --release or --settle the credits.
    """
    listing = RowListing.of(COLUMNS, _row, given)
    kept = context.kept_budget()
    if release is not None:
        kept.release(release)
    if settle is not None:
        key, charge = settle
        if key not in {name for one in kept.reservations for name in (one.id, str(one.ref))}:
            raise ConfigError(f"nothing is reserved for {key}: `kie budget` lists the reservations")
        kept.settle(key, amount("CREDITS", charge))
    if context.as_json:
        rows = listing.documents(kept.reservations)
        left = exact(kept.left) if kept.credits != NO_LIMIT else None
        figures: dict[str, JSON] = {"spent": exact(kept.spent), "reserved": exact(kept.reserved), "left": left}
        file = None if kept.file is None else str(kept.file)
        stands: dict[str, JSON] = {"file": file, "store": kept.store, "name": kept.name}
        document({**stands, **figures, "reservations": rows})
        return 0
    left_over = f", {number(kept.left)} left" if kept.left is not None and kept.credits != NO_LIMIT else ""
    say(f"{number(kept.spent)} credits spent, {number(kept.reserved)} reserved{left_over}")
    found = kept.reservations
    listing.show(found)
    if any(one.ref is None for one in found):
        note("without a task: a submission got no answer; check https://kie.ai/logs, then --release ID")
    return 0


def _row(one: Reservation) -> dict[str, JSON]:
    ref = None if one.ref is None else str(one.ref)
    return {"id": one.id, "ref": ref, "model": one.model, "credits": exact(one.credits), "at": one.at.isoformat()}


COLUMNS: list[Column[Reservation]] = [
    Column("id", "Id", lambda one: one.id),
    Column("credits", "Credits", lambda one: number(one.credits), right=True),
    Column("ref", "Task", lambda one: str(one.ref or "")),
    Column("model", "Model", lambda one: one.model, rank=2),
    Column("at", "Since", lambda one: str(one.at)[:19], rank=1),
]
