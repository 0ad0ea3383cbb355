"""CLI: `kie run MODEL`: a command for each model, made from its schema. May import every room below."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from functools import partial
from typing import TYPE_CHECKING, Any, Protocol, TypeAlias, cast

import attrs
import click

from kie import catalog
from kie._cli.cli_context import CliContext, connection_options, context_of, json_option, refused
from kie._cli.click_options import SIMULATED, SubmitOptions, ThoroughCommand, WaitOptions, option, options_of, parsed
from kie._cli.exit_codes import exit_code
from kie._cli.fields import CliField, FieldOption, entries, kebab, option_for, rules
from kie._cli.loose import (
    AgreeingOptions,
    ConfirmingOptions,
    LooseOptions,
    PromptArguments,
    loose_fields,
    planned,
    prompted,
    settled,
)
from kie._cli.messages import OPTION, error_record
from kie._cli.model_commands import expected_seconds, hints, resolve
from kie._cli.output import Reporter, cost, document, note, number, preview, price, record, reporter, say
from kie._cli.present import ShowOptions, present
from kie._cli.saving import prepare_folder, request_facts, write_sidecars
from kie._cli.values import TRUTHS, Typed, settings, top, unknown_options
from kie._client import Task
from kie._core.errors import ConfigError, KieError, RequestInvalid, UnknownModel
from kie._core.issues import Issue
from kie._core.json import JSONObject
from kie._core.raw import RawRequest
from kie._core.request import Request
from kie._core.results import Result
from kie._core.status import TaskStatus
from kie._core.tasks import TaskRef
from kie._flow.overrides import Overrides
from kie._io.process import PROCESS
from kie._records.lifecycles import lifecycle
from kie._tasks.check import advised
from kie._tasks.submit import no_callback, takes_callback, with_callback
from kie.catalog import Model
from kie.telemetry import Event, RequestRetried, RequestSent

if TYPE_CHECKING:
    from attr import AttrsInstance

    from kie._plans.families import Family

ABOUT = """Run a model: check the request, upload local media, submit, wait, and show the result.

MODEL is an id (`kie models` lists them), a class name, a slug or a shorthand. `kie run MODEL --help` shows its fields.
A media field takes a URL, a file, or - for standard input. For text, @FILE reads a file and @- standard input; @@ is a
plain @. An option may also be spelled like its field (--aspect_ratio)."""


FIRST = """\
Usage: kie {name} MODEL --FIELD VALUE … [OPTIONS]

  kie {name} nano-banana-pro --prompt "A lighthouse at dusk"
  kie {name} kling-3.0/video --prompt "Waves" --duration 5 --mode std

  kie models WORD          finds a model: kie models image-edit
  kie model MODEL          shows what it takes
  {help:<23}  shows its fields as options
  {all:<23}  shows the options that all models have"""
"""The text for the command without arguments: one screen."""


@attrs.frozen(kw_only=True)
class RunOptions(ShowOptions, SubmitOptions):
    """The options of `kie run` besides the fields of the model."""

    no_wait: bool = option(is_flag=True, help="Submit, show the ref of the task, and exit.")
    dry_run: bool = option(is_flag=True, help="Check the request and show it, but send nothing. Needs no key.")
    label: str | None = option(
        metavar="TEXT", help="Your own name for the task: the same label again finds the task instead of paying again."
    )
    sets: tuple[str, ...] = option(
        "--set", multiple=True, metavar="KEY=JSON", help="Set a field to a JSON value, as it is sent. Repeatable."
    )
    unchecked: bool = option(
        is_flag=True, help="Send the values of --set unchecked, even for unknown fields and unknown models."
    )

    def __attrs_post_init__(self) -> None:
        super().__attrs_post_init__()
        if self.no_wait and self.simulate:
            raise click.UsageError(
                "--no-wait has no effect with --simulate: the simulator ends with the command; leave one of them out"
            )
        if self.no_wait and self.save:
            raise click.UsageError("--no-wait and --save are mutually exclusive; use `kie wait REF --save DIR` later")


class RequestOptions(Protocol):
    """The options of a command that making a request needs."""

    @property
    def sets(self) -> tuple[str, ...]: ...
    @property
    def unchecked(self) -> bool: ...
    @property
    def quiet(self) -> bool: ...


def common_options(cls: type[AttrsInstance] = RunOptions) -> list[click.Option]:
    """Return the options that the command of every model has besides its fields."""
    return [*options_of(cls), json_option(), *connection_options()]


_FAULTS = "kie.faults"
"""The key under which a context keeps the faults of its command's options."""


