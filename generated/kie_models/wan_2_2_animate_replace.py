"""wan/2-2-animate-replace: the request class, compiled from openapi/models/wan/2-2-animate-replace.yaml. Do not edit."""

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
class Wan22AnimateReplace(Request[VideoResult]):
    """Alibaba's Wan 2.2 Animate, for putting the person of an image in the place of the one in a video.

    Model `wan/2-2-animate-replace` by Alibaba: video-edit, video-to-video.
    Facts as of 2026-08-19 (docs.kie.ai/market/wan/2-2-animate-replace.md).

    Args:
        video_url: URL of the video in which the person is replaced. MP4, MOV or MKV, up to 10 MB. A URL or
            local media.
        image_url: URL of the image of the person who is put in. It is scaled and cropped to fit. JPEG, PNG or
            WebP, up to 10 MB. A URL or local media.
        resolution: Size of the video. A larger one costs more per second. Default: "480p".
        nsfw_checker: Whether the service filters results that are not safe for work. Off unless asked for; the
            filter does not promise to catch everything.
    """

    info = ModelInfo(
        slug="wan_2_2_animate_replace",
        package="kie_models",
        lifecycle="jobs",
        result="video",
        captured="2026-08-19",
        model="wan/2-2-animate-replace",
    )

    video_url: Media
    """URL of the video in which the person is replaced. MP4, MOV or MKV, up to 10 MB. A URL or local media."""
    image_url: Media
    """URL of the image of the person who is put in. It is scaled and cropped to fit. JPEG, PNG or WebP, up to 10 MB. A
    URL or local media."""
    resolution: Literal["480p", "580p", "720p"] | None = "480p"
    """Size of the video. A larger one costs more per second. Default: "480p"."""
    nsfw_checker: bool | None = None
    """Whether the service filters results that are not safe for work. Off unless asked for; the filter does not
    promise to catch everything."""

    if TYPE_CHECKING:
        Resolution = Literal["480p", "580p", "720p"]
