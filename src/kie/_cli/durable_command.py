"""CLI: `kie durable`: batches in a database that processes and machines share. May import every room below."""

from __future__ import annotations

import os
import socket
import tempfile
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack, closing, contextmanager
from decimal import Decimal
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING

import attrs
import click

from kie._cli.batch_index import BatchIndex
from kie._cli.batch_lines import Defaults, Line, LineReader, opened, read_rows
from kie._cli.batch_options import LineOptions, numbers, retry_free_option
from kie._cli.batch_progress import BatchProgress, batch_progress
from kie._cli.batch_report import show_faults
from kie._cli.cli_context import SIMULATED_CREDITS, CliContext, connection_options, json_option, refused, simulator
from kie._cli.click_options import (
    SPEED,
    TaskOptions,
    check_speed,
    option,
    options_of,
    parsed,
    simulation,
    speed_option,
    with_options,
)
from kie._cli.exit_codes import exit_code
from kie._cli.groups import CommandGroup
from kie._cli.listing import Column, RowListing, list_options
from kie._cli.messages import error_record, message_of
from kie._cli.output import document, exact, note, number, say
from kie._cli.saving import prepare_folder
from kie._core.errors import BudgetExceeded, ConfigError, InsufficientCredits, KieError
from kie._core.json import JSON, JSONObject
from kie._core.outcomes import Outcome
from kie._core.request import Request
from kie._core.results import AnyResult, Result
from kie._io.secrets import Secret

if TYPE_CHECKING:
    from kie._durable.durable import Durable, DurableBatch
    from kie._durable.line_store import LineRow, LineStore
    from kie._durable.machines import Machine
    from kie._flow.overrides import Overrides
    from kie._io.budget import Budget

DRAWN = 1000
"""The number of requests of a dry run that are priced at a time."""


ABOUT_DB = (
    "The database: sqlite:///PATH for the processes of one machine, postgresql://USER@HOST/NAME for many machines. "
    "Default: KIE_DURABLE_DB."
)


def _database() -> click.Option:
    return click.Option(["--db"], metavar="URL", help=ABOUT_DB)


def _url(given: str | None) -> str:
    """The URL of the database. Raises `ConfigError` for a password in an argument."""
    from kie._io.database import shows_password

    if given and shows_password(given):
        raise ConfigError(
            "a password must not be an argument: give the URL without it, and the password in ~/.pgpass or PGPASSWORD; "
            "or give the whole URL in KIE_DURABLE_DB"
        )
    url = given or os.environ.get("KIE_DURABLE_DB")
    if not url:
        raise click.UsageError("--db URL is needed, such as sqlite:///runs.sqlite: it keeps the batch")
    return url


@attrs.frozen(kw_only=True)
class DurableOptions(TaskOptions):
    """The options of `kie durable run`."""

    db: str | None = option(metavar="URL", help=ABOUT_DB)
    machine: str | None = option(
        metavar="NAME",
        help="The name of this process among those that share the database. Default: the name of the host.",
    )
    name: str | None = option(
        metavar="NAME", help="The name of the batch. Default: the name of FILE, without its extension."
    )
    in_flight: int = option(
        type=click.IntRange(1),
        default=1000,
        show_default=True,
        help="Maximum number of lines in progress at the same time.",
    )
    retry_free: int = retry_free_option()
    retry_failed: bool = option(
        is_flag=True, help="Run again the lines that failed, were refused, or were not sent; this may cost credits."
    )
    again: str | None = option(
        metavar="LIST",
        help="Run these lines again (1-4, or 1,5,9), even if their outcome is unknown; this may cost credits.",
    )
    dry_run: bool = option(is_flag=True, help="Check every line and show the plan, but store and send nothing.")
    simulate: bool = option(
        is_flag=True,
        help="Use the built-in simulator and a database of its own: no key, no cost, and --db is not touched.",
    )
    speed: float | None = speed_option()

    def __attrs_post_init__(self) -> None:
        check_speed(self.simulate, self.speed)


@click.group("durable", cls=CommandGroup)
def durable() -> None:
    """Run batches that survive crashes of processes and machines. Most do not need this: `kie batch` can continue, too.

    The lines are kept in a database. Any number of processes and machines can work on them, with one limit and one
    budget. Nothing is sent twice: a line that a crash leaves without an answer is "unknown". This needs the extra
    `durable`.
    """


