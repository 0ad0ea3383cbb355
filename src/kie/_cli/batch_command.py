"""CLI: `kie batch FILE`: runs the requests in a file and continues where an earlier run stopped.

May import every room below.
"""

from __future__ import annotations

import os
import secrets
import signal
import threading
from _thread import interrupt_main
from collections import Counter, deque
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import closing, contextmanager, suppress

import attrs
import click

from kie import catalog
from kie._cli.batch_file import BatchFile
from kie._cli.batch_lines import Defaults, Line, read_lines, seeds_of
from kie._cli.batch_progress import BatchProgress, batch_progress
from kie._cli.batch_report import report, show_faults, write_table
from kie._cli.batch_run import BatchRun
from kie._cli.cli_context import CliContext, connection_options, json_option, refused
from kie._cli.exit_codes import exit_code
from kie._cli.messages import error_record, message_of
from kie._cli.model_commands import hints, model_ids
from kie._cli.options import SubmitOptions, option, options_of, parsed, with_options
from kie._cli.output import cost, document, figures, note, number, say
from kie._cli.saving import prepare_folder
from kie._cli.values import read_file, read_stdin, settings
from kie._client import Kie
from kie._core.errors import ConfigError, KieError, ModelRetired, RequestInvalid
from kie._core.estimates import TotalEstimate
from kie._core.issues import Issue
from kie._core.json import JSON, JSONObject
from kie._core.outcomes import Outcome
from kie._core.request import Request
from kie._core.results import Result
from kie._core.tasks import TaskRef
from kie._io.journal import Journal
from kie._records.reading import decimal

SAVERS = 4
"""Results whose files are downloaded at the same time."""


@attrs.frozen(kw_only=True)
class BatchRunOptions(SubmitOptions):
    """The options of `kie batch`."""

    out: str | None = option(
        metavar="PATH", help="File that records the state of each line (JSON Lines). Not needed with --dry-run."
    )
    table: str | None = option(
        metavar="PATH", help="Write a CSV file in the end: the fields of each line, its file, credits, ref and error."
    )
    model: str | None = option(
        metavar="MODEL", help="The model of the lines that do not name one.", shell_complete=model_ids
    )
    sets: tuple[str, ...] = option(
        "--set",
        multiple=True,
        metavar="KEY=JSON",
        help="A field of the lines that do not give it; {NAME} in a text is what a line gives as NAME. Repeatable.",
    )
    prompt: str | None = option(
        metavar="TEXT", help="The prompt of the lines that do not give one; {NAME} is what a line gives as NAME."
    )
    seeds: str | None = option(metavar="LIST", help="Run each line once with each of these seeds: 1-4, or 1,5,9.")
    ignore: tuple[str, ...] = option(
        multiple=True, metavar="NAME", help="A column that is not sent, but stands in --table all the same. Repeatable."
    )
    retry_failed: bool = option(is_flag=True, help="Run the lines again whose task failed earlier, which may cost.")
    only_missing: bool = option(
        is_flag=True, help="Run only lines that --out does not know, and fetch files again that are gone from --save."
    )
    concurrency: int | None = option(
        type=int, help="Tasks at the same time, at most. Default: as many as the limits allow."
    )
    batch_timeout: float | None = option(type=float, metavar="SECONDS", help="Maximum time for the whole batch.")
    retry_free: int = option(
        type=int,
        default=1,
        show_default=True,
        metavar="N",
        help="Submit a line again whose task failed inside the service at no cost, at most N times.",
    )
    stop_on_failure: bool = option(is_flag=True, help="Submit nothing more after the first line that fails.")
    dry_run: bool = option(is_flag=True, help="Check every line and show the plan, but send nothing.")
    quiet: bool = option(is_flag=True, help="Show no progress.")

    def __attrs_post_init__(self) -> None:
        super().__attrs_post_init__()
        if self.out is None and not self.dry_run:
            raise click.UsageError("--out PATH is needed: it records each line, so that the same command can continue")
        if self.only_missing and self.retry_failed:
            raise click.UsageError("--only-missing leaves failed lines alone, and --retry-failed runs them; choose one")
        if self.table is not None and self.table == self.out:
            raise click.UsageError("--table and --out name one file; give each a file of its own")

    @property
    def defaults(self) -> Defaults:
        """What the lines need not give."""
        issues: list[Issue] = []
        fields = {**settings(self.sets, issues), **({"prompt": self.prompt} if self.prompt is not None else {})}
        if issues:
            raise click.UsageError("; ".join(f"--set {issue.path}: {issue.message}" for issue in issues))
        try:
            seeds = seeds_of(self.seeds) if self.seeds is not None else []
        except ValueError:
            raise click.UsageError(
                f"--seeds takes numbers and ranges, such as 1-4 or 1,5,9, not {self.seeds!r}"
            ) from None
        return Defaults(model=self.model, fields=fields, seeds=seeds, ignored=frozenset(self.ignore))


