"""Make a video of a track."""

from __future__ import annotations

from collections.abc import Mapping

from kie._core.call import Call
from kie._core.json import JSON


def generate_music_video(
    *,
    body: Mapping[str, JSON],
) -> Call[JSON]:
    """Make a video of a track.

    Starts a task that shows a track as a video with its cover.
    """
    return Call(
        operation="generateMusicVideo",
        method="POST",
        server="api",
        path="/api/v1/mp4/generate",
        json=dict(body),
        creates_task=True,
        bucket="submit",
        auth=True,
        parse=lambda answer: answer,
    )
