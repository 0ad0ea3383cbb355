"""Ask for the 1080p version of a Veo video."""

from __future__ import annotations

from kie._core.call import Call
from kie._core.json import JSON

from ...endpoints import GET_VEO_1080_P


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
        endpoint=GET_VEO_1080_P,
        query={
            "taskId": task_id,
            **({} if index is None else {"index": index}),
        },
        parse=lambda answer: answer,
    )
