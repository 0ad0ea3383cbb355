"""Read the record of a lyrics task."""

from __future__ import annotations

from kie._core.call import Call
from kie._core.json import JSON

from ...endpoints import GET_LYRICS


def get_lyrics(
    *,
    task_id: str,
) -> Call[JSON]:
    """Read the record of a lyrics task.

    Reads the record of a task.
    """
    return Call(
        endpoint=GET_LYRICS,
        query={
            "taskId": task_id,
        },
        parse=lambda answer: answer,
    )
