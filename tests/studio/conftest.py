"""Studios over a simulator in memory and in virtual time, and a page that asks them."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any, TypeVar

import attrs
import httpx2
import pytest

from kie import AsyncKie
from kie._io.budget import Budget
from kie._studio.guard import Guard, names_of
from kie._studio.studio import Studio
from kie.library import Library
from kie.simulator import FaultSource, Simulator
from kie.testing import VirtualClock, virtual_async_kie
from tests.processes import LONGEST

T = TypeVar("T")

KEY = "a-key-that-nobody-may-see"
TOKEN = "a-token-of-this-test"
PORT = 8787
BASE = f"http://127.0.0.1:{PORT}"
IMAGE: dict[str, Any] = {"model": "nano-banana-pro", "input": {"prompt": "A lighthouse at dusk"}}
"""An input that costs 18 credits."""


def finish(work: Callable[[], Awaitable[T]]) -> T:
    """Run a coroutine to its end, or fail after half a minute of real time."""

    async def bounded() -> T:
        async with asyncio.timeout(LONGEST):
            return await work()

    return asyncio.run(bounded())


@attrs.define(kw_only=True)
class Desk:
    """A studio, what it runs on, and how to ask it."""

    studio: Studio
    state: Simulator
    clock: VirtualClock
    journal: Path

    @property
    def client(self) -> AsyncKie:
        return self.studio.client

    @property
    def sent(self) -> int:
        """Tasks that exist."""
        return len(self.state.accepted)

    @asynccontextmanager
    async def page(self, **headers: str) -> AsyncIterator[httpx2.AsyncClient]:
        """A page of the studio, which is open meanwhile."""
        async with self.studio, self.asking(**headers) as page:
            yield page

    def asking(self, **headers: str) -> httpx2.AsyncClient:
        """A page, of a studio that is open already."""
        return httpx2.AsyncClient(
            transport=httpx2.ASGITransport(self.studio), base_url=BASE, headers={"X-Kie-Studio": TOKEN, **headers}
        )


class Desks:
    """Makes studios in the folder of a test."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.library = folder / "library"
        (folder / "uploads").mkdir(mode=0o700, exist_ok=True)

    def __call__(
        self,
        *,
        budget: Budget | None = None,
        faults: FaultSource = None,
        read_only: bool = False,
        journaled: bool = True,
        **options: Any,
    ) -> Desk:
        journal, library = self.folder / "journal.jsonl", Library(self.library, derivatives=None)
        kept: dict[str, Any] = {"journal": journal if journaled else None, "library": library}
        client, state, clock = virtual_async_kie(faults=faults, api_key=KEY, budget=budget, **kept, **options)
        guard = Guard(names=names_of("127.0.0.1", PORT), token=TOKEN)
        studio = Studio(
            client=client,
            library=library,
            guard=guard,
            uploads=self.folder / "uploads",
            read_only=read_only,
        )
        return Desk(studio=studio, state=state, clock=clock, journal=journal)


@pytest.fixture
def desks(tmp_path: Path) -> Desks:
    return Desks(tmp_path)


def error(answer: httpx2.Response, status: int) -> dict[str, Any]:
    """What went wrong, as the studio says."""
    assert answer.status_code == status, answer.text
    found: dict[str, Any] = answer.json()["error"]
    assert found["message"] and KEY not in answer.text
    return found


def data(answer: httpx2.Response, status: int = 200) -> dict[str, Any]:
    """What the studio answered."""
    assert answer.status_code == status, answer.text
    assert KEY not in answer.text
    found: dict[str, Any] = answer.json()
    return found


def press(key: str = "press-0001", at_most: str | None = "18", **changes: Any) -> dict[str, Any]:
    """What the button sends."""
    return {**IMAGE, "key": key, "at_most": at_most, **changes}


async def ended(page: httpx2.AsyncClient, id: str) -> dict[str, Any]:
    """Watch a run until it has ended, and give its row."""
    return events(await page.get(f"/api/runs/{id}/events"))[-1][1]


def events(answer: httpx2.Response) -> list[tuple[str, dict[str, Any]]]:
    """The events of a stream, in order: their names, and what they say."""
    assert answer.status_code == 200 and answer.headers["content-type"].startswith("text/event-stream"), answer.text
    found = []
    for block in answer.text.split("\n\n"):
        if block and not block.startswith(":"):
            name, facts = block.split("\n")
            found.append((name.removeprefix("event: "), json.loads(facts.removeprefix("data: "))))
    assert KEY not in answer.text and found[-1][0] == "ended"
    return found
