"""A database that processes and machines share: one transaction at a time for each lock, on SQLite and on Postgres."""

from __future__ import annotations

import os
import sqlite3
import sys
import threading
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from types import FrameType
from typing import Any

import psycopg
import pytest

from kie import ConfigError
from kie._io.database import Database, database, said, shown_url, shows_password
from tests.postgres import new_database
from tests.processes import exit_code, joined

_PUT = "INSERT INTO kie_limits VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET state = excluded.state"


@pytest.fixture
def shared(database_url: str) -> Iterator[Database]:
    """A database of each kind."""
    with closing(Database(database_url)) as found:
        yield found


def _count(shared: Database, rounds: int) -> None:
    """Add to a number that stands in the database, reading and writing it apart."""
    for _ in range(rounds):
        with shared.transaction("limits:a") as open_:
            found = open_.execute("SELECT state FROM kie_limits WHERE name = ?", "a")
            state = str(int(str(found[0][0])) + 1 if found else 1)
            open_.execute(
                "INSERT INTO kie_limits VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET state = excluded.state",
                "a",
                state,
            )


def _counted(shared: Database) -> list[tuple[object, ...]]:
    with shared.transaction("limits:a") as open_:
        return list(open_.execute("SELECT state FROM kie_limits"))


def test_nobody_can_change_what_a_transaction_read(database_url: str, shared: Database) -> None:
    """Threads with a connection each, as processes have."""

    def work() -> None:
        with closing(Database(database_url)) as own:
            _count(own, 25)

    workers = [threading.Thread(target=work) for _ in range(4)]
    for worker in workers:
        worker.start()
    joined(*workers)
    assert _counted(shared) == [("100",)]


def test_what_a_block_did_is_taken_back_if_it_raises(shared: Database) -> None:
    def interrupted() -> None:
        with shared.transaction("limits:a") as open_:
            open_.execute(_PUT, "a", "1")
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        interrupted()
    assert _counted(shared) == []


