"""kling/video: the request class, compiled from openapi/models/kling/video.yaml. Do not edit."""

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
class KlingVideo(Request[VideoResult]):
    """Kling under an id without a version that only another client names. Take a model with a version, such as
    `kling-3.0/video`, instead.

    Model `kling/video` by Kling: text-to-video.
    Facts as of 2026-04-22 (kie-go README).

    Args:
        prompt: What happens in the video.
        aspect_ratio: Width to height of the video. Values that are known of: `16:9`, `9:16`, `1:1`.
        duration: Length of the video as text with its unit. Values that are known of: `5s`, `10s`.
    """

    info = ModelInfo(
        slug="kling_video",
        package="kie_models",
        lifecycle="jobs",
        result="video",
        captured="2026-04-22",
        model="kling/video",
        status="undocumented",
        successors=("kling-3.0/video", "kling-2.6/text-to-video"),
    )

    prompt: str
    """What happens in the video."""
    aspect_ratio: str | None = None
    """Width to height of the video. Values that are known of: `16:9`, `9:16`, `1:1`."""
    duration: str | None = None
    """Length of the video as text with its unit. Values that are known of: `5s`, `10s`."""
