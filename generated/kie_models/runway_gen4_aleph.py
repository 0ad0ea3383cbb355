"""runway/gen4-aleph: the request class, compiled from openapi/models/runway/gen4-aleph.yaml. Do not edit."""

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
class RunwayGen4Aleph(Request[VideoResult]):
    """Runway Aleph, for changing a video by a prompt, if need be in the style of an image.

    Model `runway/gen4-aleph` by Runway: video-to-video, video-edit.
    Facts as of 2026-10-01 (docs.kie.ai (runway/gen4-aleph)).

    Args:
        prompt: How the video is changed, with subject, action, style, setting.
        video_url: The video to change. A URL or local media.
        reference_image: Image whose style or content the result takes up. A URL or local media.
        aspect_ratio: Width to height.
        seed: Seed of the random generator. The same seed and the same input give similar results.
        watermark: Text to show in the video as a watermark. None if absent or empty.
        upload_cn: Where the result is stored. On is Alibaba Cloud in China, off is storage outside China.
            Default: false.
    """

    info = ModelInfo(
        slug="runway_gen4_aleph",
        package="kie_models",
        lifecycle="jobs",
        result="video",
        captured="2026-10-01",
        model="runway/gen4-aleph",
    )

    prompt: str
    """How the video is changed, with subject, action, style, setting."""
    video_url: Media
    """The video to change. A URL or local media."""
    reference_image: Media | None = None
    """Image whose style or content the result takes up. A URL or local media."""
    aspect_ratio: Literal["16:9", "9:16", "4:3", "3:4", "1:1", "21:9"] | None = None
    """Width to height."""
    seed: int | None = None
    """Seed of the random generator. The same seed and the same input give similar results."""
    watermark: str | None = None
    """Text to show in the video as a watermark. None if absent or empty."""
    upload_cn: bool | None = False
    """Where the result is stored. On is Alibaba Cloud in China, off is storage outside China. Default: false."""

    if TYPE_CHECKING:
        AspectRatio = Literal["16:9", "9:16", "4:3", "3:4", "1:1", "21:9"]
