"""sora-watermark-remover: the request class, compiled from openapi/models/sora/sora-watermark-remover.yaml. Do not edit."""

from __future__ import annotations

from typing import Literal

import attrs

from kie._core.model_info import ModelInfo
from kie._core.request import Request
from kie._core.results import VideoResult


@attrs.frozen(kw_only=True, repr=False)
class SoraWatermarkRemover(Request[VideoResult]):
    """Takes the watermark off a video that was shared on OpenAI's Sora site. The vendor has withdrawn it.

    Model `sora-watermark-remover` by OpenAI: video-to-video, video-edit.
    Facts as of 2025-12-12 (docs.kie.ai/market/sora2/sora-watermark-remover).

    Args:
        video_url: Public link to the video on `sora.chatgpt.com`. At most 500 characters.
        upload_method: Where the service stores the result.
        nsfw_checker: Whether the service filters results that are not safe for work. Not known to have an
            effect on this model. Not in the vendor's documentation; seen accepted: the service keeps it and goes on
            (live 2026-04-22 and 2026-04-30).
        aspect_ratio: Width to height. Without effect: the result has the shape of what it is made from, or the
            only one that the model makes. Not in the vendor's documentation; seen accepted: the service keeps
            unknown fields and goes on (live 2026-04); programs send this one.
        duration: Length in seconds. Without effect: the video is as long as what it is made from, or as the
            model makes it. Not in the vendor's documentation; seen accepted: the service keeps unknown fields and
            goes on (live 2026-04); programs send this one.

    Advice (a warning, never a refusal):
        `nsfw_checker` is not a field that the vendor documents for this model, and may have no effect.
        `aspect_ratio` is not a field that the vendor documents for this model, and has no effect.
        `duration` is not a field that the vendor documents for this model, and has no effect.
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
    nsfw_checker: bool | None = None
    """Whether the service filters results that are not safe for work. Not known to have an effect on this model. Not
    in the vendor's documentation; seen accepted: the service keeps it and goes on (live 2026-04-22 and 2026-04-30)."""
    aspect_ratio: str | None = None
    """Width to height. Without effect: the result has the shape of what it is made from, or the only one that the
    model makes. Not in the vendor's documentation; seen accepted: the service keeps unknown fields and goes on
    (live 2026-04); programs send this one."""
    duration: int | str | None = None
    """Length in seconds. Without effect: the video is as long as what it is made from, or as the model makes it. Not
    in the vendor's documentation; seen accepted: the service keeps unknown fields and goes on (live 2026-04);
    programs send this one."""
