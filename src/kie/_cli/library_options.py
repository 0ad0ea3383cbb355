"""CLI: the options that choose runs of a library. May import `_core`, `_library`, `catalog`, `errors`."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Sequence
from datetime import datetime
from typing import cast, get_args

import attrs
import click

from kie._cli.cli_context import CliContext, connection_options, json_option
from kie._cli.click_options import option, options_of
from kie._cli.listing import Column, list_options
from kie._cli.output import age, exact, is_terminal, number
from kie._core.errors import ConfigError
from kie._core.json import JSON, JSONObject
from kie._library.library import Library
from kie._library.run import FileKind, Run, RunState

LATEST = "latest"
"""The word for the newest successful run."""


def _sources(given: Sequence[str]) -> dict[str, JSON]:
    """Parse `KEY=VALUE`: a value is JSON if it can be parsed as that, else text. Raises `UsageError`."""
    found: dict[str, JSON] = {}
    for text in given:
        name, sign, value = text.partition("=")
        if not sign or not name:
            raise click.UsageError(f"--source: {text!r} must have the form KEY=VALUE")
        try:
            found[name] = json.loads(value)
        except ValueError:
            found[name] = value
    return found


@attrs.frozen(kw_only=True)
class FindOptions:
    """The options that choose runs."""

    words: str | None = option(
        metavar="TEXT",
        help="Only runs with all these words in their prompt, other texts, label, tags, source or model.",
    )
    model: str | None = option(metavar="MODEL", help="Only runs of this model.")
    tag: str | None = option(metavar="TEXT", help="Only runs with this tag.")
    state: str | None = option(type=click.Choice(get_args(RunState)), help="Only runs in this state.")
    kind: str | None = option(type=click.Choice(get_args(FileKind)), help="Only runs that made this.")
    label: str | None = option(metavar="TEXT", help="Only runs with this label.")
    source: tuple[str, ...] = option(multiple=True, metavar="KEY=VALUE", help="Only runs of this source. Repeatable.")
    since: str | None = option(metavar="TIME", help="Only runs submitted since this day or time (ISO 8601, UTC).")
    until: str | None = option(metavar="TIME", help="Only runs submitted until this time, or to the end of this day.")
    simulated: bool | None = option("--simulated/--real", default=None, help="Only simulated runs, or only real ones.")

    def find(self, library: Library, limit: int | None = None) -> list[Run]:
        """Find the runs, newest first. Raises `ConfigError` for an invalid time."""
        return library.find(
            words=self.words,
            model=None if self.model is None else _id_of(self.model),
            tag=self.tag,
            state=cast("RunState | None", self.state),
            kind=cast("FileKind | None", self.kind),
            label=self.label,
            source=_sources(self.source),
            since=self.since,
            until=self.until,
            simulated=self.simulated,
            limit=limit,
        )


@attrs.frozen(kw_only=True)
class LimitedOptions(FindOptions):
    """The same options for a command that makes one thing of many runs."""

    limit: int | None = option(type=click.IntRange(1), metavar="N", help="Only the newest N.")

    def chosen(self, library: Library) -> list[Run]:
        """Find the runs, newest first."""
        return self.find(library, self.limit)


def find_options() -> list[click.Option]:
    """Return the options of a command that lists runs."""
    return [*options_of(FindOptions), *list_options()]


def library_options() -> list[click.Option]:
    """Return the options that choose the library, and `--json`."""
    which = [one for one in connection_options() if one.name in ("library", "profile")]
    return [*which, json_option()]


def _id_of(name: str) -> str:
    """The id of a model by any of its names; a name that the catalog does not know is returned unchanged."""
    from kie import catalog
    from kie.errors import UnknownModel

    try:
        return catalog.resolve(name).id
    except UnknownModel:
        return name


def library_of(context: CliContext) -> Library:
    """The library of this invocation. Raises `ConfigError` if none is set, or it does not exist."""
    library = context.library
    if library is None:
        raise ConfigError("which library? Name its folder with --library DIR, or set KIE_LIBRARY")
    if not library.path.is_dir():
        raise ConfigError(f"the library {library.path} does not exist yet: the first run with --library makes it")
    return library


def run_of(library: Library, id: str) -> Run:
    """A run by its id, or the newest successful one. Raises `ConfigError` if there is none."""
    found = library.latest() if id == LATEST else library.get(id)
    if found is None:
        what = "run that succeeded" if id == LATEST else f"run {id}"
        raise ConfigError(f"the library {library.path} does not have a {what}; `kie library` lists what it has")
    return found


def facts(run: Run) -> JSONObject:
    """The facts of a run in a list, for programs. `kie library show` has all facts."""
    estimate = run.estimate
    return {
        "id": run.id,
        "model": run.model,
        "state": run.state,
        "submitted_at": run.submitted_at.isoformat(),
        "prompt": run.prompt,
        "credits": exact(run.credits),
        "estimate": None if estimate is None else [exact(estimate.at_least), exact(estimate.at_most)],
        "seconds": run.seconds,
        "files": [str(path) for path in run.files],
        "tags": [*run.tags],
        "label": run.label,
        "source": dict(run.source),
        "parents": [*run.parents],
        "error": None if run.error is None else run.error.message,
        "simulated": run.simulated,
        "folder": str(run.folder),
    }


def cost(run: Run) -> str:
    """The cost of a run, or else its estimate."""
    if run.credits is not None:
        return number(run.credits)
    return "" if run.estimate is None or run.estimate.at_most is None else f"({number(run.estimate.at_most)})"


def columns(context: CliContext) -> list[Column[Run]]:
    """The columns of a list of runs."""
    now = context.now()
    return [
        Column("id", "Run", lambda run: run.id),
        Column("state", "State", lambda run: run.state),
        Column("model", "Model", lambda run: run.model, rank=1),
        Column("prompt", "Prompt", _first_line, rank=2, wrap=True),
        Column("credits", "Credits", cost, rank=3, right=True),
        Column("submitted_at", "Submitted", _when(now), rank=4),
        Column("files", "Files", lambda run: str(len(run.files) or ""), rank=5, right=True),
        Column("tags", "Tags", lambda run: ", ".join(run.tags), rank=6),
    ]


def _first_line(run: Run) -> str:
    prompt = " ".join((run.prompt or "").split())
    return prompt if len(prompt) <= 80 else f"{prompt[:79]}…"


def _when(now: datetime) -> Callable[[Run], str]:
    """When a run was submitted: how long ago on a terminal, elsewhere the time."""
    if not is_terminal(sys.stdout):
        return lambda run: run.submitted_at.isoformat()[:19]
    return lambda run: f"{age((now - run.submitted_at).total_seconds())} ago"
