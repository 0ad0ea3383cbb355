"""happyhorse-1-1/text-to-video: the request class, compiled from openapi/models/happyhorse-1-1/text-to-video.yaml. Do not edit."""

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
class Happyhorse11TextToVideo(Request[VideoResult]):
    """HappyHorse 1.1, for videos from a prompt.

    Model `happyhorse-1-1/text-to-video` by HappyHorse: text-to-video.
    Facts as of 2026-08-19 (docs.kie.ai/38309290e0.md).

    Args:
        prompt: What happens in the video, in any language. Chinese text may only be half as long. 1 to 5,000
            characters.
        resolution: Size of the video. Default: "1080p".
        aspect_ratio: Width to height of the video. Default: "16:9".
        duration: Length of the video in seconds. 3 to 15. Default: 5.
    """

    info = ModelInfo(
        slug="happyhorse_1_1_text_to_video",
        package="kie_models",
        lifecycle="jobs",
        result="video",
        captured="2026-08-19",
        model="happyhorse-1-1/text-to-video",
        typical_seconds=(93, None, 1),
    )

    prompt: str
    """What happens in the video, in any language. Chinese text may only be half as long. 1 to 5,000 characters."""
    resolution: Literal["720p", "1080p"] | None = "1080p"
    """Size of the video. Default: "1080p"."""
    aspect_ratio: Literal["16:9", "9:16", "1:1", "4:3", "3:4", "4:5", "5:4", "9:21", "21:9"] | None = "16:9"
    """Width to height of the video. Default: "16:9"."""
    duration: int | None = 5
    """Length of the video in seconds. 3 to 15. Default: 5."""

    if TYPE_CHECKING:
        Resolution = Literal["720p", "1080p"]
        AspectRatio = Literal["16:9", "9:16", "1:1", "4:3", "3:4", "4:5", "5:4", "9:21", "21:9"]
