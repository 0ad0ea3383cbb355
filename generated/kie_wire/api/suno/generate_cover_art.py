"""Draw pictures for a track."""

from __future__ import annotations

from collections.abc import Mapping

from kie._core.call import Call
from kie._core.json import JSON

from ...endpoints import GENERATE_COVER_ART


def generate_cover_art(
    *,
    body: Mapping[str, JSON],
) -> Call[JSON]:
    """Draw pictures for a track.

    Starts a task that draws two covers for an earlier music task. Free of charge; once for each music task.
    """
    return Call(
        endpoint=GENERATE_COVER_ART,
        json=dict(body),
        parse=lambda answer: answer,
    )
