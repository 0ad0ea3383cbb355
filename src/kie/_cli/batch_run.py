"""CLI: one run of `kie batch`: what it does with each line, and what it records. May import every room below."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Iterable
from decimal import Decimal
from typing import Literal, TypeAlias

import attrs

from kie._cli.batch_file import BatchFile
from kie._cli.batch_lines import Line
from kie._cli.messages import error_record, message_of
from kie._cli.output import note
from kie._cli.output import record as task_record
from kie._cli.saving import request_facts, target_of_line, write_sidecars
from kie._core.errors import BudgetExceeded, ConfigError, KieError
from kie._core.journal_entry import JournalEntry
from kie._core.json import JSON, JSONObject
from kie._core.outcomes import Outcome
from kie._core.request import Request
from kie._core.results import AnyResult, Result
from kie._core.status import TaskStatus
from kie._core.tasks import TaskRef
from kie._records.reading import decimal

POSTPONED: JSONObject = {
    "type": "BatchStopped",
    "message": "its last attempt created nothing, and the run ended before the next; a later run submits it",
}
UNANSWERED: JSONObject = {
    "type": "SubmitUnknown",
    "message": "no answer was recorded: a task may exist; check https://kie.ai/logs before you try again",
}

Action: TypeAlias = Literal["run", "wait", "done", "unknown"]


@attrs.define
class BatchRun:
    """The lines of a batch and the output file that records them.

    Args:
        lines: The lines of the input file.
        file: The output file, loaded.
        simulated: The batch runs on a simulator.
        save: Where the files of results go; None saves none.
        retry_failed: Lines whose tasks failed are run again.
        only_missing: Only lines without a record are run, and files that are gone are fetched again.
        sidecar: The request is written beside each file.
    """

    lines: list[Line]
    file: BatchFile
    simulated: bool
    save: str | None
    retry_failed: bool = False
    only_missing: bool = False
    sidecar: bool = False
    unwritten: str = attrs.field(default="", init=False)
    """Why the output file lacks something, if it does."""
    refused: dict[int, str] = attrs.field(factory=dict, init=False)
    """Why the budget refused lines, by their numbers."""
    labels: dict[str, str] = attrs.field(factory=dict, init=False)
    """The names that the journal has for the submissions of this run, by the keys of their lines."""
    _announced: set[str] = attrs.field(factory=set, init=False)
    under_way: set[str] = attrs.field(factory=set, init=False)
    """The keys of the lines that are being submitted."""

    def check_file(self) -> None:
        """Find the lines that were run with other fields under their id: they are not run, and keep their record.

        Raises:
            ConfigError: The output file belongs to a simulation, or this is one and the output file does not.
        """
        for line in self.lines:
            found = self.record(line)
            if not found:
                continue
            if bool(found.get("simulated")) != self.simulated:
                kind = "a simulated" if found.get("simulated") else "a real"
                raise ConfigError(f"line {line.number}: {self.file.path} holds {kind} result of it; use another --out")
            if line.id is not None and found.get("digest") != line.digest and self.action(line) != "run":
                line.error = ConfigError(f"id {line.id} was run with other fields; give it another id")
                line.changed = True

    def recover(self, entries: Iterable[JournalEntry]) -> None:
        """Take from the journal what became of submissions whose answers a crash kept out of the output file."""
        known = {entry.label: entry for entry in entries if entry.label is not None}
        for line in self.lines:
            found = self.record(line)
            if line.changed or line.request is None or found.get("state") != "unknown":
                continue
            entry = known.get(str(found.get("label") or line.id))
            if entry is None or entry.request != line.request.fingerprint():
                continue
            if entry.ref is not None:
                self._put(line, "submitted", ref=str(entry.ref))
            elif entry.state == "refused":
                self._put(line, "stopped", error=POSTPONED)

    def record(self, line: Line) -> JSONObject:
        """Return what is recorded of a line; an empty object for nothing."""
        return self.file.records.get(line.key, {})

    def action(self, line: Line) -> Action:
        """Return what to do with a line: `run` it, `wait` for its task, or nothing (`done`, `unknown`)."""
        found = self.record(line)
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
        """What to do with a line where only what is missing is wanted."""
        if not found:
            return "run"
        files = found.get("files") or []
        there = isinstance(files, list) and bool(files) and all(os.path.exists(str(file)) for file in files)
        fetched = found.get("state") == "succeeded" and found.get("urls") and self.save is not None
        return "wait" if fetched and not there and not self.simulated else "done"

    def inputs(self) -> list[tuple[Line, Request[Result] | TaskRef]]:
        """Return the lines that have to be run or waited for, each with its request or task."""
        found: list[tuple[Line, Request[Result] | TaskRef]] = []
        for line in self.lines:
            action = self.action(line)
            if action == "wait":
                found.append((line, TaskRef.parse(str(self.record(line)["ref"]), model=line.model)))
            elif action == "run" and line.request is not None:
                found.append((line, line.request))
        return found

    def left(self) -> list[Request[Result]]:
        """Return the requests of the lines that are still to be submitted."""
        valid = [line for line in self.lines if line.error is None and self.action(line) == "run"]
        return [line.request for line in valid if line.request is not None]

    def record_invalid(self) -> None:
        """Record the lines that are invalid."""
        for line in self.lines:
            if line.error is not None and self.action(line) == "run":
                self._put(line, "invalid", error=error_record(line.error))

    def record_submission(self, line: Line, ref: TaskRef | None) -> None:
        """Record a submission: before it is sent (`ref` is None), so that a crash leaves a trace, and as accepted."""
        if ref is None:
            self._put(line, "unknown", error=UNANSWERED, label=self.labels.get(line.key))
            self._announced.add(line.key)
            self.under_way.add(line.key)
        else:
            self.under_way.discard(line.key)
            self._put(line, "submitted", ref=str(ref))

    def record_postponed(self, line: Line) -> None:
        """Withdraw the record of a submission that created nothing and is made again after a pause."""
        self.under_way.discard(line.key)
        self._announced.discard(line.key)
        self._put(line, "stopped", error=POSTPONED)

    def record_outcome(self, line: Line, outcome: Outcome[AnyResult]) -> None:
        """Record at once how a line ended that has no files to save. Called for each outcome.

        A line that was not sent keeps its record, unless that says that it is about to be.
        """
        self.under_way.discard(line.key)
        if outcome.state != "stopped":
            if outcome.result is None:
                self.finish(line, outcome)
            return
        if isinstance(outcome.error, BudgetExceeded):
            self.refused[line.number] = message_of(outcome.error)
        if line.key in self._announced:
            self._put(line, "stopped", error=error_record(outcome.error))

    def finish(self, line: Line, outcome: Outcome[AnyResult]) -> None:
        """Save the files of a result and record how the line ended."""
        error, files = outcome.error, list[str]()
        if isinstance(outcome.result, Result) and self.save is not None:
            try:
                target = target_of_line(self.save, line.id)
                files = [str(path) for path in outcome.result.save(target)]
                if self.sidecar and line.request is not None:
                    facts = request_facts(line.request)
                    write_sidecars(facts, outcome.result.status, files, id=line.id, line=line.number)
            except KieError as failure:
                error = failure
        more: JSONObject = {"ref": None if outcome.ref is None else str(outcome.ref), "error": error_record(error)}
        status = outcome.result.status if outcome.result is not None else getattr(outcome.error, "status", None)
        if isinstance(status, TaskStatus) and outcome.state != "submitted":
            more = {**task_record(status, files=files), **more, "model": line.model}
            del more["state"]
        self._put(line, outcome.state, **more)

    def _put(self, line: Line, state: str, **more: JSON) -> None:
        marked: JSONObject = {"simulated": True} if self.simulated else {}
        blank: JSONObject = {"ref": None, "urls": [], "files": [], "error": None}
        try:
            self.file.put(line.key, {**line.identity(), **blank, **more, "state": state, **marked})
        except ConfigError as error:
            ref = more.get("ref")
            if ref is None:
                raise  # nothing is sent if that cannot be recorded
            self.unwritten = error.message
            note(f"kie: {error.message}: line {line.number} is task {ref}, {state}")

    def error_of(self, line: Line) -> JSONObject | None:
        """Return the recorded error of a line, if it has one."""
        error = error_record(line.error) if line.changed else self.record(line).get("error")
        return error if isinstance(error, dict) else None

    @property
    def unpaid(self) -> bool:
        """Whether the service refused a line because the account has too few credits."""
        return any((self.error_of(line) or {}).get("type") == "InsufficientCredits" for line in self.lines)

    def exit_code(self) -> int:
        """Return the exit code of the first line that did not succeed; 0 if there is none. 6: too few credits,
        or over the budget."""
        if self.unpaid or self.refused:
            return 6
        return int(bool(self.unwritten)) or next((code for line in self.lines if (code := self._exit_code(line))), 0)

    def _exit_code(self, line: Line) -> int:
        if line.changed:
            return 2
        found, error = self.record(line), self.error_of(line)
        state = found.get("state", "stopped")
        if state == "failed" and not found.get("ref"):
            return 1
        if state == "succeeded":
            return 1 if error is not None else 0
        return {"invalid": 2, "failed": 3, "unknown": 4}.get(str(state), 5)

    def ended(self) -> list[Request[Result]]:
        """Return the requests of the lines whose tasks have ended."""
        return [line.request for line in self._ended() if line.request is not None]

    def _ended(self) -> list[Line]:
        ended = [line for line in self.lines if self.record(line).get("state") in ("succeeded", "failed")]
        return [line for line in ended if self.record(line).get("ref") and not line.changed]

    def spent(self) -> tuple[Decimal, int]:
        """Return what the tasks of all lines cost, and of how many that is not known."""
        ended = [self.record(line) for line in self._ended() if line.request is not None]
        known = [charge for found in ended if (charge := decimal(found.get("credits"))) is not None]
        return sum(known, Decimal(0)), len(ended) - len(known)

    def states(self) -> Counter[str]:
        """Count the lines in each state."""
        return Counter(self.state_of(line) for line in self.lines)

    def state_of(self, line: Line) -> str:
        """Return the state of a line in a word."""
        return "invalid" if line.changed else str(self.record(line).get("state", "not run"))
