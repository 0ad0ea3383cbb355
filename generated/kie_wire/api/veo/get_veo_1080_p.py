"""Ask for the 1080p version of a Veo video."""

from __future__ import annotations

from kie._core.call import Call
from kie._core.json import JSON


def get_veo_1080_p(
    *,
    task_id: str,
    index: str | None = None,
) -> Call[JSON]:
    """Ask for the 1080p version of a Veo video.

    Answers with the video once it is ready, one to three minutes after the video itself, and with code 400 before
    that: ask again after 20 to 30 seconds. The price list has 5 credits per video for it. It is the pages' way to
    repeat it until it answers, so a repeat counts as free.
    """
    return Call(
        operation="getVeo1080p",
        method="GET",
        server="api",
        path="/api/v1/veo/get-1080p-video",
        query={
            "taskId": task_id,
            **({} if index is None else {"index": index}),
        },
        creates_task=False,
        bucket="read",
        auth=True,
        parse=lambda answer: answer,
    )
