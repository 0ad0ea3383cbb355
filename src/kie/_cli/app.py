"""Floor 7: the program `kie`: its commands, its errors, its exit codes. May import every room below."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from typing import Any, NoReturn

import click

from kie._cli.account_commands import account_commands
from kie._cli.batch_command import batch
from kie._cli.context import Face, connection_options
from kie._cli.fields import kebab
from kie._cli.model_commands import model_commands
from kie._cli.output import document, note, say
from kie._cli.run_command import run_command
from kie._cli.simulate_command import simulate_command
from kie._cli.task_commands import task_commands
from kie._cli.values import top
from kie._cli.webhook_command import webhook_command
from kie._core.errors import (
    ConfigError,
    InsufficientCredits,
    KieError,
    ModelRetired,
    RequestInvalid,
    SubmitUnknown,
    TaskFailed,
    TaskTimeout,
)
from kie.catalog import find

ABOUT = """The Kie.ai marketplace on the command line: images, video, audio and music behind one key.

The key is read from KIE_API_KEY, or from the file that --key-file names. Every submission is noted in a journal
(without key and prompt), so that `kie tasks` finds tasks again after a crash. Results go to stdout, everything else to
stderr.

\b
Exit codes:
    0  done
    1  another error: service, network, download
    2  invalid request, option or configuration; nothing was sent
    3  the task failed
    4  a submission's outcome is unknown: a task may exist and cost
    5  not finished in time; the task goes on, and its ref is shown
    6  not enough credits
  130  interrupted; the ref is shown if there is one
"""

EXIT_CODES: tuple[tuple[type[KieError], int], ...] = (
    (TaskFailed, 3),
    (SubmitUnknown, 4),
    (TaskTimeout, 5),
    (InsufficientCredits, 6),
    (RequestInvalid, 2),
    (ConfigError, 2),
    (ModelRetired, 2),
)
INTERRUPTED = 130


def exit_code(error: KieError) -> int:
    """What the program exits with after an error."""
    return next((code for kind, code in EXIT_CODES if isinstance(error, kind)), 1)


class Program(click.Group):
    """The group of all commands. It turns errors into a few lines, or into the one JSON document, and a code."""

    def main(self, args: Sequence[str] | None = None, prog_name: str | None = None, **extra: Any) -> NoReturn:  # type: ignore[override]
        given = list(sys.argv[1:] if args is None else args)
        face = extra.get("obj") or Face()
        # until the options are read, this is the best guess at what a complaint about them has to look like
        face.as_json = "--json" in given
        extra |= {"obj": face, "standalone_mode": False}
        try:
            code = super().main(given, prog_name or "kie", **extra) or 0
        except click.Abort:
            code = _interrupted(face)
        except click.ClickException as error:
            code = _complain(face, error)
        except KieError as error:
            code = _report(face, error)
        sys.exit(code)


def _complain(face: Face, error: click.ClickException) -> int:
    if face.as_json:
        _failure("UsageError", error.format_message())
    else:
        error.show()
    return error.exit_code


def _interrupted(face: Face) -> int:
    if face.simulated:
        message = "interrupted"
    elif face.ref is not None:
        message = f"interrupted; task {face.ref} goes on: `kie wait {face.ref}` takes it up"
    elif face.submitting:
        message = (
            "interrupted while submitting: a task may exist, but no id of it arrived; "
            "look at https://kie.ai/logs before you try again"
        )
    else:
        message = "interrupted"
    if face.as_json:
        _failure("Interrupted", message, ref=None if face.ref is None else str(face.ref))
    else:
        note(f"kie: {message}")
    return INTERRUPTED


def _report(face: Face, error: KieError) -> int:
    message = _message(error)
    notes = [text for text in getattr(error, "__notes__", []) if text not in message]
    if face.as_json:
        ref = getattr(error, "ref", None) or face.ref
        issues = error.issues if isinstance(error, RequestInvalid) else ()
        shown = [{"path": i.path, "rule": i.rule, "message": i.message, "allowed": list(i.allowed)} for i in issues]
        _failure(
            type(error).__name__, "\n".join([message, *notes]), issues=shown, ref=None if ref is None else str(ref)
        )
    else:
        for text in (f"kie: {message}", *notes):
            note(text)
    return exit_code(error)


def _failure(kind: str, message: str, *, issues: Sequence[dict[str, Any]] = (), ref: str | None = None) -> None:
    document({"error": {"type": kind, "message": message, "issues": list(issues), "ref": ref}})


def _message(error: KieError) -> str:
    """The error in the words of a command line: options, not Python."""
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
    """Put the program together."""
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
        from importlib.metadata import version

        say(f"kie {version('kie')}")
        ctx.exit()


root = program()
