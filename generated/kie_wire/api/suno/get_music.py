"""Look at a music task."""

from __future__ import annotations

from kie._core.call import Call
from kie._core.json import JSON


def get_music(
    *,
    task_id: str,
) -> Call[JSON]:
    """Look at a music task.

    Reads the record of a task. At most three reads per second for one task.
    """
    return Call(
        operation="getMusic",
        method="GET",
        server="api",
        path="/api/v1/generate/record-info",
        query={
            "taskId": task_id,
        },
        creates_task=False,
        bucket="read",
        auth=True,
        parse=lambda answer: answer,
    )
