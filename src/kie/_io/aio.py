"""IO: runs flows on asyncio or trio. May import every room below.

Nothing here blocks the event loop: disk access happens in threads.
"""

from __future__ import annotations

from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import ExitStack
from functools import partial
from pathlib import Path
from typing import BinaryIO, Protocol, TypeVar, cast

import attrs

from kie._core.assets import AnyAsset, Target
from kie._core.errors import pass_on
from kie._core.outcomes import Outcome, attach, ordered
from kie._core.results import AnyResult, AsyncResult, Result
from kie._core.safe_text import TAMED
from kie._core.shared import NotCopied
from kie._flow.context import Context
from kie._flow.effects import (
    Delivering,
    Effect,
    Fetch,
    Fetched,
    Flow,
    Inspect,
    Listen,
    Notify,
    OnDisk,
    Open,
    Pull,
    Recall,
    Record,
    Send,
    Sleep,
    Together,
    end_now,
    none_waits,
)
from kie._io.offload import in_thread, to_the_end
from kie._io.session import Session, fetch_headers
from kie._io.transport import AsyncHttpxTransport, AsyncTransport
from kie._io.watch import not_ours

T = TypeVar("T")

_PIECE = 1024 * 1024
"""Bytes of a download to collect before a thread writes them."""


class Offload(Protocol):
    """Calls a blocking function off the event loop."""

    def __call__(self, function: Callable[[], T], /) -> Awaitable[T]: ...


async def _sleep(seconds: float) -> None:
    import anyio

    await anyio.sleep(seconds)


@attrs.define
class AsyncDriver(NotCopied):
    """Runs flows for one client. With virtual time it uses no threads, because the clock would not wait for them."""

    session: Session
    transport: AsyncTransport
    sleep: Callable[[float], Awaitable[object]] = _sleep
    in_thread: Offload = in_thread
    to_the_end: Offload = to_the_end

    async def drive(self, flow: Flow[T]) -> T:
        """Run a flow to its end. Anything an effect raises, including a cancellation, is thrown into the flow."""
        try:
            effect = next(flow)
            while True:
                try:
                    value = await self.perform(effect)
                except GeneratorExit:  # from a user's function, or because this coroutine is closed: it may not await
                    raise
                except BaseException as error:
                    effect = flow.throw(error)
                else:
                    effect = flow.send(value)
        except StopIteration as end:
            result: T = end.value
            return result
        except BaseException as error:  # from the flow, or from whatever interrupts it
            pass_on(end_now(flow, self.session.on_disk), error)
            raise

    async def drive_many(self, flow: Flow[T]) -> T:
        """Run a flow that starts others. A cancellation stops the flow, and is raised once the flow has ended."""
        from kie._io.event_loop import Tasks

        return cast("T", await Tasks(flow, self).run())

    def stream(self, flow: Delivering[T]) -> AsyncGenerator[T, None]:
        """Run a flow that starts others, and yield each item as it is delivered.

        Nothing happens before the first item is requested. From then on, the work continues while the caller is busy.
        If the caller is cancelled or stops early, the flow stops as well.
        """
        from kie._io.event_loop import stream

        return stream(flow, self)

    async def gather(self, flow: Delivering[Outcome[AnyResult]]) -> list[Outcome[AnyResult]]:
        """Collect the outcomes of a batch in the order of its inputs. A cancellation carries the outcomes so far."""
        found: list[Outcome[AnyResult]] = []
        try:
            await self.drive_many(flow(found.append, none_waits))
        except BaseException as error:
            attach(error, found)
            raise
        return ordered(found)

    async def perform(self, effect: Effect[object]) -> object:
        """Carry out one effect."""
        match effect:
            case Send(request, timeout):
                try:
                    with TAMED:
                        return self.session.redact(await self.transport.send(self.session.prepare(request), timeout))
                except BaseException as error:
                    self.session.redact_error(error)
                    if not isinstance(self.transport, AsyncHttpxTransport):
                        not_ours(error)
                    raise
            case Open(url):
                await self._open(url)
                return None
            case Sleep(seconds):
                return await self.sleep(seconds)
            case Listen(callbacks, task_id, seconds):
                return await callbacks.wait_async(task_id, seconds)
            case Notify(function, arguments):
                return await _notified(function, arguments)
            case Pull(function):
                return function()
            case Fetch():
                return await self._redacted(effect)
            case Together(flow):
                return await self.drive_many(flow)
            case OnDisk() | Record():
                return await self.to_the_end(lambda: self.session.on_disk(effect))
            case Inspect() | Recall():
                return await self.in_thread(lambda: self.session.on_disk(effect))
            case _:
                raise AssertionError(f"{effect!r} belongs to a driver of many flows")

    async def _open(self, url: str) -> None:
        if isinstance(self.transport, AsyncHttpxTransport):
            await self.transport.open(url)

    async def _redacted(self, fetch: Fetch) -> Fetched:
        try:
            return self.session.redact_fetched(await self._fetch(fetch))
        except BaseException as error:
            self.session.redact_error(error)
            raise

    async def _fetch(self, fetch: Fetch) -> Fetched:
        from kie._io.files import begun

        async with self.transport.stream(fetch.url, fetch_headers(fetch.partial), fetch.timeout) as answer:
            download = begun(fetch, answer.status, answer.headers, framed=answer.framed)
            if download is None:
                return Fetched(answer.status, answer.headers, None)
            try:
                await self.to_the_end(download.open)
                piece = bytearray()
                async for chunk in answer.chunks:
                    piece += chunk
                    content = len(chunk)
                    if len(piece) >= _PIECE or download.encoded:
                        written = await self.to_the_end(partial(download.write, piece))
                        content = written if download.encoded else content
                        piece = bytearray()
                    answer.moved(content)
                return await self.to_the_end(partial(download.finish, piece))
            finally:
                await self.to_the_end(download.discard)