def test_threads_do_not_wait_one_after_the_other_for_a_lock_that_is_not_free(
    shared: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("kie._io.database.PATIENCE", 0.01)
    faults: list[str] = []

    def asks() -> None:
        try:
            with shared.transaction("limits:a"):
                raise AssertionError("it is held by another thread")
        except ConfigError as error:
            faults.append(error.message)

    with shared.transaction("limits:a") as open_:
        other = threading.Thread(target=asks, daemon=True)
        other.start()
        other.join(20)
        assert [fault.partition(" cannot be used: ")[2] for fault in faults] == [
            "other threads have waited for it for too long"
        ]
        open_.execute(_PUT, "a", "1")
    with shared.transaction("limits:a") as open_:
        assert open_.execute("SELECT state FROM kie_limits WHERE name = ?", "a") == [("1",)]


def test_an_interruption_right_after_the_lock_was_taken_does_not_leave_it_taken(tmp_path: Path) -> None:
    """A signal may be handled between any two steps of Python, also between a call and what is done with its answer."""

    class Interrupted(BaseException):
        pass

    def interrupting(frame: FrameType, event: str, _: object) -> Any:
        if frame.f_code.co_name != "transaction":
            return None
        frame.f_trace_opcodes = True
        if event == "opcode" and lock._is_owned():
            raise Interrupted
        return interrupting

    with closing(Database(f"sqlite:///{tmp_path}/kie.sqlite")) as shared:
        lock: Any = shared._lock
        with shared.transaction("first"):
            pass
        before = sys.gettrace()
        sys.settrace(interrupting)
        try:
            with pytest.raises(Interrupted), shared.transaction("second"):
                raise AssertionError("it was not interrupted")
        finally:
            sys.settrace(before)
        assert not lock._is_owned()


def test_the_clock_is_that_of_all(shared: Database) -> None:
    with shared.transaction("clock") as open_:
        first = open_.now()
        assert 0 <= open_.now() - first < 60


@pytest.mark.skipif(not hasattr(os, "fork"), reason="there is no fork here")
def test_a_child_connects_anew_and_leaves_the_connection_of_its_parent_alone(shared: Database) -> None:
    _count(shared, 1)
    child = os.fork()
    if child == 0:
        try:
            _count(shared, 1)
            os._exit(0)
        finally:
            os._exit(1)
    assert exit_code(child) == 0
    _count(shared, 1)
    assert _counted(shared) == [("3",)]


def test_a_connection_that_broke_meanwhile_is_made_anew(postgres_url: str) -> None:
    with closing(Database(postgres_url)) as shared:
        _count(shared, 1)
        with psycopg.connect(postgres_url, autocommit=True) as other:
            other.execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'kie'")
        _count(shared, 1)
        assert _counted(shared) == [("2",)]


def test_a_pool_before_the_server_may_give_each_transaction_another_connection(postgres_url: str) -> None:
    def settings(shared: Database) -> list[str]:
        names = ("lock_timeout", "statement_timeout")
        return [str(shared._server.execute(f"SHOW {name}")[0][0]) for name in names]

    with closing(Database(postgres_url)) as shared:
        for _ in range(8):  # after five times the driver would prepare a statement on its connection
            with shared.transaction("limits"):
                assert settings(shared) == ["30s", "30s"]
        assert settings(shared) == ["0", "0"], "what is set is set for a transaction"
        assert shared._server.execute("SELECT name FROM pg_prepared_statements") == []
        shared._server.commit()


def test_a_database_that_was_made_in_the_locale_c_gives_its_text_as_any_other(postgres_server: str) -> None:
    with closing(Database(new_database(postgres_server, "SQL_ASCII"))) as shared:
        _count(shared, 2)
        with shared.transaction("limits") as opened:
            opened.execute(_PUT, "b", "Zürich, 日本")
            assert opened.execute("SELECT state FROM kie_limits ORDER BY name") == [("2",), ("Zürich, 日本",)]


def test_what_a_server_says_is_quoted_without_the_statement_or_the_password(postgres_url: str) -> None:
    with (
        closing(Database(postgres_url)) as shared,
        pytest.raises(ConfigError, match=r'cannot be used: relation "kie_others" does not exist$'),
        shared.transaction("limits") as transaction,
    ):
        transaction.execute("SELECT 1 FROM kie_others")
    url = "postgresql://kie:pass%23word@h/kie_1"
    for text in ("kie:pass%23word", "pass%23word", "pass#word"):
        assert said(OSError(f"bad token {text}\n!"), url) == "bad token … !"
    assert said(OSError('no user "kie"'), "postgresql://kie@h/kie_1") == 'no user "kie"'


def test_the_same_url_is_one_connection(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'a.sqlite'}"
    assert database(url) is database(url)
    assert database(url).path == tmp_path / "a.sqlite"


@pytest.mark.parametrize(
    "url",
    ["", "limits.db", "sqlite://", "sqlite:///", "sqlite:///:memory:", "mysql://u:geheim@h/x", "postgresql://", "://"],
)
def test_what_cannot_be_shared_is_refused_with_the_two_forms(url: str) -> None:
    with pytest.raises(ConfigError, match=r"sqlite:///PATH .* postgresql://USER@HOST/NAME") as caught:
        Database(url)
    assert "geheim" not in str(caught.value)


def test_a_folder_that_is_not_there_is_one_clear_error(tmp_path: Path) -> None:
    shared = Database(f"sqlite:///{tmp_path / 'gone' / 'a.sqlite'}")
    with pytest.raises(ConfigError, match=r"the database sqlite:///.*a\.sqlite cannot be used: No such file"):
        _count(shared, 1)


def test_a_file_of_something_else_is_one_clear_error_and_stays_as_it_is(tmp_path: Path) -> None:
    path = tmp_path / "a.sqlite"
    path.write_bytes(b"no database at all" * 100)
    with pytest.raises(ConfigError, match=r"cannot be used: file is not a database"):
        _count(Database(f"sqlite:///{path}"), 1)
    assert path.read_bytes() == b"no database at all" * 100


def test_tables_of_another_version_are_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "a.sqlite"
    url = f"sqlite:///{path}"
    with closing(Database(url)) as shared:
        _count(shared, 1)
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute("UPDATE kie_version SET version = 2")
    with pytest.raises(ConfigError, match=r"has tables of version 2, but this kie needs version 1: update kie"):
        _count(Database(url), 1)


def test_a_server_that_does_not_answer_is_one_clear_error_without_the_password() -> None:
    shared = Database("postgresql://kie:geheim@127.0.0.1:1/x?connect_timeout=5")
    with pytest.raises(ConfigError, match=r"the database postgresql://127\.0\.0\.1:1/x cannot be used") as caught:
        _count(shared, 1)
    assert "geheim" not in f"{caught.value}{caught.value!r}{shared!r}"


def test_a_url_is_shown_without_its_user_and_parameters() -> None:
    assert shown_url("postgresql://kie:geheim@host:5/x?sslkey=secret") == "postgresql://host:5/x"
    assert shown_url("postgresql://[broken@x") == "postgresql://x"


@pytest.mark.parametrize("between", ["", "/", "#", "?", "@", ":", "%", " ", "%40"])
@pytest.mark.parametrize("place", ["127.0.0.1:1/x", "[::1/x", "127.0.0.1:port/x"])
def test_a_password_that_is_not_escaped_is_shown_nowhere(between: str, place: str) -> None:
    url = f"postgresql://kie:ge{between}heim@{place}"
    shared = Database(url)
    with pytest.raises(ConfigError, match="cannot be used") as caught:
        _count(shared, 1)
    assert "heim" not in f"{caught.value}{shared!r}"
    assert not shared.portable


def test_a_file_whose_name_no_system_takes_is_no_database() -> None:
    with pytest.raises(ConfigError, match="names no file"):
        Database("sqlite:///a\0b")


def test_without_the_driver_the_error_names_the_extra(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "psycopg", None)
    with pytest.raises(ConfigError, match=r"pip install 'kie\[postgres\]'"):
        Database("postgresql://kie@127.0.0.1/x")


def test_what_is_kept_in_a_file_outlasts_a_loss_of_power(tmp_path: Path) -> None:
    with closing(Database(f"sqlite:///{tmp_path}/kie.sqlite")) as shared, shared.transaction("x") as transaction:
        assert transaction.execute("PRAGMA synchronous") == [(2,)]


@pytest.mark.skipif(os.name != "posix", reason="modes are POSIX's")
def test_only_its_owner_can_read_what_is_kept_in_a_file(tmp_path: Path) -> None:
    with closing(Database(f"sqlite:///{tmp_path}/kie.sqlite")) as shared:
        with shared.transaction("x") as transaction:
            transaction.execute("INSERT INTO kie_limits VALUES (?, ?)", "a", "b")
        assert {path.stat().st_mode & 0o777 for path in tmp_path.iterdir()} == {0o600}


@pytest.mark.parametrize("more", ["", ":secret", "?password=secret", "?sslpassword=secret", "?sslmode=require"])
def test_a_password_is_found_wherever_it_stands_in_a_url(more: str) -> None:
    account, query = (more, "") if more.startswith(":") else ("", more)
    assert shows_password(f"postgresql://user{account}@host/name{query}") is ("secret" in more)
