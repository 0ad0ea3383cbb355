"""sora-watermark-remover: the request class, compiled from openapi/models/sora/sora-watermark-remover.yaml. Do not edit."""

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
class SoraWatermarkRemover(Request[VideoResult]):
    """Takes the watermark off a video that was shared on OpenAI's Sora site. The vendor has withdrawn it.

    Model `sora-watermark-remover` by OpenAI: video-to-video, video-edit.
    Facts as of 2025-12-12 (docs.kie.ai/market/sora2/sora-watermark-remover).

    Args:
        video_url: Public link to the video on `sora.chatgpt.com`. At most 500 characters.
        upload_method: Where the service stores the result.
    """

    info = ModelInfo(
        slug="sora_watermark_remover",
        package="kie_models",
        lifecycle="jobs",
        result="video",
        captured="2025-12-12",
        model="sora-watermark-remover",
        status="retired",
    )

    video_url: str
    """Public link to the video on `sora.chatgpt.com`. At most 500 characters."""
    upload_method: Literal["s3", "oss"] | None = None
    """Where the service stores the result."""

    if TYPE_CHECKING:
        UploadMethod = Literal["s3", "oss"]
