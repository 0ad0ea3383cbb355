"""Draw or edit with FLUX.1 Kontext."""

from __future__ import annotations

from collections.abc import Mapping

from kie._core.call import Call
from kie._core.json import JSON

from ...endpoints import GENERATE_FLUX_KONTEXT


def generate_flux_kontext(
    *,
    body: Mapping[str, JSON],
) -> Call[JSON]:
    """Draw or edit with FLUX.1 Kontext.

    Starts a task, which costs credits. Code 505 says that the service has switched the model off.
    """
    return Call(
        endpoint=GENERATE_FLUX_KONTEXT,
        json=dict(body),
        parse=lambda answer: answer,
    )
