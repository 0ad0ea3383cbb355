"""Look at a Luma task."""

from __future__ import annotations

from kie._core.call import Call
from kie._core.json import JSON


def get_luma(
    *,
    task_id: str,
) -> Call[JSON]:
    """Look at a Luma task.

    Reads the record of a task, which takes 2 to 20 minutes. No longer in the documentation.
    """
    return Call(
        operation="getLuma",
        method="GET",
        server="api",
        path="/api/v1/modify/record-info",
        query={
            "taskId": task_id,
        },
        creates_task=False,
        bucket="read",
        auth=True,
        parse=lambda answer: answer,
    )
