"""Continue a track."""

from __future__ import annotations

from collections.abc import Mapping

from kie._core.call import Call
from kie._core.json import JSON


def extend_music(
    *,
    body: Mapping[str, JSON],
) -> Call[JSON]:
    """Continue a track.

    Starts a task that continues a track of an earlier one. An unknown track is accepted, and the task fails
    later.
    """
    return Call(
        operation="extendMusic",
        method="POST",
        server="api",
        path="/api/v1/generate/extend",
        json=dict(body),
        creates_task=True,
        bucket="submit",
        auth=True,
        parse=lambda answer: answer,
    )