@durable.command("run", short_help="Run the requests in a file, on any number of machines.")
@click.argument("source", metavar="FILE")
@with_options(*options_of(LineOptions), *options_of(DurableOptions), json_option(), *connection_options())
@click.pass_obj
def run(context: CliContext, /, source: str, **given: object) -> int:
    """Store the requests in FILE (- is standard input), and work on them until all have ended.

    FILE is what `kie batch` reads. Run the same command again, on this machine or another, to continue or to help:
    stored lines are not stored again. Lines are known by their number in FILE; another request under the same number is
    an error, because the first may have been paid for. Until its own batch has ended, this process also works on the
    other batches in the database.
    """
    options, defaults = parsed(DurableOptions, given), parsed(LineOptions, given).defaults
    with closing(BatchIndex()) as index:
        lines = _FileLines(source, defaults, index)
        return _dry_run(context, lines, options) if options.dry_run else _run(context, lines, options)


def _run(context: CliContext, lines: _FileLines, options: DurableOptions) -> int:
    """Store the lines, and work until all have ended. Returns the exit code."""
    prepare_folder(options.save)
    from kie._durable.durable import needed

    needed()
    with _opened(context, options) as engine:
        batch = engine._batch(options.name or _name_of(lines.source), lines)
        wanted = set(numbers("--again", options.again))
        asked = batch.again(sorted(wanted))
        if asked < len(wanted):
            left = len(wanted) - asked
            note(f"--again: {left} of {len(wanted)} lines have not ended, have succeeded, or are not in the batch")
        if options.retry_failed:
            asked += batch.again([row.line for row in batch._retried()])
        if asked and not options.quiet:
            note(f"running {asked} {'line' if asked == 1 else 'lines'} again")
        for stranded in engine._stranded():
            note(
                f"machine {stranded} is not alive and has unfinished lines: `kie durable adopt {stranded}` releases "
                "them"
            )
        watched = _watched(context, batch, lines, options)
        return _report(context, batch, lines, watched, options)


@attrs.define
class _FileLines:
    """The requests of a file by number. It counts them while they are read, and keeps the invalid ones.

    Args:
        source: The file.
        defaults: The defaults of the lines.
        index: A temporary database, which counts what is not in memory.
    """

    source: str
    defaults: Defaults
    index: BatchIndex
    valid: int = attrs.field(default=0, init=False)
    invalid: list[Line] = attrs.field(factory=list, init=False)

    def __iter__(self) -> Iterator[tuple[int, str | None, Request[Result]]]:
        for number_, line in self.numbered():
            if line.request is None:
                self.refuse(line)
            else:
                self.valid += 1
                yield number_, line.id, line.request

    def refuse(self, line: Line) -> None:
        """Keep an invalid line, without its fields."""
        self.invalid.append(attrs.evolve(line, fields={}, request=None))

    def numbered(self) -> Iterator[tuple[int, Line]]:
        """Each line with the number under which it is stored: its own, unless several lines share it."""
        seeds = self.defaults.seeds or (None,)
        reader = LineReader(self.defaults, self.index.named)
        with opened(self.source) as file:
            for row in read_rows(file, self.source, self.defaults.columns):
                for nth, seed in enumerate(seeds, 1):
                    yield (row.number - 1) * len(seeds) + nth, reader.line(attrs.evolve(row, seed=seed))

    def faults(self) -> Iterator[tuple[Line, str, str]]:
        """The faults of the invalid lines."""
        for line in self.invalid:
            yield line, "invalid", str(line.fault["message"]) if isinstance(line.fault, dict) else ""


def _name_of(source: str) -> str:
    if source == "-":
        raise click.UsageError("a batch from standard input needs a name: --name NAME")
    return Path(source).stem


