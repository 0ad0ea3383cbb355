"""Cover a recording."""

from __future__ import annotations

from collections.abc import Mapping

from kie._core.call import Call
from kie._core.json import JSON


def cover_music(
    *,
    body: Mapping[str, JSON],
) -> Call[JSON]:
    """Cover a recording.

    Starts a task that plays a recording in another style. A URL that cannot be fetched is accepted, and the task
    fails later.
    """
    return Call(
        operation="coverMusic",
        method="POST",
        server="api",
        path="/api/v1/generate/upload-cover",
        json=dict(body),
        creates_task=True,
        bucket="submit",
        auth=True,
        parse=lambda answer: answer,
    )
