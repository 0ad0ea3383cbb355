"""Floor 4: the one place that knows an HTTP library. May import `core`.

The transport is a small Protocol; the default is httpx2. A user's own `httpx` or `httpx2` client is taken as it
is, by shape: every request sets its own timeout and follows no redirect.
"""

from __future__ import annotations

import os
from collections.abc import AsyncIterator, Callable, Iterator, Mapping
from contextlib import AbstractAsyncContextManager, AbstractContextManager, asynccontextmanager, contextmanager
from typing import Any, BinaryIO, Protocol

import attrs

from kie.core.call import HttpRequest, HttpResponse, Multipart, TransportError

MAX_ANSWER = 32 * 1024 * 1024
"""Bytes of an answer that are read at most; results are files and are streamed."""

IDLE_FOR_SUBMISSIONS = 2.0
"""Seconds a connection may have been idle to carry a submission: a stale one makes the outcome unknown."""


@attrs.frozen
class Stream:
    """An answer whose body is still coming."""

    status: int
    headers: Mapping[str, str]
    chunks: Iterator[bytes]


@attrs.frozen
class AsyncStream:
    """The same for asyncio."""

    status: int
    headers: Mapping[str, str]
    chunks: AsyncIterator[bytes]


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

    def build_request(self, method: str, url: str, /, **options: Any) -> Any: ...

    def send(self, request: Any, /, *, stream: bool = ..., follow_redirects: bool = ...) -> Any: ...

    def close(self) -> None: ...


class AsyncHttpxClient(Protocol):
    """The shape of an `httpx.AsyncClient` or `httpx2.AsyncClient`."""

    def build_request(self, method: str, url: str, /, **options: Any) -> Any: ...

    async def send(self, request: Any, /, *, stream: bool = ..., follow_redirects: bool = ...) -> Any: ...

    async def aclose(self) -> None: ...


NOT_SENT = {"ConnectError", "ConnectTimeout", "PoolTimeout", "UnsupportedProtocol", "InvalidURL", "LocalProtocolError"}


def translate(error: Exception) -> TransportError:
    """Turn an error of the HTTP library into ours. Recognised by name, so that any httpx will do."""
    names = {cls.__name__ for cls in type(error).__mro__}
    text = str(error) or type(error).__name__
    return TransportError(
        f"{type(error).__name__}: {text}" if str(error) else text,
        sent=False if names & NOT_SENT else None,
        timeout="TimeoutException" in names,
    )


def _is_library_error(error: Exception) -> bool:
    names = {cls.__name__ for cls in type(error).__mro__}
    return bool(names & {"HTTPError", "InvalidURL", "StreamError"}) or isinstance(error, (OSError, UnicodeError))


@contextmanager
def _library_errors() -> Iterator[None]:
    try:
        yield
    except TransportError:
        raise
    except Exception as error:
        if _is_library_error(error):
            raise translate(error) from error
        raise


@contextmanager
def _options(request: HttpRequest, timeout: float) -> Iterator[dict[str, Any]]:
    """Arguments of `build_request`; a file of ours is opened for the exchange and closed after it."""
    options: dict[str, Any] = {"headers": dict(request.headers), "timeout": timeout}
    if request.content is not None:
        options["content"] = request.content
    opened: BinaryIO | None = None
    if isinstance(request.multipart, Multipart):
        part = request.multipart.file
        try:
            opened = part.open()
        except OSError as error:
            raise TransportError(f"cannot open {part.name}: {error}", sent=False) from error
        options["data"] = dict(request.multipart.fields)
        options["files"] = {"file": (part.name, opened, part.content_type)}
    try:
        yield options
    finally:
        if opened is not None and request.multipart is not None and request.multipart.file.owned:
            opened.close()


class _Pools:
    """Two lazily opened clients of the default library: one whose idle connections are short-lived."""

    def __init__(self, make: Callable[..., Any]) -> None:
        self._make = make
        self._pid = os.getpid()
        self._open: dict[bool, Any] = {}
        self._ssl: Any = None

    def get(self, fresh: bool) -> Any:
        import httpx2

        if os.getpid() != self._pid:  # after a fork the parent's sockets are not ours to use
            self._pid, self._open = os.getpid(), {}
        if fresh not in self._open:
            self._ssl = self._ssl or httpx2.create_ssl_context()
            limits = httpx2.Limits(max_connections=None, keepalive_expiry=IDLE_FOR_SUBMISSIONS if fresh else 30.0)
            self._open[fresh] = self._make(verify=self._ssl, limits=limits)
        return self._open[fresh]

    def drain(self) -> list[Any]:
        opened = list(self._open.values()) if os.getpid() == self._pid else []
        self._open = {}
        return opened


class HttpxTransport:
    """The default transport, over httpx2, or over a client that the user brings (and closes)."""

    def __init__(self, client: HttpxClient | None = None) -> None:
        self._client = client
        self._pools = _Pools(_sync_client)

    def _pool(self, fresh: bool) -> HttpxClient:
        return self._client if self._client is not None else self._pools.get(fresh)

    def send(self, request: HttpRequest, timeout: float) -> HttpResponse:
        with _options(request, timeout) as options, _library_errors():
            client = self._pool(request.fresh)
            built = client.build_request(request.method, request.url, **options)
            response = client.send(built, stream=True, follow_redirects=False)
            try:
                body = bytearray()
                for chunk in response.iter_bytes():
                    body += chunk
                    if len(body) > MAX_ANSWER:
                        raise TransportError(f"the answer is larger than {MAX_ANSWER:,} bytes", sent=None)
            finally:
                response.close()
            return HttpResponse(status=response.status_code, headers=response.headers, body=bytes(body))

    @contextmanager
    def stream(self, url: str, headers: Mapping[str, str], timeout: float) -> Iterator[Stream]:
        with _library_errors():
            client = self._pool(False)
            built = client.build_request("GET", url, headers=dict(headers), timeout=timeout)
            response = client.send(built, stream=True, follow_redirects=False)
            try:
                yield Stream(response.status_code, response.headers, response.iter_bytes())
            finally:
                response.close()

    def close(self) -> None:
        for client in self._pools.drain():
            client.close()


class AsyncHttpxTransport:
    """The same for asyncio."""

    def __init__(self, client: AsyncHttpxClient | None = None) -> None:
        self._client = client
        self._pools = _Pools(_async_client)

    def _pool(self, fresh: bool) -> AsyncHttpxClient:
        return self._client if self._client is not None else self._pools.get(fresh)

    async def send(self, request: HttpRequest, timeout: float) -> HttpResponse:
        with _options(request, timeout) as options, _library_errors():
            client = self._pool(request.fresh)
            built = client.build_request(request.method, request.url, **options)
            response = await client.send(built, stream=True, follow_redirects=False)
            try:
                body = bytearray()
                async for chunk in response.aiter_bytes():
                    body += chunk
                    if len(body) > MAX_ANSWER:
                        raise TransportError(f"the answer is larger than {MAX_ANSWER:,} bytes", sent=None)
            finally:
                await response.aclose()
            return HttpResponse(status=response.status_code, headers=response.headers, body=bytes(body))

    @asynccontextmanager
    async def stream(self, url: str, headers: Mapping[str, str], timeout: float) -> AsyncIterator[AsyncStream]:
        with _library_errors():
            client = self._pool(False)
            built = client.build_request("GET", url, headers=dict(headers), timeout=timeout)
            response = await client.send(built, stream=True, follow_redirects=False)
            try:
                yield AsyncStream(response.status_code, response.headers, response.aiter_bytes())
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
