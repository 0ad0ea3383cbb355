"""Floor 4: runs flows on asyncio (or whatever the transport runs on). May import `core`, `flows`."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Awaitable, Callable, Sequence
from os import PathLike, fspath
from pathlib import Path
from typing import Any, TypeVar

import attrs

from kie._core.errors import ConfigError
from kie._core.outcomes import Outcome, attach, ordered
from kie._core.results import Result
from kie._flow.effects import Effect, Fetch, Fetched, Flow, Listen, Notify, Send, Sleep
from kie._flow.options import Options
from kie._io.session import Session, user_agent
from kie._io.transport import AsyncTransport

T = TypeVar("T")


async def _sleep(seconds: float) -> None:
    import anyio

    await anyio.sleep(seconds)


@attrs.define
class AsyncDriver:
    """Runs flows for one client."""

    session: Session
    transport: AsyncTransport
    sleep: Callable[[float], Awaitable[object]] = _sleep

    async def drive(self, flow: Flow[T]) -> T:
        """Run a flow to its end. Whatever an effect raises, cancellation included, is thrown into the flow."""
        try:
            effect = next(flow)
            while True:
                try:
                    value = await self.perform(effect)
                except BaseException as error:
                    effect = flow.throw(error)
                else:
                    effect = flow.send(value)
        except StopIteration as end:
            result: T = end.value
            return result
        finally:
            flow.close()

    def stream(self, flow: Flow[None], late: Callable[[Any], object] | None = None) -> AsyncGenerator[Any, None]:
        """Run a flow that starts others, and yield what it gives, as it comes.

        The work goes on while the caller is busy. If the caller is cancelled or stops early, so does the flow;
        `late` gets what it still gives.
        """
        from kie._io.event_loop import stream

        return stream(flow, self, late)

    async def gather(self, flow: Flow[None]) -> list[Outcome[Any]]:
        """The outcomes of a batch, in the order of its inputs. A cancellation carries those so far."""
        found: list[Outcome[Any]] = []
        try:
            async for outcome in self.stream(flow, found.append):
                found.append(outcome)
        except BaseException as error:
            attach(error, found)
            raise
        return ordered(found)

    async def perform(self, effect: Effect) -> Any:
        match effect:
            case Send(request, timeout):
                return self.session.redact(await self.transport.send(self.session.prepare(request), timeout))
            case Sleep(seconds):
                return await self.sleep(seconds)
            case Listen(callbacks, task_id, seconds):
                return await callbacks.wait_async(task_id, seconds)
            case Notify(function, arguments):
                outcome = function(*arguments)
                return await outcome if isinstance(outcome, Awaitable) else outcome
            case Fetch():
                return await self._fetch(effect)
            case _:
                raise AssertionError(f"{effect!r} belongs to a driver of many flows")

    async def _fetch(self, fetch: Fetch) -> Fetched:
        from kie._io.files import Download
        from kie._tasks.download import file_name

        headers = {"User-Agent": user_agent(), "Accept": "*/*"}
        async with self.transport.stream(fetch.url, headers, fetch.timeout) as answer:
            if answer.status != 200:
                return Fetched(answer.status, answer.headers, None)
            download = Download(fetch.url, fetch.directory, fetch.max_bytes)
            try:
                async for chunk in answer.chunks:
                    download.write(chunk)
                path = download.keep(file_name(fetch.stem, fetch.url, answer.headers.get("content-type", "")))
            finally:
                download.discard()
            return Fetched(answer.status, answer.headers, path, download.size)


@attrs.frozen
class AsyncSaver:
    """Lets the results of an `AsyncKie` save themselves."""

    driver: AsyncDriver
    options: Options
    is_async = True

    def save_sync(self, result: Result, directory: str | PathLike[str]) -> Sequence[Path]:
        raise ConfigError("this result belongs to an AsyncKie: write `await result.save(...)`")

    async def save_async(self, result: Result, directory: str | PathLike[str]) -> Sequence[Path]:
        from kie._tasks.download import save

        return [Path(path) for path in await self.driver.drive(save(self.options, result, fspath(directory)))]
