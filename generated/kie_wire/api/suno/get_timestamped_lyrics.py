"""Say when each word is sung."""

from __future__ import annotations

from collections.abc import Mapping

from kie._core.call import Call
from kie._core.json import JSON


def get_timestamped_lyrics(
    *,
    body: Mapping[str, JSON],
) -> Call[JSON]:
    """Say when each word is sung.

    Aligns the lyrics of a track with its audio. It answers at once and is charged.
    """
    return Call(
        operation="getTimestampedLyrics",
        method="POST",
        server="api",
        path="/api/v1/generate/get-timestamped-lyrics",
        json=dict(body),
        creates_task=True,
        bucket="submit",
        auth=True,
        parse=lambda answer: answer,
    )
