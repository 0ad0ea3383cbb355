"""CLI: assembles the program `kie` and reports its errors. May import every room below."""

from __future__ import annotations

import os
import sys
import warnings
from collections import UserDict
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from importlib import import_module
from io import TextIOWrapper
from pathlib import Path
from traceback import extract_tb, walk_tb
from typing import NoReturn, TextIO

import click

from kie import __version__
from kie._cli.cli_context import CliContext, connection_options
from kie._cli.click_options import with_options
from kie._cli.exit_codes import INTERRUPTED, exit_code
from kie._cli.groups import CommandGroup
from kie._cli.help_format import HelpFormatter
from kie._cli.output import Unwritten, document, note, unwritten
from kie._cli.signals import ended_like_ctrl_c
from kie._core.error_facts import error_facts, issue_facts
from kie._core.errors import KieError, NotReady, RequestInvalid
from kie._core.issues import Issue
from kie._core.json import JSON, JSONObject
from kie._core.own_packages import VARIABLE

ABOUT = """The Kie.ai marketplace on the command line: images, video, audio and music with one key.

`kie init` asks for the key and stores it. It may also come from KIE_API_KEY, or from the file that --key-file names. A
journal records every submission (without key and prompt), so that `kie tasks` can find tasks after a crash. Results
go to stdout, everything else to stderr.

\b
Exit codes:
    0  done
    1  other error: service, network or download
    2  invalid request, option or configuration; nothing was sent
    3  the task failed
    4  a submission got no answer: a task may exist and cost credits
    5  not finished in time; the task keeps running, and its ref is shown
    6  not enough credits, or over the budget
    7  a plan is incomplete: the message says what is missing
    8  a plan must be confirmed, because of what it costs
  130  interrupted; the ref is shown if there is one
"""


click.Context.formatter_class = HelpFormatter  # a context does not pass this on to the contexts of its commands

COMMANDS = {
    "batch": ("batch_command:batch", "Run the requests in a file; run it again to continue."),
    "budget": ("budget_command:budget", "Show what a budget has spent and reserved."),
    "compare": ("compare_command:compare", "Run one prompt on several models."),
    "completion": ("completion_command:completion", "Write the completion script of a shell."),
    "credits": ("account_commands:credits", "Show the balance."),
    "doctor": ("doctor_command:doctor", "Check key, network, clock, journal and disk."),
    "download": ("account_commands:download", "Download the file at a result's URL."),
    "durable": ("durable_command:durable", "Run batches that survive crashes of processes and machines."),
    "init": ("init_command:init", "Ask for the API key once, and keep it."),
    "library": ("library_command:library", "List the runs that a library keeps, and make pages of them."),
    "mcp": ("mcp_command:mcp", "Serve agents over MCP; the user is asked before they spend."),
    "model": ("model_commands:model", "Show the fields of a model."),
    "models": ("model_commands:models", "List the models."),
    "open": ("task_commands:open_", "Open the files of a task."),
    "plan": ("plan_command:plan", "Turn loose input into a request, or say what is missing."),
    "presets": ("presets_command:presets", "List the presets for prompts."),
    "price": ("price_command:price", "Say what a request would cost."),
    "prices": ("prices_command:prices", "Show the public price list."),
    "run": ("run_command:run", "Run a model."),
    "schema": ("schema_command:schema", "Show the JSON Schema of what a command writes with --json."),
    "simulate": ("simulate_command:simulate", "Serve a local Kie for trials and tests."),
    "skill": ("skill_command:skill", "Install the skill that teaches agents this command line."),
    "status": ("task_commands:status", "Show the status of a task."),
    "studio": ("studio_command:studio", "Serve a local page to try models and see results."),
    "tasks": ("task_commands:tasks", "List or finish the tasks in the journal."),
    "upload": ("account_commands:upload", "Upload files or URLs."),
    "wait": ("task_commands:wait", "Wait for a task and save its files."),
    "webhook": ("webhook_command:webhook", "Receive callbacks."),
}
"""The module of each command, and its line in the list of commands. A command is imported when it is called."""


class Commands(UserDict[str, click.Command]):
    """The commands by name, each imported on first access."""

    def __missing__(self, name: str) -> click.Command:
        place, line = COMMANDS[name]
        module, _, attribute = place.partition(":")
        command: click.Command = getattr(import_module(f"kie._cli.{module}"), attribute)
        command.short_help = line
        self.data[name] = command
        return command

    def __contains__(self, name: object) -> bool:
        return name in COMMANDS

    def __iter__(self) -> Iterator[str]:
        return iter(COMMANDS)

    def __len__(self) -> int:
        return len(COMMANDS)


