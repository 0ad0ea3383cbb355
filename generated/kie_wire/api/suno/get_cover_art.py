"""Look at a cover art task."""

from __future__ import annotations

from kie._core.call import Call
from kie._core.json import JSON


def get_cover_art(
    *,
    task_id: str,
) -> Call[JSON]:
    """Look at a cover art task.

    Reads the record of a task.
    """
    return Call(
        operation="getCoverArt",
        method="GET",
        server="api",
        path="/api/v1/suno/cover/record-info",
        query={
            "taskId": task_id,
        },
        creates_task=False,
        bucket="read",
        auth=True,
        parse=lambda answer: answer,
    )
