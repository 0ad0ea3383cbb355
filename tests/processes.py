"""Processes and threads that tests start: none is waited for without an end."""

from __future__ import annotations

import os
import signal
import subprocess
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from multiprocessing.process import BaseProcess
from typing import Any

import anyio

LONGEST = 120.0
"""Seconds after which a process is killed, so that whoever reads from it comes to an end."""


@contextmanager
def bounded(*processes: subprocess.Popen[Any], seconds: float = LONGEST) -> Iterator[None]:
    """Kill processes that are still there in the end, or after some seconds: what reads from them ends then."""

    def kill() -> None:
        for process in processes:
            process.kill()

    killer = threading.Timer(seconds, kill)
    killer.daemon = True
    killer.start()
    try:
        yield
    finally:
        killer.cancel()
        kill()
        for process in processes:
            process.wait(seconds)
        killer.join(seconds)


def until(happens: Callable[[], object]) -> None:
    """Wait until something is the case. Fails if it never is."""
    ends = time.monotonic() + LONGEST
    while not happens():
        assert time.monotonic() < ends, "it does not happen"
        time.sleep(0.002)


async def until_async(happens: Callable[[], object]) -> None:
    """The same on an event loop, whose other tasks have a turn each time."""
    ends = time.monotonic() + LONGEST
    while not happens():
        assert time.monotonic() < ends, "it does not happen"
        await anyio.sleep(0)


def joined(*started: threading.Thread | BaseProcess) -> None:
    """Wait until threads, or processes of `multiprocessing`, have ended. Fails if one does not end."""
    until = time.monotonic() + LONGEST
    for each in started:
        each.join(max(0.0, until - time.monotonic()))
    hanging = [each for each in started if each.is_alive()]
    for each in hanging:
        if isinstance(each, BaseProcess):
            each.kill()
    assert [each.name for each in hanging] == [], "they hang"


def exit_code(child: int) -> int:
    """The exit code of a forked child, or its signal as a negative number. One that hangs is killed.

    No thread watches it: a process that has threads cannot fork again without a warning.
    """
    until, killed = time.monotonic() + LONGEST, False
    while True:
        pid, status = os.waitpid(child, os.WNOHANG)
        if pid:
            return os.waitstatus_to_exitcode(status)
        if time.monotonic() > until and not killed:
            os.kill(child, signal.SIGKILL)
            killed = True
        time.sleep(0.002)
