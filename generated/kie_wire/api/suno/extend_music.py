"""Continue a track."""

from __future__ import annotations

from collections.abc import Mapping

from kie._core.call import Call
from kie._core.json import JSON

from ...endpoints import EXTEND_MUSIC


def extend_music(
    *,
    body: Mapping[str, JSON],
) -> Call[JSON]:
    """Continue a track.

    Starts a task that continues a track of an earlier one. An unknown track is accepted, and the task fails
    later.
    """
    return Call(
        endpoint=EXTEND_MUSIC,
        json=dict(body),
        parse=lambda answer: answer,
    )
