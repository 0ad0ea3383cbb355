"""Add an accompaniment to a recording."""

from __future__ import annotations

from collections.abc import Mapping

from kie._core.call import Call
from kie._core.json import JSON


def add_instrumental(
    *,
    body: Mapping[str, JSON],
) -> Call[JSON]:
    """Add an accompaniment to a recording.

    Starts a task that adds instruments to a recording of a voice or a melody.
    """
    return Call(
        operation="addInstrumental",
        method="POST",
        server="api",
        path="/api/v1/generate/add-instrumental",
        json=dict(body),
        creates_task=True,
        bucket="submit",
        auth=True,
        parse=lambda answer: answer,
    )
