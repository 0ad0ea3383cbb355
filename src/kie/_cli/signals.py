"""CLI: handles the signals by which terminals, service managers and containers end a process. May import nothing of
ours."""

from __future__ import annotations

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager

ENDING = tuple(getattr(signal, name) for name in ("SIGTERM", "SIGHUP") if hasattr(signal, name))
"""SIGTERM comes from a service manager or a container, SIGHUP from a closed terminal or connection."""


@contextmanager
def ended_like_ctrl_c() -> Iterator[None]:
    """Treat these signals like Ctrl-C in the block, so that the command waits for answers to what it sent.

    Existing handlers of the calling program and settings of `nohup` are kept.
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
    if number != signal.SIGTERM:  # shell and system both send a SIGHUP: the second one is not a second Ctrl-C
        signal.signal(number, signal.SIG_IGN)
    pressed = signal.getsignal(signal.SIGINT)
    if not callable(pressed):  # a shell ignores the signal for background jobs
        raise KeyboardInterrupt
    pressed(number, None)
