"""hailuo/2-3-image-to-video-pro: the request class, compiled from openapi/models/hailuo/2-3-image-to-video-pro.yaml. Do not edit."""

from __future__ import annotations

from typing import Literal

import attrs

from kie._core.media import Media
from kie._core.model_info import ModelInfo
from kie._core.request import Request
from kie._core.results import VideoResult


@attrs.frozen(kw_only=True, repr=False)
class Hailuo23ImageToVideoPro(Request[VideoResult]):
    """MiniMax's Hailuo 2.3 Pro, for videos of 6 or 10 seconds that bring an image to life.

    Model `hailuo/2-3-image-to-video-pro` by MiniMax: image-to-video.
    Facts as of 2026-08-19 (docs.kie.ai/market/hailuo/2-3-image-to-video-pro.md).
    """

    info = ModelInfo(
        slug="hailuo_2_3_image_to_video_pro",
        package="kie_models",
        lifecycle="jobs",
        result="video",
        captured="2026-08-19",
        model="hailuo/2-3-image-to-video-pro",
    )

    prompt: str
    """How the image comes to life, in at most 5,000 characters. (1 to 5000 characters)"""
    image_url: Media
    """URL of the image to animate, a JPEG, PNG or WebP of at most 10 MB. (a URL or local media)"""
    duration: Literal["6", "10"] | None = "6"
    """Length of the video in seconds, as text. Ten seconds only in 768P. (default "6")"""
    resolution: Literal["768P", "1080P"] | None = "768P"
    """Size of the video. 1080P only for six seconds. (default "768P")"""
    nsfw_checker: bool | None = None
    """Whether the service filters results that are not safe for work. Off unless asked for; the filter does not
    promise to catch everything."""
