"""Separate a track into stems."""

from __future__ import annotations

from collections.abc import Mapping

from kie._core.call import Call
from kie._core.json import JSON


def separate_vocals(
    *,
    body: Mapping[str, JSON],
) -> Call[JSON]:
    """Separate a track into stems.

    Starts a task that takes a track apart. Every call is charged, repeats too.
    """
    return Call(
        operation="separateVocals",
        method="POST",
        server="api",
        path="/api/v1/vocal-removal/generate",
        json=dict(body),
        creates_task=True,
        bucket="submit",
        auth=True,
        parse=lambda answer: answer,
    )
