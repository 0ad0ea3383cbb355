"""kling-2.6/text-to-video: the request class, compiled from openapi/models/kling/kling-2.6-text-to-video.yaml. Do not edit."""

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
class Kling26TextToVideo(Request[VideoResult]):
    """Kling 2.6, for videos from a prompt, with sound if wanted.

    Model `kling-2.6/text-to-video` by Kling: text-to-video.
    Facts as of 2026-08-19 (docs.kie.ai/market/kling/text-to-video.md).

    Args:
        prompt: What happens in the video and what is said in it. The service may refuse a long text even within
            the limit. 1 to 2,500 characters.
        sound: Whether the video has sound. It raises the price.
        aspect_ratio: Width to height of the video. Default: "1:1".
        duration: Length of the video in seconds, as text. Default: "5".
    """

    info = ModelInfo(
        slug="kling_2_6_text_to_video",
        package="kie_models",
        lifecycle="jobs",
        result="video",
        captured="2026-08-19",
        model="kling-2.6/text-to-video",
    )

    prompt: str
    """What happens in the video and what is said in it. The service may refuse a long text even within the limit. 1 to
    2,500 characters."""
    sound: bool
    """Whether the video has sound. It raises the price."""
    aspect_ratio: Literal["1:1", "16:9", "9:16"] | None = "1:1"
    """Width to height of the video. Default: "1:1"."""
    duration: Literal["5", "10"] | None = "5"
    """Length of the video in seconds, as text. Default: "5"."""

    if TYPE_CHECKING:
        AspectRatio = Literal["1:1", "16:9", "9:16"]
        Duration = Literal["5", "10"]
