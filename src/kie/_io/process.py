"""IO: the only process-wide state: limiters by hash of the key or by limit group, durations by model.

May import `_policy`.
"""

from __future__ import annotations

import hashlib
import logging
import threading
from collections import OrderedDict
from collections.abc import Callable, Sequence

from kie._core.call import Bucket
from kie._io.forks import renewed_after_fork
from kie._policy.durations import Durations
from kie._policy.limits import ON_THE_WAY, ArrivalLog, Permit, SlidingLog
from kie._policy.rate import UNLIMITED, RateLimit
from kie._policy.sharing import Due, PollLine

LOGGER = logging.getLogger("kie")

_MODELS = 256
_TASKS = 10_000


class _Group:
    """What those who share an account's limits share."""

    def __init__(self, rate: RateLimit) -> None:
        self.rate = rate
        self.submissions = None
        if rate.submissions < UNLIMITED:
            self.submissions = ArrivalLog(rate.submissions, rate.submissions_window)
        self.logs: dict[Bucket, SlidingLog] = {}
        if rate.reads < UNLIMITED:
            self.logs["read"] = SlidingLog(rate.reads, rate.reads_window, trip=ON_THE_WAY)
        if rate.models < UNLIMITED:
            self.logs["models"] = SlidingLog(rate.models, rate.models_window, trip=ON_THE_WAY)
        self.line = PollLine(self.logs["read"]) if "read" in self.logs else None


class Process:
    """What the clients of a process share: limits for each key or `limit_group`, and how long tasks took.

    The limits are the defaults of `RateLimit`, unless a client is given others. What is kept is bounded: durations of
    the models used last, and when the last tasks were submitted. Thread-safe. Tests bring a `Process` of their own.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._groups: dict[str, _Group] = {}
        self._durations: OrderedDict[str, Durations] = OrderedDict()
        self._begun: OrderedDict[str, float] = OrderedDict()
        self._warned: set[str] = set()
        renewed_after_fork(self)

    def renew(self) -> None:
        """After a fork: the lock may be held for ever, and what the parent's limits know does not concern the child."""
        self._lock = threading.Lock()
        self._groups = {name: _Group(group.rate) for name, group in self._groups.items()}

    def limit(self, group: str, rate: RateLimit) -> None:
        """Set the limits of a group, for every client in it from now on. Setting them to what they are does nothing."""
        with self._lock:
            if self._group(group).rate != rate:
                self._groups[group] = _Group(rate)

    def _group(self, name: str) -> _Group:
        found = self._groups.get(name)
        if found is None:
            found = self._groups[name] = _Group(RateLimit())
        return found

    def reserve(self, group: str, bucket: Bucket, now: float, permit: Permit | None = None) -> Permit | None:
        """Take a permit, or ask again for one that had to wait. None: there is no limit."""
        with self._lock:
            limits = self._group(group)
            if bucket == "submit" and limits.submissions is not None:
                return limits.submissions.reserve(now, permit)
            log = limits.logs.get(bucket)
            if log is None:
                if permit is not None:  # it had to wait for a limit that there was
                    permit.at, permit.wait = now, 0.0
                return permit
            if permit is None:
                permit = Permit(now)
                permit.wait = log.reserve(now)
            else:
                permit.wait = max(0.0, permit.wait + permit.at - now)
            permit.at = now
            return permit

    def settle(
        self,
        group: str,
        bucket: Bucket,
        permit: Permit,
        now: float,
        *,
        refused: bool = False,
        sent: bool = True,
    ) -> None:
        """Say what came of a permit."""
        with self._lock:
            limits = self._group(group)
            if bucket == "submit" and limits.submissions:
                limits.submissions.settle(permit, now, refused=refused, sent=sent)
            elif (log := limits.logs.get(bucket)) is not None and sent:
                log.answered(now - permit.at)
                if refused:
                    log.refused()

    def reserve_poll(self, group: str, due: Due, now: float) -> Permit | float:
        """A permit to poll a task at the time in its `at`, or the seconds after which to ask again."""
        with self._lock:
            line = self._group(group).line
            return line.ask(due, now) if line else Permit(now)

    def withdraw(self, group: str, due: Due) -> None:
        """A task is not to be polled any more."""
        with self._lock:
            line = self._group(group).line
            if line:
                line.withdraw(due)

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