class ModelCommand(ThoroughCommand):
    """The command of one model. Its help shows the fields first."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Parse the arguments. A switch may be followed by its value: `--sound false` is `--no-sound`.

        Faults of options are kept, and reported together with those of the request: see `option_faults`.
        """
        issues: list[Issue] = ctx.meta.setdefault(_FAULTS, [])
        given = [*self._switched(args, issues)]
        try:
            return super().parse_args(ctx, [*given])
        except click.UsageError:
            faults = [(fault.param, fault.message) for fault in self.faults(ctx, given)]
            wrong = [(param, message) for param, message in faults if isinstance(param, click.Option)]
            if not wrong:
                raise
        issues += [Issue(str(param.name), OPTION, message) for param, message in wrong]
        names = {kebab(name) for param, _ in wrong for name in param.opts}
        ctx.params.clear()
        return super().parse_args(ctx, [*_without(names, given)])

    def _switched(self, args: Sequence[str], issues: list[Issue]) -> Iterator[str]:
        flags = [param for param in self.params if isinstance(param, FieldOption) and param.is_flag]
        pairs = {kebab(on): (on, off) for p in flags for on, off in zip(p.opts, p.secondary_opts, strict=True)}
        left = deque(args)
        while left:
            name, sign, value = left.popleft().partition("=")
            pair = pairs.get(kebab(name)) if name.startswith("--") else None
            if pair is None or (not sign and (not left or left[0].startswith("-"))):
                yield f"{name}{sign}{value}"
                continue
            value = value if sign else left.popleft()
            if value.lower() not in TRUTHS:
                field = pair[0].removeprefix("--").replace("-", "_")
                issues.append(Issue(field, OPTION, f"must be true or false, not {value!r}"))
                continue
            yield pair[0] if TRUTHS[value.lower()] else pair[1]

    def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the fields, then the other options."""
        params = self.get_params(ctx)
        fields = [p for p in params if isinstance(p, FieldOption)]
        for title, chosen in (("Fields", fields), ("Options", [p for p in params if p not in fields])):
            records = [shown for param in chosen if (shown := param.get_help_record(ctx)) is not None]
            if records:
                with formatter.section(title):
                    formatter.write_dl(records, col_max=32)


def option_faults() -> list[Issue]:
    """Return the faults of the current command's options, besides its fields."""
    return [*click.get_current_context().meta.get(_FAULTS, ())]


def refusal(model: str, issues: Sequence[Issue], captured: str = "") -> Exception:
    """Make one error for all faults: it is about the request, unless only options of the command have faults."""
    if any(issue.rule != OPTION for issue in issues):
        return RequestInvalid(model, issues, captured=captured)
    lines = (f"Invalid value for '--{kebab(issue.path)}': {issue.message}" for issue in issues)
    return click.UsageError("\n".join(lines), click.get_current_context())


def _without(names: Collection[str], args: Sequence[str]) -> Iterator[str]:
    """Remove options and their values."""
    left = deque(args)
    while left:
        text = left.popleft()
        name, sign, _ = text.partition("=")
        if not text.startswith("--") or kebab(name) not in names:
            yield text
        elif not sign and left:
            left.popleft()


