"""Clients whose limits stand in a database: what they do if it works, if it does not, and whose threads wait for it."""

from __future__ import annotations

import asyncio
import logging
import sqlite3
import threading
import traceback
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import psycopg
import pytest

from kie import AsyncKie, Budget, ConfigError, Kie, RateLimit
from kie._io import database as databases
from kie._io.database import Database, database
from kie.models import NanoBananaPro
from kie.simulator import Simulator
from kie.telemetry import Event, RequestLimited
from kie.testing import AsyncMemoryTransport, MemoryTransport, VirtualClock
from tests.postgres import binaries, new_database, served

REQUEST = NanoBananaPro(prompt="A lighthouse")


@pytest.fixture
def url(database_url: str) -> Iterator[str]:
    """A new database of each kind, whose connection is closed in the end."""
    yield database_url
    database(database_url).close()


def sync_client(url: str, service: Simulator, key: str = "key-1", **options: Any) -> Kie:
    transport = MemoryTransport(service, VirtualClock(), latency=0.0)
    return Kie(key, limit_store=url, transport=transport, **options)


def async_client(url: str, service: Simulator, key: str = "key-1", **options: Any) -> AsyncKie:
    transport = AsyncMemoryTransport(service, VirtualClock(), latency=0.0)
    return AsyncKie(key, limit_store=url, transport=transport, **options)


def kept(url: str) -> list[str]:
    with closing(Database(url)) as shared, shared.transaction("look") as opened:
        return [str(name).rpartition(":")[2] for (name,) in opened.execute("SELECT name FROM kie_limits")]


def test_clients_of_both_kinds_draw_from_one_limit(url: str) -> None:
    service = Simulator()
    waits: list[float] = []

    def observe(event: Event) -> None:
        if isinstance(event, RequestLimited):
            waits.append(event.delay)
            raise KeyboardInterrupt  # nothing waits here

    async def main() -> None:
        async with async_client(url, service, limit_group="team") as client:
            task = await client.submit(REQUEST)
            await task.refresh()

    with sync_client(url, service, "key-2", limit_group="team", rate_limit=RateLimit(submissions=3)) as client:
        client.submit(REQUEST)
        asyncio.run(main())
        client.submit(REQUEST)
        with pytest.raises(KeyboardInterrupt):
            client.submit(REQUEST, observers=[observe])
    assert len(service.accepted) == 3
    assert 9 < waits[0] < 11
    assert sorted(kept(url)) == ["read", "submit"]


