"""Look at a GPT-4o image task."""

from __future__ import annotations

from kie._core.call import Call
from kie._core.json import JSON


def get_gpt_4_o_image(
    *,
    task_id: str,
) -> Call[JSON]:
    """Look at a GPT-4o image task.

    Reads the record of a task. It is kept for 14 days.
    """
    return Call(
        operation="getGpt4oImage",
        method="GET",
        server="api",
        path="/api/v1/gpt4o-image/record-info",
        query={
            "taskId": task_id,
        },
        creates_task=False,
        bucket="read",
        auth=True,
        parse=lambda answer: answer,
    )
