"""Core: what may stand in the place of a request. May import only `_core`."""

from __future__ import annotations

from typing import Protocol, runtime_checkable

import attrs

from kie._core.request import Request
from kie._core.results import Result

PROMPT_FIELDS = ("prompt", "text")
"""The fields that hold the prompt of a model, by their names on the wire; the first that it has."""


@attrs.frozen(kw_only=True)
class Origin:
    """How a plan came to its request: what a library keeps of it, and the request itself does not tell."""

    changes: tuple[str, ...] = ()
    """What was read otherwise than it was given."""
    preset: str | None = None
    """The name of the preset; None for none."""
    raw: str | None = None
    """The prompt as it was given; None if there is none."""
    enhanced: str | None = None
    """What an enhancer made of it; None if none was asked."""


@attrs.frozen
class Wanted:
    """A request that is to be submitted, and where it comes from; None if not from a plan."""

    request: Request[Result]
    origin: Origin | None = None


@runtime_checkable
class Planned(Protocol):
    """A plan: `kie._plans` makes it, and what runs requests needs to know no more of it."""

    @property
    def _origin(self) -> Origin:
        """How it came to its request."""
        ...

    def require(self, *, confirmed: bool = False) -> Request[Result]:
        """Get the request, if it may be submitted. Raises `NotReady`."""
        ...
