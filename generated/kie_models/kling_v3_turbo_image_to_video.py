"""kling/v3-turbo-image-to-video: the request class, compiled from openapi/models/kling/v3-turbo-image-to-video.yaml. Do not edit."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Literal

import attrs

from kie._core.later import later
from kie._core.media import Media
from kie._core.model_info import ModelInfo
from kie._core.request import Request, items

if TYPE_CHECKING:
    from kie._core.results import VideoResult
else:
    VideoResult = later("kie._core.results", "VideoResult")


def _KlingV3TurboImageToVideo_image_urls(value: Iterable[Media]) -> tuple[Media, ...]:
    return items(value)


@attrs.frozen(kw_only=True, repr=False)
class KlingV3TurboImageToVideo(Request[VideoResult]):
    """Kling 3.0 Turbo, for videos that bring an image to life.

    Model `kling/v3-turbo-image-to-video` by Kling: image-to-video.
    Facts as of 2026-08-19 (docs.kie.ai/market/kling/v3-turbo-image-to-video.md).

    Args:
        prompt: What happens in the video and what is said in it. 1 to 2,500 characters.
        image_urls: The image to animate. The service speaks of a single image and names no upper bound. At
            least 1 item. JPEG or PNG, up to 10 MB each. URLs or local media.
        duration: Length of the video in seconds, as text. Default: "5".
        resolution: Size of the video. The larger one costs more. Default: "720p".
    """

    info = ModelInfo(
        slug="kling_v3_turbo_image_to_video",
        package="kie_models",
        lifecycle="jobs",
        result="video",
        captured="2026-08-19",
        model="kling/v3-turbo-image-to-video",
    )

    prompt: str
    """What happens in the video and what is said in it. 1 to 2,500 characters."""
    image_urls: tuple[Media, ...] = attrs.field(converter=_KlingV3TurboImageToVideo_image_urls)
    """The image to animate. The service speaks of a single image and names no upper bound. At least 1 item. JPEG or
    PNG, up to 10 MB each. URLs or local media."""
    duration: Literal["3", "4", "5", "6", "7", "8", "9", "10", "11", "12", "13", "14", "15"] | None = "5"
    """Length of the video in seconds, as text. Default: "5"."""
    resolution: Literal["720p", "1080p"] | None = "720p"
    """Size of the video. The larger one costs more. Default: "720p"."""

    if TYPE_CHECKING:
        Duration = Literal["3", "4", "5", "6", "7", "8", "9", "10", "11", "12", "13", "14", "15"]
        Resolution = Literal["720p", "1080p"]
