"""pixverse-v6/transition: the request class, compiled from openapi/models/pixverse-v6/transition.yaml. Do not edit."""

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
class PixverseV6Transition(Request[VideoResult]):
    """PixVerse V6, for videos that lead from a first frame to a last one.

    Model `pixverse-v6/transition` by PixVerse: image-to-video.
    Facts as of 2026-08-19 (docs.kie.ai/market/pixverse/transition.md).

    Args:
        prompt: What happens between the two frames. 3 to 5,000 characters.
        first_frame_image_url: Image the video starts with. JPEG, PNG or WebP, up to 20 MB. A URL or local
            media.
        last_frame_image_url: Image the video ends with. JPEG, PNG or WebP, up to 20 MB. A URL or local media.
        quality: Size of the video. Default: "720p".
        duration: Length of the video in seconds. 1 to 15. Default: 5.
        generate_audio_switch: Whether the video has sound that fits the picture. Default: false.
        seed: Seed of the random generator. The same seed and input give similar videos. 0 to 2,147,483,647.
    """

    info = ModelInfo(
        slug="pixverse_v6_transition",
        package="kie_models",
        lifecycle="jobs",
        result="video",
        captured="2026-08-19",
        model="pixverse-v6/transition",
        typical_seconds=(16, None, 1),
    )

    prompt: str
    """What happens between the two frames. 3 to 5,000 characters."""
    first_frame_image_url: Media
    """Image the video starts with. JPEG, PNG or WebP, up to 20 MB. A URL or local media."""
    last_frame_image_url: Media
    """Image the video ends with. JPEG, PNG or WebP, up to 20 MB. A URL or local media."""
    quality: Literal["360p", "540p", "720p", "1080p"] | None = "720p"
    """Size of the video. Default: "720p"."""
    duration: int | None = 5
    """Length of the video in seconds. 1 to 15. Default: 5."""
    generate_audio_switch: bool | None = False
    """Whether the video has sound that fits the picture. Default: false."""
    seed: int | None = None
    """Seed of the random generator. The same seed and input give similar videos. 0 to 2,147,483,647."""

    if TYPE_CHECKING:
        Quality = Literal["360p", "540p", "720p", "1080p"]
