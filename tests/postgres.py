"""A server of Postgres for the tests: in a folder and on a port of its own, stopped at the end."""

from __future__ import annotations

import os
import secrets
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import psycopg
import pytest

_SETTINGS = "-c fsync=off -c listen_addresses=127.0.0.1 -c max_connections=60"


def binaries() -> Path | None:
    """Where the server's programs are; None if it is not installed."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda path: int(path.parts[-3]))
    named = shutil.which("initdb")
    return found[-1].parent if found else Path(named).resolve().parent if named else None


@contextmanager
def running() -> Iterator[str]:
    """Start a server. Gives the URL of its databases, up to the name."""
    programs = binaries()
    assert programs is not None
    with tempfile.TemporaryDirectory(prefix="kie-postgres-") as folder:
        user = _user(folder)
        data, port = f"{folder}/data", _free_port()
        _do([f"{programs}/initdb", "-D", data, "-U", "kie", "-A", "trust", "--no-sync"], user)
        started = [f"{programs}/pg_ctl", "-D", data, "-w", "-l", f"{folder}/log"]
        _do([*started, "-o", f"-p {port} -k {folder} {_SETTINGS}", "start"], user)
        try:
            yield f"postgresql://kie@127.0.0.1:{port}/"
        finally:
            _do([*started, "-m", "immediate", "stop"], user)


def _user(folder: str) -> str | None:
    """The user who runs the server: it refuses to be run by root."""
    if not hasattr(os, "getuid") or os.getuid() != 0:
        return None
    import pwd  # there is none on Windows

    os.chown(folder, pwd.getpwnam("postgres").pw_uid, -1)
    return "postgres"


def _do(command: Sequence[str], user: str | None) -> None:
    done = subprocess.run(
        command,
        user=user,
        cwd="/",
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        timeout=60,
        check=False,
    )
    if done.returncode:
        raise RuntimeError(f"{command[0]} ended with {done.returncode}: {done.stderr.decode(errors='replace')[-2000:]}")


def _free_port() -> int:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        return int(taken.getsockname()[1])


def new_database(server: str) -> str:
    """The URL of a new, empty database."""
    name = f"kie_{secrets.token_hex(6)}"
    with psycopg.connect(f"{server}postgres", autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name}".encode())
    return server + name


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[str]:
    """A server, for all tests of a process. Tests are skipped without one, but not where it is required."""
    if binaries() is None:
        if os.environ.get("KIE_POSTGRES_REQUIRED"):
            pytest.fail("Postgres is required (KIE_POSTGRES_REQUIRED) and not installed")
        pytest.skip("Postgres is not installed")
    with running() as server:
        yield server


@pytest.fixture
def postgres_url(postgres_server: str) -> str:
    """A new, empty database."""
    return new_database(postgres_server)


@pytest.fixture(params=["sqlite", "postgres"])
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """A new, empty database of each kind."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'shared.sqlite'}"
    return new_database(request.getfixturevalue("postgres_server"))
