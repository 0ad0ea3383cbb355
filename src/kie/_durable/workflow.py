"""Durable: the workflow that the engine runs for each line. May import the engine (`dbos`) and `_durable`.

The engine registers functions per process, so a process can have only one `Durable` at a time. It may run a line more
than once. The line's row has everything that was done, and its note guards what may happen only once. So the engine
records no steps: it would also record that a step could not be recorded, and raise that error forever.
"""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from dbos import DBOS

if TYPE_CHECKING:
    from kie._durable.work import LineWorker

AGAIN = "again"
"""Returned by `finish` instead of a state: the task failed without cost, so the line is submitted again."""

WAITING = "waiting"
"""Returned by `submit` once the line has a task."""

PAUSE = 0.1
"""Seconds between two checks whether an earlier run of the same line has ended."""

_running: list[LineWorker] = []


def run_by(work: LineWorker | None) -> None:
    """Set the worker for all lines from now on; None for none."""
    _running[:] = [] if work is None else [work]


@DBOS.workflow(name="kie.line", max_recovery_attempts=None)
async def run_line(batch: str, line: int, attempt: int) -> str:
    """Run a line. If that fails (for example, because the disk is full), it never returns: the engine would store the
    error.

    This way the line stays as it is, and a later start continues it.
    """
    work, state = _running[0], AGAIN
    while (batch, line) in work.running:  # the engine may begin a line again that still runs here
        await asyncio.sleep(PAUSE)
    work.running.add((batch, line))
    try:
        while state == AGAIN:
            state = await work.submit(batch, line, attempt)
            if state == WAITING:
                state = await work.finish(batch, line, attempt)
    except Exception as error:
        work.dropped(batch, line, error)
        await asyncio.Event().wait()
    finally:
        work.left(batch, line)
    return state
