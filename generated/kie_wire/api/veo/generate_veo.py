"""Submit a Veo 3.1 video."""

from __future__ import annotations

from collections.abc import Mapping

from kie._core.call import Call
from kie._core.json import JSON

from ...endpoints import GENERATE_VEO


def generate_veo(
    *,
    body: Mapping[str, JSON],
) -> Call[JSON]:
    """Submit a Veo 3.1 video.

    Starts a video, which costs credits. Never send it twice unless the first provably did not arrive. A refusal
    of the upstream may come as code 422 with its words.
    """
    return Call(
        endpoint=GENERATE_VEO,
        json=dict(body),
        parse=lambda answer: answer,
    )
