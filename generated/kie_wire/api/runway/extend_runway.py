"""Submit a continuation of a Runway video."""

from __future__ import annotations

from collections.abc import Mapping

from kie._core.call import Call
from kie._core.json import JSON

from ...endpoints import EXTEND_RUNWAY


def extend_runway(
    *,
    body: Mapping[str, JSON],
) -> Call[JSON]:
    """Submit a continuation of a Runway video.

    Continues the video of an earlier task, which costs credits. The service accepts the id of a task that does
    not exist, too, and fails later. Never send it twice unless the first provably did not arrive.
    """
    return Call(
        endpoint=EXTEND_RUNWAY,
        json=dict(body),
        parse=lambda answer: answer,
    )
