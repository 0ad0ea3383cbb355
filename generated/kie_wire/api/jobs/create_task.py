"""Submit a Market task."""

from __future__ import annotations

from collections.abc import Mapping

from kie._core.call import Call
from kie._core.json import JSON

from ...endpoints import CREATE_TASK


def create_task(
    *,
    body: Mapping[str, JSON],
) -> Call[JSON]:
    """Submit a Market task.

    Starts a task, which costs credits. Never send it twice unless the first provably did not arrive.
    """
    return Call(
        endpoint=CREATE_TASK,
        json=dict(body),
        parse=lambda answer: answer,
    )
