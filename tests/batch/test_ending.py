"""A program that ends in the middle of an asyncio batch: nothing hangs, and the refs are told."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Mapping
from contextlib import AbstractAsyncContextManager
from pathlib import Path
from typing import Any

import pytest

from kie import AsyncKie, Journal
from kie._core.call import HttpRequest, HttpResponse
from kie._io.bodies import AsyncStream
from kie.models import NanoBananaPro

REQUESTS = [NanoBananaPro(prompt=str(number)) for number in range(3)]


class Transport:
    """Accepts a submission, unless it raises or never answers."""

    def __init__(self, error: BaseException | None = None) -> None:
        self.error = error
        self.sent = 0

    async def send(self, request: HttpRequest, timeout: float) -> HttpResponse:
        if request.creates_task:
            self.sent += 1
            if self.error is not None and self.sent == 2:
                raise self.error
            if self.error is None:
                await asyncio.Event().wait()
        body = f'{{"code":200,"msg":"ok","data":{{"taskId":"t{self.sent}"}}}}'
        return HttpResponse(status=200, headers={}, body=body.encode())

    def stream(self, url: str, headers: Mapping[str, str], timeout: float) -> AbstractAsyncContextManager[AsyncStream]:
        raise NotImplementedError

    async def close(self) -> None:
        pass


def in_time(work: Any) -> BaseException | None:
    """Run a program in a thread, so that one that hangs fails the test instead. Gives what it raised."""
    ended: list[BaseException | None] = []

    def run() -> None:
        try:
            asyncio.run(work())
        except BaseException as error:
            ended.append(error)
        else:
            ended.append(None)

    thread = threading.Thread(target=run, daemon=True)
    thread.start()
    thread.join(60)
    assert ended, "it hangs"
    return ended[0]


@pytest.mark.parametrize("kind", [SystemExit, KeyboardInterrupt])
def test_an_exit_in_a_transport_ends_the_batch_and_carries_its_outcomes(
    kind: type[BaseException], tmp_path: Path
) -> None:
    transport = Transport(kind())

    async def main() -> None:
        async with AsyncKie("a-key", transport=transport, journal=tmp_path / "j") as client:
            await client.batch.submit(REQUESTS, concurrency=1)

    error = in_time(main)
    assert isinstance(error, kind)
    outcomes: Any = error.outcomes  # type: ignore[attr-defined]
    assert [str(outcome.ref) for outcome in outcomes] == ["t1", "None", "None"]
    assert any("a task may exist" in note for note in error.__notes__)
    assert [entry.state for entry in Journal(tmp_path / "j").entries()] == ["open", "unknown"]


@pytest.mark.parametrize("turns", range(12))
def test_a_program_that_ends_while_its_batch_runs_does_not_wait_for_it_for_ever(turns: int, tmp_path: Path) -> None:
    transport = Transport()

    async def main() -> None:
        client = AsyncKie("a-key", transport=transport, journal=tmp_path / "j")
        batch = asyncio.create_task(client.batch.submit(REQUESTS))
        for _ in range(turns):  # `asyncio.run` cancels each of its tasks wherever it is by now
            await asyncio.sleep(0)
        assert not batch.done()

    assert in_time(main) is None
    noted = [entry.state for entry in Journal(tmp_path / "j").entries()]
    assert len(noted) >= transport.sent
    assert noted.count("unknown") >= transport.sent
