"""Submit a change of a video by Luma."""

from __future__ import annotations

from collections.abc import Mapping

from kie._core.call import Call
from kie._core.json import JSON

from ...endpoints import MODIFY_LUMA


def modify_luma(
    *,
    body: Mapping[str, JSON],
) -> Call[JSON]:
    """Submit a change of a video by Luma.

    Changes a video, which costs credits. No longer in the documentation. Never send it twice unless the first
    provably did not arrive.
    """
    return Call(
        endpoint=MODIFY_LUMA,
        json=dict(body),
        parse=lambda answer: answer,
    )
