"""Say when each word is sung."""

from __future__ import annotations

from collections.abc import Mapping

from kie._core.call import Call
from kie._core.json import JSON

from ...endpoints import GET_TIMESTAMPED_LYRICS


def get_timestamped_lyrics(
    *,
    body: Mapping[str, JSON],
) -> Call[JSON]:
    """Say when each word is sung.

    Aligns the lyrics of a track with its audio. It answers at once and is charged.
    """
    return Call(
        endpoint=GET_TIMESTAMPED_LYRICS,
        json=dict(body),
        parse=lambda answer: answer,
    )
