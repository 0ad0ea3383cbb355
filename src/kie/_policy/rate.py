"""Floor 3: how often the service may be asked. May import `core`."""

from __future__ import annotations

import attrs

from kie._core.numbers import at_least, positive


@attrs.frozen(kw_only=True)
class RateLimit:
    """How many requests of a kind may be sent in any window of so many seconds.

    At most `submissions` in `submissions_window` seconds, and apart from them at most `reads` in `reads_window`. The
    defaults are what the vendor documents for one account: "20 new requests per 10 s", "10 status requests per
    second". Raises `ConfigError` for a figure below 1, and for a window that is not above 0 and finite.
    """

    submissions: int = 20
    submissions_window: float = 10.0
    reads: int = 10
    reads_window: float = 1.0

    def __attrs_post_init__(self) -> None:
        for name in ("submissions", "reads"):
            at_least(name, getattr(self, name))
        for name in ("submissions_window", "reads_window"):
            positive(name, getattr(self, name))
