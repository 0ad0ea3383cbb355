"""happyhorse/text-to-video: the request class, compiled from openapi/models/happyhorse/text-to-video.yaml. Do not edit."""

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
class HappyhorseTextToVideo(Request[VideoResult]):
    """HappyHorse, for videos from a prompt.

    Model `happyhorse/text-to-video` by HappyHorse: text-to-video.
    Facts as of 2026-08-19 (docs.kie.ai/market/happyhorse/text-to-video.md).

    Args:
        prompt: What happens in the video, in any language. Chinese text may only be half as long; anything
            beyond the limit is cut off. 1 to 5,000 characters.
        resolution: Size of the video. Default: "1080p".
        aspect_ratio: Width to height of the video. Default: "16:9".
        duration: Length of the video in seconds. 3 to 15. Default: 5.
        seed: Seed of the random generator. The same seed and the same input give similar videos. 0 to
            2,147,483,647.
    """

    info = ModelInfo(
        slug="happyhorse_text_to_video",
        package="kie_models",
        lifecycle="jobs",
        result="video",
        captured="2026-08-19",
        model="happyhorse/text-to-video",
        typical_seconds=(80, None, 1),
    )

    prompt: str
    """What happens in the video, in any language. Chinese text may only be half as long; anything beyond the limit is
    cut off. 1 to 5,000 characters."""
    resolution: Literal["720p", "1080p"] | None = "1080p"
    """Size of the video. Default: "1080p"."""
    aspect_ratio: Literal["16:9", "9:16", "1:1", "4:3", "3:4"] | None = "16:9"
    """Width to height of the video. Default: "16:9"."""
    duration: int | None = 5
    """Length of the video in seconds. 3 to 15. Default: 5."""
    seed: int | None = None
    """Seed of the random generator. The same seed and the same input give similar videos. 0 to 2,147,483,647."""

    if TYPE_CHECKING:
        Resolution = Literal["720p", "1080p"]
        AspectRatio = Literal["16:9", "9:16", "1:1", "4:3", "3:4"]
