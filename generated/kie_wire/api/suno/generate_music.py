"""Generate music."""

from __future__ import annotations

from collections.abc import Mapping

from kie._core.call import Call
from kie._core.json import JSON

from ...endpoints import GENERATE_MUSIC


def generate_music(
    *,
    body: Mapping[str, JSON],
) -> Call[JSON]:
    """Generate music.

    Starts a task that makes two tracks.
    """
    return Call(
        endpoint=GENERATE_MUSIC,
        json=dict(body),
        parse=lambda answer: answer,
    )
