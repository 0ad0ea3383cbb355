"""CLI: `kie models` and `kie model`: the catalog, and the fields of each model. May import every room below."""

from __future__ import annotations

import re
import sys
import warnings
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import asdict
from difflib import get_close_matches
from functools import partial
from itertools import starmap
from typing import TYPE_CHECKING, Any, TypeVar, get_args

import click
from click.shell_completion import CompletionItem

from kie import catalog
from kie._cli.cli_context import CliContext, json_option
from kie._cli.click_options import ThoroughCommand, with_options
from kie._cli.fields import allowed, flat, kebab, kind_of, rules, show
from kie._cli.groups import DefaultGroup
from kie._cli.listing import Column, RowListing, block, list_options, on_terminal
from kie._cli.output import document, exact, is_terminal, note, prose, say
from kie._cli.own_commands import add, outdated
from kie._core.estimates import span
from kie._core.json import JSON, JSONObject
from kie._core.prices import price_table
from kie.catalog import Field, Input, Kind, Model, Status

if TYPE_CHECKING:
    from kie._plans.families import Family

    _Text = click.ParamType[str]
else:
    _Text = click.ParamType  # not generic in older versions

T = TypeVar("T")


def resolve(name: str) -> Model:
    """Return the model of a typed name. For a shorthand, stderr names the model. Raises `UnknownModel`."""
    with warnings.catch_warnings(record=True) as given:
        warnings.simplefilter("always", UserWarning)
        found = catalog.resolve(name)
    for warning in given:
        note(str(warning.message))
    return found


def expected_seconds(model: str | None) -> float | None:
    """The median duration of a model's known tasks; None if there are none."""
    entry = catalog.find(model) if model else None
    return entry.typical_seconds["p50"] if entry is not None and entry.typical_seconds else None


def hints(entry: Model) -> list[str]:
    """Return hints for the user of a model: it has another form, or its id used to mean another model."""
    found = [
        f"{entry.id} is the Market's model with that id; the model that had this id here before is {former.id} "
        f"({former.class_name})"
        for former in catalog.models(status="all")
        if former.former_id == entry.id
    ]
    if entry.status == "superseded":
        named = " or ".join(f"{id} ({catalog.get(id).class_name})" for id in entry.successors)
        found.append(f"{entry.id} still works; the vendor now documents {named} instead")
    return found


class Known(_Text):
    """A value that at least one model has, in any case: a category or a provider.

    Args:
        what: What it is called in errors.
        plural: What several of them are called.
        of: The values of a model.
    """

    name = "text"

    def __init__(self, what: str, plural: str, of: Callable[[Model], Sequence[str]]) -> None:
        self.what, self.plural, self.of = what, plural, of

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> str:
        """Return the value as the catalog spells it. Fails with `BadParameter`."""
        known = {name.lower(): name for name in sorted(_counts(self.of))}
        given = str(value).strip().lower()
        if given in known:
            return known[given]
        close = get_close_matches(given, known, n=3, cutoff=0.5) or [each for each in known if given and given in each]
        hint = f"; did you mean {' or '.join(known[each] for each in close)}? The" if close else ": the"
        names = ", ".join(known.values())
        return self.fail(f"{value!r} is not a {self.what}{hint} {self.plural} are {names}", param, ctx)

    def shell_complete(self, ctx: click.Context, param: click.Parameter, incomplete: str) -> list[CompletionItem]:
        """Complete the values."""
        return [CompletionItem(name) for name in sorted(_counts(self.of)) if name.startswith(incomplete)]


