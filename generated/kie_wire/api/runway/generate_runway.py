"""Submit a Runway video."""

from __future__ import annotations

from collections.abc import Mapping

from kie._core.call import Call
from kie._core.json import JSON

from ...endpoints import GENERATE_RUNWAY


def generate_runway(
    *,
    body: Mapping[str, JSON],
) -> Call[JSON]:
    """Submit a Runway video.

    Starts a video, which costs credits. Never send it twice unless the first provably did not arrive.
    """
    return Call(
        endpoint=GENERATE_RUNWAY,
        json=dict(body),
        parse=lambda answer: answer,
    )
