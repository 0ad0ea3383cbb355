"""veo/get-4k-video: the request class, compiled from openapi/models/veo/get-4k-video.yaml. Do not edit."""

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
class VeoGet4kVideo(Request[VideoResult]):
    """The 4K version of a video that a Veo task has made. In October 2026 it cost 120 credits.

    Model `veo/get-4k-video` by Google: upscale.
    Facts as of 2026-10-01 (docs.kie.ai (veo/get-4k-video)).

    Args:
        task_id: The Veo task that made the video, or its result. It must have succeeded.
        index: Which of the task's videos, counted from `0`. At least 0. Default: 0.
    """

    info = ModelInfo(
        slug="veo_get_4k_video",
        package="kie_models",
        lifecycle="jobs",
        result="video",
        captured="2026-10-01",
        model="veo/get-4k-video",
    )

    task_id: TaskReference
    """The Veo task that made the video, or its result. It must have succeeded."""
    index: int | None = 0
    """Which of the task's videos, counted from `0`. At least 0. Default: 0."""
