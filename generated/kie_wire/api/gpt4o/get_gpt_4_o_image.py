"""Read the record of a GPT-4o image task."""

from __future__ import annotations

from kie._core.call import Call
from kie._core.json import JSON

from ...endpoints import GET_GPT_4_O_IMAGE


def get_gpt_4_o_image(
    *,
    task_id: str,
) -> Call[JSON]:
    """Read the record of a GPT-4o image task.

    Reads the record of a task. It is kept for 14 days.
    """
    return Call(
        endpoint=GET_GPT_4_O_IMAGE,
        query={
            "taskId": task_id,
        },
        parse=lambda answer: answer,
    )
