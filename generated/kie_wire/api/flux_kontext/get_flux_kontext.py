"""Read the record of a FLUX.1 Kontext task."""

from __future__ import annotations

from kie._core.call import Call
from kie._core.json import JSON

from ...endpoints import GET_FLUX_KONTEXT


def get_flux_kontext(
    *,
    task_id: str,
) -> Call[JSON]:
    """Read the record of a FLUX.1 Kontext task.

    Reads the record of a task. Results are kept for 14 days, the image before post-processing for ten minutes.
    """
    return Call(
        endpoint=GET_FLUX_KONTEXT,
        query={
            "taskId": task_id,
        },
        parse=lambda answer: answer,
    )
