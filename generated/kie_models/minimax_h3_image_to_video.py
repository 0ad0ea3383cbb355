"""minimax-h3/image-to-video: the request class, compiled from openapi/models/minimax-h3/image-to-video.yaml. Do not edit."""

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
class MinimaxH3ImageToVideo(Request[VideoResult]):
    """MiniMax H3, for videos that start or end, or both, with a given image.

    Model `minimax-h3/image-to-video` by MiniMax: image-to-video.
    Facts as of 2026-08-19 (docs.kie.ai/market/minimax-h3/image-to-video.md).

    Args:
        prompt: What happens in the video. 1 to 7,000 characters.
        first_frame_url: Image the video starts with. This or `last_frame_url` is needed. JPEG, PNG, WebP, HEIC
            or HEIF, up to 30 MB. 256 to 5,760 px per side; width to height 0.4 to 2.5. A URL or local media.
        last_frame_url: Image the video ends with. This or `first_frame_url` is needed. JPEG, PNG, WebP, HEIC or
            HEIF, up to 30 MB. 256 to 5,760 px per side; width to height 0.4 to 2.5. A URL or local media.
        duration: Length of the video in seconds. 4 to 15. Default: 6.
        resolution: Size of the video. Default: "2K".

    Rules:
        At least one of `first_frame_url` and `last_frame_url` is needed.
    """

    info = ModelInfo(
        slug="minimax_h3_image_to_video",
        package="kie_models",
        lifecycle="jobs",
        result="video",
        captured="2026-08-19",
        model="minimax-h3/image-to-video",
    )

    prompt: str
    """What happens in the video. 1 to 7,000 characters."""
    first_frame_url: Media | None = None
    """Image the video starts with. This or `last_frame_url` is needed. JPEG, PNG, WebP, HEIC or HEIF, up to 30 MB. 256
    to 5,760 px per side; width to height 0.4 to 2.5. A URL or local media."""
    last_frame_url: Media | None = None
    """Image the video ends with. This or `first_frame_url` is needed. JPEG, PNG, WebP, HEIC or HEIF, up to 30 MB. 256
    to 5,760 px per side; width to height 0.4 to 2.5. A URL or local media."""
    duration: int | None = 6
    """Length of the video in seconds. 4 to 15. Default: 6."""
    resolution: Literal["768P", "2K"] | None = "2K"
    """Size of the video. Default: "2K"."""

    if TYPE_CHECKING:
        Resolution = Literal["768P", "2K"]
