"""CLI: `kie status`, `kie wait` and `kie tasks`: earlier tasks. May import `_core`, `_io`, `_client`."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from datetime import datetime, timedelta
from functools import partial
from textwrap import shorten
from typing import Any
from urllib.parse import urlsplit

import attrs
import click

from kie._cli.cli_context import CliContext, connection_options, json_option
from kie._cli.click_options import ThoroughCommand, WaitOptions, option, options_of, parsed, with_options
from kie._cli.completion_command import refs
from kie._cli.exit_codes import exit_code
from kie._cli.listing import Column, RowListing, list_options
from kie._cli.model_commands import expected_seconds
from kie._cli.output import age, document, is_terminal, note, number, printable, record, reporter, say, state_of
from kie._cli.present import ShowOptions, launch, present
from kie._cli.run_command import finish, show
from kie._cli.saving import prepare_folder
from kie._client import Task
from kie._core.errors import ConfigError, KieError, NotFound
from kie._core.journal_entry import JournalEntry
from kie._core.json import JSON
from kie._core.results import Result
from kie._core.status import TaskStatus
from kie._core.tasks import TaskRef
from kie._io.journal import Journal
from kie._io.session import from_environment

PROMPT = 40
"""The most characters of a prompt that are shown."""
KEPT_FOR = timedelta(days=14)
"""How long the service keeps the record of a task: 14 days, as https://docs.kie.ai says."""


def described(found: TaskStatus) -> list[str]:
    """Describe a task in a few lines, for people."""
    percent = f" {found.progress:.0%}" if found.progress is not None and found.progress <= 1 else ""
    word = f" ({state_of(found)})" if state_of(found) != found.state else ""
    lines = [f"{found.ref}: {found.state}{percent}{word}"]
    if found.ref.model:
        lines.append(f"model {found.ref.model}")
    if found.state == "failed":
        lines.append(f"{found.fail_code or 'no code'}: {found.fail_message or 'the service gave no reason'}")
    if found.credits is not None:
        lines.append(f"{number(found.credits)} credits")
    if found.seconds is not None:
        lines.append(f"{number(found.seconds)} s")
    return [*lines, *found.urls]


@click.command(cls=ThoroughCommand)
@click.argument("ref", shell_complete=refs)
@with_options(json_option(), *connection_options())
@click.pass_obj
def status(context: CliContext, ref: str) -> None:
    """Show the status of a task, with a single poll. The exit code is 0 even if the task failed."""
    with context.client() as client:
        found = client.task(ref).refresh()
    if context.as_json:
        document(record(found))
        return
    for line in described(found):
        say(line)


@attrs.frozen(kw_only=True)
class WaitCommandOptions(ShowOptions, WaitOptions):
    """The options of `kie wait`."""


@click.command(cls=ThoroughCommand)
@click.argument("ref", shell_complete=refs)
@with_options(*options_of(WaitCommandOptions), json_option(), *connection_options())
@click.pass_obj
def wait(context: CliContext, /, ref: str, **given: object) -> None:
    """Wait for the task with the ref that `kie run` showed, and show its result as `kie run` does."""
    options = parsed(WaitCommandOptions, given)
    prepare_folder(options.save)
    with context.client(journaled=True, timeout=options.timeout) as client:
        task = client.task(ref)
        if not _journaled(context, task.ref):
            task.refresh()  # `wait` would keep polling for a task that never existed
        ended = _finish(context, task, options)
    show(context, *ended, quiet=options.quiet)
    present(options, *ended)


@click.command("open", cls=ThoroughCommand)
@click.argument("ref", shell_complete=refs)
@click.option("--all", "everything", is_flag=True, help="Open every file, not only the first.")
@with_options(*connection_options())
@click.pass_obj
def open_(context: CliContext, ref: str, everything: bool) -> None:
    """Open the result of a task by its URL, with the system's program for it, usually the browser."""
    with context.client() as client:
        found = client.task(ref).refresh()
    if not found.urls:
        raise ConfigError(f"task {found.ref} has no file to open: it is {state_of(found)}")
    for url in found.urls if everything else found.urls[:1]:
        say(url)
        launch([url])


