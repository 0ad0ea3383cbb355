"""wan/2-2-a14b-image-to-video-turbo: the request class, compiled from openapi/models/wan/2-2-a14b-image-to-video-turbo.yaml. Do not edit."""

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
class Wan22A14bImageToVideoTurbo(Request[VideoResult]):
    """Alibaba's Wan 2.2 A14B Turbo, for videos of 5 seconds that bring an image to life.

    Model `wan/2-2-a14b-image-to-video-turbo` by Alibaba: image-to-video.
    Facts as of 2026-08-19 (docs.kie.ai/market/wan/2-2-a14b-image-to-video-turbo.md).

    Args:
        image_url: URL of the image to animate. It is scaled and cropped around its middle to fit the video.
            JPEG, PNG or WebP, up to 10 MB. A URL or local media.
        prompt: How the image comes to life. 1 to 5,000 characters.
        resolution: Size of the video. Default: "720p".
        enable_prompt_expansion: Whether a language model first rewrites the prompt in more detail, with the
            same meaning.
        seed: Seed of the random generator. The service picks one if absent. 0 to 2,147,483,647.
        acceleration: How much quality is given up for speed. `none` looks best and is what the service advises.
            Default: "none".
        nsfw_checker: Whether the service filters results that are not safe for work. Off unless asked for; the
            filter does not promise to catch everything.
    """

    info = ModelInfo(
        slug="wan_2_2_a14b_image_to_video_turbo",
        package="kie_models",
        lifecycle="jobs",
        result="video",
        captured="2026-08-19",
        model="wan/2-2-a14b-image-to-video-turbo",
    )

    image_url: Media
    """URL of the image to animate. It is scaled and cropped around its middle to fit the video. JPEG, PNG or WebP, up
    to 10 MB. A URL or local media."""
    prompt: str
    """How the image comes to life. 1 to 5,000 characters."""
    resolution: Literal["480p", "720p"] | None = "720p"
    """Size of the video. Default: "720p"."""
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
        Acceleration = Literal["none", "regular"]
