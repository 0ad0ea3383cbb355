"""Generate a sound."""

from __future__ import annotations

from collections.abc import Mapping

from kie._core.call import Call
from kie._core.json import JSON


def generate_sounds(
    *,
    body: Mapping[str, JSON],
) -> Call[JSON]:
    """Generate a sound.

    Starts a task that makes a sound or a loop.
    """
    return Call(
        operation="generateSounds",
        method="POST",
        server="api",
        path="/api/v1/generate/sounds",
        json=dict(body),
        creates_task=True,
        bucket="submit",
        auth=True,
        parse=lambda answer: answer,
    )
