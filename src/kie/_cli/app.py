"""CLI: assembles the program `kie` and reports its errors. May import every room below."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from typing import NoReturn

import click

from kie import __version__
from kie._cli.account_commands import account_commands
from kie._cli.batch_command import batch
from kie._cli.cli_context import CliContext, connection_options
from kie._cli.exit_codes import INTERRUPTED, exit_code
from kie._cli.fields import kebab
from kie._cli.model_commands import model_commands
from kie._cli.output import document, note, say
from kie._cli.run_command import run_command
from kie._cli.simulate_command import simulate_command
from kie._cli.task_commands import task_commands
from kie._cli.values import top
from kie._cli.webhook_command import webhook_command
from kie._core.errors import KieError, RequestInvalid
from kie._core.issues import Issue
from kie._core.json import JSON
from kie.catalog import find

ABOUT = """The Kie.ai marketplace on the command line: images, video, audio and music with one key.

The key comes from KIE_API_KEY, or from the file that --key-file names. A journal records every submission (without key
and prompt), so that `kie tasks` finds tasks again after a crash. Results go to stdout, everything else to stderr.

\b
Exit codes:
    0  done
    1  other error: service, network or download
    2  invalid request, option or configuration; nothing was sent
    3  the task failed
    4  the outcome of a submission is unknown: a task may exist and cost credits
    5  not finished in time; the task keeps running, and its ref is shown
    6  not enough credits
  130  interrupted; the ref is shown if there is one
"""


class Program(click.Group):
    """The group of all commands. It turns errors into a few lines or one JSON document, and an exit code."""

    def main(  # type: ignore[override]
        self, args: Sequence[str] | None = None, prog_name: str | None = None, *, obj: CliContext | None = None
    ) -> NoReturn:
        """Run the program and exit.

        Args:
            args: The arguments; those of the process if absent.
            prog_name: The name in usage lines.
            obj: The invocation; tests bring their own.

        Raises:
            SystemExit: Always, with the exit code.
        """
        given = list(sys.argv[1:] if args is None else args)
        context = obj or CliContext()
        # an error in the options themselves is reported before --json is parsed
        context.as_json = "--json" in given
        try:
            code = super().main(given, prog_name or "kie", standalone_mode=False, obj=context) or 0
        except click.Abort:
            code = _report_interruption(context)
        except click.ClickException as error:
            code = _report_usage(context, error)
        except KieError as error:
            code = _report(context, error)
        sys.exit(code)


def _report_usage(context: CliContext, error: click.ClickException) -> int:
    if context.as_json:
        _write_error("UsageError", error.format_message())
    else:
        error.show()
    return error.exit_code


def _report_interruption(context: CliContext) -> int:
    message = _interruption(context)
    if context.as_json:
        _write_error("Interrupted", message, ref=None if context.ref is None else str(context.ref))
    else:
        note(f"kie: {message}")
    return INTERRUPTED


def _interruption(context: CliContext) -> str:
    """Say what an interruption left behind at the service."""
    if context.simulated:
        return "interrupted"
    if context.ref is not None:
        return f"interrupted; task {context.ref} keeps running: `kie wait {context.ref}` waits for it"
    if context.submitting:
        return (
            "interrupted while submitting: a task may exist, but its id did not arrive; "
            "check https://kie.ai/logs before you try again"
        )
    return "interrupted"


def _report(context: CliContext, error: KieError) -> int:
    message = _message(error)
    notes = [text for text in getattr(error, "__notes__", []) if text not in message]
    if context.as_json:
        ref = getattr(error, "ref", None) or context.ref
        issues = error.issues if isinstance(error, RequestInvalid) else ()
        _write_error(
            type(error).__name__, "\n".join([message, *notes]), issues=issues, ref=None if ref is None else str(ref)
        )
    else:
        for text in (f"kie: {message}", *notes):
            note(text)
    return exit_code(error)


def _write_error(kind: str, message: str, *, issues: Sequence[Issue] = (), ref: str | None = None) -> None:
    shown: list[JSON] = [
        {"path": i.path, "rule": i.rule, "message": i.message, "allowed": list(i.allowed)} for i in issues
    ]
    document({"error": {"type": kind, "message": message, "issues": shown, "ref": ref}})


def _message(error: KieError) -> str:
    """Word an error for the command line: with the names of options."""
    if not isinstance(error, RequestInvalid):
        return error.message
    model = find(error.model)
    if model is None:
        return "\n".join([f"{error.model} is invalid", *(f"  {issue}" for issue in error.issues)])
    lines = [f"{error.model}: {len(error.issues)} invalid {'field' if len(error.issues) == 1 else 'fields'}"]
    options = {field.name: f"--{kebab(field.name)}" for field in model.fields}
    for issue in error.issues:
        shown, field = issue.renamed(options), top(issue.path)
        typed = f"--{kebab(field)}{issue.path[len(field) :]}" if field else "the fields together"
        lines.append(f"  {shown.path if field in options else typed}: {shown.message}")
    known = f" since {error.captured}" if error.captured else ""
    lines.append(
        f"`kie model {error.model}` shows every field. If the service has changed{known}: --set FIELD=JSON --unchecked"
    )
    return "\n".join(lines)


def program() -> Program:
    """Assemble the program."""
    group = Program(
        "kie",
        help=ABOUT,
        params=[
            click.Option(
                ["--version"],
                is_flag=True,
                is_eager=True,
                expose_value=False,
                callback=_version,
                help="Show the version and exit.",
            ),
            *connection_options(),
        ],
        context_settings={"max_content_width": 110, "help_option_names": ["-h", "--help"]},
        no_args_is_help=True,
    )
    for command in (run_command(), batch, *model_commands(), *task_commands(), *account_commands(), simulate_command()):
        group.add_command(command)
    group.add_command(webhook_command())
    return group


def _version(ctx: click.Context, _: click.Parameter, wanted: bool) -> None:
    if wanted and not ctx.resilient_parsing:
        say(f"kie {__version__}")
        ctx.exit()


root = program()
