"""Make a character for Gemini Omni."""

from __future__ import annotations

from collections.abc import Mapping

from kie._core.call import Call
from kie._core.json import JSON

from ...endpoints import CREATE_OMNI_CHARACTER


def create_omni_character(
    *,
    body: Mapping[str, JSON],
) -> Call[JSON]:
    """Make a character for Gemini Omni.

    Makes a character and answers with its id at once. Whether it costs credits is not documented.
    """
    return Call(
        endpoint=CREATE_OMNI_CHARACTER,
        json=dict(body),
        parse=lambda answer: answer,
    )
