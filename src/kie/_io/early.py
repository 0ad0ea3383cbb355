"""IO: hears what a server answers while a request is still being sent to it. May import nothing of ours.

A server may refuse an upload at its head, answer, and close the connection. Whoever only writes meets a broken
connection then; asyncio throws away what has come on it.
"""

from __future__ import annotations

import re
import select
import sys
from collections.abc import Awaitable, Callable, Iterable
from contextlib import suppress
from typing import Any

_MOST = 64 * 1024
"""Bytes that are kept: as many as an HTTP library reads at once."""

_INTERIM = re.compile(rb"(?:HTTP/1\.[01] 1\d\d[^\n]*\n(?:[^\r\n][^\n]*\n)*\r?\n)*")
"""Answers that say that another will come."""

_GLANCES = 4
"""Turns of the event loop in which what has come already is read."""

_PAUSE = 3600.0
"""Seconds that are waited for at a time, at most: a poll takes no longer time limit than 24 days."""

_STATUS_AT, _HEAD = 9, 12
"""Where the status begins in `HTTP/1.1 413`, and where it ends."""


class EarlyAnswer:
    """What came on a connection over HTTP/1 while a request was written to it."""

    __slots__ = ("_came", "_ended", "_final")

    def __init__(self) -> None:
        self._came = b""
        self._ended = False
        self._final = 0

    def __bool__(self) -> bool:
        return bool(self._came)

    @property
    def room(self) -> int:
        """Bytes that may still come; 0 once nothing more is to be heard."""
        return 0 if self.ends_the_request else _MOST - len(self._came)

    def add(self, data: bytes) -> None:
        """Keep what came; nothing, where the server has hung up."""
        self._came += data
        self._ended = not data
        interim = _INTERIM.match(self._came, self._final)
        self._final = self._final if interim is None else interim.end()

    def take(self, size: int) -> bytes:
        """Hand over what came."""
        taken, self._came = self._came[:size], self._came[size:]
        self._final = max(0, self._final - size)
        return taken

    @property
    def ends_the_request(self) -> bool:
        """Whether the rest of the request is of no use: it was refused, or nobody can answer any more."""
        head = self._came[self._final : self._final + _HEAD]
        return self._ended or (len(head) == _HEAD and head[_STATUS_AT : _STATUS_AT + 1] not in (b"1", b"2"))


def is_http1(first: bytes) -> bool:
    """Whether a connection that begins like this speaks HTTP/1: over HTTP/2, answers come at any time."""
    return not first.startswith(b"PRI * HTTP/2")


def write_error(stream: Any) -> Exception | None:
    """The error of a stream's library that makes it read the answer at once; None if it has none."""
    library = sys.modules.get(type(stream).__module__.partition(".")[0])
    kind = getattr(library, "WriteError", None)
    return None if kind is None else kind("the server answered before it had the whole request")


def listen(stream: Any, early: EarlyAnswer, waiting: Any, seconds: Callable[[], float]) -> None:
    """Wait until a blocking stream of httpcore can be written to, and hear what comes meanwhile.

    Args:
        stream: What is written to.
        early: Takes what comes.
        waiting: Polls the stream's socket for input and output.
        seconds: How long to wait at most; raises once that has passed.
    """
    while early.room:
        events = waiting.poll(min(seconds(), _PAUSE) * 1000)
        if events and events[0][1] & select.POLLIN:
            with suppress(Exception):  # half a TLS record, or a fault that the writer meets, too
                early.add(stream.read(early.room, timeout=0))
        if events and events[0][1] & ~select.POLLIN:
            return


async def listen_while(stream: Any, early: EarlyAnswer, writes: Iterable[Callable[[], Awaitable[None]]]) -> None:
    """Write to a stream of httpcore on an event loop, and hear what comes meanwhile. Raises what writing raises.

    Args:
        stream: What is written to.
        early: Takes what comes.
        writes: Write to it, one after the other.
    """
    import anyio

    async def hear(scope: anyio.CancelScope) -> None:
        with suppress(Exception):  # the writer meets the same fault
            while early.room:
                early.add(await stream.read(early.room))
        if early.ends_the_request:
            scope.cancel()

    failure: BaseException | None = None
    try:
        async with anyio.create_task_group() as group:
            if early.room:
                group.start_soon(hear, group.cancel_scope)
            for write in writes:
                for _ in range(_GLANCES if stream.get_extra_info("is_readable") else 0):
                    await anyio.lowlevel.checkpoint()  # asyncio forgets what has come if a write fails
                await write()
            group.cancel_scope.cancel()
    except BaseExceptionGroup as several:  # of one: nobody is to learn that there is a group here
        failure = several.exceptions[0]
    if failure is not None:
        raise failure