def _journaled(context: CliContext, ref: TaskRef) -> bool:
    """Whether the journal has a task. If so, it exists even if the service has no record yet."""
    if context.journal_path is None:
        return False
    return any(entry.ref is not None and str(entry.ref) == str(ref) for entry in context.journal().entries())


@attrs.frozen(kw_only=True)
class TasksOptions(WaitOptions):
    """The options of `kie tasks`."""

    resume: bool = option(is_flag=True, help="Wait for every open task and record how it ended.")
    everything: bool = option("--all", is_flag=True, help="List ended tasks too.")
    label: str | None = option(metavar="LABEL", help="Only the submissions with this label, ended or not.")
    dismiss: tuple[str, ...] = option(
        multiple=True,
        metavar="ID",
        help="Mark a submission of unknown outcome as settled: its label is free again. Repeatable.",
    )

    def __attrs_post_init__(self) -> None:
        if self.save and not self.resume:
            raise click.UsageError("--save needs --resume; `kie wait REF --save DIR` saves one task")


@click.command(cls=ThoroughCommand)
@with_options(*options_of(TasksOptions), *list_options(), json_option(), *connection_options())
@click.pass_obj
def tasks(context: CliContext, /, **given: object) -> int:
    """List the submissions in the journal that have not ended, as far as is known.

    `open` is a task whose end was not recorded. `unknown` is a submission without an answer: a task may exist and may
    have cost credits; check https://kie.ai/logs. With --resume, each open task is waited for, at most for --timeout,
    and with --save its files are saved; the exit code is that of the first task that did not succeed.
    """
    options = parsed(TasksOptions, given)
    prepare_folder(options.save)
    journal = context.journal()
    for id in options.dismiss:
        journal.dismiss(id)
    listing = RowListing.of(_columns(context), partial(_facts, context), given)
    entries = [entry for entry in journal.entries() if options.label in (None, entry.label)]
    pending = [entry for entry in entries if entry.pending]
    if options.resume:
        return _resume(context, journal, pending, options)
    every = options.everything or options.label is not None
    nothing = "the journal has no tasks" if options.everything else "no open tasks; --all lists those that have ended"
    if options.label is not None:
        nothing = f"no task has the label {options.label!r}"
    _list(context, listing, entries if every else pending, nothing)
    return 0


def _columns(context: CliContext) -> list[Column[JournalEntry]]:
    now = context.now()
    prompts: list[Column[JournalEntry]] = [
        Column("prompt", "Prompt", lambda entry: first_words(context, entry), rank=2, wrap=True)
    ]
    return [
        Column("ref", "Task", lambda entry: str(entry.ref or entry.id)),
        Column("state", "State", lambda entry: entry.state),
        Column("model", "Model", lambda entry: entry.model),
        *([] if context.library is None else prompts),
        Column("submitted_at", "Submitted", lambda entry: _ago(now, entry.at), rank=1),
        Column("label", "Label", lambda entry: entry.label or "", rank=2),
        Column("server", "Where", where, rank=3),
    ]


def first_words(context: CliContext, entry: JournalEntry) -> str:
    """The beginning of a submission's prompt in one line, if the library has it."""
    run = None if entry.ref is None else context.run_of(entry.ref)
    return "" if run is None else printable(shorten(run.prompt or "", PROMPT, placeholder=" …"))


def where(entry: JournalEntry) -> str:
    """Name the server of a submission, and say if it is a simulator."""
    server = urlsplit(entry.server or "").netloc
    return f"simulated at {server}".removesuffix(" at ") if entry.simulated else server


