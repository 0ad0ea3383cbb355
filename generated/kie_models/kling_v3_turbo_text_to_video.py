"""kling/v3-turbo-text-to-video: the request class, compiled from openapi/models/kling/v3-turbo-text-to-video.yaml. Do not edit."""

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
class KlingV3TurboTextToVideo(Request[VideoResult]):
    """Kling 3.0 Turbo, for videos from a prompt.

    Model `kling/v3-turbo-text-to-video` by Kling: text-to-video.
    Facts as of 2026-08-19 (docs.kie.ai/market/kling/v3-turbo-text-to-video.md).

    Args:
        prompt: What happens in the video and what is said in it. 1 to 2,500 characters.
        duration: Length of the video in seconds, as text. Default: "5".
        aspect_ratio: Width to height of the video. Default: "16:9".
        resolution: Size of the video. The larger one costs more. Default: "720p".
    """

    info = ModelInfo(
        slug="kling_v3_turbo_text_to_video",
        package="kie_models",
        lifecycle="jobs",
        result="video",
        captured="2026-08-19",
        model="kling/v3-turbo-text-to-video",
    )

    prompt: str
    """What happens in the video and what is said in it. 1 to 2,500 characters."""
    duration: Literal["3", "4", "5", "6", "7", "8", "9", "10", "11", "12", "13", "14", "15"] | None = "5"
    """Length of the video in seconds, as text. Default: "5"."""
    aspect_ratio: Literal["1:1", "9:16", "16:9"] | None = "16:9"
    """Width to height of the video. Default: "16:9"."""
    resolution: Literal["720p", "1080p"] | None = "720p"
    """Size of the video. The larger one costs more. Default: "720p"."""

    if TYPE_CHECKING:
        Duration = Literal["3", "4", "5", "6", "7", "8", "9", "10", "11", "12", "13", "14", "15"]
        AspectRatio = Literal["1:1", "9:16", "16:9"]
        Resolution = Literal["720p", "1080p"]
