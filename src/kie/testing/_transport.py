"""Testing: transports that hand requests to the simulator in memory, in virtual time, and clients that use them.

May import everything below, and `kie.simulator`.
"""

from __future__ import annotations

import random
from collections.abc import AsyncIterator, Generator, Iterator, Mapping
from contextlib import asynccontextmanager, contextmanager
from decimal import Decimal
from os import PathLike
from typing import TYPE_CHECKING, TypeVar, Unpack

from kie._aclient import AsyncKie
from kie._client import Kie
from kie._core.call import HttpRequest, HttpResponse
from kie._core.later import later
from kie._flow.options import API_URL, UPLOAD_URL
from kie._io.bodies import AsyncStream, Stream
from kie._io.process import Process
from kie._policy.polling import PollPolicy
from kie._policy.rate import RateLimit
from kie.simulator import Simulator
from kie.simulator._faults import FaultSource
from kie.testing._clock import VirtualClock
from kie.testing._driver import VirtualDriver, at_once
from kie.testing._wire import LATENCY, Exchange, Latency, Wire

if TYPE_CHECKING:
    from kie._flow.overrides import Overrides
else:
    Overrides = later("kie._flow.overrides", "Overrides")

T = TypeVar("T")


class _Memory:
    """What both transports are made with."""

    def __init__(self, state: Simulator, clock: VirtualClock, *, latency: Latency = LATENCY) -> None:
        self.wire = Wire(state, clock, latency)

    @property
    def trace(self) -> list[Exchange]:
        """The exchanges so far."""
        return self.wire.trace


class MemoryTransport(_Memory):
    """A transport to a `Simulator` in this process, whatever host a request names.

    A connection that the script refuses is a `TransportError` with `sent=False`. A lost connection, a timeout and a
    body that ends early are ones with `sent=None`.

    Args:
        state: The simulator.
        clock: The clock that exchanges move.
        latency: Seconds that an exchange takes until it arrives; for a pair, each way takes a random time between. A
            slow answer takes as many more as it is late.
    """

    def _pass(self, steps: Generator[float, None, T]) -> T:
        try:
            while True:
                self.wire.clock.sleep(next(steps))
        except StopIteration as end:
            found: T = end.value
            return found

    def send(self, request: HttpRequest, timeout: float) -> HttpResponse:
        """Send a request and return its answer.

        Args:
            request: The request, with the key if it is to have one.
            timeout: Seconds to wait for an answer.

        Returns:
            The answer.

        Raises:
            TransportError: No answer arrived, or not all of it.
        """
        return self._pass(self.wire.steps(request, timeout))

    @contextmanager
    def stream(self, url: str, headers: Mapping[str, str], timeout: float) -> Iterator[Stream]:
        """Fetch a URL.

        Args:
            url: The URL.
            headers: The headers.
            timeout: Seconds to wait for an answer.

        Yields:
            The status, the headers, and the body piece by piece.

        Raises:
            TransportError: No answer arrived. The body also raises it if it ends early.
        """
        yield self._pass(self.wire.fetch(url, headers, timeout))

    def close(self) -> None:
        """Do nothing: there is no connection to close."""


class AsyncMemoryTransport(_Memory):
    """A `MemoryTransport` for asyncio: exchanges side by side overlap in virtual time.

    Args:
        state: The simulator.
        clock: The clock that exchanges move.
        latency: Seconds that an exchange takes until it arrives; for a pair, each way takes a random time between.
    """

    async def _pass(self, steps: Generator[float, None, T]) -> T:
        try:
            while True:
                seconds = next(steps)
                if seconds > 0:
                    await self.wire.clock.async_sleep(seconds)
        except StopIteration as end:
            found: T = end.value
            return found

    async def send(self, request: HttpRequest, timeout: float) -> HttpResponse:
        """Send a request and return its answer.

        Args:
            request: The request, with the key if it is to have one.
            timeout: Seconds to wait for an answer.

        Returns:
            The answer.

        Raises:
            TransportError: No answer arrived, or not all of it.
        """
        return await self._pass(self.wire.steps(request, timeout))

    @asynccontextmanager
    async def stream(self, url: str, headers: Mapping[str, str], timeout: float) -> AsyncIterator[AsyncStream]:
        """Fetch a URL.

        Args:
            url: The URL.
            headers: The headers.
            timeout: Seconds to wait for an answer.

        Yields:
            The status, the headers, and the body piece by piece.

        Raises:
            TransportError: No answer arrived. The body also raises it if it ends early.
        """
        answer = await self._pass(self.wire.fetch(url, headers, timeout))
        yield AsyncStream(answer.status, headers=answer.headers, chunks=_async_chunks(answer.chunks))

    async def close(self) -> None:
        """Do nothing: there is no connection to close."""


async def _async_chunks(chunks: Iterator[bytes]) -> AsyncIterator[bytes]:
    for chunk in chunks:
        yield chunk