class RunGroup(click.Group):
    """Makes the command of a model when its name is typed."""

    kind: type[AttrsInstance] = RunOptions
    """The options of the commands, besides the fields."""
    spends = True
    """Whether the commands cost credits, so that they may need a confirmation."""

    @property
    def action(self) -> Action:
        """What to do with the request."""
        return execute

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Return the ids of the models."""
        return [model.id for model in catalog.models()]

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Return the command of a model, or of a family with several models. Raises `UnknownModel`."""
        family = _family(cmd_name)
        if family is not None:
            return family_command(family, self.action, self.kind, spends=self.spends)
        return command_of(resolve(cmd_name), self.action, self.kind, spends=self.spends)

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Find the command; with --unchecked, also for a model that the catalog does not know."""
        name, *rest = args
        try:
            return name, self.get_command(ctx, name), rest
        except UnknownModel as error:
            if "--unchecked" not in rest:
                error.add_note("for a model that is not in the catalog: `kie run ID --unchecked --set KEY=JSON`")
                raise
            return name, raw_command(name, self.action, self.kind), rest

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Parse the arguments. Refuses options before the model; without arguments, shows the usage."""
        if not args and not ctx.resilient_parsing:
            lines = {"help": f"kie {self.name} MODEL --help", "all": f"kie {self.name} --help"}
            click.echo(FIRST.format(name=self.name, **lines), err=True)
            ctx.exit(2)
        if args and args[0].startswith("-") and args[0] not in ctx.help_option_names:
            raise click.UsageError(f"the model comes first: kie {self.name} MODEL --field value …", ctx)
        return super().parse_args(ctx, args)

    def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the options that every model has, besides its fields."""
        records = [shown for option in common_options(self.kind) if (shown := option.get_help_record(ctx)) is not None]
        with formatter.section("Options, after the model and besides its fields"):
            formatter.write_dl(records, col_max=32)


def command_of(
    model: Model, action: Action, kind: type[AttrsInstance] = RunOptions, *, spends: bool = True
) -> click.Command:
    """Make the command that runs a model of the catalog."""
    common = [*(options_of(AgreeingOptions) if spends else ()), *common_options(kind)]
    taken = frozenset(name.lstrip("-") for option in common for name in option.opts) | {"help"}
    fields = entries(model, taken)
    required = " ".join(f"--{e.option} …" for e in fields if e.field.required)
    about = [
        model.description,
        f"{model.id} by {model.provider}; {', '.join(model.categories)}; produces {model.result}. "
        f"For example: kie run {model.id} {required} --save out",
    ]
    if notes := rules(model):
        about.append("\b\n" + "\n".join(["Rules across fields:", *(f"- {text}" for text in notes)]))
    return _command(
        model.id,
        [*map(option_for, fields), *common],
        "\n\n".join(about),
        partial(_of_prompt, model, fields) if spends else partial(_of_catalog, model, fields),
        action,
        kind,
    )


def _family(name: str) -> Family | None:
    """Return the family of a name, unless it is the name of a single model."""
    from kie._plans.families import find, named

    if catalog.find(name) is not None:
        return None
    found = find(name)
    if found is not None and len(found.members) > 1:
        return found
    try:
        catalog.resolve(name) if catalog.shorthand(name) is None else None
    except UnknownModel:
        try:
            return named(name)
        except UnknownModel:
            return None
    return None


def family_command(
    family: Family, action: Action, kind: type[AttrsInstance] = RunOptions, *, spends: bool = True
) -> click.Command:
    """Make the command that plans a request of a family, and carries it out."""
    models = "\n".join(f"- {member.model}" for member in family.members)
    own = ConfirmingOptions if spends else LooseOptions
    return _command(
        family.name,
        [*options_of(own), *common_options(kind)],
        f"Run a model of {family.title}. The media you give and --task-mode decide which one. Every "
        f"option that is not listed is a field, in any spelling. On a terminal, kie asks for what is missing.\n\n"
        f"\b\nModels:\n{models}",
        partial(_of_family, family, own),
        action,
        kind,
    )


def _of_family(
    family: Family,
    own: type[LooseOptions],
    options: RequestOptions,
    given: Mapping[str, object],
    extra: Sequence[str],
) -> Request[Result]:
    """Plan the request of a family. Raises `NotReady`."""
    if faults := option_faults():
        raise refusal(family.name, faults)
    if options.unchecked:
        raise ConfigError(f"--unchecked needs the id of one model, not {family.name}")
    context = context_of(click.get_current_context())
    name = click.get_current_context().info_name or family.name
    fields = loose_fields(family, extra, options.sets)
    loose = parsed(own, given)
    simulate = _simulation(options, loose)
    return settled(context, planned(context, name, fields, loose, simulate=simulate), loose, simulate)


def _simulation(options: RequestOptions, prompting: object) -> float | None:
    """The speed of the simulator that enhances the prompt. Raises `UsageError` if nothing may enhance it."""
    enhances = isinstance(prompting, PromptArguments) and prompting.enhance != "off"
    if enhances and getattr(options, "dry_run", False):
        raise click.UsageError("--dry-run sends nothing: leave out --enhance, or see what it makes with `kie plan`")
    return getattr(options, "simulation", None)


def raw_command(name: str, action: Action, kind: type[AttrsInstance] = RunOptions) -> click.Command:
    """Make the command that runs a model that the catalog does not know."""
    return _command(
        name,
        common_options(kind),
        f"Run {name}, which is not in the catalog, with the fields given by --set.",
        partial(_raw, name),
        action,
        kind,
    )


Action: TypeAlias = "Callable[[CliContext, Any, Request[Result]], int]"
"""Does the work of a command with its request. Returns the exit code."""


Build: TypeAlias = Callable[[RequestOptions, Mapping[str, object], Sequence[str]], Request[Result]]
"""Makes a request from the options, the values of all click options, and the arguments that are not options."""


def _command(
    name: str,
    params: Sequence[click.Option],
    help: str,
    build: Build,
    action: Action,
    kind: type[AttrsInstance],
) -> click.Command:
    def call(**given: object) -> int:
        ctx = click.get_current_context()
        options = cast(RequestOptions, parsed(kind, given))
        return action(context_of(ctx), options, build(options, given, ctx.args))

    return ModelCommand(
        name,
        params=list(params),
        callback=call,
        help=help,
        options_metavar="--FIELD VALUE … [OPTIONS]",
        context_settings={
            "token_normalize_func": kebab,
            # unknown arguments are reported together with all other faults
            "ignore_unknown_options": True,
            "allow_extra_args": True,
            "max_content_width": 110,
        },
    )


def _of_prompt(
    model: Model, fields: Sequence[CliField], options: RequestOptions, given: Mapping[str, object], extra: Sequence[str]
) -> Request[Result]:
    """Build the request of a model in the catalog, and put its prompt into a preset or have it enhanced."""
    prompting = parsed(AgreeingOptions, given)
    simulate = _simulation(options, prompting)
    if options.unchecked and prompting.asked_for:
        raise click.UsageError("--unchecked sends what is given as it is: leave out --preset, --presets and --enhance")
    request = _of_catalog(model, fields, options, given, extra)
    return prompted(context_of(click.get_current_context()), request, prompting, simulate)


def _of_catalog(
    model: Model, fields: Sequence[CliField], options: RequestOptions, given: Mapping[str, object], extra: Sequence[str]
) -> Request[Result]:
    """Build the request of a model in the catalog. Raises `RequestInvalid` with every fault at once."""
    info = model.request_class.info
    for hint in hints(model) if not options.quiet else ():
        note(hint)
    typed = Typed(info.media_fields)
    values = {entry.python: typed.field(entry, given[f"field_{entry.python}"]) for entry in fields}
    values = {name: value for name, value in values.items() if value is not None}
    issues = [*option_faults(), *unknown_options(extra, [entry.option for entry in fields])]
    known = {entry.field.name: entry.python for entry in fields}
    wire = {} if options.unchecked else {python: name for name, python in known.items() if python not in known}
    given_sets = {wire.get(key, key): value for key, value in settings(options.sets, issues).items()}
    sets = {key: typed.nested(value, key) for key, value in given_sets.items()}
    issues += typed.issues
    if options.unchecked:
        request, found = _unchecked(model, values, known, sets)
    else:
        not_a_field = "is not a field of this model; --unchecked sends it anyway"
        issues += [Issue(key, "additionalProperties", not_a_field) for key in sets if key not in known]
        twice = "is given twice, by its option and by --set; leave one of them out"
        issues += [Issue(key, "twice", twice) for key in sets if known.get(key) in values]
        request, found = _checked(model, values | _by_python(known, sets))
    faulty = {top(issue.path) for issue in issues}
    issues += [issue for issue in found if top(issue.path) not in faulty]
    if issues or request is None:
        raise refusal(model.id, issues, info.captured)
    return request


def _by_python(known: Mapping[str, str], sets: Mapping[str, object]) -> dict[str, object]:
    """Return the values of --set by the Python names of their fields, without unknown fields."""
    return {known[key]: value for key, value in sets.items() if key in known}


def _checked(model: Model, values: Mapping[str, object]) -> tuple[Request[Result] | None, list[Issue]]:
    """Return the request, or the faults that prevent it."""
    try:
        return model.request_class(**values), []
    except RequestInvalid as error:
        return None, list(error.issues)


def _unchecked(
    model: Model, values: Mapping[str, object], known: Mapping[str, str], sets: Mapping[str, object]
) -> tuple[Request[Result] | None, list[Issue]]:
    """Return the request with the values of --set, which bypass the schema, or the faults of the other fields."""
    issues: list[Issue] = []
    for chosen in (
        {**values, **_by_python(known, sets)},
        values,
    ):  # --set may give a field that the schema requires
        request, issues = _checked(model, chosen)
        if request is not None:
            return request.unchecked(**cast(JSONObject, sets)), []
    issues = [issue for issue in issues if top(issue.path) not in sets]
    return (None, issues) if issues else (_past_schema(model, values, known, sets), [])


def _past_schema(
    model: Model, values: Mapping[str, object], known: Mapping[str, str], sets: Mapping[str, object]
) -> Request[Result]:
    """Build a request whose only faults are values of --set."""
    wire = {python: name for name, python in known.items()}
    given = {**model.preset, **{wire[name]: value for name, value in values.items()}, **sets}
    info = model.request_class.info
    body = {**(info.schema.defaults(given) if info.schema else {}), **given}
    name = info.model or lifecycle(info.lifecycle).submission(info.operation).endpoint.operation
    return RawRequest(name, {k: v for k, v in body.items() if v is not None}, lifecycle=info.lifecycle)


def _raw(name: str, options: RequestOptions, _: Mapping[str, object], extra: Sequence[str]) -> Request[Result]:
    """Build the request of a model that the catalog does not know. Raises `RequestInvalid`."""
    issues = [*option_faults(), *unknown_options(extra, [])]
    sets = settings(options.sets, issues)
    if issues:
        raise refusal(name, issues)
    return RawRequest(name, cast("dict[str, object]", sets))


def execute(context: CliContext, options: RunOptions, request: Request[Result]) -> int:
    """Carry out `kie run`. Returns the exit code; raises every error."""
    _advise(request)
    if options.dry_run:
        return _dry_run(context, options, request)
    if options.label is not None and (options.simulate or context.journal_path is None):
        raise ConfigError("--label needs the journal: leave out --simulate and --no-journal")
    prepare_folder(options.save)
    if options.simulate and not options.quiet:
        note(SIMULATED)
    expected = None if options.simulate else expected_seconds(request.info.name)
    ended: tuple[Result, list[str]] | None = None
    with reporter(request.info.name, quiet=options.quiet, expected=expected) as progress:

        def submitted(ref: TaskRef) -> None:
            context.ref = ref
            progress.submitted(ref)

        def happened(event: Event) -> None:
            """Remember whether a task may be created at this moment: an upload before it creates none."""
            if event.work.kind == "submit" and isinstance(event, (RequestSent, RequestRetried)):
                context.submitting = isinstance(event, RequestSent)

        overrides: Overrides = {**options.overrides, "on_submitted": submitted, "observers": [happened]}
        with context.opened(simulate=options.simulation, accept_unknown=options.unchecked, **overrides) as client:
            task = client.submit(request, label=options.label, callback_url=options.callback_url)
            context.submitting = False
            if not options.no_wait:
                ended = finish(context, task, options, progress)
    if ended is None:
        return _show_ref(context, task.ref, quiet=options.quiet)
    if options.sidecar:
        write_sidecars(request_facts(request), ended[0].status, ended[1])
    show(context, *ended, quiet=options.quiet)
    present(options, *ended)
    return 0


def _advise(request: Request[Result]) -> None:
    """Show the advice on a request, worded with options, instead of the client's log messages."""
    options = {wire: f"--{kebab(name)}" for name, wire in request.__kie_plan__()}
    body, _ = request._encode()
    for advice, shown in zip(request._advised(body), request._advised(body, options), strict=True):
        if PROCESS.is_news(advised(request.info.name, advice)):
            note(advised(request.info.name, shown))


