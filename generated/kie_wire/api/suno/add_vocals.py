"""Add vocals to a recording."""

from __future__ import annotations

from collections.abc import Mapping

from kie._core.call import Call
from kie._core.json import JSON


def add_vocals(
    *,
    body: Mapping[str, JSON],
) -> Call[JSON]:
    """Add vocals to a recording.

    Starts a task that adds a singing voice to an instrumental recording.
    """
    return Call(
        operation="addVocals",
        method="POST",
        server="api",
        path="/api/v1/generate/add-vocals",
        json=dict(body),
        creates_task=True,
        bucket="submit",
        auth=True,
        parse=lambda answer: answer,
    )
