"""Ask whether a voice can be used."""

from __future__ import annotations

from collections.abc import Mapping

from kie._core.call import Call
from kie._core.json import JSON


def check_voice(
    *,
    body: Mapping[str, JSON],
) -> Call[JSON]:
    """Ask whether a voice can be used.

    Reads whether a voice that was made earlier can be used. It starts nothing.
    """
    return Call(
        operation="checkVoice",
        method="POST",
        server="api",
        path="/api/v1/voice/check-voice",
        json=dict(body),
        creates_task=False,
        bucket="read",
        auth=True,
        parse=lambda answer: answer,
    )
