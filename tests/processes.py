"""Processes that tests start: none is waited for without an end."""

from __future__ import annotations

import subprocess
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

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