@click.command("list", cls=ThoroughCommand, short_help="List the models.")
@click.argument("words", metavar="[WORD]...", nargs=-1)
@click.option(
    "--category",
    type=Known("category", "categories", lambda entry: entry.categories),
    help="Only models of this category, such as text-to-video.",
)
@click.option(
    "--provider",
    type=Known("provider", "providers", lambda entry: (entry.provider,)),
    help="Only models of this provider.",
)
@click.option("--kind", type=click.Choice(get_args(Kind)), help="Only models that produce this; songs are music.")
@click.option("--accepts", type=click.Choice(get_args(Input)), help="Only models that take this kind of media.")
@click.option("--search", help="The same as WORD.")
@click.option(
    "--status",
    type=click.Choice(get_args(Status)),
    help="Only models with this status. Without it, active and superseded ones.",
)
@click.option("--categories", "group", flag_value="category", help="List the categories, not the models.")
@click.option("--providers", "group", flag_value="provider", help="List the providers, not the models.")
@click.option("--families", "group", flag_value="family", help="List the families and their models: names for plans.")
@with_options(*list_options(), json_option())
@click.pass_obj
def listed(context: CliContext, /, words: Sequence[str], search: str | None, group: str | None, **given: Any) -> None:
    """List the models of the catalog: as a table on a terminal, elsewhere one line each, separated by tabs.

    With WORDs, only models whose names, provider, categories and description contain all of them. Each option narrows
    the list further, including those of --categories, --providers and --families.
    """
    filters = {name: given[name] for name in ("category", "provider", "kind", "accepts", "status")}
    text = " ".join([*words, *([search] if search else [])])
    found = catalog.models(**filters, search=text)
    if not found:
        note(_nothing(text, filters))
    if group == "family":
        _show(context, RowListing.of(FAMILY_COLUMNS, _family_facts, given), _families({entry.id for entry in found}))
        return
    if group is not None:
        of = (lambda entry: entry.categories) if group == "category" else (lambda entry: (entry.provider,))
        _show(context, RowListing.of(_group_columns(group), partial(_group_facts, group), given), _groups(of, found))
        return
    _show(context, RowListing.of(COLUMNS, _facts, given), found)


def _show(context: CliContext, listing: RowListing[T], rows: Iterable[T]) -> None:
    if context.as_json:
        document(listing.documents(rows))
    else:
        listing.show(rows)


def _counts(of: Callable[[Model], Sequence[str]]) -> Counter[str]:
    return Counter(name for entry in catalog.models(status="all") for name in of(entry))


def _groups(of: Callable[[Model], Sequence[str]], found: Sequence[Model]) -> list[tuple[str, list[Model]]]:
    """Group the models by the value of an attribute, sorted by name."""
    groups: dict[str, list[Model]] = {}
    for entry in found:
        for name in of(entry):
            groups.setdefault(name, []).append(entry)
    return sorted(groups.items())


def _group_facts(group: str, row: tuple[str, Sequence[Model]]) -> JSONObject:
    name, found = row
    return {group: name, "models": len(found), "gives": [*sorted({str(entry.kind) for entry in found})]}


def _group_columns(group: str) -> list[Column[tuple[str, list[Model]]]]:
    return [
        Column(group, group.capitalize(), lambda row: row[0]),
        Column("models", "Models", lambda row: str(len(row[1])), right=True),
        Column("gives", "Gives", lambda row: ", ".join(sorted({entry.kind for entry in row[1]})), rank=1),
    ]


def _families(models: Collection[str]) -> list[Family]:
    """The families with at least one of these members."""
    from kie._plans.families import families

    return [family for family in families() if any(member.model in models for member in family.members)]


def _family_facts(family: Family) -> JSONObject:
    return {
        "family": family.name,
        "title": family.title,
        "models": [member.model for member in family.members],
        "task_modes": [*family.task_modes],
    }


FAMILY_COLUMNS: list[Column[Family]] = [
    Column("family", "Family", lambda family: family.name),
    Column("title", "Title", lambda family: family.title, rank=2),
    Column("models", "Models", lambda family: ", ".join(member.model for member in family.members), wrap=True),
    Column("task_modes", "Task modes", lambda family: ", ".join(family.task_modes), rank=1, wrap=True),
]


def _nothing(text: str, filters: Mapping[str, str | None]) -> str:
    """Say that nothing matches, and suggest similar names."""
    hints = list[str]()
    for word in text.lower().split():
        if not hints and not catalog.models(status="all", search=word):
            names = {*(part for entry in catalog.models() for part in re.split(r"[^a-z0-9]+", entry.id.lower()))}
            close = get_close_matches(word, {*names, *_counts(lambda entry: entry.categories)}, n=3, cutoff=0.6)
            hints.append(f"no model mentions {word!r}" + (f"; did you mean {' or '.join(close)}?" if close else ""))
    given = ", ".join([*([repr(text)] if text else []), *(f"{n} {v}" for n, v in filters.items() if v is not None)])
    return "\n".join(hints) or f"no model matches all of: {given}; leave one of them out"


models = DefaultGroup("models", default=listed, commands=[add, outdated])


def _mark(entry: Model) -> str:
    marks = [] if entry.status in ("active", "superseded") else [entry.status]
    marks += [] if entry.curated else [f"from {entry.source}, not curated"]
    return f" ({'; '.join(marks)})" if marks else ""


def _does(entry: Model) -> str:
    # the ids of successors are too long for this table; `kie model` names them
    by = "" if is_terminal(sys.stdout) else f" by {' or '.join(entry.successors)}"
    later = [f"superseded{by}"] if entry.status == "superseded" else []
    return ", ".join([*entry.categories, *later])