@contextmanager
def _opened(context: CliContext, options: DurableOptions) -> Iterator[Durable]:
    """Take part, with the service or a simulator."""
    from kie._durable.durable import Durable

    machine, library = options.machine or socket.gethostname(), context.library
    if options.tag and library is None:
        raise ConfigError("--tag needs a library that keeps the run: name its folder with --library DIR")
    kept: Overrides = {"library": library, "tags": options.tag, "callback_url": options.callback_url}
    more: Overrides = {**kept, "timeout": options.timeout, "retry_free": options.retry_free}
    more["allow_retired"] = options.allow_retired
    if context.connection.limit_store:
        raise ConfigError(
            "--limit-store has no effect here: a durable batch keeps its limits in the database of --db; leave it out"
        )
    context.check_library()
    with ExitStack() as stack:
        if options.simulate:
            speed = simulation(options.simulate, options.speed)
            service = stack.enter_context(simulator().simulated(speed=speed or SPEED, credits=SIMULATED_CREDITS))
            context.simulated = True
            more["budget"] = context.budget()
            folder = stack.enter_context(tempfile.TemporaryDirectory(prefix="kie-durable-"))
            engine = Durable._of(
                f"sqlite:///{os.path.join(folder, 'runs.sqlite')}",
                machine,
                lambda: service.async_client(**more),
                service.client,
                save=options.save,
                in_flight=options.in_flight,
            )
        else:
            url = _url(options.db)
            more["budget"] = _shared(context.budget(), url)
            engine = Durable(
                url,
                machine=machine,
                api_key=context.key(),
                base_url=context.setting("base_url"),
                upload_url=context.setting("upload_url"),
                journal=context.journal_path,
                save=options.save,
                in_flight=options.in_flight,
                **more,
            )
        yield stack.enter_context(engine)


def _shared(budget: Budget | None, url: str) -> Budget | None:
    """Make a budget with the same limits and its account in the database, unless it is kept elsewhere."""
    if budget is None or budget.file is not None or budget.store is not None:
        return budget
    from kie._io.budget import Budget as Made

    return Made(budget.credits, per_task=budget.per_task, per_day=budget.per_day, unpriced=budget.unpriced, store=url)


@attrs.define
class _Watched:
    """The observed ends of a batch's lines, and the exit code of the first that did not succeed."""

    states: Counter[str] = attrs.field(factory=Counter)
    credits: Decimal = attrs.field(default=Decimal(0))
    rows: list[JSON] = attrs.field(factory=list)
    first: tuple[int, int] | None = None
    over_budget: bool = False
    halted: KieError | None = None

    def saw(self, line: Line, outcome: Outcome[AnyResult]) -> None:
        """Record an outcome."""
        self.states[outcome.state] += 1
        if outcome.error is None:
            return
        self.over_budget |= isinstance(outcome.error, BudgetExceeded)
        code = {"invalid": 2, "failed": 3 if outcome.ref is not None else 1, "unknown": 4}.get(outcome.state, 5)
        self.fail(line.number, code)

    def fail(self, number_: int, code: int) -> None:
        """Record that a line did not succeed."""
        self.first = min(self.first or (number_, code), (number_, code))

    def exit_code(self) -> int:
        """Return the exit code: 6 for lack of credits or budget, else that of the first line."""
        if self.halted is not None and isinstance(self.halted, (InsufficientCredits, BudgetExceeded)):
            return 6
        if self.over_budget:
            return 6
        if self.halted is not None:
            return exit_code(self.halted)
        return self.first[1] if self.first is not None else 0


def _watched(context: CliContext, batch: DurableBatch, lines: _FileLines, options: DurableOptions) -> _Watched:
    """Wait until all lines of a batch have ended, and show their ends."""
    seen = _Watched()
    showing = batch_progress(lines.valid, context.now, quiet=options.quiet, simulated=options.simulate)
    with showing as progress:
        try:
            for row, outcome in batch._stream():
                _show(progress, seen, row, outcome, as_json=context.as_json)
        except KeyboardInterrupt:
            note("waiting for the answers to what was sent; run the same command again to continue")
            raise
        except KieError as error:
            seen.halted = error
    return seen


def _show(progress: BatchProgress, seen: _Watched, row: LineRow, outcome: Outcome[AnyResult], *, as_json: bool) -> None:
    line = _line_of(row)
    seen.saw(line, outcome)
    status = outcome.result.status if outcome.result is not None else getattr(outcome.error, "status", None)
    spent = getattr(status, "credits", None)
    seen.credits += spent or 0
    why = f": {message_of(outcome.error)}" if outcome.error is not None else ""
    progress.ended(line, outcome.state, f"line {row.line}, {row.model} {outcome.state}{why}", spent)
    if as_json:
        named: JSONObject = {"line": row.line, "id": row.id, "model": row.model, "state": outcome.state, "ref": row.ref}
        urls: list[JSON] = [*outcome.result.urls] if outcome.result is not None else []
        more: JSONObject = {"urls": urls, "files": [*row.files], "error": error_record(outcome.error)}
        seen.rows.append({**named, "credits": exact(spent), **more})


