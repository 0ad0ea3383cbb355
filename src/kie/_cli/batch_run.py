"""CLI: one run of `kie batch`: decides what to do with each line, and records it. May import every room below."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Iterator
from contextlib import suppress
from decimal import Decimal
from typing import Literal, TypeAlias

import attrs

from kie._cli.batch_file import BatchFile
from kie._cli.batch_index import loaded
from kie._cli.batch_lines import Line
from kie._cli.batch_store import BatchLines
from kie._cli.messages import error_record, message_of
from kie._cli.output import note
from kie._cli.output import record as task_record
from kie._cli.saving import request_facts, target_of_line, write_sidecars
from kie._core.errors import BudgetExceeded, ConfigError, KieError
from kie._core.json import JSON, JSONObject
from kie._core.outcomes import Outcome
from kie._core.request import Request
from kie._core.results import AnyResult, Result
from kie._core.status import TaskStatus
from kie._core.tasks import TaskRef
from kie._io.journal import Journal
from kie._records.reading import decimal

POSTPONED: JSONObject = {
    "type": "BatchStopped",
    "message": "its last attempt created nothing, and the run ended before the next; a later run submits it",
}
UNANSWERED: JSONObject = {
    "type": "SubmitUnknown",
    "message": "no answer was recorded: a task may exist; check https://kie.ai/logs before you try again",
}

_FRESH = """
SELECT count(*) FROM line LEFT JOIN record ON record.key = line.key WHERE fault IS NULL AND document IS NULL
"""
"""Counts the valid lines without a record: they are run, whatever the options say."""

Action: TypeAlias = Literal["run", "wait", "done", "unknown"]


@attrs.define
class BatchRun:
    """The lines of a batch and the output file that records them.

    Args:
        lines: The lines of the input file, already read.
        file: The output file, already loaded.
        simulated: The batch runs on a simulator.
        save: Where to save the files of results; None saves none.
        retry_failed: Run lines again whose tasks failed.
        only_missing: Run only lines without a record, and download files again that are gone.
        sidecar: Write the request next to each file.
    """

    lines: BatchLines
    file: BatchFile
    simulated: bool
    save: str | None
    retry_failed: bool = False
    only_missing: bool = False
    sidecar: bool = False
    unwritten: str = attrs.field(default="", init=False)
    """Why the output file is incomplete; empty if it is complete."""
    under_way: set[str] = attrs.field(factory=set, init=False)
    """The keys of the lines that are being submitted."""
    _announced: set[str] = attrs.field(factory=set, init=False)

    def check_file(self) -> None:
        """Find the lines whose id was run with other fields: they are not run, and keep their record.

        Raises:
            ConfigError: The output file belongs to a simulation and this run does not, or the other way round.
        """
        for line, found in self.lines.each("AND document IS NOT NULL"):
            if bool(found.get("simulated")) != self.simulated:
                kind = "a simulated" if found.get("simulated") else "a real"
                raise ConfigError(
                    f"line {line.number}: {self.file.path} already has {kind} result for it; use another --out"
                )
            if line.id is not None and found.get("digest") != line.digest and self.action(line, found) != "run":
                error = ConfigError(f"id {line.id} was run earlier with other fields; give the line another id")
                self.lines.change(line, error_record(error))

    def recover(self, journal: Journal) -> None:
        """Recover from the journal the submissions whose answers are missing in the output file after a crash."""
        unclear = {
            str(found.get("label") or line.id): line
            for line, found in self.lines.each("AND document IS NOT NULL AND changed = 0 AND fault IS NULL")
            if found.get("state") == "unknown"
        }
        known = {entry.label: entry for entry in journal._matching(unclear.__contains__)} if unclear else {}
        for label, line in unclear.items():
            entry = known.get(label)
            try:
                if entry is None or entry.request != self.lines.request(line).fingerprint():
                    continue
            except KieError:  # a local file is gone
                continue
            if entry.ref is not None:
                self._put(line, "submitted", ref=str(entry.ref))
            elif entry.state == "refused":
                self._put(line, "stopped", error=POSTPONED)

    def record(self, line: Line) -> JSONObject:
        """Return the record of a line; empty if there is none."""
        return self.file.records.get(line.key, {})

    def action(self, line: Line, found: JSONObject) -> Action:
        """Return the action for a line with this record: `run`, `wait` (for its task), or nothing (`done`,
        `unknown`)."""
        if line.changed:
            return "done"
        match found.get("state"):
            case _ if self.only_missing:
                return self._missing(found)
            case "unknown":
                return "run" if self.simulated else "unknown"
            case "succeeded":
                unsaved = self.save is not None and found.get("urls") and not found.get("files")
                return "wait" if unsaved and not self.simulated else "done"
            case "failed" if found.get("ref"):
                return "run" if self.retry_failed else "done"
            case "submitted" if found.get("ref"):
                return "run" if self.simulated else "wait"
        return "run"

    def _missing(self, found: JSONObject) -> Action:
        """Return what to do with a line if only missing results are wanted."""
        if not found:
            return "run"
        files = found.get("files") or []
        there = isinstance(files, list) and bool(files) and all(os.path.exists(str(file)) for file in files)
        fetched = found.get("state") == "succeeded" and found.get("urls") and self.save is not None
        return "wait" if fetched and not there and not self.simulated else "done"

    def plan(self) -> Counter[str]:
        """Count the valid lines by action."""
        fresh = Counter[str](run=self.lines.index.count(_FRESH))
        known = self.lines.each("AND fault IS NULL AND document IS NOT NULL")
        return fresh + Counter[str](self.action(line, found) for line, found in known)

    def to_do(self) -> int:
        """The number of lines to run or wait for."""
        plan = self.plan()
        faulty = self.lines.each("AND fault IS NOT NULL AND document IS NOT NULL")
        return plan["run"] + plan["wait"] + sum(self.action(line, found) == "wait" for line, found in faulty)

    def work(self, after: int = 0) -> Iterator[tuple[Line, TaskRef | None]]:
        """Return the lines to run or wait for, each with its task if it has one.

        Args:
            after: Return only lines after this place.
        """
        for line, found in self.lines.each(after=after):
            action = self.action(line, found)
            if action == "wait":
                yield line, TaskRef.parse(str(found["ref"]), model=line.model)
            elif action == "run" and line.fault is None:
                yield line, None

    def left(self) -> Iterator[tuple[Line, Request[Result]]]:
        """Return the lines that still have to be submitted, with their requests."""
        for line, found in self.lines.each("AND fault IS NULL"):
            if self.action(line, found) == "run":
                with suppress(KieError):  # a local file is gone
                    yield line, self.lines.request(line)

    def record_invalid(self) -> None:
        """Record the lines that are invalid."""
        faulty = self.lines.each("AND fault IS NOT NULL AND changed = 0")
        self.file.put_all(
            (line.key, self._record(line, "invalid", {"error": line.fault}))
            for line, found in faulty
            if self.action(line, found) == "run"
        )

    def refuse(self, line: Line, error: KieError) -> None:
        """Record a line that turned out to be invalid, for example because a local file is gone."""
        self.lines.fail(line, error_record(error))
        self._put(line, "invalid", error=line.fault)

    def record_submission(self, line: Line, ref: TaskRef | None) -> None:
        """Record a submission before it is sent (`ref` is None), so that a crash leaves a trace, and when accepted."""
        if ref is None:
            self._put(line, "unknown", error=UNANSWERED, label=line.label)
            self._announced.add(line.key)
            self.under_way.add(line.key)
        else:
            self.under_way.discard(line.key)
            self._put(line, "submitted", ref=str(ref))

    def record_postponed(self, line: Line) -> None:
        """Withdraw the record of a submission that created nothing and is repeated after a pause."""
        self.under_way.discard(line.key)
        self._announced.discard(line.key)
        self._put(line, "stopped", error=POSTPONED)

    def record_outcome(self, line: Line, outcome: Outcome[AnyResult]) -> None:
        """Record the end of a line at once if it has no files to save. Called for each outcome.

        A line that was not sent keeps its record, unless the record says that it is about to be sent.
        """
        self.under_way.discard(line.key)
        announced = line.key in self._announced
        self._announced.discard(line.key)
        if outcome.state != "stopped":
            if outcome.result is None:
                self.finish(line, outcome)
            return
        if isinstance(outcome.error, BudgetExceeded):
            why = message_of(outcome.error)
            self.lines.index.rows("INSERT OR REPLACE INTO refused VALUES (?, ?)", line.number, why)
        if announced:
            self._put(line, "stopped", error=error_record(outcome.error))

    def finish(self, line: Line, outcome: Outcome[AnyResult]) -> None:
        """Save the files of a result and record how the line ended."""
        error, files = outcome.error, list[str]()
        if isinstance(outcome.result, Result) and self.save is not None:
            try:
                target = target_of_line(self.save, line.id)
                files = [str(path) for path in outcome.result._saved_once(target)]
                if self.sidecar and line.fault is None:
                    facts = request_facts(line.request or self.lines.request(line))
                    write_sidecars(facts, outcome.result.status, files, id=line.id, line=line.number)
            except KieError as failure:
                error = failure
        more: JSONObject = {"ref": None if outcome.ref is None else str(outcome.ref), "error": error_record(error)}
        status = outcome.result.status if outcome.result is not None else getattr(outcome.error, "status", None)
        if isinstance(status, TaskStatus) and outcome.state != "submitted":
            more = {**task_record(status, files=files), **more, "model": line.model}
            del more["state"]
        self._put(line, outcome.state, **more)

    def _record(self, line: Line, state: str, more: JSONObject) -> JSONObject:
        marked: JSONObject = {"simulated": True} if self.simulated else {}
        blank: JSONObject = {"ref": None, "urls": [], "files": [], "error": None}
        return {**line.identity(), **blank, **more, "state": state, **marked}

    def _put(self, line: Line, state: str, **more: JSON) -> None:
        try:
            self.file.put(line.key, self._record(line, state, more))
        except ConfigError as error:
            ref = more.get("ref")
            if ref is None:
                raise  # a line that cannot be recorded is not sent
            self.unwritten = error.message
            note(f"kie: {error.message}: line {line.number} is task {ref}, {state}")

    def refused(self) -> Iterator[tuple[int, str]]:
        """The numbers of the lines that the budget refused, and the reason."""
        found = self.lines.index.pages("SELECT number, why FROM refused WHERE number > ? ORDER BY number")
        return ((number, loaded(why)) for number, why in found if isinstance(number, int))

    def ended(self) -> Iterator[Request[Result]]:
        """Return the requests of lines whose tasks have ended."""
        for line, found in self.lines.each("AND fault IS NULL AND document IS NOT NULL"):
            if has_ended(line, found):
                with suppress(KieError):  # a local file is gone
                    yield self.lines.request(line)

    def state_of(self, line: Line, found: JSONObject) -> str:
        """Return the state of a line in a word."""
        return "invalid" if line.changed else str(found.get("state", "not run"))


def error_of(line: Line, found: JSONObject) -> JSONObject | None:
    """Return the recorded error of a line, if it has one."""
    error = line.fault if line.changed else found.get("error")
    return error if isinstance(error, dict) else None


def has_ended(line: Line, found: JSONObject) -> bool:
    """Whether the task of a line has ended."""
    return found.get("state") in ("succeeded", "failed") and bool(found.get("ref")) and not line.changed


@attrs.define
class Summary:
    """Summarises a batch, line by line.

    `code` is the exit code of the first line that did not succeed. `unpaid` says whether the service refused a line for
    lack of credits. `spent` is the cost of all tasks, and `unknown` the number of tasks whose cost is not known.
    """

    states: Counter[str] = attrs.field(factory=Counter)
    code: int = 0
    unpaid: bool = False
    saved: bool = False
    spent: Decimal = Decimal(0)
    unknown: int = 0

    @classmethod
    def of(cls, run: BatchRun) -> Summary:
        """Go through every line of a run."""
        made = cls()
        for line, found in run.lines.each():
            made._add(run, line, found)
        return made

    def _add(self, run: BatchRun, line: Line, found: JSONObject) -> None:
        error = error_of(line, found)
        self.states[run.state_of(line, found)] += 1
        self.code = self.code or _exit_code(line, found, error)
        self.unpaid = self.unpaid or (error or {}).get("type") == "InsufficientCredits"
        self.saved = self.saved or bool(found.get("files"))
        if has_ended(line, found) and line.fault is None:
            charge = decimal(found.get("credits"))
            self.spent += charge or 0
            self.unknown += charge is None

    def exit_code(self, run: BatchRun) -> int:
        """Return the exit code of the command. 6: too few credits, or over the budget."""
        if self.unpaid or next(run.refused(), None) is not None:
            return 6
        return int(bool(run.unwritten)) or self.code


def _exit_code(line: Line, found: JSONObject, error: JSONObject | None) -> int:
    if line.changed:
        return 2
    state = found.get("state", "stopped")
    if state == "failed" and not found.get("ref"):
        return 1
    if state == "succeeded":
        return 1 if error is not None else 0
    return {"invalid": 2, "failed": 3, "unknown": 4}.get(str(state), 5)