def _typical(entry: Model) -> str:
    return f"{entry.typical_seconds['p50']:g} s" if entry.typical_seconds else ""


def _credits(entry: Model) -> str:
    """The lowest and the highest price of a request."""
    price = price_table(entry.id)
    if price is None:
        return ""
    low, high = price.range
    return span(low, high) if low or high is not None else ""


COLUMNS: list[Column[Model]] = [
    Column("id", "Model", lambda entry: entry.id + _mark(entry)),
    Column("result", "Gives", lambda entry: entry.result, rank=2),
    Column("provider", "Provider", lambda entry: entry.provider, rank=3),
    Column("categories", "Categories", _does, wrap=True),
    Column("typical_seconds", "Typical", _typical, rank=1, right=True),
    Column("credits", "Credits", _credits),
]


def _facts(entry: Model) -> dict[str, JSON]:
    facts = asdict(entry)
    price = price_table(entry.id)
    cost: JSON = None
    if price is not None:
        low, high = price.range
        cost = {"at_least": exact(low), "at_most": exact(high), "listed": price.listed.isoformat()}
    return {"class": facts.pop("class_name"), **facts, "credits": cost}


def model_ids(_ctx: click.Context, _param: click.Parameter, incomplete: str) -> list[str]:
    """Complete the ids of models."""
    return [entry.id for entry in catalog.models() if entry.id.startswith(incomplete)]


def model_names(ctx: click.Context, param: click.Parameter, incomplete: str) -> list[str]:
    """Complete the ids of models and the names of families."""
    from kie._plans.families import families

    names = [family.name for family in families() if family.name.startswith(incomplete)]
    return [*dict.fromkeys([*names, *model_ids(ctx, param, incomplete)])]


@click.command(cls=ThoroughCommand)
@click.argument("name", metavar="MODEL", shell_complete=model_ids)
@with_options(json_option("Write the model and its JSON Schema as one document."))
@click.pass_obj
def model(context: CliContext, name: str) -> None:
    """Show a model: each field with its type, allowed values, default and meaning, and whether it is required."""
    entry = resolve(name)
    if context.as_json:
        document({**_facts(entry), "fields": [*starmap(_row, flat(entry.fields))], "json_schema": entry.json_schema()})
        return
    prose(
        f"{entry.id}{_mark(entry)}: {entry.class_name} by {entry.provider}, {', '.join(entry.categories)}; "
        f"gives {entry.result}"
    )
    prose(entry.description)
    for hint in hints(entry):
        prose(hint)
    if entry.successors and entry.status != "superseded":
        prose(f"Use instead: {', '.join(entry.successors)}")
    if cost := _credits(entry):
        prose(f"Costs {cost} credits; `kie price {entry.id} …` says what a request costs")
    if entry.typical_seconds:
        prose(f"Takes about {entry.typical_seconds['p50']:g} s (tasks seen: {entry.typical_seconds['seen']:g})")
    say("")
    _show_fields(entry)
    if found := rules(entry):
        prose("\nRules across fields")
        for text in found:
            prose(f"- {text}")
    prose(f"\nkie run {entry.id} {' '.join(f'--{kebab(f.name)} …' for f in entry.required_fields)} --save out")


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


def _show_fields(entry: Model) -> None:
    """Write the fields: as blocks on a terminal, elsewhere as tab-separated lines."""
    rows = [(path, field, _row(path, field)) for path, field in flat(entry.fields)]
    if not is_terminal(sys.stdout):
        RowListing(FIELDS, lambda row: row[2], header=True).show(rows)
        return
    console = on_terminal()
    for path, field, row in rows:
        default = [] if field.default is None else [f"default {show(field.default)}"]
        facts = [str(row["type"]), *(["required"] if field.required else []), *default]
        lines = [_about(field), str(row["allowed"])]
        block(console, path, [line for line in lines if line], beside=f"({', '.join(facts)})")


def _about(field: Field) -> str:
    return " ".join([" ".join(field.description.split()), *(["Deprecated."] if field.deprecated else [])])


FIELDS: list[Column[tuple[str, Field, JSONObject]]] = [
    Column("name", "Field", lambda row: row[0]),
    Column("type", "Type", lambda row: str(row[2]["type"])),
    Column("required", "Required", lambda row: "yes" if row[1].required else ""),
    Column("allowed", "Allowed", lambda row: str(row[2]["allowed"])),
    Column("default", "Default", lambda row: "" if row[1].default is None else show(row[1].default)),
    Column("description", "Description", lambda row: _about(row[1])),
]
