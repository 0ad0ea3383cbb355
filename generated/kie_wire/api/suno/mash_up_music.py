"""Mix two recordings."""

from __future__ import annotations

from collections.abc import Mapping

from kie._core.call import Call
from kie._core.json import JSON

from ...endpoints import MASH_UP_MUSIC


def mash_up_music(
    *,
    body: Mapping[str, JSON],
) -> Call[JSON]:
    """Mix two recordings.

    Starts a task that makes new music from two recordings.
    """
    return Call(
        endpoint=MASH_UP_MUSIC,
        json=dict(body),
        parse=lambda answer: answer,
    )
