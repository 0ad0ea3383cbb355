"""CLI: runs the lines of `kie batch`: each is read from the database when there is room for it.

May import every room below.
"""

from __future__ import annotations

import secrets
import threading
from collections import deque
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import closing

import attrs

from kie._cli.batch_lines import Line
from kie._cli.batch_options import BatchRunOptions
from kie._cli.batch_progress import BatchProgress
from kie._cli.batch_run import BatchRun, error_of
from kie._cli.output import note
from kie._client import Kie
from kie._core.errors import InsufficientCredits, KieError
from kie._core.journal_entry import JournalEntry
from kie._core.json import JSON
from kie._core.outcomes import Outcome
from kie._core.request import Request
from kie._core.results import AnyResult, Result
from kie._core.tasks import TaskRef
from kie._io.journal import Journal
from kie._records.reading import decimal
from kie._tasks.budgeting import affordable

SAVERS = 4
"""The number of results whose files are downloaded at the same time."""
UNSAVED = 64
"""The most results that wait for their download. Further ones are not taken from the batch until there is room."""


@attrs.define(eq=False)
class BatchStream:
    """Runs lines, and keeps track of those under way."""

    client: Kie
    run: BatchRun
    options: BatchRunOptions
    journal: Journal | None
    progress: BatchProgress
    _flying: dict[int, Line] = attrs.field(factory=dict, init=False)
    """The lines that were given to the batch and have no outcome yet, by index."""
    _half: set[int] = attrs.field(factory=set, init=False)
    _lock: threading.Lock = attrs.field(factory=threading.Lock, init=False)
    _given: int = attrs.field(default=0, init=False)
    _place: int = attrs.field(default=0, init=False)
    _known: dict[str, JournalEntry] = attrs.field(factory=dict, init=False)
    """The submissions in the journal with the ids of lines to run."""
    _unpaid: bool = attrs.field(default=False, init=False)
    """Whether the account had too few credits for a line. From then on it only waits for existing tasks."""
    _left: int | None = attrs.field(default=None, init=False)
    """The place before the first line that was left out for lack of credits."""

    def go(self) -> None:
        """Run the lines, and save results in threads meanwhile."""
        self._known = self._in_journal()
        self._afford()
        outcomes = self.client.batch.stream(
            self._inputs(),
            concurrency=self.options.concurrency,
            batch_timeout=self.options.batch_timeout,
            stop_on_failure=self.options.stop_on_failure,
            retry_free=self.options.retry_free,
            labels=None if self.journal is None else self._labels(),
            progress=self._ended,
            on_submission=self._submission,
            on_postponed=lambda index: self.run.record_postponed(self._flying[index]),
            on_progress=self.progress.polled,
        )
        savers = ThreadPoolExecutor(SAVERS, thread_name_prefix="kie-save")
        saving: deque[Future[None]] = deque()
        try:
            # an interruption between two outcomes ends the batch before the client closes, so that no ref is lost
            with closing(outcomes):
                for outcome in outcomes:
                    saving.append(savers.submit(self._finish, self._taken(outcome.index), outcome))
                    while saving and (saving[0].done() or len(saving) > UNSAVED):
                        saving.popleft().result()
            for future in saving:
                future.result()
            for line in self._rest():
                self._report(line, "stopped", None, None)
        finally:
            savers.shutdown(cancel_futures=True)

    def _inputs(self) -> Iterator[Request[Result] | TaskRef]:
        """Yield the inputs to run or wait for. Each line is remembered until its outcome arrives."""
        for line, ref in self.run.work():
            work: Request[Result] | TaskRef
            if ref is not None:
                self.progress.submitted(line, ref)
                work = ref
            elif self._unpaid:
                self._left = self._place if self._left is None else self._left
                continue
            else:
                try:
                    work = line.request = self.run.lines.request(line)
                except KieError as error:
                    self.run.refuse(line, error)
                    self._report(line, "invalid", str(error), None)
                    continue
            self._flying[self._given] = line
            self._given, self._place = self._given + 1, line.place
            yield work

    def _rest(self) -> Iterator[Line]:
        """The lines that the batch did not reach before it stopped."""
        yield from [*self._flying.values()]
        yield from (line for line, _ in self.run.work(self._place if self._left is None else self._left))

    def _taken(self, index: int) -> Line:
        """The line of an outcome. The line is forgotten once its end is recorded and its outcome is taken."""
        with self._lock:
            line = self._flying[index]
            if index in self._half:
                self._half.remove(index)
                del self._flying[index]
            else:
                self._half.add(index)
        return line

    def _ended(self, _done: int, _total: int, outcome: Outcome[AnyResult]) -> None:
        self._unpaid |= isinstance(outcome.error, InsufficientCredits) and outcome.ref is None
        self.run.record_outcome(self._taken(outcome.index), outcome)

    def _labels(self) -> Iterator[str | None]:
        """The label of each input. The batch asks for it after the input."""
        while True:
            line = self._flying[self._given - 1]
            line.label = None if line.request is None else self._label(line, line.request)
            yield line.label

    def _label(self, line: Line, request: Request[Result]) -> str:
        """The label for submitting a line: its id, unless the journal has another request under this id.

        Without an id, each run makes a new label: the same line in another output file is another task.
        """
        if line.id is not None and self._is_free(line.id, request):
            return line.id
        if line.id is not None:
            at = self._known[line.id].at[:19]
            note(f"line {line.number}: the journal already has id {line.id} for another request ({at})")
        return f"{self.run.file.path.name} line {line.number} ({secrets.token_hex(4)})"

    def _is_free(self, id: str, request: Request[Result]) -> bool:
        """Whether the journal has no other request under an id."""
        earlier = self._known.get(id)
        return earlier is None or earlier.request in (None, request.fingerprint())

    def _in_journal(self) -> dict[str, JournalEntry]:
        if self.journal is None:
            return {}
        lines, run = self.run.lines, self.run

        def to_run(id: str) -> bool:
            found = lines.with_id(id)
            return found is not None and run.action(*found) == "run"

        return {entry.label: entry for entry in self.journal._matching(to_run) if entry.label and not entry.vacant}

    def _afford(self) -> None:
        """Check before anything is submitted that all of it can be paid. Raises `BudgetExceeded`."""
        budget = self.client.budget
        if budget is not None:
            wanted = ((request, self._earlier(line, request)) for line, request in self.run.left())
            self.client._driver.drive(affordable(self.client._ctx, budget, wanted))

    def _earlier(self, line: Line, request: Request[Result]) -> str | None:
        """The label under which the journal may have the submission of a line; None if it has none."""
        known = line.id in self._known
        return line.id if known and line.id is not None and self._is_free(line.id, request) else None

    def _submission(self, index: int, ref: TaskRef | None) -> None:
        self.run.record_submission(self._flying[index], ref)
        if ref is not None:
            self.progress.submitted(self._flying[index], ref)

    def _finish(self, line: Line, outcome: Outcome[AnyResult]) -> None:
        run = self.run
        if outcome.result is not None:
            run.finish(line, outcome)
        found = run.file.records.get(line.key, {})
        error = error_of(line, found)
        why = error.get("message") if error is not None and outcome.state != "stopped" else None
        self._report(line, outcome.state, why, found.get("credits"))

    def _report(self, line: Line, state: str, why: JSON, credits: JSON) -> None:
        said = f": {why}" if why is not None else ""
        self.progress.ended(line, state, f"line {line.number}, {line.model} {state}{said}", decimal(credits))
