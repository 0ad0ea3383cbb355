"""kling/v2-1-pro: the request class, compiled from openapi/models/kling/v2-1-pro.yaml. Do not edit."""

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
class KlingV21Pro(Request[VideoResult]):
    """Kling 2.1 Pro, for videos from a first image to a last one, or from a first image alone.

    Model `kling/v2-1-pro` by Kling: image-to-video.
    Facts as of 2026-08-19 (docs.kie.ai/market/kling/v2-1-pro.md).

    Args:
        prompt: What happens in the video. 1 to 5,000 characters.
        image_url: URL of the image the video starts from. JPEG or PNG, up to 10 MB. A URL or local media.
        tail_image_url: URL of the image for the last frame of the video. JPEG or PNG, up to 10 MB. A URL or
            local media.
        duration: Length of the video in seconds, as text. Default: "5".
        negative_prompt: What to keep out of the video. At most 500 characters.
        cfg_scale: How closely the video keeps to the prompt. A larger value keeps closer. 0 to 1. Default: 0.5.
    """

    info = ModelInfo(
        slug="kling_v2_1_pro",
        package="kie_models",
        lifecycle="jobs",
        result="video",
        captured="2026-08-19",
        model="kling/v2-1-pro",
    )

    prompt: str
    """What happens in the video. 1 to 5,000 characters."""
    image_url: Media
    """URL of the image the video starts from. JPEG or PNG, up to 10 MB. A URL or local media."""
    tail_image_url: Media | None = None
    """URL of the image for the last frame of the video. JPEG or PNG, up to 10 MB. A URL or local media."""
    duration: Literal["5", "10"] | None = "5"
    """Length of the video in seconds, as text. Default: "5"."""
    negative_prompt: str | None = None
    """What to keep out of the video. At most 500 characters."""
    cfg_scale: float | None = 0.5
    """How closely the video keeps to the prompt. A larger value keeps closer. 0 to 1. Default: 0.5."""

    if TYPE_CHECKING:
        Duration = Literal["5", "10"]
