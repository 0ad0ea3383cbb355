"""Draw or film with Midjourney."""

from __future__ import annotations

from collections.abc import Mapping

from kie._core.call import Call
from kie._core.json import JSON

from ...endpoints import GENERATE_MIDJOURNEY


def generate_midjourney(
    *,
    body: Mapping[str, JSON],
) -> Call[JSON]:
    """Draw or film with Midjourney.

    Starts a task, which costs credits. The vendor has withdrawn Midjourney.
    """
    return Call(
        endpoint=GENERATE_MIDJOURNEY,
        json=dict(body),
        parse=lambda answer: answer,
    )
