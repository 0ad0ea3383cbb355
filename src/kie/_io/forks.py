"""IO: what a child process has to make new after a fork. May import nothing of ours."""

from __future__ import annotations

import os
import sys
import threading
from importlib import import_module
from typing import Protocol
from weakref import WeakSet

OPENING = threading.RLock()
"""Held while the HTTP library is imported and set up: no process is forked meanwhile."""

_LIBRARIES = {"kie", "kie_models", "kie_wire", "attr", "anyio", "trio", "h11", "h2", "httpcore2", "httpx2"}


class Renewed(Protocol):
    """What holds locks, connections, random state or limits that a child must not share with its parent."""

    def renew(self) -> None:
        """Make them new, in a child that was just forked."""
        ...


_RENEWED: WeakSet[Renewed] = WeakSet()


def renewed_after_fork(holder: Renewed) -> None:
    """Have something renewed in every child that is forked as long as it lives."""
    _RENEWED.add(holder)


def _before() -> None:
    """Wait for the imports of other threads: in the child nobody would ever finish them, or free their locks."""
    OPENING.acquire()
    for name, module in list(sys.modules.items()):
        root = name.partition(".")[0]
        importing = getattr(getattr(module, "__spec__", None), "_initializing", False)
        if importing and (root in _LIBRARIES or root in sys.stdlib_module_names):
            import_module(name)


def _in_child() -> None:
    OPENING.release()
    for holder in list(_RENEWED):
        holder.renew()


if hasattr(os, "register_at_fork"):
    os.register_at_fork(before=_before, after_in_parent=OPENING.release, after_in_child=_in_child)
