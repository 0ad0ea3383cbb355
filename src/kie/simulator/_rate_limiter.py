"""Simulator: the documented rate limits of each key. May import nothing of ours."""

from __future__ import annotations

from collections import deque

SUBMISSIONS = (20, 10.0)
"""New tasks per seconds, for one key. Source: the vendor's documentation."""
READS = (10, 1.0)
"""Polls per second, for one key. Source: the vendor's documentation."""


class RateLimiter:
    """Counts the submissions and the polls of each key in a sliding window."""

    def __init__(self, *, enabled: bool) -> None:
        self._enabled = enabled
        self._submissions: dict[str, deque[float]] = {}
        self._reads: dict[str, deque[float]] = {}

    def permit_submission(self, key: str, now: float) -> bool:
        """Count a submission. False if it is over the limit."""
        return self._permit(self._submissions, SUBMISSIONS, key, now)

    def permit_read(self, key: str, now: float) -> bool:
        """Count a poll. False if it is over the limit."""
        return self._permit(self._reads, READS, key, now)

    def _permit(self, logs: dict[str, deque[float]], limit: tuple[int, float], key: str, now: float) -> bool:
        if not self._enabled:
            return True
        most, window = limit
        log = logs.setdefault(key, deque())
        while log and log[0] <= now - window:
            log.popleft()
        if len(log) >= most:
            return False
        log.append(now)
        return True
