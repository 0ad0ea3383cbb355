"""pixverse-v6/text-to-video: the request class, compiled from openapi/models/pixverse-v6/text-to-video.yaml. Do not edit."""

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
class PixverseV6TextToVideo(Request[VideoResult]):
    """PixVerse V6, for videos from a prompt, with sound if wanted.

    Model `pixverse-v6/text-to-video` by PixVerse: text-to-video.
    Facts as of 2026-08-19 (docs.kie.ai/market/pixverse/text-to-video.md).

    Args:
        prompt: What happens in the video. 3 to 5,000 characters.
        aspect_ratio: Width to height of the video. Default: "16:9".
        quality: Size of the video. Default: "720p".
        duration: Length of the video in seconds. 1 to 15. Default: 5.
        generate_audio_switch: Whether the video has sound that fits the picture. Default: false.
        generate_multi_clip_switch: Whether the video is made of several clips rather than one. Default: false.
        seed: Seed of the random generator. The same seed and input give similar videos. 0 to 2,147,483,647.
    """

    info = ModelInfo(
        slug="pixverse_v6_text_to_video",
        package="kie_models",
        lifecycle="jobs",
        result="video",
        captured="2026-08-19",
        model="pixverse-v6/text-to-video",
        typical_seconds=(41, None, 1),
    )

    prompt: str
    """What happens in the video. 3 to 5,000 characters."""
    aspect_ratio: Literal["16:9", "4:3", "1:1", "3:4", "9:16", "2:3", "3:2", "21:9"] | None = "16:9"
    """Width to height of the video. Default: "16:9"."""
    quality: Literal["360p", "540p", "720p", "1080p"] | None = "720p"
    """Size of the video. Default: "720p"."""
    duration: int | None = 5
    """Length of the video in seconds. 1 to 15. Default: 5."""
    generate_audio_switch: bool | None = False
    """Whether the video has sound that fits the picture. Default: false."""
    generate_multi_clip_switch: bool | None = False
    """Whether the video is made of several clips rather than one. Default: false."""
    seed: int | None = None
    """Seed of the random generator. The same seed and input give similar videos. 0 to 2,147,483,647."""

    if TYPE_CHECKING:
        AspectRatio = Literal["16:9", "4:3", "1:1", "3:4", "9:16", "2:3", "3:2", "21:9"]
        Quality = Literal["360p", "540p", "720p", "1080p"]
