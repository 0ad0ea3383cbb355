"""Separate a track into stems."""

from __future__ import annotations

from collections.abc import Mapping

from kie._core.call import Call
from kie._core.json import JSON

from ...endpoints import SEPARATE_VOCALS


def separate_vocals(
    *,
    body: Mapping[str, JSON],
) -> Call[JSON]:
    """Separate a track into stems.

    Starts a task that takes a track apart. Every call is charged, repeats too.
    """
    return Call(
        endpoint=SEPARATE_VOCALS,
        json=dict(body),
        parse=lambda answer: answer,
    )
