"""Cover a recording."""

from __future__ import annotations

from collections.abc import Mapping

from kie._core.call import Call
from kie._core.json import JSON

from ...endpoints import COVER_MUSIC


def cover_music(
    *,
    body: Mapping[str, JSON],
) -> Call[JSON]:
    """Cover a recording.

    Starts a task that plays a recording in another style. A URL that cannot be fetched is accepted, and the task
    fails later.
    """
    return Call(
        endpoint=COVER_MUSIC,
        json=dict(body),
        parse=lambda answer: answer,
    )
