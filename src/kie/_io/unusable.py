"""IO: the error for a shared resource that is unavailable. May import `_core`."""

from __future__ import annotations

from kie._core.errors import ConfigError


class Unusable(ConfigError):
    """A database or a file cannot be used now: it is full, locked or out of reach. No request is at fault."""
