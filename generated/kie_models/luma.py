"""luma: the request class, compiled from openapi/models/luma/luma.yaml. Do not edit."""

from __future__ import annotations

from typing import TYPE_CHECKING

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
class LumaModify(Request[VideoResult]):
    """Luma, for changing a video by a prompt. It takes 2 to 20 minutes. No longer in the documentation;
    `AlephGenerate` changes videos, too.

    Model `luma` by Luma: video-to-video, video-edit.
    Facts as of 2025-10 (docs.kie.ai/luma-api/generate-luma-modify-video).

    Args:
        prompt: How the video is changed, in English.
        video_url: The video to change. MP4, MOV or AVI, up to 500 MB. At most 10 seconds. A URL or local media.
        watermark: Text to show in the video as a watermark. None if absent.
    """

    info = ModelInfo(
        slug="luma",
        package="kie_models",
        lifecycle="luma",
        result="video",
        captured="2025-10",
        id="luma",
        operation="modifyLuma",
        status="undocumented",
    )

    prompt: str
    """How the video is changed, in English."""
    video_url: Media = attrs.field(metadata={"wire": "videoUrl"})
    """The video to change. MP4, MOV or AVI, up to 500 MB. At most 10 seconds. A URL or local media."""
    watermark: str | None = None
    """Text to show in the video as a watermark. None if absent."""