@click.command
@click.argument("source", metavar="FILE")
@with_options(*options_of(BatchRunOptions), json_option(), *connection_options())
@click.pass_obj
def batch(context: CliContext, /, source: str, **given: object) -> int:
    """Run the requests in FILE (- is standard input): JSON Lines, or CSV whose header names the fields.

    A line of JSON is {"model": ID, FIELD: VALUE …}, or {"model": ID, "input": {…}}; a row of CSV has a cell for each
    field, and an empty one gives nothing. Both may have an "id" that you choose. A media field takes a URL or the path
    of a file. --model, --set and --prompt say what holds for all lines. Invalid lines do not stop the others.

    The output file records the state of each line before and after its submission. After a crash, run the same command
    again: it skips lines that have ended, waits for tasks that were submitted, and reports submissions without an
    answer as "unknown"; it never sends these again. A line is identified by its id, or else by its content. The exit
    code is that of the first line that did not succeed.
    """
    options = parsed(BatchRunOptions, given)
    lines = read_lines(_read(source), source, options.defaults)
    file = BatchFile(options.out or "")
    modes = options.retry_failed, options.only_missing, options.sidecar
    run = BatchRun(lines, file, options.simulate, options.save, *modes)
    _check_table(options.table, source)
    if not options.quiet:
        _show_hints(run.lines)
    if options.dry_run:
        if options.out is not None:
            run.file.load()
            run.check_file()
        return _dry_run(context, run, options)
    prepare_folder(options.save)
    with run.file.exclusively(source), context.opened(simulate=options.simulation, **options.overrides) as client:
        run.check_file()
        run.record_invalid()
        journal = None if options.simulate or context.journal_path is None else context.journal()
        if journal is not None:
            run.recover(journal.entries())
        try:
            _run(context, client, run, options, journal)
        finally:
            _write_table(run, options.table)
        try:
            run.file.tidy(line.key for line in run.lines)
        except ConfigError as error:
            run.unwritten = error.message
        missing = _missing(client, run) if run.unpaid else ""
        estimated = client.estimate(run.ended())
    return report(context, run, missing, estimated, quiet=options.quiet)


def _write_table(run: BatchRun, table: str | None) -> None:
    """Write the table, if there is to be one, also after an interruption: it never hides how the batch ended."""
    try:
        if table is not None:
            write_table(run, table)
    except ConfigError as error:
        run.unwritten = error.message


def _check_table(table: str | None, source: str) -> None:
    """Refuse a table that would replace the input."""
    if table is not None and os.path.exists(table) and os.path.exists(source) and os.path.samefile(table, source):
        raise ConfigError("--table names the input file; name another one")


def _read(source: str) -> bytes:
    if source == "-":
        return read_stdin()
    try:
        return read_file(source)
    except OSError as error:
        raise ConfigError(f"{source} cannot be read: {error.strerror or error}") from error


