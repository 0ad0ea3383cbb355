"""Studios that listen on this machine, for a browser."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import attrs

from kie._studio.serving import address_of, listener, serve
from kie._studio.studio import Studio
from kie.library import Library
from kie.simulator import Simulator, simulated

LIMIT = 30
"""Seconds that a studio has to start, and to end."""


@attrs.frozen(kw_only=True)
class Served:
    """A studio that listens."""

    address: str
    """Where the page is, with its token."""
    base: str
    """Where the page is, without it."""
    state: Simulator
    """The service behind it."""
    library: Library
    """What it keeps."""


@contextmanager
def served(folder: Path, *, speed: float = 100.0, read_only: bool = False, **options: Any) -> Iterator[Served]:
    """Serve a studio over a simulator, in a thread.

    Args:
        folder: Where the library and the journal are.
        speed: How fast the simulator works.
        read_only: Whether nothing may be run.
        **options: Options of the client.
    """
    ready, loop = threading.Event(), asyncio.new_event_loop()
    library = Library(folder / "library")
    at, guard, _ = listener("127.0.0.1", 0, {})
    with simulated(speed=speed, seed=1) as service, at:
        client = service.async_client(library=library, journal=folder / "journal.jsonl", **options)

        async def main() -> None:
            studio = Studio(client=client, library=library, guard=guard, simulated=True, read_only=read_only)
            loop.call_soon(ready.set)
            await serve(studio, at)

        task = loop.create_task(main())

        def run() -> None:
            try:
                loop.run_until_complete(asyncio.gather(task, return_exceptions=True))
            finally:
                ready.set()
                loop.close()

        thread = threading.Thread(target=run, name="studio")
        thread.start()
        try:
            assert ready.wait(LIMIT)
            address = address_of(guard, None)
            yield Served(address=address, base=address.partition("#")[0], state=service.state, library=library)
        finally:
            loop.call_soon_threadsafe(task.cancel)
            thread.join(LIMIT)
            assert not thread.is_alive()
