"""A batch that is interrupted twice waits for no answer: every submission under way is noted as unknown."""

from __future__ import annotations

import asyncio
import itertools
import json
import threading
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import anyio
import pytest
import trio

from kie import AsyncKie, Journal, Kie, Outcome, RateLimit
from kie._core.call import HttpRequest, HttpResponse, TransportError
from kie._io import threads as kie_threads
from kie._io.event_loop import Tasks
from kie.models import NanoBananaPro

HELD = 60.0
"""Seconds for which a submission gets no answer: a test that waits for them fails."""


def numbered(count: int) -> list[NanoBananaPro]:
    return [NanoBananaPro(prompt=str(number)) for number in range(count)]


class Silent:
    """A transport that has a submission forever. It says how many it has."""

    def __init__(self) -> None:
        self.sent = itertools.count(1)
        self.all = threading.Event()

    def came(self) -> None:
        if next(self.sent) == 3:  # counted in one step, whichever threads come at the same time
            self.all.set()

    def stream(self, url: str, headers: object, timeout: float) -> Any:
        raise AssertionError(url)


class Blocking(Silent):
    """The same for threads, until the test is over."""

    def __init__(self) -> None:
        super().__init__()
        self.over = threading.Event()

    def send(self, request: HttpRequest, timeout: float) -> HttpResponse:
        self.came()
        self.over.wait(HELD)
        raise TransportError("over", sent=None)

    def close(self) -> None:
        self.over.set()


class Awaiting(Silent):
    """The same for event loops."""

    async def send(self, request: HttpRequest, timeout: float) -> HttpResponse:
        self.came()
        await anyio.sleep(HELD)
        raise AssertionError("nobody has cancelled it")

    async def close(self) -> None:
        """Nothing is open."""


def check_given_up(error: BaseException, journal: Path) -> None:
    outcomes: list[Outcome[Any]] = error.outcomes  # type: ignore[attr-defined]
    assert [outcome.state for outcome in outcomes] == ["unknown"] * 3
    assert [entry.state for entry in Journal(journal).entries()] == ["unknown"] * 3
    assert [json.loads(line)["event"] for line in journal.read_text("utf-8").splitlines()].count("unknown") == 3


@pytest.mark.parametrize("method", ["run", "stream"])
@pytest.mark.parametrize("more", [1, 2])
def test_a_second_or_third_ctrl_c_waits_for_no_answer_and_leaves_every_submission_noted_as_unknown(
    method: str, more: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    transport, real = Blocking(), kie_threads.Threads.stop

    def stop(self: Any) -> None:
        pressed, waits = iter([True] * more), self._wait

        def interrupted() -> None:
            if next(pressed, False):
                raise KeyboardInterrupt
            waits()

        self._wait = interrupted
        real(self)

    monkeypatch.setattr(kie_threads.Threads, "stop", stop)
    journal = tmp_path / "journal.jsonl"

    def press(*_: object) -> None:
        assert transport.all.wait(HELD)
        raise KeyboardInterrupt

    with Kie("key", transport=transport, journal=journal, rate_limit=RateLimit.unlimited()) as client:
        if method == "run":
            waiting = SimpleNamespace(Event=pressing(press), Thread=threading.Thread, Lock=threading.Lock)
            monkeypatch.setattr("kie._io.threads.threading", waiting)
            with pytest.raises(KeyboardInterrupt) as caught:
                client.batch.run(numbered(3))
            check_given_up(caught.value, journal)
        else:
            monkeypatch.setattr("kie._io.threads._take", once(press, kie_threads._take))
            with pytest.raises(KeyboardInterrupt):
                list(client.batch.stream(numbered(3)))
            assert [entry.state for entry in Journal(journal).entries()] == ["unknown"] * 3


def pressing(press: Callable[[], None]) -> type[threading.Event]:
    """Events of which the first wait is interrupted."""

    class Pressing(threading.Event):
        def wait(self, timeout: float | None = None) -> bool:
            if not hasattr(self, "pressed"):
                self.pressed = True
                press()
            return super().wait(timeout)

    return Pressing


def once(press: Callable[[], None], function: Callable[..., Any]) -> Callable[..., Any]:
    """A function whose first call is interrupted."""
    left = [press]

    def call(*arguments: Any) -> Any:
        while left:
            left.pop()()
        return function(*arguments)

    return call


@pytest.mark.parametrize("loop", ["asyncio", "trio"])
@pytest.mark.parametrize("times", [2, 3])
def test_a_second_or_third_cancellation_waits_for_no_answer_and_notes_every_submission(
    loop: str, times: int, tmp_path: Path
) -> None:
    journal = tmp_path / "journal.jsonl"
    raised: list[BaseException] = []

    async def run(client: AsyncKie) -> None:
        try:
            await client.batch.run(numbered(3))
        except BaseException as error:
            raised.append(error)
            raise

    async def on_asyncio() -> None:
        transport = Awaiting()
        async with AsyncKie("key", transport=transport, journal=journal, rate_limit=RateLimit.unlimited()) as client:
            task = asyncio.create_task(run(client))
            async with asyncio.timeout(HELD):
                while not transport.all.is_set():
                    await asyncio.sleep(0.001)
            for _ in range(times):
                task.cancel()
                await asyncio.sleep(0)
                await asyncio.sleep(0)
            with pytest.raises(asyncio.CancelledError):
                await task

    async def on_trio() -> None:
        transport = Awaiting()
        driven = AsyncKie("key", transport=transport, journal=journal, rate_limit=RateLimit.unlimited())
        async with driven as client:
            with pytest.raises(KeyboardInterrupt):
                await run_interrupted(client, transport)

    async def run_interrupted(client: AsyncKie, transport: Awaiting) -> None:
        real = Tasks.listen
        pressed: list[bool] = []

        async def listen(self: Tasks) -> None:
            if len(pressed) < times:
                with trio.fail_after(HELD):
                    while not transport.all.is_set():
                        await trio.sleep(0.001)
                pressed.append(True)
                raise KeyboardInterrupt
            await real(self)

        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(Tasks, "listen", listen)
            await run(client)

    if loop == "trio":
        trio.run(on_trio)
    else:
        asyncio.run(on_asyncio())
    check_given_up(raised[0], journal)
