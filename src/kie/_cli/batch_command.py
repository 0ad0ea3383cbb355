"""CLI: `kie batch FILE`: runs the requests in a file and continues where an earlier run stopped.

May import every room below.
"""

from __future__ import annotations

import os
import signal
import threading
from _thread import interrupt_main
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, suppress

import click

from kie._cli.batch_file import BatchFile
from kie._cli.batch_index import BatchIndex
from kie._cli.batch_options import BatchRunOptions, LineOptions
from kie._cli.batch_plan import check_table, dry_run, show_hints
from kie._cli.batch_progress import batch_progress
from kie._cli.batch_report import report, write_table
from kie._cli.batch_run import BatchRun, Summary
from kie._cli.batch_store import BatchLines
from kie._cli.batch_stream import BatchStream
from kie._cli.cli_context import CliContext, connection_options, json_option
from kie._cli.click_options import ThoroughCommand, options_of, parsed, together, with_options
from kie._cli.output import cost, note, number
from kie._cli.saving import prepare_folder
from kie._client import Kie
from kie._core.errors import ConfigError, KieError
from kie._io.journal import Journal


@click.command(cls=ThoroughCommand)
@click.argument("source", metavar="FILE")
@with_options(*options_of(LineOptions), *options_of(BatchRunOptions), json_option(), *connection_options())
@click.pass_obj
def batch(context: CliContext, /, source: str, **given: object) -> int:
    """Run the requests in FILE (- is standard input): JSON Lines, or CSV with the fields in its header.

    A line of JSON is {"model": ID, FIELD: VALUE …}, or {"model": ID, "input": {…}}; a row of CSV has a cell for each
    field, and an empty cell leaves the field out. Both may have an "id" that you choose. A media field takes a URL or
    the path of a file. --model, --set and --prompt are defaults for all lines. Invalid lines do not stop the others.

    The output file records the state of each line before and after its submission. After a crash, run the same command
    again: it skips lines that have ended, waits for tasks that were submitted, and reports submissions without an
    answer as "unknown"; it never sends these again. A line is identified by its id, or by its content if it has none.
    The exit code is that of the first line that did not succeed.
    """
    lines = parsed(LineOptions, given)
    together(lambda: parsed(BatchRunOptions, given), lambda: lines.defaults)
    options, defaults = parsed(BatchRunOptions, given), lines.defaults
    context.rate_limit = options.rate_limit
    with closing(BatchIndex()) as index:
        run = BatchRun(
            BatchLines(index, defaults, options.part),
            BatchFile(options.out or "", index),
            options.simulate,
            options.save,
            options.retry_failed,
            options.only_missing,
            options.sidecar,
        )
        if options.dry_run:
            return dry_run(context, run, source, options)
        return _batch(context, run, source, options)


def _batch(context: CliContext, run: BatchRun, source: str, options: BatchRunOptions) -> int:
    run.lines.read(source)
    check_table(options.table, source)
    if not options.quiet:
        show_hints(run.lines)
    prepare_folder(options.save)
    if not os.path.exists(run.file.path):  # else there may be nothing to do
        context.check_library()
    with run.file.exclusively(source), context.opened(simulate=options.simulation, **options.overrides) as client:
        run.check_file()
        run.record_invalid()
        journal = None if options.simulate or context.journal_path is None else context.journal()
        if journal is not None:
            run.recover(journal)
        try:
            _run(context, client, run, options, journal)
        finally:
            _write_table(run, options.table)
        try:
            run.file.tidy(run.lines.keys())
        except ConfigError as error:
            run.unwritten = error.message
        found = Summary.of(run)
        missing = _missing(client, run) if found.unpaid else ""
        estimated = client.estimate(run.ended())
    return report(context, run, found, missing, estimated, quiet=options.quiet)


def _write_table(run: BatchRun, table: str | None) -> None:
    """Write the table, if one is wanted, even after an interruption. A failure never hides how the batch ended."""
    try:
        if table is not None:
            write_table(run, table)
    except ConfigError as error:
        run.unwritten = error.message


def _run(context: CliContext, client: Kie, run: BatchRun, options: BatchRunOptions, journal: Journal | None) -> None:
    """Run the lines that need it. An interruption shows how to continue."""
    total = run.to_do()
    if total:
        context.check_library()
    skipped = run.lines.total - total
    if skipped and not (options.quiet or context.as_json):
        note(
            f"skipping {skipped} of {run.lines.total} lines: they have ended, are invalid, or their outcome is unknown"
        )
    if run.lines.shard is not None and not (options.quiet or context.as_json):
        note(f"shard {run.lines.shard}: {run.lines.others} lines are left to the other shards")
    watching = batch_progress(total, context.now, quiet=options.quiet, simulated=options.simulate)
    try:
        with watching as progress, _explained(run, progress.note):
            BatchStream(client, run, options, journal, progress).go()
    except KeyboardInterrupt:  # live lines are erased by now; an earlier note would have been erased with them
        note(f"run the same command again to continue; {options.out} records what was submitted")
        raise


@contextmanager
def _explained(run: BatchRun, say: Callable[[str], object]) -> Iterator[None]:
    """On the first Ctrl-C in the block, say at once what it waits for. The second one does not wait."""
    before = signal.getsignal(signal.SIGINT)
    if before is not signal.default_int_handler or threading.current_thread() is not threading.main_thread():
        yield
        return

    pressed = 0

    def interrupted(*_: object) -> None:
        nonlocal pressed
        pressed += 1
        if pressed == 1 and run.under_way:
            try:
                with suppress(RuntimeError):  # the interruption may have come in the middle of another write
                    say(waiting_for(len(run.under_way)))
            except KeyboardInterrupt:  # a second press meanwhile counts, too
                threading.Timer(0.1, interrupt_main).start()
        raise KeyboardInterrupt

    signal.signal(signal.SIGINT, interrupted)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)


def waiting_for(submissions: int) -> str:
    """Say why an interrupted batch has not ended yet."""
    what = "1 submission that is" if submissions == 1 else f"{submissions} submissions that are"
    return (
        f"waiting for the answer to {what} under way; Ctrl-C again ends at once, and submissions without an answer "
        "stay recorded as unknown and are not sent again"
    )


def _missing(client: Kie, run: BatchRun) -> str:
    """Say what the remaining lines cost, and how many more credits they need."""
    total = client.estimate(request for _, request in run.left())
    try:
        balance = client.credits()
    except KieError:
        return f"the rest costs {cost(total)}"
    missing = total.at_least - balance
    short = f"; at least {number(missing)} more credits are needed" if missing > 0 else ""
    return f"the rest costs {cost(total)}, and the balance is {number(balance)}{short}"