def _run(context: CliContext, client: Kie, run: BatchRun, options: BatchRunOptions, journal: Journal | None) -> None:
    """Run the lines that need it. An interruption says how to continue."""
    inputs = run.inputs()
    skipped = len(run.lines) - len(inputs)
    if skipped and not (options.quiet or context.as_json):
        note(f"skipping {skipped} of {len(run.lines)} lines: they have ended, are invalid, or their outcome is unknown")
    watching = batch_progress(len(inputs), context.now, quiet=options.quiet, simulated=options.simulate)
    with watching as progress, _explained(run):
        try:
            _stream(client, run, inputs, options, journal, progress)
        except KeyboardInterrupt:
            note(f"run the same command again to continue; {options.out} records what was submitted")
            raise


@contextmanager
def _explained(run: BatchRun) -> Iterator[None]:
    """Say at once what the first Ctrl-C in the block waits for. The next one waits for nothing."""
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
                with suppress(RuntimeError):  # the interruption may have come while something else was written
                    note(waiting_for(len(run.under_way)))
            except KeyboardInterrupt:  # pressed again meanwhile: that counts, too
                threading.Timer(0.1, interrupt_main).start()
        raise KeyboardInterrupt

    signal.signal(signal.SIGINT, interrupted)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)


def waiting_for(submissions: int) -> str:
    """Say why an interrupted batch does not end yet."""
    what = "1 submission that is" if submissions == 1 else f"{submissions} submissions that are"
    return (
        f"waiting for the answer to {what} under way; Ctrl-C again ends at once: "
        "what has no answer then stays recorded as unknown, and is not sent again"
    )


def _stream(
    client: Kie,
    run: BatchRun,
    inputs: Sequence[tuple[Line, Request[Result] | TaskRef]],
    options: BatchRunOptions,
    journal: Journal | None,
    progress: BatchProgress,
) -> None:
    """Run the inputs, and save results in threads while the others go on."""
    lines = [line for line, _ in inputs]
    for line, work in inputs:
        if isinstance(work, TaskRef):
            progress.submitted(line, work)

    def submission(index: int, ref: TaskRef | None) -> None:
        run.record_submission(lines[index], ref)
        if ref is not None:
            progress.submitted(lines[index], ref)

    outcomes = client.batch.stream(
        [work for _, work in inputs],
        concurrency=options.concurrency,
        batch_timeout=options.batch_timeout,
        stop_on_failure=options.stop_on_failure,
        retry_free=options.retry_free,
        labels=None if journal is None else _labels(journal, inputs, run),
        progress=lambda _done, _total, outcome: run.record_outcome(lines[outcome.index], outcome),
        on_submission=submission,
        on_postponed=lambda index: run.record_postponed(lines[index]),
        on_progress=progress.polled,
    )
    savers = ThreadPoolExecutor(SAVERS, thread_name_prefix="kie-save")
    saving: deque[Future[None]] = deque()
    try:
        # an interruption between two outcomes ends the batch before the client closes, so that no ref gets lost
        with closing(outcomes):
            for outcome in outcomes:
                saving.append(savers.submit(_finish, run, lines[outcome.index], outcome, progress))
                while saving and saving[0].done():
                    saving.popleft().result()
        for future in saving:
            future.result()
    finally:
        savers.shutdown(cancel_futures=True)


def _show_hints(lines: Sequence[Line]) -> None:
    """Say once for each model what its user should know."""
    for name in dict.fromkeys(line.model for line in lines if line.model is not None):
        entry = catalog.find(name)
        for hint in hints(entry) if entry is not None else ():
            note(hint)


def _labels(
    journal: Journal, inputs: Sequence[tuple[Line, Request[Result] | TaskRef]], run: BatchRun
) -> list[str | None]:
    """The label of each line that is submitted: its id, unless that names another request in the journal.

    Without one, the label is new with each run: the same line in another output file is another task.
    """
    known = {entry.label: entry for entry in journal.entries() if not entry.vacant}
    for line, work in inputs:
        if not isinstance(work, Request):
            continue
        earlier = known.get(line.id) if line.id is not None else None
        if line.id is not None and (earlier is None or earlier.request in (None, work.fingerprint())):
            run.labels[line.key] = line.id
            continue
        if earlier is not None:
            note(f"line {line.number}: the journal knows id {line.id} from another request ({earlier.at[:19]})")
        run.labels[line.key] = f"{run.file.path.name} line {line.number} ({secrets.token_hex(4)})"
    return [run.labels.get(line.key) for line, _ in inputs]


