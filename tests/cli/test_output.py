"""What is written, and where: a live line on a terminal, plain lines elsewhere, documents for programs."""

from __future__ import annotations

import io
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from rich.console import Console

from kie._cli.output import Lines, Live, Reporter, printable, reporter
from kie._core.status import TaskStatus
from kie._core.tasks import TaskRef

RUN = ("run", "nano-banana-pro", "--prompt", "A lighthouse at dusk")


@pytest.fixture
def screen() -> io.StringIO:
    return io.StringIO()


def test_on_a_terminal_one_line_is_kept_up_to_date(screen: io.StringIO, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TERM", "xterm")
    console = Console(file=screen, force_terminal=True, width=120, color_system=None)
    ref = TaskRef("abc", model="m")
    with Live(console, "nano-banana-pro") as live:
        live.submitted(ref)
        live.polled(TaskStatus(ref=ref, state="queued", raw_state="waiting\x1b[2J", progress=0.5), 3.0, 2)
        live._progress.refresh()
        shown = screen.getvalue()
        live.saving(2)
        live._progress.refresh()
    assert "submitted abc" in shown
    assert "nano-banana-pro waiting" in shown
    assert "50%" in shown
    assert "2 polls, abc" in shown
    assert "\x1b[2J" not in shown
    assert "saving 2 files" in screen.getvalue()


def test_plain_lines_come_at_changes_and_every_ten_seconds(capsys: pytest.CaptureFixture[str]) -> None:
    ref = TaskRef("abc")
    lines = Lines()
    for elapsed in range(0, 40, 2):
        state = "generating" if elapsed > 25 else "waiting"
        lines.polled(TaskStatus(ref=ref, state="running", raw_state=state), elapsed, elapsed)
    assert capsys.readouterr().err.splitlines() == [
        "waiting 0 s (waiting)",
        "waiting 10 s (waiting)",
        "waiting 20 s (waiting)",
        "waiting 26 s (generating)",
        "waiting 36 s (generating)",
    ]


def test_the_reporter_fits_where_it_writes(monkeypatch: pytest.MonkeyPatch) -> None:
    assert type(reporter("m", quiet=True)) is Reporter
    assert type(reporter("m", quiet=False)) is Lines
    monkeypatch.setattr(sys.stderr, "isatty", lambda: True, raising=False)
    assert type(reporter("m", quiet=False)) is Live


def test_control_characters_do_not_reach_a_terminal() -> None:
    assert (
        printable("a\x1b[31mb\x9bc\td\n日本 é")
        == "a\N{REPLACEMENT CHARACTER}[31mb\N{REPLACEMENT CHARACTER}c\td\n日本 é"
    )


def test_a_reader_that_goes_away_is_not_an_error(tmp_path: Path) -> None:
    reader, writer = os.pipe()
    os.close(reader)
    outcome = subprocess.run(
        [sys.executable, "-m", "kie", "models", "--json"],
        stdout=writer,
        stderr=subprocess.PIPE,
        text=True,
        check=False,
        timeout=120,
    )
    os.close(writer)
    assert outcome.stderr == ""


def test_on_a_real_terminal_the_result_alone_is_on_stdout(tmp_path: Path) -> None:
    import pty

    main, side = pty.openpty()
    outcome = subprocess.run(
        [sys.executable, "-m", "kie", *RUN, "--simulate", "--speed", "100", "--json"],
        stdout=subprocess.PIPE,
        stderr=side,
        text=True,
        check=True,
        env={**os.environ, "TERM": "xterm", "COLUMNS": "120"},
        timeout=120,
    )
    os.close(side)
    seen = b""
    try:
        while chunk := os.read(main, 65536):
            seen += chunk
    except OSError:
        pass  # the end of a pseudo-terminal
    os.close(main)
    assert json.loads(outcome.stdout)["state"] == "succeeded"
    assert b"submitted" in seen
    assert b"nano-banana-pro" in seen
