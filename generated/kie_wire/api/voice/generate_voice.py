"""Make a voice of one's own."""

from __future__ import annotations

from collections.abc import Mapping

from kie._core.call import Call
from kie._core.json import JSON


def generate_voice(
    *,
    body: Mapping[str, JSON],
) -> Call[JSON]:
    """Make a voice of one's own.

    Starts a task that makes a voice, once the phrase has been sung. Code 422 where the validation is unknown or
    not ready.
    """
    return Call(
        operation="generateVoice",
        method="POST",
        server="api",
        path="/api/v1/voice/generate",
        json=dict(body),
        creates_task=True,
        bucket="submit",
        auth=True,
        parse=lambda answer: answer,
    )
