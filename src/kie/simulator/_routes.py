"""Simulator: which operation a request is for, and which lifecycle rows it serves. May import `kie_wire`, `_records`.

Methods and paths are those of the compiled table that the endpoint functions use, too.
"""

from __future__ import annotations

from collections.abc import Mapping

from kie._core.call import Endpoint
from kie._records.lifecycles import Lifecycle, lifecycles
from kie_wire.endpoints import ENDPOINTS

ROUTES: Mapping[tuple[str, str], Endpoint] = {
    (endpoint.method, endpoint.path): endpoint for endpoint in ENDPOINTS.values()
}
"""The operations by method and path."""

SUBMITTED: Mapping[str, Lifecycle] = {operation: row for row in lifecycles() for operation in row.submit}
"""The family of each operation that submits tasks."""

POLLED: Mapping[str, tuple[Lifecycle, ...]] = {
    poll: tuple(row for row in lifecycles() if row.poll == poll) for poll in (row.poll for row in lifecycles()) if poll
}
"""The families of each operation that polls a task: several may keep their records in one place."""
