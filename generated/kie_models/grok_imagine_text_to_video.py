"""grok-imagine/text-to-video: the request class, compiled from openapi/models/grok-imagine/text-to-video.yaml. Do not edit."""

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
class GrokImagineTextToVideo(Request[VideoResult]):
    """xAI's Grok Imagine, for videos from a prompt.

    Model `grok-imagine/text-to-video` by xAI: text-to-video.
    Facts as of 2026-10-01 (docs.kie.ai/market/grok-imagine/text-to-video.md).

    Args:
        prompt: What happens in the video, in English. 1 to 5,000 characters.
        aspect_ratio: Width to height of the video. Default: "2:3".
        mode: Manner of the motion. `fun` is playful, `normal` balanced, `spicy` intense. Default: "normal".
        duration: Length of the video in whole seconds. 6 to 30.
        resolution: Size of the video. Default: "480p".
        nsfw_checker: Whether the service filters results that are not safe for work. Off unless asked for; the
            filter does not promise to catch everything.
    """

    info = ModelInfo(
        slug="grok_imagine_text_to_video",
        package="kie_models",
        lifecycle="jobs",
        result="video",
        captured="2026-10-01",
        model="grok-imagine/text-to-video",
    )

    prompt: str
    """What happens in the video, in English. 1 to 5,000 characters."""
    aspect_ratio: Literal["2:3", "3:2", "1:1", "16:9", "9:16"] | None = "2:3"
    """Width to height of the video. Default: "2:3"."""
    mode: Literal["fun", "normal", "spicy"] | None = "normal"
    """Manner of the motion. `fun` is playful, `normal` balanced, `spicy` intense. Default: "normal"."""
    duration: int | None = None
    """Length of the video in whole seconds. 6 to 30."""
    resolution: Literal["480p", "720p", "1080p"] | None = "480p"
    """Size of the video. Default: "480p"."""
    nsfw_checker: bool | None = None
    """Whether the service filters results that are not safe for work. Off unless asked for; the filter does not
    promise to catch everything."""

    if TYPE_CHECKING:
        AspectRatio = Literal["2:3", "3:2", "1:1", "16:9", "9:16"]
        Mode = Literal["fun", "normal", "spicy"]
        Resolution = Literal["480p", "720p", "1080p"]
