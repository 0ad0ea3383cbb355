"""Ask for a phrase to sing."""

from __future__ import annotations

from collections.abc import Mapping

from kie._core.call import Call
from kie._core.json import JSON


def validate_voice(
    *,
    body: Mapping[str, JSON],
) -> Call[JSON]:
    """Ask for a phrase to sing.

    Starts a task that listens to a recording and makes up a phrase for its singer. Free of credits as seen live.
    """
    return Call(
        operation="validateVoice",
        method="POST",
        server="api",
        path="/api/v1/voice/validate",
        json=dict(body),
        creates_task=True,
        bucket="submit",
        auth=True,
        parse=lambda answer: answer,
    )
