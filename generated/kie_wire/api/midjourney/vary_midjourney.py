"""Vary an image of an earlier Midjourney task."""

from __future__ import annotations

from collections.abc import Mapping

from kie._core.call import Call
from kie._core.json import JSON


def vary_midjourney(
    *,
    body: Mapping[str, JSON],
) -> Call[JSON]:
    """Vary an image of an earlier Midjourney task.

    Starts a task, which costs credits. The vendor has withdrawn Midjourney.
    """
    return Call(
        operation="varyMidjourney",
        method="POST",
        server="api",
        path="/api/v1/mj/generateVary",
        json=dict(body),
        creates_task=True,
        bucket="submit",
        auth=True,
        parse=lambda answer: answer,
    )
