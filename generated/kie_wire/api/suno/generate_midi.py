"""Write down the notes of stems."""

from __future__ import annotations

from collections.abc import Mapping

from kie._core.call import Call
from kie._core.json import JSON


def generate_midi(
    *,
    body: Mapping[str, JSON],
) -> Call[JSON]:
    """Write down the notes of stems.

    Starts a task that finds the notes in the stems of a finished separation.
    """
    return Call(
        operation="generateMidi",
        method="POST",
        server="api",
        path="/api/v1/midi/generate",
        json=dict(body),
        creates_task=True,
        bucket="submit",
        auth=True,
        parse=lambda answer: answer,
    )