def _dry_run(context: CliContext, options: RunOptions, request: Request[Result]) -> int:
    """Check the request and show the body that would be sent."""
    if options.callback_url is not None and not takes_callback(request):
        raise no_callback(request, "--callback-url")
    with context.client(keyless=True, **options.overrides) as client:
        body = _body(request, client.check(request), options.callback_url)
        estimate = client.estimate(request)
        refusal = refused(client.budget, estimate)
    if context.as_json:
        document({**body, "cost": price(estimate), "refused": error_record(refusal)})
    else:
        preview(body)
    if not options.quiet:
        note(f"would cost {cost(estimate)}")
    if refusal is None:
        return 0
    if not context.as_json:
        raise refusal
    return exit_code(refusal)


def _body(request: Request[Result], input: JSONObject, callback_url: str | None) -> JSONObject:
    """Return the body that would be sent with the input that `client.check` returns."""
    info = request.info
    body: JSONObject = {"model": info.model, "input": input} if info.model is not None else dict(input)
    row = lifecycle(info.lifecycle)
    if row.kind == "read-until-ready":
        return body
    return with_callback(row.submission(info.operation), body, callback_url)


def _show_ref(context: CliContext, ref: TaskRef, *, quiet: bool) -> int:
    if context.as_json:
        document(record(TaskStatus(ref=ref, state="queued")))
    else:
        say(str(ref))
        if not quiet:
            note(f"`kie wait {ref}` waits for it")
    return 0


