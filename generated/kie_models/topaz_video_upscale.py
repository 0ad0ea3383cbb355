"""topaz/video-upscale: the request class, compiled from openapi/models/topaz/video-upscale.yaml. Do not edit."""

from __future__ import annotations

from typing import Literal

import attrs

from kie._core.media import Media
from kie._core.model_info import ModelInfo
from kie._core.request import Request
from kie._core.results import VideoResult


@attrs.frozen(kw_only=True, repr=False)
class TopazVideoUpscale(Request[VideoResult]):
    """Topaz Video Upscale, for a sharper and up to four times wider and higher copy of a video.

    Model `topaz/video-upscale` by Topaz: upscale.
    Facts as of 2026-08-19 (docs.kie.ai/market/topaz/video-upscale.md).

    Args:
        video_url: URL of the video to enlarge. MP4, MOV or MKV, up to 50 MB. A URL or local media.
        upscale_factor: By how much width and height grow, as text. Default: "2".
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
