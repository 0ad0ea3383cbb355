"""Submit a change of a video by Luma."""

from __future__ import annotations

from collections.abc import Mapping

from kie._core.call import Call
from kie._core.json import JSON


def modify_luma(
    *,
    body: Mapping[str, JSON],
) -> Call[JSON]:
    """Submit a change of a video by Luma.

    Changes a video, which costs credits. No longer in the documentation. Never send it twice unless the first
    provably did not arrive.
    """
    return Call(
        operation="modifyLuma",
        method="POST",
        server="api",
        path="/api/v1/modify/generate",
        json=dict(body),
        creates_task=True,
        bucket="submit",
        auth=True,
        parse=lambda answer: answer,
    )
