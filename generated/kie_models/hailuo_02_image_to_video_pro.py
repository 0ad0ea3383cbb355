"""hailuo/02-image-to-video-pro: the request class, compiled from openapi/models/hailuo/02-image-to-video-pro.yaml. Do not edit."""

from __future__ import annotations

from typing import TYPE_CHECKING

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
class Hailuo02ImageToVideoPro(Request[VideoResult]):
    """MiniMax's Hailuo 02 Pro, for videos that bring an image to life, with an end image if wanted.

    Model `hailuo/02-image-to-video-pro` by MiniMax: image-to-video.
    Facts as of 2026-08-19 (docs.kie.ai/market/hailuo/02-image-to-video-pro.md).

    Args:
        prompt: How the image comes to life. 1 to 1,500 characters.
        image_url: URL of the image to animate. JPEG, PNG or WebP, up to 10 MB. A URL or local media.
        end_image_url: URL of the image for the last frame of the video. An empty text means no image. JPEG, PNG
            or WebP, up to 10 MB. A URL or local media.
        prompt_optimizer: Whether the model improves the prompt first.
        nsfw_checker: Whether the service filters results that are not safe for work. Off unless asked for; the
            filter does not promise to catch everything.
    """

    info = ModelInfo(
        slug="hailuo_02_image_to_video_pro",
        package="kie_models",
        lifecycle="jobs",
        result="video",
        captured="2026-08-19",
        model="hailuo/02-image-to-video-pro",
    )

    prompt: str
    """How the image comes to life. 1 to 1,500 characters."""
    image_url: Media
    """URL of the image to animate. JPEG, PNG or WebP, up to 10 MB. A URL or local media."""
    end_image_url: Media | None = None
    """URL of the image for the last frame of the video. An empty text means no image. JPEG, PNG or WebP, up to 10 MB.
    A URL or local media."""
    prompt_optimizer: bool | None = None
    """Whether the model improves the prompt first."""
    nsfw_checker: bool | None = None
    """Whether the service filters results that are not safe for work. Off unless asked for; the filter does not
    promise to catch everything."""
