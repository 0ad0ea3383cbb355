"""Continue a video of an earlier Midjourney task."""

from __future__ import annotations

from collections.abc import Mapping

from kie._core.call import Call
from kie._core.json import JSON


def extend_midjourney_video(
    *,
    body: Mapping[str, JSON],
) -> Call[JSON]:
    """Continue a video of an earlier Midjourney task.

    Starts a task, which costs credits. The vendor has withdrawn Midjourney.
    """
    return Call(
        operation="extendMidjourneyVideo",
        method="POST",
        server="api",
        path="/api/v1/mj/generateVideoExtend",
        json=dict(body),
        creates_task=True,
        bucket="submit",
        auth=True,
        parse=lambda answer: answer,
    )
