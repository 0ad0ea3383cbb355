"""What a fork waits for in the parent, and what its child makes new. Time, imports and locks are stand-ins."""

from __future__ import annotations

import logging
import os
import sys
import threading
from collections.abc import Callable
from types import ModuleType, SimpleNamespace
from weakref import WeakSet

import attrs
import pytest

from kie._io import forks
from kie.webhooks import Receiver
from tests.processes import exit_code, joined

pytestmark = [
    pytest.mark.skipif(not hasattr(os, "fork"), reason="no fork on this platform"),
    pytest.mark.filterwarnings("ignore:.*fork.*:DeprecationWarning"),
]

ANOTHER_THREAD = -1


@attrs.define
class Imports:
    """Modules that threads are importing, and a clock that only sleeping moves."""

    set_module: Callable[[str, ModuleType], None]
    locks: dict[str, Callable[[], object]]
    now: float = 0.0
    slept: list[float] = attrs.field(factory=list)
    ends: dict[float, ModuleType] = attrs.field(factory=dict)

    def begin(self, name: str, *, thread: int = ANOTHER_THREAD, until: float = float("inf")) -> None:
        module = ModuleType(name)
        module.__spec__ = SimpleNamespace(_initializing=True)  # type: ignore[assignment]
        self.set_module(name, module)
        self.locks[name] = lambda: SimpleNamespace(owner=thread)
        self.ends[until] = module

    def sleep(self, seconds: float) -> None:
        assert 0 < seconds < 0.1
        self.slept.append(seconds)
        self.now += 0.1  # the machine is busy
        for until, module in self.ends.items():
            module.__spec__._initializing = self.now < until  # type: ignore[union-attr]


@pytest.fixture
def imports(monkeypatch: pytest.MonkeyPatch) -> Imports:
    locks: dict[str, Callable[[], object]] = {}
    found = Imports(lambda name, module: monkeypatch.setitem(sys.modules, name, module), locks)
    monkeypatch.setattr(forks, "_IMPORTS", locks)
    monkeypatch.setattr(forks, "time", SimpleNamespace(monotonic=lambda: found.now, sleep=found.sleep))
    return found


def fork(in_child: Callable[[], bool] = lambda: True) -> None:
    """Fork, and expect that something holds in the child."""
    if (child := os.fork()) == 0:
        right = False
        try:
            right = in_child()
        finally:
            os._exit(0 if right else 1)
    assert exit_code(child) == 0


@pytest.mark.parametrize("name", ["kie._made_up", "httpx2._made_up", "json._made_up"])
def test_a_fork_waits_until_another_thread_has_imported_a_library(
    name: str, imports: Imports, caplog: pytest.LogCaptureFixture
) -> None:
    imports.begin(name, until=0.5)
    fork()
    assert 0.5 <= imports.now < 0.7
    assert not caplog.records


def test_a_fork_waits_five_seconds_at_most_and_then_warns_of_the_module(
    imports: Imports, caplog: pytest.LogCaptureFixture
) -> None:
    imports.begin("kie._endless")
    fork()
    assert 5.0 <= imports.now < 5.3
    (warning,) = [record for record in caplog.records if record.levelno == logging.WARNING]
    assert "kie._endless is being imported: it may hang" in warning.getMessage()


def test_an_import_that_ends_with_the_last_second_is_waited_for(
    imports: Imports, caplog: pytest.LogCaptureFixture
) -> None:
    imports.begin("kie._slow", until=4.85)
    fork()
    assert not caplog.records


def test_a_fork_waits_neither_for_a_program_of_the_users_nor_for_its_own_import(imports: Imports) -> None:
    imports.begin("a_program_of_the_users")
    imports.begin("kie._forks_when_imported", thread=threading.get_ident())
    fork()
    assert imports.slept == []


def test_a_fork_waits_for_an_import_whose_lock_is_not_known(imports: Imports) -> None:
    imports.begin("kie._made_up", until=0.5)
    imports.locks.clear()
    fork()
    assert imports.now >= 0.5


class Lock:
    """A lock that another thread does not give up."""

    def __init__(self) -> None:
        self.waited: list[float] = []

    def acquire(self, timeout: float = -1) -> bool:
        self.waited.append(timeout)
        return False

    def release(self) -> None:
        raise RuntimeError("cannot release un-acquired lock")

    def _at_fork_reinit(self) -> None:
        pass


def test_a_fork_waits_five_seconds_at_most_while_another_thread_sets_the_http_library_up(
    imports: Imports, monkeypatch: pytest.MonkeyPatch
) -> None:
    lock = Lock()
    monkeypatch.setattr(forks, "OPENING", lock)
    fork()
    assert lock.waited == [5.0]


def test_the_http_library_can_be_set_up_in_both_processes_after_a_fork(imports: Imports) -> None:
    def free() -> bool:
        found: list[bool] = []

        def try_it() -> None:
            found.append(forks.OPENING.acquire(timeout=0))
            if found[0]:
                forks.OPENING.release()

        other = threading.Thread(target=try_it)
        other.start()
        joined(other)
        return found == [True]

    fork(free)
    assert free()


@attrs.define(eq=False)
class Holder:
    """What has to be renewed."""

    renewed: int = 0

    def renew(self) -> None:
        self.renewed += 1


@pytest.fixture
def child(imports: Imports, monkeypatch: pytest.MonkeyPatch) -> Callable[[], None]:
    """What runs first in a child, to be run here."""
    monkeypatch.setattr(forks, "_RENEWED", WeakSet())
    monkeypatch.setattr(forks, "OPENING", threading.RLock())
    return forks._in_child


def test_whatever_is_registered_is_renewed_once_in_the_child_and_not_in_the_parent(
    imports: Imports, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(forks, "_RENEWED", WeakSet())
    holder = Holder()
    forks.renewed_after_fork(holder)
    fork(lambda: holder.renewed == 1)
    assert holder.renewed == 0


def test_a_child_frees_the_import_locks_of_threads_that_it_has_not_and_keeps_its_own(
    imports: Imports, child: Callable[[], None]
) -> None:
    imports.begin("kie._of_a_thread_that_is_gone")
    imports.begin("kie._its_own", thread=threading.get_ident())
    imports.locks["kie._nobodys"] = lambda: None
    holder = Holder()
    forks.renewed_after_fork(holder)
    child()
    assert set(imports.locks) == {"kie._its_own", "kie._nobodys"}
    assert holder.renewed == 1


def test_a_child_does_not_wait_for_a_thread_that_it_has_not_to_set_the_http_library_up(
    imports: Imports, child: Callable[[], None]
) -> None:
    holding = threading.Thread(target=forks.OPENING.acquire)
    holding.start()
    joined(holding)
    child()
    assert forks.OPENING.acquire(timeout=0)


def test_a_child_processes_deliveries_that_its_parent_was_processing() -> None:
    processor = Receiver("a secret to try it with", url="https://example.com/kie").asgi.processor
    processor._working.add("a task that a thread of the parent hands over")

    def free() -> bool:
        return not processor._lock.locked() and not processor._working

    with processor._lock:
        fork(free)
    assert processor._working
