"""CLI: `kie compare`: one prompt on several models. May import every room below."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import attrs
import click

from kie import catalog
from kie._cli.cli_context import CliContext, connection_options, context_of, json_option
from kie._cli.click_options import SIMULATED, SubmitOptions, ThoroughCommand, option, options_of, parsed
from kie._cli.exit_codes import NEEDS_CONFIRMATION, exit_code
from kie._cli.listing import Column, RowListing
from kie._cli.loose import interactive, loose_fields
from kie._cli.model_commands import model_names
from kie._cli.output import cost, document, note
from kie._cli.saving import prepare_folder, request_facts, write_sidecars
from kie._cli.values import Typed
from kie._core.errors import KieError, RequestInvalid
from kie._core.json import JSONObject
from kie._core.results import Result
from kie._core.tasks import TaskRef
from kie._flow.overrides import Overrides
from kie._library.comparison import HEADINGS, Comparison, ComparisonRow

ABOUT = """Run one prompt on several models, and show what each makes, how long it took and what it cost.

Models are ids, class names, shorthands or families. The fields come after them, and each goes to the models that have
it. Everything is checked before anything is sent, and the total must fit into --budget. The cost must be confirmed:
at a prompt on a terminal, elsewhere with --yes.

\b
  kie compare "A lighthouse at dusk" nano-banana-pro "seedream 4.5" --aspect-ratio 16:9 --save out

