"""Continue a recording."""

from __future__ import annotations

from collections.abc import Mapping

from kie._core.call import Call
from kie._core.json import JSON


def extend_uploaded_music(
    *,
    body: Mapping[str, JSON],
) -> Call[JSON]:
    """Continue a recording.

    Starts a task that continues a recording. A URL that cannot be fetched is accepted, and the task fails later.
    """
    return Call(
        operation="extendUploadedMusic",
        method="POST",
        server="api",
        path="/api/v1/generate/upload-extend",
        json=dict(body),
        creates_task=True,
        bucket="submit",
        auth=True,
        parse=lambda answer: answer,
    )
