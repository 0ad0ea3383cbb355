"""IO: the one place that knows an HTTP library. May import `_core`.

The transport is a small Protocol; the default is httpx2. A user's own `httpx` or `httpx2` client is taken as it
is, by shape: every request sets its own timeout and follows no redirect.
"""

from __future__ import annotations

import os
import sys
import threading
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Iterator, Mapping
from contextlib import AbstractAsyncContextManager, AbstractContextManager, asynccontextmanager, closing, contextmanager
from functools import cache, lru_cache, partial
from itertools import islice
from typing import Any, BinaryIO, Protocol, cast

import attrs

from kie._core.call import HttpRequest, HttpResponse, TransportError
from kie._core.errors import ConfigError
from kie._io.offload import in_thread, to_the_end

MAX_ANSWER = 32 * 1024 * 1024
"""Bytes of an answer that are read at most; results are files and are streamed."""

_CHUNKS = 16
"""Pieces of 64 KB of an upload that a thread reads at a time."""

_IN_BUFFERS = 32 * 1024 * 1024
"""Bytes of an upload that may be on the way when the last of it has been handed over: Linux' largest buffers."""

_SLOWEST = 1024 * 1024
"""Bytes a second at which a slow server may still read those."""

IDLE_FOR_SUBMISSIONS = 2.0
"""Seconds a connection may have been idle to carry a submission: a stale one makes the outcome unknown."""


@attrs.frozen
class Stream:
    """An answer whose body is still coming, as it was sent, not decoded. `framed` if the protocol marks its end."""

    status: int
    headers: Mapping[str, str]
    chunks: Iterator[bytes]
    framed: bool = True


@attrs.frozen
class AsyncStream:
    """The same for asyncio."""

    status: int
    headers: Mapping[str, str]
    chunks: AsyncIterator[bytes]
    framed: bool = True


class Transport(Protocol):
    """What the sync driver needs. Failures are `TransportError`."""

    def send(self, request: HttpRequest, timeout: float) -> HttpResponse: ...

    def stream(self, url: str, headers: Mapping[str, str], timeout: float) -> AbstractContextManager[Stream]: ...

    def close(self) -> None: ...


class AsyncTransport(Protocol):
    """What the async driver needs. Failures are `TransportError`."""

    async def send(self, request: HttpRequest, timeout: float) -> HttpResponse: ...

    def stream(
        self, url: str, headers: Mapping[str, str], timeout: float
    ) -> AbstractAsyncContextManager[AsyncStream]: ...

    async def close(self) -> None: ...


class HttpxClient(Protocol):
    """The shape of a synchronous `httpx.Client` or `httpx2.Client`."""

    @property
    def build_request(self) -> Callable[..., Any]: ...

    @property
    def send(self) -> Callable[..., Any]: ...

    def close(self) -> None: ...


class AsyncHttpxClient(Protocol):
    """The shape of an `httpx.AsyncClient` or `httpx2.AsyncClient`."""

    @property
    def build_request(self) -> Callable[..., Any]: ...

    @property
    def send(self) -> Callable[..., Awaitable[Any]]: ...

    async def aclose(self) -> None: ...


NOT_SENT = {"ConnectError", "ConnectTimeout", "PoolTimeout", "UnsupportedProtocol", "InvalidURL", "LocalProtocolError"}
_OF_THE_WIRE = {"content-encoding", "content-length"}
LOCAL = {"PoolTimeout", "UnsupportedProtocol", "InvalidURL", "LocalProtocolError"}


def translate(error: Exception) -> TransportError:
    """Turn an error of the HTTP library into ours. Recognised by name, so that any httpx will do."""
    names = {cls.__name__ for cls in type(error).__mro__}
    text = str(error) or type(error).__name__
    return TransportError(
        f"{type(error).__name__}: {text}" if str(error) else text,
        sent=False if names & NOT_SENT else None,
        timeout="TimeoutException" in names,
        local=bool(names & LOCAL),
    )


def _is_library_error(error: Exception) -> bool:
    names = {cls.__name__ for cls in type(error).__mro__}
    return bool(names & {"HTTPError", "InvalidURL", "StreamError"}) or isinstance(error, (OSError, UnicodeError))


class _LibraryErrors:
    """Turns what the HTTP library raises inside a `with` into `TransportError`."""

    def __enter__(self) -> None:
        pass

    def __exit__(self, kind: object, error: BaseException | None, trace: object) -> None:
        if isinstance(error, Exception) and not isinstance(error, TransportError) and _is_library_error(error):
            raise translate(error) from error


_library_errors = _LibraryErrors()


