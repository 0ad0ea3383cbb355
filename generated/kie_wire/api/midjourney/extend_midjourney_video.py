"""Continue a video of an earlier Midjourney task."""

from __future__ import annotations

from collections.abc import Mapping

from kie._core.call import Call
from kie._core.json import JSON

from ...endpoints import EXTEND_MIDJOURNEY_VIDEO


def extend_midjourney_video(
    *,
    body: Mapping[str, JSON],
) -> Call[JSON]:
    """Continue a video of an earlier Midjourney task.

    Starts a task, which costs credits. The vendor has withdrawn Midjourney.
    """
    return Call(
        endpoint=EXTEND_MIDJOURNEY_VIDEO,
        json=dict(body),
        parse=lambda answer: answer,
    )
