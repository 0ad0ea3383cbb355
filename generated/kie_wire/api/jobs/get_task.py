"""Look at a Market task."""

from __future__ import annotations

from kie._core.call import Call
from kie._core.json import JSON


def get_task(
    *,
    task_id: str,
) -> Call[JSON]:
    """Look at a Market task.

    Reads the record of a task. At most ten reads per second for one key.
    """
    return Call(
        operation="getTask",
        method="GET",
        server="api",
        path="/api/v1/jobs/recordInfo",
        query={
            "taskId": task_id,
        },
        creates_task=False,
        bucket="read",
        auth=True,
        parse=lambda answer: answer,
    )
