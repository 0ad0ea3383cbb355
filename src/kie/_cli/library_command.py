"""CLI: `kie library`: the memory of all runs. May import every room below."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator
from datetime import datetime
from pathlib import Path

import click

from kie._cli.cli_context import CliContext
from kie._cli.click_options import ThoroughCommand, options_of, parsed, with_options
from kie._cli.groups import DefaultGroup
from kie._cli.library_options import (
    LATEST,
    FindOptions,
    LimitedOptions,
    columns,
    facts,
    find_options,
    library_of,
    library_options,
    run_of,
)
from kie._cli.listing import Column, ListOptions, RowListing, list_options
from kie._cli.output import counted, document, exact, is_terminal, note, number, prose, say, shown_json
from kie._cli.present import launch
from kie._core.errors import ConfigError
from kie._core.json import JSON, JSONObject
from kie._library import record
from kie._library.library import Library
from kie._library.repairing import LibraryFault
from kie._library.run import Run, RunFile
from kie._library.spending import Spend

FEW = 50
"""The number of runs that are listed on a terminal without --limit."""


@click.command("ls", cls=ThoroughCommand, short_help="List runs, newest first.")
@with_options(*find_options(), *library_options())
@click.pass_obj
def ls(context: CliContext, /, **given: object) -> None:
    """List the runs that a library keeps, newest first. Sends nothing.

    `kie run --library DIR` and other commands keep them; KIE_LIBRARY, or `library` in a profile, sets the folder once
    for all.
    """
    library, wanted, listed = library_of(context), parsed(FindOptions, given), parsed(ListOptions, given)
    limit = None if listed.sort is not None else listed.limit
    few = limit is None and listed.sort is None and not context.as_json and is_terminal(sys.stdout)
    runs = wanted.find(library, FEW + 1 if few else limit)
    listing = RowListing(columns(context), facts, listed)
    if context.as_json:
        document(listing.documents(runs))
        return
    listing.show(runs[:FEW] if few else runs)
    if not runs:
        note("no runs match" if wanted != FindOptions() else f"the library {library.path} is empty")
    elif few and len(runs) > FEW:
        note(f"these are the newest {FEW}; --limit N shows more; --since, --words and other filters show fewer")


@click.command("show", cls=ThoroughCommand, short_help="Show everything known about a run.")
@click.argument("id", metavar="RUN")
@with_options(*library_options())
@click.pass_obj
def show(context: CliContext, /, id: str) -> None:
    """Show everything known about a run: RUN is its id, or `latest`."""
    library = library_of(context)
    run = run_of(library, id)
    children = [child.id for child in library.children(run)]
    if context.as_json:
        more: JSONObject = {"folder": str(run.folder), "children": [*children], "notes": run.notes}
        document({**record.document_of(run), **more})
        return
    for line in _described(run, children):
        prose(line)


def _described(run: Run, children: list[str]) -> Iterator[str]:
    """Describe a run in lines, for people."""
    yield f"{run.id}: {run.state}{' (simulated)' if run.simulated else ''}"
    estimate = run.estimate
    most = "" if estimate is None or estimate.at_most == estimate.at_least else f" to {number(estimate.at_most)}"
    rows: list[tuple[str, object]] = [
        ("model", run.model),
        ("submitted", _moment(run.submitted_at)),
        ("ended", run.ended_at and _moment(run.ended_at)),
        ("took", run.seconds and f"{number(run.seconds)} s"),
        ("cost", None if run.credits is None else f"{number(run.credits)} credits"),
        ("estimate", estimate and f"{number(estimate.at_least)}{most} credits"),
        ("error", run.error and ": ".join(filter(None, (run.error.code, run.error.message)))),
        ("prompt", run.prompt),
        ("as given", run.prompts.raw if run.prompts.raw != run.prompt else None),
        ("enhanced", run.prompts.enhanced if run.prompts.enhanced != run.prompt else None),
        ("preset", run.preset),
        *[("read", change) for change in run.changes],
        *[("field", f"{name} = {shown_json(value)}") for name, value in run.fields.items() if value != run.prompt],
        ("label", run.label),
        ("tags", ", ".join(run.tags)),
        ("source", shown_json(dict(run.source)) if run.source else None),
        *[("input", f"{file.role}: {_file(file)}") for file in run.inputs],
        *[("file", _file(file)) for file in run.outputs],
        ("files", f"may be gone since {_moment(run.vanishes_from)}" if run.vanishes_from else None),
        *[("made from", parent) for parent in run.parents],
        *[("used by", child) for child in children],
        ("notes", run.notes),
        ("folder", run.folder),
    ]
    yield from (f"{name:<10} {value}" for name, value in rows if value)


def _moment(at: datetime) -> str:
    return f"{at:%Y-%m-%d %H:%M:%S} UTC"


def _file(file: RunFile) -> str:
    """Describe a file in one line."""
    sides = f"{file.width} x {file.height}" if file.width and file.height else ""
    length = f"{number(file.seconds)} s" if file.seconds else ""
    about = ", ".join(filter(None, (file.mime, sides, length, "C2PA" if file.c2pa else "")))
    where = f"{file.name} in the store" if file.stored else str(file.path or file.url or "not kept")
    return f"{where} ({about})" if about else where


@click.command("open", cls=ThoroughCommand, short_help="Open the files of a run.")
@click.argument("id", metavar="RUN", default=LATEST)
@click.option("--all", "everything", is_flag=True, help="Open every file, not only the first.")
@click.option("--folder", is_flag=True, help="Open the folder of the run.")
@with_options(*library_options())
@click.pass_obj
def open_(context: CliContext, /, id: str, everything: bool, folder: bool) -> None:
    """Open the files that a run made with the system's program for them. Without RUN, the newest successful run."""
    run = run_of(library_of(context), id)
    places = [run.folder] if folder else [*run.files]
    if not places:
        way = f": `kie wait {run.id}` fetches it" if run.unsaved and run.task is not None else ""
        raise ConfigError(f"run {run.id} ({run.state}) has no file on this machine{way}")
    opened = [str(place) for place in (places if everything else places[:1])]
    if context.as_json:
        document({"id": run.id, "opened": [*opened]})
    for place in opened:
        if not context.as_json:
            say(place)
        launch([place])


