"""Look at a music video task."""

from __future__ import annotations

from kie._core.call import Call
from kie._core.json import JSON


def get_music_video(
    *,
    task_id: str,
) -> Call[JSON]:
    """Look at a music video task.

    Reads the record of a task.
    """
    return Call(
        operation="getMusicVideo",
        method="GET",
        server="api",
        path="/api/v1/mp4/record-info",
        query={
            "taskId": task_id,
        },
        creates_task=False,
        bucket="read",
        auth=True,
        parse=lambda answer: answer,
    )
