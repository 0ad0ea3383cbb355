"""Webhooks: the memory of a receiver, bounded in number and time. May import nothing of ours."""

from __future__ import annotations

from collections import OrderedDict
from typing import Generic, TypeVar

V = TypeVar("V")


class Memory(Generic[V]):
    """Keeps the newest `most` values, each for `seconds`. The caller passes the time and holds a lock."""

    def __init__(self, most: int, seconds: float) -> None:
        self._most = most
        self._seconds = seconds
        self._kept: OrderedDict[str, tuple[float, V]] = OrderedDict()

    def put(self, key: str, value: V, now: float) -> None:
        """Remember a value, and forget values that are too old or exceed the maximum number."""
        self._kept.pop(key, None)
        self._kept[key] = (now + self._seconds, value)
        while len(self._kept) > self._most or next(iter(self._kept.values()))[0] <= now:
            self._kept.popitem(last=False)

    def get(self, key: str, now: float) -> V | None:
        """Get a value that is still remembered, else None."""
        until, value = self._kept.get(key, (now, None))
        return value if until > now else None

    def pop(self, key: str, now: float) -> V | None:
        """Get a value like `get`, and forget it."""
        value = self.get(key, now)
        self._kept.pop(key, None)
        return value

    def __len__(self) -> int:
        return len(self._kept)
