"""Testing: what passes between a client and the simulator in memory, in virtual time, apart from the waiting.

May import everything below, and `kie.simulator`.
"""

from __future__ import annotations

import random
from collections.abc import Generator, Iterator, Mapping
from contextlib import closing
from typing import TypeAlias
from urllib.parse import parse_qsl, unquote, urlsplit

import attrs

from kie._core.call import HttpRequest, HttpResponse, TransportError
from kie._io.bodies import RequestFile, Stream, arguments_of
from kie._io.deadline import Deadline
from kie.simulator import Simulator
from kie.simulator._handler import handle
from kie.simulator._messages import SimRequest, SimResponse
from kie.testing._clock import VirtualClock

Latency: TypeAlias = "float | tuple[float, float]"
"""Seconds that an exchange takes until it arrives; or a pair: each way takes a random time between the two."""

LATENCY = 0.05
"""Seconds that an exchange takes by default."""

_CHUNK = 64 * 1024


@attrs.frozen
class Exchange:
    """One line of a trace."""

    method: str
    """The HTTP method, in capitals."""
    path: str
    """The path of the URL, decoded."""
    outcome: int | str
    """The HTTP status; `timeout`, `refused` or `lost` where none arrived."""
    at: float
    """When the client had the outcome: seconds since the clock began."""


@attrs.frozen
class _Arrival:
    """What reaches the client after `wait` seconds: an answer, an error, or part of a body and an error."""

    wait: float
    outcome: int | str
    headers: Mapping[str, str]
    body: bytes
    error: TransportError | None = None


class Wire:
    """What both transports share: everything but waiting."""

    def __init__(self, state: Simulator, clock: VirtualClock, latency: Latency) -> None:
        self.state = state
        self.clock = clock
        self.trace: list[Exchange] = []
        self._latency = latency
        self._random = random.Random("kie-testing")  # noqa: S311 - it is to be repeatable
        state.wall_offset = clock.offset

    def exchange(
        self, method: str, url: str, headers: Mapping[str, str], body: bytes, timeout: float
    ) -> Generator[float, None, _Arrival]:
        """Hand a request to the simulator. Yields the seconds that must pass before it continues."""
        parts = urlsplit(url)
        path = unquote(parts.path)
        delay, back = self._delays()
        yield min(delay, timeout)
        if delay > timeout:
            self.trace.append(Exchange(method, path, "timeout", self.clock.now()))
            return _Arrival(0.0, "timeout", {}, b"", TransportError("timed out", sent=None, timeout=True))
        request = SimRequest(
            method=method,
            path=path,
            query=dict(parse_qsl(parts.query, keep_blank_values=True)),
            headers={name.lower(): value for name, value in headers.items()},
            body=body,
        )
        arrival = _arrival(handle(self.state, request, self.clock.now()), timeout - delay, back)
        self.trace.append(Exchange(method, path, arrival.outcome, self.clock.now() + arrival.wait))
        yield arrival.wait
        return arrival

    def _delays(self) -> tuple[float, float]:
        """Seconds that the next request is on its way, and its answer."""
        if isinstance(self._latency, tuple):
            return self._random.uniform(*self._latency), self._random.uniform(*self._latency)
        return self._latency, 0.0

    def steps(self, request: HttpRequest, timeout: float) -> Generator[float, None, HttpResponse]:
        """Exchange a request for an answer. Yields the seconds that must pass. Raises `TransportError`."""
        headers, body = _encode(request)
        arrival = yield from self.exchange(request.method, request.url, headers, body, timeout)
        if arrival.error is not None:
            raise arrival.error
        return HttpResponse(status=int(arrival.outcome), headers=dict(arrival.headers), body=arrival.body)

    def fetch(self, url: str, headers: Mapping[str, str], timeout: float) -> Generator[float, None, Stream]:
        """Fetch a URL up to the beginning of its answer. Yields the seconds that must pass. Raises `TransportError`."""
        arrival = yield from self.exchange("GET", url, headers, b"", timeout)
        if isinstance(arrival.outcome, str) and arrival.error is not None:
            raise arrival.error
        return Stream(int(arrival.outcome), headers=dict(arrival.headers), chunks=_chunks(arrival))


def _arrival(response: SimResponse, left: float, back: float) -> _Arrival:
    headers, body = response.headers, response.body
    wait = back + (response.delay if response.drop is None or isinstance(response.drop, int) else 0.0)
    if wait > left:
        error = TransportError("timed out", sent=None, timeout=True)
        return _Arrival(max(0.0, left), "timeout", {}, b"", error)
    match response.drop:
        case "refused":
            error = TransportError("connection refused", sent=False)
            return _Arrival(wait, "refused", {}, b"", error)
        case "before" | "after":
            error = TransportError("the connection was lost", sent=None)
            return _Arrival(wait, "lost", {}, b"", error)
    if isinstance(response.drop, int):
        error = TransportError("the body ended early", sent=None)
        return _Arrival(wait, response.status, headers, body[: response.drop], error)
    return _Arrival(wait, response.status, headers, body)


def _encode(request: HttpRequest) -> tuple[Mapping[str, str], bytes]:
    """The headers and the body that go over the wire."""
    if request.multipart is None:
        return request.headers, request.content or b""
    import httpx2

    with closing(RequestFile(request.multipart.file, Deadline(float("inf")))) as part:
        part.open()
        made = httpx2.Request(request.method, request.url, headers=request.headers, **arguments_of(request, 0.0, part))
        return made.headers, made.read()


def _chunks(arrival: _Arrival) -> Iterator[bytes]:
    for start in range(0, len(arrival.body), _CHUNK):
        yield arrival.body[start : start + _CHUNK]
    if arrival.error is not None:
        raise arrival.error
