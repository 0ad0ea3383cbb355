"""CLI: the progress of `kie batch`: a line for each task in flight, counts, credits so far, and the remaining time.

May import `catalog`, `_core`.
"""

from __future__ import annotations

import sys
import threading
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from decimal import Decimal
from shutil import get_terminal_size
from typing import TYPE_CHECKING

import attrs

from kie._cli.batch_lines import Line
from kie._cli.model_commands import expected_seconds
from kie._cli.output import age, broken, is_terminal, note, number, printable, state_of
from kie._core.status import TaskStatus
from kie._core.tasks import TaskRef

if TYPE_CHECKING:
    from rich.text import Text

IN_SIGHT = 8
"""The most tasks in flight that are shown; the others are counted."""
EVERY = 30.0
"""Seconds between two lines about the whole batch, if no terminal can update a line in place."""


@attrs.define
class _InFlight:
    """A task that was submitted and has not ended."""

    line: Line
    since: float
    state: str = "submitted"


@attrs.define
class BatchProgress:
    """The progress of a running batch. Threads may share it. This base class shows nothing.

    Args:
        total: The number of lines to run or wait for.
        now: Returns the time.
        simulated: The tasks are simulated, so the durations of real ones do not apply.
    """

    total: int
    now: Callable[[], datetime]
    simulated: bool = False
    counts: Counter[str] = attrs.field(factory=Counter, init=False)
    credits: Decimal = attrs.field(default=Decimal(0), init=False)
    _in_flight: dict[str, _InFlight] = attrs.field(factory=dict, init=False)
    _began: float = attrs.field(init=False)
    _lock: threading.Lock = attrs.field(factory=threading.Lock, init=False)

    def __attrs_post_init__(self) -> None:
        self._began = self._time()

    def _time(self) -> float:
        return self.now().timestamp()

    def submitted(self, line: Line, ref: TaskRef) -> None:
        """Record that a task was submitted."""
        with self._lock:
            self._in_flight[str(ref)] = _InFlight(line, self._time())

    def polled(self, status: TaskStatus, _elapsed: float, _polls: int) -> None:
        """Record the state of a task."""
        with self._lock:
            task = self._in_flight.get(str(status.ref))
            if task is not None:
                task.state = state_of(status)

    def ended(self, line: Line, state: str, text: str, credits: Decimal | None) -> None:
        """Record how a line ended; `text` describes it in one line."""
        with self._lock:
            self._in_flight = {ref: task for ref, task in self._in_flight.items() if task.line is not line}
            self.counts[state] += 1
            self.credits += credits or 0
        self.show_end(state, text)

    def show_end(self, state: str, text: str) -> None:
        """Show that a line ended."""

    def note(self, text: str) -> None:
        """Show a sentence about the batch."""
        note(text)

    @property
    def done(self) -> int:
        """How many lines have ended."""
        return self.counts.total()

    def left(self) -> float | None:
        """Seconds until the rest is done, at the pace so far; None before the first line has ended."""
        done, elapsed = self.done, self._time() - self._began
        return elapsed / done * (self.total - done) if done else None

    def summary(self) -> str:
        """Summarise the whole batch in one line."""
        with self._lock:
            counts = ", ".join(f"{count} {state}" for state, count in self.counts.most_common())
            flight = len(self._in_flight)
        left = self.left()
        parts = [f"{self.done}/{self.total}" + (f" ({counts})" if counts else "")]
        parts += [f"{flight} in flight"] if flight else []
        parts += [f"{number(self.credits)} credits"]
        parts += [age(self._time() - self._began)]
        parts += [f"about {age(left)} left"] if left else []
        return ", ".join(parts)

    def flights(self) -> list[str]:
        """A line for each task in flight, the oldest first; the last line counts the others."""
        with self._lock:
            tasks = list(self._in_flight.items())
        now, lines = self._time(), list[str]()
        for ref, task in tasks[:IN_SIGHT]:
            name = f"line {task.line.number}" + (f" ({task.line.id})" if task.line.id else "")
            expected = None if self.simulated else expected_seconds(task.line.model)
            of = f" of about {age(expected)}" if expected is not None else ""
            lines.append(printable(f"{name}  {task.line.model}  {task.state}  {age(now - task.since)}{of}  {ref}"))
        if len(tasks) > IN_SIGHT:
            lines.append(f"and {len(tasks) - IN_SIGHT} more")
        return lines


@attrs.define
class _PlainLines(BatchProgress):
    """Plain lines: one for each input line that ends, and from time to time one about the whole batch."""

    _said: float = attrs.field(init=False, default=0.0)

    def show_end(self, state: str, text: str) -> None:
        note(f"{self.done}/{self.total} {text}")
        now = self._time()
        self._said = self._said or self._began
        if now - self._said >= EVERY and self.done < self.total:
            self._said = now
            note(self.summary())


@attrs.define
class _Live(BatchProgress):
    """Lines at the bottom of a terminal, kept up to date. Failures are shown above them at once."""

    say: Callable[[str], object] = attrs.field(default=note, init=False)
    notice: Sequence[str] = attrs.field(default=(), init=False)

    def show_end(self, state: str, text: str) -> None:
        if state != "succeeded":
            self.say(text)

    def note(self, text: str) -> None:
        """Show a sentence among the live lines, which would erase it elsewhere.

        Takes no lock, so signal handlers may call it.
        """
        self.notice = broken(text, get_terminal_size().columns)

    def __rich__(self) -> Text:
        from rich.text import Text

        return Text("\n".join([*self.flights(), self.summary(), *self.notice]), no_wrap=True, overflow="ellipsis")


@contextmanager
def batch_progress(
    total: int, now: Callable[[], datetime], *, quiet: bool, simulated: bool = False
) -> Iterator[BatchProgress]:
    """Show the progress of a batch: nothing if `quiet`, live lines on a terminal, plain lines elsewhere."""
    if quiet:
        yield BatchProgress(total, now, simulated)
        return
    if not is_terminal(sys.stderr):
        yield _PlainLines(total, now, simulated)
        return
    from rich.console import Console
    from rich.live import Live

    console = Console(stderr=True, highlight=False)
    live = _Live(total, now, simulated)
    live.say = lambda text: console.print(printable(text), markup=False)
    with Live(live, console=console, transient=True, refresh_per_second=4):
        yield live
