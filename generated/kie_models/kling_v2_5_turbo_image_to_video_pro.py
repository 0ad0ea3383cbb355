"""kling/v2-5-turbo-image-to-video-pro: the request class, compiled from openapi/models/kling/v2-5-turbo-image-to-video-pro.yaml. Do not edit."""

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
class Kling25TurboImageToVideoPro(Request[VideoResult]):
    """Kling 2.5 Turbo Pro, for videos from a first image to a last one, or from a first image alone.

    Model `kling/v2-5-turbo-image-to-video-pro` by Kling: image-to-video.
    Facts as of 2026-08-19 (docs.kie.ai/market/kling/v25-turbo-image-to-video-pro.md).

    Args:
        prompt: What happens in the video. 1 to 2,500 characters.
        image_url: URL of the image the video starts from. JPEG or PNG, up to 10 MB. A URL or local media.
        tail_image_url: URL of the image for the last frame of the video. JPEG or PNG, up to 10 MB. A URL or
            local media.
        duration: Length of the video in seconds, as text. Default: "5".
        negative_prompt: What to keep out of the video. At most 2,496 characters.
        cfg_scale: How closely the video keeps to the prompt. A larger value keeps closer. 0 to 1. Default: 0.5.
        aspect_ratio: Width to height. Without effect: the video has the shape of what it is made from. Not in
            the vendor's documentation; seen accepted: the service keeps unknown fields and goes on (live 2026-04);
            programs send this one.

    Advice (a warning, never a refusal):
        `aspect_ratio` is not a field that the vendor documents for this model, and has no effect: the video has the
        shape of what it is made from.
    """

    info = ModelInfo(
        slug="kling_v2_5_turbo_image_to_video_pro",
        package="kie_models",
        lifecycle="jobs",
        result="video",
        captured="2026-08-19",
        model="kling/v2-5-turbo-image-to-video-pro",
    )

    prompt: str
    """What happens in the video. 1 to 2,500 characters."""
    image_url: Media
    """URL of the image the video starts from. JPEG or PNG, up to 10 MB. A URL or local media."""
    tail_image_url: Media | None = None
    """URL of the image for the last frame of the video. JPEG or PNG, up to 10 MB. A URL or local media."""
    duration: Literal["5", "10"] | None = "5"
    """Length of the video in seconds, as text. Default: "5"."""
    negative_prompt: str | None = None
    """What to keep out of the video. At most 2,496 characters."""
    cfg_scale: float | None = 0.5
    """How closely the video keeps to the prompt. A larger value keeps closer. 0 to 1. Default: 0.5."""
    aspect_ratio: str | None = None
    """Width to height. Without effect: the video has the shape of what it is made from. Not in the vendor's
    documentation; seen accepted: the service keeps unknown fields and goes on (live 2026-04); programs send this
    one."""

    if TYPE_CHECKING:
        Duration = Literal["5", "10"]
