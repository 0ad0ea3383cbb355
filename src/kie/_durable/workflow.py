"""Durable: the workflow that the engine runs for each line. May import the engine (`dbos`) and `_durable`.

The engine registers functions per process, so a process can have only one `Durable` at a time. Each step runs at least
once. The note of a line guards what may happen only once.
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
"""Returned by a step instead of a state: the task failed without cost, so the line is submitted again."""

WAITING = "waiting"
"""Returned by `submit` once the line has a task."""

_running: list[LineWorker] = []


def run_by(work: LineWorker | None) -> None:
    """Set the worker for all lines from now on; None for none."""
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
    """Run a step. If it fails (for example, because the disk is full), it never returns: the engine would store the
    error and raise it forever.

    This way the line stays as it is, and a later start continues it.
    """
    try:
        return await step
    except Exception as error:
        work.dropped(batch, line, error)
        await asyncio.Event().wait()
        raise


@DBOS.workflow(name="kie.line", max_recovery_attempts=None)
async def run_line(batch: str, line: int, attempt: int) -> str:
    """Run a line. If the engine cannot record a step, the line stays as it is, too."""
    work, state = _running[0], AGAIN
    work.running.add((batch, line))
    try:
        while state == AGAIN:
            state = await submit(batch, line, attempt)
            if state == WAITING:
                state = await finish(batch, line, attempt)
    except faults.DBOSWorkflowConflictIDError:  # another machine has the line now
        raise
    except Exception as error:
        work.dropped(batch, line, error)
        await asyncio.Event().wait()
    finally:
        work.left(batch, line)
    return state
