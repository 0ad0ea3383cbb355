"""CLI: the final report of `kie batch`: how many lines ended how, what failed and why, the costs, and the table.

May import every room below.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from hashlib import sha256

import attrs

from kie._cli.batch_index import BatchIndex, batched
from kie._cli.batch_lines import Line
from kie._cli.batch_run import BatchRun, Summary, error_of
from kie._cli.batch_store import TOGETHER, BatchLines
from kie._cli.batch_table import write_csv
from kie._cli.cli_context import CliContext
from kie._cli.output import exact, figures, note, number, say, streamed
from kie._core.estimates import USD_PER_CREDIT, TotalEstimate
from kie._core.json import JSON, JSONObject

SHOWN = 10
"""The most kinds of faults that are shown, and the most lines that are named for each."""


def report(
    context: CliContext, run: BatchRun, found: Summary, missing: str, estimated: TotalEstimate, *, quiet: bool
) -> int:
    """Write the summary of a batch. Returns the exit code."""
    if run.unwritten:
        note(f"kie: {run.unwritten}")
    states, code = found.states, found.exit_code(run)
    if context.as_json:
        cost: JSONObject = {"credits": exact(found.spent), "unknown": found.unknown, "estimate": figures(estimated)}
        more: dict[str, JSON | Iterator[JSON]] = {"out": str(run.file.path), "cost": cost, "lines": _rows(run)}
        streamed({"total": run.lines.total, "states": dict(states), **more, **shard_of(run.lines)})
        return code
    say(", ".join(f"{count} {state}" for state, count in states.most_common()) or "no lines")
    if run.save is not None and not quiet and found.saved:
        note(f"files are in {run.save}")
    if estimated.parts and not quiet:
        note(_spent(found, estimated))
    show_faults(run.lines.index, _errors(run))
    for number_, why in run.refused():
        note(f"line {number_}: not submitted: {why}")
    if found.unpaid:
        note(f"too few credits, so nothing more was submitted: {missing}")
        note("top up, and run the same command again to continue")
    elif states["failed"] and not run.retry_failed and not quiet:
        note("--retry-failed runs the failed lines again")
    return code


def shard_of(lines: BatchLines) -> dict[str, JSON]:
    """The shard of this run, for JSON; empty if it runs all lines."""
    return {} if lines.shard is None else {"shard": str(lines.shard)}


def _rows(run: BatchRun) -> Iterator[JSON]:
    for line, found in run.lines.each("AND (document IS NOT NULL OR changed)"):
        yield {**line.identity(), "state": "invalid", "error": line.fault} if line.changed else found


def _errors(run: BatchRun) -> Iterator[tuple[Line, str, str]]:
    for line, found in run.lines.each("AND (document IS NOT NULL OR changed)"):
        error, state = error_of(line, found), run.state_of(line, found)
        if error is not None and state != "stopped":
            yield line, state, str(error["message"])


@attrs.define
class _FaultGroup:
    """A kind of fault: the first lines that have it, and their number."""

    numbers: list[int] = attrs.field(factory=list)
    count: int = 0
    last: int = 0

    def add(self, number: int) -> None:
        """Count a line. Its seeds, which are adjacent, count as one line."""
        if number == self.last:
            return
        self.last = number
        self.count += 1
        if len(self.numbers) < SHOWN:
            self.numbers.append(number)

    def __str__(self) -> str:
        if self.count == 1:
            return f"line {self.last}"
        more = f" and {self.count - SHOWN} more" if self.count > SHOWN else ""
        return f"{self.count} lines ({', '.join(map(str, self.numbers))}{more})"


def show_faults(index: BatchIndex, found: Iterable[tuple[Line, str, str]]) -> None:
    """Write the faults of lines: each kind once, with its lines, at most ten kinds.

    Args:
        index: The database, which counts the other kinds.
        found: Lines with their states and faults.
    """
    shown, more = dict[tuple[str, str], _FaultGroup](), 0
    others = batched(_others(found, shown), TOGETHER)
    for rows in others:
        more += len(rows)
        index.write("INSERT OR IGNORE INTO kind VALUES (?)", rows)
    for (state, message), kind in shown.items():
        note(f"{kind}: {state}: {message}")
    if more:
        kinds = index.count("SELECT count(*) FROM kind")
        note(f"and {more} more lines with {kinds} other errors; --json lists all of them")


def _others(
    found: Iterable[tuple[Line, str, str]], shown: dict[tuple[str, str], _FaultGroup]
) -> Iterator[tuple[bytes]]:
    """Count the lines of the first kinds, and return the names of the kinds of all other lines."""
    for line, *kind in found:
        state, message = kind
        if (state, message) not in shown and len(shown) == SHOWN:
            yield (sha256(f"{state} {message}".encode("utf-8", "surrogatepass")).digest(),)
            continue
        shown.setdefault((state, message), _FaultGroup()).add(line.number)


def _spent(found: Summary, estimated: TotalEstimate) -> str:
    """State the costs of a batch's tasks, next to their estimates."""
    known = f"{number(found.spent)} credits ({number(found.spent * USD_PER_CREDIT)} USD)"
    unsaid = f" and {found.unknown} of unknown cost" if found.unknown else ""
    return f"{len(estimated.parts)} ended: {known}{unsaid}; estimated {estimated}"


RESULTS = ("state", "file", "url", "credits", "seconds", "ref", "error")
"""The columns of the table besides those of the input."""


def write_table(run: BatchRun, path: str) -> None:
    """Write a row for each line of the input: its fields and its result. Raises `ConfigError`."""
    fields = dict.fromkeys(name for line, _ in run.lines.each() for name in _fields(run, line))
    # if a field has the same name as a result column, the result column is renamed
    names = {name: f"result_{name}" if name in fields else name for name in RESULTS}
    columns = list(dict.fromkeys(["line", "id", "model", *fields, *names.values()]))
    write_csv(path, columns, (_table_row(run, line, found, names) for line, found in run.lines.each()))


def _table_row(run: BatchRun, line: Line, recorded: JSONObject, names: Mapping[str, str]) -> dict[str, JSON]:
    error, found = error_of(line, recorded), {} if line.changed else recorded
    result: dict[str, JSON] = {
        "state": run.state_of(line, recorded),
        "file": found.get("files") or None,
        "url": found.get("urls") or None,
        "credits": found.get("credits"),
        "seconds": found.get("seconds"),
        "ref": found.get("ref"),
        "error": error["message"] if error else None,
    }
    named = {names[name]: value for name, value in result.items()}
    return {"line": line.number, "id": line.id, "model": line.model, **_fields(run, line), **named}


def _fields(run: BatchRun, line: Line) -> Mapping[str, JSON]:
    fields = run.lines.fields(line)
    inner = fields.get("input")
    return inner if isinstance(inner, dict) else fields
