"""Durable: what the engine runs for each line. May import the engine (`dbos`) and `_durable`.

The engine keeps its functions in the process, so that there is one `Durable` in a process at a time. A step is done at
least once: what may be done once only is guarded by the note of the line.
"""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine
from typing import TYPE_CHECKING

from dbos import DBOS
from dbos import error as faults

if TYPE_CHECKING:
    from kie._durable.work import LineWorker

AGAIN = "again"
"""What a step gives instead of a state: the task failed at no cost, and the line is submitted once more."""

WAITING = "waiting"
"""What `submit` gives once the line has a task."""

_running: list[LineWorker] = []


def run_by(work: LineWorker | None) -> None:
    """Say who does the work of the lines from now on; None for nobody."""
    _running[:] = [] if work is None else [work]


@DBOS.step(name="kie.submit")
async def submit(batch: str, line: int, attempt: int) -> str:
    """Note that a line is about to be sent, send it, and note its task."""
    return await _done(_running[0], _running[0].submit(batch, line, attempt), batch, line)


@DBOS.step(name="kie.finish")
async def finish(batch: str, line: int, attempt: int) -> str:
    """Wait for the task of a line, and save its files."""
    return await _done(_running[0], _running[0].finish(batch, line, attempt), batch, line)


async def _done(work: LineWorker, step: Coroutine[object, object, str], batch: str, line: int) -> str:
    """Do a step. One that fails (the disk is full, say) never ends: an error would be kept, and raised forever.

    So the line stays as it is, and a later start goes on with it.
    """
    try:
        return await step
    except Exception as error:
        work.dropped(batch, line, error)
        await asyncio.Event().wait()
        raise


@DBOS.workflow(name="kie.line", max_recovery_attempts=None)
async def run_line(batch: str, line: int, attempt: int) -> str:
    """Run a line. One of which the engine cannot note a step stays as it is, too."""
    work, state = _running[0], AGAIN
    work.running.add((batch, line))
    try:
        while state == AGAIN:
            state = await submit(batch, line, attempt)
            if state == WAITING:
                state = await finish(batch, line, attempt)
    except faults.DBOSWorkflowConflictIDError:  # another machine has it now
        raise
    except Exception as error:
        work.dropped(batch, line, error)
        await asyncio.Event().wait()
    finally:
        work.left(batch, line)
    return state
