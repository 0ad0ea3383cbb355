"""kling/v2-1-master-text-to-video: the request class, compiled from openapi/models/kling/v2-1-master-text-to-video.yaml. Do not edit."""

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
class KlingV21MasterTextToVideo(Request[VideoResult]):
    """Kling 2.1 Master, the finest tier of its version, for videos from a prompt.

    Model `kling/v2-1-master-text-to-video` by Kling: text-to-video.
    Facts as of 2026-08-19 (docs.kie.ai/market/kling/v2-1-master-text-to-video.md).

    Args:
        prompt: What happens in the video. 1 to 5,000 characters.
        duration: Length of the video in seconds, as text. Default: "5".
        aspect_ratio: Width to height of the video. Default: "16:9".
        negative_prompt: What to keep out of the video. At most 500 characters.
        cfg_scale: How closely the video keeps to the prompt. A larger value keeps closer. 0 to 1. Default: 0.5.
    """

    info = ModelInfo(
        slug="kling_v2_1_master_text_to_video",
        package="kie_models",
        lifecycle="jobs",
        result="video",
        captured="2026-08-19",
        model="kling/v2-1-master-text-to-video",
    )

    prompt: str
    """What happens in the video. 1 to 5,000 characters."""
    duration: Literal["5", "10"] | None = "5"
    """Length of the video in seconds, as text. Default: "5"."""
    aspect_ratio: Literal["16:9", "9:16", "1:1"] | None = "16:9"
    """Width to height of the video. Default: "16:9"."""
    negative_prompt: str | None = None
    """What to keep out of the video. At most 500 characters."""
    cfg_scale: float | None = 0.5
    """How closely the video keeps to the prompt. A larger value keeps closer. 0 to 1. Default: 0.5."""

    if TYPE_CHECKING:
        Duration = Literal["5", "10"]
        AspectRatio = Literal["16:9", "9:16", "1:1"]