class Program(CommandGroup):
    """The group of all commands. It turns errors into a few lines or one JSON document, and an exit code."""

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Return a command as a list of commands shows it."""
        return click.Command(cmd_name, short_help=COMMANDS[cmd_name][1]) if cmd_name in COMMANDS else None

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Return the command that is called. For the name of a model, the error says how to run it."""
        try:
            name, found, rest = super().resolve_command(ctx, args)
        except click.UsageError as error:
            if ctx.resilient_parsing or (hint := _meant_model(args[0], self.commands)) is None:
                raise
            raise click.UsageError(hint, error.ctx or ctx) from None
        return name, found and self.commands[str(found.name)], rest

    def main(  # type: ignore[override]
        self, args: Sequence[str] | None = None, prog_name: str | None = None, *, obj: CliContext | None = None
    ) -> NoReturn:
        """Run the program and exit.

        Args:
            args: The arguments; those of the process if absent.
            prog_name: The name in usage lines.
            obj: The invocation; tests pass their own.

        Raises:
            SystemExit: Always, with the exit code.
        """
        given = list(sys.argv[1:] if args is None else args)
        context = obj or CliContext()
        if os.environ.get(VARIABLE) and os.getcwd() not in sys.path:
            # as with `python -m`: users often work in the folder of their own package
            sys.path.append(os.getcwd())
        if os.environ.get("_KIE_COMPLETE"):
            self.commands["completion"]  # this import registers a shell that click does not know
        context.before_client = _show_warnings
        # an error in the options themselves is reported before --json is parsed
        context.as_json = "--json" in given
        for stream in (sys.stdout, sys.stderr):
            if isinstance(stream, TextIOWrapper):  # a pipe on Windows cannot encode every character
                stream.reconfigure(errors="backslashreplace")
        try:
            with _warnings_noted(), ended_like_ctrl_c():
                code = super().main(given, prog_name or "kie", standalone_mode=False, obj=context) or 0
        except click.Abort:
            code = INTERRUPTED
            _report(context, "Interrupted", _interruption(context))
        except click.ClickException as error:
            code = error.exit_code
            if context.as_json:
                _report(context, "UsageError", error.format_message())
            elif sys.stderr is not None:  # stderr may be closed: click would write to stdout instead
                with suppress(OSError, ValueError):
                    error.show()
        except KieError as error:
            from kie._cli.messages import in_options, worded

            code = exit_code(error)
            message = worded(error)
            notes = [said for text in getattr(error, "__notes__", []) if (said := in_options(text)) not in message]
            issues = error.issues if isinstance(error, (RequestInvalid, NotReady)) else ()
            context.ref = getattr(error, "ref", None) or context.ref
            _report(context, type(error).__name__, "\n".join([message, *notes]), issues, error)
        except Unwritten as error:
            code = 1
            known = context.ref is not None and not context.simulated
            note(f"kie: {error}" + (f"; `kie status {context.ref}` shows task {context.ref}" if known else ""))
        except Exception as error:
            if isinstance(error, OSError) and _of_output(error):  # such as help, which click writes itself
                note(f"kie: {unwritten(error)}")
                sys.exit(1)
            code = 4 if context.submitting and context.ref is None and not context.simulated else 1
            _report(context, type(error).__name__, _unexpected(context, error))
        sys.exit(code)


def _meant_model(name: str, commands: Iterable[str]) -> str | None:
    """Say how to run the model or family that was typed as a command; None if no model has a name like it."""
    from difflib import SequenceMatcher, get_close_matches

    from kie._core.errors import UnknownModel
    from kie._plans.families import named

    try:
        found = named(name)
    except UnknownModel as error:
        if get_close_matches(name, commands):
            return None
        near = next(
            (one for one in error.nearest if SequenceMatcher(None, name.lower(), one.lower()).ratio() > 0.7), None
        )
        return near and f"No such command {name!r}. Did you mean `kie run {near}`?"
    return f"{name!r} is a model, not a command: `kie run {found.name}` runs it"


@contextmanager
def _warnings_noted() -> Iterator[None]:
    """Show our warnings as lines for people, not as lines of our code."""
    with warnings.catch_warnings():
        shown = warnings.showwarning

        def show(
            message: Warning | str,
            category: type[Warning],
            filename: str,
            lineno: int,
            file: TextIO | None = None,
            line: str | None = None,
        ) -> None:
            if category is UserWarning:
                note(f"kie: {message}")
            else:
                shown(message, category, filename, lineno, file, line)

        warnings.showwarning = show
        yield


def _show_warnings() -> None:
    from kie._cli.log_lines import show_warnings  # imports `logging`, which commands without a client do not need

    show_warnings()


def _report(
    context: CliContext, kind: str, message: str, issues: Sequence[Issue] = (), error: KieError | None = None
) -> None:
    if not context.as_json:
        note(f"kie: {message}")
        return
    shown: list[JSON] = [issue_facts(issue) for issue in issues]
    ref = None if context.ref is None else str(context.ref)
    unknown = context.submitting and ref is None and not context.simulated
    known: JSONObject = {"task_created": None if unknown else ref is not None} if error is None else error_facts(error)
    try:
        document({"error": {**known, "type": kind, "message": message, "issues": shown, "ref": ref}})
    except Unwritten:
        note(f"kie: {message}")


def _of_output(error: OSError) -> bool:
    """Whether the error means that click could not write its output."""
    return any(frame.f_code is click.echo.__code__ for frame, _ in walk_tb(error.__traceback__))


def _unexpected(context: CliContext, error: Exception) -> str:
    """Word an unexpected error, and say what it left behind at the service."""
    place = extract_tb(error.__traceback__)[-1]
    where = f"{Path(place.filename).name}, line {place.lineno}"
    told = f"unexpected {type(error).__name__}: {error} ({where} of kie {__version__})"
    return f"{told}\n{left}" if (left := _interruption(context)) != "interrupted" else told


def _interruption(context: CliContext) -> str:
    """Say what an interruption left behind at the service."""
    if context.ref is not None and not context.simulated:
        return f"interrupted; task {context.ref} keeps running: `kie wait {context.ref}` waits for it"
    if context.submitting and not context.simulated:
        return (
            "interrupted while submitting: a task may exist, but its id did not arrive; "
            "check https://kie.ai/logs before you try again"
        )
    return "interrupted"


@click.group(
    "kie",
    cls=Program,
    help=ABOUT,
    commands=Commands(),
    context_settings={"max_content_width": 110, "help_option_names": ["-h", "--help"]},
    no_args_is_help=True,
)
@click.version_option(__version__, message="kie %(version)s")
@with_options(*connection_options())
def root() -> None:
    """`kie`."""
