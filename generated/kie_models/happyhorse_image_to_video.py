"""happyhorse/image-to-video: the request class, compiled from openapi/models/happyhorse/image-to-video.yaml. Do not edit."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Literal

import attrs

from kie._core.media import Media
from kie._core.model_info import ModelInfo
from kie._core.request import Request, items
from kie._core.results import VideoResult


def _HappyhorseImageToVideo_image_urls(value: Iterable[Media]) -> tuple[Media, ...]:
    return items(value)


@attrs.frozen(kw_only=True, repr=False)
class HappyhorseImageToVideo(Request[VideoResult]):
    """HappyHorse, for videos of 3 to 15 seconds that begin with a given image.

    Model `happyhorse/image-to-video` by HappyHorse: image-to-video.
    Facts as of 2026-08-19 (docs.kie.ai/market/happyhorse/image-to-video.md).
    """

    info = ModelInfo(
        slug="happyhorse_image_to_video",
        package="kie_models",
        lifecycle="jobs",
        result="video",
        captured="2026-08-19",
        model="happyhorse/image-to-video",
        typical_seconds=(63, None, 1),
    )

    image_urls: tuple[Media, ...] = attrs.field(converter=_HappyhorseImageToVideo_image_urls)
    """The first frame, as a list of one image. It is a JPEG, PNG or WebP of at most 10 MB, at least 300 px per side,
    width to height 0.4 to 2.5. (1 to 1 items; URLs or local media)"""
    prompt: str | None = None
    """What happens in the video, at most 5,000 characters (2,500 in Chinese), in any language; more is cut off. (1 to
    5000 characters)"""
    resolution: Literal["720p", "1080p"] | None = "1080p"
    """Size of the video. (default "1080p")"""
    duration: int | None = 5
    """Length of the video, 3 to 15 seconds. (3 to 15; default 5)"""
    seed: int | None = None
    """Seed of the random generator, 0 to 2147483647. The same seed and the same input give similar videos. (0 to
    2147483647)"""
