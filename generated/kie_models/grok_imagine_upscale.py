"""grok-imagine/upscale: the request class, compiled from openapi/models/grok-imagine/upscale.yaml. Do not edit."""

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
class GrokImagineUpscale(Request[VideoResult]):
    """xAI's Grok Imagine, for a larger version of the video of an earlier task.

    Model `grok-imagine/upscale` by xAI: upscale.
    Facts as of 2026-08-19 (docs.kie.ai/market/grok-imagine/upscale.md).

    Args:
        task_id: Id of the Kie task whose video is enlarged, for example one of `grok-imagine/text-to-video`.
            The task must have succeeded. 1 to 100 characters.
        resolution: Size of the new video. Default: "720p".
    """

    info = ModelInfo(
        slug="grok_imagine_upscale",
        package="kie_models",
        lifecycle="jobs",
        result="video",
        captured="2026-08-19",
        model="grok-imagine/upscale",
    )

    task_id: TaskReference
    """Id of the Kie task whose video is enlarged, for example one of `grok-imagine/text-to-video`. The task must have
    succeeded. 1 to 100 characters."""
    resolution: Literal["720p", "1080p"] | None = "720p"
    """Size of the new video. Default: "720p"."""

    if TYPE_CHECKING:
        Resolution = Literal["720p", "1080p"]
