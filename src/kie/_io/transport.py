"""IO: the only module that uses an HTTP library. May import `_core`.

The transport is a small Protocol; the default is httpx2. A user's own `httpx` or `httpx2` client is recognised by its
methods and used as it is: every request sets its own timeout and follows no redirects.
"""

from __future__ import annotations

import sys
from collections.abc import AsyncGenerator, AsyncIterator, Awaitable, Callable, Iterable, Iterator, Mapping
from contextlib import (
    AbstractAsyncContextManager,
    AbstractContextManager,
    aclosing,
    asynccontextmanager,
    closing,
    contextmanager,
    nullcontext,
    suppress,
)
from functools import cache, lru_cache, partial
from inspect import iscoroutinefunction, unwrap
from itertools import islice
from typing import TYPE_CHECKING, Any, Protocol, cast

from kie._core.addresses import is_inside, place_of
from kie._core.call import HttpRequest, HttpResponse
from kie._core.errors import ConfigError
from kie._io.bodies import AnswerBody, AsyncStream, Stream, arguments_of, body_of, request_file
from kie._io.deadline import Deadline, moving, moving_async, wrap
from kie._io.offload import in_thread, running_loop, to_the_end
from kie._io.pools import Pools, own_host
from kie._io.secrets import log_no_keys
from kie._io.straight import StraightAnswer, StraightRequest, straight
from kie._io.watch import Watch

if TYPE_CHECKING:
    import anyio


class Transport(Protocol):
    """Sends the requests of a `Kie`. Failures must be raised as `TransportError`."""

    def send(self, request: HttpRequest, timeout: float) -> HttpResponse:
        """Send a request and return its answer. It must be sent only once, without retries.

        Args:
            request: What to send. Its headers hold the key: neither log nor keep them.
            timeout: Maximum number of seconds for the whole exchange.

        Returns:
            The answer, whatever its status.

        Raises:
            TransportError: No answer came. `sent` says whether the request may have left.
        """
        ...

    def stream(self, url: str, headers: Mapping[str, str], timeout: float) -> AbstractContextManager[Stream]:
        """Fetch a file. Redirects are not followed.

        Args:
            url: The URL.
            headers: The headers of the request. The key is never among them.
            timeout: Maximum number of seconds until the headers of the answer arrive, and between two pieces of its
                body.

        Returns:
            A context manager that gives the answer in its `with` block, and the body as it arrives.
        """
        ...

    def close(self) -> None:
        """Close the connections that this transport has opened."""
        ...


class AsyncTransport(Protocol):
    """Sends the requests of an `AsyncKie`. Failures must be raised as `TransportError`."""

    async def send(self, request: HttpRequest, timeout: float) -> HttpResponse:
        """Send a request and return its answer. It must be sent only once, without retries.

        Args:
            request: What to send. Its headers hold the key: neither log nor keep them.
            timeout: Maximum number of seconds for the whole exchange.

        Returns:
            The answer, whatever its status.

        Raises:
            TransportError: No answer came. `sent` says whether the request may have left.
        """
        ...

    def stream(self, url: str, headers: Mapping[str, str], timeout: float) -> AbstractAsyncContextManager[AsyncStream]:
        """Fetch a file. Redirects are not followed.

        Args:
            url: The URL.
            headers: The headers of the request. The key is never among them.
            timeout: Maximum number of seconds until the headers of the answer arrive, and between two pieces of its
                body.

        Returns:
            A context manager that gives the answer in its `with` block, and the body as it arrives.
        """
        ...

    async def close(self) -> None:
        """Close the connections that this transport has opened."""
        ...


class HttpxClient(Protocol):
    """The shape of a synchronous `httpx.Client` or `httpx2.Client`."""

    @property
    def build_request(self) -> Callable[..., object]:
        """Build a request of the library."""
        ...

    @property
    def send(self) -> Callable[..., object]:
        """Send a request."""
        ...

    def close(self) -> None:
        """Close the connections."""
        ...


