"""Enlarge an image of an earlier Midjourney task."""

from __future__ import annotations

from collections.abc import Mapping

from kie._core.call import Call
from kie._core.json import JSON

from ...endpoints import UPSCALE_MIDJOURNEY


def upscale_midjourney(
    *,
    body: Mapping[str, JSON],
) -> Call[JSON]:
    """Enlarge an image of an earlier Midjourney task.

    Starts a task, which costs credits. The vendor has withdrawn Midjourney. The quickstart page names another
    path, /api/v1/mj/upscale with `index`; the reference page is followed.
    """
    return Call(
        endpoint=UPSCALE_MIDJOURNEY,
        json=dict(body),
        parse=lambda answer: answer,
    )
