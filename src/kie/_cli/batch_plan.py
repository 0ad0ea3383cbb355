"""CLI: the plan of `kie batch --dry-run`: every line is checked, and nothing is sent. May import every room below."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Iterator, Mapping

import attrs

from kie._cli.batch_lines import Line
from kie._cli.batch_options import BatchRunOptions
from kie._cli.batch_report import shard_of, show_faults
from kie._cli.batch_run import BatchRun
from kie._cli.batch_store import BatchLines
from kie._cli.cli_context import CliContext, refused
from kie._cli.exit_codes import exit_code
from kie._cli.messages import error_record
from kie._cli.model_commands import hints
from kie._cli.output import age, cost, figures, note, say, streamed
from kie._client import Kie
from kie._core.errors import ConfigError, ModelRetired, RequestInvalid
from kie._core.estimates import Alike, Estimate, TotalEstimate
from kie._core.json import JSON, JSONObject
from kie._io.replacing import replaceable
from kie._policy.rate import RateLimit

PLANS = {
    "run": "to run",
    "wait": "to wait for",
    "done": "already ended",
    "unknown": "of unknown outcome, which are not sent again",
    "invalid": "invalid",
}


def show_hints(lines: BatchLines) -> None:
    """Show the hints of each model once."""
    for entry in lines.models.values():
        for hint in hints(entry) if entry is not None else ():
            note(hint)


def check_table(table: str | None, source: str) -> None:
    """Refuse a table that would replace the input, or something that is not a file. Raises `ConfigError`."""
    if table is None:
        return
    try:
        replaceable(table)
    except OSError as error:
        raise ConfigError(f"the --table file {table} cannot be written: {error.strerror}") from None
    if os.path.exists(table) and os.path.exists(source) and os.path.samefile(table, source):
        raise ConfigError("--table names the input file; name another one")


@attrs.define
class _LineChecker:
    """Checks lines as far as possible without sending anything, and adds up the price of those to run.

    `recorded` says that the output file has any records.
    """

    client: Kie
    run: BatchRun
    recorded: bool
    parts: list[Estimate] = attrs.field(factory=list)
    models: Counter[str] = attrs.field(factory=Counter)
    _alike: Alike = attrs.field(factory=Alike)

    def __call__(self, line: Line) -> list[str]:
        """Check one line. Returns the advice on it."""
        request = line.request
        if request is None:
            return []
        said = [str(each) if each.path else each.message for each in request.advice()]
        try:
            self.client.check(request)
        except (RequestInvalid, ModelRetired) as error:
            line.fault = error_record(error)
            return said
        found = self.run.file.records.get(line.key, {}) if self.recorded else {}
        if self.run.action(line, found) == "run":
            self.parts.append(self._alike.kept(self.client.estimate(request)))
            self.models[request.info.name] += 1
        return said


def dry_run(context: CliContext, run: BatchRun, source: str, options: BatchRunOptions) -> int:
    """Check every line as far as possible without sending anything, and show the plan."""
    if options.out is not None:
        run.file.load()
    with context.client(keyless=True, **options.overrides) as client:
        judge = _LineChecker(client, run, bool(len(run.file.records)))
        run.lines.read(source, judge)
        budget = client.budget
    check_table(options.table, source)
    if not options.quiet:
        show_hints(run.lines)
    run.check_file()
    plan = run.plan()
    invalid = run.lines.total - plan.total()
    plan += Counter(invalid=invalid)
    total = TotalEstimate(parts=tuple(judge.parts))
    refusal, costs = refused(budget, total), total.by_model()
    if context.as_json:
        each: JSONObject = {model: {**figures(part), "open": part.open} for model, part in costs.items()}
        cost_: JSONObject = {**figures(total), "open": total.open, "models": each}
        counts: JSONObject = {"plan": {**plan}, "models": {**judge.models}, "cost": cost_}
        more: dict[str, JSON | Iterator[JSON]] = {"faults": _faults(run.lines), "advice": _advised(run.lines)}
        part = {"refused": error_record(refusal), **shard_of(run.lines), **_rate(context.rate_limit, judge)}
        streamed({"total": run.lines.total, **counts, **more, **part})
    else:
        _show_plan(run, plan, judge.models, costs)
        if total.parts:
            say(f"would cost {cost(total)}")
        _show_rate(context.rate_limit, judge)
    if refusal is None:
        return 2 if invalid else 0
    if not context.as_json:
        raise refusal
    return exit_code(refusal)


def _faults(lines: BatchLines) -> Iterator[JSON]:
    for line, _ in lines.each("AND fault IS NOT NULL"):
        yield {**line.identity(), "error": line.fault}


def _advised(lines: BatchLines) -> Iterator[JSON]:
    for line, said in lines.advised():
        yield {**line.identity(), "advice": said}


def _least(limit: RateLimit, submissions: int) -> float:
    """The least number of seconds until all lines are submitted."""
    return max(0, submissions - 1) // limit.submissions * limit.submissions_window


def _rate(limit: RateLimit | None, judge: _LineChecker) -> JSONObject:
    if limit is None:
        return {}
    least = _least(limit, len(judge.parts))
    window = {"submissions": limit.submissions, "seconds": limit.submissions_window}
    return {"rate": {**window, "at_least_seconds": least}}


def _show_rate(limit: RateLimit | None, judge: _LineChecker) -> None:
    if limit is not None and judge.parts:
        window = f"{limit.submissions} in {limit.submissions_window:g} s"
        say(f"submitting takes at least {age(_least(limit, len(judge.parts)))}, at {window}")


def _show_plan(run: BatchRun, plan: Counter[str], models: Counter[str], costs: Mapping[str, TotalEstimate]) -> None:
    total, shard = run.lines.total, run.lines.shard
    part = "" if shard is None else f"shard {shard}, {total} of "
    whole = total + run.lines.others
    planned = ", ".join(f"{count} {PLANS[action]}" for action, count in plan.items() if count)
    say(f"{part}{whole} {'line' if whole == 1 else 'lines'}: {planned or 'nothing to run'}")
    for model, count in models.most_common():
        say(f"  {count} x {model}" + (f": {cost(costs[model])}" if model in costs else ""))
    faulty = run.lines.each("AND fault IS NOT NULL")
    show_faults(run.lines.index, ((line, "invalid", _message(line)) for line, _ in faulty))


def _message(line: Line) -> str:
    return str(line.fault["message"]) if isinstance(line.fault, dict) else ""
