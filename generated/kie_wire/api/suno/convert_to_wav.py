"""Convert a track to WAV."""

from __future__ import annotations

from collections.abc import Mapping

from kie._core.call import Call
from kie._core.json import JSON


def convert_to_wav(
    *,
    body: Mapping[str, JSON],
) -> Call[JSON]:
    """Convert a track to WAV.

    Starts a task that converts a track. Code 409 where a conversion exists already.
    """
    return Call(
        operation="convertToWav",
        method="POST",
        server="api",
        path="/api/v1/wav/generate",
        json=dict(body),
        creates_task=True,
        bucket="submit",
        auth=True,
        parse=lambda answer: answer,
    )
