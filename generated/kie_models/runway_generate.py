"""runway/generate: the request class, compiled from openapi/models/runway/generate.yaml. Do not edit."""

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
class RunwayGenerate(Request[VideoResult]):
    """Runway, for videos from a prompt, or from a prompt and an image that comes to life.

    Model `runway/generate` by Runway: text-to-video, image-to-video.
    Facts as of 2026-08-19 (docs.kie.ai/runway-api/generate-ai-video.md).
    Superseded: it still works, and the vendor now documents `runway` instead.

    Args:
        prompt: What happens in the video: subject, action, style, setting. With an image, how it comes to life.
            1 to 2,048 characters.
        duration: Length of the video in seconds. `10` works only with 720p.
        quality: Size of the video. `1080p` works only with a `duration` of 5.
        image_url: Image from which the video starts; the video has its ratio. A URL or local media.
        aspect_ratio: Width to height. Needed without an image; with one it has no effect.
        water_mark: Text to show in the lower right corner as a watermark. None if absent or empty.

    Rules:
        `aspect_ratio` is needed without `image_url`.
        `quality` must be 720p when `duration` is 10.
    """

    info = ModelInfo(
        slug="runway_generate",
        package="kie_models",
        lifecycle="runway",
        result="video",
        captured="2026-08-19",
        id="runway/generate",
        operation="generateRunway",
        status="superseded",
        successors=("runway",),
    )

    prompt: str
    """What happens in the video: subject, action, style, setting. With an image, how it comes to life. 1 to 2,048
    characters."""
    duration: Literal[5, 10]
    """Length of the video in seconds. `10` works only with 720p."""
    quality: Literal["720p", "1080p"]
    """Size of the video. `1080p` works only with a `duration` of 5."""
    image_url: Media | None = attrs.field(default=None, metadata={"wire": "imageUrl"})
    """Image from which the video starts; the video has its ratio. A URL or local media."""
    aspect_ratio: Literal["16:9", "4:3", "1:1", "3:4", "9:16"] | None = attrs.field(
        default=None, metadata={"wire": "aspectRatio"}
    )
    """Width to height. Needed without an image; with one it has no effect."""
    water_mark: str | None = attrs.field(default=None, metadata={"wire": "waterMark"})
    """Text to show in the lower right corner as a watermark. None if absent or empty."""

    if TYPE_CHECKING:
        Duration = Literal[5, 10]
        Quality = Literal["720p", "1080p"]
        AspectRatio = Literal["16:9", "4:3", "1:1", "3:4", "9:16"]
