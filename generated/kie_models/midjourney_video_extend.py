"""midjourney/video-extend: the request class, compiled from openapi/models/midjourney/video-extend.yaml. Do not edit."""

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
class MidjourneyVideoExtend(Request[VideoResult]):
    """Midjourney, for continuing a video of an earlier task, by a prompt or without one. The vendor has withdrawn it.

    Model `midjourney/video-extend` by Midjourney: video-extend.
    Facts as of 2025-10 (docs.kie.ai/mj-api/generate-mj-video).

    Args:
        task_type: `mj_video_extend_manual` goes by the prompt, `mj_video_extend_auto` goes on by itself.
        task_id: The task that made the video. It must have succeeded.
        index: Which video of that task, counted from `0`. At least 0.
        prompt: How the video goes on. Needed for `mj_video_extend_manual`. 1 to 2,000 characters.
        water_mark: Watermark to put on the results. None if absent.

    Rules:
        `prompt` is needed when `task_type` is mj_video_extend_manual.
    """

    info = ModelInfo(
        slug="midjourney_video_extend",
        package="kie_models",
        lifecycle="midjourney",
        result="video",
        captured="2025-10",
        id="midjourney/video-extend",
        operation="extendMidjourneyVideo",
        status="retired",
        successors=("grok-imagine/extend", "pixverse-v6/extend"),
    )

    task_type: Literal["mj_video_extend_manual", "mj_video_extend_auto"] = attrs.field(metadata={"wire": "taskType"})
    """`mj_video_extend_manual` goes by the prompt, `mj_video_extend_auto` goes on by itself."""
    task_id: TaskReference = attrs.field(metadata={"wire": "taskId"})
    """The task that made the video. It must have succeeded."""
    index: int
    """Which video of that task, counted from `0`. At least 0."""
    prompt: str | None = None
    """How the video goes on. Needed for `mj_video_extend_manual`. 1 to 2,000 characters."""
    water_mark: str | None = attrs.field(default=None, metadata={"wire": "waterMark"})
    """Watermark to put on the results. None if absent."""

    if TYPE_CHECKING:
        TaskType = Literal["mj_video_extend_manual", "mj_video_extend_auto"]
