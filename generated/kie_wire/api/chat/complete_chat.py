"""Ask a language model."""

from __future__ import annotations

from collections.abc import Mapping

from kie._core.call import Call
from kie._core.json import JSON

from ...endpoints import COMPLETE_CHAT


def complete_chat(
    model: str,
    *,
    body: Mapping[str, JSON],
) -> Call[JSON]:
    """Ask a language model.

    Answers with text, which costs credits by the token, and creates no task. Never send it twice unless the first
    provably did not arrive. An error comes in the envelope with HTTP status 200, or in the shape of OpenAI.
    """
    return Call(
        endpoint=COMPLETE_CHAT,
        arguments={
            "model": model,
        },
        json=dict(body),
        parse=lambda answer: answer,
    )
