"""Draw or edit with GPT-4o."""

from __future__ import annotations

from collections.abc import Mapping

from kie._core.call import Call
from kie._core.json import JSON

from ...endpoints import GENERATE_GPT_4_O_IMAGE


def generate_gpt_4_o_image(
    *,
    body: Mapping[str, JSON],
) -> Call[JSON]:
    """Draw or edit with GPT-4o.

    Starts a task, which costs credits. Code 550 says that the queue at OpenAI is full and nothing was started.
    """
    return Call(
        endpoint=GENERATE_GPT_4_O_IMAGE,
        json=dict(body),
        parse=lambda answer: answer,
    )
