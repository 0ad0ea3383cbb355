"""Read the record of a Veo task."""

from __future__ import annotations

from kie._core.call import Call
from kie._core.json import JSON

from ...endpoints import GET_VEO


def get_veo(
    *,
    task_id: str,
) -> Call[JSON]:
    """Read the record of a Veo task.

    Reads the record of a task: of a generation, an extension, or a 4K version. A clip takes two to five minutes;
    the pages advise a poll every 30 seconds. Records are kept for 14 days.
    """
    return Call(
        endpoint=GET_VEO,
        query={
            "taskId": task_id,
        },
        parse=lambda answer: answer,
    )
