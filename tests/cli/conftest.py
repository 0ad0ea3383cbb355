"""The command line in a process of its own making: a runner, and a simulated service to point it at."""

from __future__ import annotations

import itertools
import json
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from kie import PollPolicy, RetryPolicy
from kie._cli.app import root
from kie._cli.context import Face
from kie.simulator import SimulatedService, simulated

_NUMBERS = itertools.count()

QUICK = {
    "poll": PollPolicy(speed=1000),
    "retry": RetryPolicy(base=0.001, cap=0.002, retry_after_cap=0.01),
}
"""Options that keep a test from waiting."""


@pytest.fixture(autouse=True)
def state(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The user's state folder, and the journal in it."""
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    return tmp_path / "state" / "kie" / "journal.jsonl"


Invoke = Callable[..., Result]


@pytest.fixture
def kie() -> Invoke:
    """Run `kie` with arguments; `face` brings another transport, `input` is standard input."""

    def invoke(*args: str | os.PathLike[str], face: Face | None = None, input: bytes | None = None) -> Result:
        face = face or Face(defaults=QUICK)  # type: ignore[arg-type]
        outcome = CliRunner().invoke(root, [os.fspath(arg) for arg in args], obj=face, input=input)
        if outcome.exception is not None and not isinstance(outcome.exception, SystemExit):
            raise outcome.exception
        return outcome

    return invoke


@pytest.fixture
def at(monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[..., SimulatedService]]:
    """Start a simulated service, and point the environment at it."""
    started: list[SimulatedService] = []

    def start(**options: Any) -> SimulatedService:
        key = f"secret-key-{next(_NUMBERS)}"
        service = simulated(**{"speed": 1000, "limits": False, "keys": [key], **options}).start()
        started.append(service)
        monkeypatch.setenv("KIE_API_KEY", key)
        monkeypatch.setenv("KIE_BASE_URL", service.base_url)
        monkeypatch.setenv("KIE_UPLOAD_URL", service.upload_url)
        return service

    yield start
    for service in started:
        service.stop()


@pytest.fixture
def service(at: Callable[..., SimulatedService]) -> SimulatedService:
    """A simulated service without faults."""
    return at()


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
