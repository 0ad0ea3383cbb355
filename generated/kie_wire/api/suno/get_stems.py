"""Look at a separation task."""

from __future__ import annotations

from kie._core.call import Call
from kie._core.json import JSON


def get_stems(
    *,
    task_id: str,
) -> Call[JSON]:
    """Look at a separation task.

    Reads the record of a task.
    """
    return Call(
        operation="getStems",
        method="GET",
        server="api",
        path="/api/v1/vocal-removal/record-info",
        query={
            "taskId": task_id,
        },
        creates_task=False,
        bucket="read",
        auth=True,
        parse=lambda answer: answer,
    )
