"""Submit a continuation of a Veo 3.1 video."""

from __future__ import annotations

from collections.abc import Mapping

from kie._core.call import Call
from kie._core.json import JSON

from ...endpoints import EXTEND_VEO


def extend_veo(
    *,
    body: Mapping[str, JSON],
) -> Call[JSON]:
    """Submit a continuation of a Veo 3.1 video.

    Continues the video of an earlier task, which costs credits. Code 404 means that there is no such task. Never
    send it twice unless the first provably did not arrive.
    """
    return Call(
        endpoint=EXTEND_VEO,
        json=dict(body),
        parse=lambda answer: answer,
    )
