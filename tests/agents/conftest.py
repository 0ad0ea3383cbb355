"""Tools of agents over a simulator in memory and in virtual time, and clients of the protocol in both of its eras."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from decimal import Decimal
from pathlib import Path
from typing import Any, TypeVar, cast

import attrs
import pytest
from mcp import Client
from mcp.types import CallToolResult, ElicitResult

from kie import AsyncKie
from kie._agents.root import Root
from kie._agents.server import server
from kie._agents.tools import AgentTools
from kie._io.budget import Budget
from kie.library import Library
from kie.simulator import FaultSource, Simulator
from kie.testing import VirtualClock, virtual_async_kie
from tests.processes import LONGEST

T = TypeVar("T")

KEY = "a-key-that-nobody-may-see"
IMAGE = {"model": "nano-banana-pro", "input": {"prompt": "A lighthouse at dusk"}}
"""A call of `generate` that costs 18 credits at most."""
UNPRICED = {"model": "kling-3.0/motion-control"}


def agree(asked: list[str] | None = None, *, spend: bool = True, action: str = "accept") -> Callable[..., Any]:
    """A user who answers each question in one way, and notes it."""

    async def answer(_: object, params: Any) -> ElicitResult:
        if asked is not None:
            asked.append(params.message)
        return ElicitResult(action=action, content={"spend": spend} if action == "accept" else None)  # type: ignore[arg-type]

    return answer


@attrs.define(kw_only=True)
class Desk:
    """The tools, what they run on, and who may speak with them."""

    tools: AgentTools
    state: Simulator
    clock: VirtualClock
    journal: Path

    @property
    def client(self) -> AsyncKie:
        return self.tools.client

    @property
    def sent(self) -> int:
        """Tasks that exist."""
        return len(self.state.accepted)

    @asynccontextmanager
    async def connected(self, mode: str, answer: Callable[..., Any] | None = None) -> AsyncIterator[Client]:
        """A client of the protocol; one without `answer` cannot ask its user."""
        async with Client(server(lambda: self.tools), mode=mode, elicitation_callback=answer) as client:
            yield client


class Desks:
    """Makes desks in the folder of a test."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.root = folder / "root"
        self.root.mkdir()

    def __call__(
        self,
        *,
        free: int = 0,
        budget: Budget | None = None,
        faults: FaultSource = None,
        library: Library | None = None,
        **options: Any,
    ) -> Desk:
        journal = self.folder / "journal.jsonl"
        client, state, clock = virtual_async_kie(
            faults=faults, journal=journal, api_key=KEY, budget=budget, library=library, **options
        )
        tools = AgentTools(
            client=client, root=Root(self.root), free=Decimal(free), journal=journal, library=library, simulated=True
        )
        return Desk(tools=tools, state=state, clock=clock, journal=journal)


@pytest.fixture
def desks(tmp_path: Path) -> Desks:
    return Desks(tmp_path)


@pytest.fixture(params=["legacy", "auto"])
def mode(request: pytest.FixtureRequest) -> str:
    """Each era of the protocol: questions in the middle of a call, or as the answer to one that is then repeated."""
    return str(request.param)


def finish(work: Callable[[], Awaitable[T]]) -> T:
    """Run a coroutine to its end, or fail after a minute of real time."""

    async def bounded() -> T:
        async with asyncio.timeout(LONGEST):
            return await work()

    return asyncio.run(bounded())


def error(answer: CallToolResult) -> dict[str, Any]:
    """What went wrong, as the tool says."""
    assert answer.is_error and answer.structured_content is not None, answer
    return cast("dict[str, Any]", answer.structured_content["error"])


def data(answer: CallToolResult) -> dict[str, Any]:
    """What a tool answered."""
    assert not answer.is_error and answer.structured_content is not None, answer
    return cast("dict[str, Any]", answer.structured_content)
