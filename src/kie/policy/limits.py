"""Floor 3: the service's limits on how often to ask. May import `core`."""

from __future__ import annotations

from collections import deque


class SlidingLog:
    """At most `limit` requests in any `window` seconds.

    A place is given at once or reserved for later: `reserve(now)` returns how long to wait for it, so that
    callers are served in order. A place frees after the window plus a small margin, which doubles when the
    service answers 429 all the same and shrinks slowly again. Source: "20 new requests per 10 s", "10 status
    requests per second", in the vendor's documentation.
    """

    def __init__(self, limit: int, window: float, *, margin: float = 0.05, most: float = 5.0) -> None:
        self._limit = limit
        self._window = window
        self._least = self._margin = margin
        self._most = most
        self._granted: deque[float] = deque(maxlen=limit)

    def reserve(self, now: float) -> float:
        """Take the next place. Returns the seconds until it is there: 0 if at once."""
        at = now + self.wait(now)
        self._granted.append(at)
        self._margin = max(self._least, self._margin * 0.99)
        return at - now

    def wait(self, now: float) -> float:
        """The seconds until the next place is there, without taking it."""
        at = max(now, self._granted[-1]) if self._granted else now
        if len(self._granted) == self._limit:
            at = max(at, self._granted[0] + self._window + self._margin)
        return at - now

    def refused(self) -> None:
        """The service said 429 although a place was granted: keep a wider margin for a while."""
        self._margin = min(self._most, max(self._margin * 2, 0.1))
