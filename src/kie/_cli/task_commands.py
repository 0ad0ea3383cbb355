"""Floor 7: `kie status`, `kie wait`, `kie tasks`: earlier tasks, by ref or journal. May import `io`, `client`."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

import click

from kie._cli.context import Face, connection_options, json_option, with_options
from kie._cli.output import document, note, number, record, reporter, say, table
from kie._cli.run_command import prove_folder, save, show
from kie._client import Kie
from kie._core.errors import ConfigError, KieError, NotFound
from kie._core.json import JSON
from kie._core.tasks import TaskRef, TaskStatus
from kie._io.journal import Journal, JournalEntry

KEPT_FOR = timedelta(days=14)
"""How long the service keeps the records of tasks: https://docs.kie.ai says 14 days."""


def task_commands() -> Sequence[click.Command]:
    """`kie status`, `kie wait` and `kie tasks`."""
    return (status, wait, tasks)


def described(found: TaskStatus) -> list[str]:
    """A task in a few lines, for people."""
    percent = f" {found.progress:.0%}" if found.progress is not None and found.progress <= 1 else ""
    word = f" ({found.raw_state})" if found.raw_state and found.raw_state != found.state else ""
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


@click.command(short_help="Look at a task once.")
@click.argument("ref")
@with_options(json_option(), *connection_options())
@click.pass_obj
def status(face: Face, ref: str) -> None:
    """Look at a task once. A failed task is an answer like any other: exit code 0."""
    with face.client() as client:
        found = client.task(ref).refresh()
    if face.as_json:
        document(record(found))
        return
    for line in described(found):
        say(line)


@click.command(short_help="Wait for a task, and save its files.")
@click.argument("ref")
@click.option("--save", "directory", metavar="DIR", help="Download the files of the result into this folder.")
@click.option("--timeout", type=float, default=1800.0, show_default=True, metavar="SECONDS", help="How long to wait.")
@click.option("--quiet", is_flag=True, help="Show no progress, and of the result only paths or URLs.")
@with_options(json_option(), *connection_options())
@click.pass_obj
def wait(face: Face, ref: str, directory: str | None, timeout: float, quiet: bool) -> None:
    """Wait for an earlier task, as `kie run` would have: by the ref that it showed."""
    prove_folder(directory)
    with (
        reporter("task", quiet=quiet) as progress,
        face.client(noted=True, timeout=timeout, on_progress=progress.looked) as client,
    ):
        task = client.task(ref)
        face.ref = task.ref
        result = task.wait()
        files = save(result, directory, progress)
    show(face, result, files, quiet=quiet)


@click.command(short_help="List, or finish, the tasks in the journal.")
@click.option("--resume", is_flag=True, help="Wait for every open task, and note how it ended.")
@click.option(
    "--save", "directory", metavar="DIR", help="With --resume: download the files of the results into this folder."
)
@click.option(
    "--timeout", type=float, default=1800.0, show_default=True, metavar="SECONDS", help="How long to wait for each."
)
@click.option("--all", "everything", is_flag=True, help="List the tasks that have ended, too.")
@click.option("--quiet", is_flag=True, help="Show no progress.")
@with_options(json_option(), *connection_options())
@click.pass_obj
def tasks(face: Face, resume: bool, directory: str | None, timeout: float, everything: bool, quiet: bool) -> int:
    """List the submissions in the journal that were not seen to end.

    `open` is a task whose end was not noted. `unknown` is a submission that got no answer: a task may exist and cost,
    and only https://kie.ai/logs can tell. With --resume, the exit code is that of the first task that did not succeed.
    """
    if directory and not resume:
        raise click.UsageError("--save needs --resume")
    prove_folder(directory)
    journal = face.journal()
    entries = journal.entries()
    pending = [entry for entry in entries if entry.state in ("open", "unknown")]
    if resume:
        return _resume(face, journal, pending, directory, timeout, quiet)
    chosen = entries if everything else pending
    if face.as_json:
        document([_entry(entry) for entry in chosen])
        return 0
    table(["Task", "State", "Model", "Submitted"], [(str(e.ref or ""), e.state, e.model, e.at[:19]) for e in chosen])
    if not chosen:
        note("no task is open")
    elif any(entry.state == "unknown" for entry in chosen):
        note("unknown: no answer was noted, a task may exist: look at https://kie.ai/logs")
    return 0


def _entry(entry: JournalEntry) -> dict[str, JSON]:
    ref = str(entry.ref) if entry.ref else None
    return {"ref": ref, "model": entry.model, "state": entry.state, "submitted_at": entry.at}


def _resume(
    face: Face, journal: Journal, pending: Sequence[JournalEntry], directory: str | None, timeout: float, quiet: bool
) -> int:
    """Wait for every open task. One that fails, or cannot be reached, does not keep the others from being finished."""
    from kie._cli.app import exit_code

    shown: list[JSON] = []
    code = 0
    waiting = [(entry, entry.ref) for entry in pending if entry.ref is not None and entry.state == "open"]
    lost = [entry for entry in pending if entry.state == "unknown"]
    if waiting:
        with face.client(noted=True, timeout=timeout) as client:
            for entry, ref in waiting:
                try:
                    if _long_ago(entry):
                        client.task(ref).refresh()  # waiting would be patient with a task that is not there
                    shown.append(_finish(face, client, ref, directory, quiet))
                except ConfigError:
                    raise
                except KieError as error:
                    code = code or exit_code(error)
                    shown.append({**_entry(entry), **_failed(journal, entry, error)})
                    if not face.as_json:
                        note(f"kie: {error.message}")
    shown.extend(_entry(entry) for entry in lost)
    if face.as_json:
        document(shown)
    elif not shown:
        note("no task is open")
    elif lost and not quiet:
        note(f"{len(lost)} of unknown outcome: look at https://kie.ai/logs")
    return code


def _long_ago(entry: JournalEntry) -> bool:
    return datetime.now(UTC) - datetime.fromisoformat(entry.at) > KEPT_FOR


def _finish(face: Face, client: Kie, ref: TaskRef, directory: str | None, quiet: bool) -> JSON:
    face.ref = ref
    with reporter(ref.model or "task", quiet=quiet) as progress:
        result = client.task(ref).wait(on_progress=progress.looked)
        files = save(result, directory, progress)
    if not face.as_json:
        show(face, result, files, quiet=quiet)
    return record(result.status, files=files)


def _failed(journal: Journal, entry: JournalEntry, error: KieError) -> dict[str, JSON]:
    """What is shown of a task that did not succeed. One whose record the service has thrown away is noted as ended."""
    if isinstance(error, NotFound) and _long_ago(entry):
        journal.append({"event": "end", "ref": str(entry.ref), "state": "expired"})
        return {"state": "expired"}
    status = getattr(error, "status", None)
    state = {"state": status.state} if isinstance(status, TaskStatus) else {}
    return {**state, "error": {"type": type(error).__name__, "message": error.message}}
