"""Simulator: a local Kie with tasks, uploads, results, limits, callbacks, and scripted faults.

May import everything below.

::

    from kie import simulated
    from kie.models import NanoBananaPro

    with simulated() as service, service.client() as client:
        client.run(NanoBananaPro(prompt="A lighthouse at dusk")).save("out/")

It costs nothing, and nothing leaves the machine. It needs the extra: `pip install 'kie[simulator]'`.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from contextlib import ExitStack
from decimal import Decimal
from os import PathLike
from types import TracebackType
from typing import TYPE_CHECKING, Self, Unpack

from kie._core.later import later
from kie._core.shared import Shared
from kie.simulator._faults import FaultScript, FaultSource, Rule
from kie.simulator._messages import Drop, SimRequest, SimResponse
from kie.simulator._simulator import Accepted, Callback, Simulator

if TYPE_CHECKING:
    from typing import TypeVar

    from kie._aclient import AsyncKie
    from kie._client import Kie
    from kie._flow.overrides import Overrides
    from kie._io.process import Process
    from kie.simulator._server import Server

    Client = TypeVar("Client", Kie, AsyncKie)
else:
    AsyncKie = later("kie._aclient", "AsyncKie")
    Kie = later("kie._client", "Kie")
    Overrides = later("kie._flow.overrides", "Overrides")

__all__ = [
    "Accepted",
    "Callback",
    "Drop",
    "FaultScript",
    "FaultSource",
    "Rule",
    "SimRequest",
    "SimResponse",
    "SimulatedService",
    "Simulator",
    "serve",
    "simulated",
]

API_KEY = "simulated"
"""The key that `client` and `async_client` use, unless the service takes certain keys only."""


class SimulatedService(Shared):
    """A simulated service that listens while its `with` or `async with` block lasts. Made by `simulated`.

    Args:
        state: The simulator that answers.
        port: The port of this machine to listen on; 0 takes a free one.
    """

    state: Simulator
    """The simulator that answers. Tests read `state.accepted`, `state.log` and `state.credits`."""

    _not_pickled = "it listens in this process; give base_url and api_key to the clients of another"

    def __init__(self, state: Simulator, *, port: int = 0) -> None:
        self.state = state
        self._port = port
        self._server: Server | None = None
        self._process: Process | None = None
        self._clients = ExitStack()
        self._async_clients: list[AsyncKie] = []

    @property
    def base_url(self) -> str:
        """Where the API is, once the service listens."""
        return self.state.base_url

    @property
    def upload_url(self) -> str:
        """Where uploads go, once the service listens: the same server."""
        return self.state.base_url

    @property
    def api_key(self) -> str:
        """A key that works."""
        return API_KEY if not self.state.keys else min(self.state.keys)

    def client(
        self, *, journal: str | PathLike[str] | None = None, api_key: str | None = None, **options: Unpack[Overrides]
    ) -> Kie:
        """Make a client of this service, which polls more often as the service is faster.

        The service closes it when it stops.

        Args:
            journal: The file that notes submissions; None for no journal.
            api_key: The key; None takes one that works.
            **options: The options of `Kie`.

        Returns:
            The client.

        Raises:
            ConfigError: An option is wrong.
        """
        from kie._client import Kie

        return self._clients.enter_context(self._made(Kie, api_key, journal, options))

    def async_client(
        self, *, journal: str | PathLike[str] | None = None, api_key: str | None = None, **options: Unpack[Overrides]
    ) -> AsyncKie:
        """Make an asynchronous client of this service, like `client`.

        Close it yourself (`async with`), or enter the service with `async with`: then the service closes it.

        Args:
            journal: The file that notes submissions; None for no journal.
            api_key: The key; None takes one that works.
            **options: The options of `AsyncKie`.

        Returns:
            The client.

        Raises:
            ConfigError: An option is wrong.
        """
        from kie._aclient import AsyncKie

        self._async_clients.append(self._made(AsyncKie, api_key, journal, options))
        return self._async_clients[-1]

    def _made(
        self, cls: type[Client], api_key: str | None, journal: str | PathLike[str] | None, options: Overrides
    ) -> Client:
        """Make a client at the service's pace. It shares rate limits only with other clients of this service."""
        from kie._io.process import Process
        from kie._policy.polling import PollPolicy
        from kie._policy.rate import RateLimit

        paced: Overrides = {"poll": PollPolicy(speed=max(self.state.speed, 1.0)), **options}
        key = api_key or self.api_key
        made = cls(key, base_url=self.base_url, upload_url=self.upload_url, journal=journal, **paced)
        self._process = self._process or Process()
        session = made._driver.session
        session.process = self._process
        session.simulated = True
        if not self.state.limits:
            session.process.limit(session.group, RateLimit.unlimited())
        return made

    def start(self) -> Self:
        """Listen. The `with` block does this.

        Returns:
            The service.

        Raises:
            ConfigError: The extra is not installed, or the port is taken.
        """
        from kie.simulator._server import Server

        if self._server is None:
            self._server = Server.start(self.state, port=self._port)
        return self

    def stop(self) -> None:
        """Close the clients and stop listening. The end of the `with` block does this."""
        try:
            self._clients.close()
        finally:
            if self._server is not None:
                self._server.stop()
                self._server = None

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    async def __aenter__(self) -> Self:
        return self.start()

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        try:
            for client in self._async_clients:
                await client.close()
        finally:
            self.stop()


