"""runway/gen3: the request class, compiled from openapi/models/runway/gen3.yaml. Do not edit."""

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
class RunwayGen3(Request[VideoResult]):
    """Runway Gen-3 under a Market id that only another client names. The vendor offers Runway through an endpoint of
    its own: `RunwayGenerate`, with 5 or 10 seconds.

    Model `runway/gen3` by Runway: text-to-video.
    Facts as of 2026-04-22 (kie-go README).

    Args:
        prompt: What happens in the video.
        aspect_ratio: Width to height of the video. Values that are known of: `16:9`, `9:16`, `1:1`.
        duration: Length of the video as text with its unit. Values that are known of: `4s`, `8s`.
    """

    info = ModelInfo(
        slug="runway_gen3",
        package="kie_models",
        lifecycle="jobs",
        result="video",
        captured="2026-04-22",
        model="runway/gen3",
        status="undocumented",
    )

    prompt: str
    """What happens in the video."""
    aspect_ratio: str | None = None
    """Width to height of the video. Values that are known of: `16:9`, `9:16`, `1:1`."""
    duration: str | None = None
    """Length of the video as text with its unit. Values that are known of: `4s`, `8s`."""
