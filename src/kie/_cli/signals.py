"""CLI: the signals by which terminals, service managers and containers end a process. May import nothing of ours."""

from __future__ import annotations

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager

ENDING = tuple(getattr(signal, name) for name in ("SIGTERM", "SIGHUP") if hasattr(signal, name))
"""SIGTERM comes from a service manager or a container, SIGHUP from a terminal or a connection that is closed."""


@contextmanager
def ended_like_ctrl_c() -> Iterator[None]:
    """Take these signals for a Ctrl-C in the block, so that answers to what was sent are waited for.

    A handler of the program that runs the command stays; so does what `nohup` has set.
    """
    main = threading.current_thread() is threading.main_thread()
    taken = [each for each in ENDING if main and signal.getsignal(each) is signal.SIG_DFL]
    for each in taken:
        signal.signal(each, _interrupt)
    try:
        yield
    finally:
        for each in taken:
            signal.signal(each, signal.SIG_DFL)


def _interrupt(number: int, _: object) -> None:
    if number != signal.SIGTERM:  # the shell and the system both send a SIGHUP: the second one is no second Ctrl-C
        signal.signal(number, signal.SIG_IGN)
    pressed = signal.getsignal(signal.SIGINT)
    if not callable(pressed):  # a shell in the background has it ignored
        raise KeyboardInterrupt
    pressed(number, None)
