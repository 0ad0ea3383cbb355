"""Read the record of a Market task."""

from __future__ import annotations

from kie._core.call import Call
from kie._core.json import JSON

from ...endpoints import GET_TASK


def get_task(
    *,
    task_id: str,
) -> Call[JSON]:
    """Read the record of a Market task.

    Reads the record of a task. At most ten reads per second for one key.
    """
    return Call(
        endpoint=GET_TASK,
        query={
            "taskId": task_id,
        },
        parse=lambda answer: answer,
    )
