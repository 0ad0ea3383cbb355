"""Look at a Runway Aleph task."""

from __future__ import annotations

from kie._core.call import Call
from kie._core.json import JSON


def get_aleph(
    *,
    task_id: str,
) -> Call[JSON]:
    """Look at a Runway Aleph task.

    Reads the record of a task. The pages advise a poll every 30 seconds.
    """
    return Call(
        operation="getAleph",
        method="GET",
        server="api",
        path="/api/v1/aleph/record-info",
        query={
            "taskId": task_id,
        },
        creates_task=False,
        bucket="read",
        auth=True,
        parse=lambda answer: answer,
    )
