"""IO: receives a server's answer while the request is still being sent. May import nothing of ours.

A server may refuse an upload after its head, answer, and close the connection. Code that only writes then fails with a
broken connection, and asyncio discards the answer.
"""

from __future__ import annotations

import re
import select
import sys
from collections.abc import Awaitable, Callable, Iterable
from contextlib import suppress
from typing import Any

_MOST = 64 * 1024
"""The most bytes to keep: as many as an HTTP library reads at once."""

_INTERIM = re.compile(rb"(?:HTTP/1\.[01] 1\d\d[^\n]*\n(?:[^\r\n][^\n]*\n)*\r?\n)*")
"""Interim answers, which announce another one."""

_GLANCES = 4
"""Turns of the event loop in which to read what has arrived already."""

_PAUSE = 3600.0
"""The longest single wait, in seconds, since a poll accepts at most 24 days."""

_STATUS_AT, _HEAD = 9, 12
"""The start and the end of the status in `HTTP/1.1 413`."""


class EarlyAnswer:
    """The bytes that arrived on an HTTP/1 connection while a request was written to it."""

    __slots__ = ("_came", "_ended", "_final")

    def __init__(self) -> None:
        self._came = b""
        self._ended = False
        self._final = 0

    def __bool__(self) -> bool:
        return bool(self._came)

    @property
    def room(self) -> int:
        """The number of bytes to accept; 0 once nothing more is expected."""
        return 0 if self.ends_the_request else _MOST - len(self._came)

    def add(self, data: bytes) -> None:
        """Keep bytes that arrived. No bytes mean that the server has hung up."""
        self._came += data
        self._ended = not data
        interim = _INTERIM.match(self._came, self._final)
        self._final = self._final if interim is None else interim.end()

    def take(self, size: int) -> bytes:
        """Hand over bytes that arrived."""
        taken, self._came = self._came[:size], self._came[size:]
        self._final = max(0, self._final - size)
        return taken

    @property
    def ends_the_request(self) -> bool:
        """Whether the rest of the request is useless: it was refused, or the connection is closed."""
        head = self._came[self._final : self._final + _HEAD]
        return self._ended or (len(head) == _HEAD and head[_STATUS_AT : _STATUS_AT + 1] not in (b"1", b"2"))


def is_http1(first: bytes) -> bool:
    """Whether a connection that starts with these bytes is HTTP/1. Over HTTP/2, answers come at any time."""
    return not first.startswith(b"PRI * HTTP/2")


def write_error(stream: Any) -> Exception | None:
    """The error with which the stream's library reads the answer at once; None if it has no such error."""
    library = sys.modules.get(type(stream).__module__.partition(".")[0])
    kind = getattr(library, "WriteError", None)
    return None if kind is None else kind("the server answered before it had the whole request")


def listen(stream: Any, early: EarlyAnswer, waiting: Any, seconds: Callable[[], float]) -> None:
    """Wait until a blocking httpcore stream is writable, and receive bytes meanwhile.

    Args:
        stream: The stream.
        early: Receives the bytes that arrive.
        waiting: Polls the stream's socket for input and output.
        seconds: How long to wait at most; raises once that has passed.
    """
    while early.room:
        events = waiting.poll(min(seconds(), _PAUSE) * 1000)
        if events and events[0][1] & select.POLLIN:
            with suppress(Exception):  # half a TLS record, or an error that the writer gets as well
                early.add(stream.read(early.room, timeout=0))
        if events and events[0][1] & ~select.POLLIN:
            return


async def listen_while(stream: Any, early: EarlyAnswer, writes: Iterable[Callable[[], Awaitable[None]]]) -> None:
    """Write to an httpcore stream on an event loop, and receive bytes meanwhile. Raises what writing raises.

    Args:
        stream: The stream.
        early: Receives the bytes that arrive.
        writes: Functions that write to it, called in order.
    """
    import anyio

    async def hear(scope: anyio.CancelScope) -> None:
        with suppress(Exception):  # the writer gets the same error
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
                    await anyio.lowlevel.checkpoint()  # asyncio discards what has arrived if a write fails
                await write()
            group.cancel_scope.cancel()
    except BaseExceptionGroup as several:  # a group of one, which callers should not see
        failure = several.exceptions[0]
    if failure is not None:
        raise failure
