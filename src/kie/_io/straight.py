"""IO: exchanges over the connections of a client that kie opened, without the client. May import `_core`.

What the client of the library does for an exchange (cookies, logins, redirects, a URL and headers read twice) is not
wanted here, and takes a seventh of its time. The client still says which connections lead to a server, through a proxy
or not.
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
"""A target that the library would write as it is, if no part of it begins with a dot."""

_STEPS = {
    "httpx2._client": ("send", "_send_single_request", "_transport_for_url"),
    "httpx2._transports.default": ("handle_request", "handle_async_request"),
}
"""What leads from a client to its connections, by the module that each step is from."""


@attrs.frozen(eq=False)
class _Way:
    """How a client reaches a server: what sends there, its connections, whose they are, what to say of the server."""

    transport: Any
    pool: Any
    library: Any
    url: Any
    host: str


class StraightRequest:
    """A request of the library of connections, and those that it leaves by."""

    __slots__ = ("pool", "request")

    def __init__(self, pool: Any, request: Any) -> None:
        self.pool = pool
        self.request = request

    def send(self) -> StraightAnswer:
        """Send it. Raises what the library of connections raises."""
        return StraightAnswer(self.pool.handle_request(self.request))

    async def send_async(self) -> StraightAnswer:
        """Send it on an event loop."""
        return StraightAnswer(await self.pool.handle_async_request(self.request))

    def forget(self, name: bytes) -> None:
        """Take a header out of it: a frame of an error may hold the request."""
        self.request.headers[:] = [pair for pair in self.request.headers if pair[0].lower() != name]


class StraightAnswer:
    """What came, in as much of the shape of the HTTP library's answer as an exchange needs."""

    __slots__ = ("extensions", "headers", "status_code", "stream")

    is_stream_consumed = False

    def __init__(self, came: Any) -> None:
        import httpx2

        self.status_code = came.status
        self.headers = httpx2.Headers(came.headers)
        self.extensions = came.extensions
        self.stream = came.stream

    def iter_raw(self) -> Any:
        """The body, as it was sent."""
        return iter(self.stream)

    def aiter_raw(self) -> Any:
        """The body, on an event loop."""
        return aiter(self.stream)

    def close(self) -> None:
        """Give the connection back."""
        self.stream.close()

    async def aclose(self) -> None:
        """Give the connection back, on an event loop."""
        await self.stream.aclose()


_ways: WeakKeyDictionary[Any, dict[str, _Way]] = WeakKeyDictionary()


def straight(client: Any, request: HttpRequest, added: Mapping[str, str], extensions: Any) -> StraightRequest | None:
    """Make a request that leaves by the connections of a client.

    Args:
        client: A client that kie opened.
        request: What to send; not a multipart one.
        added: More headers.
        extensions: What the library takes beside a request: time limits, and who follows it.

    Returns:
        The request. None if something else than the library itself stands in between: tests, recorders and guards put
        it there, so that no request leaves. A version of the library may go another way, too.
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
            # the key among them is in no variable: a crash report shows those
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
    """Whether the steps of a class are those that the library has in a module."""
    steps = [found for name in _STEPS[module] if (found := getattr(kind, name, None)) is not None]
    return bool(steps) and all(type(step) is FunctionType and step.__globals__["__name__"] == module for step in steps)