class AsyncHttpxClient(Protocol):
    """The shape of an `httpx.AsyncClient` or `httpx2.AsyncClient`."""

    @property
    def build_request(self) -> Callable[..., object]:
        """Build a request of the library."""
        ...

    @property
    def send(self) -> Callable[..., Awaitable[object]]:
        """Send a request."""
        ...

    async def aclose(self) -> None:
        """Close the connections."""
        ...


_NOTHING = nullcontext()

_ACCEPTED = {"Accept-Encoding": "gzip"}

_CHUNKS = 16
"""The number of 64 KB pieces of an upload that a thread reads at a time."""


def _outside(url: str) -> str | None:
    """The URL, unless its host is openly in a private network, which was checked before."""
    return None if is_inside(place_of(url).host) else url


@lru_cache(maxsize=256)
def _parsed(make: Callable[[str], object], url: str) -> object:
    """A URL in the library's own type, cached because parsing takes half the time of building a request."""
    return make(url)


@cache
def _library(kind: Any) -> Any:
    """The library of a client class; None for a look-alike."""
    roots = (cls.__module__.partition(".")[0] for cls in kind.__mro__)
    return next((sys.modules[root] for root in roots if root in ("httpx", "httpx2")), None)


@cache
def _url_type(kind: Any) -> Callable[[str], object]:
    """The URL type of a client class's library; plain text for a look-alike."""
    library = _library(kind)
    return str if library is None else cast("Callable[[str], object]", library.URL)


@lru_cache(maxsize=256)
def _in_bytes(names: tuple[str, ...]) -> frozenset[bytes]:
    """Names of headers, as the library compares them."""
    return frozenset(name.lower().encode() for name in names)


def _built(client: Any, request: HttpRequest, arguments: dict[str, Any], *, ours: bool) -> Any:
    """Build the library's request. If the client is `ours`, it adds nothing to the request.

    Headers are merged into those of a user's client in one step, because the library would look each of them up.

    Returns:
        The request.
    """
    if ours and request.multipart is None:
        found = straight(client, request, _ACCEPTED, arguments["extensions"])
        if found is not None:
            return found
    kind: Any = type(client)
    library, url = _library(kind), _parsed(_url_type(kind), request.url)
    if ours:  # no variable holds plain headers, which include the key: crash reports show variables
        return library.Request(request.method, url, headers={**request.headers, **_ACCEPTED}, **arguments)
    if library is None:
        return client.build_request(request.method, url, headers={**request.headers, **_ACCEPTED}, **arguments)
    built = client.build_request(request.method, url, **arguments)
    names = _in_bytes((*request.headers, *_ACCEPTED))
    kept = [(name, value) for name, value in built.headers.raw if name.lower() not in names]
    built.headers = library.Headers([*kept, *request.headers.items(), *_ACCEPTED.items()])
    return built


@cache
def _threaded_body(library: Any) -> Callable[[Iterable[bytes]], object]:
    """Make a wrapper that reads a blocking body in threads."""

    class ThreadedBody(library.AsyncByteStream):  # type: ignore[misc]
        def __init__(self, body: Iterable[bytes]) -> None:
            self._body = body

        async def __aiter__(self) -> AsyncIterator[bytes]:
            chunks = iter(self._body)
            while pieces := await in_thread(lambda: list(islice(chunks, _CHUNKS))):
                for piece in pieces:  # the time limit of a write applies to one piece
                    yield piece

    return ThreadedBody


def _usable(client: Any, *, asynchronous: bool) -> None:
    """Check whether a user's client is sync or async before anything is sent. Raises `ConfigError`."""
    wanted = ("build_request", "send", "aclose") if asynchronous else ("build_request", "send", "close")
    wrong = isinstance(client, type) or not all(hasattr(client, name) for name in wanted)
    if wrong or (not asynchronous and iscoroutinefunction(client.send)):
        kie, kind = ("AsyncKie", "an httpx.AsyncClient") if asynchronous else ("Kie", "an httpx.Client")
        raise ConfigError(f"http_client of {kie} must be {kind} (of httpx or httpx2), not {client!r}")


