"""IO: state that the clients of a process share: limits by key hash or limit group, and durations by model.

May import `_core`, `_policy`.
"""

from __future__ import annotations

import hashlib
import logging
import threading
from collections import OrderedDict
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING
from weakref import WeakSet

from kie._core.errors import ConfigError
from kie._io.forks import renewed_after_fork
from kie._io.local_limits import LocalLimits
from kie._policy.durations import Durations
from kie._policy.rate import RateLimit

if TYPE_CHECKING:
    from kie._io.database import Database
    from kie._io.shared_limits import SharedLimits

LOGGER = logging.getLogger("kie")

_MODELS = 256
_TASKS = 10_000


class Process:
    """State that the clients of a process share: limits for each key or `limit_group`, and durations of tasks.

    The limits are the defaults of `RateLimit`, unless a client is given others. Memory is bounded: it keeps durations
    of recently used models, and the times of recent submissions. Thread-safe. Tests make a `Process` of their own.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._groups: dict[str, LocalLimits | SharedLimits] = {}
        self._sharers: dict[str, WeakSet[object]] = {}
        self._durations: OrderedDict[str, Durations] = OrderedDict()
        self._begun: OrderedDict[str, float] = OrderedDict()
        self._warned: set[str] = set()
        renewed_after_fork(self)

    def renew(self) -> None:
        """Start afresh after a fork: the lock may stay locked, and the parent's limits do not apply to the child."""
        self._lock = threading.Lock()
        self._groups = {name: limits.renewed(limits.rate) for name, limits in self._groups.items()}

    def limit(self, group: str, rate: RateLimit) -> None:
        """Set the limits of a group for all its clients from now on. Setting the same limits again does nothing."""
        with self._lock:
            limits = self._limits(group)
            if limits.rate != rate:
                self._groups[group] = limits.renewed(rate)

    def share(self, group: str, store: Database, clock: Callable[[], float], client: object) -> None:
        """Keep the limits of a group in a database, for all its clients from now on.

        Raises:
            ConfigError: An open client of the group uses another database.
        """
        from kie._io.shared_limits import SharedLimits

        with self._lock:
            limits = self._limits(group)
            if not isinstance(limits, SharedLimits) or limits.store is not store:
                if self._sharers.get(group):
                    raise ConfigError(
                        f"limit_store {store.named} differs from that of the other clients of this key, so each would "
                        "count separately: give all of them the same, or close the others first"
                    )
                self._groups[group] = SharedLimits(group, limits.rate, store, clock=clock, warn=self.warn)
            self._sharers.setdefault(group, WeakSet()).add(client)

    def leave(self, group: str, client: object) -> None:
        """Remove a closed client from its group, and report the outcome of its last permits to the others."""
        with self._lock:
            limits, sharers = self._limits(group), self._sharers.get(group, ())
            if client not in sharers:
                return
            self._sharers[group].discard(client)
        limits.report()

    def _limits(self, group: str) -> LocalLimits | SharedLimits:
        found = self._groups.get(group)
        if found is None:
            found = self._groups[group] = LocalLimits(RateLimit())
        return found

    def limits(self, group: str) -> LocalLimits | SharedLimits:
        """The limits of a group."""
        with self._lock:
            return self._limits(group)

    def durations(self, model: str, known: Callable[[], Sequence[float]] = tuple) -> Durations:
        """How long a model's tasks take. `known` gives durations to use before any task has ended here."""
        with self._lock:
            return self._durations_of(model, known)

    def _durations_of(self, model: str, known: Callable[[], Sequence[float]] = tuple) -> Durations:
        found = self._durations.get(model)
        if found is None:
            found = self._durations[model] = Durations(*known())
            if len(self._durations) > _MODELS:
                self._durations.popitem(last=False)
        self._durations.move_to_end(model)
        return found

    def observed(self, model: str, seconds: float) -> None:
        """Record the duration of a task of the model."""
        with self._lock:
            self._durations_of(model).observe(seconds)

    def begun(self, ref: str, now: float | None) -> float | None:
        """Record when a task was submitted. If `now` is None, return the recorded time instead."""
        with self._lock:
            if now is None:
                return self._begun.get(ref)
            self._begun[ref] = now
            if len(self._begun) > _TASKS:
                self._begun.popitem(last=False)
            return now

    def warn(self, message: str) -> None:
        """Log a warning, each only once."""
        if self.is_news(message):
            LOGGER.warning("%s", message)

    def is_news(self, message: str) -> bool:
        """Whether a warning was not given before. Marks it as given."""
        with self._lock:
            if message in self._warned or len(self._warned) > 1000:
                return False
            self._warned.add(message)
            return True


PROCESS = Process()


def group_of(key: str, limit_group: str | None) -> str:
    """The name under which limits are stored. It never contains the key itself."""
    return f"group:{limit_group}" if limit_group else f"key:{hashlib.sha256(key.encode()).hexdigest()}"
