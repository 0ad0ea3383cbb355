"""Durable: the work of one line: submit once, wait, save. May import every room below, but not the engine."""

from __future__ import annotations

import asyncio
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from functools import partial
from typing import TYPE_CHECKING, TypeVar, cast

import attrs

from kie._core.errors import (
    ApiError,
    CircuitOpen,
    ConfigError,
    InsufficientCredits,
    KeyLimitReached,
    KieError,
    RateLimited,
    TaskFailed,
    TransportFailed,
    Unauthorized,
)
from kie._core.file_name_template import file_name_template, with_id
from kie._core.outcomes import Failed
from kie._core.results import AsyncResult
from kie._core.safe_text import attribute_of
from kie._core.status import TaskStatus
from kie._durable.line_store import LineRow, LineStore
from kie._durable.notes import Closing, Notes, label_of
from kie._durable.stored import outcome_text, restored, status_of
from kie._io.aio import AsyncClientSaver
from kie._io.database import ABSENCE
from kie._io.unusable import Unusable
from kie._tasks.budgeting import began
from kie._tasks.submit import Started, submit
from kie._tasks.wait import cost_nothing, finish

if TYPE_CHECKING:
    from kie._aclient import AsyncKie
    from kie._core.request import Request
    from kie._core.results import Result
    from kie._core.tasks import TaskRef

T = TypeVar("T")

AHEAD = 32
"""The most lines that are prepared (checked, uploaded) for submission at the same time."""

SAVERS = 8
"""The most results whose files are downloaded at the same time."""

PAUSE = 1.0
"""Seconds before a line is retried that hit a limit or did not reach the service. Doubles with each retry."""

LONGEST = 60.0

TRIES = 3
"""How often a line is tried, or taken, while a database or a file cannot be used. After that nothing more is sent."""

OF_ACCOUNT = (Unauthorized, InsufficientCredits, KeyLimitReached)
"""Refusals that every other line would get, too: nothing more is sent, and a later start continues."""


