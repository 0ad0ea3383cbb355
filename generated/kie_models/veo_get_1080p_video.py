"""veo/get-1080p-video: the request class, compiled from openapi/models/veo/get-1080p-video.yaml. Do not edit."""

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
class VeoGet1080pVideo(Request[VideoResult]):
    """The 1080p version of a video that a Veo task has made. In October 2026 it cost 5 credits.

    Model `veo/get-1080p-video` by Google: upscale.
    Facts as of 2026-10-01 (docs.kie.ai (veo/get-1080p-video)).

    Args:
        task_id: The Veo task that made the video, or its result. It must have succeeded.
        index: Which of the task's videos, counted from `0`, as text. The service takes the first if absent.
    """

    info = ModelInfo(
        slug="veo_get_1080p_video",
        package="kie_models",
        lifecycle="jobs",
        result="video",
        captured="2026-10-01",
        model="veo/get-1080p-video",
    )

    task_id: TaskReference = attrs.field(metadata={"wire": "taskId"})
    """The Veo task that made the video, or its result. It must have succeeded."""
    index: str | None = None
    """Which of the task's videos, counted from `0`, as text. The service takes the first if absent."""
