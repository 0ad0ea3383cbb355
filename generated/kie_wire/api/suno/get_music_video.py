"""Read the record of a music video task."""

from __future__ import annotations

from kie._core.call import Call
from kie._core.json import JSON

from ...endpoints import GET_MUSIC_VIDEO


def get_music_video(
    *,
    task_id: str,
) -> Call[JSON]:
    """Read the record of a music video task.

    Reads the record of a task.
    """
    return Call(
        endpoint=GET_MUSIC_VIDEO,
        query={
            "taskId": task_id,
        },
        parse=lambda answer: answer,
    )
