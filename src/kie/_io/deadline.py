"""IO: limits the time of whole exchanges, and checks the addresses of connections. May import `_core`.

The HTTP library's timeouts apply to each read, so a server that sends a byte now and then is never too late. Therefore
the library's network backend is wrapped: no network operation may take longer than the time left for the exchange.
"""

from __future__ import annotations

import select
import socket
import threading
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextvars import ContextVar
from functools import partial
from typing import Any

from kie._core.addresses import is_private_peer
from kie._core.call import TransportError
from kie._core.errors import DownloadFailed
from kie._io.early import EarlyAnswer, is_http1, listen, listen_while, write_error

_PIECE = 16 * 1024
"""Bytes to write at a time, since the library's timeout applies to each part that the peer accepts."""

_PROGRESS = 1024
"""Bytes of content that restart a download's time limit. If one byte did, a download could last forever."""


class Deadline:
    """The time by which an exchange must end, in monotonic seconds.

    Args:
        seconds: How long the exchange may take.
        moving: Whether each sent piece of the request restarts the time limit.
        outside: A URL that must not lead into a private network, if there is one.
        wrapped: Whether every connection is wrapped, so that everything sent is noted here.
    """

    __slots__ = (
        "_came",
        "_scope",
        "_seconds",
        "_skew",
        "_thread",
        "_token",
        "_wrapped",
        "at",
        "moves",
        "outside",
        "wrote",
    )

    def __init__(
        self, seconds: float, *, moving: bool = False, outside: str | None = None, wrapped: bool = False
    ) -> None:
        self._seconds = seconds
        self._wrapped = wrapped
        self._scope: Any = None
        self._came = 0
        self.outside = outside
        self.at = time.monotonic() + seconds
        self.moves = moving
        """Whether each sent piece of the request restarts the time limit."""
        self.wrote = False
        """Whether a byte may have been sent on a wrapped connection."""

    def renew(self) -> None:
        """Restart the time limit."""
        self.at = time.monotonic() + self._seconds
        if self._scope is not None and threading.get_ident() == self._thread:
            self._scope.deadline = self.at + self._skew

    def extend(self, seconds: float) -> None:
        """Allow more time, from now on."""
        self._seconds += seconds
        self.renew()

    def moved(self, size: int) -> None:
        """Note decoded content that arrived. Enough of it restarts the time limit."""
        self._came += size
        if self._came >= _PROGRESS:
            self._came = 0
            self.renew()

    def left(self, *, sent: bool | None = None) -> float:
        """The seconds left. Raises `TransportError` if there are none."""
        left = self.at - time.monotonic()
        if left <= 0:
            raise self.passed(sent)
        return left

    def writing(self) -> None:
        """Note that a piece of the request is being sent."""
        self.wrote = True
        if self.moves:
            self.renew()

    def passed(self, sent: bool | None) -> TransportError:
        """Make the error for an exchange that took too long."""
        return TransportError(f"timed out after {self._seconds:g} s", sent=sent, timeout=True)

    def judge(self, stream: Any) -> None:
        """Refuse a connection to an address that is forbidden for the URL. Raises `DownloadFailed`."""
        peer = stream.get_extra_info("server_addr") if self.outside is not None else None
        if self.outside is not None and isinstance(peer, tuple) and is_private_peer(str(peer[0])):
            raise DownloadFailed(self.outside, f"its host resolves to {peer[0]}, a private address")

    def __enter__(self) -> None:
        """Limit everything that this thread or task does on wrapped connections in the block."""
        self._token = _CURRENT.set(self)

    def __exit__(self, *_: object) -> None:
        _CURRENT.reset(self._token)

    async def __aenter__(self) -> None:
        """Cancel the block, on an event loop, when the time is over. Raises `TransportError`."""
        import anyio

        self._thread, self._skew = threading.get_ident(), anyio.current_time() - time.monotonic()
        self._scope = anyio.CancelScope(deadline=self.at + self._skew)
        self._scope.__enter__()
        self.__enter__()

    async def __aexit__(self, *raised: Any) -> bool | None:
        self.__exit__()
        scope, self._scope = self._scope, None
        swallowed: bool | None = scope.__exit__(*raised)
        if scope.cancelled_caught:
            raise self.passed(False if self._wrapped and not self.wrote else None)
        return swallowed


_CURRENT: ContextVar[Deadline | None] = ContextVar("kie_deadline", default=None)


