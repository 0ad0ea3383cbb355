"""CLI: what `kie batch` says in the end: how many lines ended how, what failed and why, what it cost, and the table.

May import every room below.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from kie._cli.batch_lines import Line
from kie._cli.batch_run import BatchRun
from kie._cli.batch_table import write_csv
from kie._cli.cli_context import CliContext
from kie._cli.output import document, exact, figures, note, number, say
from kie._core.estimates import USD_PER_CREDIT, TotalEstimate
from kie._core.json import JSON, JSONObject

SHOWN = 10
"""Kinds of faults that are shown; and lines that are named for one."""


def report(context: CliContext, run: BatchRun, missing: str, estimated: TotalEstimate, *, quiet: bool) -> int:
    """Write the summary of a batch. Returns the exit code."""
    if run.unwritten:
        note(f"kie: {run.unwritten}")
    states = run.states()
    if context.as_json:
        rows: list[JSON] = [found for line in run.lines if (found := _row(run, line))]
        spent, unknown = run.spent()
        cost: JSONObject = {"credits": exact(spent), "unknown": unknown, "estimate": figures(estimated)}
        more: JSONObject = {"out": str(run.file.path), "cost": cost, "lines": rows}
        document({"total": len(run.lines), "states": dict(states), **more})
        return run.exit_code()
    say(", ".join(f"{count} {state}" for state, count in states.most_common()) or "no lines")
    if run.save is not None and not quiet and any(run.record(line).get("files") for line in run.lines):
        note(f"files are in {run.save}")
    if estimated.parts and not quiet:
        note(_spent(run, estimated))
    show_faults((line, run.state_of(line), str(error["message"])) for line, error in _errors(run))
    for number_, why in sorted(run.refused.items()):
        note(f"line {number_}: not submitted: {why}")
    if run.unpaid:
        note(f"too few credits, so nothing more was submitted: {missing}")
        note("top up, and run the same command again to continue")
    elif states["failed"] and not run.retry_failed and not quiet:
        note("--retry-failed runs the failed lines again")
    return run.exit_code()


def _row(run: BatchRun, line: Line) -> JSONObject:
    if line.changed:
        return {**line.identity(), "state": "invalid", "error": run.error_of(line)}
    return run.record(line)


def _errors(run: BatchRun) -> Iterable[tuple[Line, JSONObject]]:
    for line in run.lines:
        error = run.error_of(line)
        if error is not None and run.state_of(line) != "stopped":
            yield line, error


def show_faults(found: Iterable[tuple[Line, str, str]]) -> None:
    """Write what is wrong with lines: each kind of fault once, with its lines, ten kinds at most."""
    kinds: dict[tuple[str, str], list[int]] = {}
    for line, state, message in found:
        kinds.setdefault((state, message), []).append(line.number)
    for (state, message), numbers in list(kinds.items())[:SHOWN]:
        note(f"{_named(numbers)}: {state}: {message}")
    if len(kinds) > SHOWN:
        lines = sum(len(numbers) for numbers in list(kinds.values())[SHOWN:])
        note(f"and {lines} more lines with {len(kinds) - SHOWN} other errors; --json lists all of them")


def _named(numbers: list[int]) -> str:
    numbers = list(dict.fromkeys(numbers))
    if len(numbers) == 1:
        return f"line {numbers[0]}"
    more = f" and {len(numbers) - SHOWN} more" if len(numbers) > SHOWN else ""
    return f"{len(numbers)} lines ({', '.join(map(str, numbers[:SHOWN]))}{more})"


def _spent(run: BatchRun, estimated: TotalEstimate) -> str:
    """Say what the tasks of a batch cost, beside what they were to cost."""
    spent, unknown = run.spent()
    known = f"{number(spent)} credits ({number(spent * USD_PER_CREDIT)} USD)"
    unsaid = f" and {unknown} of unknown cost" if unknown else ""
    return f"{len(estimated.parts)} ended: {known}{unsaid}; estimated {estimated}"


RESULTS = ("state", "file", "url", "credits", "seconds", "ref", "error")
"""The columns of the table besides those of the input."""


def write_table(run: BatchRun, path: str) -> None:
    """Write a row for each line of the input: its fields, and what came of it. Raises `ConfigError`."""
    fields = dict.fromkeys(name for line in run.lines for name in _fields(line))
    # a field of the same name as a result keeps the name: the result gets another one
    names = {name: f"result_{name}" if name in fields else name for name in RESULTS}
    columns = list(dict.fromkeys(["line", "id", "model", *fields, *names.values()]))
    rows = list[dict[str, JSON]]()
    for line in run.lines:
        found, error = run.record(line), run.error_of(line)
        if line.changed:
            found = {}
        result: dict[str, JSON] = {
            "state": run.state_of(line),
            "file": found.get("files") or None,
            "url": found.get("urls") or None,
            "credits": found.get("credits"),
            "seconds": found.get("seconds"),
            "ref": found.get("ref"),
            "error": error["message"] if error else None,
        }
        named = {names[name]: value for name, value in result.items()}
        rows.append({"line": line.number, "id": line.id, "model": line.model, **_fields(line), **named})
    write_csv(path, columns, rows)


def _fields(line: Line) -> Mapping[str, JSON]:
    inner = line.fields.get("input")
    return inner if isinstance(inner, dict) else line.fields
