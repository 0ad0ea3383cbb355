"""CLI: `kie prices`: the vendor's price list, and its differences from an earlier one.

May import every room below.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from pathlib import Path

import attrs
import click

from kie._cli.cli_context import CliContext, connection_options, json_option
from kie._cli.click_options import ThoroughCommand, with_options
from kie._cli.groups import DefaultGroup
from kie._cli.listing import Column, RowListing, list_options
from kie._cli.output import document, exact, figures, note, number
from kie._core.errors import ConfigError
from kie._core.json import JSON, JSONObject
from kie._core.price_list import Price, PriceChange, PriceChanges, packaged_day
from kie._core.price_snapshot import default_path, price_changes
from kie._io.charges import ChargeCheck, check_charges


def _figure(change: PriceChange) -> str:
    """The old and the new price of a row."""
    before, after = number(change.before), number(change.after)
    return {"new": after, "gone": before, "unreadable": before}.get(change.state, f"{before} -> {after}")


def _unit(change: PriceChange) -> str:
    changed = f"{change.unit_before} -> {change.unit_after}" if change.state == "unit" else ""
    return changed or change.unit_after or change.unit_before


CHANGES: list[Column[PriceChange]] = [
    Column("row", "Row", lambda change: change.row, wrap=True),
    Column("state", "Now", lambda change: change.state),
    Column("credits", "Credits", _figure),
    Column("unit", "Unit", _unit, rank=1, wrap=True),
    Column("models", "Models", lambda change: ", ".join(change.models), rank=2, wrap=True),
]


def _change(row: PriceChange) -> JSONObject:
    return {**attrs.asdict(row), "before": exact(row.before), "after": exact(row.after), "models": list(row.models)}


def _facts(changes: PriceChanges, rows: list[JSON]) -> JSONObject:
    return {
        "since": changes.since.isoformat(),
        "listed": changes.listed.isoformat(),
        "packaged": changes.packaged,
        "same": changes.same,
        "rows": rows,
    }


def _show(context: CliContext, changes: PriceChanges, given: Mapping[str, object], **more: JSON) -> None:
    listing = RowListing.of(CHANGES, _change, given)
    if context.as_json:
        document({**_facts(changes, listing.documents(changes.rows)), **more})
        return
    listing.show(changes.rows)
    kept = sum(bool(row.models) and row.state not in ("changed", "new") for row in changes.rows)
    earlier = f"{changes.since} that came with kie" if changes.packaged else str(changes.since)
    differing = "1 row differs" if len(changes.rows) == 1 else f"{len(changes.rows)} rows differ"
    note(f"{differing} from the list of {earlier}, {changes.same} are the same")
    if kept:
        note(
            f"{kept} rows that price a model are gone, count something else, or have no figure: estimates keep the "
            "figure that came with kie"
        )


@click.command(cls=ThoroughCommand, short_help="Fetch the price list; estimates use it from then on.")
@with_options(*list_options(), json_option(), *connection_options())
@click.pass_obj
def refresh(context: CliContext, /, **given: object) -> None:
    """Fetch the vendor's price list, keep it with its day, and show how it differs from the list that was in use.

    The list in use is the one fetched before, or else the one that came with kie. From now on, estimates use the new
    figures. No key is needed. The file is in the user's state folder, or where KIE_PRICES says; delete it to return to
    the list that came with kie.
    """
    with context.client(keyless=True) as client:
        changes = client.refresh_prices()
    path = str(default_path())
    _show(context, changes, given, file=path)
    if context.as_json:
        return
    if changes.listed < packaged_day():
        note(
            f"kept in {path}, but not used: by this machine's clock it is of {changes.listed}, before the list that "
            "came with kie; set the clock"
        )
    else:
        note(f"kept in {path}: estimates use the list of {changes.listed} from now on")


@click.command(cls=ThoroughCommand, short_help="Show how a price list differs from an earlier one.")
@click.option(
    "--from", "file", metavar="FILE", type=Path, help="A list that `refresh` wrote. Default: the one it wrote last."
)
@click.option(
    "--since", metavar="FILE", type=Path, help="An earlier list that it wrote. Default: the one that came with kie."
)
@with_options(*list_options(), json_option())
@click.pass_obj
def diff(context: CliContext, /, file: Path | None, since: Path | None, **given: object) -> None:
    """Show which rows of the price list have changed, are new or are gone, with old and new figures. Sends nothing."""
    _show(context, price_changes(file, since=since), given)


@click.command(cls=ThoroughCommand, short_help="Compare what tasks were charged with their estimates.")
@click.option(
    "--charges",
    metavar="FILE",
    type=Path,
    help="CSV with the columns model, input (JSON), credits and perhaps at (the day), or JSON Lines with these keys. "
    "Default: the file of the budget.",
)
@with_options(*list_options(), json_option(), *connection_options())
@click.pass_obj
def check(context: CliContext, /, charges: Path | None, **given: object) -> None:
    """Compare what tasks were charged with the estimates for them, and show the differences. Sends nothing.

    Without --charges, the charges in the file of the budget are compared: see --budget-file.
    """
    if charges is None and not context.budget_path.exists():
        raise ConfigError(f"no budget is kept in {context.budget_path}: name a file of charges with --charges FILE")
    found = check_charges(charges or context.budget_path)
    differing: dict[str, list[ChargeCheck]] = defaultdict(list)
    counts = dict.fromkeys(("met", "within", "differs", "free", "open"), 0)
    for one in found:
        counts[one.verdict] += 1
        if one.verdict == "differs":
            differing[one.model].append(one)
    if context.as_json:
        models: list[JSON] = [
            {"model": model, "charges": [_case(one) for one in cases]} for model, cases in differing.items()
        ]
        document({"charges": len(found), "verdicts": {**counts}, "differing": models})
        return
    RowListing.of(CHARGES, _charge, given).show(one for cases in differing.values() for one in cases)
    note(
        f"{len(found)} charges: {counts['met']} met to the credit, {counts['within']} within bounds, "
        f"{counts['differs']} differ ({len(differing)} models), {counts['free']} failed at no cost, "
        f"{counts['open']} without an upper bound"
    )


def _price(row: Price) -> JSONObject:
    credits, usd = exact(row.credits), exact(row.usd)
    more: JSONObject = {"fal_price": exact(row.fal_price), "discount_rate": exact(row.discount_rate)}
    return {**attrs.asdict(row), "credits": credits, "usd": usd, **more, "models": list(row.models)}


def _case(one: ChargeCheck) -> JSONObject:
    listed = one.estimate.listed.isoformat() if one.estimate.listed else None
    return {"line": one.line, "credits": exact(one.credits), "estimate": figures(one.estimate), "listed": listed}


def _charge(one: ChargeCheck) -> JSONObject:
    return {"model": one.model, **_case(one)}


CHARGES: list[Column[ChargeCheck]] = [
    Column("model", "Model", lambda one: one.model),
    Column("line", "Where", lambda one: f"line {one.line}"),
    Column("credits", "Charged", lambda one: number(one.credits), right=True),
    Column("estimate", "Estimated", lambda one: str(one.estimate)),
    Column("listed", "List of", lambda one: str(one.estimate.listed or ""), rank=1),
]
PRICES: list[Column[Price]] = [
    Column("description", "Variant", lambda row: row.description, wrap=True),
    Column("kind", "Kind", lambda row: row.kind, rank=2),
    Column("provider", "Provider", lambda row: row.provider, rank=3),
    Column("credits", "Credits", lambda row: number(row.credits), right=True),
    Column("unit", "Unit", lambda row: row.unit, wrap=True, rank=1),
    Column("usd", "USD", lambda row: number(row.usd), right=True),
]


@click.command("list", cls=ThoroughCommand, short_help="Show the public price list.")
@click.argument("words", metavar="[WORD]...", nargs=-1)
@click.option("--search", default="", help="The same as WORD.")
@click.option("--kind", default="", help="Only rows of this kind (image, video, music, chat).")
@with_options(*list_options(), json_option(), *connection_options())
@click.pass_obj
def listed(context: CliContext, /, words: Sequence[str], search: str, kind: str, **given: object) -> None:
    """Show the vendor's public price list, or the rows that contain the WORDs. It needs no key.

    The prices are not binding. `kie price MODEL` says what a request costs.
    """
    text = " ".join([*words, *([search] if search else [])])
    with context.client(keyless=True) as client:
        rows = client.prices(text, kind=kind)
        if kind and not rows:
            _check_kind(kind, {row.kind for row in client.prices()})
    if not rows:
        what = f" of the kind {kind}" if kind else ""
        note(f"no row{what} contains {text!r}; `kie prices` shows them all" if text else f"no row{what} is listed")
    rows = sorted(rows, key=lambda row: (row.kind, row.provider.casefold(), row.description.casefold()))
    listing = RowListing.of(PRICES, _price, given)
    if context.as_json:
        document(listing.documents(rows))
    else:
        listing.show(rows)


def _check_kind(kind: str, known: Collection[str]) -> None:
    """Refuse a kind that the price list does not have. Raises `UsageError`."""
    if known and kind.lower() not in {each.lower() for each in known}:
        raise click.UsageError(
            f"--kind: {kind!r} is not a kind of the price list: choose from {', '.join(sorted(known))}"
        )


prices = DefaultGroup("prices", default=listed, commands=[refresh, diff, check])
