"""Core: what may stand in the place of a request. May import only `_core`."""

from __future__ import annotations

from typing import Protocol, runtime_checkable

from kie._core.request import Request
from kie._core.results import Result


@runtime_checkable
class Planned(Protocol):
    """A plan: `kie._plans` makes it, and what runs requests needs to know no more of it."""

    def require(self, *, confirmed: bool = False) -> Request[Result]:
        """Get the request, if it may be submitted. Raises `NotReady`."""
        ...
