"""Webhooks: wakes clients that wait for callbacks, in any thread and any event loop. May import `_io`."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from importlib import import_module

from kie._io.forks import renewed_after_fork
from kie.webhooks._memory import Memory


class Waiters:
    """The clients that wait, by task. `ended` remembers the tasks whose callback came before anybody waited."""

    def __init__(self, now: Callable[[], float], ended: Memory[bool]) -> None:
        self._now = now
        self._ended = ended
        self.renew()
        renewed_after_fork(self)

    def renew(self) -> None:
        """Start afresh after a fork: the parent's threads that hold the lock, or wait, do not exist here."""
        self._lock = threading.Lock()
        self._waiting: dict[str, list[Callable[[], object]]] = {}

    def wait(self, task_id: str, seconds: float) -> bool:
        """Wait up to `seconds` until a task is announced, unless it already was. Returns False if it was not."""
        woken = threading.Event()
        with self._listening(task_id, woken.set) as ended:
            return ended or woken.wait(min(seconds, threading.TIMEOUT_MAX))

    async def wait_async(self, task_id: str, seconds: float) -> bool:
        """Wait like `wait`, in asyncio or trio."""
        import anyio

        woken = anyio.Event()
        with self._listening(task_id, _from_any_thread(woken.set)) as ended:
            if ended:
                return True
            with anyio.move_on_after(seconds):
                await woken.wait()
            return woken.is_set()

    @contextmanager
    def _listening(self, task_id: str, wake: Callable[[], object]) -> Iterator[bool]:
        with self._lock:
            ended = self._ended.pop(task_id, self._now()) is not None
            if not ended:
                self._waiting.setdefault(task_id, []).append(wake)
        try:
            yield ended
        finally:
            with self._lock:
                waiting = self._waiting.get(task_id, [])
                if wake in waiting:
                    waiting.remove(wake)
                if not waiting:
                    self._waiting.pop(task_id, None)

    def announce(self, task_id: str) -> None:
        """Wake everyone who waits for a task; if nobody does, remember that it has ended."""
        with self._lock:
            waiting = self._waiting.pop(task_id, [])
            if not waiting:
                self._ended.put(task_id, True, self._now())
        for wake in waiting:
            wake()


def _from_any_thread(function: Callable[[], object]) -> Callable[[], None]:
    """Wrap a function so that any thread can call it; it runs in the event loop that is running now."""
    import asyncio

    try:
        post = asyncio.get_running_loop().call_soon_threadsafe
    except RuntimeError:
        post = import_module("trio").lowlevel.current_trio_token().run_sync_soon

    def call() -> None:
        with suppress(RuntimeError):  # the loop has closed, and nobody waits any more
            post(function)

    return call
