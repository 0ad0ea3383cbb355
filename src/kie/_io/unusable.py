"""IO: the error of what many requests need and cannot have now. May import `_core`."""

from __future__ import annotations

from kie._core.errors import ConfigError


class Unusable(ConfigError):
    """A database or a file cannot be used now: it is full, locked or out of reach. It says nothing of a request."""
