"""Studios that listen on this machine, for a browser."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import attrs

from kie._studio.serving import _Server, address_of, listener
from kie._studio.studio import Studio
from kie.library import Library
from kie.simulator import Simulator, simulated
from tests.processes import LONGEST

LIMIT = LONGEST
"""Seconds that a studio has to end."""


@attrs.frozen(kw_only=True)
class Served:
    """A studio that listens."""

    address: str
    """Where the page is, with its token."""
    base: str
    """Where the page is, without it."""
    state: Simulator
    """The service behind it."""


@contextmanager
def served(folder: Path, *, speed: float = 100.0, read_only: bool = False, **options: Any) -> Iterator[Served]:
    """Serve a studio over a simulator, in a thread.

    Args:
        folder: Where the library, the journal and the uploads are.
        speed: How fast the simulator works.
        read_only: Whether nothing may be run.
        **options: Options of the client.
    """
    library, uploads = Library(folder / "library"), folder / "uploads"
    uploads.mkdir(mode=0o700)
    at, guard, _ = listener("127.0.0.1", 0, {})
    with simulated(speed=speed, seed=1) as service, at, ThreadPoolExecutor(1) as thread:
        client = service.async_client(library=library, journal=folder / "journal.jsonl", **options)
        studio = Studio(
            client=client,
            library=library,
            guard=guard,
            uploads=uploads,
            simulated=True,
            pace=speed,
            read_only=read_only,
        )
        server = _Server(studio)

        async def serving() -> None:
            async with client, studio:
                await server.serve(sockets=[at])

        running = thread.submit(asyncio.run, serving())
        try:
            address = address_of(guard, None)
            yield Served(address=address, base=address.partition("#")[0], state=service.state)
        finally:
            server.should_exit = True
            running.result(LIMIT)
