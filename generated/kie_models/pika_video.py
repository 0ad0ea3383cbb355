"""pika/video: the request class, compiled from openapi/models/pika/video.yaml. Do not edit."""

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
class PikaVideo(Request[VideoResult]):
    """Pika under an id that only another client names. The vendor documents no Pika model.

    Model `pika/video` by Pika: text-to-video.
    Facts as of 2026-04-22 (kie-go README).

    Args:
        prompt: What happens in the video.
        aspect_ratio: Width to height of the video. Values that are known of: `16:9`, `9:16`, `1:1`.
    """

    info = ModelInfo(
        slug="pika_video",
        package="kie_models",
        lifecycle="jobs",
        result="video",
        captured="2026-04-22",
        model="pika/video",
        status="undocumented",
    )

    prompt: str
    """What happens in the video."""
    aspect_ratio: str | None = None
    """Width to height of the video. Values that are known of: `16:9`, `9:16`, `1:1`."""
