"""Read the record of a music task."""

from __future__ import annotations

from kie._core.call import Call
from kie._core.json import JSON

from ...endpoints import GET_MUSIC


def get_music(
    *,
    task_id: str,
) -> Call[JSON]:
    """Read the record of a music task.

    Reads the record of a task. At most three reads per second for one task.
    """
    return Call(
        endpoint=GET_MUSIC,
        query={
            "taskId": task_id,
        },
        parse=lambda answer: answer,
    )
