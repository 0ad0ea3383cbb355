"""Draw or edit with GPT-4o."""

from __future__ import annotations

from collections.abc import Mapping

from kie._core.call import Call
from kie._core.json import JSON


def generate_gpt_4_o_image(
    *,
    body: Mapping[str, JSON],
) -> Call[JSON]:
    """Draw or edit with GPT-4o.

    Starts a task, which costs credits. Code 550 says that the queue at OpenAI is full and nothing was started.
    """
    return Call(
        operation="generateGpt4oImage",
        method="POST",
        server="api",
        path="/api/v1/gpt4o-image/generate",
        json=dict(body),
        creates_task=True,
        bucket="submit",
        auth=True,
        parse=lambda answer: answer,
    )
