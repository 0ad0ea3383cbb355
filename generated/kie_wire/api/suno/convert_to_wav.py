"""Convert a track to WAV."""

from __future__ import annotations

from collections.abc import Mapping

from kie._core.call import Call
from kie._core.json import JSON

from ...endpoints import CONVERT_TO_WAV


def convert_to_wav(
    *,
    body: Mapping[str, JSON],
) -> Call[JSON]:
    """Convert a track to WAV.

    Starts a task that converts a track. Code 409 where a conversion exists already.
    """
    return Call(
        endpoint=CONVERT_TO_WAV,
        json=dict(body),
        parse=lambda answer: answer,
    )
