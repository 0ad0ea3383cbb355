"""`kie` in this process: a runner, and services to point it at, in virtual time or on a socket."""

from __future__ import annotations

import itertools
import json
import os
from collections.abc import Callable, Generator, Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any, Protocol

import attrs
import pytest
from click.testing import CliRunner, Result

from kie import Kie
from kie._cli.app import root
from kie._cli.cli_context import CliContext
from kie._flow.overrides import Overrides
from kie.simulator import SimulatedService, Simulator, simulated
from kie.testing import MemoryTransport, VirtualClock, virtual_kie
from tests.cli import json_output

_NUMBERS = itertools.count()


@attrs.define(kw_only=True)
class VirtualService:
    """A simulated service in memory. Its clock passes only while the program waits."""

    state: Simulator
    api_key: str
    clock: VirtualClock = attrs.field(factory=VirtualClock)

    @property
    def base_url(self) -> str:
        return self.state.base_url


@attrs.define(kw_only=True)
class VirtualContext(CliContext):
    """An invocation that is connected to a virtual service, with the default policies.

    `on_request` gets the URL of each request before it is sent. What it raises interrupts the request.
    """

    service: VirtualService
    on_request: Callable[[str], object] | None = None

    def now(self) -> datetime:
        return self.service.clock.wall()

    def server_time(self) -> datetime | None:
        return self.now()

    def connect(self, key: str | None, journal: Path | None, options: Overrides) -> Kie:
        client, _, _ = virtual_kie(
            self.service.state,
            clock=self.service.clock,
            api_key=key or os.environ["KIE_API_KEY"],
            journal=journal,
            seed=next(_NUMBERS),
            rate_limit=self.rate_limit,
            **options,
        )
        if self.on_request is not None:
            _watch(client, self.on_request)
        return client


def _watch(client: Kie, on_request: Callable[[str], object]) -> None:
    transport = client._driver.transport
    assert isinstance(transport, MemoryTransport)
    wire, exchange = transport.wire, transport.wire.exchange

    def watched(
        method: str, url: str, headers: Mapping[str, str], body: bytes, timeout: float
    ) -> Generator[float, None, Any]:
        on_request(url)
        return exchange(method, url, headers, body, timeout)

    wire.exchange = watched  # type: ignore[method-assign]


def interrupt_at(part: str) -> Callable[[str], None]:
    """Press Ctrl-C when the program requests a URL that contains `part`."""

    def on_request(url: str) -> None:
        if part in url:
            raise KeyboardInterrupt

    return on_request


class NoTransport:
    """Fails the test when anything is sent."""

    def send(self, request: object, timeout: float) -> Any:
        raise AssertionError(f"{request} was sent")

    def stream(self, url: str, headers: object, timeout: float) -> Any:
        raise AssertionError(f"{url} was fetched")

    def close(self) -> None:
        pass


@pytest.fixture(autouse=True)
def state(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The user's state folder, and the journal in it."""
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    for name in ("KIE_CONFIG", "KIE_PROFILE"):
        monkeypatch.delenv(name, raising=False)
    return tmp_path / "state" / "kie" / "journal.jsonl"


class Invoke(Protocol):
    """Runs `kie` with arguments; `context` replaces the invocation, `input` is standard input."""

    def __call__(
        self, *args: str | os.PathLike[str], context: CliContext | None = None, input: bytes | None = None
    ) -> Result: ...


@attrs.define
class Connected:
    """How `kie` invokes the program: without a service, nothing may be sent."""

    make: Callable[[], CliContext] = lambda: CliContext(transport=NoTransport())


@pytest.fixture
def connected() -> Connected:
    """What `at` and `listening` connect `kie` to."""
    return Connected()


@pytest.fixture
def kie(connected: Connected) -> Invoke:
    """Run `kie` against the service of the test."""

    def invoke(*args: str | os.PathLike[str], context: CliContext | None = None, input: bytes | None = None) -> Result:
        outcome = CliRunner().invoke(
            root, [os.fspath(arg) for arg in args], obj=context or connected.make(), input=input
        )
        if outcome.exception is not None and not isinstance(outcome.exception, SystemExit):
            raise outcome.exception
        json_output.check([os.fspath(arg) for arg in args], outcome.stdout)
        return outcome

    return invoke


At = Callable[..., VirtualService]


@pytest.fixture
def at(connected: Connected, monkeypatch: pytest.MonkeyPatch) -> At:
    """Make a virtual service with the options of `Simulator`, and connect `kie` to it."""

    def make(**options: Any) -> VirtualService:
        key = f"secret-key-{next(_NUMBERS)}"
        service = VirtualService(state=Simulator(**{"keys": [key], **options}), api_key=key)
        monkeypatch.setenv("KIE_API_KEY", key)
        connected.make = lambda: VirtualContext(service=service)
        return service

    return make


@pytest.fixture
def service(at: At) -> VirtualService:
    """A virtual service without faults."""
    return at()


@pytest.fixture
def listening(connected: Connected, monkeypatch: pytest.MonkeyPatch) -> Iterator[SimulatedService]:
    """A simulated service on a socket, for programs in processes of their own. The environment points at it."""
    key = f"secret-key-{next(_NUMBERS)}"
    with simulated(speed=1000, keys=[key]) as started:
        monkeypatch.setenv("KIE_API_KEY", key)
        monkeypatch.setenv("KIE_BASE_URL", started.base_url)
        monkeypatch.setenv("KIE_UPLOAD_URL", started.upload_url)
        connected.make = CliContext
        yield started


@pytest.fixture
def picture(tmp_path: Path) -> Path:
    """A small PNG file."""
    from PIL import Image

    path = tmp_path / "lighthouse.png"
    Image.new("RGB", (64, 64), "navy").save(path)
    return path


def document(outcome: Result) -> Any:
    """The one JSON document on stdout."""
    return json.loads(outcome.stdout)


@contextmanager
def folder(path: Path) -> Iterator[Path]:
    """Work in another folder for a while."""
    before = Path.cwd()
    path.mkdir(parents=True, exist_ok=True)
    os.chdir(path)
    try:
        yield path
    finally:
        os.chdir(before)