def simulated(
    *,
    speed: float = 10.0,
    faults: FaultSource = None,
    credits: Decimal | float | str = 1000,
    port: int = 0,
    keys: Collection[str] | None = None,
    webhook_key: str | None = None,
    limits: bool = True,
    accept_unknown: bool = False,
    seed: int | None = None,
) -> SimulatedService:
    """A local Kie for a `with` (or `async with`) block.

    Args:
        speed: How many seconds of a model's work pass in one, more than 0.
        faults: A script: a list of rules, or the path of a JSON file. `kie.simulator._faults` lists the faults.
        credits: The initial balance, at least 0.
        port: The port of this machine to listen on; 0 takes a free one.
        keys: The keys that work; None accepts any.
        webhook_key: Signs callbacks; None leaves them unsigned.
        limits: Whether the documented rate limits apply; if not, its clients have none either.
        accept_unknown: Whether models and fields that the catalog does not know are accepted.
        seed: Determines ids and durations; None makes new ones in each run, so saved files get other names.

    Returns:
        The service. It listens once it is entered.

    Raises:
        ConfigError: A number is out of bounds, or the script has faults; all of them are listed.
    """
    state = Simulator(
        credits=credits,
        speed=speed,
        keys=keys,
        limits=limits,
        accept_unknown=accept_unknown,
        webhook_key=webhook_key,
        faults=faults,
        seed=seed,
    )
    return SimulatedService(state, port=port)


def serve(
    service: SimulatedService, *, say: Callable[[str], object] = print, wait: Callable[[], object] | None = None
) -> None:
    """Run a simulated service until Ctrl-C, after saying how to point a client at it.

    Args:
        service: What `simulated` makes.
        say: Takes each line of text; the default prints it.
        wait: Blocks for as long as the service is to run; None waits for Ctrl-C.

    Raises:
        ConfigError: The extra is not installed, or the port is taken.
    """
    import threading

    with service:
        say(f"Simulated Kie at {service.base_url} (Ctrl-C ends it). Point a client at it:")
        say(f"  export KIE_BASE_URL={service.base_url}")
        say(f"  export KIE_UPLOAD_URL={service.upload_url}")
        say(f"  export KIE_API_KEY={service.api_key}")
        try:
            (wait or threading.Event().wait)()
        except KeyboardInterrupt:
            say("ended")
