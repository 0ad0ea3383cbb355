"""Make a persona of a track."""

from __future__ import annotations

from collections.abc import Mapping

from kie._core.call import Call
from kie._core.json import JSON

from ...endpoints import GENERATE_PERSONA


def generate_persona(
    *,
    body: Mapping[str, JSON],
) -> Call[JSON]:
    """Make a persona of a track.

    Keeps the manner of a track as a persona for later music. It answers at once and is free of charge; once for
    each track.
    """
    return Call(
        endpoint=GENERATE_PERSONA,
        json=dict(body),
        parse=lambda answer: answer,
    )
