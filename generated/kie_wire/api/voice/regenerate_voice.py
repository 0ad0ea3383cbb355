"""Ask for another phrase to sing."""

from __future__ import annotations

from collections.abc import Mapping

from kie._core.call import Call
from kie._core.json import JSON

from ...endpoints import REGENERATE_VOICE


def regenerate_voice(
    *,
    body: Mapping[str, JSON],
) -> Call[JSON]:
    """Ask for another phrase to sing.

    Starts a validation again. Code 422 where the earlier one needs none. It is not known to have worked for
    anyone: a new validation is the safer way.
    """
    return Call(
        endpoint=REGENERATE_VOICE,
        json=dict(body),
        parse=lambda answer: answer,
    )
