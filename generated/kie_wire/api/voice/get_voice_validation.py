"""Read the record of a validation."""

from __future__ import annotations

from kie._core.call import Call
from kie._core.json import JSON

from ...endpoints import GET_VOICE_VALIDATION


def get_voice_validation(
    *,
    task_id: str,
) -> Call[JSON]:
    """Read the record of a validation.

    Reads the record of a validation. The phrase is there after about 20 seconds.
    """
    return Call(
        endpoint=GET_VOICE_VALIDATION,
        query={
            "taskId": task_id,
        },
        parse=lambda answer: answer,
    )
