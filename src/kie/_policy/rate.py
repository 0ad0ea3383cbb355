"""Policy: how often requests may be sent. May import `_core`."""

from __future__ import annotations

import sys
from functools import partial

import attrs

from kie._core.numbers import at_least, seconds, together

UNLIMITED = sys.maxsize
"""A figure that limits nothing: no permit is needed."""


@attrs.frozen(kw_only=True)
class RateLimit:
    """How many requests of each kind may be sent in a window of time.

    Submissions, reads and questions about models are counted separately. The defaults are what the vendor documents for
    one account: "20 new requests per 10 s", "10 status requests per second", one request a second to its Models API.

    Raises:
        ConfigError: A figure is out of bounds, infinite or not a number.
    """

    submissions: int = 20
    """Maximum number of submissions in a window; at least 1."""

    submissions_window: float = 10.0
    """Length of that window in seconds; above 0."""

    reads: int = 10
    """Maximum number of reads (polls, the balance, links) in a window; at least 1."""

    reads_window: float = 1.0
    """Length of that window in seconds; above 0."""

    models: int = 1
    """Maximum number of requests of `client.vendor` in a window; at least 1."""

    models_window: float = 1.0
    """Length of that window in seconds; above 0."""

    def __attrs_post_init__(self) -> None:
        together(
            *(partial(at_least, name, getattr(self, name)) for name in ("submissions", "reads", "models")),
            partial(seconds, self, "submissions_window", "reads_window", "models_window"),
        )

    @classmethod
    def unlimited(cls) -> RateLimit:
        """Set no limit: for a service of your own, or a proxy that keeps the limits. Kie answers 429 beyond its own.

        Returns:
            The limit.
        """
        return cls(submissions=UNLIMITED, reads=UNLIMITED, models=UNLIMITED)
