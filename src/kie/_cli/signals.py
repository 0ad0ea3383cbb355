"""CLI: the signal by which service managers and containers end a process. May import nothing of ours."""

from __future__ import annotations

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def ended_like_ctrl_c() -> Iterator[None]:
    """Take SIGTERM for a Ctrl-C in the block, so that answers to what was sent are waited for.

    A handler of the program that runs the command stays.
    """
    before = signal.getsignal(signal.SIGTERM)
    if before is not signal.SIG_DFL or threading.current_thread() is not threading.main_thread():
        yield
        return
    signal.signal(signal.SIGTERM, _interrupt)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)


def _interrupt(number: int, _: object) -> None:
    pressed = signal.getsignal(signal.SIGINT)
    if not callable(pressed):  # a shell in the background has it ignored
        raise KeyboardInterrupt
    pressed(number, None)
