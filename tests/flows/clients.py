"""What differs between the two clients."""

from __future__ import annotations

import kie
from kie import AnyResult, Result


def of_client(kind: type[Result], driver: str) -> type[AnyResult]:
    """The class of a kind of result of a client: `sync` or `async`."""
    found: type[AnyResult] = kind if driver == "sync" else getattr(kie, f"Async{kind.__name__}")
    return found
