"""Vary an image of an earlier Midjourney task."""

from __future__ import annotations

from collections.abc import Mapping

from kie._core.call import Call
from kie._core.json import JSON

from ...endpoints import VARY_MIDJOURNEY


def vary_midjourney(
    *,
    body: Mapping[str, JSON],
) -> Call[JSON]:
    """Vary an image of an earlier Midjourney task.

    Starts a task, which costs credits. The vendor has withdrawn Midjourney.
    """
    return Call(
        endpoint=VARY_MIDJOURNEY,
        json=dict(body),
        parse=lambda answer: answer,
    )
