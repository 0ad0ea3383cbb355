"""Submit a Market task."""

from __future__ import annotations

from collections.abc import Mapping

from kie._core.call import Call
from kie._core.json import JSON


def create_task(
    *,
    body: Mapping[str, JSON],
) -> Call[JSON]:
    """Submit a Market task.

    Starts a task, which costs credits. Never send it twice unless the first provably did not arrive.
    """
    return Call(
        operation="createTask",
        method="POST",
        server="api",
        path="/api/v1/jobs/createTask",
        json=dict(body),
        creates_task=True,
        bucket="submit",
        auth=True,
        parse=lambda answer: answer,
    )
