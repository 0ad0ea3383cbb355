"""Look at a voice in the making."""

from __future__ import annotations

from kie._core.call import Call
from kie._core.json import JSON


def get_voice(
    *,
    task_id: str,
) -> Call[JSON]:
    """Look at a voice in the making.

    Reads the record of a voice. It takes about a minute.
    """
    return Call(
        operation="getVoice",
        method="GET",
        server="api",
        path="/api/v1/voice/record-info",
        query={
            "taskId": task_id,
        },
        creates_task=False,
        bucket="read",
        auth=True,
        parse=lambda answer: answer,
    )