def _report(
    context: CliContext, batch: DurableBatch, lines: _FileLines, seen: _Watched, options: DurableOptions
) -> int:
    """Say how a batch ended. Returns the exit code."""
    for line in lines.invalid:
        seen.fail(line.number, 2)
    states = batch.counts()
    if context.as_json:
        invalid: list[JSON] = [{**line.identity(), "error": line.fault} for line in lines.invalid]
        more: JSONObject = {"credits": exact(seen.credits), "halted": error_record(seen.halted)}
        total = lines.valid + len(lines.invalid)
        rows = {"lines": seen.rows, "faults": invalid}
        document({"batch": batch.name, "total": total, "states": {**states}, **more, **rows})
        return seen.exit_code()
    say(_worded(states, len(lines.invalid)))
    if options.save is not None and seen.states["succeeded"] and not options.quiet:
        note(f"files are in {options.save}")
    if not options.quiet:
        note(f"{number(seen.credits)} credits")
    show_faults(lines.index, chain(_faults(batch), lines.faults()))
    if seen.halted is not None:
        note(f"nothing more was sent: {message_of(seen.halted)}")
        note("run the same command again to continue")
    elif seen.states["unknown"]:
        note("unknown: check https://kie.ai/logs; --again LIST runs such a line again, which may cost twice")
    return seen.exit_code()


def _faults(batch: DurableBatch) -> Iterator[tuple[Line, str, str]]:
    """The faults of the lines that ended without success."""
    for row, outcome in batch._ended():
        if outcome.error is not None:
            yield _line_of(row), outcome.state, message_of(outcome.error)


def _line_of(row: LineRow) -> Line:
    return Line(number=row.line, key=str(row.line), digest="", id=row.id, model=row.model)


def _worded(states: dict[str, int], invalid: int = 0) -> str:
    counted = Counter(states) + Counter(invalid=invalid)
    return ", ".join(f"{count} {state}" for state, count in counted.most_common()) or "no lines"


def _dry_run(context: CliContext, lines: _FileLines, options: DurableOptions) -> int:
    """Check every line as far as possible without storing or sending anything, and show the plan."""
    models: Counter[str] = Counter()
    least, most, open_, refusal = Decimal(0), Decimal(0), 0, None
    with context.client(keyless=True, allow_retired=options.allow_retired) as client:
        for part in _parts(_checked(client.check, lines)):
            models.update(request.info.name for request in part)
            total = client.estimate(part)
            least, open_ = least + total.at_least, open_ + total.open
            most += total.at_most if total.at_most is not None else total.at_least
            refusal = refusal or refused(client.budget, total)
    invalid = len(lines.invalid)
    if context.as_json:
        faults: list[JSON] = [{**line.identity(), "error": line.fault} for line in lines.invalid]
        cost: JSONObject = {"at_least": exact(least), "at_most": None if open_ else exact(most), "open": open_}
        plan: JSONObject = {"run": models.total(), "invalid": invalid}
        more: JSONObject = {"cost": cost, "faults": faults, "refused": error_record(refusal)}
        document({"total": models.total() + invalid, "plan": plan, "models": {**models}, **more})
    else:
        say(f"{models.total() + invalid} lines: {models.total()} to run" + (f", {invalid} invalid" if invalid else ""))
        for model, count in models.most_common():
            say(f"  {count} x {model}")
        show_faults(lines.index, lines.faults())
        upper = "or more" if open_ else f"to {number(most)}" if most != least else "in all"
        say(
            f"would cost {number(least)} {upper} credits"
            if upper != "in all"
            else f"would cost {number(least)} credits"
        )
    if refusal is None:
        return 2 if invalid else 0
    if not context.as_json:
        raise refusal
    return exit_code(refusal)


def _checked(check: Callable[[Request[Result]], object], lines: _FileLines) -> Iterator[Request[Result]]:
    for _, line in lines.numbered():
        try:
            if line.request is not None:
                check(line.request)
                yield line.request
                continue
        except KieError as error:
            line.fault = error_record(error)
        lines.refuse(line)