def moving(chunks: Iterator[bytes], deadline: Deadline) -> Iterator[bytes]:
    """Yield the chunks of a transfer within the deadline, which `Deadline.moved` extends."""
    deadline.renew()
    while True:
        deadline.left()
        with deadline:
            chunk = next(chunks, None)
        if chunk is None:
            return
        yield chunk


async def moving_async(chunks: AsyncIterator[bytes], deadline: Deadline) -> AsyncIterator[bytes]:
    """The same on an event loop."""
    deadline.renew()
    while True:
        deadline.left()
        async with deadline:
            chunk = await anext(chunks, None)
        if chunk is None:
            return
        yield chunk


def wrap(client: Any) -> None:
    """Wrap all connections that an `httpx` or `httpx2` client opens from now on.

    They behave as before, except in our own exchanges. If the client has another kind of transport, nothing is wrapped.
    """
    for transport in (getattr(client, "_transport", None), *getattr(client, "_mounts", {}).values()):
        pool = getattr(transport, "_pool", None)
        backend = getattr(pool, "_network_backend", None)
        if pool is None or backend is None or isinstance(backend, (_Backend, _AsyncBackend)):
            continue
        kind = _Backend if hasattr(transport, "handle_request") else _AsyncBackend
        pool._network_backend = kind(backend, direct=getattr(pool, "_proxy_url", None) is None)


class _Wrapper:
    """Passes all other attributes through."""

    def __init__(self, wrapped: Any) -> None:
        self._wrapped = wrapped

    def __getattr__(self, name: str) -> Any:
        found = self.__dict__[name] = getattr(self._wrapped, name)  # cached, because it is called for each request
        return found


class _Backend(_Wrapper):
    """Opens connections. If they are not `direct`, only the proxy knows where they lead."""

    def __init__(self, wrapped: Any, *, direct: bool) -> None:
        super().__init__(wrapped)
        self._direct = direct

    def connect_tcp(self, host: str, port: int, timeout: float | None = None, **options: Any) -> Any:
        deadline = _CURRENT.get()
        if deadline is None:
            return _Stream(self._wrapped.connect_tcp(host, port, timeout=timeout, **options))
        stream = self._connect(deadline, host, port, timeout, options)
        if self._direct:
            try:
                deadline.judge(stream)
            except DownloadFailed:
                stream.close()
                raise
        return _Stream(stream)

    def _connect(self, deadline: Deadline, host: str, port: int, timeout: float | None, options: dict[str, Any]) -> Any:
        """Try one address after another, since the library's timeout applies to each."""
        *others, last = _addresses(host, port) if type(self._wrapped).__name__ == "SyncBackend" else [host]
        for address in others:
            try:
                return self._wrapped.connect_tcp(address, port, timeout=_least(timeout, deadline, False), **options)
            except TransportError:
                raise
            except Exception:  # noqa: S112 - the error of the last address counts, as in the library
                continue
        return self._wrapped.connect_tcp(last, port, timeout=_least(timeout, deadline, False), **options)

    def connect_unix_socket(self, path: str, timeout: float | None = None, **options: Any) -> Any:
        return _Stream(self._wrapped.connect_unix_socket(path, timeout=timeout, **options))


class _Connection(_Wrapper):
    """A connection that notices an answer which the server sends before it has the whole request."""

    def __init__(self, wrapped: Any) -> None:
        super().__init__(wrapped)
        self._early = EarlyAnswer()
        self._http1: bool | None = None

    def _refusable(self, buffer: bytes, deadline: Deadline | None) -> Deadline | None:
        """The deadline, if a server may refuse the request while this is written: not during the short head."""
        if self._http1 is None:
            self._http1 = is_http1(buffer)
        if deadline is None or not (self._http1 and deadline.wrote and (deadline.moves or len(buffer) > _PIECE)):
            return None
        return deadline

    def _stop_if_refused(self) -> None:
        """If the rest of a request is useless, raise the library's own error, which makes it read the answer."""
        error = write_error(self._wrapped) if self._early.ends_the_request else None
        if error is not None:
            raise error


