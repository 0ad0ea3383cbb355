"""seedance/1.5-pro: the request class, compiled from openapi/models/seedance/1.5-pro.yaml. Do not edit."""

from __future__ import annotations

from typing import TYPE_CHECKING

import attrs

from kie._core.later import later
from kie._core.model_info import ModelInfo
from kie._core.request import Request

if TYPE_CHECKING:
    from kie._core.results import VideoResult
else:
    VideoResult = later("kie._core.results", "VideoResult")


@attrs.frozen(kw_only=True, repr=False)
class Seedance15Pro(Request[VideoResult]):
    """Seedance 1.5 Pro under an id that only another client names. The vendor documents the model as
    `bytedance/seedance-1.5-pro`, with other fields.

    Model `seedance/1.5-pro` by ByteDance: text-to-video.
    Facts as of 2026-04-22 (kie-go README).

    Args:
        prompt: What happens in the video.
        aspect_ratio: Width to height of the video. Values that are known of: `16:9`, `9:16`, `1:1`.
        duration: Length of the video as text with its unit. Values that are known of: `5s`, `10s`.
        negative_prompt: What to keep out of the video.
    """

    info = ModelInfo(
        slug="seedance_1_5_pro",
        package="kie_models",
        lifecycle="jobs",
        result="video",
        captured="2026-04-22",
        model="seedance/1.5-pro",
        status="undocumented",
        successors=("bytedance/seedance-1.5-pro",),
    )

    prompt: str
    """What happens in the video."""
    aspect_ratio: str | None = None
    """Width to height of the video. Values that are known of: `16:9`, `9:16`, `1:1`."""
    duration: str | None = None
    """Length of the video as text with its unit. Values that are known of: `5s`, `10s`."""
    negative_prompt: str | None = None
    """What to keep out of the video."""