def _finish(run: BatchRun, line: Line, outcome: Outcome[Result], progress: BatchProgress) -> None:
    if outcome.result is not None:
        run.finish(line, outcome)
    error = run.error_of(line)
    why = f": {error.get('message')}" if error is not None and outcome.state != "stopped" else ""
    text = f"line {line.number}, {line.model} {outcome.state}{why}"
    progress.ended(line, outcome.state, text, decimal(run.record(line).get("credits")))


def _missing(client: Kie, run: BatchRun) -> str:
    """Say what the lines that are left cost, and how many credits are missing for them."""
    total = client.estimate(run.left())
    try:
        balance = client.credits()
    except KieError:
        return f"the rest costs {cost(total)}"
    missing = total.at_least - balance
    short = f"; at least {number(missing)} credits are missing" if missing > 0 else ""
    return f"the rest costs {cost(total)}, and the balance is {number(balance)}{short}"


def _dry_run(context: CliContext, run: BatchRun, options: BatchRunOptions) -> int:
    """Check every line as far as possible without sending anything, and show the plan."""
    advice: list[tuple[Line, list[str]]] = []
    with context.client(keyless=True, allow_retired=options.allow_retired) as client:
        for line in run.lines:
            if line.request is not None:
                try:
                    if said := [str(each) if each.path else each.message for each in line.request.advice()]:
                        advice.append((line, said))
                    client.check(line.request)
                except (RequestInvalid, ModelRetired) as error:
                    line.error = error
    invalid = [line for line in run.lines if line.error is not None]
    valid = [(line, run.action(line)) for line in run.lines if line.error is None]
    plan = Counter[str](action for _, action in valid) + Counter(invalid=len(invalid))
    models = Counter(line.request.info.name for line, action in valid if action == "run" and line.request is not None)
    with context.client(keyless=True) as client:
        total, budget = client.estimate(run.left()), client.budget
    refusal, costs = refused(budget, total), total.by_model()
    if context.as_json:
        faults: list[JSON] = [{**line.identity(), "error": error_record(line.error)} for line in invalid]
        advised: list[JSON] = [{**line.identity(), "advice": [*said]} for line, said in advice]
        each: JSONObject = {model: {**figures(part), "open": part.open} for model, part in costs.items()}
        cost_: JSONObject = {**figures(total), "open": total.open, "models": each}
        counts: JSONObject = {"plan": {**plan}, "models": {**models}, "cost": cost_}
        more: JSONObject = {"faults": faults, "advice": advised, "refused": error_record(refusal)}
        document({"total": len(run.lines), **counts, **more})
    else:
        _show_plan(len(run.lines), plan, models, invalid, costs)
        if total.parts:
            say(f"would cost {cost(total)}")
    if refusal is None:
        return 2 if invalid else 0
    if not context.as_json:
        raise refusal
    return exit_code(refusal)


def _show_plan(
    total: int,
    plan: Counter[str],
    models: Counter[str],
    invalid: Sequence[Line],
    costs: Mapping[str, TotalEstimate],
) -> None:
    planned = ", ".join(f"{count} {_PLANS[action]}" for action, count in plan.items() if count)
    say(f"{total} {'line' if total == 1 else 'lines'}: {planned or 'nothing to run'}")
    for model, count in models.most_common():
        say(f"  {count} x {model}" + (f": {cost(costs[model])}" if model in costs else ""))
    show_faults((line, "invalid", message_of(line.error)) for line in invalid)


_PLANS = {
    "run": "to run",
    "wait": "to wait for",
    "done": "already ended",
    "unknown": "of unknown outcome, which are not sent again",
    "invalid": "invalid",
}