class _Stream(_Connection):
    """A connection on which no operation takes longer than the time left for the exchange."""

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        if self._early:
            return self._early.take(max_bytes)
        found: bytes = self._wrapped.read(max_bytes, timeout=_least(timeout, _CURRENT.get()))
        return found

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        deadline = _CURRENT.get()
        refusable = self._refusable(buffer, deadline)
        waiting = _polled(self._wrapped) if refusable is not None else None
        for start in range(0, len(buffer), _PIECE):
            if refusable is not None and waiting is not None:
                listen(self._wrapped, self._early, waiting, refusable.left)
                self._stop_if_refused()
            seconds = _least(timeout, deadline, None if deadline is None or deadline.wrote else False)
            if deadline is not None:
                deadline.writing()
            self._wrapped.write(buffer[start : start + _PIECE], timeout=seconds)

    def start_tls(self, ssl_context: Any, server_hostname: str | None = None, timeout: float | None = None) -> Any:
        try:
            seconds = _least(timeout, _CURRENT.get(), False)
            return _Stream(self._wrapped.start_tls(ssl_context, server_hostname=server_hostname, timeout=seconds))
        except BaseException:  # nobody else can close it yet
            self._wrapped.close()
            raise


class _AsyncBackend(_Wrapper):
    """The same on an event loop, where `async with Deadline` bounds the exchange."""

    def __init__(self, wrapped: Any, *, direct: bool) -> None:
        super().__init__(wrapped)
        self._direct = direct

    async def connect_tcp(self, host: str, port: int, **options: Any) -> Any:
        stream = await self._wrapped.connect_tcp(host, port, **options)
        deadline = _CURRENT.get()
        if deadline is not None and self._direct:
            try:
                deadline.judge(stream)
            except DownloadFailed:
                await stream.aclose()
                raise
        return _AsyncStream(stream)

    async def connect_unix_socket(self, path: str, **options: Any) -> Any:
        return _AsyncStream(await self._wrapped.connect_unix_socket(path, **options))


class _AsyncStream(_Connection):
    """A connection that reports to its deadline what is sent."""

    def __init__(self, wrapped: Any) -> None:
        super().__init__(wrapped)
        self.get_extra_info = _informed(wrapped)

    async def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        if self._early:
            return self._early.take(max_bytes)
        found: bytes = await self._wrapped.read(max_bytes, timeout=timeout)
        return found

    async def write(self, buffer: bytes, timeout: float | None = None) -> None:
        deadline = _CURRENT.get()
        refusable = self._refusable(buffer, deadline)
        if refusable is None:
            for start in range(0, len(buffer), _PIECE):
                if deadline is not None:
                    deadline.writing()
                await self._wrapped.write(buffer[start : start + _PIECE], timeout=timeout)
            return
        await listen_while(self._wrapped, self._early, self._writes(buffer, timeout, refusable))
        self._stop_if_refused()

    def _writes(
        self, buffer: bytes, timeout: float | None, deadline: Deadline
    ) -> Iterator[Callable[[], Awaitable[None]]]:
        for start in range(0, len(buffer), _PIECE):
            deadline.writing()
            yield partial(self._wrapped.write, buffer[start : start + _PIECE], timeout=timeout)

    async def start_tls(self, *arguments: Any, **options: Any) -> Any:
        import anyio

        try:
            return _AsyncStream(await self._wrapped.start_tls(*arguments, **options))
        except BaseException:  # nobody else can close it yet
            with anyio.CancelScope(shield=True):
                await self._wrapped.aclose()
            raise


def _informed(stream: Any) -> Callable[[str], Any]:
    """Make a stream's `get_extra_info` that quickly tells whether the stream is readable.

    The pool asks this of every idle connection before each request, and the library looks up both addresses of the
    socket to find out.
    """
    connected = stream.get_extra_info("socket")
    if connected is None or connected.fileno() < 0 or not hasattr(select, "poll"):
        return stream.get_extra_info  # type: ignore[no-any-return]
    waiting = select.poll()
    waiting.register(connected, select.POLLIN)

    def get_extra_info(info: str) -> Any:
        if info != "is_readable":
            return stream.get_extra_info(info)
        return connected.fileno() < 0 or bool(waiting.poll(0))  # a closed one counts as readable

    return get_extra_info


def _polled(stream: Any) -> Any:
    """Make a poll object for input and output of a blocking stream's socket; None if that is impossible."""
    connected = stream.get_extra_info("socket")
    if connected is None or connected.fileno() < 0 or not hasattr(select, "poll"):
        return None
    waiting = select.poll()
    waiting.register(connected, select.POLLIN | select.POLLOUT)
    return waiting


def _least(timeout: float | None, deadline: Deadline | None, sent: bool | None = None) -> float | None:
    if deadline is None:
        return timeout
    left = deadline.left(sent=sent)
    return left if timeout is None else min(timeout, left)


def _addresses(host: str, port: int) -> list[str]:
    """The addresses of a host. If there are none, the library will report it."""
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError):
        return [host]
    return list(dict.fromkeys(str(row[4][0]) for row in found)) or [host]
