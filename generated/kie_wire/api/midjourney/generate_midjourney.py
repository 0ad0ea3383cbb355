"""Draw or film with Midjourney."""

from __future__ import annotations

from collections.abc import Mapping

from kie._core.call import Call
from kie._core.json import JSON


def generate_midjourney(
    *,
    body: Mapping[str, JSON],
) -> Call[JSON]:
    """Draw or film with Midjourney.

    Starts a task, which costs credits. The vendor has withdrawn Midjourney.
    """
    return Call(
        operation="generateMidjourney",
        method="POST",
        server="api",
        path="/api/v1/mj/generate",
        json=dict(body),
        creates_task=True,
        bucket="submit",
        auth=True,
        parse=lambda answer: answer,
    )
