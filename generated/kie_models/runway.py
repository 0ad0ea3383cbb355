"""runway: the request class, compiled from openapi/models/runway/runway.yaml. Do not edit."""

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
class Runway(Request[VideoResult]):
    """Runway, for videos from a prompt, or from a prompt and an image that comes to life.

    Model `runway` by Runway: text-to-video, image-to-video.
    Facts as of 2026-10-01 (docs.kie.ai (runway)).

    Args:
        prompt: What happens in the video, as subject, action, style, setting. With an image, how it comes to
            life.
        duration: Length of the video in seconds. `10` works only with 720p.
        quality: Size of the video. `1080p` works only with a `duration` of 5.
        image_url: Image from which the video starts; the video has its ratio. A URL or local media.
        aspect_ratio: Width to height. Needed without an image; with one it has no effect.
        watermark: Text to show in the lower right corner as a watermark. None if absent or empty.

    Rules:
        `aspect_ratio` is needed without `image_url`.
        `quality` must be 720p when `duration` is 10.
    """

    info = ModelInfo(
        slug="runway", package="kie_models", lifecycle="jobs", result="video", captured="2026-10-01", model="runway"
    )

    prompt: str
    """What happens in the video, as subject, action, style, setting. With an image, how it comes to life."""
    duration: Literal[5, 10]
    """Length of the video in seconds. `10` works only with 720p."""
    quality: Literal["720p", "1080p"]
    """Size of the video. `1080p` works only with a `duration` of 5."""
    image_url: Media | None = None
    """Image from which the video starts; the video has its ratio. A URL or local media."""
    aspect_ratio: Literal["16:9", "4:3", "1:1", "3:4", "9:16"] | None = None
    """Width to height. Needed without an image; with one it has no effect."""
    watermark: str | None = None
    """Text to show in the lower right corner as a watermark. None if absent or empty."""

    if TYPE_CHECKING:
        Duration = Literal[5, 10]
        Quality = Literal["720p", "1080p"]
        AspectRatio = Literal["16:9", "4:3", "1:1", "3:4", "9:16"]