class LineWorker:
    """Does the work of lines, on the engine's event loop.

    Args:
        store: The table of lines.
        connect: Makes the client.
        save: Where to save files, as in `result.save`; None leaves them at the service.
    """

    def __init__(self, store: LineStore, connect: Callable[[], AsyncKie], save: str | None) -> None:
        self.store = store
        self.fault: BaseException | None = None
        self.changed = threading.Event()
        self.running: set[tuple[str, int]] = set()
        """The lines that the engine runs here. Some of them only wait for a later start."""
        self.watched: set[str] = set()
        """The batches that somebody waits for here."""
        self._closed = False
        self._connect = connect
        self._save = save
        self._client: AsyncKie | None = None
        self._notes: Notes | None = None
        self._fresh: set[tuple[str, int]] = set()
        self._tasks: set[tuple[str, int]] = set()
        self._loop: asyncio.AbstractEventLoop | None = None
        self._ahead = asyncio.Semaphore(AHEAD)
        self._savers = asyncio.Semaphore(SAVERS)

    @property
    def busy(self) -> bool:
        """Whether this process is waiting for an answer or a task."""
        return (self._notes is not None and self._notes.under_way > 0) or bool(self._tasks)  # lines go in this order

    def prepare(self) -> None:
        """Make the client, so that invalid options are reported at once. Raises `ConfigError`."""
        self._client = client = self._connect()
        session = client._driver.session
        self._notes = session.journal = Notes(self.store, session.journal, self._tasks)

    def stop(self, error: BaseException) -> None:
        """Send nothing more, but wait for existing tasks."""
        self.fault = self.fault or error
        self.changed.set()

    def dropped(self, batch: str, line: int, error: BaseException) -> None:
        """Give up a line that the engine could not note, and stop sending. A later start continues with it."""
        self._tasks.discard((batch, line))
        if self._notes is not None:
            self._notes.give_up(batch, line)
        self.stop(error)

    def left(self, batch: str, line: int) -> None:
        """Note that a line no longer runs here: it has ended, or another machine has it."""
        self.running.discard((batch, line))
        self._tasks.discard((batch, line))
        self.changed.set()

    def close(self, patience: float) -> None:
        """Send nothing more, and wait for the answers to submissions under way."""
        if self._notes is None:
            return
        self._notes.close()
        until = time.monotonic() + patience
        while self._notes.under_way and time.monotonic() < until:
            time.sleep(0.02)
        self._closed = True
        if self._client is None:
            return
        if self._loop is None:  # no line was started
            asyncio.run(self._client.close())
        elif self._loop.is_running():
            with suppress(TimeoutError):
                asyncio.run_coroutine_threadsafe(self._client.close(), self._loop).result(10)

    async def submit(self, batch: str, line: int, attempt: int) -> str:
        """Send a line, unless it was or may have been sent already. Returns its state."""
        self._loop = asyncio.get_running_loop()
        row = await self._row(batch, line, attempt)
        if row is None:
            return "superseded"
        if row.ended or row.ref:
            return row.state
        async with self._ahead:
            try:
                request = restored(row.request)
            except KieError as error:
                return await self._end(row, error)
            return await self._submitted(row, request)

    async def _submitted(self, row: LineRow, request: Request[Result]) -> str:
        client, label = self._made(), label_of(row.batch, row.line)
        ctx = client._ctx
        if ctx.budget is not None:  # if a process was killed between reserving and noting, its reservation is reused
            ctx = attrs.evolve(ctx, options=attrs.evolve(ctx.options, budget=ctx.budget._for(row.place)))
        pause, until, tries = PAUSE, time.monotonic() + ctx.options.timeout, 0
        while True:
            self._tasks.discard((row.batch, row.line))
            await self._gate()
            tries += 1
            answer: Started | Exception
            try:
                answer = await client._driver.drive(submit(ctx, request, label=label))
            except Exception as failure:
                answer = failure
            await self._settled(row.batch, row.line)
            if not isinstance(answer, Exception):
                started = answer
                break
            error = answer
            of_all = isinstance(error, OF_ACCOUNT) or (isinstance(error, Unusable) and tries >= TRIES)
            if isinstance(error, Closing) or (nothing_sent(error) and of_all):
                self.stop(error)
            elif not (nothing_sent(error) and passes(error)) or time.monotonic() + pause > until:
                return await self._end(row, error)
            else:
                await asyncio.sleep(max(pause, getattr(error, "retry_after", None) or 0))
                pause = min(2 * pause, LONGEST)
        self._tasks.add((row.batch, row.line))
        await self._disk(lambda: self.store.accepted(row.batch, row.line, None, started.ref))
        if started.status is not None:
            text = outcome_text(None, started.status, None, [])
            await self._disk(lambda: self.store.answered(row.batch, row.line, text))
        self._fresh |= {(row.batch, row.line)} if started.fresh else set()
        return "waiting"

    async def _settled(self, batch: str, line: int) -> None:
        """Note again what could not be noted of a submission, because its task may be paid for. Raises `Unusable`."""
        if self._notes is None:
            return
        until = time.monotonic() + ABSENCE
        for left in reversed(range(TRIES)):
            try:
                await self._disk(partial(self._notes.settle, batch, line))
                return
            except Unusable:
                if not left or time.monotonic() > until:
                    self._notes.give_up(batch, line)
                    raise
            await asyncio.sleep(PAUSE)

    async def finish(self, batch: str, line: int, attempt: int) -> str:
        """Wait for the task of a line and save its files. Safe to repeat. Returns the state of the line, or `again`."""
        self._tasks.add((batch, line))
        try:
            row = await self._row(batch, line, attempt)
            if row is None:
                return "superseded"
            ref = row.task
            if row.ended or ref is None:
                return row.state if row.ended else "again"
            return await self._finished(row, ref)
        finally:
            self._tasks.discard((batch, line))
            self.changed.set()

    async def _finished(self, row: LineRow, ref: TaskRef) -> str:
        client, fresh = self._made(), (row.batch, row.line) in self._fresh
        self._fresh.discard((row.batch, row.line))
        if client._ctx.budget is not None and not fresh:  # the sender may have been killed before it noted the task
            await client._driver.drive(began(client._ctx, client._ctx.budget, row.place, ref))
        kind = kind_of(row.request)
        flow = finish(
            client._ctx,
            ref,
            kind,
            AsyncClientSaver(client._driver, client._ctx).bind,
            fresh=fresh,
            status=status_of(row),
        )
        try:
            result = cast("AsyncResult", await client._driver.drive(flow))
        except TaskFailed as failed:
            if row.tries < client._ctx.options.retry_free and cost_nothing(failed.status):
                await self._disk(lambda: self.store.renew(row.batch, row.line, str(ref)))
                return "again"
            return await self._end(row, failed, failed.status, kind)
        except OF_ACCOUNT:  # the task keeps running, and the next start waits for it
            raise
        except Exception as error:
            if isinstance(error, Unusable) or type(error) is ConfigError:  # the same as for refusals of the account
                raise
            return await self._end(row, error)
        return await self._saved(row, result)

    async def _saved(self, row: LineRow, result: AsyncResult) -> str:
        files: list[str] = []
        error: Exception | None = None
        if self._save is not None and result.assets:
            target, own = target_of(self._save, row.id)
            async with self._savers:
                try:
                    files = [str(path) for path in await result._saved_once(target, overwrite=own)]
                except Exception as failure:
                    error = failure
        return await self._end(row, error, result.status, result.kind, files)

    async def _end(
        self,
        row: LineRow,
        error: Exception | None,
        status: TaskStatus | None = None,
        kind: str | None = None,
        files: list[str] | None = None,
    ) -> str:
        """Note how a line ended. A failure because the client is closed does not end the line."""
        if self._closed and error is not None:
            await asyncio.Event().wait()
        latest = await self._disk(lambda: self.store.row(row.batch, row.line))
        ref = latest.task if latest is not None else None
        state = "succeeded" if error is None else Failed(index=row.line, error=error, ref=ref, ended=0.0).state
        text = outcome_text(error, status, kind, files or [])
        await self._disk(lambda: self.store.end(row.batch, row.line, row.attempt, state, text))
        self.changed.set()
        return state

    async def _row(self, batch: str, line: int, attempt: int) -> LineRow | None:
        row = await self._disk(lambda: self.store.row(batch, line))
        return row if row is not None and row.attempt == attempt else None

    async def _gate(self) -> None:
        """Block forever once sending has stopped, so that the line stays unchanged for a later start."""
        if self.fault is not None:
            await asyncio.Event().wait()

    async def _disk(self, function: Callable[[], T]) -> T:
        return await asyncio.to_thread(function)

    def _made(self) -> AsyncKie:
        if self._client is None:
            raise ConfigError("the engine has no client")
        return self._client


def nothing_sent(error: BaseException) -> bool:
    """Whether it is certain that a submission created nothing."""
    match error:
        case CircuitOpen():
            return True
        case TransportFailed():
            return error.sent is False
        case ApiError():
            return error.task_created is False and getattr(error, "ref", None) is None
        case ConfigError():
            return attribute_of(error, "ref") is None and attribute_of(error, "task_created", False) is False
        case _:
            return False


def passes(error: BaseException) -> bool:
    """Whether the reason that a line was not sent may pass, such as an unreachable database."""
    return isinstance(error, (CircuitOpen, RateLimited, TransportFailed, Unusable))


def kind_of(request: str) -> str | None:
    """The kind of output of a stored request; None if this version cannot tell."""
    try:
        return restored(request).info.result
    except KieError:
        return None


def target_of(save: str, id: str | None) -> tuple[str, bool]:
    """Where the files of a line go, and whether existing files with these names there must be its own."""
    template = file_name_template(save)
    if id is None:
        return save, template.stem is None or "{id}" in save
    import os

    return with_id(os.path.join(save, "{id}_{n}.{ext}") if template.stem is None else save, id), False
