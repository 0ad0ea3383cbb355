"""wan/2-6-text-to-video: the request class, compiled from openapi/models/wan/2-6-text-to-video.yaml. Do not edit."""

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
class Wan26TextToVideo(Request[VideoResult]):
    """Alibaba's Wan 2.6, for videos from a prompt.

    Model `wan/2-6-text-to-video` by Alibaba: text-to-video.
    Facts as of 2026-10-01 (docs.kie.ai/market/wan/2-6-text-to-video.md).

    Args:
        prompt: What happens in the video, in English or Chinese. 1 to 5,000 characters.
        duration: Length of the video in seconds, as text. Default: "5".
        resolution: Size of the video. A larger one costs more. Default: "1080p".
        multi_shots: Whether the video may cut between several shots; otherwise it is one continuous shot.
            Default: false.
        nsfw_checker: Whether the service filters results that are not safe for work. Off unless asked for; the
            filter does not promise to catch everything.
    """

    info = ModelInfo(
        slug="wan_2_6_text_to_video",
        package="kie_models",
        lifecycle="jobs",
        result="video",
        captured="2026-10-01",
        model="wan/2-6-text-to-video",
    )

    prompt: str
    """What happens in the video, in English or Chinese. 1 to 5,000 characters."""
    duration: Literal["5", "10", "15"] | None = "5"
    """Length of the video in seconds, as text. Default: "5"."""
    resolution: Literal["720p", "1080p"] | None = "1080p"
    """Size of the video. A larger one costs more. Default: "1080p"."""
    multi_shots: bool | None = False
    """Whether the video may cut between several shots; otherwise it is one continuous shot. Default: false."""
    nsfw_checker: bool | None = None
    """Whether the service filters results that are not safe for work. Off unless asked for; the filter does not
    promise to catch everything."""

    if TYPE_CHECKING:
        Duration = Literal["5", "10", "15"]
        Resolution = Literal["720p", "1080p"]