class _Part:
    """The file of a multipart request, open for one exchange, and when that last went on.

    An upload may take as long as it moves: each piece that is read begins its time again. When the last one has been
    handed over, much of it may still be in buffers on the way, and a slow server needs time to read them.
    """

    __slots__ = ("_opened", "_part", "limits", "moved")

    def __init__(self, request: HttpRequest) -> None:
        self._part = request.multipart.file if request.multipart is not None else None
        self._opened: BinaryIO | None = None
        self.limits: dict[str, float] = {}
        self.moved = time.monotonic()

    def open(self) -> None:
        if self._part is None:
            return
        try:
            self._opened = self._part.open()
        except OSError as error:
            raise TransportError(f"cannot open {self._part.name}: {error}", sent=False, local=True) from error

    def read(self, size: int = -1) -> bytes:
        file = cast(BinaryIO, self._opened)
        self.moved = time.monotonic()
        piece = file.read(size)
        if not piece:
            self.limits["read"] += min(file.tell(), _IN_BUFFERS) / _SLOWEST
        return piece

    def seek(self, offset: int, whence: int = os.SEEK_SET) -> int:
        return cast(BinaryIO, self._opened).seek(offset, whence)

    def tell(self) -> int:
        return cast(BinaryIO, self._opened).tell()

    def close(self) -> None:
        if self._opened is not None:
            self._opened.close()

    def arguments(self, request: HttpRequest, limit: float) -> dict[str, Any]:
        """Arguments of `build_request`."""
        self.limits = {"connect": limit, "read": limit, "write": limit, "pool": limit}  # what `timeout=limit` comes to
        arguments: dict[str, Any] = {"headers": request.headers, "extensions": {"timeout": self.limits}}
        if request.content is not None:
            arguments["content"] = request.content
        if request.multipart is not None and self._part is not None:
            arguments["data"] = dict(request.multipart.fields)
            arguments["files"] = {"file": (self._part.name, self, self._part.content_type)}
        return arguments


def _bound(size: int, started: float, timeout: float) -> None:
    """End an answer that is too large, or that trickles for longer than the exchange may take."""
    if size > MAX_ANSWER:
        raise TransportError(f"the answer is larger than {MAX_ANSWER:,} bytes", sent=None)
    if time.monotonic() - started > timeout:
        raise TransportError("timed out", sent=None, timeout=True)


def _body(response: Any, iterate: str) -> tuple[Mapping[str, str], Any, bool]:
    """The headers and chunks of a body as it was sent, and whether the protocol marks its end.

    HTTP/1 may just close the connection, as a fault does, too.
    """
    headers = response.headers
    if getattr(response, "is_stream_consumed", False):  # the user's transport, a mock say, has read and decoded it
        shown = {name: value for name, value in headers.items() if name.lower() not in _OF_THE_WIRE}
        return shown, getattr(response, f"{iterate}_bytes")(), True
    chunked = "chunked" in headers.get("transfer-encoding", "").lower()
    framed = "content-length" in headers or chunked or not str(response.http_version).startswith("HTTP/1")
    return headers, getattr(response, f"{iterate}_raw")(), framed


@lru_cache(maxsize=256)
def _parsed(make: Callable[[str], object], url: str) -> object:
    """A URL as the library's own type: parsing it costs as much as half of building a request."""
    return make(url)


@cache
def _library(kind: type) -> Any:
    """The library that a kind of client belongs to; None for a look-alike."""
    roots = (cls.__module__.partition(".")[0] for cls in kind.__mro__)
    return next((sys.modules[root] for root in roots if root in ("httpx", "httpx2")), None)


@cache
def _url_type(kind: type) -> Callable[[str], object]:
    """The URL type of the library that a kind of client belongs to; plain text for a look-alike."""
    library = _library(kind)
    return str if library is None else cast("Callable[[str], object]", library.URL)


@cache
def _threaded_body(library: Any) -> Callable[[Iterable[bytes]], object]:
    """Makes of a body that blocks while it is read one that is read in threads."""

    class ThreadedBody(library.AsyncByteStream):  # type: ignore[misc]
        def __init__(self, body: Iterable[bytes]) -> None:
            self._body = body

        async def __aiter__(self) -> AsyncIterator[bytes]:
            chunks = iter(self._body)
            while pieces := await in_thread(lambda: list(islice(chunks, _CHUNKS))):
                for piece in pieces:  # the time limit of a write is that of one piece
                    yield piece

    return ThreadedBody


