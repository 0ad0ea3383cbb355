"""Studio: follows tasks to their end, watched or not, and sends events to those who watch. May import every room
below."""

from __future__ import annotations

import json
from collections.abc import AsyncGenerator, Awaitable, Callable
from typing import Final

import anyio
import attrs

from kie import catalog
from kie._aclient import AsyncTask
from kie._core.errors import KieError, TaskFailed, TaskTimeout
from kie._core.json import JSON, JSONObject, finite
from kie._core.results import AsyncResult
from kie._core.status import TaskStatus
from kie._studio.model_data import typical

QUIET_SECONDS: Final = 15.0
"""Seconds without an event after which a stream sends a keep-alive."""
_MOST_DATA: Final = 100_000
"""The most characters of a task's data (besides files) that are kept in memory."""


@attrs.define(eq=False)
class Following:
    """A running task and its latest state. Only the latest state is sent: a slow reader misses older ones.

    Args:
        task: The task.
        before: Seconds for which it had run before.
        pace: How many seconds of the task pass in one real second.
    """

    task: AsyncTask[AsyncResult]
    before: float = 0.0
    pace: float = 1.0
    ended: bool = attrs.field(default=False, init=False)
    error: str | None = attrs.field(default=None, init=False)
    """Why it is no longer followed although it has not ended."""
    data: JSON = attrs.field(default=None, init=False)
    """Its output besides files."""
    _status: JSONObject = attrs.field(factory=dict, init=False)
    _version: int = attrs.field(default=0, init=False)
    _changed: anyio.Event = attrs.field(factory=anyio.Event, init=False)

    async def to_the_end(self) -> None:
        """Wait until the task has ended, and its files are in the library."""

        def report(status: TaskStatus, elapsed: float, _: int) -> None:
            self._publish(status.state, self.before + elapsed)

        self._publish("queued", self.before)
        try:
            while not self.ended:
                try:
                    result = await self.task.wait(on_progress=report)
                except TaskTimeout:
                    continue  # keep waiting: nothing is lost
                self._keep(result.data)
                self.ended = True
        except TaskFailed:
            pass
        except KieError as error:
            self.error = error.message
        finally:
            self.ended = True
            self.wake()

    def _keep(self, data: JSON) -> None:
        if data is not None and not _is_of_files(data) and len(json.dumps(data)) <= _MOST_DATA:
            self.data = finite(data)

    def _publish(self, state: str, elapsed: float) -> None:
        model = catalog.find(self.task.ref.model or "")
        seconds = None if model is None else typical(model, self.pace)
        self._status = {"state": state, "elapsed": round(elapsed, 1), "typical": seconds}
        self._version += 1
        self.wake()

    def wake(self) -> None:
        """Wake all watchers, so that they see the new state."""
        self._changed.set()
        self._changed = anyio.Event()

    async def events(
        self, last: Callable[[], Awaitable[JSONObject]], ending: Callable[[], bool]
    ) -> AsyncGenerator[bytes, None]:
        """Stream the events of the task.

        Args:
            last: Returns the facts of the last event.
            ending: Returns whether the studio is closing.

        Yields:
            Encoded server-sent events.
        """
        seen = 0
        while not ending():
            if self._version != seen and not self.ended:
                seen = self._version
                yield event("status", self._status)
            elif self.ended:
                yield event("ended", await last())
                return
            else:
                changed = self._changed
                with anyio.move_on_after(QUIET_SECONDS) as quiet:
                    await changed.wait()
                if quiet.cancelled_caught:
                    yield b": still there\n\n"


def _is_of_files(data: JSON) -> bool:
    """Whether data contain nothing but the URLs of files."""
    if isinstance(data, (dict, list)):
        return all(_is_of_files(each) for each in (data.values() if isinstance(data, dict) else data))
    return data is None or (isinstance(data, str) and data.startswith(("http://", "https://")))


def event(name: str, facts: JSONObject) -> bytes:
    """Encode a server-sent event.

    Args:
        name: Its name.
        facts: Its data.

    Returns:
        The event.
    """
    return f"event: {name}\ndata: {json.dumps(facts)}\n\n".encode()
