"""Floor 6: wakes clients that wait for callbacks, in any thread and any event loop. May import nothing of ours."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from importlib import import_module

from kie.webhooks._memory import Memory


class Waiters:
    """Who waits for which task. `ended` remembers tasks whose callback came before anybody waited."""

    def __init__(self, now: Callable[[], float], ended: Memory[bool]) -> None:
        self._now = now
        self._ended = ended
        self._lock = threading.Lock()
        self._waiting: dict[str, list[Callable[[], object]]] = {}

    def wait(self, task_id: str, seconds: float) -> bool:
        """Wait up to so many seconds for a task to be announced, or for none if it was before. False if it was not."""
        woken = threading.Event()
        with self._listening(task_id, woken.set) as there:
            return there or woken.wait(min(seconds, threading.TIMEOUT_MAX))

    async def wait_async(self, task_id: str, seconds: float) -> bool:
        """The same for asyncio and trio."""
        import anyio

        woken = anyio.Event()
        with self._listening(task_id, _from_any_thread(woken.set)) as there:
            if there:
                return True
            with anyio.move_on_after(seconds):
                await woken.wait()
            return woken.is_set()

    @contextmanager
    def _listening(self, task_id: str, wake: Callable[[], object]) -> Iterator[bool]:
        with self._lock:
            there = self._ended.pop(task_id, self._now()) is not None
            if not there:
                self._waiting.setdefault(task_id, []).append(wake)
        try:
            yield there
        finally:
            with self._lock:
                waiting = self._waiting.get(task_id, [])
                if wake in waiting:
                    waiting.remove(wake)
                if not waiting:
                    self._waiting.pop(task_id, None)

    def announce(self, task_id: str) -> None:
        """Wake whoever waits for a task; if nobody does, remember that it has ended."""
        with self._lock:
            waiting = self._waiting.pop(task_id, [])
            if not waiting:
                self._ended.put(task_id, True, self._now())
        for wake in waiting:
            wake()


def _from_any_thread(function: Callable[[], object]) -> Callable[[], None]:
    """The function, to be called from any thread; it runs in the event loop that is running now."""
    import asyncio

    try:
        post = asyncio.get_running_loop().call_soon_threadsafe
    except RuntimeError:
        post = import_module("trio").lowlevel.current_trio_token().run_sync_soon

    def call() -> None:
        with suppress(RuntimeError):  # the loop has ended, and nobody waits any more
            post(function)

    return call
