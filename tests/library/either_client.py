"""Both clients with a library, used as if they were blocking."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

from kie import Kie, Library
from kie.simulator import Simulator
from kie.testing import VirtualClock, trace, virtual_async_kie, virtual_kie

PNG = bytes.fromhex(
    "89504e470d0a1a0a0000000d4948445200000001000000010802000000907753de"
    "0000000c4944415408d763f8cfc0000003010100c9fe92ef0000000049454e44ae426082"
)
"""A picture of one pixel."""


class EitherClient:
    """One of the two clients, over a simulator in virtual time."""

    def __init__(self, asynchronous: bool, root: Path, **settings: Any) -> None:
        make: Any = virtual_async_kie if asynchronous else virtual_kie
        self.library = Library(root / "runs", derivatives=None)
        self.client: Any
        self.service: Simulator
        self.clock: VirtualClock
        settings = {"library": self.library, "journal": root / "journal.jsonl", **settings}
        self.client, self.service, self.clock = make(**settings)

    def do(self, action: Callable[[Any], Any]) -> Any:
        """What an action on the client gives; for an `AsyncKie` what comes of awaiting it."""
        if isinstance(self.client, Kie):
            return action(self.client)

        async def main() -> Any:
            outcome = action(self.client)
            return await outcome if isinstance(outcome, Awaitable) else outcome

        return asyncio.run(main())

    def run(self, request: Any, **options: Any) -> Any:
        """The result of a request."""
        return self.do(lambda client: client.run(request, **options))

    def asked(self, operation: str) -> int:
        """How many requests of this kind arrived."""
        return sum(name == operation for name, _ in self.service.log)

    def sent(self) -> int:
        """How many exchanges there were, downloads too."""
        return len(trace(self.client))


def folders(library: Library) -> list[Path]:
    """The folders of runs, each of which has to be whole."""
    return sorted(path for path in library.path.glob("[0-9]*/*/*/*"))


def left_over(library: Library) -> list[Path]:
    """What lies in the temporary folder."""
    return sorted((library.path / ".tmp").rglob("*"))
