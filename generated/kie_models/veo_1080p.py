"""veo/1080p: the request class, compiled from openapi/models/veo/1080p.yaml. Do not edit."""

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
class Veo1080p(Request[VideoResult]):
    """The 1080p version of a video that a Veo task has made. Nothing is submitted: the service is asked for it until
    it is there, one to three minutes after the video itself. On 2026-06-30 it cost 5 credits.

    Model `veo/1080p` by Google: upscale.
    Facts as of 2026-08-19 (docs.kie.ai/veo3-api/get-veo-3-1080-p-video.md).
    Superseded: it still works, and the vendor now documents `veo/get-1080p-video` instead.

    Args:
        task_id: The Veo task that made the video, or its result. It must have succeeded. A video of the backup
            model (`enableFallback`) has no such version, and after this a video cannot be extended.
        index: Which of the task's videos, counted from `0`. The service takes the first if absent. At least 0.
    """

    info = ModelInfo(
        slug="veo_1080p",
        package="kie_models",
        lifecycle="veo-1080p",
        result="video",
        captured="2026-08-19",
        id="veo/1080p",
        status="superseded",
        successors=("veo/get-1080p-video",),
    )

    task_id: TaskReference = attrs.field(metadata={"wire": "taskId"})
    """The Veo task that made the video, or its result. It must have succeeded. A video of the backup model
    (`enableFallback`) has no such version, and after this a video cannot be extended."""
    index: int | None = None
    """Which of the task's videos, counted from `0`. The service takes the first if absent. At least 0."""
