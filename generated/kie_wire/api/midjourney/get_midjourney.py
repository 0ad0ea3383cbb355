"""Read the record of a Midjourney task."""

from __future__ import annotations

from kie._core.call import Call
from kie._core.json import JSON

from ...endpoints import GET_MIDJOURNEY


def get_midjourney(
    *,
    task_id: str,
) -> Call[JSON]:
    """Read the record of a Midjourney task.

    Reads the record of a task. Results are kept for 15 days. The route still answered on 2026-07-03.
    """
    return Call(
        endpoint=GET_MIDJOURNEY,
        query={
            "taskId": task_id,
        },
        parse=lambda answer: answer,
    )
