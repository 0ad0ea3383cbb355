"""veo/4k: the request class, compiled from openapi/models/veo/4k.yaml. Do not edit."""

from __future__ import annotations

from typing import TYPE_CHECKING

import attrs

from kie._core.later import later
from kie._core.model_info import ModelInfo
from kie._core.request import Request
from kie._core.tasks import TaskReference

if TYPE_CHECKING:
    from kie._core.results import VideoResult
else:
    VideoResult = later("kie._core.results", "VideoResult")


@attrs.frozen(kw_only=True, repr=False)
class Veo4K(Request[VideoResult]):
    """The 4K version of a video that a Veo task has made, in 16:9 or 9:16. It takes five to ten minutes and on
    2026-06-30 cost 120 credits. Order it once: one that was ordered before is taken up as
    `client.task("veo-4k:<task id>")`. The surest news of it is the report to a callback URL; nobody has published
    what its record looks like.

    Model `veo/4k` by Google: upscale.
    Facts as of 2026-08-19 (docs.kie.ai/veo3-api/get-veo-3-4k-video.md).
    Superseded: it still works, and the vendor now documents `veo/get-4k-video` instead.

    Args:
        task_id: The Veo task that made the video, or its result. It must have succeeded, and not with the
            backup model.
        index: Which of the task's videos, counted from `0`. At least 0. Default: 0.
    """

    info = ModelInfo(
        slug="veo_4k",
        package="kie_models",
        lifecycle="veo-4k",
        result="video",
        captured="2026-08-19",
        id="veo/4k",
        operation="upgradeVeo4K",
        status="superseded",
        successors=("veo/get-4k-video",),
    )

    task_id: TaskReference = attrs.field(metadata={"wire": "taskId"})
    """The Veo task that made the video, or its result. It must have succeeded, and not with the backup model."""
    index: int | None = 0
    """Which of the task's videos, counted from `0`. At least 0. Default: 0."""
