"""Floor 3: when to look at a task. May import `core`."""

from __future__ import annotations

import attrs

from kie.core.errors import ConfigError
from kie.policy.retry import positive


@attrs.frozen(kw_only=True)
class PollPolicy:
    """When to look at a task.

    A fresh task is looked at after `first` seconds, one that was taken up again at once. Then the interval grows
    from `first` by `factor` up to `cap`, each time varied by up to `jitter` (a fraction) in either direction.
    """

    first: float = 2.0
    factor: float = 1.3
    cap: float = 10.0
    jitter: float = 0.1

    def __attrs_post_init__(self) -> None:
        for name in ("first", "factor", "cap"):
            positive(name, getattr(self, name))
        if self.factor < 1:
            raise ConfigError(f"factor has to be at least 1, not {self.factor}")
        if not 0 <= self.jitter < 1:
            raise ConfigError(f"jitter has to be from 0 up to 1, not {self.jitter}")

    @property
    def while_listening(self) -> float:
        """Seconds between two looks while a callback is awaited: they are there for the case that it gets lost."""
        return 3 * self.cap

    def delay(self, looks: int, luck: float) -> float:
        """Seconds until the next look, after so many; `luck` is random in [0, 1)."""
        interval = min(self.cap, self.first * self.factor ** min(looks, 64))
        return interval * (1 + self.jitter * (2 * luck - 1))
