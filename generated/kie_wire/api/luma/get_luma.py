"""Read the record of a Luma task."""

from __future__ import annotations

from kie._core.call import Call
from kie._core.json import JSON

from ...endpoints import GET_LUMA


def get_luma(
    *,
    task_id: str,
) -> Call[JSON]:
    """Read the record of a Luma task.

    Reads the record of a task, which takes 2 to 20 minutes. No longer in the documentation.
    """
    return Call(
        endpoint=GET_LUMA,
        query={
            "taskId": task_id,
        },
        parse=lambda answer: answer,
    )
