"""A server of Postgres for the tests: in a folder and on a port of its own, stopped at the end."""

from __future__ import annotations

import os
import secrets
import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit

import psycopg
import pytest

from tests.processes import LONGEST

_PORTS = range(15_000, 32_000)
"""Ports below those that systems give to clients."""
_SETTINGS = "-c fsync=off -c listen_addresses=127.0.0.1 -c max_connections=60"


def binaries() -> Path | None:
    """Where the server's programs are; None if it is not installed."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda path: int(path.parts[-3]))
    named = shutil.which("initdb")
    return found[-1].parent if found else Path(named).resolve().parent if named else None


class Server:
    """A server in a folder of its own."""

    def __init__(self, folder: str) -> None:
        programs = binaries()
        assert programs is not None
        self._user, self._folder = _user(folder), folder
        data = f"{folder}/data"
        self._port: int | None = None
        form = ["-A", "trust", "-E", "UTF8", "--locale=C", "--no-sync"]  # whatever the locale of the tests is
        _do([f"{programs}/initdb", "-D", data, "-U", "kie", *form], self._user)
        self._control = [f"{programs}/pg_ctl", "-D", data, "-w", "-t", str(int(LONGEST)), "-l", f"{folder}/log"]
        self._watcher: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        """The URL of its databases, up to the name. It is the same when the server starts again."""
        return f"postgresql://kie@127.0.0.1:{self._port}/"

    def start(self) -> None:
        """Start it, and wait until it answers."""
        if self._port is None:
            self._port = _until_it_listens(self._start)
        else:
            self._start(self._port)
        # a shell that waits for the end of its input stops the server, also if this process is killed
        self._watcher = subprocess.Popen(
            ["sh", "-c", 'read -r _; exec "$@"', "sh", *self._control, "-m", "immediate", "stop"],
            user=self._user,
            cwd="/",
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )

    def _start(self, port: int) -> None:
        _do([*self._control, "-o", f"-p {port} -k {self._folder} {_SETTINGS}", "start"], self._user)

    def stop(self) -> None:
        """Stop it at once, if it runs."""
        watcher, self._watcher = self._watcher, None
        if watcher is not None:
            watcher.communicate(timeout=LONGEST)


@contextmanager
def served() -> Iterator[Server]:
    """A server that runs, and that the block may stop and start."""
    with tempfile.TemporaryDirectory(prefix="kie-postgres-") as folder:
        server = Server(folder)
        server.start()
        try:
            yield server
        finally:
            server.stop()


@contextmanager
def running() -> Iterator[str]:
    """Start a server. Gives the URL of its databases, up to the name."""
    with served() as server:
        yield server.url


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
        timeout=2 * LONGEST,
        check=False,
    )
    if done.returncode:
        raise RuntimeError(f"{command[0]} ended with {done.returncode}: {done.stderr.decode(errors='replace')[-2000:]}")


def _free_port() -> int:
    """A port that is free now. The system gives it to no client, so it is still free when the server starts again."""
    while True:
        port = secrets.choice(_PORTS)
        with socket.socket() as tried:
            if tried.connect_ex(("127.0.0.1", port)) != 0:
                return port


def _until_it_listens(start: Callable[[int], None]) -> int:
    """Start a server on a port. Another program may take the port meanwhile; then another one is tried."""
    for _ in range(3):
        port = _free_port()
        try:
            start(port)
        except RuntimeError:
            continue
        return port
    port = _free_port()
    start(port)
    return port


@contextmanager
def pooled(url: str, mode: str, size: int) -> Iterator[str]:
    """A PgBouncer before a server. Gives the URL of the same database there. The test is skipped without one."""
    program = shutil.which("pgbouncer") or shutil.which("pgbouncer", path="/usr/sbin")
    if program is None:
        pytest.skip("PgBouncer is not installed")
    target, port = urlsplit(url), _free_port()
    with tempfile.TemporaryDirectory(prefix="kie-pool-") as folder:
        user = _user(folder)
        Path(folder).chmod(0o755)
        Path(folder, "users").write_text('"kie" ""\n')
        Path(folder, "pool.ini").write_text(
            f"[databases]\n* = host=127.0.0.1 port={target.port}\n[pgbouncer]\nlisten_addr = 127.0.0.1\n"
            f"listen_port = {port}\nunix_socket_dir =\nauth_type = trust\nauth_file = {folder}/users\n"
            f"pool_mode = {mode}\nmax_client_conn = 100\ndefault_pool_size = {size}\n"
        )
        command, away = [program, f"{folder}/pool.ini"], subprocess.DEVNULL
        with subprocess.Popen(command, user=user, cwd="/", stdout=away, stderr=away) as running_:
            try:
                pool = f"postgresql://kie@127.0.0.1:{port}{target.path}"
                _answers(port, running_)
                yield pool
            finally:
                running_.terminate()


def _answers(port: int, program: subprocess.Popen[bytes]) -> None:
    """Wait until a program listens."""
    until = time.monotonic() + LONGEST
    while True:
        assert program.poll() is None, "it has ended"
        with socket.socket() as tried:
            if tried.connect_ex(("127.0.0.1", port)) == 0:
                return
        assert time.monotonic() < until, "it does not listen"
        time.sleep(0.02)


def new_database(server: str, encoding: str = "UTF8") -> str:
    """The URL of a new, empty database."""
    name = f"kie_{secrets.token_hex(6)}"
    with psycopg.connect(f"{server}postgres", autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name} TEMPLATE template0 ENCODING '{encoding}'".encode())
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
