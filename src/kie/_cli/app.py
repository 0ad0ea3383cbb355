"""CLI: assembles the program `kie` and reports its errors. May import every room below."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from io import TextIOWrapper
from pathlib import Path
from traceback import extract_tb
from typing import NoReturn

import click

from kie import __version__
from kie._cli import account_commands as account
from kie._cli.batch_command import batch
from kie._cli.budget_command import budget
from kie._cli.cli_context import CliContext, connection_options
from kie._cli.completion_command import completion
from kie._cli.doctor_command import doctor
from kie._cli.exit_codes import INTERRUPTED, exit_code
from kie._cli.init_command import init
from kie._cli.messages import in_options, worded
from kie._cli.model_commands import model, models
from kie._cli.options import with_options
from kie._cli.output import Unwritten, document, note
from kie._cli.plan_command import plan
from kie._cli.presets_command import presets
from kie._cli.price_command import price
from kie._cli.prices_command import prices
from kie._cli.run_command import run
from kie._cli.simulate_command import simulate
from kie._cli.task_commands import open_, status, tasks, wait
from kie._cli.webhook_command import webhook
from kie._core.errors import KieError, NotReady, RequestInvalid
from kie._core.issues import Issue
from kie._core.json import JSON
from kie._core.own_packages import VARIABLE

ABOUT = """The Kie.ai marketplace on the command line: images, video, audio and music with one key.

`kie init` asks for the key and keeps it. It may also come from KIE_API_KEY, or from the file that --key-file names. A
journal records every submission (without key and prompt), so that `kie tasks` finds tasks again after a crash. Results
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
    7  a plan lacks something: the text says what
    8  a plan has to be confirmed, because of what it costs
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
        if os.environ.get(VARIABLE) and os.getcwd() not in sys.path:
            # as with `python -m`: a package of one's own is often where one works
            sys.path.append(os.getcwd())
        # an error in the options themselves is reported before --json is parsed
        context.as_json = "--json" in given
        for stream in (sys.stdout, sys.stderr):
            if isinstance(stream, TextIOWrapper):  # a pipe on Windows cannot hold every letter
                stream.reconfigure(errors="backslashreplace")
        try:
            code = super().main(given, prog_name or "kie", standalone_mode=False, obj=context) or 0
        except click.Abort:
            code = INTERRUPTED
            _report(context, "Interrupted", _interruption(context))
        except click.ClickException as error:
            code = error.exit_code
            if context.as_json:
                _report(context, "UsageError", error.format_message())
            else:
                error.show()
        except KieError as error:
            code = exit_code(error)
            message = worded(error)
            notes = [said for text in getattr(error, "__notes__", []) if (said := in_options(text)) not in message]
            issues = error.issues if isinstance(error, (RequestInvalid, NotReady)) else ()
            context.ref = getattr(error, "ref", None) or context.ref
            _report(context, type(error).__name__, "\n".join([message, *notes]), issues)
        except Unwritten as error:
            code = 1
            known = context.ref is not None and not context.simulated
            note(f"kie: {error}" + (f"; `kie status {context.ref}` shows task {context.ref}" if known else ""))
        except Exception as error:
            code = 4 if context.submitting and context.ref is None and not context.simulated else 1
            _report(context, type(error).__name__, _unexpected(context, error))
        sys.exit(code)


def _report(context: CliContext, kind: str, message: str, issues: Sequence[Issue] = ()) -> None:
    if not context.as_json:
        note(f"kie: {message}")
        return
    shown: list[JSON] = [
        {"path": i.path, "rule": i.rule, "message": i.message, "allowed": list(i.allowed)} for i in issues
    ]
    ref = None if context.ref is None else str(context.ref)
    try:
        document({"error": {"type": kind, "message": message, "issues": shown, "ref": ref}})
    except Unwritten:
        note(f"kie: {message}")


def _unexpected(context: CliContext, error: Exception) -> str:
    """Word an error that nobody foresaw, and say what it left behind at the service."""
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
    commands=[
        *(init, doctor, run, plan, price, batch, budget, models, model, status, wait, open_, tasks, simulate, webhook),
        *(account.upload, account.download, account.credits, prices, presets, completion),
    ],
    context_settings={"max_content_width": 110, "help_option_names": ["-h", "--help"]},
    no_args_is_help=True,
)
@click.version_option(__version__, message="kie %(version)s")
@with_options(*connection_options())
def root() -> None:
    """`kie`."""
