"""Ask whether a voice can be used."""

from __future__ import annotations

from collections.abc import Mapping

from kie._core.call import Call
from kie._core.json import JSON

from ...endpoints import CHECK_VOICE


def check_voice(
    *,
    body: Mapping[str, JSON],
) -> Call[JSON]:
    """Ask whether a voice can be used.

    Reads whether a voice that was made earlier can be used. It starts nothing.
    """
    return Call(
        endpoint=CHECK_VOICE,
        json=dict(body),
        parse=lambda answer: answer,
    )
