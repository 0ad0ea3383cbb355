"""Order the 4K version of a Veo video."""

from __future__ import annotations

from collections.abc import Mapping

from kie._core.call import Call
from kie._core.json import JSON

from ...endpoints import UPGRADE_VEO_4K


def upgrade_veo_4k(
    *,
    body: Mapping[str, JSON],
) -> Call[JSON]:
    """Order the 4K version of a Veo video.

    Starts the 4K version, which costs credits and takes five to ten minutes. By one page a repeat for the same
    task is refused with code 422 while it runs and when it is done; nobody has seen that, so it is never repeated
    here.
    """
    return Call(
        endpoint=UPGRADE_VEO_4K,
        json=dict(body),
        parse=lambda answer: answer,
    )
