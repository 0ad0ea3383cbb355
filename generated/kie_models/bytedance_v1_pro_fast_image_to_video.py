"""bytedance/v1-pro-fast-image-to-video: the request class, compiled from openapi/models/bytedance/v1-pro-fast-image-to-video.yaml. Do not edit."""

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
class BytedanceV1ProFastImageToVideo(Request[VideoResult]):
    """ByteDance's Seedance V1 Pro Fast, for videos from an image, made faster than with Pro.

    Model `bytedance/v1-pro-fast-image-to-video` by ByteDance: image-to-video.
    Facts as of 2026-08-19 (docs.kie.ai/market/bytedance/v1-pro-fast-image-to-video.md).

    Args:
        prompt: What happens in the video. 1 to 10,000 characters.
        image_url: URL of the image to make the video from. JPEG, PNG or WebP, up to 10 MB. A URL or local
            media.
        resolution: Size of the video. A larger one looks better and takes longer. Default: "720p".
        duration: Length of the video in seconds, as text. Default: "5".
        nsfw_checker: Whether the service filters results that are not safe for work. Off unless asked for; the
            filter does not promise to catch everything.
    """

    info = ModelInfo(
        slug="bytedance_v1_pro_fast_image_to_video",
        package="kie_models",
        lifecycle="jobs",
        result="video",
        captured="2026-08-19",
        model="bytedance/v1-pro-fast-image-to-video",
    )

    prompt: str
    """What happens in the video. 1 to 10,000 characters."""
    image_url: Media
    """URL of the image to make the video from. JPEG, PNG or WebP, up to 10 MB. A URL or local media."""
    resolution: Literal["720p", "1080p"] | None = "720p"
    """Size of the video. A larger one looks better and takes longer. Default: "720p"."""
    duration: Literal["5", "10"] | None = "5"
    """Length of the video in seconds, as text. Default: "5"."""
    nsfw_checker: bool | None = None
    """Whether the service filters results that are not safe for work. Off unless asked for; the filter does not
    promise to catch everything."""

    if TYPE_CHECKING:
        Resolution = Literal["720p", "1080p"]
        Duration = Literal["5", "10"]
