"""CLI: the output of commands: JSON documents, lines, and the progress of a task. May import `_core`."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from datetime import datetime
from decimal import Decimal
from shutil import get_terminal_size
from textwrap import wrap
from typing import TYPE_CHECKING, Self, TextIO

import click

from kie._core.estimates import Estimate, TotalEstimate, shown
from kie._core.json import JSON, JSONObject
from kie._core.status import TaskStatus
from kie._core.tasks import TaskRef

if TYPE_CHECKING:
    from rich.console import Console

QUIET_SECONDS = 10.0
"""Seconds between two lines about an unchanged task, if no terminal can update a line in place."""


def printable(text: str) -> str:
    """Replace control characters in untrusted text: they could control the terminal."""
    return "".join(c if c.isprintable() or c in "\n\t" else "\N{REPLACEMENT CHARACTER}" for c in text)


def is_terminal(stream: TextIO | None) -> bool:
    """Whether a standard stream is a terminal. The stream is None if the program has no console or closed it."""
    return stream is not None and stream.isatty()


class Unwritten(Exception):
    """Standard output cannot be written, for example because the disk is full."""


def unwritten(error: Exception) -> Unwritten:
    """Say why standard output cannot be written."""
    return Unwritten(f"standard output cannot be written: {getattr(error, 'strerror', None) or error}")


_TOGETHER = 200
"""The number of list items that are written at a time."""


def _write_on(text: str) -> None:
    """Write a part of a line."""
    _write(text, end=False)


def _write(text: str, *, end: bool = True) -> None:
    try:
        click.echo(text, nl=end)
    except BrokenPipeError:  # the reader has closed the pipe: click ends the program
        raise
    except (OSError, ValueError) as error:
        raise unwritten(error) from error


def broken(text: str, width: int, indent: str = "") -> list[str]:
    """Wrap a text only between words, so that it fits a width. Existing lines keep their breaks and indentation."""
    made = list[str]()
    for line in text.split("\n"):
        start = indent + line[: len(line) - len(line.lstrip())]
        made += wrap(
            line.strip(),
            max(width - 1, len(start) + 20),
            initial_indent=start,
            subsequent_indent=start,
            break_long_words=False,
            break_on_hyphens=False,
        ) or [""]
    return made


def _fitting(text: str, stream: TextIO | None) -> str:
    if not is_terminal(stream):
        return text
    return "\n".join(broken(text, get_terminal_size().columns))


def say(text: str) -> None:
    """Write a line of the result to stdout. Raises `Unwritten`."""
    _write(printable(text))


def prose(text: str) -> None:
    """Write sentences to stdout; on a terminal they are broken between words. Raises `Unwritten`."""
    _write(_fitting(printable(text), sys.stdout))


def note(text: str) -> None:
    """Write sentences to stderr: anything that is not the result. A failure to write is ignored."""
    with suppress(OSError, ValueError):
        click.echo(_fitting(printable(text), sys.stderr), err=True)


def document(value: JSON) -> None:
    """Write the one JSON document of a command to stdout. Raises `Unwritten`."""
    _write(json.dumps(value, indent=2))


def streamed(value: Mapping[str, JSON | Iterator[JSON]]) -> None:
    """Write one JSON document like `document`, but with some lists written item by item. Raises `Unwritten`."""
    begin = "{\n"
    for name, part in value.items():
        head = f"{begin}  {json.dumps(name)}: "
        _write_on(head + (_nested(part) if not isinstance(part, Iterator) else ""))
        if isinstance(part, Iterator):
            _write_items(part)
        begin = ",\n"
    _write("\n}" if value else "{}")


def _write_items(items: Iterator[JSON]) -> None:
    written = list[str]()
    begin = "[\n"
    for item in items:
        written.append(f"{begin}    {_nested(item, 4)}")
        begin = ",\n"
        if len(written) == _TOGETHER:
            _write_on("".join(written))
            written.clear()
    _write_on("".join(written) + ("[]" if begin == "[\n" else "\n  ]"))


def _nested(value: JSON, indent: int = 2) -> str:
    return json.dumps(value, indent=2).replace("\n", "\n" + " " * indent)


def preview(value: JSON) -> None:
    """Write JSON for people: non-ASCII letters stay readable."""
    say(json.dumps(value, indent=2, ensure_ascii=False))


def shown_json(value: JSON, *, ascii_only: bool = False) -> str:
    """Return JSON in one line; text for people is returned unchanged."""
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=ascii_only)


def exact(value: Decimal | None) -> str | None:
    """Return an amount for JSON: as text, so that no reader rounds it, and without an exponent."""
    return None if value is None else f"{value:f}"


def number(value: Decimal | float | None) -> str:
    """Return a number for people: without an exponent or trailing zeros."""
    if value is None:
        return "?"
    text = f"{value:f}" if isinstance(value, Decimal) else f"{value:.1f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def age(seconds: float) -> str:
    """Word a duration: `45 s`, `3 min 20 s`, `2 h 5 min`, `4 d`."""
    left = max(0, round(seconds))
    if left >= 2 * 86400:
        return f"{left // 86400} d"
    for unit, name, below in ((3600, "h", "min"), (60, "min", "s")):
        if left >= unit:
            rest = left % unit * 60 // unit
            return f"{left // unit} {name}" + (f" {rest} {below}" if rest else "")
    return f"{left} s"


def cost(estimate: Estimate | TotalEstimate) -> str:
    """Word an estimate: credits, dollars, and the day of the price list."""
    if estimate.at_most is None and not estimate.at_least:
        parts = [estimate] if isinstance(estimate, Estimate) else estimate.parts
        priced = any(part.listed for part in parts)
        return f"an amount that is not known: {'it has no upper bound' if priced else 'no price is listed'}"
    usd = f" ({number(estimate.usd)} USD)" if estimate.usd is not None else ""
    day = f", by the price list of {estimate.listed}" if isinstance(estimate, Estimate) else ""
    return f"{estimate}{usd}{day}"


def figures(estimate: Estimate | TotalEstimate) -> JSONObject:
    """Return the figures of an estimate for programs. None means no single figure, or no bound."""
    named = (("credits", estimate.credits), ("at_least", estimate.at_least), ("at_most", estimate.at_most))
    return {name: None if value is None else shown(value) for name, value in (*named, ("usd", estimate.usd))}


def price(estimate: Estimate) -> JSONObject:
    """Return the JSON form of an estimate: the figures and their components."""
    more: JSONObject = {
        "listed": estimate.listed.isoformat() if estimate.listed else None,
        "terms": [str(term) for term in estimate.terms],
        "notes": list(estimate.notes),
    }
    return {**figures(estimate), **more}


def record(status: TaskStatus, *, files: Sequence[str] = ()) -> dict[str, JSON]:
    """Return the JSON form of a task, as `run`, `wait` and `status` write it. Credits are text, so they stay exact."""

    def moment(value: datetime | None) -> str | None:
        return value.isoformat() if value else None

    shown: dict[str, JSON] = {
        "ref": str(status.ref),
        "model": status.ref.model,
        "state": status.state,
        "urls": list(status.urls),
        "files": list(files),
        "credits": exact(status.credits),
        "seconds": status.seconds,
        "data": status.data,
    }
    if status.state != "succeeded":
        shown |= {"raw_state": status.raw_state, "progress": status.progress, "created_at": moment(status.created_at)}
    if status.state == "failed":
        shown |= {"fail_code": status.fail_code, "fail_message": status.fail_message}
    return shown


def state_of(status: TaskStatus) -> str:
    """The state of a task in one word: that of the service, if it is a word and not a number."""
    raw = status.raw_state or ""
    return raw if any(c.isalpha() for c in raw) else status.state


class Reporter:
    """Base class for the progress of a task: shows nothing.

    `submitted` and `polled` fit `on_submitted` and `on_progress`.
    """

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        return None

    def submitted(self, ref: TaskRef) -> None:
        """Show that the service accepted the task."""

    def polled(self, status: TaskStatus, elapsed: float, polls: int) -> None:
        """Show a status, `elapsed` seconds after submission."""

    def saving(self, count: int) -> None:
        """Show that `count` files are being downloaded."""


def remaining(expected: float | None, elapsed: float) -> str:
    """The remaining time of a task, by the usual duration of such tasks; empty if unknown."""
    if expected is None:
        return ""
    left = expected - elapsed
    return f"about {age(left)} left" if left >= 1 else f"usually {age(expected)}"


class Lines(Reporter):
    """Plain lines on stderr: at each change of state, else every ten seconds.

    Args:
        expected: The usual seconds of such a task; None if unknown.
    """

    def __init__(self, expected: float | None = None) -> None:
        self._expected = expected
        self._state: str | None = None
        self._said = 0.0

    def submitted(self, ref: TaskRef) -> None:
        note(f"submitted {ref}")

    def polled(self, status: TaskStatus, elapsed: float, polls: int) -> None:
        state = state_of(status)
        if state == self._state and elapsed - self._said < QUIET_SECONDS:
            return
        self._state, self._said = state, elapsed
        if status.done:
            note(f"ended after {elapsed:.0f} s ({state})")
            return
        left = remaining(self._expected, elapsed)
        note(f"waiting {elapsed:.0f} s ({state})" + (f", {left}" if left else ""))

    def saving(self, count: int) -> None:
        note(f"saving {counted(count, 'file')}")


class Live(Reporter):
    """One line at the bottom of a terminal, kept up to date."""

    def __init__(self, console: Console, model: str, expected: float | None = None) -> None:
        from rich.progress import Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

        self._model = model
        self._expected = expected
        self._ref = ""
        self._progress = Progress(
            SpinnerColumn(),
            TextColumn("{task.description}", markup=False),
            TimeElapsedColumn(),
            TextColumn("{task.fields[detail]}", markup=False),
            console=console,
            transient=True,
        )
        self._line = self._progress.add_task(printable(f"{model} submitting"), total=None, detail="")

    def __enter__(self) -> Self:
        self._progress.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._progress.stop()

    def submitted(self, ref: TaskRef) -> None:
        self._ref = str(ref)
        self._progress.console.print(printable(f"submitted {ref}"), markup=False, highlight=False)
        self._show("queued", self._ref)

    def polled(self, status: TaskStatus, elapsed: float, polls: int) -> None:
        percent = f" {status.progress:.0%}" if status.progress is not None and status.progress <= 1 else ""
        times = "1 poll" if polls == 1 else f"{polls} polls"
        left = remaining(self._expected, elapsed)
        self._show(state_of(status) + percent, ", ".join([*([left] if left else []), times, str(status.ref)]))

    def saving(self, count: int) -> None:
        self._show(f"saving {counted(count, 'file')}", self._ref)

    def _show(self, state: str, detail: str) -> None:
        self._progress.update(self._line, description=printable(f"{self._model} {state}"), detail=printable(detail))


def counted(count: int, what: str) -> str:
    """Word a number of things: `1 file`, `2 files`."""
    return f"{count} {what}" if count == 1 else f"{count} {what}s"


def reporter(model: str, *, quiet: bool, expected: float | None = None) -> Reporter:
    """Return a reporter: a silent one if `quiet`, a live line on a terminal, plain lines elsewhere.

    Args:
        model: The model of the task.
        quiet: Whether to show nothing.
        expected: The usual seconds of such a task; None if unknown.
    """
    if quiet:
        return Reporter()
    if not is_terminal(sys.stderr):
        return Lines(expected)
    from rich.console import Console

    return Live(Console(stderr=True), model, expected)
