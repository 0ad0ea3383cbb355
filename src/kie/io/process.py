"""Floor 4: the only process-wide state: the limiters, by hash of the key or by limit group. May import `policy`."""

from __future__ import annotations

import hashlib
import logging
import threading

from kie.core.call import Bucket
from kie.policy.limits import SlidingLog
from kie.policy.rate import RateLimit

LOGGER = logging.getLogger("kie")


class Process:
    """Limiters shared by every client of a process that uses the same key or `limit_group`.

    20 submissions per 10 s and 10 reads per second, unless a client is given a `RateLimit`. Tests bring a `Process` of
    their own.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._logs: dict[tuple[str, Bucket], SlidingLog] = {}
        self._rates: dict[str, RateLimit] = {}
        self._warned: set[str] = set()

    def limit(self, group: str, rate: RateLimit) -> None:
        """Set the limits of a group, for every client in it from now on. Setting them to what they are does nothing."""
        with self._lock:
            if self._rates.get(group, RateLimit()) != rate:
                self._logs = {at: log for at, log in self._logs.items() if at[0] != group}
            self._rates[group] = rate

    def reserve(self, group: str, bucket: Bucket, now: float) -> float:
        """Take a place; returns the seconds until it is there."""
        with self._lock:
            return self._log(group, bucket).reserve(now)

    def refused(self, group: str, bucket: Bucket) -> None:
        """The service said 429."""
        if bucket == "none":
            return
        with self._lock:
            self._log(group, bucket).refused()

    def _log(self, group: str, bucket: Bucket) -> SlidingLog:
        found = self._logs.get((group, bucket))
        if found is None:
            rate = self._rates.get(group) or RateLimit()
            submitting = bucket == "submit"
            found = SlidingLog(
                rate.submissions if submitting else rate.reads,
                rate.submissions_window if submitting else rate.reads_window,
            )
            self._logs[(group, bucket)] = found
        return found

    def warn(self, message: str) -> None:
        """Log a warning, the same one once."""
        with self._lock:
            if message in self._warned or len(self._warned) > 1000:
                return
            self._warned.add(message)
        LOGGER.warning("%s", message)


PROCESS = Process()


def group_of(key: str, limit_group: str | None) -> str:
    """The name under which limits are kept: never the key itself."""
    return f"group:{limit_group}" if limit_group else f"key:{hashlib.sha256(key.encode()).hexdigest()}"
