"""runway/extend-ai-video: the request class, compiled from openapi/models/runway/extend-ai-video.yaml. Do not edit."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

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
class RunwayExtendAiVideo(Request[VideoResult]):
    """Runway, for continuing a video of an earlier Runway task.

    Model `runway/extend-ai-video` by Runway: video-extend.
    Facts as of 2026-10-01 (docs.kie.ai (runway/extend-ai-video)).

    Args:
        task_id: The earlier Runway task, or its result. It must have succeeded.
        prompt: How the video goes on.
        quality: Size of the video.
        watermark: Text to show in the lower right corner as a watermark. None if absent or empty.
    """

    info = ModelInfo(
        slug="runway_extend_ai_video",
        package="kie_models",
        lifecycle="jobs",
        result="video",
        captured="2026-10-01",
        model="runway/extend-ai-video",
    )

    task_id: TaskReference
    """The earlier Runway task, or its result. It must have succeeded."""
    prompt: str
    """How the video goes on."""
    quality: Literal["720p", "1080p"]
    """Size of the video."""
    watermark: str | None = None
    """Text to show in the lower right corner as a watermark. None if absent or empty."""

    if TYPE_CHECKING:
        Quality = Literal["720p", "1080p"]