async def _notified(function: Callable[..., object], arguments: tuple[object, ...]) -> object:
    """Call a user's function. Returns its result, awaited if it is awaitable."""
    with TAMED:
        outcome = function(*arguments)
        return await outcome if isinstance(outcome, Awaitable) else outcome


@attrs.frozen
class AsyncClientSaver:
    """Lets the results of an `AsyncKie` save themselves."""

    driver: AsyncDriver
    ctx: Context

    def bind(self, result: Result) -> AsyncResult:
        """Convert a result into its async twin, which belongs to this client."""
        return result._asynchronous(self)

    async def save(
        self, what: AnyResult | AnyAsset, directory: Target, *, overwrite: bool, once: bool = False
    ) -> list[Path]:
        from kie._io import borrowed
        from kie._tasks.download import save

        if borrowed.takes_bytes(directory):
            with await self.open(borrowed.only_file(what)) as file:
                await self.driver.to_the_end(partial(borrowed.copyfileobj, file, directory))
            return []
        alone = isinstance(what, AnyAsset) or len(what.assets) == 1
        drive = self.driver.drive if alone else self.driver.drive_many
        return [Path(path) for path in await drive(save(self.ctx, what, directory, overwrite=overwrite, once=once))]

    async def open(self, asset: AnyAsset) -> BinaryIO:
        from kie._io import borrowed
        from kie._tasks.download import download

        in_thread = self.driver.to_the_end
        with ExitStack() as folders, ExitStack() as files:  # they clean up even what nobody waits for any more
            place = await in_thread(lambda: folders.enter_context(borrowed.TemporaryDirectory(prefix="kie-")))
            try:
                path = await self.driver.drive(download(self.ctx, asset, place, "file"))
                file = await in_thread(lambda: files.enter_context(borrowed.opened(path)))
            finally:
                await in_thread(folders.close)
            files.pop_all()
            return file

    async def read(self, file: BinaryIO, size: int) -> bytes:
        return await self.driver.to_the_end(partial(file.read, size))
