"""Add an accompaniment to a recording."""

from __future__ import annotations

from collections.abc import Mapping

from kie._core.call import Call
from kie._core.json import JSON

from ...endpoints import ADD_INSTRUMENTAL


def add_instrumental(
    *,
    body: Mapping[str, JSON],
) -> Call[JSON]:
    """Add an accompaniment to a recording.

    Starts a task that adds instruments to a recording of a voice or a melody.
    """
    return Call(
        endpoint=ADD_INSTRUMENTAL,
        json=dict(body),
        parse=lambda answer: answer,
    )
