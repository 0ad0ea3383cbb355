"""bytedance/v1-lite-image-to-video: the request class, compiled from openapi/models/bytedance/v1-lite-image-to-video.yaml. Do not edit."""

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
class BytedanceV1LiteImageToVideo(Request[VideoResult]):
    """ByteDance's Seedance V1 Lite, for videos from an image, with an end image if wanted.

    Model `bytedance/v1-lite-image-to-video` by ByteDance: image-to-video.
    Facts as of 2026-08-19 (docs.kie.ai/market/bytedance/v1-lite-image-to-video.md).

    Args:
        prompt: What happens in the video. 1 to 10,000 characters.
        image_url: URL of the image to make the video from. JPEG, PNG or WebP, up to 10 MB. A URL or local
            media.
        resolution: Size of the video. A larger one looks better and takes longer. Default: "720p".
        duration: Length of the video in seconds, as text. Default: "5".
        camera_fixed: Whether the camera stays still.
        seed: Seed of the random generator; `-1` picks one at random, as the service does if absent. -1 to
            2,147,483,647.
        enable_safety_checker: Whether the service checks that the content is safe. Set it to false to switch
            the check off.
        end_image_url: URL of the image for the last frame of the video. An empty text means no image. JPEG, PNG
            or WebP, up to 10 MB. A URL or local media.
        nsfw_checker: Whether the service filters results that are not safe for work. Off unless asked for; the
            filter does not promise to catch everything.
    """

    info = ModelInfo(
        slug="bytedance_v1_lite_image_to_video",
        package="kie_models",
        lifecycle="jobs",
        result="video",
        captured="2026-08-19",
        model="bytedance/v1-lite-image-to-video",
    )

    prompt: str
    """What happens in the video. 1 to 10,000 characters."""
    image_url: Media
    """URL of the image to make the video from. JPEG, PNG or WebP, up to 10 MB. A URL or local media."""
    resolution: Literal["480p", "720p", "1080p"] | None = "720p"
    """Size of the video. A larger one looks better and takes longer. Default: "720p"."""
    duration: Literal["5", "10"] | None = "5"
    """Length of the video in seconds, as text. Default: "5"."""
    camera_fixed: bool | None = None
    """Whether the camera stays still."""
    seed: int | None = None
    """Seed of the random generator; `-1` picks one at random, as the service does if absent. -1 to 2,147,483,647."""
    enable_safety_checker: bool | None = None
    """Whether the service checks that the content is safe. Set it to false to switch the check off."""
    end_image_url: Media | None = None
    """URL of the image for the last frame of the video. An empty text means no image. JPEG, PNG or WebP, up to 10 MB.
    A URL or local media."""
    nsfw_checker: bool | None = None
    """Whether the service filters results that are not safe for work. Off unless asked for; the filter does not
    promise to catch everything."""

    if TYPE_CHECKING:
        Resolution = Literal["480p", "720p", "1080p"]
        Duration = Literal["5", "10"]
