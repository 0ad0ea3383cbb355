"""Continue a recording."""

from __future__ import annotations

from collections.abc import Mapping

from kie._core.call import Call
from kie._core.json import JSON

from ...endpoints import EXTEND_UPLOADED_MUSIC


def extend_uploaded_music(
    *,
    body: Mapping[str, JSON],
) -> Call[JSON]:
    """Continue a recording.

    Starts a task that continues a recording. A URL that cannot be fetched is accepted, and the task fails later.
    """
    return Call(
        endpoint=EXTEND_UPLOADED_MUSIC,
        json=dict(body),
        parse=lambda answer: answer,
    )
