"""wan/2-5-text-to-video: the request class, compiled from openapi/models/wan/2-5-text-to-video.yaml. Do not edit."""

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
class Wan25TextToVideo(Request[VideoResult]):
    """Alibaba's Wan 2.5, for videos with sound from a prompt.

    Model `wan/2-5-text-to-video` by Alibaba: text-to-video.
    Facts as of 2026-08-19 (docs.kie.ai/market/wan/2-5-text-to-video.md).

    Args:
        prompt: What happens in the video and what is heard, in English or Chinese. 1 to 800 characters.
        duration: Length of the video in seconds, as text.
        aspect_ratio: Width to height of the video.
        resolution: Size of the video. A larger one costs more.
        negative_prompt: What to keep out of the video. At most 500 characters.
        enable_prompt_expansion: Whether a language model rewrites the prompt first. It helps short prompts and
            takes longer.
        seed: Seed of the random generator. The same seed and the same input give similar results. The service
            picks one if absent.
        nsfw_checker: Whether the service filters results that are not safe for work. Off unless asked for; the
            filter does not promise to catch everything.

    Advice (a warning, never a refusal):
        `resolution` is required by the newest page, and decides the price.
    """

    info = ModelInfo(
        slug="wan_2_5_text_to_video",
        package="kie_models",
        lifecycle="jobs",
        result="video",
        captured="2026-08-19",
        model="wan/2-5-text-to-video",
    )

    prompt: str
    """What happens in the video and what is heard, in English or Chinese. 1 to 800 characters."""
    duration: Literal["5", "10"]
    """Length of the video in seconds, as text."""
    aspect_ratio: Literal["16:9", "9:16", "1:1"] | None = None
    """Width to height of the video."""
    resolution: Literal["720p", "1080p"] | None = None
    """Size of the video. A larger one costs more."""
    negative_prompt: str | None = None
    """What to keep out of the video. At most 500 characters."""
    enable_prompt_expansion: bool | None = None
    """Whether a language model rewrites the prompt first. It helps short prompts and takes longer."""
    seed: int | None = None
    """Seed of the random generator. The same seed and the same input give similar results. The service picks one if
    absent."""
    nsfw_checker: bool | None = None
    """Whether the service filters results that are not safe for work. Off unless asked for; the filter does not
    promise to catch everything."""

    if TYPE_CHECKING:
        Duration = Literal["5", "10"]
        AspectRatio = Literal["16:9", "9:16", "1:1"]
        Resolution = Literal["720p", "1080p"]
