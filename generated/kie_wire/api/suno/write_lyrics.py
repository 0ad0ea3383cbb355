"""Write lyrics."""

from __future__ import annotations

from collections.abc import Mapping

from kie._core.call import Call
from kie._core.json import JSON


def write_lyrics(
    *,
    body: Mapping[str, JSON],
) -> Call[JSON]:
    """Write lyrics.

    Starts a task that writes lyrics in several versions.
    """
    return Call(
        operation="writeLyrics",
        method="POST",
        server="api",
        path="/api/v1/lyrics",
        json=dict(body),
        creates_task=True,
        bucket="submit",
        auth=True,
        parse=lambda answer: answer,
    )
