"""Replace a section of a track."""

from __future__ import annotations

from collections.abc import Mapping

from kie._core.call import Call
from kie._core.json import JSON


def replace_section(
    *,
    body: Mapping[str, JSON],
) -> Call[JSON]:
    """Replace a section of a track.

    Starts a task that sings one section of a track again and leaves the rest.
    """
    return Call(
        operation="replaceSection",
        method="POST",
        server="api",
        path="/api/v1/generate/replace-section",
        json=dict(body),
        creates_task=True,
        bucket="submit",
        auth=True,
        parse=lambda answer: answer,
    )
