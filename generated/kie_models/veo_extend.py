"""veo/extend: the request class, compiled from openapi/models/veo/extend.yaml. Do not edit."""

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
class Veo31Extend(Request[VideoResult]):
    """Google's Veo 3.1, for continuing a video of an earlier Veo task.

    Model `veo/extend` by Google: video-extend.
    Facts as of 2026-10-01 (docs.kie.ai (veo/extend)).

    Args:
        task_id: The earlier Veo task, or its result. It must have succeeded.
        prompt: How the video goes on, as actions, scenes, style. In English.
        seeds: Seed of the random generator. The same seed gives similar videos; random if absent. 10,000 to
            99,999.
        watermark: Text to show in the video as a watermark. None if absent.
    """

    info = ModelInfo(
        slug="veo_extend",
        package="kie_models",
        lifecycle="jobs",
        result="video",
        captured="2026-10-01",
        model="veo/extend",
    )

    task_id: TaskReference
    """The earlier Veo task, or its result. It must have succeeded."""
    prompt: str
    """How the video goes on, as actions, scenes, style. In English."""
    seeds: int | None = None
    """Seed of the random generator. The same seed gives similar videos; random if absent. 10,000 to 99,999."""
    watermark: str | None = None
    """Text to show in the video as a watermark. None if absent."""
