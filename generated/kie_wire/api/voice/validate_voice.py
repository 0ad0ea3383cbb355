"""Ask for a phrase to sing."""

from __future__ import annotations

from collections.abc import Mapping

from kie._core.call import Call
from kie._core.json import JSON

from ...endpoints import VALIDATE_VOICE


def validate_voice(
    *,
    body: Mapping[str, JSON],
) -> Call[JSON]:
    """Ask for a phrase to sing.

    Starts a task that listens to a recording and makes up a phrase for its singer. Free of credits as seen live.
    """
    return Call(
        endpoint=VALIDATE_VOICE,
        json=dict(body),
        parse=lambda answer: answer,
    )
