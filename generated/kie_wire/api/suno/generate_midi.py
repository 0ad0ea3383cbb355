"""Write down the notes of stems."""

from __future__ import annotations

from collections.abc import Mapping

from kie._core.call import Call
from kie._core.json import JSON

from ...endpoints import GENERATE_MIDI


def generate_midi(
    *,
    body: Mapping[str, JSON],
) -> Call[JSON]:
    """Write down the notes of stems.

    Starts a task that finds the notes in the stems of a finished separation.
    """
    return Call(
        endpoint=GENERATE_MIDI,
        json=dict(body),
        parse=lambda answer: answer,
    )
