"""Mix two recordings."""

from __future__ import annotations

from collections.abc import Mapping

from kie._core.call import Call
from kie._core.json import JSON


def mash_up_music(
    *,
    body: Mapping[str, JSON],
) -> Call[JSON]:
    """Mix two recordings.

    Starts a task that makes new music from two recordings.
    """
    return Call(
        operation="mashUpMusic",
        method="POST",
        server="api",
        path="/api/v1/generate/mashup",
        json=dict(body),
        creates_task=True,
        bucket="submit",
        auth=True,
        parse=lambda answer: answer,
    )
