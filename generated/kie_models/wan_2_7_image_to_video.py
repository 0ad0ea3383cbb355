"""wan/2-7-image-to-video: the request class, compiled from openapi/models/wan/2-7-image-to-video.yaml. Do not edit."""

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
class Wan27ImageToVideo(Request[VideoResult]):
    """Alibaba's Wan 2.7, for videos from a first and last frame, or as the continuation of a clip.

    Model `wan/2-7-image-to-video` by Alibaba: image-to-video, video-extend.
    Facts as of 2026-08-19 (docs.kie.ai/market/wan/2-7-image-to-video.md).

    Args:
        prompt: What happens in the video. 1 to 5,000 characters.
        negative_prompt: What to keep out of the video. At most 500 characters.
        first_frame_url: URL of the image the video starts with. A URL or local media.
        last_frame_url: URL of the image for the last frame of the video. A URL or local media.
        first_clip_url: URL of a video that the new one continues. A URL or local media.
        driving_audio_url: URL of a recording that drives what happens in the video. A URL or local media.
        resolution: Size of the video. A larger one costs more. Default: "1080p".
        duration: Length of the whole video in seconds. 2 to 15. Default: 5.
        prompt_extend: Whether the service rewrites the prompt in more detail first. Default: true.
        watermark: Whether the video carries a mark that says it was made by AI. Default: false.
        seed: Seed of the random generator. 0 to 2,147,483,647.
        nsfw_checker: Whether the service filters results that are not safe for work. Off unless asked for; the
            filter does not promise to catch everything.
    """

    info = ModelInfo(
        slug="wan_2_7_image_to_video",
        package="kie_models",
        lifecycle="jobs",
        result="video",
        captured="2026-08-19",
        model="wan/2-7-image-to-video",
        typical_seconds=(71, None, 2),
    )

    prompt: str
    """What happens in the video. 1 to 5,000 characters."""
    negative_prompt: str | None = None
    """What to keep out of the video. At most 500 characters."""
    first_frame_url: Media | None = None
    """URL of the image the video starts with. A URL or local media."""
    last_frame_url: Media | None = None
    """URL of the image for the last frame of the video. A URL or local media."""
    first_clip_url: Media | None = None
    """URL of a video that the new one continues. A URL or local media."""
    driving_audio_url: Media | None = None
    """URL of a recording that drives what happens in the video. A URL or local media."""
    resolution: Literal["720p", "1080p"] | None = "1080p"
    """Size of the video. A larger one costs more. Default: "1080p"."""
    duration: int | None = 5
    """Length of the whole video in seconds. 2 to 15. Default: 5."""
    prompt_extend: bool | None = True
    """Whether the service rewrites the prompt in more detail first. Default: true."""
    watermark: bool | None = False
    """Whether the video carries a mark that says it was made by AI. Default: false."""
    seed: int | None = None
    """Seed of the random generator. 0 to 2,147,483,647."""
    nsfw_checker: bool | None = None
    """Whether the service filters results that are not safe for work. Off unless asked for; the filter does not
    promise to catch everything."""

    if TYPE_CHECKING:
        Resolution = Literal["720p", "1080p"]