\b
Exit codes: 0 every model made something, 8 not confirmed; else that of the first model that failed."""


@attrs.frozen(kw_only=True)
class CompareOptions(SubmitOptions):
    """The options of `kie compare` besides the fields."""

    yes: bool = option(is_flag=True, help="Confirm the cost.")
    dry_run: bool = option(is_flag=True, help="Check and estimate, but send nothing. Needs no key.")
    page: str | None = option(metavar="FILE", help="Also make a page of the runs for the browser.")
    sets: tuple[str, ...] = option("--set", multiple=True, metavar="KEY=JSON", help="Give a field a JSON value.")


_OWN = frozenset(Overrides.__annotations__) | {"prompt", "models", "dry_run"}
"""Arguments of `client.compare`. A field with such a name keeps its dashes."""


@attrs.frozen
class _Shown:
    """A row with its saved files."""

    row: ComparisonRow
    files: Sequence[str] = ()

    @property
    def cells(self) -> tuple[str, ...]:
        *others, last = self.row.cells()
        return (*others, self.files[0] if self.files else last)

    @property
    def facts(self) -> JSONObject:
        facts = self.row.to_dict()
        return {**facts, "files": [*self.files]} if self.files else facts


def _column(index: int, key: str, **more: Any) -> Column[_Shown]:
    return Column(key, HEADINGS[index], lambda one: one.cells[index], **more)


COLUMNS: list[Column[_Shown]] = [
    _column(0, "model"),
    _column(1, "state"),
    _column(2, "seconds", rank=2, right=True),
    _column(3, "credits", rank=1, right=True),
    _column(4, "estimate", rank=3, right=True),
    _column(5, "files", wrap=True),
]


def _compare(context: CliContext, options: CompareOptions, args: Sequence[str]) -> int:
    """Carry out `kie compare`. Returns the exit code."""
    prompt, models, fields = _read(options, args)
    prepare_folder(options.save)
    if not options.dry_run:
        context.check_library()
    if options.dry_run or not options.simulate:  # simulated tasks cost nothing
        with context.client(keyless=True, **options.overrides) as client:
            planned = client.compare(prompt, models, dry_run=True, **fields)
        if options.dry_run:
            return _show(context, options, planned)
        if not options.quiet:
            note(f"would cost {cost(planned.estimate)}")
        if not options.yes and not (interactive(context) and click.confirm("Run it?", err=True)):
            note("nothing was sent: --yes confirms the cost")
            _show(context, options, planned)
            return NEEDS_CONFIRMATION
    elif not options.quiet:
        note(SIMULATED)
    overrides: Overrides = {**options.overrides, "on_submitted": lambda ref: _submitted(context, options, ref)}
    with context.opened(simulate=options.simulation, **overrides) as client:
        context.submitting = True
        found = client.compare(prompt, models, **fields)
        context.submitting = False
        code = _show(context, options, found)
    if options.page is not None:
        note(f"page: {found.page(Path(options.page))}")
    return code


def _read(options: CompareOptions, args: Sequence[str]) -> tuple[str, list[str], dict[str, Any]]:
    """The prompt, the models and the fields. Raises `UsageError` and `RequestInvalid`."""
    first = next((index for index, arg in enumerate(args) if arg.startswith("--")), len(args))
    if first < 2:
        raise click.UsageError("a prompt and the models come first: kie compare PROMPT MODEL MODEL … --field value")
    typed = Typed(frozenset())
    prompt, *models = args[:first]
    if catalog.find(prompt) is not None:
        said = f"the prompt comes first, and {prompt!r} is the id of a model"
        raise click.UsageError(f"{said}: kie compare PROMPT {' '.join(args[:first])} …")
    prompt = typed.text(prompt, "prompt")
    if typed.issues:
        raise RequestInvalid("the request", typed.issues)
    fields = loose_fields(None, args[first:], options.sets)
    return prompt, models, {_named(name): value for name, value in fields.items()}


def _named(name: str) -> str:
    return f"-{name}" if name.replace("-", "_") in _OWN else name.replace("-", "_")


def _submitted(context: CliContext, options: CompareOptions, ref: TaskRef) -> None:
    context.ref = ref
    if not options.quiet:
        note(f"submitted {ref} ({ref.model})")


def _show(context: CliContext, options: CompareOptions, found: Comparison) -> int:
    """Save the files, and show the rows. Returns the exit code."""
    shown: list[_Shown] = []
    code = 0
    for row in found:
        try:
            files = _saved(options, row)
        except KieError as error:
            note(f"kie: {error.message}; `kie wait {row.ref} --save DIR` fetches its files")
            files, code = (), code or exit_code(error)
        shown.append(_Shown(row, files))
        if row.error is not None:
            code = code or (exit_code(row.error) if isinstance(row.error, KieError) else 1)
    if context.as_json:
        document({**found.to_dict(), "rows": [one.facts for one in shown]})
        return code
    listing: RowListing[_Shown] = RowListing(COLUMNS, lambda one: one.facts, header=True)
    listing.show(shown)
    for text in () if options.quiet else found.notes:
        note(text)
    return code


def _saved(options: CompareOptions, row: ComparisonRow) -> tuple[str, ...]:
    """Save the files of a row, if there is a folder for them."""
    if options.save is None or not isinstance(row.result, Result):
        return ()
    files = tuple(str(path) for path in row.result.save(options.save))
    if options.sidecar:
        write_sidecars(request_facts(row.request), row.result.status, files)
    return files


def _models(ctx: click.Context, param: click.Parameter, incomplete: str) -> list[str]:
    """Complete the names of models, which follow the prompt."""
    return model_names(ctx, param, incomplete) if ctx.params.get("args") else []


def _call(args: Sequence[str], **given: object) -> int:
    return _compare(context_of(click.get_current_context()), parsed(CompareOptions, given), args)


compare = ThoroughCommand(
    "compare",
    params=[
        click.Argument(["args"], metavar="PROMPT MODEL...", nargs=-1, type=click.UNPROCESSED, shell_complete=_models),
        *options_of(CompareOptions),
        json_option(),
        *connection_options(),
    ],
    callback=_call,
    help=ABOUT,
    options_metavar="--FIELD VALUE … [OPTIONS]",
    no_args_is_help=True,
    context_settings={"ignore_unknown_options": True, "allow_extra_args": True, "max_content_width": 110},
)
