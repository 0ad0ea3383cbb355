"""CLI: `kie models` and `kie model`: the catalog, and the fields of each model. May import `catalog`, `_core`."""

from __future__ import annotations

import warnings
from collections.abc import Iterator, Sequence
from dataclasses import asdict
from itertools import starmap
from typing import Any, get_args

import click

from kie import catalog
from kie._cli.cli_context import CliContext, json_option
from kie._cli.fields import allowed, kebab, kind_of, rules, show
from kie._cli.options import with_options
from kie._cli.output import document, exact, note, say, table
from kie._cli.own_commands import add, outdated
from kie._core.estimates import span
from kie._core.json import JSON, JSONObject
from kie._core.prices import price_table
from kie.catalog import Field, Input, Kind, Model, Status


def resolve(name: str) -> Model:
    """Return the model of a name as typed. For a shorthand, stderr says which model it is. Raises `UnknownModel`."""
    with warnings.catch_warnings(record=True) as given:
        warnings.simplefilter("always", UserWarning)
        found = catalog.resolve(name)
    for warning in given:
        note(str(warning.message))
    return found


def hints(entry: Model) -> list[str]:
    """Return what the user of a model should know: that it has another form, or that its id meant another before."""
    found = [
        f"{entry.id} is the Market's model of that id; what had it here before is {former.id} ({former.class_name})"
        for former in catalog.models(status="all")
        if former.former_id == entry.id
    ]
    if entry.status == "superseded":
        named = " or ".join(f"{id} ({catalog.get(id).class_name})" for id in entry.successors)
        found.append(f"{entry.id} still works; the vendor now documents {named} instead")
    return found


@click.group(short_help="List the models.", invoke_without_command=True, commands=[add, outdated])
@click.option("--category", help="Only models of this category, such as text-to-video.")
@click.option("--provider", help="Only models of this provider.")
@click.option("--kind", type=click.Choice(get_args(Kind)), help="Only models that produce this; songs are music.")
@click.option("--accepts", type=click.Choice(get_args(Input)), help="Only models that take such media.")
@click.option("--search", help="Only models whose names and description contain every one of these words.")
@click.option(
    "--status",
    type=click.Choice(get_args(Status)),
    help="Only models with this status. Without it, active and superseded ones.",
)
@with_options(json_option())
@click.pass_obj
def models(context: CliContext, /, **given: Any) -> None:
    """List the models of the catalog: as a table on a terminal, elsewhere one line each, separated by tabs."""
    if click.get_current_context().invoked_subcommand is not None:
        return
    found = catalog.models(**given)
    if context.as_json:
        document([_facts(entry) for entry in found])
        return
    columns = ["Model", "Gives", "Provider", "Categories", "Typical", "Credits"]
    rows = [
        (entry.id + _mark(entry), entry.result, entry.provider, _does(entry), _typical(entry), _credits(entry))
        for entry in found
    ]
    table(columns, rows, spare=("Gives", "Provider"))


def _mark(entry: Model) -> str:
    marks = [] if entry.status in ("active", "superseded") else [entry.status]
    marks += [] if entry.curated else [f"from {entry.source}, not curated"]
    return f" ({'; '.join(marks)})" if marks else ""


def _does(entry: Model) -> str:
    later = [f"superseded by {' or '.join(entry.successors)}"] if entry.status == "superseded" else []
    return ", ".join([*entry.categories, *later])


def _typical(entry: Model) -> str:
    return f"{entry.typical_seconds['p50']:g} s" if entry.typical_seconds else ""


def _credits(entry: Model) -> str:
    """What a request costs, from the least to the most."""
    price = price_table(entry.id)
    if price is None:
        return ""
    low, high = price.range
    return span(low, high) if low or high is not None else ""


def _facts(entry: Model) -> dict[str, JSON]:
    facts = asdict(entry)
    price = price_table(entry.id)
    cost: JSON = None
    if price is not None:
        low, high = price.range
        cost = {"at_least": exact(low), "at_most": exact(high), "listed": price.listed.isoformat()}
    return {"class": facts.pop("class_name"), **facts, "credits": cost}


@click.command(short_help="Show the fields of a model.")
@click.argument("name", metavar="MODEL")
@with_options(json_option("Write the model and its JSON Schema as one document."))
@click.pass_obj
def model(context: CliContext, name: str) -> None:
    """Show a model: for each field the type, whether it is required, the allowed values, the default, the meaning."""
    entry = resolve(name)
    if context.as_json:
        document({**_facts(entry), "fields": [*starmap(_row, _flat(entry.fields))], "json_schema": entry.json_schema()})
        return
    say(
        f"{entry.id}{_mark(entry)}: {entry.class_name} by {entry.provider}, {', '.join(entry.categories)}; "
        f"gives {entry.result}"
    )
    say(entry.description)
    for hint in hints(entry):
        say(hint)
    if entry.successors and entry.status != "superseded":
        say(f"Use instead: {', '.join(entry.successors)}")
    if cost := _credits(entry):
        say(f"Costs {cost} credits; `kie price {entry.id} …` says what a request costs")
    if entry.typical_seconds:
        say(f"Takes about {entry.typical_seconds['p50']:g} s (tasks seen: {entry.typical_seconds['seen']:g})")
    say("")
    columns = ["Field", "Type", "Required", "Allowed", "Default", "Description"]
    table(columns, starmap(_cells, _flat(entry.fields)), header=True)
    if found := rules(entry):
        say("\nRules across fields")
        for text in found:
            say(f"- {text}")
    say(f"\nkie run {entry.id} {' '.join(f'--{kebab(f.name)} …' for f in entry.required_fields)} --save out")


def _flat(found: Sequence[Field], above: str = "") -> Iterator[tuple[str, Field]]:
    """The fields with their paths, each followed by the keys of the objects in it: `shots[].prompt`."""
    for field in found:
        yield f"{above}{field.name}", field
        yield from _flat(field.keys, f"{above}{field.name}{'[].' if field.items else '.'}")


def _row(path: str, field: Field) -> JSONObject:
    return {
        "name": path,
        "type": kind_of(field.schema),
        "required": field.required,
        "allowed": "; ".join([*allowed(field), *(["a task"] if field.reference else [])]),
        "default": field.default,
        "description": field.description,
        "media": field.media.stated() if field.media else None,
        "reference": field.reference,
    }


def _cells(path: str, field: Field) -> Sequence[str]:
    row = _row(path, field)
    about = [" ".join(field.description.split()), *(["Deprecated."] if field.deprecated else [])]
    default = "" if field.default is None else show(field.default)
    return (path, str(row["type"]), "yes" if field.required else "", str(row["allowed"]), default, " ".join(about))