def _parts(requests: Iterable[Request[Result]]) -> Iterator[list[Request[Result]]]:
    part: list[Request[Result]] = []
    for request in requests:
        part.append(request)
        if len(part) == DRAWN:
            yield part
            part = []
    if part:
        yield part


def _store(url: str) -> LineStore:
    """Open the lines of an existing database. Raises `ConfigError`."""
    from kie._durable.durable import needed
    from kie._durable.line_store import LineStore

    needed()
    store = LineStore(Secret(url))
    if store.shared.path is not None and not store.shared.path.exists():
        raise ConfigError(f"{store.named} does not exist: `kie durable run` makes it")
    store.prepare()
    return store


@durable.command("status", short_help="Count the lines of each batch, and list the machines.")
@with_options(_database(), json_option())
@click.pass_obj
def status(context: CliContext, /, db: str | None) -> int:
    """Count the lines of each batch in a database by state, and list its machines. Sends nothing.

    queued: nothing was sent. sending: about to be sent, or sent without an answer yet. waiting: for its task. The
    others have ended. `kie durable adopt` takes over the unfinished lines of a machine that is not alive.
    """
    from kie._durable.machines import machines

    url = _url(db)
    batches, known = _store(url).counts(), machines(url)
    if context.as_json:
        counted: list[JSON] = [{"batch": name, "states": {**states}} for name, states in batches.items()]
        listed: list[JSON] = [{"machine": one.name, "alive": one.alive, "silent": _silent(one)} for one in known]
        document({"batches": counted, "machines": listed})
        return 0
    for name, states in batches.items():
        say(f"{name}: {_worded(states)}")
    for one in known:
        say(f"machine {one.name}: {'alive' if one.alive else 'not alive'}")
    return 0


def _silent(machine: Machine) -> float | None:
    return round(machine.silent, 1) if machine.alive else None


@durable.command("adopt", short_help="Take over the unfinished lines of a dead machine.")
@click.argument("machine", metavar="MACHINE")
@with_options(_database(), json_option())
@click.pass_obj
def adopt(context: CliContext, /, machine: str, db: str | None) -> int:
    """Give the unfinished lines of MACHINE to the other machines of the database.

    This is refused while MACHINE is alive. Lines that it may have sent without an answer become "unknown", and are not
    sent again. Nothing is sent now: `kie durable run` on any machine continues the lines.
    """
    from kie._durable.durable import Durable

    url = _url(db)
    _store(url).close()
    with Durable._of(url, f"adopting-{os.getpid()}", None, None) as engine:
        count = engine.adopt(machine)
    if context.as_json:
        document({"machine": machine, "lines": count})
    else:
        say(f"{count} {'line' if count == 1 else 'lines'} of {machine}")
    return 0


COLUMNS: list[Column[LineRow]] = [
    Column("batch", "Batch", lambda row: row.batch),
    Column("line", "Line", lambda row: str(row.line), right=True),
    Column("model", "Model", lambda row: row.model, rank=2),
    Column("sent_at", "Sent", lambda row: (row.noted_at or "")[:19], rank=1),
    Column("ref", "Task", lambda row: row.ref or "", rank=1),
]


def _facts(row: LineRow) -> JSONObject:
    return {"batch": row.batch, "line": row.line, "model": row.model, "sent_at": row.noted_at, "ref": row.ref}


@durable.command("unknown", short_help="List lines that may have been sent without an answer.")
@click.option("--name", metavar="NAME", help="Only those of this batch.")
@with_options(_database(), *list_options(), json_option())
@click.pass_obj
def unknown(context: CliContext, /, db: str | None, name: str | None, **given: object) -> int:
    """List the lines for which a task may exist, but is not known. They are never sent again automatically.

    Compare them with https://kie.ai/logs. `kie durable run … --again LIST` runs such a line again: it waits for the
    task if the answer came after all, and otherwise sends the line once more, which costs twice if a task exists.
    """
    listing = RowListing.of(COLUMNS, _facts, given)
    store = _store(_url(db))
    names = [name] if name is not None else [*store.counts()]
    rows = [row for batch in names for row in store.in_state(batch, "unknown")]
    if context.as_json:
        document(listing.documents(rows))
        return 0
    listing.show(rows)
    return 0
