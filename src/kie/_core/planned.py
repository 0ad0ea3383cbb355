"""Core: values that may be passed instead of a request. May import only `_core`."""

from __future__ import annotations

from typing import Protocol, runtime_checkable

import attrs

from kie._core.request import Request
from kie._core.results import Result

PROMPT_FIELDS = ("prompt", "text")
"""Wire names of fields that may hold a model's prompt. The first that the model has does."""


@attrs.frozen(kw_only=True)
class Origin:
    """How a plan produced its request: facts that a library keeps and that the request does not contain."""

    changes: tuple[str, ...] = ()
    """The inputs that were interpreted differently from how they were given."""
    preset: str | None = None
    """The name of the preset; None for none."""
    raw: str | None = None
    """The prompt as it was given; None if there is none."""
    enhanced: str | None = None
    """The prompt that an enhancer made of it; None without an enhancer."""


@attrs.frozen
class Wanted:
    """A request to submit, and its origin (None if it is not from a plan)."""

    request: Request[Result]
    origin: Origin | None = None


@runtime_checkable
class Planned(Protocol):
    """A plan. `kie._plans` makes it; this is all that the code which runs requests needs to know of it."""

    @property
    def _origin(self) -> Origin:
        """How the plan produced its request."""
        ...

    def require(self, *, confirmed: bool = False) -> Request[Result]:
        """Get the request, if it may be submitted. Raises `NotReady`."""
        ...
