"""bytedance/v1-lite-text-to-video: the request class, compiled from openapi/models/bytedance/v1-lite-text-to-video.yaml. Do not edit."""

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
class BytedanceV1LiteTextToVideo(Request[VideoResult]):
    """ByteDance's Seedance V1 Lite, for videos from a prompt.

    Model `bytedance/v1-lite-text-to-video` by ByteDance: text-to-video.
    Facts as of 2026-08-19 (docs.kie.ai/market/bytedance/v1-lite-text-to-video.md).

    Args:
        prompt: What happens in the video. 1 to 10,000 characters.
        aspect_ratio: Width to height of the video. Default: "16:9".
        resolution: Size of the video. A larger one looks better and takes longer. Default: "720p".
        duration: Length of the video in seconds, as text. Default: "5".
        camera_fixed: Whether the camera stays still.
        seed: Seed of the random generator; `-1` picks one at random.
        enable_safety_checker: Whether the service checks that the content is safe. Set it to false to switch
            the check off.
        nsfw_checker: Whether the service filters results that are not safe for work. Off unless asked for; the
            filter does not promise to catch everything.
    """

    info = ModelInfo(
        slug="bytedance_v1_lite_text_to_video",
        package="kie_models",
        lifecycle="jobs",
        result="video",
        captured="2026-08-19",
        model="bytedance/v1-lite-text-to-video",
    )

    prompt: str
    """What happens in the video. 1 to 10,000 characters."""
    aspect_ratio: Literal["16:9", "4:3", "1:1", "3:4", "9:16", "9:21"] | None = "16:9"
    """Width to height of the video. Default: "16:9"."""
    resolution: Literal["480p", "720p", "1080p"] | None = "720p"
    """Size of the video. A larger one looks better and takes longer. Default: "720p"."""
    duration: Literal["5", "10"] | None = "5"
    """Length of the video in seconds, as text. Default: "5"."""
    camera_fixed: bool | None = None
    """Whether the camera stays still."""
    seed: int | None = None
    """Seed of the random generator; `-1` picks one at random."""
    enable_safety_checker: bool | None = None
    """Whether the service checks that the content is safe. Set it to false to switch the check off."""
    nsfw_checker: bool | None = None
    """Whether the service filters results that are not safe for work. Off unless asked for; the filter does not
    promise to catch everything."""

    if TYPE_CHECKING:
        AspectRatio = Literal["16:9", "4:3", "1:1", "3:4", "9:16", "9:21"]
        Resolution = Literal["480p", "720p", "1080p"]
        Duration = Literal["5", "10"]