@click.command("page", cls=ThoroughCommand, short_help="Make a page of runs for the browser.")
@click.argument("target", metavar="[FILE]", required=False, type=click.Path(path_type=Path))
@with_options(
    *options_of(LimitedOptions),
    click.Option(["--title"], default="Runs", show_default=True, help="The heading."),
    click.Option(["--open", "launched"], is_flag=True, help="Open it."),
    *library_options(),
)
@click.pass_obj
def page(context: CliContext, /, target: Path | None, title: str, launched: bool, **given: object) -> None:
    """Make a page of runs: one HTML file that can be searched and loads nothing from the network.

    Without FILE, it is `index.html` in the library's folder. It links to the files there.
    """
    library = library_of(context)
    runs = parsed(LimitedOptions, given).chosen(library)
    path = library.page(target or library.path / "index.html", runs, title=title)
    _made(context, path, runs)
    if launched:
        launch([str(path)])


@click.command("sheet", cls=ThoroughCommand, short_help="Make one image of many runs.")
@click.argument("target", metavar="FILE", type=click.Path(path_type=Path))
@with_options(
    *options_of(LimitedOptions),
    click.Option(["--columns"], type=click.IntRange(1), metavar="N", help="Pictures beside each other."),
    click.Option(["--width"], type=int, default=1600, show_default=True, metavar="PIXELS", help="Pixels across."),
    click.Option(
        ["--captions/--no-captions"], default=True, help="Write model, prompt, cost and date below each picture."
    ),
    click.Option(
        ["--overwrite"], is_flag=True, help="Replace a file of that name, instead of taking the next free name."
    ),
    *library_options(),
)
@click.pass_obj
def sheet(
    context: CliContext,
    /,
    target: Path,
    columns: int | None,
    width: int,
    captions: bool,
    overwrite: bool,
    **given: object,
) -> None:
    """Make a contact sheet: one image (.jpg, .png or .webp) with a picture for each file. Needs kie[media]."""
    library = library_of(context)
    runs = parsed(LimitedOptions, given).chosen(library)
    path = library.contact_sheet(target, runs, columns=columns, width=width, captions=captions, overwrite=overwrite)
    _made(context, path, runs)


def _made(context: CliContext, path: Path, runs: list[Run]) -> None:
    if context.as_json:
        document({"file": str(path), "runs": len(runs)})
        return
    say(str(path))
    note(counted(len(runs), "run"))


@click.command("export", cls=ThoroughCommand, short_help="Write runs as JSON Lines.")
@click.argument("target", metavar="FILE")
@with_options(*options_of(LimitedOptions), *library_options())
@click.pass_obj
def export(context: CliContext, /, target: str, **given: object) -> None:
    """Write runs as JSON Lines, each as in its `run.json`, with its folder. FILE is - for standard output."""
    library = library_of(context)
    runs = parsed(LimitedOptions, given).chosen(library)
    if target != "-":
        library.export(target, runs)
        _made(context, Path(target), runs)
        return
    if context.as_json:
        raise click.UsageError("--json and - both write to standard output: leave one of them out")
    for run in runs:
        say(shown_json({**record.document_of(run), "folder": str(run.folder)}, ascii_only=True))


