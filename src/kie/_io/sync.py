"""Floor 4: runs flows with blocking I/O. May import `core`, `flows`."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
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
from kie._io.transport import Transport

T = TypeVar("T")


@attrs.define
class Driver:
    """Runs flows for one client."""

    session: Session
    transport: Transport
    sleep: Callable[[float], object] = time.sleep

    def drive(self, flow: Flow[T]) -> T:
        """Run a flow to its end. Whatever an effect raises, Ctrl-C included, is thrown into the flow."""
        try:
            effect = next(flow)
            while True:
                try:
                    value = self.perform(effect)
                except BaseException as error:
                    effect = flow.throw(error)
                else:
                    effect = flow.send(value)
        except StopIteration as end:
            result: T = end.value
            return result
        finally:
            flow.close()

    def stream(self, flow: Flow[None], late: Callable[[Any], object] | None = None) -> Iterator[Any]:
        """Run a flow that starts others, and yield what it gives, as it comes.

        The work goes on while the caller is busy. If the caller is interrupted or stops early, so does the flow;
        `late` gets what it still gives.
        """
        from kie._io.threads import Threads, stream

        return stream(Threads(flow, self.perform, self.session.clock.now), late)

    def gather(self, flow: Flow[None]) -> list[Outcome[Any]]:
        """The outcomes of a batch, in the order of its inputs. An interruption carries those so far."""
        found: list[Outcome[Any]] = []
        try:
            for outcome in self.stream(flow, found.append):
                found.append(outcome)
        except BaseException as error:
            attach(error, found)
            raise
        return ordered(found)

    def perform(self, effect: Effect) -> Any:
        match effect:
            case Send(request, timeout):
                return self.session.redact(self.transport.send(self.session.prepare(request), timeout))
            case Sleep(seconds):
                return self.sleep(seconds)
            case Listen(callbacks, task_id, seconds):
                return callbacks.wait(task_id, seconds)
            case Notify(function, arguments):
                outcome = function(*arguments)
                if hasattr(outcome, "__await__"):
                    getattr(outcome, "close", lambda: None)()
                    raise ConfigError("a callback of Kie may not be async; use AsyncKie")
                return outcome
            case Fetch():
                return self._fetch(effect)
            case _:
                raise AssertionError(f"{effect!r} belongs to a driver of many flows")

    def _fetch(self, fetch: Fetch) -> Fetched:
        from kie._io.files import Download
        from kie._tasks.download import file_name

        headers = {"User-Agent": user_agent(), "Accept": "*/*"}
        with self.transport.stream(fetch.url, headers, fetch.timeout) as answer:
            if answer.status != 200:
                return Fetched(answer.status, answer.headers, None)
            download = Download(fetch.url, fetch.directory, fetch.max_bytes)
            try:
                for chunk in answer.chunks:
                    download.write(chunk)
                path = download.keep(file_name(fetch.stem, fetch.url, answer.headers.get("content-type", "")))
            finally:
                download.discard()
            return Fetched(answer.status, answer.headers, path, download.size)


@attrs.frozen
class SyncSaver:
    """Lets the results of a `Kie` save themselves."""

    driver: Driver
    options: Options
    is_async = False

    def save_sync(self, result: Result, directory: str | PathLike[str]) -> Sequence[Path]:
        from kie._tasks.download import save

        return [Path(path) for path in self.driver.drive(save(self.options, result, fspath(directory)))]

    async def save_async(self, result: Result, directory: str | PathLike[str]) -> Sequence[Path]:
        return self.save_sync(result, directory)