def finish(context: CliContext, task: Task[Any], options: WaitOptions, progress: Reporter) -> tuple[Result, list[str]]:
    """Wait for a task, and save its files if a folder is given. Returns the result and the paths."""
    context.ref = task.ref
    result = task.wait(on_progress=progress.polled)
    if options.save is None:
        return result, []
    progress.saving(len(result.urls))
    try:
        return result, [str(path) for path in result.save(options.save)]
    except KieError as error:
        error.add_note(f"task {result.ref} itself succeeded: `kie wait {result.ref} --save DIR` fetches its files")
        raise


def show(context: CliContext, result: Result, files: Sequence[str], *, quiet: bool) -> None:
    """Write a result to stdout: paths or URLs, credits and seconds; or the one JSON document."""
    run = context.run_of(result)
    if context.as_json:
        document({**record(result.status, files=files), **({} if run is None else {"run": str(run.folder)})})
        return
    lines = files or result.urls
    for line in lines:
        say(line)
    if not lines and result.data is not None:
        preview(result.data)
    if not quiet:
        spent = f"{number(result.credits)} credits" if result.credits is not None else "credits unknown"
        took = f", {number(result.seconds)} s" if result.seconds is not None else ""
        say(f"{spent}{took}, task {result.ref}")
        if run is not None:
            note(f"kept in {run.folder}")


run = RunGroup("run", help=ABOUT, subcommand_metavar="MODEL --FIELD VALUE …", no_args_is_help=True)