class _Pools:
    """Two lazily opened clients of the default library: one whose idle connections are short-lived."""

    def __init__(self, make: Callable[..., Any]) -> None:
        self._make = make
        self._pid = os.getpid()
        self._open: dict[bool, Any] = {}
        self._ssl: Any = None
        self._lock = threading.Lock()
        self._closed = False
        self._submitted = float("-inf")

    def choose(self, fresh: bool) -> bool:
        """The pool for a request. Submissions need fresh connections; right after one they serve all requests."""
        now = time.monotonic()
        if fresh:
            self._submitted = now
        return fresh or now - self._submitted < IDLE_FOR_SUBMISSIONS

    def opened(self, fresh: bool) -> Any:
        """The client of a pool, if it was used before. Never blocks."""
        return self._open.get(fresh) if os.getpid() == self._pid else None

    def get(self, fresh: bool) -> Any:
        """The client of a pool, opened on first use, by one thread only. That reads certificates: it blocks."""
        if os.getpid() != self._pid:  # after a fork the parent's sockets are not ours to use
            self._pid, self._open, self._lock = os.getpid(), {}, threading.Lock()
        if self._closed:
            raise ConfigError("this client is closed; make a new one")
        found = self._open.get(fresh)
        if found is not None:
            return found
        import httpx2

        with self._lock:
            if fresh not in self._open:
                self._ssl = self._ssl or httpx2.create_ssl_context()
                limits = httpx2.Limits(max_connections=None, keepalive_expiry=IDLE_FOR_SUBMISSIONS if fresh else 30.0)
                self._open[fresh] = self._make(verify=self._ssl, limits=limits)
            return self._open[fresh]

    def drain(self) -> list[Any]:
        if os.getpid() != self._pid:  # the parent's to close, not ours
            return []
        opened, self._open, self._closed = list(self._open.values()), {}, True
        return opened


class HttpxTransport:
    """The default transport, over httpx2, or over a client that the user brings (and closes)."""

    def __init__(self, client: HttpxClient | None = None) -> None:
        self._client = client
        self._pools = _Pools(_sync_client)

    def _pool(self, fresh: bool) -> HttpxClient:
        return self._client if self._client is not None else self._pools.get(self._pools.choose(fresh))

    def send(self, request: HttpRequest, timeout: float) -> HttpResponse:
        part = _Part(request)
        with closing(part), _library_errors:
            part.open()
            client = self._pool(request.creates_task)
            url = cast(str, _parsed(_url_type(type(client)), request.url))
            built = client.build_request(request.method, url, **part.arguments(request, timeout))
            response = client.send(built, stream=True, follow_redirects=False)
            try:
                body = bytearray()
                for chunk in response.iter_bytes():
                    body += chunk
                    _bound(len(body), part.moved, part.limits["read"])
            finally:
                response.close()
            return HttpResponse(status=response.status_code, headers=response.headers, body=bytes(body))

    @contextmanager
    def stream(self, url: str, headers: Mapping[str, str], timeout: float) -> Iterator[Stream]:
        with _library_errors:
            client = self._pool(False)
            built = client.build_request("GET", url, headers=dict(headers), timeout=timeout)
            response = client.send(built, stream=True, follow_redirects=False)
            try:
                yield Stream(response.status_code, *_body(response, "iter"))
            finally:
                response.close()

    def close(self) -> None:
        for client in self._pools.drain():
            client.close()


class AsyncHttpxTransport:
    """The same for asyncio and trio. Certificates and the files of multipart bodies are read in threads."""

    def __init__(self, client: AsyncHttpxClient | None = None) -> None:
        self._client = client
        self._pools = _Pools(_async_client)

    async def _pool(self, fresh: bool) -> AsyncHttpxClient:
        if self._client is not None:
            return self._client
        chosen = self._pools.choose(fresh)
        found: AsyncHttpxClient = self._pools.opened(chosen) or await in_thread(partial(self._pools.get, chosen))
        return found

    async def send(self, request: HttpRequest, timeout: float) -> HttpResponse:
        part = _Part(request)
        with closing(part), _library_errors:
            if request.multipart is not None:
                await to_the_end(part.open)
            client = await self._pool(request.creates_task)
            library = _library(type(client))
            url = cast(str, _parsed(_url_type(type(client)), request.url))
            built = client.build_request(request.method, url, **part.arguments(request, timeout))
            if request.multipart is not None and library is not None:
                built.stream = _threaded_body(library)(built.stream)
            response = await client.send(built, stream=True, follow_redirects=False)
            try:
                body = bytearray()
                async for chunk in response.aiter_bytes():
                    body += chunk
                    _bound(len(body), part.moved, part.limits["read"])
            finally:
                await response.aclose()
            return HttpResponse(status=response.status_code, headers=response.headers, body=bytes(body))

    @asynccontextmanager
    async def stream(self, url: str, headers: Mapping[str, str], timeout: float) -> AsyncIterator[AsyncStream]:
        with _library_errors:
            client = await self._pool(False)
            built = client.build_request("GET", url, headers=dict(headers), timeout=timeout)
            response = await client.send(built, stream=True, follow_redirects=False)
            try:
                yield AsyncStream(response.status_code, *_body(response, "aiter"))
            finally:
                await response.aclose()

    async def close(self) -> None:
        for client in self._pools.drain():
            await client.aclose()


def _sync_client(**options: Any) -> Any:
    import httpx2

    return httpx2.Client(**options)


def _async_client(**options: Any) -> Any:
    import httpx2

    return httpx2.AsyncClient(**options)
