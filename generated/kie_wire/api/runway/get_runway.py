"""Look at a Runway task."""

from __future__ import annotations

from kie._core.call import Call
from kie._core.json import JSON


def get_runway(
    *,
    task_id: str,
) -> Call[JSON]:
    """Look at a Runway task.

    Reads the record of a generation or an extension. The pages advise a poll every 30 seconds.
    """
    return Call(
        operation="getRunway",
        method="GET",
        server="api",
        path="/api/v1/runway/record-detail",
        query={
            "taskId": task_id,
        },
        creates_task=False,
        bucket="read",
        auth=True,
        parse=lambda answer: answer,
    )
