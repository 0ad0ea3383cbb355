"""Simulator: finds the operation of a request and the rows it serves. May import `_core`, `_records`, `kie_wire`.

Methods and paths come from the compiled table, which the endpoint functions use as well.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from kie._core.call import Endpoint
from kie._records.lifecycles import Lifecycle, lifecycles
from kie_wire.endpoints import ENDPOINTS

ROUTES: Mapping[tuple[str, str], Endpoint] = {
    (endpoint.method, endpoint.path): endpoint for endpoint in ENDPOINTS.values() if "{" not in endpoint.path
}
"""The operations by method and path, except those with arguments in the path."""

_PATTERNS = [
    (re.compile(re.sub(r"\\{(\w+)\\}", r"(?P<\1>.+)", re.escape(endpoint.path))), endpoint)
    for endpoint in ENDPOINTS.values()
    if "{" in endpoint.path
]


def route(method: str, path: str) -> tuple[Endpoint, Mapping[str, str]] | None:
    """The operation that a request is for, with the arguments in its path."""
    endpoint = ROUTES.get((method, path))
    if endpoint is not None:
        return endpoint, {}
    for pattern, endpoint in _PATTERNS:
        match = pattern.fullmatch(path)
        if match and endpoint.method == method:
            return endpoint, match.groupdict()
    return None


def is_known(path: str) -> bool:
    """Whether the path accepts at least one method."""
    return any(route(method, path) for method in ("GET", "POST"))


SUBMITTED: Mapping[str, Lifecycle] = {operation: row for row in lifecycles() for operation in row.submit}
"""The family of each operation that submits tasks."""

POLLED: Mapping[str, tuple[Lifecycle, ...]] = {
    poll: tuple(row for row in lifecycles() if row.poll == poll) for poll in (row.poll for row in lifecycles()) if poll
}
"""The families of each operation that polls a task. Several families may share one."""
