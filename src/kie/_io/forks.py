"""IO: renews objects in a child process after a fork. May import nothing of ours."""

from __future__ import annotations

import logging  # must register its fork hooks before ours, else ours would wait while its lock is held
import os
import sys
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from importlib import _bootstrap
from typing import Protocol
from weakref import WeakSet

LOGGER = logging.getLogger("kie")

OPENING = threading.RLock()
"""Held while the HTTP library is imported and set up: no process is forked meanwhile."""

_PATIENCE = 5.0
"""The most seconds that a fork waits for imports in other threads."""

_IMPORTS: dict[str, Callable[[], object]] = getattr(_bootstrap, "_module_locks", {})
"""Weak references to the locks of modules being imported. Only CPython has them."""

_LIBRARIES = {"kie", "kie_models", "kie_wire", "attr", "anyio", "trio", "h11", "h2", "httpcore2", "httpx2"}


class Renewed(Protocol):
    """An object with locks, connections, random state or limits that a child must not share with its parent."""

    def renew(self) -> None:
        """Replace them in a child that was just forked."""
        ...


_RENEWED: WeakSet[Renewed] = WeakSet()


def renewed_after_fork(holder: Renewed) -> None:
    """Register something that is renewed in every child forked during its lifetime."""
    _RENEWED.add(holder)


def _half_imported() -> list[str]:
    """The library modules that other threads are importing. They will soon be ready, unlike a user's program."""
    found = []
    # listing the items would allocate tuples, which may start a garbage collection that imports more
    for name, module in sys.modules.copy().items():
        if getattr(getattr(module, "__spec__", None), "_initializing", False):
            root = name.partition(".")[0]
            if (root in _LIBRARIES or root in sys.stdlib_module_names) and _importer(name) != threading.get_ident():
                found.append(name)
    return found


def _importer(name: str) -> int | None:
    """The thread that is importing a module."""
    lock = _IMPORTS.get(name, bool)()
    owner: int | None = getattr(lock, "owner", None)
    return owner


def _before() -> None:
    """Wait for imports in other threads, which would never finish in the child."""
    until = time.monotonic() + _PATIENCE
    OPENING.acquire(timeout=_PATIENCE)
    while under_way := _half_imported():
        if time.monotonic() > until:
            LOGGER.warning("a process is forked while %s is being imported: it may hang", under_way[0])
            return
        time.sleep(0.001)


def _in_parent() -> None:
    with suppress(RuntimeError):  # the lock was not free in time
        OPENING.release()


def _in_child() -> None:
    OPENING._at_fork_reinit()  # type: ignore[attr-defined]
    for name in list(_IMPORTS):
        # a thread that was searching for a module's file held its lock, and does not exist here to free it
        if _importer(name) not in (None, threading.get_ident()):
            _IMPORTS.pop(name, None)
    for holder in list(_RENEWED):
        holder.renew()


if hasattr(os, "register_at_fork"):
    os.register_at_fork(before=_before, after_in_parent=_in_parent, after_in_child=_in_child)
