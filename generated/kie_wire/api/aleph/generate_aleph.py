"""Submit a Runway Aleph video."""

from __future__ import annotations

from collections.abc import Mapping

from kie._core.call import Call
from kie._core.json import JSON

from ...endpoints import GENERATE_ALEPH


def generate_aleph(
    *,
    body: Mapping[str, JSON],
) -> Call[JSON]:
    """Submit a Runway Aleph video.

    Changes a video, which costs credits. A URL that cannot be fetched is accepted and fails later. Never send it
    twice unless the first provably did not arrive.
    """
    return Call(
        endpoint=GENERATE_ALEPH,
        json=dict(body),
        parse=lambda answer: answer,
    )