def check_transport(transport: object, *, asynchronous: bool) -> None:
    """Check whether a user's transport is sync or async before anything is sent. Raises `ConfigError`."""
    methods = [getattr(transport, name) for name in ("send", "close") if hasattr(transport, name)]
    wrong = isinstance(transport, type) or not hasattr(transport, "send")
    made_for_loops = any(iscoroutinefunction(unwrap(method)) for method in methods)
    if wrong or made_for_loops is not asynchronous:
        kie, kind = ("AsyncKie", "an AsyncTransport") if asynchronous else ("Kie", "a Transport")
        raise ConfigError(f"transport of {kie} must be {kind} (send, stream, close), not {transport!r}")


def _open_still(client: Any) -> Any:
    if getattr(client, "is_closed", False) is True:
        raise ConfigError("http_client is closed: pass one that is open; nothing was sent")
    return client


def _send(client: Any, built: Any) -> Any:
    """Send a request.

    Returns:
        The answer or, on an event loop, an awaitable of it.
    """
    if not isinstance(built, StraightRequest):
        return client.send(built, stream=True, follow_redirects=False)
    return built.send() if hasattr(built.pool, "handle_request") else built.send_async()


def _forget_what_it_says(client: Any, response: Any) -> None:
    """Discard cookies, since no answer may influence the next request.

    Discard the reason phrase as well: it is shown with the answer, and it may repeat the key.
    """
    with suppress(AttributeError, TypeError):  # raised by a look-alike
        response.extensions.pop("reason_phrase", None)
    if not isinstance(response, StraightAnswer) and "set-cookie" in response.headers:
        for cookie in response.cookies.jar:
            with suppress(KeyError):
                client.cookies.jar.clear(cookie.domain, cookie.path, cookie.name)


def _left_over(response: Any) -> Any:
    """Find an HTTP/1.1 answer that is followed by more than it announced.

    The rest would be mistaken for the answer to the next request on that connection. Only httpcore's internals show it.

    Returns:
        The connection; None if nothing follows.
    """
    try:
        stream = response.stream
        stream = stream if isinstance(response, StraightAnswer) else stream._stream._httpcore_stream
        state = stream._stream._connection._h11_state
    except AttributeError:
        return None
    return response.extensions.get("network_stream") if state.trailing_data[0] else None


class HttpxTransport:
    """The default transport, over httpx2, or over a client that the user provides (and closes)."""

    def __init__(self, client: HttpxClient | None = None) -> None:
        if client is not None:
            _usable(client, asynchronous=False)
        log_no_keys()
        self._client = client
        wrap(client)
        self._pools = Pools(_sync_client)

    def open(self, url: str = "") -> None:
        """Make ready to send a submission. Raises `ConfigError` if that cannot be done."""
        self._pool(True, url)

    def _pool(self, fresh: bool, url: str = "") -> Any:
        if self._client is not None:
            return _open_still(self._client)
        return self._pools.get(self._pools.choose(fresh), host=own_host(url))

    def _held(self, client: Any, request: HttpRequest) -> AbstractContextManager[None]:
        """Keep a client open during a submission, even if this transport is closed meanwhile."""
        return self._submission(client) if self._client is None and request.creates_task else _NOTHING

    @contextmanager
    def _submission(self, client: Any) -> Iterator[None]:
        self._pools.submitting(client)
        try:
            yield
        finally:
            if self._pools.submitted(client):
                with suppress(Exception):
                    client.close()

    def send(self, request: HttpRequest, timeout: float) -> HttpResponse:
        deadline = Deadline(timeout, moving=request.multipart is not None, wrapped=self._client is None)
        part = request_file(request, deadline)
        with closing(part) if part is not None else _NOTHING, _watch(request, self._client) as watch:
            if part is not None:
                part.open()
            client = self._pool(request.creates_task, request.url)
            deadline.renew()  # reading certificates does not count
            arguments = arguments_of(request, timeout, part, watch.trace)
            built = _built(client, request, arguments, ours=self._client is None)
            with self._held(client, request), deadline:
                watch.give(built)
                response = _send(client, built)
                try:
                    _forget_what_it_says(client, response)
                    with AnswerBody(response, watch) as body:
                        if body.decoded:
                            body.add(response.read(), deadline)
                        else:
                            for chunk in response.iter_raw():
                                body.add(chunk, deadline)
                        if (connection := _left_over(response)) is not None:
                            connection.close()
                        return HttpResponse(status=response.status_code, headers=response.headers, body=body.whole())
                finally:
                    chunk = b""  # keeps the bytes, which may include the key, out of error frames
                    response = response.close()

    @contextmanager
    def stream(self, url: str, headers: Mapping[str, str], timeout: float) -> Iterator[Stream]:
        with Watch():
            client = self._pool(False, url)
            built = client.build_request("GET", url, headers=dict(headers), timeout=timeout)
            deadline = Deadline(timeout, outside=_outside(url))
            with deadline:
                response = _send(client, built)
            try:
                _forget_what_it_says(client, response)
                shown, chunks, framed = body_of(response, "iter")
                yield Stream(
                    response.status_code,
                    headers=shown,
                    chunks=moving(chunks, deadline),
                    framed=framed,
                    moved=deadline.moved,
                )
            finally:
                response.close()

    def close(self) -> None:
        """Send nothing more, and close the connections: those of a submission under way once its answer has come."""
        for client in self._pools.shut():
            with suppress(Exception):
                client.close()


