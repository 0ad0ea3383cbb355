"""Floor 7: `kie run MODEL`: a command for each model, made from its schema. May import every room below."""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import Any, cast

import attrs
import click

from kie import catalog
from kie._cli.context import Face, connection_options, face_of, json_option
from kie._cli.fields import Entry, FieldOption, entries, kebab, option_for, rules
from kie._cli.model_commands import meant
from kie._cli.output import Reporter, document, note, number, preview, record, reporter, say
from kie._cli.values import Typed, settings, top, unknown_options
from kie._core.errors import ConfigError, Issue, KieError, RequestInvalid, UnknownModel
from kie._core.json import JSON, JSONObject
from kie._core.raw import RawRequest
from kie._core.request import Request
from kie._core.results import Result
from kie._core.tasks import TaskRef, TaskStatus
from kie._flow.overrides import Overrides
from kie._records.lifecycles import lifecycle
from kie._tasks.submit import with_callback
from kie.catalog import Model

ABOUT = """Run a model: check the request, upload local media, submit, wait, and show the result.

MODEL is an id (`kie models` lists them), a class name, a slug or a shorthand. `kie run MODEL --help` shows its fields.
A field that takes media takes a URL, a file, or - for standard input. @file stands for the text in a file, @- for that
of standard input, @@ for an @ that means itself. An option may also be spelled as its field is (--aspect_ratio)."""


@attrs.frozen(kw_only=True)
class Wish:
    """What the options of `kie run` ask for, besides the fields of the model."""

    sets: tuple[str, ...]
    unchecked: bool
    save: str | None
    no_wait: bool
    dry_run: bool
    simulate: bool
    speed: float
    timeout: float
    callback_url: str | None
    allow_retired: bool
    quiet: bool

    def refuse_contradictions(self) -> None:
        """Raises `click.UsageError` for options that cannot stand together."""
        if self.no_wait and self.simulate:
            raise click.UsageError(
                "--no-wait leaves nothing behind with --simulate: the simulator ends with the command"
            )
        if self.no_wait and self.save:
            raise click.UsageError("--no-wait and --save exclude each other; `kie wait REF --save DIR` saves later")


def run_options() -> list[click.Option]:
    """The options that every model's command has besides its fields."""
    return [
        click.Option(["--save"], metavar="DIR", help="Download the files of the result into this folder."),
        json_option(),
        click.Option(["--quiet"], is_flag=True, help="Show no progress, and of the result only paths or URLs."),
        click.Option(["--no-wait"], is_flag=True, help="Submit, show the task's ref, and leave."),
        click.Option(
            ["--dry-run"], is_flag=True, help="Check, show what would be sent, and send nothing. Needs no key."
        ),
        click.Option(["--simulate"], is_flag=True, help="Run against the built-in simulator: no key, no cost."),
        click.Option(
            ["--speed"],
            type=float,
            default=20.0,
            show_default=True,
            help="How much faster than life a simulation runs.",
        ),
        click.Option(
            ["--timeout"], type=float, default=1800.0, show_default=True, metavar="SECONDS", help="How long to wait."
        ),
        click.Option(["--callback-url"], metavar="URL", help="Where the service shall report the outcome."),
        click.Option(
            ["--set", "sets"],
            multiple=True,
            metavar="KEY=JSON",
            help="Set a field as it stands on the wire. Repeatable.",
        ),
        click.Option(
            ["--unchecked"],
            is_flag=True,
            help="Send what --set gives without checking it, also for unknown fields and unknown models.",
        ),
        click.Option(["--allow-retired"], is_flag=True, help="Submit although the vendor has retired the model."),
        *connection_options(),
    ]


class ModelCommand(click.Command):
    """The command of one model. Its fields stand first in its help."""

    def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        params = self.get_params(ctx)
        fields = [p for p in params if isinstance(p, FieldOption)]
        for title, chosen in (("Fields", fields), ("Options", [p for p in params if p not in fields])):
            records = [shown for param in chosen if (shown := param.get_help_record(ctx)) is not None]
            if records:
                with formatter.section(title):
                    formatter.write_dl(records, col_max=32)


