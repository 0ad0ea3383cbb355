"""Look at a MIDI task."""

from __future__ import annotations

from kie._core.call import Call
from kie._core.json import JSON


def get_midi(
    *,
    task_id: str,
) -> Call[JSON]:
    """Look at a MIDI task.

    Reads the record of a task.
    """
    return Call(
        operation="getMidi",
        method="GET",
        server="api",
        path="/api/v1/midi/record-info",
        query={
            "taskId": task_id,
        },
        creates_task=False,
        bucket="read",
        auth=True,
        parse=lambda answer: answer,
    )