def virtual_kie(
    simulator: Simulator | None = None,
    *,
    faults: FaultSource = None,
    credits: Decimal | float | str = 1000,
    speed: float = 1.0,
    latency: Latency = LATENCY,
    seed: int = 0,
    api_key: str = "simulated",
    journal: str | PathLike[str] | None = None,
    clock: VirtualClock | None = None,
    rate_limit: RateLimit | None = None,
    **options: Unpack[Overrides],
) -> tuple[Kie, Simulator, VirtualClock]:
    """A `Kie` over a simulator in memory, in virtual time: nothing leaves the process, and no real time passes.

    Args:
        simulator: The simulator; None makes one of `faults`, `credits`, `speed` and `seed`.
        faults: A script: a list of rules, or the path of a JSON file. `kie.simulator._faults` lists the faults.
        credits: The initial balance, at least 0.
        speed: How many seconds of a model's work pass in one, more than 0.
        latency: Seconds that an exchange takes until it arrives; for a pair, each way takes a random time between.
        seed: Determines ids and durations of the simulator, and what is random in the client.
        api_key: The key.
        journal: The file that records submissions; None for no journal.
        clock: The clock; None makes one. Give the same to several clients to share it.
        rate_limit: The limit on submissions; None is the documented one.
        **options: The options of `Kie`.

    Returns:
        The client, its simulator and its clock.

    Raises:
        ConfigError: An argument is wrong, or the script has faults; all of them are listed.
    """
    state = simulator or Simulator(faults=faults, credits=credits, speed=speed, seed=seed)
    time = clock or VirtualClock()
    transport = MemoryTransport(state, time, latency=latency)
    client = Kie(
        api_key,
        base_url=API_URL,
        upload_url=UPLOAD_URL,
        transport=transport,
        journal=journal,
        **_paced(state, options),
    )
    _set(client, time, seed, rate_limit)
    client._driver = VirtualDriver(client._driver.session, transport, time.sleep, clock=time, wire=transport.wire)
    return client, state, time


def virtual_async_kie(
    simulator: Simulator | None = None,
    *,
    faults: FaultSource = None,
    credits: Decimal | float | str = 1000,
    speed: float = 1.0,
    latency: Latency = LATENCY,
    seed: int = 0,
    api_key: str = "simulated",
    journal: str | PathLike[str] | None = None,
    clock: VirtualClock | None = None,
    rate_limit: RateLimit | None = None,
    **options: Unpack[Overrides],
) -> tuple[AsyncKie, Simulator, VirtualClock]:
    """An `AsyncKie` over a simulator in memory, in virtual time. For asyncio only.

    Args:
        simulator: The simulator; None makes one of `faults`, `credits`, `speed` and `seed`.
        faults: A script: a list of rules, or the path of a JSON file. `kie.simulator._faults` lists the faults.
        credits: The initial balance, at least 0.
        speed: How many seconds of a model's work pass in one, more than 0.
        latency: Seconds that an exchange takes until it arrives; for a pair, each way takes a random time between.
        seed: Determines ids and durations of the simulator, and what is random in the client.
        api_key: The key.
        journal: The file that records submissions; None for no journal.
        clock: The clock; None makes one. Give the same to several clients to share it.
        rate_limit: The limit on submissions; None is the documented one.
        **options: The options of `AsyncKie`.

    Returns:
        The client, its simulator and its clock.

    Raises:
        ConfigError: An argument is wrong, or the script has faults; all of them are listed.
    """
    state = simulator or Simulator(faults=faults, credits=credits, speed=speed, seed=seed)
    time = clock or VirtualClock()
    client = AsyncKie(
        api_key,
        base_url=API_URL,
        upload_url=UPLOAD_URL,
        transport=AsyncMemoryTransport(state, time, latency=latency),
        journal=journal,
        **_paced(state, options),
    )
    _set(client, time, seed, rate_limit)
    client._driver.sleep = time.async_sleep
    client._driver.in_thread = client._driver.to_the_end = at_once
    return client, state, time


def _paced(state: Simulator, options: Overrides) -> Overrides:
    """The options, with a policy that polls as much more often as the service is faster."""
    return {"poll": PollPolicy(speed=max(state.speed, 1.0)), **options}


def _set(client: Kie | AsyncKie, clock: VirtualClock, seed: int, rate_limit: RateLimit | None) -> None:
    session = client._driver.session
    session.clock = clock
    session.chance = random.Random(seed)  # noqa: S311 - it is to be repeatable
    session.process = Process()
    session.process.limit(session.group, rate_limit or RateLimit())


def trace(client: Kie | AsyncKie) -> list[Exchange]:
    """Get the exchanges of a virtual client so far.

    Args:
        client: A client that `virtual_kie` or `virtual_async_kie` made.

    Returns:
        The exchanges, in the order in which the client had their outcomes.

    Raises:
        TypeError: The client is not virtual.
    """
    transport = client._driver.transport
    if not isinstance(transport, _Memory):
        raise TypeError("this client was not made by virtual_kie or virtual_async_kie")
    return transport.trace
