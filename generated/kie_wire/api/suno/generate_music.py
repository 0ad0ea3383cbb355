"""Generate music."""

from __future__ import annotations

from collections.abc import Mapping

from kie._core.call import Call
from kie._core.json import JSON


def generate_music(
    *,
    body: Mapping[str, JSON],
) -> Call[JSON]:
    """Generate music.

    Starts a task that makes two tracks.
    """
    return Call(
        operation="generateMusic",
        method="POST",
        server="api",
        path="/api/v1/generate",
        json=dict(body),
        creates_task=True,
        bucket="submit",
        auth=True,
        parse=lambda answer: answer,
    )
