"""Write lyrics."""

from __future__ import annotations

from collections.abc import Mapping

from kie._core.call import Call
from kie._core.json import JSON

from ...endpoints import WRITE_LYRICS


def write_lyrics(
    *,
    body: Mapping[str, JSON],
) -> Call[JSON]:
    """Write lyrics.

    Starts a task that writes lyrics in several versions.
    """
    return Call(
        endpoint=WRITE_LYRICS,
        json=dict(body),
        parse=lambda answer: answer,
    )
