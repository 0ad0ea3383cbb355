"""Look at a Midjourney task."""

from __future__ import annotations

from kie._core.call import Call
from kie._core.json import JSON


def get_midjourney(
    *,
    task_id: str,
) -> Call[JSON]:
    """Look at a Midjourney task.

    Reads the record of a task. Results are kept for 15 days. The route still answered on 2026-07-03.
    """
    return Call(
        operation="getMidjourney",
        method="GET",
        server="api",
        path="/api/v1/mj/record-info",
        query={
            "taskId": task_id,
        },
        creates_task=False,
        bucket="read",
        auth=True,
        parse=lambda answer: answer,
    )