def _ago(now: datetime, at: str) -> str:
    """How long ago something was, on a terminal; elsewhere the time."""
    if not is_terminal(sys.stdout):
        return at[:19]
    return f"{age((now - datetime.fromisoformat(at)).total_seconds())} ago"


def _list(
    context: CliContext, listing: RowListing[JournalEntry], entries: Sequence[JournalEntry], nothing: str
) -> None:
    if context.as_json:
        document(listing.documents(entries))
        return
    listing.show(entries)
    if not entries:
        note(nothing)
    elif any(entry.state == "unknown" and not entry.simulated for entry in entries):
        note("unknown: no answer was recorded, so a task may exist; check https://kie.ai/logs, then --dismiss ID")


def _entry(entry: JournalEntry) -> dict[str, JSON]:
    ref = str(entry.ref) if entry.ref else None
    facts: dict[str, JSON] = {
        "id": entry.id,
        "label": entry.label,
        "server": entry.server,
        "simulated": entry.simulated,
    }
    return {"ref": ref, "model": entry.model, "state": entry.state, "submitted_at": entry.at, **facts}


def _facts(context: CliContext, entry: JournalEntry) -> dict[str, JSON]:
    return _entry(entry) if context.library is None else {**_entry(entry), "prompt": first_words(context, entry)}


def _resume(context: CliContext, journal: Journal, pending: Sequence[JournalEntry], options: TasksOptions) -> int:
    """Wait for every open task. A task that fails or cannot be reached does not stop the others."""
    code, shown = 0, list[JSON]()
    server = from_environment(context.setting("base_url"), context.setting("upload_url")).base_url
    elsewhere = [entry for entry in pending if entry.server not in (None, server)]
    pending = [entry for entry in pending if entry not in elsewhere]
    waiting = [(entry, entry.ref) for entry in pending if entry.ref is not None and entry.state == "open"]
    unknown = [entry for entry in pending if entry.state == "unknown"]
    if waiting:
        with context.client(journaled=True, timeout=options.timeout) as client:
            for entry, ref in waiting:
                try:
                    if _is_old(context, entry):
                        client.task(ref).refresh()  # `wait` would keep polling for a deleted record
                    result, files = _finish(context, client.task(ref), options)
                    if not context.as_json:
                        show(context, result, files, quiet=options.quiet)
                    shown.append(record(result.status, files=files))
                except KieError as error:
                    code = code or exit_code(error)
                    shown.append({**_entry(entry), **_failure(context, journal, entry, error)})
                    if not context.as_json:
                        note(f"kie: {error.message}")
    shown.extend(_entry(entry) for entry in [*unknown, *elsewhere])
    if context.as_json:
        document(shown)
    elif not shown:
        note("no open tasks")
    elif unknown and not options.quiet:
        note(f"{len(unknown)} of unknown outcome; check https://kie.ai/logs")
    for other in sorted({str(entry.server) for entry in elsewhere}):
        note(f"tasks at {other} are left alone: name that server with --base-url")
    return code


def _is_old(context: CliContext, entry: JournalEntry) -> bool:
    return context.now() - datetime.fromisoformat(entry.at) > KEPT_FOR


def _finish(context: CliContext, task: Task[Any], options: WaitOptions) -> tuple[Result, list[str]]:
    expected = expected_seconds(task.ref.model)
    with reporter(task.ref.model or "task", quiet=options.quiet, expected=expected) as progress:
        return finish(context, task, options, progress)


def _failure(context: CliContext, journal: Journal, entry: JournalEntry, error: KieError) -> dict[str, JSON]:
    """Describe a task that did not succeed. If the service has deleted its record, the journal gets its end."""
    if isinstance(error, NotFound) and _is_old(context, entry):
        journal.append({"event": "end", "ref": str(entry.ref), "state": "expired"})
        return {"state": "expired"}
    status = getattr(error, "status", None)
    state = {"state": status.state} if isinstance(status, TaskStatus) else {}
    return {**state, "error": {"type": type(error).__name__, "message": error.message}}
