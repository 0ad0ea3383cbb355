"""What a batch and a single task show while one waits for them."""

from __future__ import annotations

import io
import re
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path

import attrs
import pytest
from rich.console import Console

from kie._cli.batch_lines import Line
from kie._cli.batch_progress import IN_SIGHT, BatchProgress, _Live
from kie._cli.model_commands import expected_seconds
from kie._cli.output import Lines, Live, remaining
from kie._core.status import TaskStatus
from kie._core.tasks import TaskRef
from tests.cli.conftest import Invoke, VirtualService

MODEL = "kling-3.0/video"


@attrs.define
class Clock:
    at: datetime = datetime(2026, 11, 1, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.at

    def wait(self, seconds: float) -> None:
        self.at += timedelta(seconds=seconds)


def line(number: int, id: str | None = None) -> Line:
    return Line(number=number, key=str(number), digest="", id=id, model=MODEL)


@pytest.fixture
def clock() -> Clock:
    return Clock()


def test_each_task_in_flight_has_a_line_with_its_state_and_time(clock: Clock) -> None:
    shown = BatchProgress(3, clock)
    shown.submitted(line(1, "fox"), TaskRef("r1"))
    clock.wait(90)
    shown.submitted(line(2), TaskRef("r2"))
    shown.polled(TaskStatus(ref=TaskRef("r1"), state="running", raw_state="generating"), 1, 1)
    clock.wait(5)
    expected = f"about {int((expected_seconds(MODEL) or 0) // 60)} min"
    first, second = shown.flights()
    assert first.startswith(f"line 1 (fox)  {MODEL}  generating  1 min 35 s of {expected}")
    assert second.startswith(f"line 2  {MODEL}  submitted  5 s of {expected}")
    assert first.endswith("r1")
    simulated = BatchProgress(1, clock, simulated=True)
    simulated.submitted(line(1), TaskRef("r1"))
    assert "about" not in simulated.flights()[0]


def test_no_more_lines_are_shown_than_fit_and_the_others_are_counted(clock: Clock) -> None:
    shown = BatchProgress(100, clock)
    for number in range(50):
        shown.submitted(line(number), TaskRef(f"r{number}"))
    assert len(shown.flights()) == IN_SIGHT + 1
    assert shown.flights()[-1] == "and 42 more"


def test_the_summary_has_counts_credits_and_the_time_left_at_the_pace_so_far(clock: Clock) -> None:
    shown = BatchProgress(10, clock)
    assert shown.summary() == "0/10, 0 credits, 0 s"
    lines = [line(number) for number in range(4)]
    for one in lines:
        shown.submitted(one, TaskRef(f"r{one.number}"))
    clock.wait(60)
    for one in lines[:2]:
        shown.ended(one, "succeeded", "", Decimal("1.5"))
    shown.ended(lines[2], "failed", "", None)
    assert shown.summary() == "3/10 (2 succeeded, 1 failed), 1 in flight, 3 credits, 1 min, about 2 min 20 s left"
    assert len(shown.flights()) == 1


def test_on_a_terminal_the_lines_fit_it_and_failures_stay_above_them(clock: Clock) -> None:
    screen = io.StringIO()
    live = _Live(2, clock)
    said: list[str] = []
    live.say = said.append
    live.submitted(line(1, "x" * 200), TaskRef("r1"))
    live.ended(line(2), "failed", "line 2, failed: why", None)
    live.ended(line(3), "succeeded", "line 3 succeeded", None)
    Console(file=screen, width=60).print(live)
    assert all(len(text) <= 60 for text in screen.getvalue().splitlines())
    assert said == ["line 2, failed: why"]


def test_elsewhere_the_whole_batch_is_summed_up_now_and_then(
    kie: Invoke, service: VirtualService, tmp_path: Path
) -> None:
    source = tmp_path / "b.csv"
    source.write_text("prompt\n" + "".join(f"{number}\n" for number in range(30)))
    outcome = kie("batch", source, "--model", "nano-banana-pro", "--out", tmp_path / "o", "--concurrency", "2")
    sums = [text for text in outcome.stderr.splitlines() if "left" in text]
    assert 1 < len(sums) < 15
    assert all(re.search(r"\d+/30 \(\d+ succeeded\), .*credits, .*, about .* left", text) for text in sums)
    assert kie("batch", source, "--model", "z", "--out", tmp_path / "p", "--quiet").stderr.count("left") == 0


@pytest.mark.parametrize(
    ("expected", "elapsed", "said"),
    [(None, 5, ""), (20, 5, "about 15 s left"), (20, 19.5, "usually 20 s"), (20, 60, "usually 20 s")],
)
def test_what_is_left_is_said_by_what_such_tasks_took(expected: float | None, elapsed: float, said: str) -> None:
    assert remaining(expected, elapsed) == said


def test_a_single_task_shows_elapsed_and_expected_time(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TERM", "xterm")
    status = TaskStatus(ref=TaskRef("abc"), state="running", raw_state="generating")
    Lines(30).polled(status, 10, 1)
    assert capsys.readouterr().err == "waiting 10 s (generating), about 20 s left\n"
    screen = io.StringIO()
    with Live(Console(file=screen, force_terminal=True, width=120, color_system=None), "m", 30) as live:
        live.polled(status, 10, 1)
        live._progress.refresh()
    assert "about 20 s left, 1 poll, abc" in screen.getvalue()


def test_a_sentence_is_shown_with_the_live_lines_even_while_their_lock_is_held(
    clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "40")
    live = _Live(2, clock)
    with live._lock:  # Ctrl-C may come at any moment, in the same thread
        live.note("waiting for the answer to 1 submission that is under way")
    assert live.__rich__().plain.splitlines()[-2:] == ["waiting for the answer to 1 submission", "that is under way"]