class RunGroup(click.Group):
    """Makes the command of a model when its name is typed."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return [model.id for model in catalog.models()]

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        return command_of(meant(cmd_name))

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        name, *rest = args
        try:
            return name, self.get_command(ctx, name), rest
        except UnknownModel as error:
            if "--unchecked" not in rest:
                error.add_note("`kie run ID --unchecked --set KEY=JSON` sends to a model that is not in the catalog")
                raise
            return name, raw_command(name), rest

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        if args and args[0].startswith("-") and args[0] not in ctx.help_option_names:
            raise click.UsageError("the model comes first: kie run MODEL --field value …", ctx)
        return super().parse_args(ctx, args)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Models"):
            formatter.write_dl(
                [(model.id, f"{model.class_name}: {', '.join(model.categories)}") for model in catalog.models()]
            )


def command_of(model: Model) -> click.Command:
    """The command that runs a model of the catalog."""
    fixed = run_options()
    taken = frozenset(name.lstrip("-") for option in fixed for name in option.opts) | {"help"}
    fields = entries(model, taken)
    required = " ".join(f"--{e.option} …" for e in fields if e.field.required)
    about = [
        model.description,
        f"{model.id} by {model.provider}; {', '.join(model.categories)}; gives {model.result}. "
        f"For example: kie run {model.id} {required} --save out",
    ]
    if notes := rules(model):
        about.append("\b\n" + "\n".join(["Rules across fields:", *(f"- {text}" for text in notes)]))
    return _command(
        model.id, [*map(option_for, fields), *fixed], "\n\n".join(about), partial(_of_catalog, model, fields)
    )


def raw_command(name: str) -> click.Command:
    """The command that sends to a model that the catalog does not know."""
    return _command(
        name, run_options(), f"Send --set fields to {name}, which is not in the catalog.", partial(_raw, name)
    )


Build = Callable[[Wish, dict[str, Any], Sequence[str]], Request[Result]]


def _command(name: str, params: Sequence[click.Option], help: str, build: Build) -> click.Command:
    def call(**given: Any) -> int:
        ctx = click.get_current_context()
        wish = Wish(**{field.name: given.pop(field.name) for field in attrs.fields(Wish)})
        wish.refuse_contradictions()
        return execute(face_of(ctx), wish, build(wish, given, ctx.args))

    return ModelCommand(
        name,
        params=list(params),
        callback=call,
        help=help,
        options_metavar="--FIELD VALUE … [OPTIONS]",
        context_settings={
            "token_normalize_func": kebab,
            # what no option takes is reported with all other faults
            "ignore_unknown_options": True,
            "allow_extra_args": True,
            "max_content_width": 110,
        },
    )


def _of_catalog(
    model: Model, fields: Sequence[Entry], wish: Wish, given: dict[str, Any], extra: Sequence[str]
) -> Request[Result]:
    """Build the request of a model that the catalog knows. Raises `RequestInvalid` with every fault at once."""
    cls = model.request_class
    typed = Typed(cls.info.media)
    values = {entry.python: typed.field(entry, given[f"field_{entry.python}"]) for entry in fields}
    values = {name: value for name, value in values.items() if value is not None}
    issues = _strays(extra, [entry.option for entry in fields])
    sets = {key: typed.nested(value, key) for key, value in settings(wish.sets, issues).items()}
    issues += typed.issues
    known = {entry.field.name: entry.python for entry in fields}
    faulty = {top(issue.path) for issue in issues}
    if not wish.unchecked:
        stray = "is not a field of this model; --unchecked sends it anyway"
        issues += [Issue(key, "additionalProperties", stray) for key in sets if key not in known]
        values |= {known[key]: value for key, value in sets.items() if key in known}
    request: Request[Result] | None = None
    try:
        request = cls(**values)
    except RequestInvalid as error:
        overridden = sets if wish.unchecked else {}
        found = [i for i in error.issues if top(i.path) not in faulty and top(i.path) not in overridden]
        issues += found
        if not issues and wish.unchecked:
            return _past_schema(model, values, known, sets)
    if issues or request is None:
        raise RequestInvalid(model.id, issues, captured=cls.info.captured)
    return request.unchecked(**cast(JSONObject, sets)) if wish.unchecked else request


def _past_schema(
    model: Model, values: dict[str, object], known: dict[str, str], sets: dict[str, object]
) -> Request[Result]:
    """A request whose only faults are in fields that are set unchecked."""
    with_sets = values | {known[key]: value for key, value in sets.items() if key in known}
    try:
        return model.request_class(**with_sets).unchecked(**cast(JSONObject, sets))
    except RequestInvalid:
        wire = {python: name for name, python in known.items()}
        defaults = {field.name: field.default for field in model.fields if field.default is not None}
        body = {**defaults, **{wire[name]: value for name, value in values.items()}, **sets}
        return RawRequest(model.id, {k: v for k, v in body.items() if v is not None}, lifecycle=model.lifecycle)


def _raw(name: str, wish: Wish, _: dict[str, Any], extra: Sequence[str]) -> Request[Result]:
    """Build the request of a model that nobody here knows."""
    issues = _strays(extra, [])
    sets = settings(wish.sets, issues)
    if issues:
        raise RequestInvalid(name, issues)
    return RawRequest(name, cast("dict[str, object]", sets))


def _strays(extra: Sequence[str], known: Sequence[str]) -> list[Issue]:
    issues, words = unknown_options(extra, known)
    if words:
        raise click.UsageError(f"unexpected {words[0]!r}: a text with spaces in it needs quotes")
    return issues


def execute(face: Face, wish: Wish, request: Request[Result]) -> int:
    """Carry out what was asked. Returns the exit code; errors are raised."""
    if wish.dry_run:
        with face.client(keyless=True, allow_retired=wish.allow_retired, callback_url=wish.callback_url) as client:
            preview(_body(request, client.check(request), wish.callback_url))
        return 0
    prove_folder(wish.save)
    if wish.simulate and not wish.quiet:
        note("simulated: nothing is sent to Kie.ai, nothing is charged, and the files are samples")
    with reporter(request.info.name, quiet=wish.quiet) as progress:

        def submitted(ref: TaskRef) -> None:
            face.ref = ref
            progress.submitted(ref)

        options: Overrides = {
            "callback_url": wish.callback_url,
            "on_submitted": submitted,
            "on_progress": progress.looked,
            "allow_retired": wish.allow_retired,
            "timeout": wish.timeout,
        }
        with face.opened(
            simulate=wish.speed if wish.simulate else None, accept_unknown=wish.unchecked, **options
        ) as client:
            face.submitting = True
            task = client.submit(request)
            face.submitting = False
            if wish.no_wait:
                return _left(face, task.ref, quiet=wish.quiet)
            result = task.wait()
            files = save(result, wish.save, progress)
    show(face, result, files, quiet=wish.quiet)
    return 0


def _body(request: Request[Result], input: JSONObject, callback_url: str | None) -> JSON:
    """The body that would be sent, from the input that `client.check` shows."""
    info = request.info
    body: JSONObject = {"model": info.model, "input": input} if info.model is not None else dict(input)
    row = lifecycle(info.lifecycle)
    if row.kind == "read-until-ready":
        return body
    return with_callback(row.submission(info.operation), body, callback_url)


def _left(face: Face, ref: TaskRef, *, quiet: bool) -> int:
    if face.as_json:
        document(record(TaskStatus(ref=ref, state="queued")))
    else:
        say(str(ref))
        if not quiet:
            note(f"`kie wait {ref}` takes it up")
    return 0


def prove_folder(directory: str | None) -> None:
    """Make the folder for results now: what has been paid for should not fail on it. Raises `ConfigError`."""
    if directory is None:
        return
    try:
        Path(directory).mkdir(parents=True, exist_ok=True)
    except (OSError, ValueError) as error:
        raise ConfigError(f"cannot save into {directory}: {getattr(error, 'strerror', None) or error}") from None


def save(result: Result, directory: str | None, progress: Reporter) -> list[str]:
    """Download what the result holds, if it is wanted. A failure names the task: what was paid for is not lost."""
    if directory is None:
        return []
    progress.saving(len(result.urls))
    try:
        return [str(path) for path in result.save(Path(directory))]
    except KieError as error:
        error.add_note(f"task {result.ref} itself succeeded: `kie wait {result.ref} --save DIR` fetches its files")
        raise


def show(face: Face, result: Result, files: Sequence[str], *, quiet: bool) -> None:
    """Write a result to stdout: paths or URLs, then what it took; or the one JSON document."""
    if face.as_json:
        document(record(result.status, files=files))
        return
    lines = files or result.urls
    for line in lines:
        say(line)
    if not lines and result.data is not None:
        preview(result.data)
    if not quiet:
        spent = f"{number(result.credits)} credits" if result.credits is not None else "credits not stated"
        took = f", {number(result.seconds)} s" if result.seconds is not None else ""
        say(f"{spent}{took}, task {result.ref}")
    sys.stdout.flush()


def run_command() -> click.Command:
    """`kie run`."""
    return RunGroup(
        "run", help=ABOUT, subcommand_metavar="MODEL --FIELD VALUE …", no_args_is_help=True, short_help="Run a model."
    )
