"""veo/extend-video: the request class, compiled from openapi/models/veo/extend-video.yaml. Do not edit."""

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
class VeoExtend(Request[VideoResult]):
    """Google's Veo 3.1, for continuing a video of an earlier Veo task. The result holds the continuation, and where
    the service gives it the whole video too.

    Model `veo/extend-video` by Google: video-extend.
    Facts as of 2026-08-19 (docs.kie.ai/veo3-api/extend-video.md).
    Superseded: it still works, and the vendor now documents `veo/extend` instead.

    Args:
        task_id: The earlier Veo task, or its result. It must have succeeded, and its 1080p version must not
            have been asked for: after that the service does not extend it.
        prompt: How the video goes on, as actions, scenes, style. In English.
        seeds: Seed of the random generator. The same seed gives similar videos; random if absent. 10,000 to
            99,999.
        model: Variant. `quality` is the dearest, `lite` the cheapest. Default: "fast".
        watermark: Text to show in the video as a watermark. None if absent.
    """

    info = ModelInfo(
        slug="veo_extend_video",
        package="kie_models",
        lifecycle="veo",
        result="video",
        captured="2026-08-19",
        id="veo/extend-video",
        operation="extendVeo",
        status="superseded",
        successors=("veo/extend",),
    )

    task_id: TaskReference = attrs.field(metadata={"wire": "taskId"})
    """The earlier Veo task, or its result. It must have succeeded, and its 1080p version must not have been asked for:
    after that the service does not extend it."""
    prompt: str
    """How the video goes on, as actions, scenes, style. In English."""
    seeds: int | None = None
    """Seed of the random generator. The same seed gives similar videos; random if absent. 10,000 to 99,999."""
    model: Literal["fast", "quality", "lite"] | None = "fast"
    """Variant. `quality` is the dearest, `lite` the cheapest. Default: "fast"."""
    watermark: str | None = None
    """Text to show in the video as a watermark. None if absent."""

    if TYPE_CHECKING:
        Model = Literal["fast", "quality", "lite"]