SPENT: list[Column[tuple[str, Spend]]] = [
    Column("group", "For", lambda row: row[0] or "(none)"),
    Column("credits", "Credits", lambda row: number(row[1].credits), right=True),
    Column("usd", "USD", lambda row: f"{row[1].usd:.2f}", rank=1, right=True),
    Column("runs", "Runs", lambda row: str(row[1].runs), rank=1, right=True),
    Column("unknown", "Charge not known", lambda row: _unknown(row[1]), rank=2, right=True),
]


def _unknown(spend: Spend) -> str:
    if not spend.unknown:
        return ""
    return f"{spend.unknown}" if spend.at_most is None else f"{spend.unknown}, at most {number(spend.at_most)}"


def _spent(row: tuple[str, Spend]) -> JSONObject:
    name, spend = row
    figures: dict[str, JSON] = {"credits": exact(spend.credits), "usd": exact(spend.usd), "runs": spend.runs}
    bounds: dict[str, JSON] = {"at_least": exact(spend.at_least), "at_most": exact(spend.at_most)}
    return {"group": name, **figures, "unknown": spend.unknown, **bounds}


@click.command("spend", cls=ThoroughCommand, short_help="Add up what runs cost.")
@click.option(
    "--by", default="model", show_default=True, help="Group by model, day, month, tag, state, label or source.NAME."
)
@click.option("--since", metavar="TIME", help="Only runs submitted since this day or time (ISO 8601, UTC).")
@click.option("--until", metavar="TIME", help="Only runs submitted until this time, or to the end of this day.")
@click.option("--simulated", is_flag=True, help="Those of a simulator, which cost nothing.")
@with_options(*list_options(), *library_options())
@click.pass_obj
def spend(
    context: CliContext, /, by: str, since: str | None, until: str | None, simulated: bool, **given: object
) -> None:
    """Add up what runs cost, by model, day, tag and more. A run with several tags counts in each."""
    rows = [*library_of(context).spend(by, since=since, until=until, simulated=simulated).items()]
    listing = RowListing.of(SPENT, _spent, given)
    if context.as_json:
        document(listing.documents(rows))
        return
    listing.show(rows)
    if not rows:
        note("no runs match")


def _faults(faults: Iterable[LibraryFault]) -> list[JSON]:
    return [{"kind": one.kind, "path": str(one.path), "message": one.message} for one in faults]


@click.command("verify", cls=ThoroughCommand, short_help="Find what is wrong in the folder.")
@click.option("--quick", is_flag=True, help="Compare sizes only: read no file.")
@with_options(*library_options())
@click.pass_obj
def verify(context: CliContext, /, quick: bool) -> int:
    """Find what is wrong in the folder: broken records, files that are gone or changed. The exit code is 1 if anything
    is.

    Nothing is changed. `kie library repair` repairs what can be repaired.
    """
    library = library_of(context)
    faults = library.verify(content=not quick)
    if context.as_json:
        document({"faults": _faults(faults)})
    else:
        for fault in faults:
            say(str(fault))
        wrong = counted(len(faults), "fault") if faults else "nothing is wrong"
        note(f"{counted(len(library), 'run')}, {wrong}")
    return 1 if faults else 0


@click.command("repair", cls=ThoroughCommand, short_help="Repair what can be repaired.")
@with_options(*library_options())
@click.pass_obj
def repair(context: CliContext, /) -> int:
    """Repair what can be repaired: the index, leftovers of killed processes, missing facts and pictures.

    Your own files are not touched. The exit code is 1 if something is still wrong.
    """
    report = library_of(context).repair()
    if context.as_json:
        lists = {name: getattr(report, name) for name in ("removed", "facts", "pictures", "stored")}
        document(
            {
                "indexed": report.indexed,
                **{name: [str(path) for path in paths] for name, paths in lists.items()},
                "faults": _faults(report.faults),
            }
        )
    else:
        say(str(report))
        for fault in report.faults:
            note(str(fault))
    return 1 if report.faults else 0


@click.command("path", cls=ThoroughCommand, short_help="Show where the library is.")
@with_options(*library_options())
@click.pass_obj
def path(context: CliContext, /) -> None:
    """Show the folder of the library, from --library, KIE_LIBRARY or the profile."""
    library: Library | None = context.library
    if library is None:
        raise ConfigError("no library is named: use --library DIR, KIE_LIBRARY, or `library` in a profile")
    exists = library.path.is_dir()
    if context.as_json:
        document({"folder": str(library.path), "exists": exists})
        return
    say(str(library.path))
    if not exists:
        note("it does not exist yet: the first run makes it")


library = DefaultGroup("library", default=ls, commands=[show, open_, page, sheet, export, spend, verify, repair, path])
