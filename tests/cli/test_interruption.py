"""Ctrl-C while servers send something forever: `kie batch` says what it waits for, and a second one ends it."""

from __future__ import annotations

import json
import os
import signal
import sys
import threading
from collections.abc import Iterator
from itertools import product
from pathlib import Path
from subprocess import PIPE, Popen
from typing import Any

import attrs
import pytest

from kie import Journal
from kie.__main__ import main
from kie._cli.batch_command import waiting_for
from kie._cli.signals import ENDING, ended_like_ctrl_c
from kie.simulator import simulated
from tests.cli.terminal import run, screen
from tests.io.test_deadline import FLOODS, server

PROGRAM = """
import signal
signal.signal(signal.SIGINT, signal.default_int_handler)  # a shell in the background has it ignored
from kie.__main__ import main
raise SystemExit(main())
"""
ON_TERMINAL = "import fcntl, termios; fcntl.ioctl(0, termios.TIOCSCTTY, 0); import kie.__main__ as m; m.main()"
"""A program whose terminal makes a SIGINT of Ctrl-C."""
BOUND = 120.0
"""Seconds after which a program that hangs is killed, which fails the test."""


@attrs.define
class Flood(Iterator[bytes]):
    """What a server goes on sending. It says when so many requests have arrived."""

    content: bytes
    requests: int
    arrived: threading.Event = attrs.field(factory=threading.Event)
    _threads: set[int] = attrs.field(factory=set)

    def __next__(self) -> bytes:
        self._threads.add(threading.get_ident())
        if len(self._threads) >= self.requests:
            self.arrived.set()
        return self.content


@pytest.mark.skipif(sys.platform == "win32", reason="SIGINT cannot be sent to one process there")
@pytest.mark.parametrize("flood", ["header lines", "1xx answers", "a chunk extension"])
def test_ctrl_c_says_what_a_batch_waits_for_and_a_second_one_ends_it_and_loses_nothing(
    flood: str, tmp_path: Path
) -> None:
    begin, again = FLOODS[flood]
    endless = Flood(again, 2)
    lines = [{"model": "nano-banana-pro", "prompt": str(number)} for number in range(2)]
    (tmp_path / "in.jsonl").write_text("".join(json.dumps(line) + "\n" for line in lines), encoding="utf-8")
    with server(begin, endless) as url:
        environment = {**os.environ, "KIE_API_KEY": "k" * 32, "KIE_BASE_URL": url, "KIE_UPLOAD_URL": url}
        command = [sys.executable, "-c", PROGRAM, "batch", "in.jsonl", "--out", "out.jsonl", "--journal", "journal"]
        with Popen(command, cwd=tmp_path, env=environment, stdout=PIPE, stderr=PIPE, text=True) as program:
            guard = threading.Timer(BOUND, program.kill)
            guard.start()
            assert program.stderr is not None
            assert endless.arrived.wait(BOUND)
            program.send_signal(signal.SIGINT)
            said = iter(program.stderr.readline, "")
            assert any(waiting_for(2) in line for line in said)
            program.send_signal(signal.SIGINT)
            rest = program.stderr.read()
            assert program.wait() == 130
            guard.cancel()

    assert "run the same command again to continue" in rest and "Traceback" not in rest
    states = [json.loads(line)["state"] for line in (tmp_path / "out.jsonl").read_text("utf-8").splitlines()]
    assert states[:2] == ["unknown", "unknown"], "as they were announced"
    assert set(states) == {"unknown"}, "and as they were given up, if there was time for it"
    assert [entry.state for entry in Journal(tmp_path / "journal").entries()] == ["unknown", "unknown"]


@pytest.mark.skipif(sys.platform == "win32", reason="a pseudo-terminal is POSIX's")
def test_ctrl_c_on_a_terminal_leaves_on_the_screen_how_to_continue(tmp_path: Path) -> None:
    lines = [{"model": "nano-banana-pro", "prompt": str(number)} for number in range(5)]
    (tmp_path / "in.jsonl").write_text("".join(json.dumps(line) + "\n" for line in lines), encoding="utf-8")
    with simulated(speed=1) as service:
        env = {"KIE_API_KEY": service.api_key, "KIE_BASE_URL": service.base_url, "KIE_UPLOAD_URL": service.base_url}
        command = ["-c", ON_TERMINAL, "batch", "in.jsonl", "--out", "out.jsonl", "--journal", "journal"]
        code, written = run(command, columns=100, env=env, answers=[("5 in flight", b"\x03")], folder=str(tmp_path))
    assert code == 130
    left = screen(written)
    assert "run the same command again to continue; out.jsonl records what was submitted\n" in left
    assert "in flight" not in left, "of what was shown meanwhile"


def test_a_signal_that_ends_a_process_is_a_ctrl_c_while_a_command_runs() -> None:
    before = {number: signal.getsignal(number) for number in (*ENDING, signal.SIGINT)}
    try:
        ways: tuple[Any, ...] = (signal.default_int_handler, signal.SIG_IGN)
        for pressed, sent in product(ways, ENDING):
            signal.signal(sent, signal.SIG_DFL)
            signal.signal(signal.SIGINT, pressed)
            with pytest.raises(KeyboardInterrupt), ended_like_ctrl_c():
                signal.raise_signal(sent)
            assert signal.getsignal(sent) is signal.SIG_DFL
        left: tuple[Any, ...] = (lambda *_: None, signal.SIG_IGN)
        for stays, sent in product(left, ENDING):
            signal.signal(sent, stays)
            with ended_like_ctrl_c():
                assert signal.getsignal(sent) is stays, "that of the program, or of nohup"
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


@pytest.mark.skipif(not hasattr(signal, "SIGHUP"), reason="Windows has none")
def test_a_terminal_that_is_closed_is_one_ctrl_c_however_often_that_is_reported() -> None:
    before, pressed = [signal.getsignal(number) for number in (signal.SIGHUP, signal.SIGINT)], list[int]()
    try:
        signal.signal(signal.SIGHUP, signal.SIG_DFL)
        signal.signal(signal.SIGINT, lambda number, _: pressed.append(number))
        with ended_like_ctrl_c():
            signal.raise_signal(signal.SIGHUP)
            signal.raise_signal(signal.SIGHUP)
    finally:
        signal.signal(signal.SIGHUP, before[0])
        signal.signal(signal.SIGINT, before[1])
    assert pressed == [signal.SIGHUP]


def test_what_is_waited_for_is_counted() -> None:
    assert waiting_for(1).startswith("waiting for the answer to 1 submission that is under way; Ctrl-C again ends")
    assert waiting_for(3).startswith("waiting for the answer to 3 submissions that are under way; Ctrl-C again ends")


@pytest.mark.parametrize(
    ("pressed", "code_and_signal"),
    [(KeyboardInterrupt(), (130, True)), (SystemExit(130), (130, True)), (SystemExit(3), (3, False))],
)
def test_a_program_that_was_interrupted_cannot_be_interrupted_while_it_ends(
    pressed: BaseException, code_and_signal: tuple[int, bool], monkeypatch: pytest.MonkeyPatch
) -> None:
    def root() -> None:
        raise pressed

    before = signal.getsignal(signal.SIGINT)
    monkeypatch.setattr("kie._cli.app.root", root)
    try:
        signal.signal(signal.SIGINT, signal.default_int_handler)
        with pytest.raises(SystemExit) as caught:
            main()
        ignored = signal.getsignal(signal.SIGINT) is signal.SIG_IGN
    finally:
        signal.signal(signal.SIGINT, before)
    assert (caught.value.code, ignored) == code_and_signal
