"""IO: what the clients of a process share: limits by hash of the key or by limit group, durations by model.

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
    """What the clients of a process share: limits for each key or `limit_group`, and how long tasks took.

    The limits are the defaults of `RateLimit`, unless a client is given others. What is kept is bounded: durations of
    the models used last, and when the last tasks were submitted. Thread-safe. Tests bring a `Process` of their own.
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
        """After a fork: the lock may be held forever, and what the parent's limits know does not concern the child."""
        self._lock = threading.Lock()
        self._groups = {name: limits.renewed(limits.rate) for name, limits in self._groups.items()}

    def limit(self, group: str, rate: RateLimit) -> None:
        """Set the limits of a group, for every client in it from now on. Setting them to what they are does nothing."""
        with self._lock:
            limits = self._limits(group)
            if limits.rate != rate:
                self._groups[group] = limits.renewed(rate)

    def share(self, group: str, store: Database, clock: Callable[[], float], client: object) -> None:
        """Keep the limits of a group in a database, for every client in it from now on.

        Raises:
            ConfigError: Another client of the group, which is not closed, has another database.
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
        """A client that shared its limits is closed: the others are told what came of the last permits."""
        with self._lock:
            limits, sharers = self._limits(group), self._sharers.get(group, ())
            if client not in sharers:
                return
            self._sharers[group].discard(client)
        limits.tell()

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
        """How long a model's tasks take; `known` beforehand, where none has ended here."""
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
        """A task of the model took so long."""
        with self._lock:
            self._durations_of(model).observe(seconds)

    def begun(self, ref: str, now: float | None) -> float | None:
        """Note when a task was submitted, or say when it was, if it was noted."""
        with self._lock:
            if now is None:
                return self._begun.get(ref)
            self._begun[ref] = now
            if len(self._begun) > _TASKS:
                self._begun.popitem(last=False)
            return now

    def warn(self, message: str) -> None:
        """Log a warning, the same one once."""
        if self.is_news(message):
            LOGGER.warning("%s", message)

    def is_news(self, message: str) -> bool:
        """Whether a warning was not given yet. It counts as given then."""
        with self._lock:
            if message in self._warned or len(self._warned) > 1000:
                return False
            self._warned.add(message)
            return True


PROCESS = Process()


def group_of(key: str, limit_group: str | None) -> str:
    """The name under which limits are kept: never the key itself."""
    return f"group:{limit_group}" if limit_group else f"key:{hashlib.sha256(key.encode()).hexdigest()}"
