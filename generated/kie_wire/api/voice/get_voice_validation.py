"""Look at a validation."""

from __future__ import annotations

from kie._core.call import Call
from kie._core.json import JSON


def get_voice_validation(
    *,
    task_id: str,
) -> Call[JSON]:
    """Look at a validation.

    Reads the record of a validation. The phrase is there after about 20 seconds.
    """
    return Call(
        operation="getVoiceValidation",
        method="GET",
        server="api",
        path="/api/v1/voice/validate-info",
        query={
            "taskId": task_id,
        },
        creates_task=False,
        bucket="read",
        auth=True,
        parse=lambda answer: answer,
    )
