"""Read the record of a Runway task."""

from __future__ import annotations

from kie._core.call import Call
from kie._core.json import JSON

from ...endpoints import GET_RUNWAY


def get_runway(
    *,
    task_id: str,
) -> Call[JSON]:
    """Read the record of a Runway task.

    Reads the record of a generation or an extension. The pages advise a poll every 30 seconds.
    """
    return Call(
        endpoint=GET_RUNWAY,
        query={
            "taskId": task_id,
        },
        parse=lambda answer: answer,
    )
