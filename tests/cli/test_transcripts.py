"""The screens of the command line, on terminals of two widths, are those in `golden`."""

from __future__ import annotations

import pytest

from tests.cli.terminal import screen
from tests.cli.transcripts import GOLDEN, SESSIONS, WIDTHS, transcript


@pytest.mark.parametrize("columns", WIDTHS)
@pytest.mark.parametrize("name", SESSIONS)
def test_the_screen_is_as_it_was(name: str, columns: int) -> None:
    """`python -m tests.cli.transcripts` writes a change that is meant."""
    shown = transcript(name, columns)
    assert shown == (GOLDEN / f"{name}.{columns}.txt").read_text("utf-8")
    assert "Traceback" not in shown
    typed = [line for line in shown.splitlines() if line.startswith("$ kie ")]
    assert typed == [f"$ kie {line}" for line in SESSIONS[name]]
    # one long word, such as a URL, is not broken; everything else is
    long = [line for line in shown.splitlines() if len(line) > columns and len(line.split()) > 1 and line not in typed]
    assert long == []


def test_there_is_a_transcript_of_each_session_and_no_other() -> None:
    assert {path.stem for path in GOLDEN.iterdir()} == {f"{name}.{columns}" for name in SESSIONS for columns in WIDTHS}


def test_a_screen_shows_what_is_left_in_the_end() -> None:
    assert screen("a\x1b[31mb\x1b[0mc\r\nworking\r\x1b[2Kdone\r\n") == "abc\ndone\n"
    assert screen("one\r\ntwo\r\n\x1b[1A\x1b[2Kthree") == "one\nthree\n"