def test_no_event_loop_waits_for_the_database(url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    threads: list[str] = []
    begin = Database._begin

    def begun(self: Database, lock: str, until: float) -> bool:
        threads.append(threading.current_thread().name)
        return begin(self, lock, until)

    monkeypatch.setattr(Database, "_begin", begun)

    async def main() -> None:
        async with async_client(url, Simulator(), budget=100) as client:
            task = await client.submit(REQUEST)
            await task.refresh()
            await client.vendor.models()

    asyncio.run(main())
    assert len(threads) >= 5
    assert threading.main_thread().name not in threads


@pytest.mark.parametrize("kind", ["sync", "async"])
def test_without_the_database_nothing_is_sent_or_noted_and_what_was_paid_is_still_polled(
    tmp_path: Path, kind: str, caplog: pytest.LogCaptureFixture
) -> None:
    service, journal = Simulator(), tmp_path / "journal.jsonl"
    with Kie("key-1", transport=MemoryTransport(service, VirtualClock(), latency=0.0), limit_group="paid") as client:
        paid = client.submit(REQUEST).ref
    url, budget = f"sqlite:///{tmp_path / 'gone' / 'a.sqlite'}", Budget(100)
    options: dict[str, Any] = {"journal": journal, "budget": budget}

    def now() -> None:
        with sync_client(url, service, limit_group=f"{tmp_path}", **options) as client:
            with pytest.raises(ConfigError, match=r"a\.sqlite cannot be used: No such file.*; nothing was sent"):
                client.submit(REQUEST)
            for _ in range(3):
                assert client.task(paid).refresh().state == "queued"

    async def later() -> None:
        async with async_client(url, service, limit_group=f"{tmp_path}", **options) as client:
            with pytest.raises(ConfigError, match=r"a\.sqlite cannot be used: No such file.*; nothing was sent"):
                await client.submit(REQUEST)
            for _ in range(3):
                assert (await client.task(paid).refresh()).state == "queued"

    with caplog.at_level(logging.WARNING, "kie"):
        now() if kind == "sync" else asyncio.run(later())
    assert len(service.accepted) == 1
    assert not journal.exists() or '"submit"' not in journal.read_text()
    assert budget.reserved == 0
    warnings = [
        record.getMessage() for record in caplog.records if "within the limit of this process" in record.getMessage()
    ]
    assert len(warnings) == 1


def test_a_database_that_is_locked_for_long_is_one_clear_error(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(databases, "PATIENCE", 0.1)
    path, service = tmp_path / "a.sqlite", Simulator()
    with sync_client(f"sqlite:///{path}", service, limit_group=f"{tmp_path}") as client:
        client.submit(REQUEST)
        database(f"sqlite:///{path}").close()  # so that the next connection has the patience of the test
        with closing(sqlite3.connect(path, isolation_level=None)) as other:
            other.execute("BEGIN IMMEDIATE")
            with pytest.raises(ConfigError, match=r"cannot be used: database is locked; nothing was sent"):
                client.submit(REQUEST)
            other.execute("ROLLBACK")
        client.submit(REQUEST)
    assert len(service.accepted) == 2


def test_a_full_disk_is_one_clear_error(tmp_path: Path) -> None:
    path, service = tmp_path / "a.sqlite", Simulator()
    with sync_client(f"sqlite:///{path}", service, limit_group=f"{tmp_path}") as client:
        client.submit(REQUEST)
        opened = database(f"sqlite:///{path}")._server.connection
        assert isinstance(opened, sqlite3.Connection)
        (pages,) = opened.execute("PRAGMA page_count").fetchone()
        opened.execute(f"PRAGMA max_page_count={pages}")
        opened.execute("CREATE TABLE IF NOT EXISTS kie_machines (name TEXT)")
        service.limits = False
        limits, permits = client._driver.session.process.limits(client._driver.session.group), list[object]()

        def fill() -> None:
            for _ in range(1000):  # a line of waiting requests that does not fit
                permits.append(limits.reserve("submit", 0.0))

        with pytest.raises(ConfigError, match=r"cannot be used: database or disk is full"):
            fill()
    assert len(service.accepted) == 1


def test_tables_of_a_newer_version_are_one_clear_error(url: str) -> None:
    with closing(Database(url)) as shared, shared.transaction("x") as opened:
        opened.execute("UPDATE kie_version SET version = 2")
    service = Simulator()
    with sync_client(url, service, limit_group=url) as client, pytest.raises(ConfigError, match="update kie"):
        client.submit(REQUEST)
    assert service.log == []


@pytest.mark.skipif(binaries() is None, reason="Postgres is not installed")
def test_a_server_that_starts_again_loses_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    """A submission waits for it, and polls do not."""
    with served() as server:
        url, service = new_database(server.url), Simulator()
        slept: list[float] = []

        def sleep(seconds: float) -> None:
            slept.append(seconds)
            server.start()

        with sync_client(url, service, limit_group=url, budget=100) as client:
            task = client.submit(REQUEST)
            server.stop()
            with monkeypatch.context() as patch:
                patch.setattr(databases, "AGAIN", None)  # nothing can sleep for that long
                assert task.refresh().state == "queued"
            monkeypatch.setattr(
                databases, "time", SimpleNamespace(sleep=sleep, monotonic=lambda: 0.0, time=lambda: 0.0)
            )
            client.submit(REQUEST)
        database(url).close()
    assert len(service.accepted) == 2
    assert len(slept) == 1


def test_a_server_that_stays_away_is_an_error_after_a_while(postgres_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    now = 0.0

    def sleep(seconds: float) -> None:
        nonlocal now
        now += seconds

    def refused(self: object) -> None:
        raise psycopg.OperationalError("connection refused")

    shared = Database(postgres_url)
    with shared.transaction("x"):
        pass
    shared.close()
    monkeypatch.setattr(databases, "time", SimpleNamespace(sleep=sleep, monotonic=lambda: now))
    monkeypatch.setattr(databases._Postgres, "opened", refused)
    with pytest.raises(ConfigError, match="cannot be used: connection refused"), shared.transaction("x"):
        pass
    assert now == pytest.approx(databases.ABSENCE, abs=1)
    before = now
    with pytest.raises(ConfigError), shared.transaction("x", patient=False):
        pass
    with pytest.raises(ConfigError), Database(postgres_url).transaction("x"):
        pass
    assert now == before, "what was never there is not waited for, and polls wait for nothing"


def shown(error: BaseException) -> str:
    """All that a crash report holds, but for the frames of these tests."""
    report: traceback.TracebackException | None
    report = traceback.TracebackException.from_exception(error, capture_locals=True)
    text = []
    while report is not None:
        frames = [frame for frame in report.stack if frame.filename != __file__]
        text += [*report.format_exception_only(), *(f"{frame.name} {frame.locals}" for frame in frames)]
        report = report.__cause__ or report.__context__
    return "".join(text)


@pytest.mark.parametrize("store", ["postgresql://kie:{}@127.0.0.1:1/x", "mysql://kie:{}@h/x", "kie:{}@h"])
def test_the_password_is_shown_nowhere(store: str, caplog: pytest.LogCaptureFixture) -> None:
    secret, service = "".join(("geh", "eim-9f")), Simulator()
    found: list[BaseException] = []
    with caplog.at_level(logging.DEBUG):
        try:
            with sync_client(store.format(secret), service, limit_group=store) as client:
                found.append(ValueError(f"{client!r} {client._driver.session!r}"))
                client.credits()
                client.submit(REQUEST)
        except ConfigError as error:
            found.append(error)
    assert any(isinstance(error, ConfigError) for error in found)
    for text in [*map(shown, found), *map(repr, found), caplog.text]:
        assert secret not in text
    assert service.accepted == []


@pytest.mark.parametrize(
    ("store", "text"),
    [
        (5, "limit_store must be the URL of a database, or None, not int"),
        ("", "is not the URL of a database"),
        ("limits.sqlite", "is not the URL of a database"),
        ("sqlite:///:memory:", "names no file"),
    ],
)
def test_a_store_that_is_none_is_refused_when_the_client_is_made(store: Any, text: str) -> None:
    for client in (Kie, AsyncKie):
        with pytest.raises(ConfigError, match=text):
            client("key", limit_store=store)


def test_two_stores_for_one_key_are_refused_until_the_first_client_is_closed(tmp_path: Path) -> None:
    one, other = (f"sqlite:///{tmp_path / name}.sqlite" for name in "ab")
    group = f"{tmp_path}"
    with Kie("key", limit_store=one, limit_group=group) as first, Kie("key", limit_group=group) as second:
        assert second._driver.session.process.limits(f"group:{group}").blocks, "it holds for every client of the key"
        with pytest.raises(ConfigError, match=r"b\.sqlite differs from that of the other clients of this key"):
            Kie("key", limit_store=other, limit_group=group)
        first.with_options(timeout=5).close()
        with pytest.raises(ConfigError, match="differs from that of the other clients"):
            AsyncKie("key", limit_store=other, limit_group=group)
    Kie("key", limit_store=other, limit_group=group).close()


def test_what_was_not_sent_is_free_for_others_when_a_client_is_closed(url: str) -> None:
    """A submission that is given up while it waits holds nobody up."""
    service, limit = Simulator(), RateLimit(submissions=1)

    def observe(event: Event) -> None:
        if isinstance(event, RequestLimited):
            raise KeyboardInterrupt

    async def main() -> None:
        async with async_client(url, service, limit_group=url, rate_limit=limit, observers=[observe]) as client:
            await client.submit(REQUEST)
            with pytest.raises(KeyboardInterrupt):
                await client.submit(REQUEST)

    asyncio.run(main())
    with closing(Database(url)) as shared, shared.transaction("look") as opened:
        state = str(opened.execute("SELECT state FROM kie_limits")[0][0])
    assert '"line":[]' in state


def test_a_store_that_is_the_journal_is_refused(tmp_path: Path) -> None:
    place = tmp_path / "both"
    with pytest.raises(ConfigError, match=r"limit_store is the journal .*both: give each a file of its own"):
        Kie("a-key-of-nobody", journal=place, limit_store=f"sqlite:///{place}")
    with Kie("a-key-of-nobody", journal=tmp_path / "journal", limit_store=f"sqlite:///{place}") as client:
        assert client._driver.session.store is not None
