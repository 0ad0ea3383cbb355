"""Read the record of a Runway Aleph task."""

from __future__ import annotations

from kie._core.call import Call
from kie._core.json import JSON

from ...endpoints import GET_ALEPH


def get_aleph(
    *,
    task_id: str,
) -> Call[JSON]:
    """Read the record of a Runway Aleph task.

    Reads the record of a task. The pages advise a poll every 30 seconds.
    """
    return Call(
        endpoint=GET_ALEPH,
        query={
            "taskId": task_id,
        },
        parse=lambda answer: answer,
    )
