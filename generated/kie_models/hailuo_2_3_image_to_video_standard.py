"""hailuo/2-3-image-to-video-standard: the request class, compiled from openapi/models/hailuo/2-3-image-to-video-standard.yaml. Do not edit."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

import attrs

from kie._core.later import later
from kie._core.media import Media
from kie._core.model_info import ModelInfo
from kie._core.request import Request

if TYPE_CHECKING:
    from kie._core.results import VideoResult
else:
    VideoResult = later("kie._core.results", "VideoResult")


@attrs.frozen(kw_only=True, repr=False)
class Hailuo23ImageToVideoStandard(Request[VideoResult]):
    """MiniMax's Hailuo 2.3 Standard, for videos that bring an image to life.

    Model `hailuo/2-3-image-to-video-standard` by MiniMax: image-to-video.
    Facts as of 2026-10-01 (docs.kie.ai/market/hailuo/2-3-image-to-video-standard.md).

    Args:
        prompt: How the image comes to life. 1 to 5,000 characters.
        image_url: URL of the image to animate. JPEG, PNG or WebP, up to 10 MB. A URL or local media.
        duration: Length of the video in seconds, as text. `10` works only in 768P. Default: "6".
        resolution: Size of the video. `1080P` works only with a `duration` of 6. Default: "768P".
        nsfw_checker: Whether the service filters results that are not safe for work. Off unless asked for; the
            filter does not promise to catch everything.

    Rules:
        `resolution` must be 768P when `duration` is 10.
    """

    info = ModelInfo(
        slug="hailuo_2_3_image_to_video_standard",
        package="kie_models",
        lifecycle="jobs",
        result="video",
        captured="2026-10-01",
        model="hailuo/2-3-image-to-video-standard",
    )

    prompt: str
    """How the image comes to life. 1 to 5,000 characters."""
    image_url: Media
    """URL of the image to animate. JPEG, PNG or WebP, up to 10 MB. A URL or local media."""
    duration: Literal["6", "10"] | None = "6"
    """Length of the video in seconds, as text. `10` works only in 768P. Default: "6"."""
    resolution: Literal["768P", "1080P"] | None = "768P"
    """Size of the video. `1080P` works only with a `duration` of 6. Default: "768P"."""
    nsfw_checker: bool | None = None
    """Whether the service filters results that are not safe for work. Off unless asked for; the filter does not
    promise to catch everything."""

    if TYPE_CHECKING:
        Duration = Literal["6", "10"]
        Resolution = Literal["768P", "1080P"]
