"""IO: runs flows with blocking I/O. May import every room below."""

from __future__ import annotations

import time
from collections.abc import Callable, Generator
from pathlib import Path
from typing import BinaryIO, TypeVar, cast

import attrs

from kie._core.assets import AnyAsset, Target
from kie._core.errors import ConfigError, pass_on
from kie._core.outcomes import Outcome, attach, ordered
from kie._core.results import AnyResult, Result
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
from kie._io.bodies import Stream
from kie._io.session import Session, fetch_headers
from kie._io.transport import HttpxTransport, Transport
from kie._io.watch import not_ours

T = TypeVar("T")


@attrs.define
class Driver(NotCopied):
    """Runs flows for one client."""

    session: Session
    transport: Transport
    sleep: Callable[[float], object] = time.sleep

    def drive(self, flow: Flow[T]) -> T:
        """Run a flow to its end. Anything an effect raises, including Ctrl-C, is thrown into the flow."""
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
        except BaseException as error:  # from the flow, or Ctrl-C between two of its steps
            pass_on(end_now(flow, self.session.on_disk), error)
            raise

    def drive_many(self, flow: Flow[T]) -> T:
        """Run a flow that starts others. An interruption stops the flow, and is raised once the flow has ended."""
        from kie._io.threads import Threads

        return cast("T", Threads(flow, self).run())

    def stream(self, flow: Delivering[T]) -> Generator[T, None, None]:
        """Run a flow that starts others, and yield each item as it is delivered.

        Nothing happens before the first item is requested. From then on, the work continues while the caller is busy.
        If the caller is interrupted or stops early, the flow stops as well.
        """
        from kie._io.threads import stream

        return stream(flow, self)

    def gather(self, flow: Delivering[Outcome[AnyResult]]) -> list[Outcome[AnyResult]]:
        """Collect the outcomes of a batch in the order of its inputs. An interruption carries the outcomes so far."""
        found: list[Outcome[AnyResult]] = []
        try:
            self.drive_many(flow(found.append, none_waits))
        except BaseException as error:
            attach(error, found)
            raise
        return ordered(found)

    def perform(self, effect: Effect[object]) -> object:
        """Carry out one effect.

        `GeneratorExit` from a user's function becomes `RuntimeError`, because a flow would mistake it for its own end.
        """
        try:
            return self._perform(effect)
        except GeneratorExit as error:
            raise RuntimeError("a function or transport of yours raised GeneratorExit") from error

    def _perform(self, effect: Effect[object]) -> object:
        match effect:
            case Send(request, timeout):
                try:
                    with TAMED:
                        return self.session.redact(self.transport.send(self.session.prepare(request), timeout))
                except BaseException as error:
                    self.session.redact_error(error)
                    if not isinstance(self.transport, HttpxTransport):
                        not_ours(error)
                    raise
            case Open(url):
                if isinstance(self.transport, HttpxTransport):
                    self.transport.open(url)
                return None
            case Sleep(seconds):
                return self.sleep(seconds)
            case Listen(callbacks, task_id, seconds):
                return callbacks.wait(task_id, seconds)
            case Notify(function, arguments):
                return _notified(function, arguments)
            case Fetch():
                try:
                    with self.transport.stream(effect.url, fetch_headers(effect.partial), effect.timeout) as answer:
                        return self.session.redact_fetched(kept(effect, answer))
                except BaseException as error:
                    self.session.redact_error(error)
                    raise
            case Pull(function):
                return function()
            case Together(flow):
                return self.drive_many(flow)
            case Inspect() | OnDisk() | Recall() | Record():
                return self.session.on_disk(effect)
            case _:
                raise AssertionError(f"{effect!r} belongs to a driver of many flows")


def _notified(function: Callable[..., object], arguments: tuple[object, ...]) -> object:
    """Call a user's function, and return its result. Raises `ConfigError` if the function is async."""
    with TAMED:
        outcome = function(*arguments)
        if hasattr(outcome, "__await__"):
            getattr(outcome, "close", lambda: None)()
            raise ConfigError("a callback of Kie may not be async; use AsyncKie")
    return outcome


def kept(fetch: Fetch, answer: Stream) -> Fetched:
    """Write the file of a fetch while its answer arrives. Returns the outcome."""
    from kie._io.files import begun

    download = begun(fetch, answer.status, answer.headers, framed=answer.framed)
    if download is None:
        return Fetched(answer.status, answer.headers, None)
    try:
        download.open()
        for chunk in answer.chunks:
            answer.moved(download.write(chunk))
        return download.keep()
    finally:
        download.discard()


@attrs.frozen
class ClientSaver:
    """Lets the results of a `Kie` save themselves."""

    driver: Driver
    ctx: Context

    def bind(self, result: Result) -> Result:
        """Attach a result to this client."""
        return type(result)(status=result.status, saver=self)

    def save(self, what: AnyResult | AnyAsset, directory: Target, *, overwrite: bool, once: bool = False) -> list[Path]:
        from kie._io import borrowed
        from kie._tasks.download import save

        if borrowed.takes_bytes(directory):
            with self.open(borrowed.only_file(what)) as file:
                borrowed.copyfileobj(file, directory)
            return []
        alone = isinstance(what, AnyAsset) or len(what.assets) == 1
        drive = self.driver.drive if alone else self.driver.drive_many
        return [Path(path) for path in drive(save(self.ctx, what, directory, overwrite=overwrite, once=once))]

    def open(self, asset: AnyAsset) -> BinaryIO:
        from kie._io import borrowed
        from kie._tasks.download import download

        with borrowed.TemporaryDirectory(prefix="kie-") as folder:
            return borrowed.opened(self.driver.drive(download(self.ctx, asset, folder, "file")))
