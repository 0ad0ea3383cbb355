"""Generate a sound."""

from __future__ import annotations

from collections.abc import Mapping

from kie._core.call import Call
from kie._core.json import JSON

from ...endpoints import GENERATE_SOUNDS


def generate_sounds(
    *,
    body: Mapping[str, JSON],
) -> Call[JSON]:
    """Generate a sound.

    Starts a task that makes a sound or a loop.
    """
    return Call(
        endpoint=GENERATE_SOUNDS,
        json=dict(body),
        parse=lambda answer: answer,
    )
