"""Simulator: the documented rate limits of each key. May import `_core`."""

from __future__ import annotations

from collections import defaultdict, deque

from kie._core.call import Bucket

LIMITS: dict[Bucket, tuple[int, float]] = {"submit": (20, 10.0), "read": (10, 1.0), "models": (1, 1.0)}
"""How many new tasks, polls and questions about models, in how many seconds, for one key.

Source: the vendor's documentation, and for models its own tools.
"""


class RateLimiter:
    """Counts the requests of each key in sliding windows."""

    def __init__(self) -> None:
        self._seen: defaultdict[tuple[Bucket, str], deque[float]] = defaultdict(deque)

    def permit(self, bucket: Bucket, key: str, now: float) -> bool:
        """Count a request. False if it is over the limit."""
        if bucket not in LIMITS:
            return True
        most, window = LIMITS[bucket]
        seen = self._seen[bucket, key]
        while seen and seen[0] <= now - window:
            seen.popleft()
        if len(seen) >= most:
            return False
        seen.append(now)
        return True
