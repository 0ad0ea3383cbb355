"""Look at a FLUX.1 Kontext task."""

from __future__ import annotations

from kie._core.call import Call
from kie._core.json import JSON


def get_flux_kontext(
    *,
    task_id: str,
) -> Call[JSON]:
    """Look at a FLUX.1 Kontext task.

    Reads the record of a task. Results are kept for 14 days, the image before post-processing for ten minutes.
    """
    return Call(
        operation="getFluxKontext",
        method="GET",
        server="api",
        path="/api/v1/flux/kontext/record-info",
        query={
            "taskId": task_id,
        },
        creates_task=False,
        bucket="read",
        auth=True,
        parse=lambda answer: answer,
    )
