"""Read the record of a separation task."""

from __future__ import annotations

from kie._core.call import Call
from kie._core.json import JSON

from ...endpoints import GET_STEMS


def get_stems(
    *,
    task_id: str,
) -> Call[JSON]:
    """Read the record of a separation task.

    Reads the record of a task.
    """
    return Call(
        endpoint=GET_STEMS,
        query={
            "taskId": task_id,
        },
        parse=lambda answer: answer,
    )