LANE = 5
"""The most simultaneous exchanges in one lane."""


class _Lane:
    """A slot in a lane during an exchange. `busy` counts the exchanges in each lane."""

    __slots__ = ("_busy", "_number")

    def __init__(self, busy: list[int], number: int) -> None:
        self._busy = busy
        self._number = number

    def __enter__(self) -> int:
        self._busy[self._number] += 1
        return self._number

    def __exit__(self, *_: object) -> None:
        self._busy[self._number] -= 1


class AsyncHttpxTransport:
    """The default transport for asyncio and trio. It reads certificates and files of multipart bodies in threads.

    Each event loop has its own connections. They are closed when the loop ends, or by `close`.
    """

    def __init__(self, client: AsyncHttpxClient | None = None) -> None:
        if client is not None:
            _usable(client, asynchronous=True)
        log_no_keys()
        self._client = client
        wrap(client)
        self._pools = Pools(_async_client)
        self._ends: dict[object, AsyncGenerator[None, None]] = {}
        self._opening: dict[object, anyio.Lock] = {}
        self._lanes: dict[object, list[int]] = {}

    async def open(self, url: str = "") -> None:
        """Make ready to send a submission. Raises `ConfigError` if that cannot be done."""
        await self._pool(True, url)

    def _lane(self) -> _Lane:
        """Take a slot in the first lane with room, so that light use needs one lane. A user's client has only one."""
        if self._client is not None:
            return _Lane([0], 0)
        busy = self._lanes.setdefault(running_loop(), [])
        for number, count in enumerate(busy):
            if count < LANE:
                return _Lane(busy, number)
        busy.append(0)
        return _Lane(busy, len(busy) - 1)

    async def _pool(self, fresh: bool, url: str = "", lane: int = 0) -> Any:
        if self._client is not None:
            return _open_still(self._client)
        loop, chosen, host = running_loop(), self._pools.choose(fresh), own_host(url)
        found = self._pools.opened(chosen, loop, host, lane)
        return await self._opened(loop, chosen, host, lane) if found is None else found

    async def _opened(self, loop: object, chosen: bool, host: str, lane: int) -> Any:
        import anyio

        if loop not in self._ends:
            for dead in [known for known in self._ends if getattr(known, "is_closed", bool)()]:
                self._ends.pop(dead)
                self._opening.pop(dead)
                self._lanes.pop(dead, None)
            self._opening[loop] = anyio.Lock()
            self._ends[loop] = end = self._until_the_end_of(loop)
            await anext(end)
        async with self._opening[loop]:  # only one thread opens it, even if many tasks wait
            found = self._pools.opened(chosen, loop, host, lane)
            return await in_thread(partial(self._pools.get, chosen, loop, host, lane)) if found is None else found

    async def _until_the_end_of(self, loop: object) -> AsyncGenerator[None, None]:
        """Close the connections of an event loop when it ends, because loops then finish remaining async generators."""
        try:
            yield
        finally:
            self._ends.pop(loop, None)
            self._opening.pop(loop, None)
            self._lanes.pop(loop, None)
            for client in self._pools.take(loop):
                with suppress(Exception):
                    await client.aclose()

    def _held(self, client: Any, request: HttpRequest) -> AbstractAsyncContextManager[None]:
        """Keep a client open during a submission, even if this transport is closed meanwhile."""
        return self._submission(client) if self._client is None and request.creates_task else _NOTHING

    @asynccontextmanager
    async def _submission(self, client: Any) -> AsyncIterator[None]:
        self._pools.submitting(client)
        try:
            yield
        finally:
            if self._pools.submitted(client):
                with suppress(Exception):
                    await client.aclose()

    async def send(self, request: HttpRequest, timeout: float) -> HttpResponse:
        deadline = Deadline(timeout, moving=request.multipart is not None, wrapped=self._client is None)
        part = request_file(request, deadline)
        with (
            closing(part) if part is not None else _NOTHING,
            self._lane() as lane,
            _watch(request, self._client) as watch,
        ):
            if part is not None:
                await to_the_end(part.open)
            client = await self._pool(request.creates_task, request.url, lane)
            deadline.renew()  # reading certificates does not count
            # the deadline limits the whole exchange, so a timer for each step would never expire first
            limit = timeout if part is not None or self._client is not None else None
            arguments = arguments_of(request, limit, part, watch.trace_async)
            built = _built(client, request, arguments, ours=self._client is None)
            if part is not None and (library := _library(client.__class__)) is not None:
                built.stream = _threaded_body(library)(built.stream)
            async with self._held(client, request), deadline:
                watch.give(built)
                response = await _send(client, built)
                try:
                    _forget_what_it_says(client, response)
                    with AnswerBody(response, watch) as body:
                        if body.decoded:
                            body.add(await response.aread(), deadline)
                        else:
                            async with aclosing(response.aiter_raw()) as chunks:
                                async for chunk in chunks:
                                    body.add(chunk, deadline)
                        if (connection := _left_over(response)) is not None:
                            await connection.aclose()
                        return HttpResponse(status=response.status_code, headers=response.headers, body=body.whole())
                finally:
                    chunk = b""
                    response = await response.aclose()

    @asynccontextmanager
    async def stream(self, url: str, headers: Mapping[str, str], timeout: float) -> AsyncIterator[AsyncStream]:
        with Watch():
            client = await self._pool(False, url)
            built = client.build_request("GET", url, headers=dict(headers), timeout=timeout)
            deadline = Deadline(timeout, outside=_outside(url))
            async with deadline:
                response = await _send(client, built)
            try:
                _forget_what_it_says(client, response)
                shown, chunks, framed = body_of(response, "aiter")
                yield AsyncStream(
                    response.status_code,
                    headers=shown,
                    chunks=moving_async(chunks, deadline),
                    framed=framed,
                    moved=deadline.moved,
                )
            finally:
                await response.aclose()

    async def close(self) -> None:
        """Close the connections of this event loop, and let other running loops close theirs. Never fails.

        The connections of a submission under way are closed once its answer has come.
        """
        left, here, ends = self._pools.shut(), running_loop(), dict(self._ends)
        if (end := ends.pop(here, None)) is not None:
            await end.aclose()
        for loop, end in ends.items():
            with suppress(Exception):  # the loop may have just ended
                loop.call_soon_threadsafe(partial(_finish, loop, end))  # type: ignore[attr-defined]
        for client in left:
            with suppress(Exception):
                await client.aclose()


def _finish(loop: Any, end: AsyncGenerator[None, None]) -> None:
    loop.create_task(end.aclose())


def _watch(request: HttpRequest, client: object) -> Watch:
    return Watch(once=request.creates_task, ours=client is None and request.multipart is None)


def _sync_client(**options: Any) -> Any:
    import httpx2

    return httpx2.Client(**options)


def _async_client(**options: Any) -> Any:
    import httpx2

    return httpx2.AsyncClient(**options)
