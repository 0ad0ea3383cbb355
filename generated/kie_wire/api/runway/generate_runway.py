"""Submit a Runway video."""

from __future__ import annotations

from collections.abc import Mapping

from kie._core.call import Call
from kie._core.json import JSON


def generate_runway(
    *,
    body: Mapping[str, JSON],
) -> Call[JSON]:
    """Submit a Runway video.

    Starts a video, which costs credits. Never send it twice unless the first provably did not arrive.
    """
    return Call(
        operation="generateRunway",
        method="POST",
        server="api",
        path="/api/v1/runway/generate",
        json=dict(body),
        creates_task=True,
        bucket="submit",
        auth=True,
        parse=lambda answer: answer,
    )
