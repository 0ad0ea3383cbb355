"""Read the record of a cover art task."""

from __future__ import annotations

from kie._core.call import Call
from kie._core.json import JSON

from ...endpoints import GET_COVER_ART


def get_cover_art(
    *,
    task_id: str,
) -> Call[JSON]:
    """Read the record of a cover art task.

    Reads the record of a task.
    """
    return Call(
        endpoint=GET_COVER_ART,
        query={
            "taskId": task_id,
        },
        parse=lambda answer: answer,
    )
