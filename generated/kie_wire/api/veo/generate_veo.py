"""Submit a Veo 3.1 video."""

from __future__ import annotations

from collections.abc import Mapping

from kie._core.call import Call
from kie._core.json import JSON


def generate_veo(
    *,
    body: Mapping[str, JSON],
) -> Call[JSON]:
    """Submit a Veo 3.1 video.

    Starts a video, which costs credits. Never send it twice unless the first provably did not arrive. A refusal
    of the upstream may come as code 422 with its words.
    """
    return Call(
        operation="generateVeo",
        method="POST",
        server="api",
        path="/api/v1/veo/generate",
        json=dict(body),
        creates_task=True,
        bucket="submit",
        auth=True,
        parse=lambda answer: answer,
    )
