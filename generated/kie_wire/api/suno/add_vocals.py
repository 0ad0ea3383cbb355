"""Add vocals to a recording."""

from __future__ import annotations

from collections.abc import Mapping

from kie._core.call import Call
from kie._core.json import JSON

from ...endpoints import ADD_VOCALS


def add_vocals(
    *,
    body: Mapping[str, JSON],
) -> Call[JSON]:
    """Add vocals to a recording.

    Starts a task that adds a singing voice to an instrumental recording.
    """
    return Call(
        endpoint=ADD_VOCALS,
        json=dict(body),
        parse=lambda answer: answer,
    )
