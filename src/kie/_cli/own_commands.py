"""CLI: `kie models add` and `kie models outdated`: the user's own models. May import every room below."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from importlib import import_module
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING

import click

from kie import catalog
from kie._cli.cli_context import CliContext, json_option
from kie._cli.click_options import ThoroughCommand, with_options
from kie._cli.output import document, note, say
from kie._core.errors import ConfigError
from kie._core.json import JSON
from kie._core.result_types import RESULT_KINDS

if TYPE_CHECKING:
    from codegen import own
    from kie._client import Kie
    from kie._tasks.vendor import VendorModel


MANY = 20
"""The number of comparisons after which progress is shown."""


@contextmanager
def _compiler() -> Iterator[ModuleType]:
    """The compiler. Raises `ConfigError` if it is not installed, and for input that it cannot read."""
    try:
        found = import_module("kie_codegen.own")
    except ImportError as error:
        raise ConfigError(f"this needs {error.name or 'more packages'}: pip install 'kie[codegen]'") from None
    try:
        yield found
    except found.CompileFailed as failure:
        raise ConfigError(f"{failure}; nothing was written") from None


@click.command(cls=ThoroughCommand, short_help="Write a request class for one of the vendor's models.")
@click.argument("id", metavar="[ID]", required=False)
@click.option("--into", metavar="DIR", required=True, help="The folder of the Python package that holds the model.")
@click.option(
    "--from", "page", metavar="FILE", help="Read this page, capture or OpenAPI document instead of asking the service."
)
@click.option(
    "--result",
    type=click.Choice(sorted(RESULT_KINDS)),
    metavar="KIND",
    help=f"What a task returns: {', '.join(sorted(RESULT_KINDS))}. Guessed if absent.",
)
@click.option("--check", is_flag=True, help="Write nothing; exit with 1 if anything would be written.")
@with_options(json_option())
@click.pass_obj
def add(context: CliContext, id: str | None, into: str, page: str | None, result: str | None, check: bool) -> int:
    """Write a request class and its schema for a model into a package of your own, as the vendor describes it today.

    Without an id and without --from, the whole package is written again from its own files, without the network; use
    that with --check in your CI. KIE_MODELS, an entry point of the group kie.models, or `catalog.register` makes the
    models of the package known.
    """
    with _compiler() as compiler:
        if id is None and page is None:
            made: own.Package = compiler.again(Path(into))
        else:
            made = _read(context, compiler, Path(into), id, page, result)
        if not check:
            made.write()
    _report(context, made, check=check)
    return 1 if check and made.stale else 0


def _read(
    context: CliContext, compiler: ModuleType, into: Path, id: str | None, page: str | None, result: str | None
) -> own.Package:
    """The package with a model that is read from a file or from the service."""
    today = context.now().date().isoformat()
    if page is not None:
        made: own.Package = compiler.add(into, compiler.read_page(Path(page)), id, compiler.About(result=result), today)
        return made
    name = str(id)
    compiler.read_package(into)  # check this before the service is queried
    with context.client() as client:
        answer = client.vendor.schema(name)
        listed = next((row for row in client.vendor.models(name) if row.id == name), None)
    if answer is None:
        raise ConfigError(f"the vendor has no schema for {name}; nothing was written")
    about = compiler.About(
        provider=listed.provider if listed else "",
        tasks=listed.task_types if listed else (),
        text=(listed.description or listed.title) if listed else "",
        result=result,
        source=f"models/{name}/schema",
    )
    added: own.Package = compiler.add(into, compiler.parse_openapi(answer, name), name, about, today)
    return added


def _report(context: CliContext, made: own.Package, *, check: bool) -> None:
    """Say what was or would be written, and what could not be read."""
    added = made.added
    unread = [f"{fault.pointer}: {fault.message}" for fault in added.faults] if added else []
    if context.as_json:
        shown: dict[str, JSON] = {
            "check": check,
            "files": [{"path": str(made.folder / n), "was": w} for n, w in made.stale],
        }
        if added:
            shown |= {"model": added.model.id, "class": added.model.name, "unread": [*unread]}
        document(shown)
        return
    for name, what in made.stale if check else ():
        say(f"{made.folder / name} {what}")
    if check:
        say(f"{len(made.stale)} files differ" if made.stale else f"{made.folder} is up to date")
    elif added is None:
        say(f"wrote {len(made.stale)} of {len(made.files)} files in {made.folder}")
    else:
        done = "wrote" if made.stale else "unchanged:"
        facts = f"; {len(unread)} {'fact' if len(unread) == 1 else 'facts'} could not be read:" if unread else ""
        say(f"{done} {made.folder / added.model.slug}.py ({added.model.name}) and its schema{facts}")
    for line in unread:
        say(f"  {line}")


@click.command(cls=ThoroughCommand, short_help="List what the vendor has and this package lacks.")
@click.argument("ids", metavar="[ID]...", nargs=-1)
@click.option(
    "--new", is_flag=True, help="List only what is missing: one request in all, instead of one a second for each model."
)
@with_options(json_option())
@click.pass_obj
def outdated(context: CliContext, ids: tuple[str, ...], new: bool) -> int:
    """List the vendor's models that the catalog lacks, or has in another form. Exits with 1 if there are any.

    The service answers one question per second, so the whole catalog takes some minutes; give IDs to compare fewer.
    Differences are shown as soon as they are known.
    """
    with _compiler() as compiler, context.client() as client:
        listed = {row.id: row for row in client.vendor.models() if compiler.CHAT not in row.task_types}
        lacking = [row for name, row in listed.items() if _wanted(name, ids) and catalog.find(name) is None]
        gone = [name for name in ids if name not in listed]
        if not context.as_json:
            _show(lacking, gone)
        known = [name for name in listed if _wanted(name, ids) and catalog.find(name) is not None]
        changed: dict[str, list[str]] = {}
        for name, lines in () if new else _changed(context, client, compiler, known):
            changed[name] = lines
            for line in () if context.as_json else lines:
                say(f"changed\t{name}\t{line}")
    if context.as_json:
        rows: list[JSON] = [{"model": row.id, "title": row.title, "task_types": [*row.task_types]} for row in lacking]
        different: list[JSON] = [{"model": name, "differences": [*lines]} for name, lines in changed.items()]
        document({"new": rows, "changed": different, "gone": [*gone]})
    else:
        note(f"{len(lacking)} new, {len(changed)} changed; `kie models add ID --into DIR` writes a class for one")
    return 1 if lacking or changed or gone else 0


def _wanted(name: str, ids: tuple[str, ...]) -> bool:
    return not ids or name in ids


def _changed(
    context: CliContext, client: Kie, compiler: ModuleType, known: list[str]
) -> Iterator[tuple[str, list[str]]]:
    """Each model that the vendor describes differently, with the differences."""
    if len(known) >= MANY:
        note(f"comparing {len(known)} models: one a second at most, about {-(-len(known) * 4 // 180)} minutes")
    began = context.now()
    for number, name in enumerate(known, 1):
        if number % MANY == 0:
            left = (context.now() - began) / number * (len(known) - number)
            note(f"{number} of {len(known)} models compared; about {left.total_seconds():.0f} seconds left")
        answer = client.vendor.schema(name)
        if answer is None:
            continue
        try:
            differences = compiler.differences(name, catalog.get(name).json_schema(), answer)
        except compiler.CompileFailed as failure:
            differences = [f"cannot be read: {failure}"]
        if differences:
            yield name, differences


def _show(lacking: list[VendorModel], gone: list[str]) -> None:
    for row in lacking:
        say(f"new\t{row.id}\t{', '.join(row.task_types)}")
    for name in gone:
        say(f"gone\t{name}\tthe vendor does not list it")
