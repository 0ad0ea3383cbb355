"""Replace a section of a track."""

from __future__ import annotations

from collections.abc import Mapping

from kie._core.call import Call
from kie._core.json import JSON

from ...endpoints import REPLACE_SECTION


def replace_section(
    *,
    body: Mapping[str, JSON],
) -> Call[JSON]:
    """Replace a section of a track.

    Starts a task that sings one section of a track again and leaves the rest.
    """
    return Call(
        endpoint=REPLACE_SECTION,
        json=dict(body),
        parse=lambda answer: answer,
    )
