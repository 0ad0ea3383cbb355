"""hailuo/02-text-to-video-standard: the request class, compiled from openapi/models/hailuo/02-text-to-video-standard.yaml. Do not edit."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

import attrs

from kie._core.later import later
from kie._core.model_info import ModelInfo
from kie._core.request import Request

if TYPE_CHECKING:
    from kie._core.results import VideoResult
else:
    VideoResult = later("kie._core.results", "VideoResult")


@attrs.frozen(kw_only=True, repr=False)
class Hailuo02TextToVideoStandard(Request[VideoResult]):
    """MiniMax's Hailuo 02 Standard, for videos from a prompt.

    Model `hailuo/02-text-to-video-standard` by MiniMax: text-to-video.
    Facts as of 2026-08-19 (docs.kie.ai/market/hailuo/02-text-to-video-standard.md).

    Args:
        prompt: What happens in the video. 1 to 1,500 characters.
        duration: Length of the video in seconds, as text. Default: "6".
        prompt_optimizer: Whether the model improves the prompt first.
        nsfw_checker: Whether the service filters results that are not safe for work. Off unless asked for; the
            filter does not promise to catch everything.
    """

    info = ModelInfo(
        slug="hailuo_02_text_to_video_standard",
        package="kie_models",
        lifecycle="jobs",
        result="video",
        captured="2026-08-19",
        model="hailuo/02-text-to-video-standard",
    )

    prompt: str
    """What happens in the video. 1 to 1,500 characters."""
    duration: Literal["6", "10"] | None = "6"
    """Length of the video in seconds, as text. Default: "6"."""
    prompt_optimizer: bool | None = None
    """Whether the model improves the prompt first."""
    nsfw_checker: bool | None = None
    """Whether the service filters results that are not safe for work. Off unless asked for; the filter does not
    promise to catch everything."""

    if TYPE_CHECKING:
        Duration = Literal["6", "10"]
