"""Floor 4: the only process-wide state: the limiters, by hash of the key or by limit group. May import `policy`."""

from __future__ import annotations

import hashlib
import logging
import threading

from kie.core.call import Bucket
from kie.policy.limits import Place, SlidingLog

LOGGER = logging.getLogger("kie")


class Process:
    """Limiters shared by every client of a process that uses the same key or `limit_group`.

    20 submissions per 10 s and 10 reads per second. Tests bring a `Process` of their own.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._logs: dict[tuple[str, Bucket], SlidingLog] = {}
        self._warned: set[str] = set()

    def reserve(self, group: str, bucket: Bucket, now: float, place: Place | None = None) -> Place | None:
        """Take a place, or ask again for one that had to wait. None: there is no limit."""
        with self._lock:
            return self._log(group, bucket).reserve(now, place)

    def settle(
        self, group: str, bucket: Bucket, place: Place, now: float, *, refused: bool = False, sent: bool = True
    ) -> None:
        """Say what came of a place."""
        with self._lock:
            self._log(group, bucket).settle(place, now, refused=refused, sent=sent)

    def _log(self, group: str, bucket: Bucket) -> SlidingLog:
        found = self._logs.get((group, bucket))
        if found is None:
            found = SlidingLog(20, 10.0) if bucket == "submit" else SlidingLog(10, 1.0)
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
