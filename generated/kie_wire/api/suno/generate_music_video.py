"""Make a video of a track."""

from __future__ import annotations

from collections.abc import Mapping

from kie._core.call import Call
from kie._core.json import JSON

from ...endpoints import GENERATE_MUSIC_VIDEO


def generate_music_video(
    *,
    body: Mapping[str, JSON],
) -> Call[JSON]:
    """Make a video of a track.

    Starts a task that shows a track as a video with its cover.
    """
    return Call(
        endpoint=GENERATE_MUSIC_VIDEO,
        json=dict(body),
        parse=lambda answer: answer,
    )
