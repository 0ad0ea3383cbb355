"""minimax-h3/text-to-video: the request class, compiled from openapi/models/minimax-h3/text-to-video.yaml. Do not edit."""

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
class MinimaxH3TextToVideo(Request[VideoResult]):
    """MiniMax H3, for videos from a prompt.

    Model `minimax-h3/text-to-video` by MiniMax: text-to-video.
    Facts as of 2026-08-19 (docs.kie.ai/market/minimax-h3/text-to-video.md).

    Args:
        prompt: What happens in the video. 1 to 7,000 characters.
        aspect_ratio: Width to height of the video.
        duration: Length of the video in seconds. 4 to 15. Default: 6.
        resolution: Size of the video. Default: "2K".
    """

    info = ModelInfo(
        slug="minimax_h3_text_to_video",
        package="kie_models",
        lifecycle="jobs",
        result="video",
        captured="2026-08-19",
        model="minimax-h3/text-to-video",
    )

    prompt: str
    """What happens in the video. 1 to 7,000 characters."""
    aspect_ratio: Literal["21:9", "16:9", "4:3", "1:1", "3:4", "9:16"]
    """Width to height of the video."""
    duration: int | None = 6
    """Length of the video in seconds. 4 to 15. Default: 6."""
    resolution: Literal["768P", "2K"] | None = "2K"
    """Size of the video. Default: "2K"."""

    if TYPE_CHECKING:
        AspectRatio = Literal["21:9", "16:9", "4:3", "1:1", "3:4", "9:16"]
        Resolution = Literal["768P", "2K"]
