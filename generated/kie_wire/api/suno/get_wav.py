"""Read the record of a WAV task."""

from __future__ import annotations

from kie._core.call import Call
from kie._core.json import JSON

from ...endpoints import GET_WAV


def get_wav(
    *,
    task_id: str,
) -> Call[JSON]:
    """Read the record of a WAV task.

    Reads the record of a task.
    """
    return Call(
        endpoint=GET_WAV,
        query={
            "taskId": task_id,
        },
        parse=lambda answer: answer,
    )
