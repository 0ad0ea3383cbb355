"""IO: runs blocking functions off the event loop. May import nothing of ours."""

from __future__ import annotations

import sys
from collections.abc import Callable
from contextlib import suppress
from typing import TypeVar, cast

T = TypeVar("T")


async def in_thread(function: Callable[[], T]) -> T:
    """Call a blocking function in a thread."""
    from anyio import to_thread

    return await to_thread.run_sync(function)


def on_asyncio() -> bool:
    """Whether the running event loop is asyncio's."""
    asyncio = sys.modules.get("asyncio")
    try:
        return asyncio is not None and asyncio.get_running_loop() is not None
    except RuntimeError:
        return False


def running_loop() -> object:
    """An object that identifies the running event loop: asyncio's loop, or trio's token. None if there is none."""
    asyncio = sys.modules.get("asyncio")
    try:
        return cast(object, asyncio.get_running_loop()) if asyncio is not None else _trio_token()
    except RuntimeError:
        return _trio_token()


def _trio_token() -> object:
    trio = sys.modules.get("trio")
    with suppress(RuntimeError):
        return cast(object, trio.lowlevel.current_trio_token()) if trio is not None else None
    return None


async def to_the_end(function: Callable[[], T]) -> T:
    """Call a blocking function in a thread. A cancellation is raised only after it has ended."""
    if not on_asyncio():
        return await _to_the_end_on_trio(function)
    import asyncio

    future = asyncio.get_running_loop().run_in_executor(None, function)
    cancellation: asyncio.CancelledError | None = None
    while not future.done():
        try:
            await asyncio.wait([future])
        except asyncio.CancelledError as error:
            cancellation = error
    if cancellation is not None:
        future.exception()  # marks the function's exception as retrieved, because the cancellation replaces it
        raise cancellation
    return future.result()


async def _to_the_end_on_trio(function: Callable[[], T]) -> T:
    import anyio
    from anyio.lowlevel import checkpoint_if_cancelled

    found: list[T] = []
    with anyio.CancelScope(shield=True):  # otherwise a scope that is already cancelled would keep it from starting
        found.append(await in_thread(function))
    await checkpoint_if_cancelled()
    return found[0]
