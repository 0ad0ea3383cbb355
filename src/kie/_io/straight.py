"""IO: bypasses a client that kie opened, and uses its connections directly. May import `_core`.

The library's client adds work that is not wanted here (cookies, logins, redirects, reading a URL and headers twice),
which takes a seventh of the time of an exchange. The client still decides which connections lead to a server, through a
proxy or not.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Mapping
from types import FunctionType
from typing import Any
from weakref import WeakKeyDictionary

import attrs

from kie._core.call import HttpRequest

_PLAIN = re.compile(r"/[A-Za-z0-9/?&=%._~+-]*")
"""A target that the library would send unchanged, if no part of it begins with a dot."""

_STEPS = {
    "httpx2._client": ("send", "_send_single_request", "_transport_for_url"),
    "httpx2._transports.default": ("handle_request", "handle_async_request"),
}
"""The functions between a client and its connections, by the module that each is from."""


@attrs.frozen(eq=False)
class _Way:
    """How a client reaches a server: transport, connections, their library, and the server's URL and `Host` value."""

    transport: Any
    pool: Any
    library: Any
    url: Any
    host: str


class StraightRequest:
    """A request of the connection library, and the connections that send it."""

    __slots__ = ("pool", "request")

    def __init__(self, pool: Any, request: Any) -> None:
        self.pool = pool
        self.request = request

    def send(self) -> StraightAnswer:
        """Send it. Raises what the connection library raises."""
        return StraightAnswer(self.pool.handle_request(self.request))

    async def send_async(self) -> StraightAnswer:
        """Send it on an event loop."""
        return StraightAnswer(await self.pool.handle_async_request(self.request))

    def forget(self, name: bytes) -> None:
        """Remove a header, because a frame of an error may contain the request."""
        self.request.headers[:] = [pair for pair in self.request.headers if pair[0].lower() != name]


class StraightAnswer:
    """The answer, with as much of the HTTP library's interface as an exchange needs."""

    __slots__ = ("extensions", "headers", "status_code", "stream")

    is_stream_consumed = False

    def __init__(self, came: Any) -> None:
        import httpx2

        self.status_code = came.status
        self.headers = httpx2.Headers(came.headers)
        self.extensions = came.extensions
        self.stream = came.stream

    def iter_raw(self) -> Any:
        """Yield the body as it was sent."""
        return iter(self.stream)

    def aiter_raw(self) -> Any:
        """Yield the body on an event loop."""
        return aiter(self.stream)

    def close(self) -> None:
        """Return the connection to its pool."""
        self.stream.close()

    async def aclose(self) -> None:
        """Return the connection to its pool, on an event loop."""
        await self.stream.aclose()


_ways: WeakKeyDictionary[Any, dict[str, _Way]] = WeakKeyDictionary()


def straight(client: Any, request: HttpRequest, added: Mapping[str, str], extensions: Any) -> StraightRequest | None:
    """Make a request that is sent over the connections of a client.

    Args:
        client: A client that kie opened.
        request: What to send; not a multipart one.
        added: More headers.
        extensions: The library's extensions of a request: time limits, and the trace function.

    Returns:
        The request. None if anything but the library's own code is in between: tests, recorders and guards patch it so
        that no request is sent. Another version of the library may also be built differently.
    """
    start = request.url.find("/", request.url.find("://") + 3)
    server, target = request.url[:start], request.url[start:]
    if start < 0 or not _PLAIN.fullmatch(target) or "/." in target or not _is_own(client.__class__, "httpx2._client"):
        return None
    known = _ways.get(client) or _ways.setdefault(client, {})
    way = known.get(server) or known.setdefault(server, _way(client, server))
    if way.pool is None or not _is_own(way.transport.__class__, "httpx2._transports.default"):
        return None
    empty = not request.content and request.method == "GET"
    sized = {} if empty else {"Content-Length": str(len(request.content or b""))}
    return StraightRequest(
        way.pool,
        way.library.Request(
            request.method,
            way.library.URL(scheme=way.url.raw_scheme, host=way.url.raw_host, port=way.url.port, target=target),
            # the key among them is in no variable, because crash reports show variables
            headers={"Host": way.host, **request.headers, **added, **sized},
            content=request.content,
            extensions=extensions,
        ),
    )


def _way(client: Any, server: str) -> _Way:
    import httpx2

    url = httpx2.URL(server)
    transport = client._transport_for_url(url)
    pool = getattr(transport, "_pool", None)
    library = sys.modules.get(pool.__class__.__module__.partition(".")[0])
    return _Way(transport, pool, library, url, url.netloc.decode("ascii"))


def _is_own(kind: Any, module: str) -> bool:
    """Whether the methods of a class are the library's own from a module."""
    steps = [found for name in _STEPS[module] if (found := getattr(kind, name, None)) is not None]
    return bool(steps) and all(type(step) is FunctionType and step.__globals__["__name__"] == module for step in steps)
