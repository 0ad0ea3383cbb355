"""runway/extend: the request class, compiled from openapi/models/runway/extend.yaml. Do not edit."""

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
class RunwayExtend(Request[VideoResult]):
    """Runway, for continuing a video of an earlier Runway task.

    Model `runway/extend` by Runway: video-extend.
    Facts as of 2026-08-19 (docs.kie.ai/runway-api/extend-ai-video.md).
    Superseded: it still works, and the vendor now documents `runway/extend-ai-video` instead.

    Args:
        task_id: The earlier Runway task, or its result. It must have succeeded; an unknown one fails only after
            submission.
        prompt: How the video goes on, in keeping with what it shows.
        quality: Size of the video.
        water_mark: Text to show in the lower right corner as a watermark. None if absent or empty.
    """

    info = ModelInfo(
        slug="runway_extend",
        package="kie_models",
        lifecycle="runway",
        result="video",
        captured="2026-08-19",
        id="runway/extend",
        operation="extendRunway",
        status="superseded",
        successors=("runway/extend-ai-video",),
    )

    task_id: TaskReference = attrs.field(metadata={"wire": "taskId"})
    """The earlier Runway task, or its result. It must have succeeded; an unknown one fails only after submission."""
    prompt: str
    """How the video goes on, in keeping with what it shows."""
    quality: Literal["720p", "1080p"]
    """Size of the video."""
    water_mark: str | None = attrs.field(default=None, metadata={"wire": "waterMark"})
    """Text to show in the lower right corner as a watermark. None if absent or empty."""

    if TYPE_CHECKING:
        Quality = Literal["720p", "1080p"]
