"""A simulated service, and machines that work on a database."""

from __future__ import annotations

import shutil
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, TypeAlias

import pytest
import sqlalchemy

from kie import ConfigError, PollPolicy, RateLimit
from kie._durable.line_store import LineStore
from kie._io.database import database
from kie.durable import Durable
from kie.models import NanoBananaPro
from kie.simulator import SimulatedService, simulated
from tests.postgres import database_url, postgres_server, postgres_url

__all__ = ["database_url", "postgres_server", "postgres_url"]

KEY = "a-key-that-nobody-has-1234567890"
FAST = RateLimit(submissions=10_000, reads=10_000)

Machine: TypeAlias = Callable[..., Durable]


@pytest.fixture
def service() -> Iterator[SimulatedService]:
    with simulated(speed=500, limits=False, keys=[KEY], credits=10**6) as running:
        yield running


@pytest.fixture(scope="session")
def prepared(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A database that has its tables already: to make them takes a second."""
    path = tmp_path_factory.mktemp("prepared") / "runs.sqlite"
    with Durable(f"sqlite:///{path}", machine="maker", api_key=KEY):
        pass
    with database(f"sqlite:///{path}").transaction("machines") as transaction:
        transaction.execute("DELETE FROM kie_machines")
    database(f"sqlite:///{path}").close()
    assert not Path(f"{path}-wal").exists()
    return path


@pytest.fixture
def url(tmp_path: Path, prepared: Path) -> str:
    shutil.copy(prepared, tmp_path / "runs.sqlite")
    return f"sqlite:///{tmp_path / 'runs.sqlite'}"


@pytest.fixture
def machine(service: SimulatedService, url: str) -> Machine:
    """Makes machines, by default `box-1` on a file."""

    def made(name: str = "box-1", **options: Any) -> Durable:
        servers = {"base_url": service.base_url, "upload_url": service.base_url, "api_key": KEY}
        common: dict[str, Any] = {"url": url, "poll": PollPolicy(speed=500), "rate_limit": FAST, **servers, **options}
        return Durable(machine=name, **common)

    return made


def requests(count: int, what: str = "line") -> Iterator[NanoBananaPro]:
    return (NanoBananaPro(prompt=f"{what} {number}") for number in range(count))


def prompts(service: SimulatedService) -> list[str]:
    """What was sent and accepted, in order."""
    return [str(task.input["prompt"]) for task in service.state.accepted]


def waits(until: Callable[[], object]) -> None:
    """Wait for what other threads or processes do, but not forever."""
    end = time.monotonic() + 30
    while not until():
        assert time.monotonic() < end, "it does not happen"
        time.sleep(0.01)


def engines_queued(store: LineStore) -> int:
    """How many lines no machine has taken."""
    with store.engine.connect() as connection:
        statement = "SELECT count(*) FROM workflow_status WHERE status = 'ENQUEUED'"
        return int(connection.execute(sqlalchemy.text(statement)).scalar() or 0)


def hold(machine: Durable, count: int) -> None:
    """Let a machine take the lines of a batch, and send none of them."""
    assert machine._work is not None
    machine._work.stop(ConfigError("it sends nothing"))
    machine.batch("spring", requests(count))
    waits(lambda: not engines_queued(machine._store))
