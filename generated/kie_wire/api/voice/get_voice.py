"""Read the record of a voice in the making."""

from __future__ import annotations

from kie._core.call import Call
from kie._core.json import JSON

from ...endpoints import GET_VOICE


def get_voice(
    *,
    task_id: str,
) -> Call[JSON]:
    """Read the record of a voice in the making.

    Reads the record of a voice. It takes about a minute.
    """
    return Call(
        endpoint=GET_VOICE,
        query={
            "taskId": task_id,
        },
        parse=lambda answer: answer,
    )
