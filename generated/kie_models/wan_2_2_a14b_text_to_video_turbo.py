"""wan/2-2-a14b-text-to-video-turbo: the request class, compiled from openapi/models/wan/2-2-a14b-text-to-video-turbo.yaml. Do not edit."""

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
class Wan22A14bTextToVideoTurbo(Request[VideoResult]):
    """Alibaba's Wan 2.2 A14B Turbo, for videos of 5 seconds from a prompt.

    Model `wan/2-2-a14b-text-to-video-turbo` by Alibaba: text-to-video.
    Facts as of 2026-08-19 (docs.kie.ai/market/wan/2-2-a14b-text-to-video-turbo.md).

    Args:
        prompt: What happens in the video. 1 to 5,000 characters.
        resolution: Size of the video. Default: "720p".
        aspect_ratio: Width to height of the video. Default: "16:9".
        enable_prompt_expansion: Whether a language model first rewrites the prompt in more detail, with the
            same meaning.
        seed: Seed of the random generator. The service picks one if absent. 0 to 2,147,483,647.
        acceleration: How much quality is given up for speed. `none` looks best and is what the service advises.
            Default: "none".
        nsfw_checker: Whether the service filters results that are not safe for work. Off unless asked for; the
            filter does not promise to catch everything.
    """

    info = ModelInfo(
        slug="wan_2_2_a14b_text_to_video_turbo",
        package="kie_models",
        lifecycle="jobs",
        result="video",
        captured="2026-08-19",
        model="wan/2-2-a14b-text-to-video-turbo",
    )

    prompt: str
    """What happens in the video. 1 to 5,000 characters."""
    resolution: Literal["480p", "720p"] | None = "720p"
    """Size of the video. Default: "720p"."""
    aspect_ratio: Literal["16:9", "9:16"] | None = "16:9"
    """Width to height of the video. Default: "16:9"."""
    enable_prompt_expansion: bool | None = None
    """Whether a language model first rewrites the prompt in more detail, with the same meaning."""
    seed: int | None = None
    """Seed of the random generator. The service picks one if absent. 0 to 2,147,483,647."""
    acceleration: Literal["none", "regular"] | None = "none"
    """How much quality is given up for speed. `none` looks best and is what the service advises. Default: "none"."""
    nsfw_checker: bool | None = None
    """Whether the service filters results that are not safe for work. Off unless asked for; the filter does not
    promise to catch everything."""

    if TYPE_CHECKING:
        Resolution = Literal["480p", "720p"]
        AspectRatio = Literal["16:9", "9:16"]
        Acceleration = Literal["none", "regular"]
