"""Read the record of a MIDI task."""

from __future__ import annotations

from kie._core.call import Call
from kie._core.json import JSON

from ...endpoints import GET_MIDI


def get_midi(
    *,
    task_id: str,
) -> Call[JSON]:
    """Read the record of a MIDI task.

    Reads the record of a task.
    """
    return Call(
        endpoint=GET_MIDI,
        query={
            "taskId": task_id,
        },
        parse=lambda answer: answer,
    )
