"""Make a voice of one's own."""

from __future__ import annotations

from collections.abc import Mapping

from kie._core.call import Call
from kie._core.json import JSON

from ...endpoints import GENERATE_VOICE


def generate_voice(
    *,
    body: Mapping[str, JSON],
) -> Call[JSON]:
    """Make a voice of one's own.

    Starts a task that makes a voice, once the phrase has been sung. Code 422 where the validation is unknown or
    not ready.
    """
    return Call(
        endpoint=GENERATE_VOICE,
        json=dict(body),
        parse=lambda answer: answer,
    )
