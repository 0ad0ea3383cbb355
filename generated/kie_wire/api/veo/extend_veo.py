"""Submit a continuation of a Veo 3.1 video."""

from __future__ import annotations

from collections.abc import Mapping

from kie._core.call import Call
from kie._core.json import JSON


def extend_veo(
    *,
    body: Mapping[str, JSON],
) -> Call[JSON]:
    """Submit a continuation of a Veo 3.1 video.

    Continues the video of an earlier task, which costs credits. Code 404 means that there is no such task. Never
    send it twice unless the first provably did not arrive.
    """
    return Call(
        operation="extendVeo",
        method="POST",
        server="api",
        path="/api/v1/veo/extend",
        json=dict(body),
        creates_task=True,
        bucket="submit",
        auth=True,
        parse=lambda answer: answer,
    )
