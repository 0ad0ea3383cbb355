"""topaz/video-upscale: the request class, compiled from openapi/models/topaz/video-upscale.yaml. Do not edit."""

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
class TopazVideoUpscale(Request[VideoResult]):
    """Topaz Video Upscale, for a sharper and up to four times wider and higher copy of a video.

    Model `topaz/video-upscale` by Topaz: upscale.
    Facts as of 2026-08-19 (docs.kie.ai/market/topaz/video-upscale.md).

    Args:
        video_url: URL of the video to enlarge. MP4, MOV or MKV, up to 50 MB. A URL or local media.
        upscale_factor: By how much width and height grow, as text. Default: "2".
    """

    info = ModelInfo(
        slug="topaz_video_upscale",
        package="kie_models",
        lifecycle="jobs",
        result="video",
        captured="2026-08-19",
        model="topaz/video-upscale",
    )

    video_url: Media
    """URL of the video to enlarge. MP4, MOV or MKV, up to 50 MB. A URL or local media."""
    upscale_factor: Literal["1", "2", "4"] | None = "2"
    """By how much width and height grow, as text. Default: "2"."""

    if TYPE_CHECKING:
        UpscaleFactor = Literal["1", "2", "4"]
